### Collectors, meters, what they remember, switching the supply

## Collectors and meters.

equipment-title = Equipment
equipment-lead = Collectors and meters, and how they are doing.
collectors = Collectors
collectors-none = No collectors yet. A collector is the gateway with the meters' line behind it.
collector-add = Add collector
collector-change = Change
collector-change-title = Change collector { $name }
collector-name = Name
collector-name-hint = Where it is, for example North basement.
collector-transport = Transport
transport-tcp = Modbus TCP
transport-rtu = Modbus RTU over TCP (transparent serial server)
collector-address = Address
collector-address-hint = Host and port, for example 192.168.1.20:502.
collector-address-bad = Write host and port, for example 192.168.1.20:502.
collector-enabled = Drive it
collector-enabled-yes = Yes: read its meters and deliver credit
collector-enabled-no = No: leave its line alone
collector-exists = A collector of this name exists already.
collector-meters = Meters
collector-online = Online
collector-offline = Offline
collector-disabled = Not driven
collector-unknown = Never asked
collector-help = Check its power, its network cable and the address above.
last-seen = Last seen
meters = Meters
meters-none = No meters yet.
meter-add = Add meter
meter-add-title = Add a meter
meter-online = Online
meter-offline = Offline
meter-wrong = Wrong meter
meter-unknown = Never asked
meter-offline-help = Check its power, the RS485 line (A/B not swapped) and its unit id.
meter-wrong-help = Meter { $serial } answers at this unit id. Nothing is sent to it. Correct the unit id at the meter, or here.
meter-serial = Serial number
meter-serial-hint = As printed on the front, up to 12 digits.
meter-serial-bad = Up to 12 digits, please.
meter-unit = Unit id
meter-kind = Kind of meter
meter-unit-hint = Its address on the line, 1 to 247.
meter-unit-bad = A number from 1 to 247, please.
meter-exists = This serial number, or this unit id behind this collector, is taken.
meter-no-collector = Choose the collector that the meter is behind.
meter-rooms = Rooms
meter-rooms-lead = Which room each outlet serves. You can leave outlets free and assign them later.
meter-room-taken = One of these rooms has a meter already, or was chosen twice.
meter-failures = Failures in a row
meter-requests = Failed requests
# $failed, $all
meter-requests-of = { $failed } of { $all }
meter-drift = Clock off by
meter-boots = Starts
meter-frequency = Mains frequency
meter-title = Meter { $serial }
meter-outlets = Outlets
outlet = Outlet
outlet-single = { $n }
outlet-three = { $n } (three-phase)
outlet-free = free
outlet-assign = Assign
outlet-assign-title = Assign an outlet to a room
outlet-room = Room
outlet-taken = This outlet or this room has been assigned in the meantime.
meter-unknown-error = Details from the line

## What meters remember, and what one shows when it has lost its memory.

