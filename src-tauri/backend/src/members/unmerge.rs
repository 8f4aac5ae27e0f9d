//! Members who were merged are told apart again. Who went is there again as they were, with those of their memberships that
//! still are with whom they were merged into; a membership that was edited since keeps its edit. Of who stayed, a field
//! that the merge wrote gets the value that it would have without the merge; where somebody wrote it since, that stays.

use std::collections::{BTreeMap, HashSet};

use sea_orm::DatabaseConnection;
use sea_orm::sea_query::Value;
use serde::Serialize;
use serde_json::{Value as Json, json};

use muster_engine::Field;

use super::history::{FieldChange, Names};
use super::merge::MovedMembership;
use super::moved::{Moved, moved, of_others, parsed};
use super::number;
use super::view::{OF_MEMBER, Person, gone, person};
use super::write::{By, unchanged};
use crate::error::{Code, Error, Result};
use crate::store::chain::{self, Chains};
use crate::store::journal::{self, Entry};
use crate::store::merges::{self, Merge};
use crate::store::pair_decisions::{self, Pairs};
use crate::store::sql::{all, numbers, one, run};

/// What an un-merge does, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct UnmergeReport {
    /// Whom they are taken out of
    pub member: u32,
    /// Who is there again
    pub merged: u32,
    /// Their name
    pub name: String,
    /// The entry of the ledger; none in a dry run
    pub entry: Option<u32>,
    /// What changes of whom they are taken out of
    pub changes: Vec<FieldChange>,
    /// Fields that the merge wrote and somebody has written since: they stay
    pub kept_fields: Vec<Field>,
    /// The memberships that go back
    pub memberships: Vec<MovedMembership>,
    /// Memberships of theirs that are not there any more, or are another member's
    pub missing: u32,
}

/// What the columns of a field become.
struct Restored<'c> {
    field: Field,
    image: &'c Json,
}

/// An un-merge that was looked at.
struct Unmerge {
    merge: Merge,
    /// Whom they are taken out of
    from: Person,
    /// How that row is
    now: Json,
    /// How the row of who went was
    gone: Json,
    moved: Vec<Moved>,
    of_from: Chains,
    of_merged: Chains,
}

/// What an un-merge would do.
pub(super) async fn look(
    db: &DatabaseConnection,
    merged: i64,
    version: Option<i64>,
) -> Result<UnmergeReport> {
    Unmerge::find(db, merged, version).await?.report(db, None).await
}

/// Tells them apart.
pub(super) async fn carry_out(
    db: &DatabaseConnection,
    by: &By,
    merged: i64,
    version: Option<i64>,
) -> Result<UnmergeReport> {
    let unmerge = Unmerge::find(db, merged, version).await?;
    let entry = by.open(db, "unmerge").await?;
    let report = unmerge.report(db, Some(entry)).await?;
    let from = unmerge.from.id;
    let which = "WHERE member.id = $1";
    journal::keep_before(db, entry, &journal::MEMBER, "member.id", which, [from.into()]).await?;
    let ids = unmerge.ids_back();
    let back = format!("WHERE membership.id IN {}", numbers(db.get_database_backend(), "$1"));
    journal::keep_before(db, entry, &journal::MEMBERSHIP, &from.to_string(), &back, [ids.as_str().into()])
        .await?;
    unmerge.bring_back(db, entry).await?;
    let give = format!("UPDATE membership SET member_id = $2 {back}");
    run(db, &give, [ids.into(), merged.into()]).await?;
    unmerge.restore(db, entry).await?;
    journal::keep_after(db, entry, &journal::MEMBER).await?;
    journal::keep_after(db, entry, &journal::MEMBERSHIP).await?;
    merges::end(db, unmerge.merge.id, entry).await?;
    let pairs = Pairs::between(db, from, merged).await?;
    pair_decisions::write(db, &pairs, false, &by.person, entry).await?;
    let detail = json!({
        "member": from, "merged": merged, "memberships": report.memberships.len(),
        "fields": report.changes.iter().filter_map(|change| Some(change.field?.name())).collect::<Vec<_>>(),
    });
    journal::audit(db, entry, &by.person, "unmerge", &detail).await?;
    Ok(report)
}

