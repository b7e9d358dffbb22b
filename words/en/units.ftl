### Ages, durations, units.

just-now = just now
seconds-ago = { $n } s ago
minutes-ago = { $n } min ago
hours-ago = { $n } h ago
days-ago = { $n } d ago
never = never
days = { $n } days
one-day = 1 day
less-than-a-day = less than a day
more-than-days = more than { $n } days
seconds = { $n } s
per-kwh = { $price } per kWh
list-separator = ,{ " " }
none = none
unknown = unknown
phase = L{ $n }
# Energy with its unit.
energy-of = { $number } kWh
# $currency, $amount
money-of = { $currency } { $amount }
# The currency of China, as people there say it.
currency-cny = CNY

## How moments are written: patterns of strftime, not texts

moment-form = %-d %b %Y, %H:%M
moment-exact-form = %-d %b %Y, %H:%M:%S
hour-form = %-d %b %H:%M
axis-day-form = %-d %b
day-form = %-d %b %Y
month-form = %B %Y
axis-month-form = %b
# The months in their order, with one space between two.
month-names = January February March April May June July August September October November December
month-short-names = Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec
