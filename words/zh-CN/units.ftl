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
per-kwh = { $price }／度
list-separator = 、
none = 无
unknown = 未知
phase = L{ $n }
# Energy with its unit.
energy-of = { $number } 度
# $currency, $amount
money-of = { $amount } { $currency }
# The currency of China, as people there say it.
currency-cny = 元

## How moments are written: patterns of strftime, not texts

moment-form = %Y年%-m月%-d日 %H:%M
moment-exact-form = %Y年%-m月%-d日 %H:%M:%S
hour-form = %-d日 %H:%M
axis-day-form = %-m月%-d日
day-form = %Y年%-m月%-d日
month-form = %Y年%-m月
axis-month-form = %-m月
# The months in their order, with one space between two.
month-names = 一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月
month-short-names = 1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月
