use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use super::*;

fn write(settings: &SampleSettings) -> (tempfile::TempDir, SampleSummary) {
    let folder = tempfile::tempdir().unwrap();
    let summary = write_sample(settings, folder.path(), &mut |_| ControlFlow::Continue(())).unwrap();
    (folder, summary)
}

fn text(folder: &Path, name: &str) -> String {
    String::from_utf8_lossy(&fs::read(folder.join(name)).unwrap()).into_owned()
}

/// FNV-1a over the names and bytes of all files.
fn fingerprint(folder: &Path) -> u64 {
    let names = [
        "companies.csv",
        "harbour_rowing_club.csv",
        "manifest.json",
        "prairie_chess_league.tsv",
        "truth.csv",
    ];
    let bytes =
        names.iter().flat_map(|name| [name.as_bytes().to_vec(), fs::read(folder.join(name)).unwrap()]);
    bytes
        .flatten()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// Cells of a line, by the rules of RFC 4180; `None` where a quote stays open.
fn cells(line: &str, delimiter: char) -> Option<Vec<String>> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' if quoted || cell.is_empty() => quoted = !quoted,
            _ if letter == delimiter && !quoted => cells.push(std::mem::take(&mut cell)),
            _ => cell.push(letter),
        }
    }
    cells.push(cell);
    (!quoted).then_some(cells)
}

type Ymd = (u32, u32, u32);

/// Year, month and day of a cell, if there is such a day.
fn day(cell: &str, layout: Layout) -> Option<Ymd> {
    let parts: Vec<u32> = cell.split('/').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (year, month, day) = match (&parts[..], layout) {
        (&[y, m, d], Layout::Rowing) | (&[m, d, y], Layout::Chess) => (y, m, d),
        _ => return None,
    };
    let most = [31, 28 + u32::from(year % 4 == 0 && year != 1900), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    (day >= 1 && day <= *most.get(month.checked_sub(1)? as usize)?).then_some((year, month, day))
}

const NOTHING: [&str; 5] = ["", "n/a", "N/A", "NULL", "-"];

/// The rules that a line breaks, found without any of the generator's own knowledge. `seen` holds lines and keys.
fn rules(line: &str, layout: Layout, seen: &mut Seen) -> Vec<&'static str> {
    let (delimiter, width) = match layout {
        Layout::Rowing => (',', 8),
        Layout::Chess => ('\t', 7),
    };
    let Some(mut row) = cells(line, delimiter) else { return vec!["unbalanced_quote"] };
    let mut found = Vec::new();
    match row.len().cmp(&width) {
        std::cmp::Ordering::Less => found.push("missing_cells"),
        std::cmp::Ordering::Greater => found.push("surplus_cells"),
        std::cmp::Ordering::Equal => {}
    }
    row.resize(width, String::new());
    let names = row.len() - 6;
    let (name, rest) = row.split_at(names);
    let [birth, company, active, score, since, state] = rest else { panic!("{line}") };
    let name = name.join(" ");
    let mut note = |rule, broken: bool| found.extend(broken.then_some(rule));
    let unreadable = |cell: &str, ok: bool| !NOTHING.contains(&cell) && !ok;
    let (born, last) = (day(birth, layout), day(active, layout));
    let joined = since.parse::<u32>().ok();
    note("missing_name", name.trim().is_empty());
    note("invisible_characters", name.contains('\u{200b}'));
    note("unreadable_birth_date", unreadable(birth, born.is_some()));
    note("unreadable_last_active", unreadable(active, last.is_some()));
    note("unreadable_score", unreadable(score, score.parse::<u32>().is_ok()));
    let is_state =
        |known: &&(&str, &str)| known.0.eq_ignore_ascii_case(state) || known.1.eq_ignore_ascii_case(state);
    note("unreadable_state", unreadable(state, names::STATES.iter().any(|known| is_state(&known))));
    note("unknown_company", company == "17");
    note("joined_before_birth", joined.zip(born).is_some_and(|(joined, born)| joined < born.0));
    note("active_before_joined", joined.zip(last).is_some_and(|(joined, last)| last.0 < joined));
    note("born_in_future", born.is_some_and(|born| born.0 > 2026));
    note("implausible_age", born.is_some_and(|born| born.0 < 1900));
    let repeated = !seen.lines.insert(line.to_owned());
    note("repeated_row", repeated);
    let key = (name.trim().to_lowercase().replace("  ", " "), born);
    // A row without birth date or name is no key.
    if !repeated && born.is_some() && !key.0.is_empty() {
        note("repeated_key", !seen.keys.insert(key));
    }
    found
}

#[derive(Default)]
struct Seen {
    lines: HashSet<String>,
    keys: HashSet<(String, Option<Ymd>)>,
}

