//! The words of documents, English and Simplified Chinese side by side: a word that is missing in one doesn't compile.

use super::Language;

/// `key => "English", "中文";` or, with arguments, `key(a, b) => "{a} of {b}", "…";`
macro_rules! words {
    (@one $key:ident => $en:literal, $zh:literal) => {
        #[doc = $en]
        #[must_use]
        pub const fn $key(self) -> &'static str {
            match self { Self::En => $en, Self::Zh => $zh }
        }
    };
    (@one $key:ident ($($arg:ident),+) => $en:literal, $zh:literal) => {
        #[doc = $en]
        #[must_use]
        pub fn $key(self, $($arg: impl std::fmt::Display),+) -> String {
            match self {
                Self::En => format!($en, $($arg = $arg),+),
                Self::Zh => format!($zh, $($arg = $arg),+),
            }
        }
    };
    ($($key:ident $(($($arg:ident),+))? => $en:literal, $zh:literal;)+) => {
        impl Language {
            $(words!(@one $key $(($($arg),+))? => $en, $zh);)+
        }
    };
}

// What every document has.
words! {
    number(number) => "No. {number}", "编号：{number}";
    issued(when) => "Issued {when}", "开具时间：{when}";
    copy => "Copy", "副本";
    page_of(page, pages) => "Page {page} of {pages}", "第 {page} 页，共 {pages} 页";
    verification => "Verification code", "验证码";
    verification_hint => "The office checks number and code under “Verify a document”.", "可由物业办公室在“验证单据”页面核对编号与验证码。";
    seal => "Seal", "盖章处";
    room => "Room", "房间";
    residents => "Residents", "住户";
    meter => "Meter", "电表";
    period => "Period", "期间";
    total => "Total", "合计";
    date => "Date and time", "时间";
    month => "Month", "月份";
    reference => "Reference", "凭证号";
    text => "For", "事由";
    energy_kwh => "Energy (kWh)", "电量（kWh）";
    amount_in(currency) => "Amount ({currency})", "金额（{currency}）";
    price_in(currency) => "Price ({currency}/kWh)", "单价（{currency}/kWh）";
    in_words => "In words", "大写";
    nothing => "None.", "无。";
    rounding_rule => "Energy is rounded to the nearest 0.001 kWh, money to the currency's smallest unit, halves away from zero.", "电量四舍五入至 0.001 kWh，金额四舍五入至货币最小单位。";
    cash => "Cash", "现金";
    bank_transfer => "Bank transfer", "银行转账";
    telephone_bank => "Telephone bank", "电话银行";
    taken(when) => "Figures as of {when}.", "数据截至 {when}。";
}

// The receipt.
words! {
    receipt => "Receipt", "售电收据";
    paid => "Paid", "实收金额";
    sold => "Electricity sold", "售出电量";
    price => "Price", "电价";
    payment => "Paid by", "付款方式";
    cashier => "Cashier", "经办人";
    buyer => "For", "购电方";
    sale => "Sale", "售电编号";
    voided => "Not valid: this sale was taken back.", "无效：本次售电已撤销。";
    steps => "By price", "分档明细";
}

// The refund statement.
words! {
    refund_statement => "Refund statement", "退费结算单";
    moved_in => "Moved in", "入住时间";
    moved_out => "Moved out", "退房时间";
    opening_reading => "Opening reading", "期初读数";
    closing_reading => "Closing reading", "期末读数";
    reading_unknown => "not recorded", "未记录";
    reading_entered(reading) => "{reading} (read by a person)", "{reading}（人工抄表）";
    purchases => "Purchases", "购电记录";
    carried_from(reference) => "Brought along from {reference}", "由 {reference} 转入";
    grants => "Free electricity granted", "免费电量发放";
    grant_for => "For", "所属月份或事由";
    consumption => "Consumption", "用电记录";
    of_subsidy_kwh => "Free (kWh)", "免费电量（kWh）";
    of_paid_kwh => "Paid (kWh)", "付费电量（kWh）";
    paid_value(currency) => "Value of paid ({currency})", "付费金额（{currency}）";
    adjustments => "Adjustments", "电量调整";
    lapsed(energy) => "Free electricity of {energy} was left; it lapses and is not refunded.", "剩余免费电量 {energy}，按规定失效，不予退费。";
    lots => "What is refunded, at the price each lot was sold at", "退费明细（按各次购电单价）";
    bought => "Bought", "购电时间";
    left_kwh => "Left (kWh)", "剩余电量（kWh）";
    lots_sum => "Paid electricity left", "剩余付费电量金额";
    set_off(text) => "Less: {text}", "扣除：{text}";
    rounding => "Rounding", "零头调整";
    still_owed => "Still owed to the office", "尚欠金额";
    refund_total => "Refund", "应退金额";
    payees => "Paid to", "收款人";
    payee => "Name", "姓名";
    share(currency) => "Share ({currency})", "金额（{currency}）";
    how_paid => "How", "付款方式";
    sign_here => "Signature", "签字";
    shared_equally => "Shared equally among the residents; what can't be shared goes to the first.", "由住户平均分配，余数归第一位。";
    shared_by_payments => "Shared by what each resident paid; what can't be shared goes to the first.", "按各住户实付金额比例分配，余数归第一位。";
    shared_to_one => "Paid to one payee named by the residents.", "由住户指定一人领取。";
    settled_by => "Settled by", "结算人";
    resident_signature => "Resident", "住户签字";
    clerk_signature => "Clerk", "经办人签字";
    approver_signature => "Approved by", "审批人签字";
}

