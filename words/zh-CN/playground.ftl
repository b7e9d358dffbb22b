### The demo's playground.

demo-title = 动手试试
demo-only = 仅限演示环境
demo-lead = 此房间为模拟房间。接入的电器会真实计入电表，由电表按参数自行判断和动作。
demo-sockets-main = 插座
demo-sockets-second = 第二回路插座
demo-plugged = 已接入：{ $things }
demo-nothing = 无
demo-unplug = 全部拔下
demo-kettle = 电热水壶 1800 W
demo-hair-dryer = 电吹风低档 600 W
demo-heater = 调功电暖器 1000 W
demo-computer = 电脑 90 W
demo-machines = 大功率设备 6000 W
demo-at-the-meter = 电表处
demo-button = 按下本房间按键
demo-grid = 本电表电压（影响其全部房间）
demo-grid-well = 正常
demo-grid-low = 160 V
demo-grid-high = 275 V
demo-grid-phase-lost = L3 断相
