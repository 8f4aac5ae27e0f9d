//! A record as a line of its club's list.

use super::Layout;
use super::names::{COMPANIES, STATES};
use super::people::Day;
use super::record::{Case, Cell, Kind, Order, Record, StateForm};

impl Layout {
    /// Name of the file.
    pub(super) const fn file_name(self) -> &'static str {
        match self {
            Layout::Rowing => "harbour_rowing_club.csv",
            Layout::Chess => "prairie_chess_league.tsv",
        }
    }

    /// The header's line.
    pub(super) const fn header(self) -> &'static str {
        match self {
            Layout::Rowing => "first_name,last_name,dob,company_id,last_active,score,member_since,state\n",
            Layout::Chess => "name\tdate_of_birth\tcompany_id\tlast_active\tscore\tjoined_league\tus_state\n",
        }
    }

    const fn delimiter(self) -> char {
        match self {
            Layout::Rowing => ',',
            Layout::Chess => '\t',
        }
    }
}

/// Writes lines; keeps the memory of a cell between them.
#[derive(Debug)]
pub(super) struct Renderer {
    layout: Layout,
    cell: String,
}

impl Renderer {
    /// A writer of a club's lines.
    pub(super) fn new(layout: Layout) -> Renderer {
        Renderer { layout, cell: String::new() }
    }

    /// Appends the record's line.
    pub(super) fn line(&mut self, record: &Record, out: &mut Vec<u8>) {
        if record.kinds.has(Kind::UnbalancedQuote) {
            out.push(b'"');
        }
        match self.layout {
            Layout::Rowing => self.two_names(record, out),
            Layout::Chess => self.full_name(record, out),
        }
        if record.kinds.has(Kind::InvalidUtf8) {
            // An é of Latin-1, which is half a character in UTF-8.
            out.push(0xe9);
        }
        let delimiter = self.layout.delimiter() as u8;
        out.push(delimiter);
        self.date(record.birth, out);
        out.push(delimiter);
        number(record.company, out);
        out.push(delimiter);
        self.date(record.last_active, out);
        out.push(delimiter);
        number(record.score, out);
        out.push(delimiter);
        number(cell_map(record.since, u32::from), out);
        if !record.kinds.has(Kind::MissingCells) {
            out.push(delimiter);
            self.state(record, out);
        }
        if record.kinds.has(Kind::SurplusCells) {
            out.push(delimiter);
            out.extend_from_slice(b"moved here from the old list");
        }
        out.push(b'\n');
    }

    fn two_names(&mut self, record: &Record, out: &mut Vec<u8>) {
        let (mut given, mut family) = (record.given.as_str(), record.family.as_str());
        if record.order == Order::Swapped {
            (given, family) = (family, given);
        }
        let (before, after) = if record.spaces { (" ", "  ") } else { ("", "") };
        self.cell.push_str(before);
        self.parts(record, &[record.title, given, record.middle], " ");
        self.finish_cell(record.case, out);
        out.push(b',');
        self.parts(record, &[family, record.suffix], " ");
        self.cell.push_str(after);
        self.finish_cell(record.case, out);
    }

    fn full_name(&mut self, record: &Record, out: &mut Vec<u8>) {
        let (given, family) = (record.given.as_str(), record.family.as_str());
        let (edge, between) = if record.spaces { (" ", "  ") } else { ("", " ") };
        self.cell.push_str(edge);
        match record.order {
            Order::Usual => {
                self.parts(record, &[record.title, given, record.middle, family, record.suffix], between);
            }
            Order::Swapped => {
                self.parts(record, &[record.title, family, given, record.middle, record.suffix], between);
            }
            Order::LastFirst => {
                self.parts(record, &[family], between);
                self.cell.push(',');
                self.cell.push_str(between);
                self.parts(record, &[given, record.middle], between);
            }
        }
        self.cell.push_str(edge);
        self.finish_cell(record.case, out);
    }

    /// Appends the parts that there are, the nickname after the given name.
    fn parts(&mut self, record: &Record, parts: &[&str], between: &str) {
        let mut first = true;
        for part in parts.iter().filter(|part| !part.is_empty()) {
            if !std::mem::take(&mut first) {
                self.cell.push_str(between);
            }
            self.cell.push_str(part);
            if !record.nickname.is_empty() && std::ptr::eq(*part, record.given.as_str()) {
                let (open, close) = if record.parentheses { ('(', ')') } else { ('"', '"') };
                self.cell.push_str(between);
                self.cell.push(open);
                self.cell.push_str(record.nickname);
                self.cell.push(close);
            }
        }
    }

    fn finish_cell(&mut self, case: Case, out: &mut Vec<u8>) {
        match case {
            Case::Usual => {}
            Case::Upper => self.cell = self.cell.to_uppercase(),
            Case::Lower => self.cell = self.cell.to_lowercase(),
        }
        quoted(&self.cell, self.layout.delimiter(), out);
        self.cell.clear();
    }

