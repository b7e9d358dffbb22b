//! Texts: ages, durations, units.

catalogue! {
    just_now => "just now", "刚刚";
    seconds_ago(n) => "{n} s ago", "{n} 秒前";
    minutes_ago(n) => "{n} min ago", "{n} 分钟前";
    hours_ago(n) => "{n} h ago", "{n} 小时前";
    days_ago(n) => "{n} d ago", "{n} 天前";
    never => "never", "从未";
    days(n) => "{n} days", "{n} 天";
    one_day => "1 day", "1 天";
    less_than_a_day => "less than a day", "不足 1 天";
    more_than_days(n) => "more than {n} days", "超过 {n} 天";
    seconds(n) => "{n} s", "{n} 秒";
    per_kwh(price) => "{price} per kWh", "{price}／kWh";
    list_separator => ", ", "、";
    none => "none", "无";
    unknown => "unknown", "未知";
    phase(n) => "L{n}", "L{n}";
}
