//! Queries on `put_off` of the workspace: groups of an import that a person put off, by the keys of their records.

use std::collections::{BTreeSet, HashMap};

use muster_engine::decisions::RecordKey;
use sea_orm::DatabaseConnection;

use super::sql::{all, run};
use crate::error::Result;

/// What was put off in an import.
#[derive(Debug, Clone, Default)]
pub struct PutOff {
    /// By the group's keys: its kind then, and when its turn comes
    groups: HashMap<String, (u8, u32)>,
}

impl PutOff {
    /// When the turn of a group comes that was put off: among those of its kind the lesser first. `None` for a group of
    /// other records, or of another kind: that is another question.
    pub fn turn<'k, K: Iterator<Item = &'k RecordKey>>(&self, kind: u8, keys: impl Fn() -> K) -> Option<u32> {
        // Mostly nothing is put off: then no keys are gathered.
        if self.groups.is_empty() {
            return None;
        }
        self.groups.get(&name_of(keys())).filter(|(known, _)| *known == kind).map(|(_, turn)| *turn)
    }
}

/// A group's name: the keys of its records, each once, in their order.
fn name_of<'k>(keys: impl Iterator<Item = &'k RecordKey>) -> String {
    let keys: BTreeSet<(&str, &str)> = keys.map(|key| (key.source.as_str(), key.key.as_str())).collect();
    serde_json::to_string(&keys).unwrap_or_default()
}

/// Keeps that a group was put off.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    db: &DatabaseConnection,
    import: i64,
    (kind, turn): (u8, u32),
    keys: impl Iterator<Item = &RecordKey>,
) -> Result<()> {
    let sql = "INSERT INTO put_off (import_id, keys, kind, turn) VALUES ($1, $2, $3, $4)
               ON CONFLICT (import_id, keys) DO UPDATE SET kind = excluded.kind, turn = excluded.turn";
    run(db, sql, [import.into(), name_of(keys).into(), i32::from(kind).into(), i64::from(turn).into()])
        .await?;
    Ok(())
}

/// What was put off in an import.
///
/// # Errors
/// When the database fails.
pub async fn of_import(db: &DatabaseConnection, import: i64) -> Result<PutOff> {
    let sql = "SELECT keys, kind, turn FROM put_off WHERE import_id = $1";
    let mut groups = HashMap::new();
    for row in all(db, sql, [import.into()]).await? {
        let (kind, turn): (i64, i64) = (row.try_get("", "kind")?, row.try_get("", "turn")?);
        let place = (u8::try_from(kind).unwrap_or_default(), u32::try_from(turn).unwrap_or_default());
        groups.insert(row.try_get("", "keys")?, place);
    }
    Ok(PutOff { groups })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(source: &str, key: &str) -> RecordKey {
        RecordKey { source: source.to_owned(), key: key.to_owned() }
    }

    #[test]
    fn a_group_is_known_by_all_its_keys_and_its_kind() {
        let keys = [key("Golf", "2"), key("Golf", "1"), key("Rowing", "1")];
        let groups = HashMap::from([(name_of(keys.iter()), (0, 7))]);
        let put_off = PutOff { groups };
        let other_order = [&keys[2], &keys[0], &keys[1], &keys[0]];
        assert_eq!(put_off.turn(0, || other_order.into_iter()), Some(7));
        assert_eq!(put_off.turn(1, || other_order.into_iter()), None);
        assert_eq!(put_off.turn(0, || keys[..2].iter()), None);
        // Signs within a key do not run together with the next one.
        assert_ne!(name_of([key("a", "b\",\"c")].iter()), name_of([key("a", "b"), key("c", "")].iter()));
    }
}
