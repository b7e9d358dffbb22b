### What is wrong with a field.

actions = 操作
field-missing = 请填写此项。
field-too-long = 内容过长。
field-malformed = 格式不正确。
field-past = 该时间已过去。
field-too-far-ahead = 该时间过于久远。
field-fixed = 此项已不能更改。
field-exists = 已存在。
field-out-of-range = 请填写 { $min } 至 { $max } 之间的数值。
field-not-a-number = 请填写数字，例如 12.50。
field-not-whole = 请填写整数。
field-not-positive = 必须大于零。
field-negative = 不能小于零。
field-too-fine = 小数点后最多 { $digits } 位。
field-too-large = 数值过大。
form-refused = 未做任何更改，请检查标出的项目。
