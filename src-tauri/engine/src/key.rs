//! What identifies rows and memberships: hashes of length-prefixed parts, SHA-256 cut to 128 bits (FIPS 180-4).
//!
//! At ten million rows the chance that any two of them share such a hash is below 10⁻²⁴ (birthday bound).

use std::hash::{DefaultHasher, Hasher};

use sha2::{Digest, Sha256};

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

/// A hash of all raw cells of a row: tells a row that is repeated as a whole from a member who is listed twice.
/// Holds within one run of one program only.
pub fn raw_hash<'t>(cells: impl Iterator<Item = &'t str>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for cell in cells {
        hasher.write(cell.as_bytes());
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

fn hash<'t>(parts: impl IntoIterator<Item = Option<&'t str>>) -> u128 {
    let mut message = [0_u8; 256];
    let mut length = 0;
    let mut hasher = None::<Sha256>;
    for part in parts {
        let bytes = part.unwrap_or_default().as_bytes();
        let prefix = part.map_or(u32::MAX, |text| u32::try_from(text.len()).unwrap_or(u32::MAX - 1)).to_le_bytes();
        for piece in [&prefix[..], bytes] {
            if let Some(hasher) = &mut hasher {
                hasher.update(piece);
            } else if length + piece.len() <= message.len() {
                message[length..length + piece.len()].copy_from_slice(piece);
                length += piece.len();
            } else {
                hasher.insert(Sha256::new_with_prefix(&message[..length])).update(piece);
            }
        }
    }
    let digest = hasher.unwrap_or_else(|| Sha256::new_with_prefix(&message[..length])).finalize();
    let mut first = [0_u8; 16];
    first.copy_from_slice(&digest[..16]);
    u128::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        let one = source_key("Club", [Some("ab"), None, Some("c"), None], None);
        let other = source_key("Club", [Some("a"), None, Some("bc"), None], None);
        assert_ne!(one, other);
        assert_ne!(source_key("Club", [None; 4], None), source_key("Club", [Some(""), None, None, None], None));
    }

    #[test]
    fn the_key_is_the_same_in_every_version() {
        let key = source_key("Harbour Rowing Club", [Some("Ann"), None, Some("Lee"), None], Some("1970-01-02"));
        // Computed with another program: SHA-256 over each part's length (32 bits, little-endian; all ones for a missing
        // part) and its bytes.
        assert_eq!(format!("{key:032x}"), "b3ed7088d4295ea95421fba069ec1585");
    }

    #[test]
    fn long_parts_hash_like_short_ones() {
        let long = "x".repeat(1_000);
        assert_ne!(numbered_key("Club", &long), numbered_key("Club", &long[1..]));
        assert_eq!(numbered_key("Club", &long), numbered_key("Club", &long));
    }

    #[test]
    fn a_fingerprint_does_not_see_spaces_at_the_ends() {
        assert_eq!(fingerprint("C", [" Ann ", "Lee"].into_iter()), fingerprint("C", ["Ann", "Lee"].into_iter()));
    }
}
