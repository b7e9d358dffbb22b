### Ages, durations, units.

just-now = 刚刚
seconds-ago = { $n } 秒前
minutes-ago = { $n } 分钟前
hours-ago = { $n } 小时前
days-ago = { $n } 天前
never = 从未
days = { $n } 天
one-day = 1 天
less-than-a-day = 不足 1 天
more-than-days = 超过 { $n } 天
seconds = { $n } 秒
per-kwh = { $price }／kWh
list-separator = 、
none = 无
unknown = 未知
phase = L{ $n }
