//! Birth dates.

/// Codes of the levels of [`super::Comparison::BirthDate`], in its order.
pub(crate) const DIFFERENT: u8 = 1;
const SAME_YEAR: u8 = 2;
const TWO_PARTS: u8 = 3;
const YEAR_OFF: u8 = 4;
const ONE_DIGIT: u8 = 5;
const DAY_MONTH_SWAPPED: u8 = 6;
pub(crate) const EXACT: u8 = 7;

/// Level of two packed dates (year × 10,000 + month × 100 + day); 0 where one is missing.
#[inline]
pub(crate) fn compare(a: u32, b: u32) -> u8 {
    if a == 0 || b == 0 {
        return 0;
    }
    if a == b {
        return EXACT;
    }
    let ((year_a, month_a, day_a), (year_b, month_b, day_b)) = (parts(a), parts(b));
    let same = [year_a == year_b, month_a == month_b, day_a == day_b];
    if same == [true, false, false] && month_a == day_b && day_a == month_b {
        return DAY_MONTH_SWAPPED;
    }
    if same == [false, true, true] && matches!(year_a.abs_diff(year_b), 1 | 10) {
        return YEAR_OFF;
    }
    if is_one_digit(a, b) {
        return ONE_DIGIT;
    }
    match (same.into_iter().filter(|same| *same).count(), same[0]) {
        (2, _) => TWO_PARTS,
        (_, true) => SAME_YEAR,
        _ => DIFFERENT,
    }
}

pub(crate) const fn parts(date: u32) -> (u32, u32, u32) {
    (date / 10_000, date / 100 % 100, date % 100)
}

/// Whether one of the eight digits differs, or two neighbours changed places.
fn is_one_digit(a: u32, b: u32) -> bool {
    let (mut a, mut b) = (a, b);
    let mut differing = [(0, 0); 2];
    let mut at = [0; 2];
    let mut count = 0;
    for place in 0..8 {
        if a % 10 != b % 10 {
            if count == 2 {
                return false;
            }
            differing[count] = (a % 10, b % 10);
            at[count] = place;
            count += 1;
        }
        a /= 10;
        b /= 10;
    }
    let [(x, y), (v, w)] = differing;
    count == 1 || count == 2 && at[1] == at[0] + 1 && x == w && y == v
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_slip_has_its_level() {
        for (other, level) in [
            (19_710_803, EXACT),
            (19_710_308, DAY_MONTH_SWAPPED),
            (19_720_803, YEAR_OFF),
            (19_610_803, YEAR_OFF),
            (19_710_813, ONE_DIGIT),
            (19_710_830, ONE_DIGIT),
            (19_170_803, ONE_DIGIT),
            (19_711_103, TWO_PARTS),
            (19_710_817, TWO_PARTS),
            (19_880_803, TWO_PARTS),
            (19_711_225, SAME_YEAR),
            (19_820_901, DIFFERENT),
            (0, 0),
        ] {
            assert_eq!(compare(19_710_803, other), level, "{other}");
            assert_eq!(compare(other, 19_710_803), level, "{other}");
        }
    }
}
