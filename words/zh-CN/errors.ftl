### Error pages in plain words, each with what to do next.

request-id = 请求编号 { $id }
go-to-rooms = 前往房间总览
go-to-sign-in = 前往登录
bad-request-title = 无法识别的请求
bad-request-next = 请求内容缺失或损坏，未做任何更改。请返回上一页，刷新后重试。
forbidden-title = 您的角色无权执行此操作
forbidden-next = 未做任何更改。请联系系统管理员代为操作，或调整您的角色。
cross-site-title = 请求来自其他网站
cross-site-next = 为保护您的安全，该请求已被拒绝，未做任何更改。请直接打开本站重试。若仍出现，可能是服务器前的代理改写了 Host 或 Origin 头。
not-found-title = 此处没有内容
not-found-next = 地址可能有误，或内容已不存在。请在房间总览中查找。
method-title = 该地址不支持此操作
method-next = 未做任何更改。请返回并使用页面上的按钮。
conflict-title = 该表单已用于其他操作
conflict-next = 该表单曾以不同内容提交过，以首次提交为准。如需再次操作，请打开新的表单。
too-large-title = 提交的内容过大
too-large-next = 未做任何更改。请缩短内容后重新提交。
throttled-title = 尝试次数过多
throttled-next = 请等待 { $seconds } 秒后重试。
internal-title = 服务器出错了
internal-next = 错误已记录。请返回重试；若刚才正在售电，请先查看该房间的记录：若已成交，记录中会有。
unavailable-title = 数据库暂无响应
unavailable-next = 未做任何更改。请稍候重试。
