//! Which target each column of a file has, how sure that is, and why.
//!
//! For every column and target the header is judged (`matching`) and the values are ([`Look`]). Both make one
//! confidence; the surest pair of all is taken first, then the next of what is left, so that a target has one column.

use serde::{Deserialize, Serialize};

use super::header::{is_meaningless, normalise_header};
use super::look::Look;
use super::matching::{HeaderMatch, How, header_matches, is_of_something_else};
use super::profile::FileProfile;
use crate::field::Target;
use crate::recipe::Dimension;

pub use super::header::header_shape;

/// Confidence below which nothing is suggested.
const LEAST: f64 = 0.4;
/// What the header alone gives; values that agree wholly add the rest.
const HEADER_ALONE: f64 = 0.3;
/// Confidence in a header over a column without values.
const UNSEEN: f64 = 0.75;

/// What a column is, as Muster sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The target; `None` keeps the column as extra
    pub target: Option<Target>,
    /// How sure, 0 to 1; 1 only where the header and all values agree. 0 without a target.
    pub confidence: f64,
    /// Why, in words for a person
    pub why: String,
}

/// A column that could have a target.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    column: usize,
    target: Target,
    confidence: f64,
    /// How the header was recognised; `None` where only the look speaks
    by_header: Option<HeaderMatch>,
}

/// Suggests a target for each column; `profile` has the columns of `header`. With a role, targets are those of a dimension.
pub fn suggest(header: &[String], profile: &FileProfile, role: Option<Dimension>) -> Vec<Suggestion> {
    let looks = looks(header, profile);
    let mut candidates = match role {
        None => member_candidates(header, &looks),
        Some(Dimension::Company) => dimension_candidates(header, &looks),
    };
    // The same whatever the order of the columns, unless two are equally sure.
    candidates.sort_by(|one, other| {
        let strength = |candidate: &Candidate| candidate.by_header.map_or(0.0, |found| found.score);
        other
            .confidence
            .total_cmp(&one.confidence)
            .then(strength(other).total_cmp(&strength(one)))
            .then(one.target.cmp(&other.target))
            .then(one.column.cmp(&other.column))
    });
    let mut chosen: Vec<Option<Candidate>> = vec![None; header.len()];
    for candidate in &candidates {
        let is_taken = chosen.iter().flatten().any(|other| clash(other.target, candidate.target));
        if candidate.confidence >= LEAST && chosen[candidate.column].is_none() && !is_taken {
            chosen[candidate.column] = Some(*candidate);
        }
    }
    let describe = |column: usize| match chosen[column] {
        Some(candidate) => Suggestion {
            target: Some(candidate.target),
            confidence: candidate.confidence,
            why: why(&header[column], &candidate, &looks[column]),
        },
        None => {
            Suggestion { target: None, confidence: 0.0, why: why_not(header, column, &candidates, &chosen) }
        }
    };
    (0..header.len()).map(describe).collect()
}

/// Whether a file is a dimension: just an id and the name of a company.
pub fn detect_role(header: &[String], profile: &FileProfile) -> Option<Dimension> {
    let [one, other] = header else { return None };
    let looks = looks(header, profile);
    let [one_look, other_look] = &looks[..] else { return None };
    let fits = |header: &str, target| {
        let found = header_matches(header, Some(Dimension::Company));
        found.iter().any(|found| found.target == target && found.score >= 0.6)
    };
    let name_look = if fits(one, Target::Id) && fits(other, Target::Name) {
        other_look
    } else if fits(other, Target::Id) && fits(one, Target::Name) {
        one_look
    } else {
        return None;
    };
    // An id and the names of people are a list of members.
    let says_company = header.iter().any(|name| {
        let name = normalise_header(name);
        ["company", "employer", "org", "firm", "business"].iter().any(|word| name.contains(word))
    });
    let people = name_look.full_name > 0.8 && name_look.known_given > 0.5;
    (says_company || !people).then_some(Dimension::Company)
}

