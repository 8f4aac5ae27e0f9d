//! Lists of members made of numbers, and numbers that look random.

/// Members `first` to `first + rows - 1` of a club, who all live in one state.
pub(crate) fn list(first: usize, rows: usize, state: &str) -> String {
    let mut list = "member number,first name,last name,born,company,state\n".to_owned();
    for number in first..first + rows {
        let (day, company) = (number % 28 + 1, number % 50);
        let (given, family) = (letters(number), letters(number % 700));
        list.push_str(&format!("{number},Ann{given},Lee{family},1970-01-{day:02},Firm {company},{state}\n"));
    }
    list
}

/// A number in letters: names have no figures.
pub(crate) fn letters(mut number: usize) -> String {
    let mut text = String::new();
    while number > 0 {
        text.push(char::from(b'a' + u8::try_from(number % 26).unwrap()));
        number /= 26;
    }
    text
}

/// Numbers that look random and are the same in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound.max(1)
    }
}
