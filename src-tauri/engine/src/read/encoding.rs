//! Which encoding a text file has, and its bytes as UTF-8.
//!
//! Encodings are those of the WHATWG Encoding Standard. Bytes that an encoding does not have become U+FFFD, and
//! the [`Transcoder`] tells where, so that the reader can tell such a row from one that holds a real U+FFFD.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};

use crate::error::EngineError;

/// An encoding that a person can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferedEncoding {
    /// The label for [`crate::recipe::ReaderOptions::encoding`]
    pub label: &'static str,
    /// The name for people
    pub name: &'static str,
}

macro_rules! offered {
    ($($label:literal = $name:literal),* $(,)?) => {
        /// The encodings to offer, the likely ones first.
        pub const OFFERED_ENCODINGS: &[OfferedEncoding] = &[$(OfferedEncoding { label: $label, name: $name }),*];
    };
}

offered! {
    "utf-8" = "Unicode (UTF-8)",
    "windows-1252" = "Western European (Windows-1252, Latin-1)",
    "utf-16le" = "Unicode (UTF-16, little-endian)",
    "utf-16be" = "Unicode (UTF-16, big-endian)",
    "macintosh" = "Western European (Mac OS Roman)",
    "iso-8859-15" = "Western European (ISO-8859-15, Latin-9)",
    "ibm866" = "Cyrillic (DOS, code page 866)",
    "windows-1250" = "Central European (Windows-1250)",
    "iso-8859-2" = "Central European (ISO-8859-2)",
    "windows-1251" = "Cyrillic (Windows-1251)",
    "koi8-r" = "Cyrillic (KOI8-R)",
    "windows-1253" = "Greek (Windows-1253)",
    "windows-1254" = "Turkish (Windows-1254)",
    "windows-1255" = "Hebrew (Windows-1255)",
    "windows-1256" = "Arabic (Windows-1256)",
    "windows-1257" = "Baltic (Windows-1257)",
    "windows-1258" = "Vietnamese (Windows-1258)",
    "windows-874" = "Thai (Windows-874)",
    "shift_jis" = "Japanese (Shift_JIS)",
    "euc-jp" = "Japanese (EUC-JP)",
    "iso-2022-jp" = "Japanese (ISO-2022-JP)",
    "gb18030" = "Chinese, simplified (GB18030, GBK)",
    "big5" = "Chinese, traditional (Big5)",
    "euc-kr" = "Korean (EUC-KR)",
}

/// The encoding of a label.
///
/// # Errors
/// [`EngineError::UnknownEncoding`] when the Encoding Standard has no such label, or maps it to "replacement".
pub fn by_label(label: &str) -> Result<&'static Encoding, EngineError> {
    Encoding::for_label(label.as_bytes())
        .filter(|&encoding| encoding != REPLACEMENT)
        .ok_or(EngineError::UnknownEncoding)
}

/// The encoding of a text, from its start: a byte order mark, the NULs of UTF-16, valid (or nearly valid) UTF-8,
/// else what chardetng makes of the letters' frequencies, which falls back to windows-1252.
pub fn detect_encoding(sample: &[u8], sample_is_whole_file: bool) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(sample) {
        return encoding;
    }
    if let Some(encoding) = utf16_by_nuls(sample) {
        return encoding;
    }
    let text = if sample_is_whole_file { sample } else { &sample[..whole_characters(sample)] };
    if mostly_utf8(text) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, sample_is_whole_file);
    detector.guess(None, Utf8Detection::Deny)
}

/// UTF-16 without a mark: mostly Latin text has a NUL in every second byte.
fn utf16_by_nuls(sample: &[u8]) -> Option<&'static Encoding> {
    let mut nuls = [0_usize; 2];
    for pair in sample.chunks_exact(2) {
        nuls[0] += usize::from(pair[0] == 0);
        nuls[1] += usize::from(pair[1] == 0);
    }
    let pairs = sample.len() / 2;
    let many = |count: usize| pairs >= 2 && count * 10 >= pairs * 6;
    let few = |count: usize| count * 10 <= pairs;
    match nuls {
        [even, odd] if many(odd) && few(even) => Some(UTF_16LE),
        [even, odd] if many(even) && few(odd) => Some(UTF_16BE),
        _ => None,
    }
}

/// Valid UTF-8, or UTF-8 with a few damaged places: text of another encoding hardly ever has valid sequences of
/// several bytes, so many of them beside few faults are a UTF-8 file that someone damaged.
fn mostly_utf8(text: &[u8]) -> bool {
    let (mut sequences, mut faults) = (0_usize, 0_usize);
    for chunk in text.utf8_chunks() {
        sequences += chunk.valid().bytes().filter(|&byte| byte >= 0xC0).count();
        faults += usize::from(!chunk.invalid().is_empty());
    }
    faults == 0 || sequences >= faults * 5
}

