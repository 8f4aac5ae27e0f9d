//! What happened to a member: the entries of the ledger that wrote them, with the fields that each changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::{DatabaseConnection, DbBackend};
use serde::Serialize;
use serde_json::Value as Json;

use muster_engine::Field;

use super::number;
use super::view::{OF_MEMBER, OF_MEMBERSHIP, Person};
use crate::error::Result;
use crate::store::sql::all;

/// Entries that are shown at most.
const ENTRIES: u32 = 200;

/// What an entry did to a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum MemberEvent {
    /// They are new
    Added,
    /// Fields of theirs, or of a membership, changed
    Changed,
    /// They were deleted
    Removed,
    /// They came back
    BroughtBack,
}

/// A field before and after.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FieldChange {
    /// The field; none where a whole membership came or went
    pub field: Option<Field>,
    /// The club, where it is about a membership
    pub club: Option<String>,
    /// Before
    pub before: Option<String>,
    /// After
    pub after: Option<String>,
}

/// Prints no personal data.
impl std::fmt::Debug for FieldChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FieldChange").field("field", &self.field).finish_non_exhaustive()
    }
}

/// An entry of the ledger, as far as it is about a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct HistoryEntry {
    /// Its number
    pub entry: u32,
    /// `push`, `undo`, `edit`, `merge` or `unmerge`
    pub kind: String,
    /// What it did to them
    pub event: MemberEvent,
    /// Who
    pub person: String,
    /// When: RFC 3339, UTC
    pub at: String,
    /// Name of the import, of a push
    pub import_name: String,
    /// The entry that it took back, of an undo
    pub undoes: Option<u32>,
    /// When it was undone: RFC 3339, UTC
    pub undone: Option<String>,
    /// The fields that it changed
    pub changes: Vec<FieldChange>,
}

/// An image of a row before and after an entry.
struct Change {
    entry: i64,
    table: String,
    row: i64,
    before: Option<Json>,
    after: Option<Json>,
}

/// The history of a member, newest first.
pub(super) async fn history(db: &DatabaseConnection, person: &Person) -> Result<Vec<HistoryEntry>> {
    let changes = changes(db, person.id).await?;
    let names = Names::find(db, &changes).await?;
    let mut entries: BTreeSet<i64> = changes.iter().map(|change| change.entry).collect();
    let added_by = added_by(person, &changes);
    entries.extend(added_by);
    let mut history = Vec::with_capacity(entries.len());
    for mut entry in ledger(db, &entries).await? {
        let of_entry = changes.iter().filter(|change| i64::from(entry.entry) == change.entry);
        for change in of_entry {
            match change.table.as_str() {
                "member" => {
                    entry.event = event(change);
                    if entry.event == MemberEvent::Changed {
                        entry.changes.extend(names.of_member(change));
                    }
                }
                "membership" => entry.changes.extend(names.of_membership(change, person.id)),
                _ => {}
            }
        }
        if entry.event != MemberEvent::Changed {
            // What came or went with the member is told by that.
            entry.changes.clear();
        }
        if Some(i64::from(entry.entry)) == added_by {
            entry.event = MemberEvent::Added;
        }
        history.push(entry);
    }
    Ok(history)
}

fn event(change: &Change) -> MemberEvent {
    match (&change.before, &change.after) {
        (None, _) => MemberEvent::BroughtBack,
        (_, None) => MemberEvent::Removed,
        _ => MemberEvent::Changed,
    }
}

/// The entry that added the member: new rows have no images, but the oldest image has the version before it.
fn added_by(person: &Person, changes: &[Change]) -> Option<i64> {
    match changes.iter().find(|change| change.table == "member") {
        None => Some(person.version),
        Some(oldest) => oldest.before.as_ref()?.get("version")?.as_i64(),
    }
}

/// All images of what is the member's, oldest first.
async fn changes(db: &DatabaseConnection, member: i64) -> Result<Vec<Change>> {
    let (before, after) = match db.get_database_backend() {
        DbBackend::Postgres => ("before::text", "after::text"),
        _ => ("before", "after"),
    };
    // The newest entries count, should there be very many.
    let sql = format!(
        "SELECT push_id, table_name, first_id, {before} AS image_before, {after} AS image_after FROM change
         WHERE member_id = $1 AND table_name IN ('member', 'membership')
         ORDER BY push_id DESC, id DESC LIMIT {}",
        4 * ENTRIES
    );
    let mut changes = Vec::new();
    for row in all(db, &sql, [member.into()]).await? {
        let image = |column: &str| -> Result<Option<Json>> {
            let text: Option<String> = row.try_get("", column)?;
            Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
        };
        changes.push(Change {
            entry: row.try_get("", "push_id")?,
            table: row.try_get("", "table_name")?,
            row: row.try_get("", "first_id")?,
            before: image("image_before")?,
            after: image("image_after")?,
        });
    }
    changes.reverse();
    Ok(changes)
}