impl Unmerge {
    async fn find(db: &DatabaseConnection, merged: i64, version: Option<i64>) -> Result<Unmerge> {
        let Some(merge) = merges::of_merged(db, merged).await? else {
            return Err(Error::new(Code::NotFound, "No member of that number was merged into another one")
                .with_help("The view of a member lists whom they were merged from."));
        };
        let from = merges::who(db, merge.member).await?;
        let from = match version {
            Some(version) => unchanged(db, from, version).await?,
            None => match person(db, from).await? {
                Some(person) => person,
                None => return Err(gone(db, from).await?),
            },
        };
        let mut of_from = Chains::read(db, &[from.id]).await?;
        of_from.end(merge.member, merge.entry, merge.fields.iter().cloned());
        let of_merged = Chains::read(db, &[merged]).await?;
        let backend = db.get_database_backend();
        let now =
            format!("SELECT CAST({} AS text) FROM member WHERE id = $1", journal::MEMBER.image(backend));
        let now = parsed(&one(db, &now, [from.id.into()]).await?.try_get_by_index::<String>(0)?);
        let sql = "SELECT CAST(before AS text) FROM change
            WHERE push_id = $1 AND table_name = 'member' AND first_id = $2 AND before IS NOT NULL";
        let gone = one(db, sql, [merge.entry.into(), merged.into()]).await?;
        let gone = parsed(&gone.try_get_by_index::<String>(0)?);
        let mut moved = moved(db, &merge, from.id).await?;
        let of_others = of_others(db, &merge, &moved).await?;
        for moved in moved.iter_mut().filter(|moved| of_others.contains(&moved.id)) {
            moved.now = None;
        }
        Ok(Unmerge { merge, from, now, gone, moved, of_from, of_merged })
    }

    /// The memberships that go back, as a JSON array of texts.
    fn ids_back(&self) -> String {
        let ids = self.moved.iter().filter(|moved| moved.now.is_some()).map(|moved| moved.id.to_string());
        serde_json::to_string(&ids.collect::<Vec<_>>()).unwrap_or_default()
    }

    /// Fields of who stayed that the merge wrote: what they would be without it, and those that were written since. Where
    /// who stayed was merged into somebody else, nothing of those comes from this merge.
    fn fields(&self) -> (Vec<Restored<'_>>, Vec<Field>) {
        let (mut restored, mut kept) = (Vec::new(), Vec::new());
        if self.from.id != self.merge.member {
            return (restored, kept);
        }
        let in_force = self.of_from.in_force(self.from.id, self.from.version);
        // Entries from the merge on: had one of them written the field last, that stays.
        let since: HashSet<i64> =
            in_force.iter().map(|write| write.entry).filter(|entry| *entry > self.merge.entry).collect();
        for field in OF_MEMBER.into_iter().filter(|field| self.wrote(*field)) {
            let last = self.of_from.last_write(self.from.id, &in_force, field);
            if last.is_some_and(|write| since.contains(&write.entry)) {
                kept.push(field);
            } else if let Some(image) = self.of_from.image_with(self.from.id, &in_force, field)
                && !chain::same(image, &self.now, field)
            {
                restored.push(Restored { field, image });
            }
        }
        let nameless = |field: Field| {
            let image = restored.iter().find(|of| of.field == field).map_or(&self.now, |of| of.image);
            image.get(field.name()).is_none_or(Json::is_null)
        };
        if nameless(Field::GivenName) && nameless(Field::FamilyName) {
            // Somebody cleared the rest of the name since: they keep what the merge gave them.
            let is_name = |field: Field| matches!(field, Field::GivenName | Field::FamilyName);
            kept.extend(restored.iter().map(|of| of.field).filter(|field| is_name(*field)));
            restored.retain(|of| !is_name(of.field));
        }
        (restored, kept)
    }

    fn wrote(&self, field: Field) -> bool {
        self.merge.fields.iter().any(|name| name == field.name())
    }

