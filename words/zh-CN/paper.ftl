### What stands on paper: documents that are issued, in words.

## What every document has

paper-number = 编号：{ $number }
paper-issued = 开具时间：{ $when }
paper-copy = 副本
# $page, $pages
paper-page-of = 第 { $page } 页，共 { $pages } 页
paper-verification = 验证码
paper-verification-hint = 可由物业办公室在“验证单据”页面核对编号与验证码。
paper-seal = 盖章处
paper-room = 房间
paper-residents = 住户
paper-meter = 电表
paper-period = 期间
paper-total = 合计
paper-date = 时间
paper-month = 月份
paper-reference = 凭证号
paper-text = 事由
paper-energy-kwh = 电量（kWh）
paper-amount-in = 金额（{ $currency }）
paper-price-in = 单价（{ $currency }/kWh）
paper-in-words = 大写
paper-nothing = 无。
paper-rounding-rule = 电量四舍五入至 0.001 kWh，金额四舍五入至货币最小单位。
paper-cash = 现金
paper-bank-transfer = 银行转账
paper-telephone-bank = 电话银行
paper-taken = 数据截至 { $when }。

## The receipt

paper-receipt = 售电收据
paper-paid = 实收金额
paper-sold = 售出电量
paper-price = 电价
paper-payment = 付款方式
paper-cashier = 收费员
paper-buyer = 购电方
paper-sale = 售电编号
paper-voided = 无效：本次售电已撤销。
paper-steps = 分档明细

## The refund statement

paper-refund-statement = 退费结算单
paper-moved-in = 入住时间
paper-moved-out = 退房时间
paper-opening-reading = 期初读数
paper-closing-reading = 期末读数
paper-reading-unknown = 未记录
paper-reading-entered = { $reading }（人工抄表）
paper-purchases = 购电记录
paper-carried-from = 由 { $reference } 转入
paper-grants = 免费电量发放
paper-grant-for = 所属月份或事由
paper-consumption = 用电记录
paper-of-subsidy-kwh = 免费电量（kWh）
paper-of-paid-kwh = 付费电量（kWh）
paper-paid-value = 付费金额（{ $currency }）
paper-adjustments = 电量调整
paper-lapsed = 剩余免费电量 { $energy }，按规定失效，不予退费。
paper-lots = 退费明细（按各次购电单价）
paper-bought = 购电时间
paper-left-kwh = 剩余电量（kWh）
paper-lots-sum = 剩余付费电量金额
paper-set-off = 扣除：{ $text }
paper-rounding = 取整
paper-still-owed = 尚欠金额
paper-refund-total = 应退金额
paper-payees = 收款人
paper-payee = 姓名
paper-share = 金额（{ $currency }）
paper-how-paid = 付款方式
paper-sign-here = 签字
paper-shared-equally = 由住户平均分配，余数归第一位。
paper-shared-by-payments = 按各住户实付金额比例分配，余数归第一位。
paper-shared-to-one = 由住户指定一人领取。
paper-settled-by = 结算人
paper-resident-signature = 住户签字
paper-clerk-signature = 收费员签字
paper-approver-signature = 审批人签字

## The account statement

paper-account-statement = 账户对账单
paper-opening-balance = 期初余额
paper-closing-balance = 期末余额
paper-paid-credit = 付费余额
paper-free-credit = 免费余额
paper-prepaid-worth = 付费余额金额
paper-account-lines = 账户明细
paper-what = 摘要
paper-paid-kwh = 付费（kWh）
paper-free-kwh = 免费（kWh）
paper-paid-after-kwh = 付费余额（kWh）
paper-free-after-kwh = 免费余额（kWh）
paper-event-sale = 购电
paper-event-void = 购电撤销
paper-event-grant = 免费电量发放
paper-event-lapse = 免费电量失效
paper-event-use = 用电
paper-event-carried-in = 转入
paper-event-carried-out = 转出
paper-event-refund = 退费
paper-event-adjustment = 调整

## Reports

paper-subsidy-report = 免费电量报表
paper-rule = 规则
paper-by-hand = 手工发放
paper-building = 楼栋
paper-rooms = 房间数
paper-granted-kwh = 发放（kWh）
paper-granted-in = 发放金额（{ $currency }）
paper-used-kwh = 已用（kWh）
paper-used-in = 已用金额（{ $currency }）
paper-lapsed-kwh = 失效（kWh）
paper-lapsed-in = 失效金额（{ $currency }）
paper-report-author = 制表人
paper-report-reviewer = 审核人
paper-shift-report = 交班表
paper-shift = 班次
paper-opened = 开班时间
paper-closed = 结班时间
paper-still-open = 未结班
paper-float = 备用金
paper-sales = 售电
paper-voids = 撤销
paper-refunds = 退费
paper-other-movements = 其他
paper-count = 笔数
paper-expected = 应有现金
paper-counted = 实点现金
paper-difference = 差额
paper-denominations = 点钞明细
paper-denomination = 面额
paper-pieces = 张（枚）数
paper-note = 备注
paper-movements = 收付明细
paper-handed-over = 交班人
paper-taken-over = 接班人
paper-sales-report = 售电报表
paper-sales-report-day = 售电日报
paper-sales-report-month = 售电月报
paper-by-day = 按日期
paper-by-channel = 按付款方式
paper-by-cashier = 按收费员
paper-by-building = 按楼栋
paper-day = 日期
paper-channel = 付款方式
paper-sales-count = 笔数
paper-voids-count = 撤销笔数
paper-refunds-in = 退费（{ $currency }）
paper-taken-total = 售电金额
paper-books-say = 账面金额
paper-books-agree = 报表与账面金额完全一致。
paper-books-differ = 报表与账面金额不一致，请联系系统管理员。

## How figures stand

# $first, $last
paper-days = { $first } 至 { $last }
# $building, $floor, $room
paper-place = { $building } { $floor } 层 { $room } 室
# $name, $number
paper-person = { $name }⁠（{ $number }）
# $serial, $at
paper-outlet = { $serial }，出线 { $at }
# How sums are put in words: english, chinese, or none.
paper-numerals = chinese
