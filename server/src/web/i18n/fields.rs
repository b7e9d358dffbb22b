//! Texts: what is wrong with a field.

catalogue! {
    actions => "Actions", "操作";
    field_missing => "Fill this in.", "请填写此项。";
    field_too_long => "This is too long.", "内容过长。";
    field_malformed => "This isn't in the right form.", "格式不正确。";
    field_past => "This lies in the past.", "该时间已过去。";
    field_too_far_ahead => "This lies too far ahead.", "该时间过于久远。";
    field_fixed => "This can't be changed any more.", "此项已不能更改。";
    field_exists => "This exists already.", "已存在。";
    field_out_of_range(min, max) => "Between {min} and {max}, please.", "请填写 {min} 至 {max} 之间的数值。";
    field_not_a_number => "Write a number such as 12.50.", "请填写数字，例如 12.50。";
    field_not_whole => "Write a whole number.", "请填写整数。";
    field_not_positive => "This must be more than zero.", "必须大于零。";
    field_negative => "This must not be less than zero.", "不能小于零。";
    field_too_fine(digits) => "At most {digits} digits after the point.", "小数点后最多 {digits} 位。";
    field_too_large => "This is too large.", "数值过大。";
    form_refused => "Nothing was changed. See the marked fields.", "未做任何更改，请检查标出的项目。";
}
