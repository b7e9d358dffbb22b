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
