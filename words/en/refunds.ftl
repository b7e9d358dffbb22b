### The refunds of many who moved out, all at once.

refunds-title = Refunds
refunds-to-approve = To be approved
refunds-to-pay = To be paid out
refunds-paid = Paid out
refunds-count = { $count } refunds
refunds-shares = { $count } residents' shares
# $count, $amount
refunds-approve = Approve { $count } refunds, { $amount }
refunds-approve-hint = You approve every refund above the limit that somebody else settled.
refunds-own-hint = { $count } refunds above the limit were settled by you: somebody else has to approve them.
# $count, $amount
refunds-bank = Pay { $count } by the bank's list, { $amount }
refunds-bank-hint = All whose bank account is known. Then download the list for the bank under Moves and hand it in.
# $count, $amount
refunds-cash = Pay { $count } in cash today, { $amount }
refunds-cash-hint = From your own drawer, all that may be paid. Only when the money is handed out today.
refunds-none = There is nothing left for that. Nothing was changed.
refunds-no-shift = Cash comes out of your drawer, and you have no shift open. Open one, or pay by the bank's list.
refunds-drawer-short = Your drawer holds { $amount }, less than these refunds come to. Bring money from the safe, or pay by the bank's list. Nothing was changed.
refunds-run-approve = Approving
refunds-run-bank = By the bank's list
refunds-run-cash = In cash
# $done, $total
refunds-progress = { $done } of { $total } looked at
# $count, $amount
refunds-done = Done: { $count }, { $amount }.
# $count, $why
refunds-left-out = Left out: { $count }. { $why }
refunds-own = You settled these: somebody else has to approve them.
refunds-unapproved = A second person has to approve these first.
refunds-unknown = No bank account is known.
refunds-short = The drawer no longer held enough, or was closed.
refunds-failed = Something went wrong. Look at each of them.
refunds-stopped = It stopped after repeated errors. Do it again: nothing is paid twice.
refunds-paid-by = Paid: { $way }
refunds-list = List of all refunds
refunds-list-hint = Everybody's share with how it stands. Bank accounts are filled in there and sent back below.
accounts-title = Bank accounts
accounts-hint = The list of refunds with the columns Number, Account holder, Account number and Bank filled in, as Excel or CSV. Empty rows are skipped; what was known of a resident is replaced.
accounts-file = Filled-in list
accounts-go = Take the accounts in
accounts-wrong = { $count } rows of the file are wrong. Correct them and send it again. Nothing was changed.
accounts-none = No row of the file has a bank account. Nothing was changed.
accounts-rounded = The spreadsheet has rounded the account number. Format the column as text and type the number again.
accounts-nobody = Nobody has this number.
