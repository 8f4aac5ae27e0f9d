//! What a plan would do to the target as a whole: which share of its members would change in a field.

use std::collections::BTreeMap;

use muster_engine::Field;
use sea_orm::ConnectionTrait;

use super::details::Details;
use super::report::{FieldImpact, shown};
use crate::error::Result;
use crate::store::sql::one;

/// More than this share of a field's values overwritten is worth a warning.
const MUCH: f64 = 0.30;

/// Counts the changes of a plan by field.
#[derive(Default)]
pub(super) struct Impact {
    changed: BTreeMap<Field, (u32, u32)>,
}

impl Impact {
    /// Adds an update.
    pub(super) fn add(&mut self, theirs: &Details, made: &Details) {
        for difference in made.differences(theirs) {
            let (changes, overwrites) = self.changed.entry(difference.field).or_default();
            *changes += 1;
            *overwrites += u32::from(difference.theirs.is_some());
        }
    }

    /// The fields that change, most first, measured against the target.
    pub(super) async fn measured(&self, db: &impl ConnectionTrait) -> Result<Vec<FieldImpact>> {
        if self.changed.is_empty() {
            return Ok(Vec::new());
        }
        let counts: Vec<String> = self.changed.keys().map(|&field| count_of(field)).collect();
        let sql = format!(
            "SELECT count(DISTINCT member.id), {} FROM member LEFT JOIN membership ON membership.member_id = member.id",
            counts.join(", ")
        );
        let row = one(db, &sql, []).await?;
        let members: i64 = row.try_get_by_index(0)?;
        let mut found = Vec::new();
        for (at, (&field, &(changes, overwrites))) in self.changed.iter().enumerate() {
            let filled: i64 = row.try_get_by_index(at + 1)?;
            let warn = f64::from(overwrites) > MUCH * f64::from(shown(filled).max(1));
            found.push(FieldImpact { field, changes, overwrites, members: shown(members), warn });
        }
        found.sort_by_key(|impact| std::cmp::Reverse(impact.changes));
        Ok(found)
    }
}

fn count_of(field: Field) -> String {
    match field {
        Field::MemberSince | Field::LastActive | Field::Score => {
            format!("count(membership.{})", field.name())
        }
        Field::Company => {
            "count(coalesce(CAST(member.company_id AS text), member.company_source_id))".to_owned()
        }
        _ => format!("count(member.{})", field.name()),
    }
}
