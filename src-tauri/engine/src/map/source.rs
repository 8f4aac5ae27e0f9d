//! The name of an organisation from the name of its file.

/// Words that are written in capitals.
const CAPITALS: &[&str] = &[
    "us", "usa", "uk", "eu", "ny", "nyc", "la", "dc", "sf", "ymca", "ywca", "aau", "nfl", "nba", "mlb",
    "nhl", "ncaa", "pga", "usta", "usga", "bmx", "bbq", "tv", "ii", "iii", "iv", "vfw", "pta", "rc", "fc",
    "afc", "sc", "cc", "gc", "ac", "ca", "tx", "fl", "nj", "nc", "ngo",
];

/// Words that stay small inside a name.
const SMALL: &[&str] =
    &["of", "the", "and", "for", "at", "in", "on", "de", "du", "des", "der", "von", "und", "et"];

/// Words of the file rather than the organisation, which are left out at the end.
const OF_FILES: &[&str] = &[
    "export",
    "exported",
    "extract",
    "final",
    "copy",
    "draft",
    "new",
    "old",
    "latest",
    "updated",
    "backup",
    "version",
    "list",
    "roster",
    "data",
    "file",
    "csv",
    "tsv",
    "xls",
    "xlsx",
    "utf8",
    "utf",
    "sheet",
    "sheet1",
    "tab",
    "report",
    "download",
    "members",
    "member",
    "membership",
    "memberships",
];

const MONTHS: &[&str] = &[
    "jan",
    "january",
    "feb",
    "february",
    "mar",
    "march",
    "apr",
    "april",
    "jun",
    "june",
    "jul",
    "july",
    "aug",
    "august",
    "sep",
    "sept",
    "september",
    "oct",
    "october",
    "nov",
    "november",
    "dec",
    "december",
];

const EXTENSIONS: &[&str] = &[
    "csv", "tsv", "tab", "txt", "psv", "dat", "xlsx", "xlsm", "xlsb", "xls", "ods", "gz", "zip", "bz2", "zst",
];

/// The name of the organisation that a file comes from: `unity_golf_club.csv` → `Unity Golf Club`.
///
/// Folders, extensions, dates, versions and words about the file (`export`, `final (1)`) are left out, known acronyms
/// get capitals. Never empty: a name of which nothing is left is given back as it is, and no name is `Unnamed`.
pub fn source_from_file_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = without_extensions(base);
    let words = split(stem);
    let mut kept: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut was_year = false;
    while let Some(last) = kept.last()
        // May is a name, too.
        && (is_of_file(last) || (was_year && last.eq_ignore_ascii_case("may")))
    {
        was_year = last.len() == 4 && is_figures(last);
        kept.pop();
    }
    while kept.len() > 1 && is_of_start(&kept) {
        kept.remove(0);
    }
    if kept.is_empty() {
        kept = words.iter().map(String::as_str).collect();
    }
    // A name all in capitals says nothing about which words are acronyms.
    let mixed = kept.iter().any(|word| word.chars().any(char::is_lowercase));
    let title: Vec<String> =
        kept.iter().enumerate().map(|(index, word)| in_title(word, index, mixed)).collect();
    let title = title.join(" ");
    if title.is_empty() { "Unnamed".to_owned() } else { title }
}

fn without_extensions(name: &str) -> &str {
    let mut stem = name.trim();
    while let Some((before, extension)) = stem.rsplit_once('.')
        && EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension))
    {
        stem = before;
    }
    stem
}

/// Words at separators, and where a small letter or figure meets a capital.
fn split(stem: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in stem.chars().filter(|letter| !letter.is_control()) {
        let starts = before.is_lowercase() && letter.is_uppercase();
        let inside = letter.is_alphanumeric() || matches!(letter, '\'' | '’' | '&' | '+');
        if starts || !inside {
            words.push(String::new());
        }
        if inside && let Some(word) = words.last_mut() {
            word.push(letter);
        }
        before = letter;
    }
    words.retain(|word| word.chars().any(char::is_alphanumeric) || word == "&");
    words
}

