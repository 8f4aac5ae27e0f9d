//! Dirt of single values, as lists that were kept by hand have it.

use super::names::MISSING_COMPANY;
use super::random::{Draws, Rate};
use super::record::{Case, Cell, Kind, Order, Record, StateForm};
use super::slips::{MIDDLES, SUFFIXES, TITLES};
use super::{Layout, SampleSettings};

/// Dates that cannot all be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suspect {
    JoinedBeforeBirth,
    ActiveBeforeJoined,
    BornInFuture,
    ImplausibleAge,
}

/// The rates of a sample's settings, ready to be drawn from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rates {
    suspects: [(Suspect, Rate); 4],
    names: Rate,
    unknown_company: Rate,
    unreadable: Rate,
    null_words: Rate,
    state_variants: Rate,
    spaces: Rate,
    letter_case: Rate,
    invisible: Rate,
    no_name: Rate,
}

impl Rates {
    /// The rates of a sample's settings.
    pub(super) fn of(settings: &SampleSettings) -> Rates {
        let (suspects, dirt) = (&settings.suspects, &settings.dirt);
        Rates {
            suspects: [
                (Suspect::JoinedBeforeBirth, Rate::of(suspects.joined_before_birth)),
                (Suspect::ActiveBeforeJoined, Rate::of(suspects.active_before_joined)),
                (Suspect::BornInFuture, Rate::of(suspects.born_in_future)),
                (Suspect::ImplausibleAge, Rate::of(suspects.implausible_age)),
            ],
            names: Rate::of(dirt.decorated_names),
            unknown_company: Rate::of(dirt.unknown_company),
            unreadable: Rate::of(dirt.unreadable),
            null_words: Rate::of(dirt.null_words),
            state_variants: Rate::of(dirt.state_variants),
            spaces: Rate::of(dirt.spaces),
            letter_case: Rate::of(dirt.letter_case),
            invisible: Rate::of(dirt.invisible),
            no_name: Rate::of(dirt.no_name),
        }
    }

    /// What kind of suspect the next record is, if any.
    pub(super) fn suspect(self, draws: &mut Draws) -> Option<Suspect> {
        self.suspects.into_iter().find(|&(_, rate)| draws.chance(rate)).map(|(suspect, _)| suspect)
    }
}

/// Titles, suffixes, nicknames and `Last, First`: how a person's name stands in a list that has it in one column.
/// `draws` belong to the person, so that a repeated member's name is the same again.
pub(super) fn decorate_name(record: &mut Record, nickname: &'static str, rates: Rates, mut draws: Draws) {
    if !draws.chance(rates.names) {
        return;
    }
    let sex = usize::from(record.is_woman);
    let way = draws.below(100);
    if way < 35 || (70..80).contains(&way) {
        record.title = draws.pick(TITLES[sex]);
        record.kinds.add(Kind::Title);
    }
    if (35..80).contains(&way) {
        record.suffix = draws.pick(SUFFIXES[sex]);
        record.kinds.add(Kind::Suffix);
    }
    if (80..92).contains(&way) && !nickname.is_empty() {
        record.nickname = nickname;
        record.parentheses = draws.below(2) == 0;
        record.kinds.add(Kind::QuotedNickname);
    }
    if way >= 92 {
        record.order = Order::LastFirst;
        record.middle = draws.pick(MIDDLES);
        record.kinds.add(Kind::LastFirst);
        record.kinds.add(Kind::Middle);
    }
}

/// A company that the list of companies lacks.
pub(super) fn lose_company(record: &mut Record, rates: Rates, draws: &mut Draws) {
    if draws.chance(rates.unknown_company) {
        record.company = Cell::Value(MISSING_COMPANY);
        record.kinds.add(Kind::UnknownCompany);
    }
}

/// Dirt that changes how values are written and, with `values`, makes some unreadable or missing.
pub(super) fn soil(record: &mut Record, layout: Layout, rates: Rates, values: bool, draws: &mut Draws) {
    if values {
        soil_values(record, layout, rates, draws);
    }
    soil_writing(record, layout, rates, draws);
    if values && draws.chance(rates.no_name) {
        drop_name(record);
    }
}

fn soil_values(record: &mut Record, layout: Layout, rates: Rates, draws: &mut Draws) {
    if draws.chance(rates.unreadable) {
        make_unreadable(record, layout, draws);
    }
    if draws.chance(rates.null_words) {
        let word = draws.pick(&["n/a", "N/A", "NULL", "-"]);
        match draws.below(3) {
            0 if !record.score.is_unreadable() => record.score = Cell::NullWord(word),
            1 if !record.last_active.is_unreadable() => record.last_active = Cell::NullWord(word),
            _ if !record.state.is_unreadable() => record.state = Cell::NullWord(word),
            _ => return,
        }
        record.kinds.add(Kind::NullWord);
    }
}

fn soil_writing(record: &mut Record, layout: Layout, rates: Rates, draws: &mut Draws) {
    if draws.chance(rates.state_variants) && record.state.value().is_some() {
        record.state_form = draws.pick(&[StateForm::Other, StateForm::Lower, StateForm::Upper]);
        // Codes are capitals anyway.
        if layout == Layout::Rowing && record.state_form == StateForm::Upper {
            record.state_form = StateForm::Other;
        }
        record.kinds.add(Kind::StateVariant);
    }
    if draws.chance(rates.spaces) {
        record.spaces = true;
        record.kinds.add(Kind::Spaces);
    }
    if draws.chance(rates.letter_case) {
        record.case = draws.pick(&[Case::Upper, Case::Lower]);
        record.kinds.add(Kind::LetterCase);
    }
    if draws.chance(rates.invisible) {
        let place = record.given.chars().next().map_or(0, char::len_utf8);
        record.given.insert(place, '\u{200b}');
        record.kinds.add(Kind::Invisible);
    }
}

fn make_unreadable(record: &mut Record, layout: Layout, draws: &mut Draws) {
    let dates = match layout {
        Layout::Rowing => ["1999/02/30", "1988/13/45", "1977/00/12", "spring of 1982"],
        Layout::Chess => ["02/30/1999", "13/45/1988", "00/12/1977", "summer of 1975"],
    };
    match draws.below(4) {
        0 => {
            record.birth = Cell::Unreadable(draws.pick(&dates));
            record.kinds.add(Kind::BadBirth);
        }
        1 => {
            record.last_active = Cell::Unreadable(draws.pick(&[dates[0], dates[1], "a while ago"]));
            record.kinds.add(Kind::BadActive);
        }
        2 => {
            record.score = Cell::Unreadable(draws.pick(&["7O", "8.5.1", "sixty", "5l"]));
            record.kinds.add(Kind::BadScore);
        }
        _ => {
            record.state = Cell::Unreadable(draws.pick(&["Ontario", "ZZ", "Atlantis", "Avalon"]));
            record.kinds.add(Kind::BadState);
        }
    }
}

/// A row without a name has nothing that goes with one.
fn drop_name(record: &mut Record) {
    record.given.clear();
    record.family.clear();
    (record.title, record.nickname, record.middle, record.suffix) = ("", "", "", "");
    (record.order, record.case, record.spaces) = (Order::Usual, Case::Usual, false);
    record.kinds.remove(&[
        Kind::Title,
        Kind::Suffix,
        Kind::QuotedNickname,
        Kind::Middle,
        Kind::LastFirst,
        Kind::Particle,
        Kind::Namesake,
        Kind::LetterCase,
        Kind::Spaces,
        Kind::Invisible,
    ]);
    record.kinds.add(Kind::NoName);
}
