//! What identifies rows and memberships: 128-bit hashes of length-prefixed parts, by XXH3 (Yann Collet, xxHash
//! specification, stable since version 0.8.0), so that every version of Muster on every machine makes the same.
//!
//! At ten million rows the chance that any two of them share such a hash is below 10⁻²⁴ (birthday bound).

use xxhash_rust::xxh3::{Xxh3, xxh3_64_with_seed, xxh3_128};

use crate::piece::{Line, Piece};
use crate::read::Span;

/// Identifies a membership in the target where the file has no member number: club, name parts and birth date,
/// as standardised. Titles are left out, since people gain them.
pub fn source_key(source: &str, name: [Option<&str>; 4], birth_date: Option<&str>) -> u128 {
    let [given, middle, family, suffix] = name;
    hash([Some(source), given, middle, family, suffix, birth_date])
}

/// Identifies a membership by the club's own member number.
pub fn numbered_key(source: &str, number: &str) -> u128 {
    hash([Some(source), Some(number)])
}

/// Identifies a row of a source by the raw text of its identifying columns, for operations.
pub fn fingerprint<'t>(source: &str, cells: impl Iterator<Item = &'t str>) -> u128 {
    hash(std::iter::once(Some(source)).chain(cells.map(|cell| Some(cell.trim()))))
}

/// Identifies a header by its normalised names in their order.
pub fn header_shape(names: impl Iterator<Item = String>) -> u128 {
    let names: Vec<String> = names.collect();
    hash(names.iter().map(|name| Some(name.as_str())))
}

/// A hash of all raw cells of a row: tells a row that is repeated as a whole from a member who is listed twice.
pub fn raw_hash<'t>(cells: impl Iterator<Item = &'t str>) -> u64 {
    let mut message = [0_u8; SHORT];
    let (mut length, mut hash) = (0, 0);
    for cell in cells {
        // A byte that no text has parts the cells.
        let Some(room) = message.get_mut(length..=length + cell.len()) else {
            hash = xxh3_64_with_seed(&message[..length], hash);
            hash = xxh3_64_with_seed(cell.as_bytes(), hash);
            length = 0;
            continue;
        };
        room[..cell.len()].copy_from_slice(cell.as_bytes());
        room[cell.len()] = 0xff;
        length += cell.len() + 1;
    }
    xxh3_64_with_seed(&message[..length], hash)
}

/// [`raw_hash`] of a row whose cells stand in `text` one behind the other, each with one byte between: the bytes between
/// are replaced where they are. `None` where they do not stand so, or are too many.
#[inline]
pub(crate) fn raw_hash_of_line(text: &[u8], cells: &[Span]) -> Option<u64> {
    let first = cells.first()?.start as usize;
    let length = (cells.last()?.end as usize + 1).checked_sub(first)?;
    let mut message = *text.get(first..)?.first_chunk::<SHORT>()?;
    let mut next = first;
    for cell in cells {
        if cell.start as usize != next {
            return None;
        }
        *message.get_mut((cell.end as usize).wrapping_sub(first))? = 0xff;
        next = cell.end as usize + 1;
    }
    Some(xxh3_64_with_seed(message.get(..length)?, 0))
}

/// Makes [`source_key`]s of many members of a source.
#[derive(Debug, Clone)]
pub(crate) struct SourceKeys {
    /// What is hashed; it starts with the source
    message: Line<256>,
    start: usize,
}

impl SourceKeys {
    /// `None` where the source's name is very long.
    pub(crate) fn new(source: &str) -> Option<SourceKeys> {
        let mut message = Line::new();
        message.push(&u32::try_from(source.len()).ok()?.to_le_bytes())?;
        message.push_slice(source.as_bytes())?;
        let start = message.as_bytes().len();
        Some(SourceKeys { message, start })
    }

    /// The key, like [`source_key`], where an empty part is a missing one; `None` where there is no room for it.
    #[inline]
    pub(crate) fn key(&mut self, name: [Piece<'_>; 4], birth_date: Option<&[u8; 10]>) -> Option<u128> {
        const MISSING: [u8; 4] = u32::MAX.to_le_bytes();
        self.message.truncate(self.start);
        for part in name {
            if part.len() == 0 {
                self.message.push(&MISSING)?;
            } else {
                self.message.push(&(part.len() as u32).to_le_bytes())?;
                self.message.push_piece(part)?;
            }
        }
        match birth_date {
            None => self.message.push(&MISSING)?,
            Some(date) => {
                self.message.push(&(date.len() as u32).to_le_bytes())?;
                self.message.push(date)?;
            }
        }
        Some(xxh3_128(self.message.as_bytes()))
    }
}

fn hash<'t>(parts: impl IntoIterator<Item = Option<&'t str>>) -> u128 {
    let mut message = [0_u8; SHORT];
    let mut length = 0;
    let mut long = None::<Box<Xxh3>>;
    for part in parts {
        let size = part.map_or(u32::MAX, |text| u32::try_from(text.len()).unwrap_or(u32::MAX - 1));
        for piece in [&size.to_le_bytes()[..], part.unwrap_or_default().as_bytes()] {
            if let Some(room) = message.get_mut(length..length + piece.len()) {
                room.copy_from_slice(piece);
                length += piece.len();
            } else {
                let hasher = long.get_or_insert_default();
                hasher.update(&message[..length]);
                hasher.update(piece);
                length = 0;
            }
        }
    }
    match long {
        None => xxh3_128(&message[..length]),
        Some(mut hasher) => {
            hasher.update(&message[..length]);
            hasher.digest128()
        }
    }
}

/// Usual rows are short: they are gathered on the stack and hashed at once, longer ones in pieces.
const SHORT: usize = 160;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        let one = source_key("Club", [Some("ab"), None, Some("c"), None], None);
        let other = source_key("Club", [Some("a"), None, Some("bc"), None], None);
        assert_ne!(one, other);
        assert_ne!(
            source_key("Club", [None; 4], None),
            source_key("Club", [Some(""), None, None, None], None)
        );
    }

    #[test]
    fn the_key_is_the_same_in_every_version() {
        let key =
            source_key("Harbour Rowing Club", [Some("Ann"), None, Some("Lee"), None], Some("1970-01-02"));
        // Computed with another program: XXH3-128 over each part's length (32 bits, little-endian; all ones for a
        // missing part) and its bytes.
        assert_eq!(format!("{key:032x}"), "d85d0145083d2ee2bcf4053680eb0e32");
    }

    #[test]
    fn long_parts_hash_like_short_ones() {
        let long = "x".repeat(1_000);
        assert_ne!(numbered_key("Club", &long), numbered_key("Club", &long[1..]));
        assert_eq!(numbered_key("Club", &long), numbered_key("Club", &long));
    }

    #[test]
    fn a_fingerprint_does_not_see_spaces_at_the_ends() {
        assert_eq!(
            fingerprint("C", [" Ann ", "Lee"].into_iter()),
            fingerprint("C", ["Ann", "Lee"].into_iter())
        );
    }
}
