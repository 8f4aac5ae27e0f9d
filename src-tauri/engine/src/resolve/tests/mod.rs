//! Tests of survivorship: by example, and of what holds for every cluster.

mod conflicts;
mod decisions;
mod properties;
mod settling;

use super::*;
use crate::field::Field;

/// A row of a list with a key of its own.
pub(super) fn row<'a>(source: &'a str, source_key: &'a str, values: &[(Field, &'a str)]) -> Record<'a> {
    let mut all = [None; Field::COUNT];
    for &(field, value) in values {
        all[field.index()] = Some(value);
    }
    Record {
        source,
        source_key,
        file: "list.csv",
        row: 2,
        origin: Origin::List,
        values: all,
        company_id: None,
        by_person: FieldSet::EMPTY,
    }
}

/// A membership of the database's member.
pub(super) fn stored<'a>(source: &'a str, source_key: &'a str, values: &[(Field, &'a str)]) -> Record<'a> {
    Record { origin: Origin::Database, file: "", row: 0, ..row(source, source_key, values) }
}

/// The result with these settings and no decisions.
pub(super) fn settled<'a>(records: &[Record<'a>], settings: &SurvivorshipSettings) -> Member<'a> {
    static NONE: std::sync::LazyLock<Decisions> = std::sync::LazyLock::new(Decisions::default);
    resolve(records, &Survivorship::new(settings), &NONE)
}

/// The usual settings, with the company by its rule and not asked.
pub(super) fn following() -> SurvivorshipSettings {
    SurvivorshipSettings { company_conflict: CompanyConflict::FollowRule, ..Default::default() }
}

/// Settings with one rule changed.
pub(super) fn with_rule(field: Field, rule: SurvivorRule) -> SurvivorshipSettings {
    SurvivorshipSettings { rules: [(field, rule)].into(), ..following() }
}
