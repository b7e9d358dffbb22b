//! Texts: many move-outs in one go.

catalogue! {
    graduation_title => "Move many out", "批量退房";
    graduation_lead => "When a year leaves: every meter closes its account, every account is settled, every statement printed in one run.", "毕业离校时使用：逐表结束计费、逐户结算，并一次打印全部结算单。";
    graduation_label => "Name of this run", "批次名称";
    graduation_label_hint => "Such as “Graduation 2026, North Hall”.", "例如“2026 届北楼毕业退房”。";
    graduation_buildings => "Buildings and floors", "楼栋与楼层";
    graduation_rooms(count) => "{count} rooms", "{count} 间";
    graduation_floor(name) => "Floor {name}", "{name} 层";
    graduation_list => "Rooms or residents' numbers", "房间或住户编号";
    graduation_list_hint => "One a line, or parted by commas: a room, “building room”, or a resident's number.", "每行一个或以逗号分隔：房间、“楼栋 房间”或住户编号。";
    graduation_unknown(names) => "Nobody lives in or has the number: {names}.", "未找到住户：{names}。";
    graduation_several(names) => "In several buildings: {names}. Write the building before the room.", "多栋楼均有该房间：{names}，请在房间前写明楼栋。";
    graduation_nobody => "Choose a building, a floor, or name rooms in which somebody lives. Nothing was changed.", "请选择有人入住的楼栋、楼层或房间。未做任何更改。";
    graduation_too_many(most) => "At most {most} rooms in one run. Choose fewer. Nothing was changed.", "每批最多 {most} 间房，请减少选择。未做任何更改。";
    graduation_too_long(most) => "At most {most} lines. Choose buildings or floors instead.", "最多 {most} 行，请改选楼栋或楼层。";
    graduation_look => "Look it over", "预览";
    graduation_runs => "Earlier runs", "历史批次";
    graduation_preview_lead => "Nothing has been changed yet. This is who would move out.", "尚未做任何更改，以下为将退房的住户。";
    graduation_changed => "Residents have changed since you looked. Look again before you go on. Nothing was changed.", "预览后住户有变动，请重新核对。未做任何更改。";
    graduation_left => "Credit left", "剩余电量";
    graduation_meter => "Meter", "电表";
    graduation_meter_on => "Answers", "在线";
    graduation_meter_dark => "Doesn't answer", "无响应";
    graduation_dark_count(count) => "Meters of {count} rooms don't answer. Those rooms wait, and are listed as exceptions.", "{count} 间房的电表无响应，将等待并列入异常清单。";
    graduation_what => "All these tenancies end at once. Each account is settled as soon as its meter has closed it; free electricity lapses.", "以上入住将立即结束；各电表结束计费后逐户结算，补贴电量作废。";
    graduation_go(count) => "Move out of {count} rooms", "办理 {count} 间退房";
    graduation_more(count) => "… and {count} more.", "……另有 {count} 间。";
    graduation_sum => "Progress", "进度";
    graduation_progress(done, total) => "{done} of {total} rooms done", "已完成 {done} / {total} 间";
    graduation_refunds => "Refunds", "退款合计";
    graduation_left_out => "Left out", "未办理";
    graduation_queued => "In the queue", "排队中";
    graduation_statements => "Statements", "结算单";
    graduation_statements_hint => "All statements of this run as one file. Originals are handed out once; whoever prints again prints copies.", "本批全部结算单合为一个文件。原件只发放一次，再次打印为副本。";
    graduation_print(from, to) => "Print originals {from} to {to}", "打印原件 {from} 至 {to}";
    graduation_exceptions => "For a person to see to", "需人工处理";
    graduation_gone => "They had moved out already.", "住户此前已退房。";
    graduation_others => "Others live there by now.", "房间住户已变更。";
    graduation_awaits_credit => "Credit from their former room has not arrived. Move them out by hand afterwards.", "原房间余额尚未转入，请稍后单独办理。";
    graduation_failed => "It could not be asked for. Move them out by hand.", "未能办理，请单独办理退房。";
    graduation_dark => "The meter doesn't answer. Wait, or enter the reading seen there.", "电表无响应，请等待或录入现场读数。";
    graduation_held => "A reading waits for a decision. Decide on it, and the account is settled.", "有读数待人工确认，确认后自动结算。";
    graduation_unapproved => "A second person has to approve the refund.", "退款须由另一人审批。";
    graduation_overdraft(energy) => "Used {energy} more than was bought.", "透支 {energy}。";
    graduation_stuck => "The run stopped after repeated errors. What was done stays done.", "批次多次出错后已停止，已完成的部分不受影响。";
}
