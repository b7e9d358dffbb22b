### Rooms: the board, and a room's page

## The room board, and the states of a room.

board-title = Rooms
# $n (Number)
board-rooms = { $n ->
    [one] { $n } room
   *[other] { $n } rooms
}
board-one-room = 1 room
board-all = All
board-buildings = Building
board-all-buildings = All buildings
board-states = Filter by state
board-floor = Floor { $name }
board-overview = These are too many rooms to show at once. Choose a building, or a state in it.
board-none = No room is in this state.
board-pending = pending
board-empty = There are no rooms yet.
board-empty-ask = An administrator sets up buildings, rooms and meters first.
state-on = On
state-low = Low credit
state-out = Out of credit
state-off = Off
state-offline = Offline
state-vacant = Vacant
state-no-meter = No reading

## A room, and moving in.

room-title = Room { $name }
# $building, $floor
room-place = { $building }, floor { $floor }
room-sell = Sell electricity
room-switch = Switch supply
room-move-in = Move in
room-credit = Credit
room-remaining = Remaining
room-days-left = Lasts about
room-no-forecast = no forecast yet
room-paid-in = Credited
room-taken-back = Taken back
room-used = Used
room-epoch = Credit period { $n } of this meter outlet
room-on-its-way = { $energy } more is on its way to the meter.
credit-held-back = The meter keeps no more credit for now (hoarding limit). The rest is handed on as electricity is used.
room-anomaly = The meter's credit disagrees with the books in a way that can't be mended from here. Call the administrator.
room-vacant = Nobody lives here. Move residents in before you sell.
room-no-meter = No meter serves this room yet. Assign an outlet on the equipment page.
room-never-read = The meter hasn't been read yet.
room-stale = The meter doesn't answer. What you see was read { $age }; sales are delivered when it answers again.
room-now = Now
room-power = Power
room-voltage = Voltage
room-current = Current
room-factor = Power factor
room-phases = Phases
room-supply = Supply
room-wanted = Wanted
room-reported = Reported by the meter
room-relay-on = On
room-relay-off = Off
room-relay-fault = The relay's contact doesn't follow its command. Have it checked.
room-pending = Pending until read back
room-settled = Confirmed by the meter
room-because = because: { $reasons }
reason-vacant = vacant
reason-out-of-credit = out of credit
reason-forced-off = switched off by the office
reason-reminder = reminder of low credit
reason-schedule = off by the schedule
reason-power-cap = above the power cap
reason-over-current = too much current
reason-vicious-load = a forbidden appliance
reason-under-voltage = the voltage is too low
reason-over-voltage = the voltage is too high
reason-phase-loss = a phase has failed
reason-locked-out = locked out until released
reason-other = another reason
mode-auto = Automatic
mode-off = Off
mode-on = On
# $mode, $when
mode-until = { $mode } until { $when }
room-residents = Residents
room-since = since { $when }
room-meter = Meter
room-serial = Serial number
room-outlet = Outlet
room-outlet-single = { $n }, single-phase
room-outlet-three = { $n }, three-phase
room-collector = Collector
room-data-age = Data from
room-consumption = Consumption
span-today = Today
span-hours = 48 hours
span-week = 7 days
span-month = 30 days
room-no-readings = No readings yet: the first bar appears after an hour.
# $room, $span
chart-title = Energy used in room { $room }: { $span }
# $total, $peak, $when
chart-summary = { $total } in all; the most in an hour was { $peak }, from { $when }.
# $total, $peak, $when
chart-summary-days = { $total } in all; the most in a day was { $peak }, on { $when }.
chart-unit = kWh per hour
chart-unit-day = kWh per day
chart-gap = { $when }: not known
chart-missing-hours = Hours that nobody recorded: { $n }. They are left out, not counted as zero.
chart-missing-days = Days that nobody recorded whole: { $n }. They are left out, not counted as zero.
room-sales = Sales to these residents
room-no-sales = Nothing has been sold to these residents yet.
room-changes = Supply changes
room-no-changes = Supply has never been switched by hand.
by = by { $name }
delivered = Delivered
on-its-way = On its way
receipt-link = Receipt
move-in-title = Move into room { $room }
move-in-lead = Who moves in shares the room and its credit. Credit begins at zero.
move-in-person = Resident { $n }
move-in-number = Number
move-in-number-hint = Such as a student or contract number. A known number is the same person.
move-in-name = Name
move-in-further = More residents
move-in-more = Leave the rest empty if fewer move in.
move-in-occupied = Somebody lives in this room already. Nothing was changed.
# $number, $name
move-in-other-name = Number { $number } belongs to { $name }. Correct the number, or write the name as it is.
# $name, $place
move-in-lives = { $name } lives in { $place }. Move them out first, or use “change rooms” there.
move-in-twice = Two residents have the same number.
move-in-both = Fill in both number and name.