    fn date(&self, cell: Cell<Day>, out: &mut Vec<u8>) {
        let Some(Day { year, month, day }) = cell.value() else {
            return other_text(cell, out);
        };
        let two = |part: u8| [b'0' + part / 10, b'0' + part % 10];
        let ([m1, m2], [d1, d2]) = (two(month), two(day));
        match self.layout {
            Layout::Rowing => {
                digits(u64::from(year), out);
                out.extend_from_slice(&[b'/', m1, m2, b'/', d1, d2]);
            }
            Layout::Chess => {
                out.extend_from_slice(&[m1, m2, b'/', d1, d2, b'/']);
                digits(u64::from(year), out);
            }
        }
    }

    fn state(&self, record: &Record, out: &mut Vec<u8>) {
        let Some(state) = record.state.value() else {
            return other_text(record.state, out);
        };
        let (code, name) = STATES[state];
        let (usual, other) = match self.layout {
            Layout::Rowing => (code, name),
            Layout::Chess => (name, code),
        };
        match record.state_form {
            StateForm::Usual => out.extend_from_slice(usual.as_bytes()),
            StateForm::Other => out.extend_from_slice(other.as_bytes()),
            StateForm::Lower => out.extend(usual.bytes().map(|byte| byte.to_ascii_lowercase())),
            StateForm::Upper => out.extend(usual.bytes().map(|byte| byte.to_ascii_uppercase())),
        }
    }
}

fn cell_map<T: Copy, U>(cell: Cell<T>, to: impl Fn(T) -> U) -> Cell<U> {
    match cell {
        Cell::Missing => Cell::Missing,
        Cell::Value(value) => Cell::Value(to(value)),
        Cell::NullWord(word) => Cell::NullWord(word),
        Cell::Unreadable(text) => Cell::Unreadable(text),
    }
}

fn number(cell: Cell<u32>, out: &mut Vec<u8>) {
    match cell.value() {
        Some(value) => digits(u64::from(value), out),
        None => other_text(cell, out),
    }
}

/// Appends a number in figures.
pub(super) fn digits(mut number: u64, out: &mut Vec<u8>) {
    let start = out.len();
    loop {
        out.push(b'0' + (number % 10) as u8);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out[start..].reverse();
}

fn other_text<T>(cell: Cell<T>, out: &mut Vec<u8>) {
    if let Cell::NullWord(text) | Cell::Unreadable(text) = cell {
        out.extend_from_slice(text.as_bytes());
    }
}

/// Appends a cell, in quotes where it needs them (RFC 4180).
fn quoted(text: &str, delimiter: char, out: &mut Vec<u8>) {
    if !text.contains(['"', delimiter]) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// The list of companies, whole.
pub(super) fn companies() -> Vec<u8> {
    let mut out = b"id,name\n".to_vec();
    for &(id, name) in COMPANIES {
        digits(u64::from(id), &mut out);
        out.push(b',');
        quoted(name, ',', &mut out);
        out.push(b'\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(layout: Layout, record: &Record) -> String {
        let mut out = Vec::new();
        Renderer::new(layout).line(record, &mut out);
        String::from_utf8(out).unwrap()
    }

    fn record() -> Record {
        Record {
            given: "Robert".to_owned(),
            family: "Moss".to_owned(),
            birth: Cell::Value(Day { year: 1967, month: 3, day: 26 }),
            company: Cell::Value(3),
            last_active: Cell::Value(Day { year: 2023, month: 12, day: 1 }),
            score: Cell::Value(57),
            since: Cell::Value(2013),
            state: Cell::Value(0),
            ..Record::default()
        }
    }

    #[test]
    fn writes_both_layouts() {
        assert_eq!(line(Layout::Rowing, &record()), "Robert,Moss,1967/03/26,3,2023/12/01,57,2013,AL\n");
        assert_eq!(
            line(Layout::Chess, &record()),
            "Robert Moss\t03/26/1967\t3\t12/01/2023\t57\t2013\tAlabama\n"
        );
    }

    #[test]
    fn writes_decorated_names() {
        let nicknamed = Record { nickname: "Bob", title: "Dr.", suffix: "MD", ..record() };
        assert!(line(Layout::Chess, &nicknamed).starts_with("\"Dr. Robert \"\"Bob\"\" Moss MD\"\t"));
        let turned = Record { order: Order::LastFirst, middle: "J.", ..record() };
        assert!(line(Layout::Chess, &turned).starts_with("Moss, Robert J.\t"));
        let loud = Record { case: Case::Upper, spaces: true, ..record() };
        assert!(line(Layout::Chess, &loud).starts_with(" ROBERT  MOSS \t"));
        assert!(line(Layout::Rowing, &loud).starts_with(" ROBERT,MOSS  ,"));
    }
}