/// Targets that a mapping still needs: a full name, where there is neither that nor a given or family name; for a
/// dimension's columns, its id and name.
pub fn required_missing(targets: &[Option<Target>]) -> Vec<Target> {
    let has = |target| targets.contains(&Some(target));
    if has(Target::Id) || has(Target::Name) {
        return [Target::Id, Target::Name].into_iter().filter(|&target| !has(target)).collect();
    }
    let named = [Target::FullName, Target::GivenName, Target::FamilyName].into_iter().any(has);
    if named { Vec::new() } else { vec![Target::FullName] }
}

/// A full name fills the parts of the name, so a file has one or the others.
fn clash(taken: Target, target: Target) -> bool {
    let part = |target| matches!(target, Target::GivenName | Target::FamilyName);
    taken == target
        || (taken == Target::FullName && part(target))
        || (part(taken) && target == Target::FullName)
}

fn looks(header: &[String], profile: &FileProfile) -> Vec<Look> {
    let mut looks: Vec<Look> =
        profile.columns().iter().take(header.len()).map(super::profile::ColumnProfile::look).collect();
    looks.resize(header.len(), Look::default());
    looks
}

fn member_candidates(header: &[String], looks: &[Look]) -> Vec<Candidate> {
    let mut matches: Vec<Vec<HeaderMatch>> = header.iter().map(|name| header_matches(name, None)).collect();
    let has = |matches: &[Vec<HeaderMatch>], target| {
        matches.iter().flatten().any(|found| found.target == target && found.score >= 0.6)
    };
    // "Name, Vorname": the whole name is what the file has no column for.
    if has(&matches, Target::GivenName) && !has(&matches, Target::FamilyName) {
        for (matches, _) in matches.iter_mut().zip(looks).filter(|(_, look)| look.full_name < 0.4) {
            for found in matches.iter_mut().filter(|found| found.target == Target::FullName) {
                *found = HeaderMatch { target: Target::FamilyName, score: found.score * 0.9, ..*found };
            }
        }
    }
    let split = has(&matches, Target::GivenName) && has(&matches, Target::FamilyName);
    let mut candidates = Vec::new();
    for (column, look) in looks.iter().enumerate() {
        for found in &matches[column] {
            if split && found.target == Target::FullName {
                continue;
            }
            let confidence = if look.values == 0 {
                found.score * UNSEEN
            } else {
                found.score * (HEADER_ALONE + (1.0 - HEADER_ALONE) * agreement(found.target, look))
            };
            candidates.push(Candidate { column, target: found.target, confidence, by_header: Some(*found) });
        }
        for (target, likelihood) in likely_targets(look) {
            let unneeded =
                split && matches!(target, Target::FullName | Target::GivenName | Target::FamilyName);
            let weight =
                if unneeded { 0.0 } else { weight_of_look(&header[column], &matches[column], target) };
            if weight > 0.0 {
                candidates.push(Candidate {
                    column,
                    target,
                    confidence: likelihood * weight,
                    by_header: None,
                });
            }
        }
    }
    candidates
}

fn dimension_candidates(header: &[String], looks: &[Look]) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (column, look) in looks.iter().enumerate() {
        for found in header_matches(&header[column], Some(Dimension::Company)) {
            let confidence = if look.values == 0 {
                found.score * UNSEEN
            } else {
                found.score * (HEADER_ALONE + (1.0 - HEADER_ALONE) * agreement(found.target, look))
            };
            candidates.push(Candidate { column, target: found.target, confidence, by_header: Some(found) });
        }
        // Two columns without a header: what differs in every row and is a code, is the id.
        if is_meaningless(&normalise_header(&header[column])) && look.values > 0 {
            let id = 0.6 * look.distinct * look.code;
            candidates.push(Candidate { column, target: Target::Id, confidence: id, by_header: None });
            let name = 0.6 * (1.0 - look.number);
            candidates.push(Candidate { column, target: Target::Name, confidence: name, by_header: None });
        }
    }
    candidates
}