    /// Fields of who went that another value was found for since: those who were merged into them were told apart.
    fn of_gone(&self) -> Vec<Restored<'_>> {
        let merged = self.merge.merged;
        let version = self.gone.get("version").and_then(Json::as_i64).unwrap_or_default();
        let in_force = self.of_merged.in_force(merged, version);
        let fields = OF_MEMBER.into_iter().filter_map(|field| {
            let image = self.of_merged.image_with(merged, &in_force, field)?;
            (!chain::same(image, &self.gone, field)).then_some(Restored { field, image })
        });
        if in_force.is_empty() { Vec::new() } else { fields.collect() }
    }

    /// Nobody has written who stayed since, and they had nothing else from the merge's entry: they become exactly who they
    /// were, with their version.
    async fn before(&self, db: &DatabaseConnection) -> Result<Option<Json>> {
        if self.from.id != self.merge.member || self.from.version != self.merge.entry {
            return Ok(None);
        }
        let sql = "SELECT CAST(change.before AS text) FROM change INNER JOIN push ON change.push_id = push.id
            WHERE change.push_id = $1 AND change.table_name = 'member' AND change.first_id = $2 AND push.kind = 'merge'
                AND change.before IS NOT NULL";
        let found = all(db, sql, [self.merge.entry.into(), self.from.id.into()]).await?;
        let Some(row) = found.first() else { return Ok(None) };
        let before = parsed(&row.try_get_by_index::<String>(0)?);
        let (restored, _) = self.fields();
        let all_back = OF_MEMBER.into_iter().all(|field| {
            let image = restored.iter().find(|of| of.field == field).map_or(&self.now, |of| of.image);
            chain::same(image, &before, field)
        });
        Ok(all_back.then_some(before))
    }

    /// The row of who went. Where all of them is as it was, so is their version.
    async fn bring_back(&self, db: &DatabaseConnection, entry: Entry) -> Result<()> {
        let (backend, merged) = (db.get_database_backend(), self.merge.merged);
        let from = format!(
            "SELECT change.before AS image FROM change WHERE change.push_id = $1 AND change.table_name = 'member'
                 AND change.first_id = {merged} AND change.before IS NOT NULL"
        );
        run(db, &journal::MEMBER.restore(backend, &from), [self.merge.entry.into()]).await?;
        let fields = self.of_gone();
        let as_it_was = |moved: &Moved| moved.now.is_some() && !moved.is_edited();
        let version =
            if fields.is_empty() && self.moved.iter().all(as_it_was) { None } else { Some(entry.id) };
        set(db, merged, &fields, version).await?;
        let note = format!(
            "INSERT INTO change (year, push_id, table_name, first_id, last_id, member_id, after)
             SELECT {}, {}, 'member', member.id, member.id, member.id, {} FROM member WHERE member.id = $1",
            entry.year,
            entry.id,
            journal::MEMBER.image(backend)
        );
        run(db, &note, [merged.into()]).await?;
        Ok(())
    }

    /// The row of whom they are taken out of.
    async fn restore(&self, db: &DatabaseConnection, entry: Entry) -> Result<()> {
        let version = match self.before(db).await? {
            Some(before) => before.get("version").and_then(Json::as_i64).unwrap_or(entry.id),
            None => entry.id,
        };
        set(db, self.from.id, &self.fields().0, Some(version)).await
    }

    async fn report(&self, db: &DatabaseConnection, entry: Option<Entry>) -> Result<UnmergeReport> {
        let (restored, kept_fields) = self.fields();
        let images: Vec<&Json> = restored.iter().map(|of| of.image).chain([&self.now, &self.gone]).collect();
        let names = Names::of(db, &images).await?;
        let (was, merged) = (names.of_image(&self.now), names.of_image(&self.gone));
        let change = |of: &Restored<'_>| FieldChange {
            field: Some(of.field),
            club: None,
            before: was.get(&of.field).cloned(),
            after: names.of_image(of.image).remove(&of.field),
        };
        let mut memberships = Vec::new();
        for moved in self.moved.iter().filter(|moved| moved.now.is_some()) {
            let view = self.from.memberships.iter().find(|membership| membership.id == moved.id);
            let Some(view) = view.map(|membership| &membership.view) else { continue };
            let stays = |id: i64| self.moved.iter().all(|moved| moved.id != id || moved.now.is_none());
            let twice =
                self.from.memberships.iter().any(|other| stays(other.id) && other.view.club == view.club);
            memberships.push(MovedMembership {
                id: view.id,
                club: view.club.clone(),
                twice,
                edited: moved.is_edited(),
            });
        }
        Ok(UnmergeReport {
            member: number(self.from.id),
            merged: number(self.merge.merged),
            name: name_of(&merged),
            entry: entry.map(|entry| number(entry.id)),
            changes: restored.iter().map(change).collect(),
            kept_fields,
            missing: u32::try_from(self.moved.len() - memberships.len()).unwrap_or_default(),
            memberships,
        })
    }
}

fn name_of(values: &BTreeMap<Field, String>) -> String {
    let parts = [Field::GivenName, Field::MiddleName, Field::FamilyName, Field::Suffix];
    parts.iter().filter_map(|part| values.get(part).map(String::as_str)).collect::<Vec<_>>().join(" ")
}

/// Writes fields of a member as images have them, and a version.
async fn set(
    db: &DatabaseConnection,
    member: i64,
    fields: &[Restored<'_>],
    version: Option<i64>,
) -> Result<()> {
    let mut values: Vec<Value> = vec![member.into()];
    let mut sets = Vec::new();
    for of in fields {
        for column in chain::columns(of.field) {
            let value = of.image.get(column).unwrap_or(&Json::Null);
            values.push(match *column {
                "company_id" => value.as_i64().into(),
                _ => value.as_str().map(str::to_owned).into(),
            });
            sets.push(format!("{column} = ${}", values.len()));
        }
    }
    sets.extend(version.map(|version| format!("version = {version}")));
    if sets.is_empty() {
        return Ok(());
    }
    run(db, &format!("UPDATE member SET {} WHERE id = $1", sets.join(", ")), values).await?;
    Ok(())
}
