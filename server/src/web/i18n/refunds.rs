//! Texts: the refunds of many who moved out, all at once.

catalogue! {
    refunds_title => "Refunds", "退款";
    refunds_to_approve => "To be approved", "待审批";
    refunds_to_pay => "To be paid out", "待支付";
    refunds_paid => "Paid out", "已支付";
    refunds_count(count) => "{count} refunds", "{count} 笔";
    refunds_shares(count) => "{count} residents' shares", "{count} 份";
    refunds_approve(count, amount) => "Approve {count} refunds, {amount}", "批准 {count} 笔退款，共 {amount}";
    refunds_approve_hint => "You approve every refund above the limit that somebody else settled.", "批准由他人结算、超过限额的全部退款。";
    refunds_own_hint(count) => "{count} refunds above the limit were settled by you: somebody else has to approve them.", "{count} 笔超限额退款由您结算，须由他人审批。";
    refunds_bank(count, amount) => "Pay {count} by the bank's list, {amount}", "列入银行清单支付 {count} 份，共 {amount}";
    refunds_bank_hint => "All whose bank account is known. Then download the list for the bank under Moves and hand it in.", "支付全部已登记银行账户的退款，随后在“入退房”页下载银行清单并提交银行。";
    refunds_cash(count, amount) => "Pay {count} in cash today, {amount}", "今日以现金支付 {count} 份，共 {amount}";
    refunds_cash_hint => "From your own drawer, all that may be paid. Only when the money is handed out today.", "从您的钱箱支付全部可付退款，仅限当日实际发放时使用。";
    refunds_none => "There is nothing left for that. Nothing was changed.", "没有可处理的退款，未做任何更改。";
    refunds_no_shift => "Cash comes out of your drawer, and you have no shift open. Open one, or pay by the bank's list.", "现金退款须从您的当班钱箱支付，请先开班或改用银行清单。";
    refunds_drawer_short(amount) => "Your drawer holds {amount}, less than these refunds come to. Bring money from the safe, or pay by the bank's list. Nothing was changed.", "您的钱箱现有 {amount}，不足以支付，请从保险柜补款或改用银行清单。未做任何更改。";
    refunds_run_approve => "Approving", "批量审批";
    refunds_run_bank => "By the bank's list", "银行清单支付";
    refunds_run_cash => "In cash", "现金支付";
    refunds_progress(done, total) => "{done} of {total} looked at", "已处理 {done} / {total}";
    refunds_done(count, amount) => "Done: {count}, {amount}.", "已完成 {count} 笔，共 {amount}。";
    refunds_left_out(count, why) => "Left out: {count}. {why}", "未处理 {count} 笔：{why}";
    refunds_own => "You settled these: somebody else has to approve them.", "由您结算，须由他人审批。";
    refunds_unapproved => "A second person has to approve these first.", "须先由另一人审批。";
    refunds_unknown => "No bank account is known.", "未登记银行账户。";
    refunds_short => "The drawer no longer held enough, or was closed.", "钱箱余额不足或已交班。";
    refunds_failed => "Something went wrong. Look at each of them.", "处理失败，请逐笔查看。";
    refunds_stopped => "It stopped after repeated errors. Do it again: nothing is paid twice.", "多次出错后已停止，可再次执行，不会重复支付。";
    refunds_paid_by(way) => "Paid: {way}", "已支付：{way}";
    refunds_list => "List of all refunds", "全部退款清单";
    refunds_list_hint => "Everybody's share with how it stands. Bank accounts are filled in there and sent back below.", "列出每人退款及状态，可在其中填写银行账户后在下方上传。";
    accounts_title => "Bank accounts", "银行账户";
    accounts_hint => "The list of refunds with the columns Number, Account holder, Account number and Bank filled in, as Excel or CSV. Empty rows are skipped; what was known of a resident is replaced.", "在退款清单中填写“编号、户名、账号、开户行”后上传（Excel 或 CSV）。空行跳过，已登记的账户将被替换。";
    accounts_file => "Filled-in list", "已填写的清单";
    accounts_go => "Take the accounts in", "导入账户";
    accounts_wrong(count) => "{count} rows of the file are wrong. Correct them and send it again. Nothing was changed.", "文件中有 {count} 行有误，请更正后重新上传。未做任何更改。";
    accounts_none => "No row of the file has a bank account. Nothing was changed.", "文件中没有银行账户，未做任何更改。";
    accounts_rounded => "The spreadsheet has rounded the account number. Format the column as text and type the number again.", "账号已被表格软件四舍五入，请将该列设为文本格式后重新输入。";
    accounts_nobody => "Nobody has this number.", "没有该编号的住户。";
}
