//! Texts: the room board, and the states of a room.

catalogue! {
    board_title => "Rooms", "房间总览";
    board_rooms(n) => "{n} rooms", "共 {n} 间";
    board_one_room => "1 room", "共 1 间";
    board_all => "All", "全部";
    board_buildings => "Building", "楼栋";
    board_all_buildings => "All buildings", "全部楼栋";
    board_states => "Filter by state", "按状态筛选";
    board_floor(name) => "Floor {name}", "{name} 层";
    board_overview => "These are too many rooms to show at once. Choose a building, or a state in it.", "房间较多，请先选择楼栋或其中的状态。";
    board_none => "No room is in this state.", "没有处于此状态的房间。";
    board_left => "left", "剩余";
    board_pending => "pending", "待确认";
    board_empty => "There are no rooms yet.", "尚未添加房间。";
    board_empty_ask => "An administrator sets up buildings, rooms and meters first.", "请系统管理员先设置楼栋、房间和电表。";
    state_on => "On", "供电中";
    state_low => "Low credit", "余额不足";
    state_out => "Out of credit", "欠费断电";
    state_off => "Off", "已关闭";
    state_offline => "Offline", "离线";
    state_vacant => "Vacant", "空置";
    state_no_meter => "No reading", "无读数";
}
