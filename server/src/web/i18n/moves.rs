//! Texts: moving in from a list, changing rooms, moving out, settling.

catalogue! {
    move_in_closing_unknown => "The meter has not yet closed the account of those who left this room. Wait until it answers, or enter the reading seen at the meter on their move-out page. Nothing was changed.", "电表尚未结束上一批住户的计费周期。请等待电表恢复，或在其退房页面录入现场读数。未做任何更改。";
}