events-title = What the meter recorded
events-of = Events of meter { $serial }
events-lead = Recorded by the meter itself, by its own clock, also while the office could not reach it. Newest first.
events-none = The meter hasn't recorded anything yet.
events-all = All events
events-older = Older
events-newest = Newest
events-missed = { $n } events before this one are missing: the meter keeps the last 200, and overwrote them before they could be fetched.
events-missed-room = { $n } events of this meter in this time are missing: it keeps the last 200, and overwrote them before they could be fetched. Some may have been this room's.
events-began-anew = From here on the meter counts its events anew: it had lost its memory.
event-time-unknown = the meter didn't know the time; read { $when }
# $outlet, $room
event-outlet = Outlet { $outlet }, room { $room }
event-outlet-free = Outlet { $outlet }
event-whole-meter = Whole meter
event-started = The meter started, start number { $n }
# $reasons, $energy
event-off = Supply off: { $reasons }. { $energy } left
event-on = Supply on. { $energy } left
# $reasons, $energy
event-second-off = Second loop off: { $reasons }. { $energy } left
event-second-on = Second loop on. { $energy } left
event-epoch = Credit period { $n } began
event-totals = Credit arrived: { $energy } in all in this period
event-supply = The office asked for: { $mode }
event-clock-set = The clock was set
event-clock-forward = The clock was put forward by { $seconds }
event-clock-back = The clock was put back by { $seconds }
event-settings = Settings arrived: { $name }
event-site-settings = local time, holidays and calendar
event-fault = The relay's contact doesn't follow
event-fault-over = The relay's contact follows again
event-second-fault = The second relay's contact doesn't follow
event-second-fault-over = The second relay's contact follows again
event-reminded = Reminder of low credit: supply off for { $seconds }
event-reminded-until-seen = Reminder of low credit: supply off until acknowledged
event-acknowledged-office = The reminder was acknowledged by the office
event-acknowledged-meter = The reminder was acknowledged at the meter
event-capped = { $power } drawn, above the power cap: supply off for a while
event-second-capped = Second loop: { $power } drawn, above the power cap
event-vicious-trip = { $load } found: supply off
event-vicious-alarm = { $load } found: reported only
evidenced-resistive = Heater or kettle of { $power }
evidenced-half-wave = Heater behind a diode, { $power }
evidenced-phase-cut = Heater behind a dimmer, { $power }
evidenced-pulsing = Induction cooker or pulsing heater of { $power }
evidenced-night-cap = More than the night cap: { $power }
evidenced-other = Forbidden appliance of { $power }
step-resistive = resistive step
step-half-wave = step in every other half-wave
step-phase-cut = step cut in phase
step-pulsing = pulsing step
# $look, $current, $residual, $second, $third, $fifth
evidence-step = { $look } of { $current }, residual { $residual }; harmonics: 2nd { $second }, 3rd { $third }, 5th { $fifth }
# $said, $inrush
evidence-inrush = { $said }; inrush { $inrush } times
evidence-night-cap = the whole loop drew { $current }
# $current, $seconds
evidence-over-current = { $current }, borne for { $seconds }
event-over-current = { $current } drawn, above the limit: supply off
event-second-over-current = Second loop: { $current } drawn, above the limit: off
event-locked-out = Tripped too often: off until released (lock-out { $n })
event-second-locked-out = Second loop tripped too often: off until released (lock-out { $n })
event-released-office = Released by the office
event-released-meter = Released at the meter
# $phase, $volts
event-under-voltage = Voltage of phase { $phase } too low: { $volts }
# $phase, $volts
event-over-voltage = Voltage of phase { $phase } too high: { $volts }
# $phase, $volts
event-phase-lost = Phase { $phase } has failed: { $volts }
# $phase, $volts
event-voltage-back = Voltage of phase { $phase } is within its limits again: { $volts }
# $places
event-memory-repaired = The meter's memory has aged: bits had flipped in { $places } places and were put right. Nothing is lost; have the meter changed if this comes again.
# $parts
event-memory-parts = { $parts } parts of the meter's memory were lost. Credit and settings are whole, for they stand twice; some of its history is gone.
event-memory-unproven = The meter has lost so much of its memory that it cannot know its latest credit. It takes only orders that are sealed afresh, so nothing recorded sells again.
# $phases, $power
event-reverse = Power flows backward ({ $phases }), { $power } in all: a current transformer is the wrong way round, or something feeds in. Check the installation.
# $energy
event-reverse-over = No power flows backward any more; { $energy } ever did.
event-reverse-second = second loop
event-other = Event of kind { $kind }
display-title = Display
display-of = Display of meter { $serial }
display-lead = As it is at the meter, read while this page is open; beside it, the office's figures from the same visit.
display-watch = See it live
display-others = Other outlets
display-now = On the display now
display-overview = Overview
display-detail = Details { $n } of 3
display-read = Read { $age }
display-stale = Read { $age }: the meter does not answer now.
display-waiting = Not read yet: the first answer takes a few seconds. If nothing appears, the meter does not answer.
display-office = The office's figures of outlet { $outlet }
display-office-none = The meter has not been read yet.
display-bought = Bought
display-because = { " " }({ $reasons })
display-running = Running meter
display-outlets = Outlets
loss-title = This meter has lost its memory
loss-lead = Noticed { $when }. Its starts or totals have fallen, which never happens by itself. Until you decide, it gets no credit, and sales wait. Look at the meter first: was it exchanged, opened or damaged?
# $before, $found
loss-starts = Starts counted: { $before } before, { $found } now.
loss-had = What it held when it was read last
loss-used = Used
loss-left = Left
loss-restore-lead = Sending the credit anew gives each room what it had left. What the meter had counted as used stays used; only what flowed after the last reading is lost.
loss-restore = Send the credit anew
loss-ask = A manager can decide this.
loss-short = Lost its memory: no credit is sent until a manager decides.
loss-room = This room's meter has lost its memory. Its credit waits until a manager has looked at the meter.
loss-look = To the meter

## Switching a room's supply.

supply-page-title = Supply of room { $room }
supply-lead = The meter is driven there and read back; until then the room shows “pending”.
supply-mode = The relay shall be
supply-auto-hint = The meter decides: on while there is credit.
supply-off-hint = Kept off, whatever the credit.
supply-on-hint = Kept on until a time, whatever the credit.
supply-until = Until
supply-until-hint = Needed for “on”, at most 30 days ahead; may stay empty for “off”. Time zone { $zone }.
supply-reason-hint = For the history: who asked, and why.
supply-go = Switch
supply-mode-missing = Choose one.
supply-until-bad = Write a date and a time.
supply-until-needed = “On” needs an end, at most 30 days ahead.