/// How far the values agree with a target, 0 to 1.
fn agreement(target: Target, look: &Look) -> f64 {
    match target {
        // A column that says "name" and has one word a row is worth a look, not a refusal.
        Target::FullName => look.full_name.max(0.4 * look.name),
        // Numbers in a form that Muster does not read are still meant as such: bad values are shown, not hidden.
        Target::Phone => look.phone.max(0.6 * look.figures),
        Target::BirthDate => look.date.max(0.8 * look.serial).max(0.6 * look.year).max(0.4 * look.figures),
        Target::LastActive => look.date.max(0.8 * look.serial).max(0.7 * look.year).max(0.4 * look.figures),
        Target::MemberSince => {
            (look.date + look.year).min(1.0).max(0.8 * look.serial).max(0.4 * look.figures)
        }
        _ => share(target, look).0,
    }
}

/// The share of a column's values that are what a target wants, and what they are called.
fn share(target: Target, look: &Look) -> (f64, &'static str) {
    match target {
        Target::FullName => (look.full_name, "are names of several words"),
        Target::GivenName | Target::MiddleName | Target::FamilyName | Target::PreferredName => {
            (look.name, "look like names")
        }
        Target::Prefix => (look.title, "are titles"),
        Target::Suffix => (look.suffix, "are suffixes of names"),
        Target::BirthDate | Target::LastActive => (look.date, "are dates"),
        Target::MemberSince => ((look.date + look.year).min(1.0), "are dates or years"),
        Target::Company | Target::Name => {
            (1.0 - look.email.max(look.date).max(look.phone), "are text or numbers, as for companies")
        }
        Target::State => (look.state, "are US states"),
        Target::Email => (look.email, "are e-mail addresses"),
        Target::Phone => (look.phone, "are phone numbers"),
        Target::Score => (look.number, "are numbers"),
        Target::SourceKey | Target::Id => {
            (look.distinct * look.code, "are codes that differ from each other")
        }
    }
}

/// What speaks for trusting the values without their header: all where it says nothing; only what is unmistakable where
/// it is unknown, or where it promises something else.
fn weight_of_look(header: &str, matches: &[HeaderMatch], target: Target) -> f64 {
    let normalised = normalise_header(header);
    if is_meaningless(&normalised) {
        return 0.8;
    }
    let unmistakable = matches!(target, Target::Email | Target::Phone | Target::State | Target::FullName);
    let promises = matches.iter().any(|found| found.score >= LEAST);
    match (unmistakable && !is_of_something_else(&normalised), promises) {
        (false, _) => 0.0,
        (true, true) if target == Target::Email => 0.5,
        (true, true) => 0.0,
        (true, false) => 0.6,
    }
}

/// Targets that the values alone make likely, and how likely.
fn likely_targets(look: &Look) -> Vec<(Target, f64)> {
    let mut likely = Vec::new();
    if look.values == 0 {
        return likely;
    }
    let mut add =
        |target, enough: bool, likelihood: f64| likely.extend(enough.then_some((target, likelihood)));
    add(Target::Email, look.email >= 0.8, 0.95 * look.email);
    add(Target::Phone, look.phone >= 0.8 && look.date < 0.1, 0.85 * look.phone);
    let state = look.state >= 0.9 && look.distinct_values >= 2.min(look.values);
    add(Target::State, state && look.known_given < 0.5, 0.85 * look.state);
    let person = look.known_given >= 0.2;
    add(Target::FullName, look.full_name >= 0.7 && person && look.state < 0.5, 0.85 * look.full_name);
    let one_word = look.name >= 0.8 && look.full_name < 0.3 && look.state < 0.5;
    let given = one_word && look.known_given >= 0.3 && look.known_given > look.known_family;
    add(Target::GivenName, given, 0.5 + 0.4 * look.known_given);
    let family = one_word && look.known_family >= 0.08 && look.known_family >= look.known_given;
    add(Target::FamilyName, family, 0.6 + 0.3 * look.known_family);
    add_likely_figures(look, &mut add);
    likely
}

