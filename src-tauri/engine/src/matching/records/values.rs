//! Texts kept once and named by numbers.

use xxhash_rust::xxh3::xxh3_64;

/// Number of a missing value.
pub(crate) const MISSING: u32 = 0;

/// What tells most texts apart without reading them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shape {
    /// Which letters and digits occur; all bits set where a text has other characters
    set: u32,
    /// Bytes, as far as they fit
    length: u8,
    first: u8,
}

impl Shape {
    fn of(text: &str) -> Shape {
        let bit = |byte: u8| match byte {
            b'a'..=b'z' => 1 << (byte - b'a'),
            b'0'..=b'9' => 1 << (26 + (byte - b'0') % 5),
            _ => 1 << 31,
        };
        let set = if text.is_ascii() { text.bytes().fold(0, |set, byte| set | bit(byte)) } else { u32::MAX };
        Shape {
            set,
            length: text.len().min(usize::from(u8::MAX)) as u8,
            first: text.bytes().next().unwrap_or_default(),
        }
    }

    /// Characters that one has and the other has not, at least.
    #[inline]
    fn surplus(self, other: Shape) -> [u32; 2] {
        if self.set == u32::MAX || other.set == u32::MAX {
            return [0; 2];
        }
        [(self.set & !other.set).count_ones(), (other.set & !self.set).count_ones()]
    }

    /// Whether the Jaro-Winkler similarity may reach `least` (above 0.7), by the characters that cannot match.
    #[inline]
    pub(crate) fn may_be_alike(self, other: Shape, least: f32) -> bool {
        if self.set == u32::MAX || other.set == u32::MAX || self.length == u8::MAX || other.length == u8::MAX
        {
            return true;
        }
        let [more, fewer] = self.surplus(other);
        let (a, b) = (f32::from(self.length), f32::from(other.length));
        let matches = (a - more as f32).min(b - fewer as f32);
        let jaro = (matches / a + matches / b + 1.0) / 3.0;
        let prefix = if self.first == other.first { 0.4 } else { 0.0 };
        jaro + prefix * (1.0 - jaro) > least - 0.001
    }

    /// Whether they may be at most `edits` edits apart.
    #[inline]
    pub(crate) fn may_be_edits(self, other: Shape, edits: u32) -> bool {
        let [more, fewer] = self.surplus(other);
        more.max(fewer) <= edits
            && (self.set == u32::MAX
                || other.set == u32::MAX
                || u32::from(self.length.abs_diff(other.length)) <= edits)
    }
}

/// The distinct texts of a column, in one piece of memory. Numbers start at 1, in the order of first sight.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values {
    text: String,
    /// One past the end of each text; the first entry belongs to [`MISSING`]
    ends: Vec<u32>,
    shapes: Vec<Shape>,
    /// Open addressing; 0 is free. Always a power of two, at most half full.
    slots: Vec<u32>,
}

impl Values {
    /// The number of a text, which is kept if it is new. An empty text is [`MISSING`], and so is one that would
    /// take the texts beyond 4 GiB.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        if self.ends.is_empty() {
            self.ends.push(0);
            self.shapes.push(Shape::default());
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
        self.shapes.push(Shape::of(text));
        self.slots[slot] = number;
        number
    }

    /// What is known of a text without reading it.
    #[inline]
    pub(crate) fn shape(&self, number: u32) -> Shape {
        self.shapes.get(number as usize).copied().unwrap_or_default()
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
        assert_eq!(values.len(), 501);
    }
}