/// How many bytes are whole characters: a character that may be cut off at the end is left out.
fn whole_characters(bytes: &[u8]) -> usize {
    for back in 1..=bytes.len().min(3) {
        let at = bytes.len() - back;
        let width = match bytes[at] {
            0x80..=0xBF => continue,
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => 1,
        };
        return if width > back { at } else { bytes.len() };
    }
    bytes.len()
}

/// Where undecodable bytes were replaced: offsets of the U+FFFDs in the text, ascending.
pub type Replaced = Vec<usize>;

/// A stream of bytes as UTF-8. UTF-8 is validated where it was read to and never copied.
#[derive(Debug)]
pub struct Transcoder<R> {
    input: R,
    way: Way,
    ended: bool,
}

enum Way {
    /// Bytes of a character whose end is not read yet; whether a mark may still come
    Utf8 { cut: Vec<u8>, at_start: bool },
    /// Bytes as read; the decoder keeps a character that was cut off
    Other { decoder: Decoder, bytes: Vec<u8> },
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Way::Utf8 { .. } => "Utf8",
            Way::Other { .. } => "Other",
        })
    }
}

const MARK: &[u8] = b"\xEF\xBB\xBF";

impl<R: Read> Transcoder<R> {
    /// Reads `input` as `encoding`. A byte order mark of that encoding is left out.
    pub fn new(input: R, encoding: &'static Encoding) -> Transcoder<R> {
        let way = if encoding == UTF_8 {
            Way::Utf8 { cut: Vec::new(), at_start: true }
        } else {
            Way::Other { decoder: encoding.new_decoder_with_bom_removal(), bytes: Vec::new() }
        };
        Transcoder { input, way, ended: false }
    }

    /// Whether all of the input has been given out.
    pub fn is_at_end(&self) -> bool {
        self.ended
    }

    /// Appends about `size` bytes' worth of text, less only at the end; notes in `replaced` where bytes could not
    /// be decoded.
    ///
    /// # Errors
    /// When the input fails.
    pub fn read_to(&mut self, text: &mut String, replaced: &mut Replaced, size: usize) -> io::Result<()> {
        if self.ended {
            return Ok(());
        }
        match &mut self.way {
            Way::Utf8 { cut, at_start } => {
                let mut bytes = std::mem::take(text).into_bytes();
                let before = bytes.len();
                bytes.append(cut);
                let fetched = fetch(&mut self.input, &mut bytes, size);
                self.ended = fetched.as_ref().is_ok_and(|&count| count < size);
                if *at_start && (self.ended || bytes.len() - before >= MARK.len()) {
                    *at_start = false;
                    if bytes[before..].starts_with(MARK) {
                        bytes.drain(before..before + MARK.len());
                    }
                }
                if !self.ended {
                    let whole = before + whole_characters(&bytes[before..]);
                    // A mark that is not complete yet must not be given out as text.
                    let whole = if *at_start { before } else { whole };
                    cut.extend(bytes.drain(whole..));
                }
                *text = into_text(bytes, replaced);
                fetched.map(|_| ())
            }
            Way::Other { decoder, bytes } => {
                bytes.clear();
                let fetched = fetch(&mut self.input, bytes, size);
                self.ended = fetched.as_ref().is_ok_and(|&count| count < size);
                decode(decoder, bytes, self.ended, text, replaced);
                fetched.map(|_| ())
            }
        }
    }
}

/// Reads `size` bytes, less only at the end. What was read before an error stays in `bytes`.
fn fetch(input: &mut impl Read, bytes: &mut Vec<u8>, size: usize) -> io::Result<usize> {
    bytes.reserve(size);
    input.by_ref().take(size as u64).read_to_end(bytes)
}

/// The bytes as text; only invalid ones are copied.
fn into_text(bytes: Vec<u8>, replaced: &mut Replaced) -> String {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return text,
        Err(error) => error.into_bytes(),
    };
    let mut text = String::with_capacity(bytes.len() + 64);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            replaced.push(text.len());
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