/// Without a header, dates of decades are births, dates of a few late years are activity, bare years are joinings; small
/// numbers that start at 0 or 1 are references, others scores; numbers that never repeat are keys.
fn add_likely_figures(look: &Look, add: &mut impl FnMut(Target, bool, f64)) {
    let (first, last) = look.years.unwrap_or((0, 0));
    let dates = look.date >= 0.8;
    add(Target::BirthDate, dates && last - first >= 15 && first < 1990, 0.8 * look.date);
    add(Target::LastActive, dates && last - first <= 12 && first >= 2000, 0.7 * look.date);
    add(Target::MemberSince, look.year >= 0.9, 0.75 * look.year);
    add(Target::MemberSince, dates, 0.5 * look.date);
    let numbers = look.integer >= 0.9 && look.year < 0.5 && look.serial < 0.5;
    let (least, greatest) = look.integers.unwrap_or((0, 0));
    let repeats = look.values >= 20 && look.distinct < 0.8;
    let dense = look.distinct_values as u64 * 10 >= (greatest - least).saturating_add(1).saturating_mul(8);
    add(Target::Company, numbers && repeats && least <= 1 && dense && look.distinct_values > 2, 0.6);
    add(Target::Score, numbers && repeats && least > 1 && greatest <= 10_000, 0.65);
    let fractions = look.number >= 0.9 && look.integer < 0.9 && look.date < 0.1;
    add(Target::Score, fractions, 0.6 * look.number);
    let keys =
        look.values >= 10 && look.distinct >= 0.99 && look.code >= 0.99 && look.date < 0.1 && look.name < 0.5;
    add(Target::SourceKey, keys && look.phone < 0.5 && look.email < 0.1, 0.7);
}

/// Why a column has its target.
fn why(header: &str, candidate: &Candidate, look: &Look) -> String {
    let target = target_label(candidate.target);
    let header = shown(header);
    let by_header = match candidate.by_header.map(|found| found.how) {
        Some(How::Usual) => format!("The header '{header}' is a usual name for {target}"),
        Some(How::Contains) => format!("The header '{header}' contains a usual name for {target}"),
        Some(How::Misspelt(known)) => {
            format!("The header '{header}' is close to '{known}', a usual name for {target}")
        }
        None => format!("The header '{header}' does not tell, but the values look like {target}"),
    };
    if look.values == 0 {
        return format!("{by_header}; the column is empty");
    }
    let (share, what) = share(candidate.target, look);
    // Rounded down, so that 100% means all.
    format!("{by_header}; {}% of the values {what}", (share * 100.0 + 1e-9).floor())
}

/// Why a column has no target.
fn why_not(
    header: &[String],
    column: usize,
    candidates: &[Candidate],
    chosen: &[Option<Candidate>],
) -> String {
    let name = shown(&header[column]);
    let Some(best) = candidates.iter().find(|candidate| candidate.column == column) else {
        return format!("The header '{name}' is not known, and the values do not tell");
    };
    let target = target_label(best.target);
    if best.confidence < LEAST {
        return format!("It could be {target}, but header and values do not agree well enough");
    }
    match chosen.iter().flatten().find(|other| clash(other.target, best.target)) {
        Some(other) => {
            format!("It could be {target}, but the column '{}' fits better", shown(&header[other.column]))
        }
        None => format!("It could be {target}, but that is not sure enough"),
    }
}

/// What a target is called inside a sentence.
fn target_label(target: Target) -> &'static str {
    match target {
        Target::FullName => "the full name",
        Target::Prefix => "a title",
        Target::GivenName => "the given name",
        Target::MiddleName => "the middle name",
        Target::FamilyName => "the family name",
        Target::Suffix => "a suffix of the name",
        Target::PreferredName => "the preferred name",
        Target::BirthDate => "the birth date",
        Target::Company => "the company",
        Target::State => "the state",
        Target::Email => "the e-mail address",
        Target::Phone => "the phone number",
        Target::MemberSince => "the date of joining",
        Target::LastActive => "the last activity",
        Target::Score => "the score",
        Target::SourceKey => "the member number",
        Target::Id => "the id",
        Target::Name => "the name",
    }
}

/// A header as a sentence can show it.
fn shown(header: &str) -> String {
    let plain: String =
        header.trim().chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if plain.chars().count() <= 60 { plain } else { plain.chars().take(59).chain(['…']).collect() }
}
