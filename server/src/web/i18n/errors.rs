//! Texts: error pages in plain words, each with what to do next.

catalogue! {
    request_id(id) => "Request {id}", "请求编号 {id}";
    go_to_rooms => "Go to the rooms", "前往房间总览";
    go_to_sign_in => "Go to sign-in", "前往登录";
    bad_request_title => "That request can't be read", "无法识别的请求";
    bad_request_next => "Something in it was missing or damaged, and nothing was changed. Go back, reload the page, and try again.", "请求内容缺失或损坏，未做任何更改。请返回上一页，刷新后重试。";
    forbidden_title => "Your role doesn't allow this", "您的角色无权执行此操作";
    forbidden_next => "Nothing was changed. Ask an administrator to do it, or to change your role.", "未做任何更改。请联系系统管理员代为操作，或调整您的角色。";
    cross_site_title => "The request came from another site", "请求来自其他网站";
    cross_site_next => "It was refused to protect you, and nothing was changed. Open this site yourself and try again. If you did, a proxy in front of the server may be changing the Host or Origin header.", "为保护您的安全，该请求已被拒绝，未做任何更改。请直接打开本站重试。若仍出现，可能是服务器前的代理改写了 Host 或 Origin 头。";
    not_found_title => "There is nothing here", "此处没有内容";
    not_found_next => "The address may be mistyped, or what was here is gone. Look for it among the rooms.", "地址可能有误，或内容已不存在。请在房间总览中查找。";
    method_title => "This address doesn't work that way", "该地址不支持此操作";
    method_next => "Nothing was changed. Go back and use the buttons of the page.", "未做任何更改。请返回并使用页面上的按钮。";
    conflict_title => "This has already been used for something else", "该表单已用于其他操作";
    conflict_next => "The form was sent before with other contents; the first one stands. Open a fresh form if you need another.", "该表单曾以不同内容提交过，以首次提交为准。如需再次操作，请打开新的表单。";
    too_large_title => "Too much was sent", "提交的内容过大";
    too_large_next => "Nothing was changed. Shorten the text and send it again.", "未做任何更改。请缩短内容后重新提交。";
    throttled_title => "Too many attempts", "尝试次数过多";
    throttled_next(seconds) => "Wait {seconds} s, then try again.", "请等待 {seconds} 秒后重试。";
    internal_title => "Something went wrong on our side", "服务器出错了";
    internal_next => "It has been logged. Go back and try again; if you were making a sale, look at the room's history first: it is there if it was made.", "错误已记录。请返回重试；若刚才正在售电，请先查看该房间的记录：若已成交，记录中会有。";
    unavailable_title => "The database isn't answering", "数据库暂无响应";
    unavailable_next => "Nothing was changed. Wait a moment and try again.", "未做任何更改。请稍候重试。";
}
