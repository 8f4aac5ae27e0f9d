//! What a push would do, in one English sentence without a full stop.

use super::report::{FieldImpact, PlanCounts};
use super::scores::ScoreCounts;

/// What a plan adds apart from members.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Added {
    pub(super) clubs: u32,
    pub(super) companies: u32,
}

/// `Adds 12,747 members, 2 clubs and 19 companies, changes 3, skips 1 that differs; 12 % of prod's members would change
/// company`.
pub(super) fn sentence(
    counts: &PlanCounts,
    new: Added,
    scores: Option<ScoreCounts>,
    impact: &[FieldImpact],
    profile: &str,
) -> String {
    let Added { clubs, companies } = new;
    let members = counts.insert - counts.joins.min(counts.insert);
    let mut added = vec![counted(members, "member", "members")];
    if counts.joins > 0 {
        added[0] = format!("{} with {}", added[0], counted(counts.insert, "membership", "memberships"));
        if members == 0 {
            added[0] =
                format!("{} of members who are there", counted(counts.insert, "membership", "memberships"));
        }
    }
    if counts.insert > 0 && clubs > 0 {
        added.push(counted(clubs, "club", "clubs"));
    }
    if counts.insert > 0 && companies > 0 {
        added.push(counted(companies, "company", "companies"));
    }
    let mut parts = vec![format!("Adds {}", listed(&added))];
    if counts.update > 0 {
        parts.push(format!("changes {}", thousands(counts.update)));
    }
    if counts.merges > 0 {
        parts.push(format!("joins {} who were two", counted(counts.merges, "member", "members")));
    }
    let mut skipped = Vec::new();
    if counts.skip_identical > 0 {
        let verb = if counts.skip_identical == 1 { "is" } else { "are" };
        skipped.push(format!("{} that {verb} the same", thousands(counts.skip_identical)));
    }
    if counts.skip_different > 0 {
        let verb = if counts.skip_different == 1 { "differs" } else { "differ" };
        skipped.push(format!("{} that {verb}", thousands(counts.skip_different)));
    }
    if counts.conflict > 0 {
        let verb = if counts.conflict == 1 { "contradicts" } else { "contradict" };
        skipped.push(format!("{} that {verb} another row", thousands(counts.conflict)));
    }
    if !skipped.is_empty() {
        parts.push(format!("skips {}", listed(&skipped)));
    }
    if counts.reject > 0 {
        parts.push(format!("refuses {} with errors", counted(counts.reject, "row", "rows")));
    }
    let shares: Vec<String> = impact.iter().filter_map(|field| share(field, profile)).take(SHARES).collect();
    let mut sentence = parts.join(", ");
    if counts.remove > 0 {
        let verb = if counts.remove == 1 { "is" } else { "are" };
        sentence.push_str(&format!(
            "; {} {verb} not in the lists any more",
            counted(counts.remove, "member", "members")
        ));
    }
    if let Some(ScoreCounts { changed, .. }) = scores {
        let verb = if changed == 1 { "changes" } else { "change" };
        sentence.push_str(&format!("; {} {verb}", counted(changed, "unified score", "unified scores")));
    }
    if !shares.is_empty() {
        sentence.push_str("; ");
        sentence.push_str(&listed(&shares));
    }
    sentence
}

/// How many fields a sentence names.
const SHARES: usize = 2;

/// `12 % of prod's members would change company`, from one in a hundred on.
fn share(impact: &FieldImpact, profile: &str) -> Option<String> {
    let percent = u64::from(impact.changes) * 100 / u64::from(impact.members.max(1));
    let field = impact.field.label().to_lowercase();
    (percent > 0).then(|| format!("{percent} % of {profile}’s members would change {field}"))
}

fn counted(number: u32, one: &str, many: &str) -> String {
    match number {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        _ => format!("{} {many}", thousands(number)),
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `12,747`.
pub(super) fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_separators() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (12747, "12,747"), (1_000_000, "1,000,000")]
        {
            assert_eq!(thousands(number), text);
        }
    }

    #[test]
    fn a_sentence_tells_what_share_changes() {
        use muster_engine::Field;
        let counts = PlanCounts { insert: 2, update: 3, conflict: 1, remove: 2, ..PlanCounts::default() };
        let field =
            |field, changes| FieldImpact { field, changes, overwrites: changes, members: 25, warn: false };
        let impact = [field(Field::Company, 3), field(Field::Email, 0)];
        assert_eq!(
            sentence(&counts, Added::default(), None, &impact, "prod"),
            "Adds 2 members, changes 3, skips 1 that contradicts another row; 2 members are not in the lists any more; \
             12 % of prod’s members would change company"
        );
        let scores = Some(ScoreCounts { changed: 1200, ..ScoreCounts::default() });
        assert!(
            sentence(&counts, Added::default(), scores, &[], "prod")
                .ends_with("; 1,200 unified scores change")
        );
    }

    #[test]
    fn sentences_are_english() {
        let counts = |insert, skip_identical, skip_different, reject| PlanCounts {
            insert,
            skip_identical,
            skip_different,
            reject,
            ..PlanCounts::default()
        };
        let joins = |insert, joins| PlanCounts { insert, joins, ..PlanCounts::default() };
        let merges = PlanCounts { merges: 2, ..joins(1, 0) };
        assert_eq!(
            sentence(&merges, Added::default(), None, &[], "local"),
            "Adds 1 member, joins 2 members who were two"
        );
        for (counts, clubs, companies, expected) in [
            (joins(12, 2), 0, 0, "Adds 10 members with 12 memberships"),
            (joins(2, 2), 1, 0, "Adds 2 memberships of members who are there and 1 club"),
            (
                counts(12747, 0, 1, 0),
                2,
                19,
                "Adds 12,747 members, 2 clubs and 19 companies, skips 1 that differs",
            ),
            (counts(1, 0, 0, 0), 1, 1, "Adds 1 member, 1 club and 1 company"),
            (counts(0, 0, 0, 0), 1, 0, "Adds no members"),
            (
                counts(0, 12747, 1, 0),
                0,
                0,
                "Adds no members, skips 12,747 that are the same and 1 that differs",
            ),
            (
                counts(2, 1, 2, 1),
                0,
                0,
                "Adds 2 members, skips 1 that is the same and 2 that differ, refuses 1 row with errors",
            ),
            (counts(2, 0, 0, 30), 0, 1, "Adds 2 members and 1 company, refuses 30 rows with errors"),
        ] {
            assert_eq!(sentence(&counts, Added { clubs, companies }, None, &[], "local"), expected);
        }
    }
}
