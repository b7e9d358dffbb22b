//! What currencies are called in words. One that is not listed goes by its code.

/// ISO 4217 code → name in English, name in Chinese.
const NAMES: [(&str, &str, &str); 21] = [
    ("AUD", "Australian dollars", "澳大利亚元"),
    ("BHD", "Bahraini dinars", "巴林第纳尔"),
    ("CAD", "Canadian dollars", "加拿大元"),
    ("CHF", "Swiss francs", "瑞士法郎"),
    ("CNY", "yuan", "人民币"),
    ("EUR", "euros", "欧元"),
    ("GBP", "pounds sterling", "英镑"),
    ("HKD", "Hong Kong dollars", "港币"),
    ("IDR", "rupiah", "印尼盾"),
    ("INR", "Indian rupees", "印度卢比"),
    ("JPY", "yen", "日元"),
    ("KRW", "won", "韩元"),
    ("KWD", "Kuwaiti dinars", "科威特第纳尔"),
    ("MOP", "patacas", "澳门币"),
    ("MYR", "ringgit", "马来西亚林吉特"),
    ("OMR", "Omani rials", "阿曼里亚尔"),
    ("PHP", "Philippine pesos", "菲律宾比索"),
    ("SGD", "Singapore dollars", "新加坡元"),
    ("THB", "baht", "泰铢"),
    ("USD", "US dollars", "美元"),
    ("VND", "dong", "越南盾"),
];

/// In English, as after a number that is not one.
pub(super) fn english(code: &str) -> &str {
    NAMES.iter().find(|name| name.0 == code).map_or(code, |name| name.1)
}

/// In Chinese, as in front of a sum.
pub(super) fn chinese(code: &str) -> &str {
    NAMES.iter().find(|name| name.0 == code).map_or(code, |name| name.2)
}
