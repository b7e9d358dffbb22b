//! Texts: the demo's playground.

catalogue! {
    demo_title => "Try it", "动手试试";
    demo_only => "Only in the demo", "仅限演示环境";
    demo_lead => "This room is simulated. What you plug in is drawn through its meter, and the meter decides by its settings what follows.", "此房间为模拟房间。接入的电器会真实计入电表，由电表按参数自行判断和动作。";
    demo_sockets_main => "Sockets", "插座";
    demo_sockets_second => "Sockets of the second loop", "第二回路插座";
    demo_plugged(things) => "Plugged in: {things}", "已接入：{things}";
    demo_nothing => "nothing of yours", "无";
    demo_unplug => "Unplug all", "全部拔下";
    demo_kettle => "Kettle, 1800 W", "电热水壶 1800 W";
    demo_hair_dryer => "Hair dryer on low, 600 W", "电吹风低档 600 W";
    demo_heater => "Heater with a dimmer, 1000 W", "调功电暖器 1000 W";
    demo_computer => "Computer, 90 W", "电脑 90 W";
    demo_machines => "Machines, 6000 W", "大功率设备 6000 W";
    demo_at_the_meter => "At the meter", "电表处";
    demo_button => "Press the room's button", "按下本房间按键";
    demo_grid => "Voltage at this meter, for all its rooms", "本电表电压（影响其全部房间）";
    demo_grid_well => "As it should be", "正常";
    demo_grid_low => "160 V", "160 V";
    demo_grid_high => "275 V", "275 V";
    demo_grid_phase_lost => "L3 fails", "L3 断相";
}