/// Counts every list and checks its rows against the truth file and the manifest.
fn check(settings: &SampleSettings) -> SampleSummary {
    let (folder, summary) = write(settings);
    let truth = text(folder.path(), "truth.csv");
    let mut truth = truth.lines().skip(1);
    let mut people = HashMap::<u64, [u64; 2]>::new();
    for (list, layout) in [Layout::Rowing, Layout::Chess].into_iter().enumerate() {
        let lines = text(folder.path(), layout.file_name());
        let (mut counts, mut planted) = (BTreeMap::new(), BTreeMap::new());
        let mut seen = Seen::default();
        for (index, line) in lines.lines().enumerate().skip(1) {
            let broken = rules(line, layout, &mut seen);
            let told: Vec<_> = truth.next().unwrap().split(',').collect();
            assert_eq!([told[0], told[1]], [layout.file_name(), &(index + 1).to_string()]);
            people.entry(told[2].parse().unwrap()).or_default()[list] += 1;
            for suspect in told[3].split('+').filter(|rule| !rule.is_empty()) {
                assert!(broken.contains(&suspect), "{line}: {told:?}");
            }
            for kind in told[4].split('+').filter(|kind| !kind.is_empty()) {
                *planted.entry(kind.to_owned()).or_insert(0) += 1;
                if ["repeated_row", "repeated_key", "surplus_cells", "unbalanced_quote", "unknown_company"]
                    .contains(&kind)
                {
                    assert!(broken.contains(&kind), "{line}: {told:?}");
                }
            }
            for rule in broken {
                *counts.entry(rule).or_insert(0) += 1;
            }
        }
        let told = &summary.lists[list];
        assert_eq!(counts, told.rules);
        assert_eq!(lines.lines().count() as u64, told.rows + 1);
        assert_eq!(told.rows, told.clean + told.suspect + told.rejected);
        assert!(
            planted
                .iter()
                .map(|(kind, &count)| (kind.as_str(), count))
                .eq(told.planted.iter().map(|(k, v)| (*k, *v)))
        );
    }
    assert_eq!(truth.next(), None);
    assert_eq!(people.len() as u64, summary.people);
    let pairs = |n: u64| n * n.saturating_sub(1) / 2;
    assert_eq!(people.values().map(|[a, b]| pairs(*a) + pairs(*b)).sum::<u64>(), summary.pairs_within);
    assert_eq!(people.values().map(|[a, b]| a * b).sum::<u64>(), summary.pairs_across);
    assert_eq!(people.values().filter(|[a, b]| a * b > 0).count() as u64, summary.people_in_both);
    summary
}

#[test]
fn the_manifest_is_what_an_independent_count_finds() {
    for rows in [0, 1, 2, 10, 99, 10_000] {
        assert_eq!(check(&SampleSettings::new(rows, 5)).rows, rows);
    }
    for seed in 0..10 {
        check(&SampleSettings::new(1_500, seed));
    }
    let everything = SampleSettings { both_clubs: 1.0, repeated_people: 1.0, ..SampleSettings::new(400, 2) };
    check(&everything);
}

#[test]
fn the_first_sample_shows_everything() {
    let summary = check(&SampleSettings::first_start());
    let all: HashSet<_> = summary.lists.iter().flat_map(|list| list.planted.keys().copied()).collect();
    let missing: Vec<_> = record::Kind::NAMES.iter().filter(|kind| !all.contains(**kind)).collect();
    assert_eq!(missing, [&"invalid_utf8"]);
    let rules: HashSet<_> = summary.lists.iter().flat_map(|list| list.rules.keys().copied()).collect();
    let missing: Vec<_> = truth::Broken::NAMES.iter().filter(|rule| !rules.contains(**rule)).collect();
    assert_eq!(missing, [&"undecodable_bytes"]);
}

#[test]
fn a_spotless_sample_has_nothing_wrong() {
    let summary = check(&SampleSettings::spotless(3_000, 4));
    assert_eq!(summary.people, 3_000);
    assert!(summary.lists.iter().all(|list| list.rules.is_empty() && list.clean == list.rows));
}

#[test]
fn the_same_settings_give_the_same_bytes() {
    // The bytes are part of the contract: a change here means that acceptance figures change for everybody.
    assert_eq!(fingerprint(write(&SampleSettings::new(5_000, 42)).0.path()), 10_727_907_500_007_517_605);
    let of = |seed| fingerprint(write(&SampleSettings::new(100, seed)).0.path());
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
}

#[test]
fn undecodable_bytes_come_when_asked_for() {
    let mut settings = SampleSettings::new(200, 1);
    settings.dirt.invalid_utf8 = true;
    let (folder, summary) = write(&settings);
    let bytes = fs::read(folder.path().join("harbour_rowing_club.csv")).unwrap();
    let line =
        bytes.split(|&byte| byte == b'\n').position(|line| std::str::from_utf8(line).is_err()).unwrap();
    let truth = text(folder.path(), "truth.csv");
    assert!(truth.lines().any(|row| {
        row.starts_with(&format!("harbour_rowing_club.csv,{},", line + 1)) && row.ends_with("invalid_utf8")
    }));
    assert_eq!(summary.lists[0].rules["undecodable_bytes"], 1);
}

#[test]
fn progress_is_told_and_can_stop_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let mut told = Vec::new();
    write_sample(&SampleSettings::new(20_000, 1), folder.path(), &mut |done| {
        told.push(done);
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(told, [0, 8_192, 16_384]);
    let before = fingerprint(folder.path());
    let stopped =
        write_sample(&SampleSettings::new(20_000, 2), folder.path(), &mut |_| ControlFlow::Break(()));
    assert_eq!(stopped.unwrap_err().kind(), io::ErrorKind::Interrupted);
    assert_eq!(fingerprint(folder.path()), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 5);
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(
        write_sample(&SampleSettings::new(1, 1), file.path(), &mut |_| ControlFlow::Continue(())).is_err()
    );
}
