//! Invented residents: names from two lists, numbers in order.

use fastrand::Rng;

use crate::ops::moves::move_in::NewResident;

const FAMILY: [&str; 24] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭", "何",
    "林", "高", "罗", "郑", "梁", "谢", "宋",
];
const GIVEN: [&str; 28] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "洋", "艳", "勇", "杰", "娟", "涛", "明", "超", "秀英",
    "霞", "平", "子轩", "雨桐", "浩然", "思琪", "欣怡", "俊杰", "梓涵", "喆", "堃",
];
const FIRST: [&str; 20] = [
    "Amara", "Ben", "Chloe", "Daniel", "Elena", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Kofi", "Lena",
    "Mateo", "Nadia", "Omar", "Priya", "Rosa", "Samuel", "Tara", "Yusuf",
];
const LAST: [&str; 20] = [
    "Okafor",
    "Schmidt",
    "Nguyen",
    "Garcia",
    "Haddad",
    "Kowalski",
    "Mensah",
    "Novak",
    "Patel",
    "Rossi",
    "Silva",
    "Tanaka",
    "Weber",
    "Dubois",
    "Ivanova",
    "Khan",
    "Lindqvist",
    "Moreau",
    "Park",
    "Banda",
];

const SHOPS: [&str; 12] = [
    "Campus Bakery",
    "Blue Lake Café",
    "晨光文具店",
    "Copy & Print",
    "蓝湖洗衣房",
    "Noodle House",
    "果然鲜水果店",
    "Bike Workshop",
    "校园药房",
    "Barber Shop",
    "小食堂",
    "Phone Repair",
];

/// Hands out residents, each with a number of their own.
pub struct People {
    rng: Rng,
    next_number: u32,
    shops: usize,
}

impl People {
    /// People as the seed has them.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { rng: Rng::with_seed(seed ^ 0x7065_6f70_6c65), next_number: 1, shops: 0 }
    }

    /// Two to four students who share a room.
    pub fn students(&mut self) -> Vec<NewResident> {
        (0..self.rng.usize(2..=4)).map(|_| self.student()).collect()
    }

    /// The one tenant of a shop.
    pub fn shop(&mut self) -> Vec<NewResident> {
        let name = SHOPS[self.shops % SHOPS.len()];
        let branch = self.shops / SHOPS.len() + 1;
        self.shops += 1;
        let name = if branch == 1 { name.to_owned() } else { format!("{name} {branch}") };
        vec![NewResident { number: format!("S{:04}", self.shops), name }]
    }

    fn student(&mut self) -> NewResident {
        let number = format!("2026{:05}", self.next_number);
        self.next_number += 1;
        let name = if self.rng.u8(0..4) == 0 {
            format!("{} {}", self.pick(&FIRST), self.pick(&LAST))
        } else {
            format!("{}{}", self.pick(&FAMILY), self.pick(&GIVEN))
        };
        NewResident { number, name }
    }

    fn pick(&mut self, list: &[&'static str]) -> &'static str {
        list[self.rng.usize(..list.len())]
    }
}
