//! Companies, addresses and other texts; emails, phones, codes and identifiers.

use super::names::{Spelling, spelling};
use super::similarity::{CLOSE, SIMILAR, edits, jaro_winkler};
use crate::matching::records::{ExtraKind, MISSING, TextColumn};

/// Equal or not: codes 1 and 2.
#[inline]
pub(crate) fn equal(column: &TextColumn, a: usize, b: usize) -> u8 {
    let (a, b) = (column.ids[a], column.ids[b]);
    if a == MISSING || b == MISSING { 0 } else { 1 + u8::from(a == b) }
}

/// Companies: different, close, exact.
pub(crate) fn company(column: &TextColumn, a: usize, b: usize) -> u8 {
    let (a, b) = (column.ids[a], column.ids[b]);
    if a == MISSING || b == MISSING {
        return 0;
    }
    if a == b {
        return 3;
    }
    if !column.values.shape(a).may_be_alike(column.values.shape(b), CLOSE as f32) {
        return 1;
    }
    let (a, b) = (column.values.text(a), column.values.text(b));
    // Ids of companies that are in no dimension differ by a digit and are others.
    let figures = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    if figures(a) || figures(b) || jaro_winkler(a, b) < CLOSE { 1 } else { 2 }
}

/// Email addresses: different, same local part, one edit, exact.
pub(crate) fn email(whole: &TextColumn, local: &TextColumn, a: usize, b: usize) -> u8 {
    let (x, y) = (whole.ids[a], whole.ids[b]);
    if x == MISSING || y == MISSING {
        return 0;
    }
    if x == y {
        return 4;
    }
    if few_edits(whole, x, y, 1) <= 1 {
        return 3;
    }
    1 + u8::from(local.ids[a] != MISSING && local.ids[a] == local.ids[b])
}

/// Phone numbers: different, one digit, exact.
pub(crate) fn phone(column: &TextColumn, a: usize, b: usize) -> u8 {
    let (a, b) = (column.ids[a], column.ids[b]);
    if a == MISSING || b == MISSING {
        return 0;
    }
    if a == b {
        return 3;
    }
    1 + u8::from(few_edits(column, a, b, 1) <= 1)
}

/// Edits between two values where they may be few, else 3.
#[inline]
fn few_edits(column: &TextColumn, a: u32, b: u32, few: u32) -> usize {
    if !column.values.shape(a).may_be_edits(column.values.shape(b), few) {
        return 3;
    }
    edits(column.values.text(a), column.values.text(b))
}

/// An extra column, by its kind.
pub(crate) fn extra(kind: ExtraKind, column: &TextColumn, a: usize, b: usize) -> u8 {
    let (a, b) = (column.ids[a], column.ids[b]);
    if a == MISSING || b == MISSING {
        return 0;
    }
    let (x, y) = (column.values.text(a), column.values.text(b));
    match kind {
        ExtraKind::Text if a == b => 5,
        ExtraKind::Text if !column.values.shape(a).may_be_alike(column.values.shape(b), SIMILAR as f32) => 1,
        ExtraKind::Text => match spelling(x, y) {
            Spelling::Near => 4,
            Spelling::Close => 3,
            Spelling::Similar => 2,
            Spelling::Different => 1,
        },
        ExtraKind::Code | ExtraKind::Identifier => 4 - few_edits(column, a, b, 2) as u8,
        ExtraKind::AddressNumber if a == b => 3,
        ExtraKind::AddressNumber => 1 + u8::from(x.len().min(y.len()) > 1 && edits(x, y) <= 1),
    }
}