async fn ledger(db: &DatabaseConnection, entries: &BTreeSet<i64>) -> Result<Vec<HistoryEntry>> {
    let list = entries.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    if list.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT id, kind, person, finished, import_name, undoes, undone FROM push WHERE id IN ({list})
         ORDER BY id DESC LIMIT {ENTRIES}"
    );
    let mut found = Vec::new();
    for row in all(db, &sql, []).await? {
        found.push(HistoryEntry {
            entry: number(row.try_get("", "id")?),
            kind: row.try_get("", "kind")?,
            event: MemberEvent::Changed,
            person: row.try_get("", "person")?,
            at: row.try_get("", "finished")?,
            import_name: row.try_get("", "import_name")?,
            undoes: row.try_get::<Option<i64>>("", "undoes")?.map(number),
            undone: row.try_get("", "undone")?,
            changes: Vec::new(),
        });
    }
    Ok(found)
}

/// Names of the companies and clubs that images refer to.
pub(super) struct Names {
    companies: HashMap<i64, String>,
    clubs: HashMap<i64, String>,
}

impl Names {
    async fn find(db: &DatabaseConnection, changes: &[Change]) -> Result<Names> {
        let images: Vec<&Json> =
            changes.iter().flat_map(|change| [&change.before, &change.after]).flatten().collect();
        Names::of(db, &images).await
    }

    /// Of what some images refer to.
    pub(super) async fn of(db: &DatabaseConnection, images: &[&Json]) -> Result<Names> {
        let ids = |column: &str| {
            images.iter().filter_map(|image| image.get(column)?.as_i64()).collect::<BTreeSet<_>>()
        };
        Ok(Names {
            companies: names(db, "company", &ids("company_id")).await?,
            clubs: names(db, "club", &ids("club_id")).await?,
        })
    }

    /// The fields of an image of a member, as people read them.
    pub(super) fn of_image(&self, image: &Json) -> BTreeMap<Field, String> {
        self.values(Some(image), &OF_MEMBER)
    }

    fn of_member(&self, change: &Change) -> Vec<FieldChange> {
        let (before, after) =
            (self.values(change.before.as_ref(), &OF_MEMBER), self.values(change.after.as_ref(), &OF_MEMBER));
        differences(&before, &after, None)
    }

    /// What became of a membership, as seen from a member.
    fn of_membership(&self, change: &Change, member: i64) -> Vec<FieldChange> {
        let image = change.after.as_ref().or(change.before.as_ref());
        let club = image.and_then(|image| self.clubs.get(&image.get("club_id")?.as_i64()?)).cloned();
        let of = |image: Option<&Json>| self.values(image, &OF_MEMBERSHIP);
        let is_theirs = |image: &Option<Json>| {
            image.as_ref().is_some_and(|image| image.get("member_id").and_then(Json::as_i64) == Some(member))
        };
        let (was_theirs, is_theirs) = (is_theirs(&change.before), is_theirs(&change.after));
        if was_theirs && is_theirs {
            return differences(&of(change.before.as_ref()), &of(change.after.as_ref()), club.as_deref());
        }
        // It came or went, with the row or from another member.
        let key = |theirs: bool| theirs.then(|| format!("Membership {}", change.row));
        vec![FieldChange { field: None, club, before: key(was_theirs), after: key(is_theirs) }]
    }

    /// The fields of an image, as people read them.
    fn values(&self, image: Option<&Json>, fields: &[Field]) -> BTreeMap<Field, String> {
        let Some(image) = image else { return BTreeMap::new() };
        let text = |column: &str| match image.get(column)? {
            Json::Null => None,
            Json::String(text) => Some(text.clone()),
            Json::Number(number) => {
                Some(number.as_f64().map_or_else(|| number.to_string(), super::values::score_text))
            }
            other => Some(other.to_string()),
        };
        let company = || {
            let name = image
                .get("company_id")
                .and_then(Json::as_i64)
                .map(|id| self.companies.get(&id).cloned().unwrap_or_else(|| format!("Company {id}")));
            name.or_else(|| text("company_source_id"))
        };
        let value = |&field: &Field| {
            let value = if field == Field::Company { company() } else { text(field.name()) };
            value.map(|value| (field, value))
        };
        fields.iter().filter_map(value).collect()
    }
}

async fn names(db: &DatabaseConnection, table: &str, ids: &BTreeSet<i64>) -> Result<HashMap<i64, String>> {
    let list = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    if list.is_empty() {
        return Ok(HashMap::new());
    }
    let mut found = HashMap::new();
    for row in all(db, &format!("SELECT id, name FROM {table} WHERE id IN ({list})"), []).await? {
        found.insert(row.try_get("", "id")?, row.try_get("", "name")?);
    }
    Ok(found)
}

fn differences(
    before: &BTreeMap<Field, String>,
    after: &BTreeMap<Field, String>,
    club: Option<&str>,
) -> Vec<FieldChange> {
    let fields: BTreeSet<&Field> = before.keys().chain(after.keys()).collect();
    let differs = |field: &&Field| before.get(field) != after.get(field);
    let change = |field: &Field| FieldChange {
        field: Some(*field),
        club: club.map(str::to_owned),
        before: before.get(field).cloned(),
        after: after.get(field).cloned(),
    };
    fields.into_iter().filter(differs).map(change).collect()
}
