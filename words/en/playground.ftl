### The demo's playground.

demo-title = Try it
demo-only = Only in the demo
demo-lead = This room is simulated. What you plug in is drawn through its meter, and the meter decides by its settings what follows.
demo-sockets-main = Sockets
demo-sockets-second = Sockets of the second loop
demo-plugged = Plugged in: { $things }
demo-nothing = nothing of yours
demo-unplug = Unplug all
demo-kettle = Kettle, 1800 W
demo-hair-dryer = Hair dryer on low, 600 W
demo-heater = Heater with a dimmer, 1000 W
demo-computer = Computer, 90 W
demo-machines = Machines, 6000 W
demo-at-the-meter = At the meter
demo-button = Press the room's button
demo-grid = Voltage at this meter, for all its rooms
demo-grid-well = As it should be
demo-grid-low = 160 V
demo-grid-high = 275 V
demo-grid-phase-lost = L3 fails
