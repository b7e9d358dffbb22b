//! Texts: price plans and groups of rooms.

catalogue! {
    clause_separator => "; ", "；";
    tariff_up_to(energy, price) => "up to {energy} {price}", "{energy} 以内 {price}";
    tariff_beyond(price) => "beyond that {price}", "超出部分 {price}";
    tariff_each_month(steps) => "Bought in a month: {steps}", "当月购电：{steps}";
    tariff_each_year(steps) => "Bought in a year: {steps}", "当年购电：{steps}";
    tariff_in_hours(hours, price) => "{hours} {price}", "{hours} {price}";
    tariff_piece(energy, price, amount) => "{energy} at {price}: {amount}", "{energy} × {price} = {amount}";
}
