### Protection: its settings, trips, lock-outs, second loops.

preset-start = Start from
preset-dormitory = Dormitory
preset-shop = Shop
preset-factory = Factory values
protection-off = Off.
second-loop-of = Second loop: { $title }
voltage-lead = The meter cuts the supply while the voltage could harm appliances, and restores it by itself. An empty limit means “none”.
voltage-under = Too low below
voltage-under-hint = On any phase.
voltage-over = Too high above
voltage-over-hint = On any phase.
voltage-over-bad = Above { $volts } V, so that the voltage can come back between the limits; or empty.
voltage-hysteresis = Back within by
voltage-hysteresis-hint = So far inside its limits the voltage must come back.
voltage-lost = A phase is lost below
voltage-lost-hint = For three-phase rooms: while another phase has voltage.
voltage-lost-bad = Not above the limit for too low a voltage.
voltage-delay = Tolerated for
voltage-delay-hint = A fault must last so long, up to 60 s.
voltage-recovery = Supply back after
voltage-recovery-hint = The fault must be gone for so long, up to 3600 s.
voltage-says-under = Off below { $volts }.
voltage-says-over = Off above { $volts }.
voltage-says-lost = A phase below { $volts } while another has voltage counts as lost.
# $delay, $hysteresis, $recovery
voltage-says-times = After { $delay }; back { $recovery } after it is inside by { $hysteresis }.
over-current-lead = Above its limit the meter cuts the loop off, to protect itself, the wiring and the appliances; after the wait it closes again by itself.
over-current-limit = Limit
over-current-limit-hint = In any phase, up to 200 A. Empty turns the protection off.
over-current-curve = How long more is borne
over-current-curve-hint = Inverse: the more is drawn, the sooner it trips (IEC 60255-151, very inverse).
over-current-fixed = Always the delay
over-current-inverse = Inverse time
over-current-delay = Delay
over-current-delay-hint = Up to 60 s; for inverse time the multiplier: twice the limit is borne 13.5 times as long.
over-current-instant = At once above
over-current-instant-hint = Not borne at all, up to 600 A. Empty: never at once.
over-current-instant-bad = Not below the limit, or empty.
# $limit, $delay
over-current-says = Off above { $limit } for { $delay }.
# $limit, $delay
over-current-says-inverse = Off above { $limit } by the inverse curve, multiplier { $delay }.
over-current-says-instant = At once above { $limit }.
policy-wait = Wait before closing again
policy-wait-hint = 1 to { $longest } s.
policy-trips = Locked out at trip
policy-trips-hint = 1 to { $most }: with so many trips within the window it stays off until released.
policy-window = Window
policy-window-hint = 1 to { $longest } min.
policy-release = Who ends a lock-out
policy-release-office = Only the office
policy-release-resident = The office, or residents by the meter's button
# $wait, $trips, $window
policy-says-office = On again after { $wait }; at trip { $trips } within { $window } min locked out until the office releases it.
# $wait, $trips, $window
policy-says-resident = On again after { $wait }; at trip { $trips } within { $window } min locked out until the office or the meter's button releases it.
unit-trips = trips
unit-minutes = min
vicious-lead = Kettles, heaters, hair dryers and the like are recognised by the current that they add when they are switched on. Other appliances are let pass.
vicious-mode = When one is found
vicious-mode-hint = Every alarm and trip is recorded with what was measured.
vicious-off = Don't watch
vicious-alarm = Only report it
vicious-trip = Report it and cut off
vicious-sensitivity = Sensitivity
vicious-sensitivity-hint = How much like a resistor it must be. High finds more and errs more often.
vicious-low = low
vicious-middle = middle
vicious-high = high
vicious-bands = Powers that are watched
vicious-bands-hint = From 50 W. An empty upper end means “and more”.
vicious-band = Powers { $number }
# $min, $max
vicious-band-bad = Write from which power, { $min } to { $max } W, and not below it up to which, or leave all of it empty.
vicious-bands-missing = Name a power to watch, or a night cap.
vicious-night = Night
vicious-night-cap = Night cap
vicious-night-cap-hint = Of the whole loop, whatever the appliance. Empty: none.
vicious-night-delay = Tolerated for
vicious-night-missing = Say when it is night: weekdays and both times.
vicious-after = After a trip
vicious-says-trip = Forbidden appliances are cut off.
vicious-says-alarm = Forbidden appliances are reported, not cut off.
# $bands, $sensitivity
vicious-says-bands = Watched: { $bands }; sensitivity { $sensitivity }.
# $watts, $delay, $nights
vicious-says-night = At night at most { $watts } W for more than { $delay }: { $nights }.
from-watts = from { $from } W
# $from, $to
from-to-watts = { $from } to { $to } W
permitted-lead = Appliances that may be used although they look like forbidden ones: such as the room's own water dispenser.
permitted-line = Appliance { $number }
permitted-watts = Power in watts
permitted-percent = Tolerance in percent
# $min, $max, $percent
permitted-bad = Write its power, { $min } to { $max } W, and the tolerance, 0 to { $percent } %; or leave both empty.
# $watts, $percent
permitted-one = { $watts } W ± { $percent } %
permitted-none = None.
unit-percent = %
loops = Loops
loop-main = Main loop
loop-second = Second loop
second-loops-title = Second loops
second-loops-hint = Tick the single-phase outlets that were built with a second loop. It has its own relay, schedule and protection, and the same credit.
second-loops-pending = The meter doesn't hold this yet.
tripped-over-current = { $of-loop }: cut off, too much current.
tripped-vicious = { $of-loop }: cut off for a forbidden appliance, or for more than may be drawn at night.
tripped-voltage = Cut off: { $reasons }. The supply comes back by itself once the voltage is right.
# $seconds, $trips
tripped-wait = The meter tries again in { $seconds } s (trip { $trips } within the window). Unplug the appliance meanwhile.
locked-out-over-current = { $of-loop }: locked out after too many trips by too much current.
locked-out-vicious = { $of-loop }: locked out after too many trips for forbidden appliances, or for more than may be drawn at night.
locked-out-office = It stays off until the office releases it.
locked-out-resident = It stays off until the office releases it, or somebody presses the button at the meter.
locked-out-release = Release, supply on
locked-out-released = Released by the office. The supply comes back as soon as the meter has taken it.
state-tripped = Tripped
state-locked-out = Locked out