/// Decodes all bytes; a cut character stays in the decoder.
fn decode(decoder: &mut Decoder, bytes: &[u8], last: bool, text: &mut String, replaced: &mut Replaced) {
    let mut rest = bytes;
    loop {
        text.reserve(
            decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len()) + 4,
        );
        let (result, read) = decoder.decode_to_string_without_replacement(rest, text, last);
        rest = &rest[read..];
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                replaced.push(text.len());
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{GB18030, SHIFT_JIS, WINDOWS_1252};
    use proptest::prelude::*;

    use super::*;

    fn transcode(bytes: &[u8], encoding: &'static Encoding, size: usize) -> (String, Replaced) {
        let mut transcoder = Transcoder::new(bytes, encoding);
        let (mut text, mut replaced) = (String::new(), Vec::new());
        while !transcoder.is_at_end() {
            transcoder.read_to(&mut text, &mut replaced, size).unwrap();
        }
        (text, replaced)
    }

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn every_offered_encoding_is_known_and_unique() {
        for (index, offered) in OFFERED_ENCODINGS.iter().enumerate() {
            let encoding = by_label(offered.label).unwrap();
            assert!(encoding.name().eq_ignore_ascii_case(offered.label), "{}", offered.label);
            assert!(!OFFERED_ENCODINGS[..index].iter().any(|other| other.label == offered.label));
        }
        assert!(matches!(by_label("latin-9000"), Err(EngineError::UnknownEncoding)));
        assert!(matches!(by_label("iso-2022-kr"), Err(EngineError::UnknownEncoding)));
    }

    #[test]
    fn detects_encodings() {
        assert_eq!(detect_encoding(b"name,state\n", true), UTF_8);
        assert_eq!(detect_encoding("José,Łukasz".as_bytes(), true), UTF_8);
        assert_eq!(detect_encoding(&utf16("\u{feff}name", u16::to_le_bytes), true), UTF_16LE);
        assert_eq!(detect_encoding(&utf16("name,José\n", u16::to_le_bytes), true), UTF_16LE);
        assert_eq!(detect_encoding(&utf16("name,José\n", u16::to_be_bytes), true), UTF_16BE);
        assert_eq!(detect_encoding(b"name,city\nJos\xE9,M\xFCnchen\n", true), WINDOWS_1252);
        let (japanese, _, _) =
            SHIFT_JIS.encode("名前,会社\n山田太郎,株式会社サンプル\n佐藤花子,有限会社テスト\n");
        assert_eq!(detect_encoding(&japanese, true), SHIFT_JIS);
        assert_eq!(detect_encoding(b"", true), UTF_8);
    }

    #[test]
    fn a_character_cut_at_the_end_of_the_sample_is_still_utf8() {
        let text = "name\n€ 𝄞".as_bytes();
        for end in 0..text.len() {
            assert_eq!(detect_encoding(&text[..end], false), UTF_8);
        }
        assert_eq!(detect_encoding(b"Jos\xE9", true), WINDOWS_1252);
    }

    #[test]
    fn a_damaged_utf8_file_stays_utf8() {
        let text = [&"José Łukasz Zoë Ñandú Åsa Øyvind".as_bytes().repeat(3)[..], b"\xFF"].concat();
        assert_eq!(detect_encoding(&text, true), UTF_8);
    }

    #[test]
    fn leaves_out_the_mark_at_any_size() {
        for size in 1..9 {
            assert_eq!(transcode(b"\xEF\xBB\xBFa,\xEF\xBB\xBFb", UTF_8, size).0, "a,\u{feff}b");
            assert_eq!(transcode(b"\xEF\xBB", UTF_8, size).0, "\u{fffd}");
            let bytes = utf16("\u{feff}a𝄞", u16::to_be_bytes);
            assert_eq!(transcode(&bytes, UTF_16BE, size), ("a𝄞".to_owned(), vec![]));
        }
    }

    #[test]
    fn tells_where_bytes_were_replaced() {
        for size in 1..9 {
            let (text, replaced) = transcode(b"a\xFFb\xEF\xBF\xBDc\xE2\x82", UTF_8, size);
            assert_eq!(text, "a\u{fffd}b\u{fffd}c\u{fffd}");
            assert_eq!(replaced, [1, 9]);
            let (text, replaced) = transcode(b"\x82\xA0,\x81", SHIFT_JIS, size);
            assert_eq!((text.as_str(), replaced.as_slice()), ("あ,\u{fffd}", &[4][..]));
        }
    }

    #[test]
    fn reads_legacy_encodings() {
        assert_eq!(transcode(b"Jos\xE9 \x80", WINDOWS_1252, 3).0, "José €");
        let (bytes, _, _) = GB18030.encode("张三,𝄞");
        assert_eq!(transcode(&bytes, GB18030, 1).0, "张三,𝄞");
    }

    proptest! {
        #[test]
        fn any_bytes_read_the_same_at_any_size(
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), 0xE0..=0xF4_u8, 0x80..=0xBF_u8], 0..60),
            size in 1..20_usize,
            label in prop::sample::select(OFFERED_ENCODINGS),
        ) {
            let encoding = by_label(label.label).unwrap();
            let whole = transcode(&bytes, encoding, 1_000);
            prop_assert_eq!(&transcode(&bytes, encoding, size), &whole);
            if encoding == UTF_8 {
                let plain = bytes.strip_prefix(MARK).unwrap_or(&bytes);
                prop_assert_eq!(whole.0, String::from_utf8_lossy(plain));
            }
        }
    }
}
