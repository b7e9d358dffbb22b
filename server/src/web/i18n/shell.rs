//! Texts: what surrounds every page.

catalogue! {
    product => "Wattwarden", "Wattwarden";
    skip_to_content => "Skip to content", "跳到正文";
    navigation => "Main navigation", "主导航";
    nav_daily => "Every day", "日常";
    nav_money => "Money", "账务";
    nav_house => "House and meters", "设备与系统";
    nav_more => "More", "更多";
    nav_rooms => "Rooms", "房间";
    nav_sell => "Sell", "售电";
    nav_shift => "Cash desk", "收银";
    nav_equipment => "Equipment", "设备";
    nav_installation => "Installation", "系统设置";
    nav_settings => "Settings", "电表参数";
    nav_users => "Users", "用户";
    nav_account => "My account", "我的账户";
    sign_out => "Sign out", "退出";
    cancel => "Cancel", "取消";
    save => "Save", "保存";
    add => "Add", "添加";
    back_to_rooms => "All rooms", "全部房间";
    role_administrator => "Administrator", "系统管理员";
    role_manager => "Manager", "物业经理";
    role_cashier => "Cashier", "收费员";
    choose => "Choose…", "请选择…";
    name => "Name", "名称";
    reason => "Reason", "原因";
    status => "Status", "状态";
    when => "When", "时间";
    saved => "Saved.", "已保存。";
    language => "Language", "语言";
    demo_banner => "Demonstration: simulated meters, no real money.", "演示环境：电表为模拟，无真实资金。";
}
