### What stands on paper: documents that are issued, in words.

## What every document has

paper-number = No. { $number }
paper-issued = Issued { $when }
paper-copy = Copy
# $page, $pages
paper-page-of = Page { $page } of { $pages }
paper-verification = Verification code
paper-verification-hint = The office checks number and code under “Verify a document”.
paper-seal = Seal
paper-room = Room
paper-residents = Residents
paper-meter = Meter
paper-period = Period
paper-total = Total
paper-date = Date and time
paper-month = Month
paper-reference = Reference
paper-text = For
paper-energy-kwh = Energy (kWh)
paper-amount-in = Amount ({ $currency })
paper-price-in = Price ({ $currency }/kWh)
paper-in-words = In words
paper-nothing = None.
paper-rounding-rule = Energy is rounded to the nearest 0.001 kWh, money to the currency's smallest unit, halves away from zero.
paper-cash = Cash
paper-bank-transfer = Bank transfer
paper-telephone-bank = Telephone bank
paper-taken = Figures as of { $when }.

## The receipt

paper-receipt = Receipt
paper-paid = Paid
paper-sold = Electricity sold
paper-price = Price
paper-payment = Paid by
paper-cashier = Cashier
paper-buyer = For
paper-sale = Sale
paper-voided = Not valid: this sale was taken back.
paper-steps = By price

## The refund statement

paper-refund-statement = Refund statement
paper-moved-in = Moved in
paper-moved-out = Moved out
paper-opening-reading = Opening reading
paper-closing-reading = Closing reading
paper-reading-unknown = not recorded
paper-reading-entered = { $reading } (read by a person)
paper-purchases = Purchases
paper-carried-from = Brought along from { $reference }
paper-grants = Free electricity granted
paper-grant-for = For
paper-consumption = Consumption
paper-of-subsidy-kwh = Free (kWh)
paper-of-paid-kwh = Paid (kWh)
paper-paid-value = Value of paid ({ $currency })
paper-adjustments = Adjustments
paper-lapsed = Free electricity of { $energy } was left; it lapses and is not refunded.
paper-lots = What is refunded, at the price each lot was sold at
paper-bought = Bought
paper-left-kwh = Left (kWh)
paper-lots-sum = Paid electricity left
paper-set-off = Less: { $text }
paper-rounding = Rounding
paper-still-owed = Still owed to the office
paper-refund-total = Refund
paper-payees = Paid to
paper-payee = Name
paper-share = Share ({ $currency })
paper-how-paid = How
paper-sign-here = Signature
paper-shared-equally = Shared equally among the residents; what can't be shared goes to the first.
paper-shared-by-payments = Shared by what each resident paid; what can't be shared goes to the first.
paper-shared-to-one = Paid to one payee named by the residents.
paper-settled-by = Settled by
paper-resident-signature = Resident
paper-clerk-signature = Clerk
paper-approver-signature = Approved by

## The account statement

paper-account-statement = Account statement
paper-opening-balance = Brought forward
paper-closing-balance = Carried forward
paper-paid-credit = Paid credit
paper-free-credit = Free credit
paper-prepaid-worth = Worth of the paid credit
paper-account-lines = What happened
paper-what = What
paper-paid-kwh = Paid (kWh)
paper-free-kwh = Free (kWh)
paper-paid-after-kwh = Paid left (kWh)
paper-free-after-kwh = Free left (kWh)
paper-event-sale = Purchase
paper-event-void = Purchase taken back
paper-event-grant = Free electricity
paper-event-lapse = Lapsed
paper-event-use = Used
paper-event-carried-in = Brought along
paper-event-carried-out = Taken along
paper-event-refund = Refund
paper-event-adjustment = Adjustment

## Reports

paper-subsidy-report = Free electricity report
paper-rule = Rule
paper-by-hand = By hand
paper-building = Building
paper-rooms = Rooms
paper-granted-kwh = Granted (kWh)
paper-granted-in = Value ({ $currency })
paper-used-kwh = Used (kWh)
paper-used-in = Cost ({ $currency })
paper-lapsed-kwh = Lapsed (kWh)
paper-lapsed-in = Lapsed ({ $currency })
paper-report-author = Prepared by
paper-report-reviewer = Reviewed by
paper-shift-report = Shift report
paper-shift = Shift
paper-opened = Opened
paper-closed = Closed
paper-still-open = still open
paper-float = Float
paper-sales = Sales
paper-voids = Taken back
paper-refunds = Refunds
paper-other-movements = Other
paper-count = Count
paper-expected = Expected in the drawer
paper-counted = Counted
paper-difference = Difference
paper-denominations = As counted
paper-denomination = Denomination
paper-pieces = Pieces
paper-note = Note
paper-movements = What moved the drawer
paper-handed-over = Handed over by
paper-taken-over = Taken over by
paper-sales-report = Sales report
paper-sales-report-day = Daily sales report
paper-sales-report-month = Monthly sales report
paper-by-day = By day
paper-by-channel = By way of payment
paper-by-cashier = By cashier
paper-by-building = By building
paper-day = Day
paper-channel = Way of payment
paper-sales-count = Sales
paper-voids-count = Voided
paper-refunds-in = Refunds ({ $currency })
paper-taken-total = Taken
paper-books-say = In the books
paper-books-agree = The report and the books agree to the cent.
paper-books-differ = The report and the books DIFFER. Please tell the administrator.

## How figures stand

# $first, $last
paper-days = { $first } to { $last }
# $building, $floor, $room
paper-place = { $building }, floor { $floor }, room { $room }
# $name, $number
paper-person = { $name } ({ $number })
# $serial, $at
paper-outlet = { $serial }, outlet { $at }
# How sums are put in words: english, chinese, or none.
paper-numerals = english
