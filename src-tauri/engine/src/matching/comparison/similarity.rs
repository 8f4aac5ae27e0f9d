//! Similarity of texts.

/// Least Jaro-Winkler similarity of [`super::Level::Near`].
pub(crate) const NEAR: f64 = 0.94;
/// Least Jaro-Winkler similarity of [`super::Level::Close`].
pub(crate) const CLOSE: f64 = 0.88;
/// Least Jaro-Winkler similarity of [`super::Level::Similar`].
pub(crate) const SIMILAR: f64 = 0.80;

/// Jaro-Winkler similarity (W. E. Winkler, "String Comparator Metrics and Enhanced Decision Rules in the
/// Fellegi-Sunter Model of Record Linkage", 1990; prefix scale 0.1, prefix of up to four characters). 0 to 1.
pub(crate) fn jaro_winkler(a: &str, b: &str) -> f64 {
    if a.len() > 64 || b.len() > 64 || !a.is_ascii() || !b.is_ascii() {
        return strsim::jaro_winkler(a, b);
    }
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let similarity = jaro(a, b);
    let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    // As in strsim, the boost applies to similar texts only.
    if similarity > 0.7 { similarity + 0.1 * prefix as f64 * (1.0 - similarity) } else { similarity }
}

/// Jaro similarity with the matched characters as sets of bits.
fn jaro(a: &[u8], b: &[u8]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return if a.len() == b.len() { 1.0 } else { 0.0 };
    }
    let window = (a.len().max(b.len()) / 2).saturating_sub(1);
    let (mut in_a, mut in_b) = (0_u64, 0_u64);
    for (i, x) in a.iter().enumerate() {
        let from = i.saturating_sub(window);
        let to = (i + window + 1).min(b.len());
        for (j, y) in b.iter().enumerate().take(to).skip(from) {
            if x == y && in_b >> j & 1 == 0 {
                in_a |= 1 << i;
                in_b |= 1 << j;
                break;
            }
        }
    }
    let matches = in_a.count_ones();
    if matches == 0 {
        return 0.0;
    }
    let mut moved = 0;
    let (mut rest_a, mut rest_b) = (in_a, in_b);
    while rest_a != 0 {
        moved += u32::from(a[rest_a.trailing_zeros() as usize] != b[rest_b.trailing_zeros() as usize]);
        rest_a &= rest_a - 1;
        rest_b &= rest_b - 1;
    }
    let m = f64::from(matches);
    (m / a.len() as f64 + m / b.len() as f64 + (m - f64::from(moved / 2)) / m) / 3.0
}

/// Edits between two texts, where neighbours that changed places count as one (optimal string alignment; F. Damerau,
/// "A technique for computer detection and correction of spelling errors", 1964): 0, 1, 2, or 3 for more.
pub(crate) fn edits(a: &str, b: &str) -> usize {
    if a == b {
        return 0;
    }
    if a.len().abs_diff(b.len()) > 8 {
        return 3;
    }
    if a.is_ascii() && b.is_ascii() {
        let (a, b) = trimmed(a.as_bytes(), b.as_bytes());
        if a.len().abs_diff(b.len()) > 2 {
            return 3;
        }
        if a.len() <= 1 && b.len() <= 1 || a.len() == 2 && b.len() == 2 && a[0] == b[1] && a[1] == b[0] {
            return 1;
        }
        if a.len().max(b.len()) <= 2 && (a.is_empty() || b.is_empty()) {
            return 2;
        }
    }
    strsim::osa_distance(a, b).min(3)
}

/// Both without what they share at either end.
fn trimmed<'t>(a: &'t [u8], b: &'t [u8]) -> (&'t [u8], &'t [u8]) {
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    (&a[..a.len() - end], &b[..b.len() - end])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::matching::records::Values;

    proptest! {
        #[test]
        fn shapes_reject_nothing_that_is_alike(a in "[a-f0-2 ]{1,9}", b in "[a-f0-2 é]{1,9}") {
            let mut values = Values::default();
            let (x, y) = (values.intern(&a), values.intern(&b));
            let (x, y) = (values.shape(x), values.shape(y));
            for least in [SIMILAR, CLOSE, NEAR] {
                prop_assert!(jaro_winkler(&a, &b) < least || x.may_be_alike(y, least as f32));
            }
            for few in [1, 2] {
                prop_assert!(edits(&a, &b) > few || x.may_be_edits(y, few as u32));
            }
        }

        #[test]
        fn jaro_winkler_is_the_published_one(a in "[a-d]{0,12}", b in "[a-d]{0,12}") {
            prop_assert!((jaro_winkler(&a, &b) - strsim::jaro_winkler(&a, &b)).abs() < 1e-12);
        }

        #[test]
        fn edits_are_those_of_the_full_table(a in "[a-c]{0,7}", b in "[a-c]{0,7}") {
            prop_assert_eq!(edits(&a, &b), strsim::osa_distance(&a, &b).min(3));
        }
    }
}
