//! Texts kept once and named by numbers.

use xxhash_rust::xxh3::xxh3_64;

/// Number of a missing value.
pub(crate) const MISSING: u32 = 0;

/// The distinct texts of a column, in one piece of memory. Numbers start at 1, in the order of first sight.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values {
    text: String,
    /// One past the end of each text; the first entry belongs to [`MISSING`]
    ends: Vec<u32>,
    /// Open addressing; 0 is free. Always a power of two, at most half full.
    slots: Vec<u32>,
}

impl Values {
    /// The number of a text, which is kept if it is new. An empty text is [`MISSING`], and so is one that would
    /// take the texts beyond 4 GiB.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        if self.ends.is_empty() {
            self.ends.push(0);
        }
        if text.is_empty() {
            return MISSING;
        }
        if self.ends.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let slot = self.slot_of(text);
        if self.slots[slot] != MISSING {
            return self.slots[slot];
        }
        let (Ok(end), Ok(number)) =
            (u32::try_from(self.text.len() + text.len()), u32::try_from(self.ends.len()))
        else {
            return MISSING;
        };
        self.text.push_str(text);
        self.ends.push(end);
        self.slots[slot] = number;
        number
    }

    /// The number of a text that is known.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        Some(self.slots[self.slot_of(text)]).filter(|&number| number != MISSING)
    }

    /// The text of a number.
    #[inline]
    pub(crate) fn text(&self, number: u32) -> &str {
        let number = number as usize;
        if number == 0 {
            return "";
        }
        &self.text[self.ends[number - 1] as usize..self.ends[number] as usize]
    }

    /// One past the largest number.
    pub(crate) fn len(&self) -> usize {
        self.ends.len().max(1)
    }

    fn slot_of(&self, text: &str) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = xxh3_64(text.as_bytes()) as usize & mask;
        while self.slots[slot] != MISSING && self.text(self.slots[slot]) != text {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        self.slots = vec![MISSING; (self.ends.len() * 4).next_power_of_two().max(16)];
        for number in 1..self.ends.len() as u32 {
            let slot = self.slot_of(self.text(number));
            self.slots[slot] = number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_a_number() {
        let mut values = Values::default();
        let numbers: Vec<u32> = (0..1_000).map(|i| values.intern(&format!("v{}", i % 500))).collect();
        assert_eq!(numbers[..500], numbers[500..]);
        assert_eq!(values.intern(""), MISSING);
        assert_eq!(values.text(numbers[7]), "v7");
        assert_eq!(values.find("v499"), Some(numbers[499]));
        assert_eq!(values.find("v500"), None);
        assert_eq!(values.len(), 501);
    }
}