fn is_figures(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a word at the end is about the file: a number, a version, a month but May, a word of [`OF_FILES`].
fn is_of_file(word: &str) -> bool {
    let small = word.to_lowercase();
    let figures = small.trim_start_matches(['v', 'q', 'r', 'w', 't', 'n', 'o']);
    let numbered = !figures.is_empty() && is_figures(figures) && small.len() - figures.len() <= 2;
    // 20240501T1200Z, 2024w12, 1st of May
    let stamped = small.starts_with(|first: char| first.is_ascii_digit())
        && small.chars().filter(char::is_ascii_digit).count() * 2 > small.chars().count();
    numbered || stamped || OF_FILES.contains(&small.as_str()) || MONTHS.contains(&small.as_str())
}

/// Whether the first word is about the file: a date's figures, "copy of", "export from".
fn is_of_start(words: &[&str]) -> bool {
    let first = words[0].to_lowercase();
    let long_number =
        is_figures(&first) && (first.len() >= 4 || words.get(1).is_some_and(|word| is_figures(word)));
    let phrase = matches!(first.as_str(), "copy" | "export" | "exported" | "backup" | "download" | "extract");
    let rest_of_phrase = matches!(first.as_str(), "of" | "from");
    // What is left of a date: "05" and "01" of "2024-05-01 golf".
    let rest_of_date = is_figures(&first) && first.len() <= 2 && words.len() > 1;
    long_number || phrase || rest_of_phrase || rest_of_date
}

fn in_title(word: &str, index: usize, mixed: bool) -> String {
    let small = word.to_lowercase();
    if CAPITALS.contains(&small.as_str()) {
        return word.to_uppercase();
    }
    if index > 0 && SMALL.contains(&small.as_str()) {
        return small;
    }
    let has_small = word.chars().any(char::is_lowercase);
    let has_inner_capital = word.chars().skip(1).any(char::is_uppercase);
    // A word that somebody wrote in mixed letters, or a short one in capitals, stays as it is.
    if mixed && has_inner_capital && (has_small || word.chars().count() <= 4) {
        return word.to_owned();
    }
    let mut letters = small.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_files_become_names_of_organisations() {
        for (file, source) in [
            ("unity_golf_club.csv", "Unity Golf Club"),
            ("us_softball_league.tsv", "US Softball League"),
            ("golf-members 2024-05 v2 (1).xlsx", "Golf"),
            ("/home/ann/lists/harbour_rowing_club.csv", "Harbour Rowing Club"),
            ("C:\\Lists\\YMCA of Springfield.XLSX", "YMCA of Springfield"),
            ("UnityGolfClub.csv", "Unity Golf Club"),
            ("UNITY GOLF CLUB.CSV", "Unity Golf Club"),
            ("prairie_chess_league_export_20240501.csv.gz", "Prairie Chess League"),
            ("2024-05-01 ny_chess.csv", "NY Chess"),
            ("Copy of tennis club (final).ods", "Tennis Club"),
            ("tennis_club_may_2024.csv", "Tennis Club"),
            ("friends of the library.csv", "Friends of the Library"),
            ("Smith & Sons.csv", "Smith & Sons"),
            ("members.csv", "Members"),
            ("2024.csv", "2024"),
            ("club_49.csv", "Club"),
            ("café_écoles.csv", "Café Écoles"),
            ("O'Brien's gym.txt", "O'Brien's Gym"),
            ("club.v2.csv", "Club"),
            ("", "Unnamed"),
            ("...", "Unnamed"),
            ("csv", "Csv"),
        ] {
            assert_eq!(source_from_file_name(file), source, "{file}");
        }
    }

    proptest! {
        #[test]
        fn any_name_gives_a_name(name in any::<String>()) {
            let source = source_from_file_name(&name);
            prop_assert!(!source.trim().is_empty());
            prop_assert!(!source.chars().any(char::is_control));
        }
    }
}
