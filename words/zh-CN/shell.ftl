### What surrounds every page.

# The language's name in itself: what a switch shows to those who can't read the page they are on.
own-name = 中文
product = Wattwarden
skip-to-content = 跳到正文
navigation = 主导航
nav-daily = 日常
nav-money = 账务
nav-house = 设备与系统
nav-more = 更多
nav-rooms = 房间
nav-sell = 售电
nav-shift = 收银
nav-equipment = 设备
nav-installation = 系统设置
nav-settings = 电表参数
nav-users = 用户
nav-account = 我的账户
sign-out = 退出
cancel = 取消
save = 保存
add = 添加
role-administrator = 系统管理员
role-manager = 物业经理
role-cashier = 收费员
read-only-page = 您可以查看本页，但您的角色无权在此更改。
role-technician = 技术员
role-auditor = 审计员
choose = 请选择…
name = 名称
reason = 原因
status = 状态
when = 时间
saved = 已保存。
language = 语言
demo-banner = 演示环境：电表为模拟，无真实资金。