// The account statement.
words! {
    account_statement => "Account statement", "账户对账单";
    opening_balance => "Brought forward", "期初余额";
    closing_balance => "Carried forward", "期末余额";
    paid_credit => "Paid credit", "付费余额";
    free_credit => "Free credit", "免费余额";
    prepaid_worth => "Worth of the paid credit", "付费余额金额";
    account_lines => "What happened", "账户明细";
    what => "What", "摘要";
    paid_kwh => "Paid (kWh)", "付费（kWh）";
    free_kwh => "Free (kWh)", "免费（kWh）";
    paid_after_kwh => "Paid left (kWh)", "付费余额（kWh）";
    free_after_kwh => "Free left (kWh)", "免费余额（kWh）";
    event_sale => "Purchase", "购电";
    event_void => "Purchase taken back", "购电撤销";
    event_grant => "Free electricity", "免费电量发放";
    event_lapse => "Lapsed", "免费电量失效";
    event_use => "Used", "用电";
    event_carried_in => "Brought along", "转入";
    event_carried_out => "Taken along", "转出";
    event_refund => "Refund", "退费";
    event_adjustment => "Adjustment", "调整";
}

// Reports.
words! {
    subsidy_report => "Free electricity report", "免费电量报表";
    rule => "Rule", "规则";
    by_hand => "By hand", "手工发放";
    building => "Building", "楼栋";
    rooms => "Rooms", "房间数";
    granted_kwh => "Granted (kWh)", "发放（kWh）";
    granted_in(currency) => "Value ({currency})", "发放金额（{currency}）";
    used_kwh => "Used (kWh)", "已用（kWh）";
    used_in(currency) => "Cost ({currency})", "已用金额（{currency}）";
    lapsed_kwh => "Lapsed (kWh)", "失效（kWh）";
    lapsed_in(currency) => "Lapsed ({currency})", "失效金额（{currency}）";
    report_author => "Prepared by", "制表人";
    report_reviewer => "Reviewed by", "审核人";
    shift_report => "Shift report", "交班表";
    shift => "Shift", "班次";
    opened => "Opened", "开班时间";
    closed => "Closed", "结班时间";
    still_open => "still open", "未结班";
    float => "Float", "备用金";
    sales => "Sales", "售电";
    voids => "Taken back", "撤销";
    refunds => "Refunds", "退费";
    other_movements => "Other", "其他";
    count => "Count", "笔数";
    expected => "Expected in the drawer", "应有现金";
    counted => "Counted", "实点现金";
    difference => "Difference", "差额";
    denominations => "As counted", "点钞明细";
    denomination => "Denomination", "面额";
    pieces => "Pieces", "张（枚）数";
    note => "Note", "备注";
    movements => "What moved the drawer", "收付明细";
    handed_over => "Handed over by", "交班人";
    taken_over => "Taken over by", "接班人";
    sales_report => "Sales report", "售电报表";
    sales_report_day => "Daily sales report", "售电日报";
    sales_report_month => "Monthly sales report", "售电月报";
    by_day => "By day", "按日期";
    by_channel => "By way of payment", "按付款方式";
    by_cashier => "By cashier", "按收费员";
    by_building => "By building", "按楼栋";
    day => "Day", "日期";
    channel => "Way of payment", "付款方式";
    sales_count => "Sales", "笔数";
    voids_count => "Voided", "撤销笔数";
    refunds_in(currency) => "Refunds ({currency})", "退费（{currency}）";
    taken_total => "Taken", "售电金额";
    books_say => "In the books", "账面金额";
    books_agree => "The report and the books agree to the cent.", "报表与账面金额完全一致。";
    books_differ => "The report and the books DIFFER. Please tell the administrator.", "报表与账面金额不一致，请联系系统管理员。";
}
