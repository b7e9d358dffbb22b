//! Texts: switching a room's supply.

catalogue! {
    supply_page_title(room) => "Supply of room {room}", "{room} 室供电控制";
    supply_lead => "The meter is driven there and read back; until then the room shows “pending”.", "系统会驱动电表执行并回读确认；在此之前房间显示为“待确认”。";
    supply_mode => "The relay shall be", "继电器设为";
    supply_auto_hint => "The meter decides: on while there is credit.", "由电表决定：有余额即供电。";
    supply_off_hint => "Kept off, whatever the credit.", "无论余额多少，保持断电。";
    supply_on_hint => "Kept on until a time, whatever the credit.", "无论余额多少，在指定时间前保持供电。";
    supply_until => "Until", "截止时间";
    supply_until_hint(zone) => "Needed for “on”, at most 30 days ahead; may stay empty for “off”. Time zone {zone}.", "“强制供电”必填，最长 30 天；“关闭”可留空。时区：{zone}。";
    supply_reason_hint => "For the history: who asked, and why.", "用于记录：何人因何要求。";
    supply_go => "Switch", "执行";
    supply_mode_missing => "Choose one.", "请选择一项。";
    supply_until_bad => "Write a date and a time.", "请填写日期和时间。";
    supply_until_needed => "“On” needs an end, at most 30 days ahead.", "“强制供电”需填写截止时间，最长 30 天。";
}
