//! Short texts, copied without a call.
//!
//! A copy of a length that the compiler knows is two or four moves; one of any other length is a call that looks at the
//! length first. For the short cells of lists the call costs more than the copy, so a fixed number of bytes is copied,
//! and the next text is written over those that were too many.

/// Bytes of the longest [`Piece`].
pub(crate) const PIECE: usize = 32;

/// A text of at most [`PIECE`] bytes, together with what happens to stand behind it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece<'t> {
    bytes: &'t [u8; PIECE],
    len: usize,
}

impl<'t> Piece<'t> {
    /// No text.
    pub(crate) const EMPTY: Piece<'static> = Piece { bytes: &[0; PIECE], len: 0 };

    /// A piece of a text; `None` where it is too long, or too close to the text's end.
    #[inline]
    pub(crate) fn new(text: &'t [u8], start: usize, end: usize) -> Option<Piece<'t>> {
        let len = end.checked_sub(start).filter(|&len| len <= PIECE)?;
        if len == 0 {
            return Some(Piece::EMPTY);
        }
        Some(Piece { bytes: text.get(start..)?.first_chunk()?, len })
    }

    /// Bytes.
    #[inline]
    pub(crate) fn len(self) -> usize {
        self.len
    }
}

/// A line in the making, at most `ROOM` bytes long. Whatever does not fit is not written, and said so by `None`.
#[derive(Debug, Clone)]
pub(crate) struct Line<const ROOM: usize> {
    bytes: [u8; ROOM],
    len: usize,
}

impl<const ROOM: usize> Line<ROOM> {
    /// An empty line.
    pub(crate) const fn new() -> Self {
        Line { bytes: [0; ROOM], len: 0 }
    }

    /// Cuts the line to a length that it had before.
    #[inline]
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// What was written.
    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// Appends a piece.
    #[inline]
    pub(crate) fn push_piece(&mut self, piece: Piece<'_>) -> Option<()> {
        self.push_start(piece.bytes, piece.len)
    }

    /// Appends the first `len` bytes of an array.
    #[inline]
    pub(crate) fn push_start<const N: usize>(&mut self, bytes: &[u8; N], len: usize) -> Option<()> {
        *self.bytes.get_mut(self.len..)?.first_chunk_mut()? = *bytes;
        self.len += len.min(N);
        Some(())
    }

    /// Appends a whole array.
    #[inline]
    pub(crate) fn push<const N: usize>(&mut self, bytes: &[u8; N]) -> Option<()> {
        self.push_start(bytes, N)
    }

    /// Appends a number in decimal figures.
    #[inline]
    pub(crate) fn push_number(&mut self, number: u64) -> Option<()> {
        const MOST: usize = 20;
        // The figures are written from the end, and copied with what stands behind them.
        let mut figures = [0; 2 * MOST];
        let (mut at, mut rest) = (MOST, number);
        loop {
            at -= 1;
            *figures.get_mut(at)? = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.push_start(figures.get(at..)?.first_chunk::<MOST>()?, MOST - at)
    }

    /// Appends bytes of any number.
    #[inline]
    pub(crate) fn push_slice(&mut self, bytes: &[u8]) -> Option<()> {
        self.bytes.get_mut(self.len..self.len + bytes.len())?.copy_from_slice(bytes);
        self.len += bytes.len();
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_pieces_one_behind_the_other() {
        let text = b"Ann,Lee,and much more text than thirty-two bytes";
        let mut line = Line::<80>::new();
        for (start, end) in [(0, 3), (3, 3), (4, 7)] {
            line.push_piece(Piece::new(text, start, end).unwrap()).unwrap();
            line.push(b",").unwrap();
        }
        assert_eq!(line.as_bytes(), b"Ann,,Lee,");
        line.truncate(4);
        line.push_slice(b"x").unwrap();
        assert_eq!(line.as_bytes(), b"Ann,x");
    }

    #[test]
    fn writes_numbers() {
        let mut line = Line::<160>::new();
        for number in [0, 7, 10, 1_234_567, u64::MAX] {
            line.push_number(number).unwrap();
            line.push(b" ").unwrap();
        }
        assert_eq!(line.as_bytes(), b"0 7 10 1234567 18446744073709551615 ");
    }

    #[test]
    fn what_does_not_fit_is_not_written() {
        let text = [b'x'; 40];
        assert!(Piece::new(&text, 0, 33).is_none());
        assert!(Piece::new(&text, 9, 10).is_none());
        assert!(Piece::new(&text, 2, 1).is_none());
        let mut line = Line::<33>::new();
        line.push_piece(Piece::new(&text, 8, 10).unwrap()).unwrap();
        assert!(line.push_piece(Piece::new(&text, 8, 10).unwrap()).is_none());
        assert!(line.push_slice(&text).is_none());
        assert_eq!(line.as_bytes(), b"xx");
    }
}
