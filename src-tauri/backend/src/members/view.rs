//! One member: who they are, their memberships, what happened to them and where they come from.

use sea_orm::{DatabaseConnection, QueryResult};
use serde::Serialize;

use muster_engine::Field;

use super::history::{self, HistoryEntry};
use super::merged_from::{MergedFrom, merged_from};
use super::number;
use super::origins::{Origins, ValueOrigin};
use super::values::{FieldValue, score_text};
use crate::error::{Code, Error, Result};
use crate::store::merges;
use crate::store::sql::all;

/// The fields of a member themselves, in the order of forms.
pub(super) const OF_MEMBER: [Field; 11] = [
    Field::Prefix,
    Field::GivenName,
    Field::MiddleName,
    Field::FamilyName,
    Field::Suffix,
    Field::PreferredName,
    Field::BirthDate,
    Field::Company,
    Field::State,
    Field::Email,
    Field::Phone,
];

/// The fields of a membership that can be changed.
pub(super) const OF_MEMBERSHIP: [Field; 3] = [Field::MemberSince, Field::LastActive, Field::Score];

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MemberView {
    /// Their number
    pub id: u32,
    /// What an edit has to name: the entry of the ledger that last wrote them
    pub version: u32,
    /// All their fields
    pub values: Vec<FieldValue>,
    /// Where the values come from, of fields that have one
    pub origins: Vec<ValueOrigin>,
    /// The company is an id that nobody knows the name of
    pub company_unknown: bool,
    /// Their memberships, by club
    pub memberships: Vec<MembershipView>,
    /// What happened to them, newest first
    pub history: Vec<HistoryEntry>,
    /// The rows of lists that they come from
    pub sources: Vec<SourceView>,
    /// Who was merged into them
    pub merged_from: Vec<MergedFrom>,
}

/// A membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MembershipView {
    /// Its number
    pub id: u32,
    /// The club
    pub club: String,
    /// The club's number for the member, or Muster's key where the club has none
    pub source_key: String,
    /// When they joined, were last active, and their score
    pub values: Vec<FieldValue>,
    /// Where the values come from, of fields that have one; only of a member who is looked at
    pub origins: Vec<ValueOrigin>,
    /// The score on the scale of all clubs
    pub unified_score: Option<String>,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SourceView {
    /// The club
    pub club: String,
    /// Name of the file
    pub file: String,
    /// SHA-256 of the file
    pub sha256: String,
    /// Line of a text file, or row of a sheet; the header counts
    pub line: u32,
    /// The push
    pub push: u32,
    /// Name of the import
    pub import_name: String,
    /// Who pushed
    pub person: String,
    /// When: RFC 3339, UTC
    pub pushed: String,
    /// Rules for which the row was refused before it was fixed
    pub rules: Vec<String>,
}

/// A member as they are in the database.
pub(super) struct Person {
    pub(super) id: i64,
    pub(super) version: i64,
    pub(super) values: Vec<FieldValue>,
    pub(super) company_unknown: bool,
    pub(super) memberships: Vec<Membership>,
}

pub(super) struct Membership {
    pub(super) id: i64,
    pub(super) view: MembershipView,
}

/// A member and their memberships; `None` where there is no such member.
pub(super) async fn person(db: &DatabaseConnection, id: i64) -> Result<Option<Person>> {
    let sql = "SELECT member.prefix, member.given_name, member.middle_name, member.family_name, member.suffix,
            member.preferred_name, member.birth_date, coalesce(company.name, member.company_source_id) AS company,
            member.company_source_id, member.state, member.email, member.phone, member.version
        FROM member LEFT JOIN company ON member.company_id = company.id WHERE member.id = $1";
    let rows = all(db, sql, [id.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let memberships = "SELECT membership.id, club.name AS club, membership.source_key,
            membership.member_since, membership.last_active, membership.score, membership.unified_score
        FROM membership INNER JOIN club ON membership.club_id = club.id
        WHERE membership.member_id = $1 ORDER BY club.name, membership.id";
    let memberships = all(db, memberships, [id.into()]).await?;
    Ok(Some(Person {
        id,
        version: row.try_get("", "version")?,
        values: values_of(row, &OF_MEMBER)?,
        company_unknown: row.try_get::<Option<String>>("", "company_source_id")?.is_some(),
        memberships: memberships.iter().map(membership).collect::<Result<_>>()?,
    }))
}

fn membership(row: &QueryResult) -> Result<Membership> {
    let id: i64 = row.try_get("", "id")?;
    let score: Option<f64> = row.try_get("", "score")?;
    let unified: Option<f64> = row.try_get("", "unified_score")?;
    let mut values = values_of(row, &[Field::MemberSince, Field::LastActive])?;
    values.push(FieldValue { field: Field::Score, value: score.map(score_text) });
    Ok(Membership {
        id,
        view: MembershipView {
            id: number(id),
            club: row.try_get("", "club")?,
            source_key: row.try_get("", "source_key")?,
            values,
            origins: Vec::new(),
            unified_score: unified.map(score_text),
        },
    })
}

fn values_of(row: &QueryResult, fields: &[Field]) -> Result<Vec<FieldValue>> {
    let of = |&field: &Field| Ok(FieldValue { field, value: row.try_get("", field.name())? });
    fields.iter().map(of).collect()
}

/// Everything about a member.
///
/// # Errors
/// [`Code::NotFound`], with who deleted them; when the database fails.
pub(super) async fn view(db: &DatabaseConnection, id: i64) -> Result<MemberView> {
    let Some(mut person) = person(db, id).await? else { return Err(gone(db, id).await?) };
    let origins = Origins::find(db, &person).await?;
    for at in 0..person.memberships.len() {
        let found = origins.of_membership(&person, person.memberships[at].id);
        person.memberships[at].view.origins = found;
    }
    Ok(MemberView {
        origins: origins.of_member(&person),
        id: number(id),
        version: number(person.version),
        history: history::history(db, &person).await?,
        sources: sources(db, id).await?,
        merged_from: merged_from(db, id).await?,
        values: person.values,
        company_unknown: person.company_unknown,
        memberships: person.memberships.into_iter().map(|membership| membership.view).collect(),
    })
}

async fn sources(db: &DatabaseConnection, id: i64) -> Result<Vec<SourceView>> {
    let sql = "SELECT club.name AS club, source_file.name AS file, source_file.sha256, source_record.line,
            source_record.push_id, push.import_name, push.person, push.finished, reject.rules
        FROM membership
        INNER JOIN source_record ON membership.id = source_record.membership_id
        INNER JOIN source_file ON source_record.source_file_id = source_file.id
        INNER JOIN club ON source_record.club_id = club.id
        INNER JOIN push ON source_record.push_id = push.id
        LEFT JOIN reject ON reject.replayed_by = source_record.push_id
            AND reject.source_file_id = source_record.source_file_id AND reject.line = source_record.line
        WHERE membership.member_id = $1 ORDER BY source_record.push_id DESC, club.name, source_record.line";
    let source = |row: QueryResult| {
        let rules: Option<String> = row.try_get("", "rules")?;
        Ok(SourceView {
            club: row.try_get("", "club")?,
            file: row.try_get("", "file")?,
            sha256: row.try_get("", "sha256")?,
            line: number(row.try_get("", "line")?),
            push: number(row.try_get("", "push_id")?),
            import_name: row.try_get("", "import_name")?,
            person: row.try_get("", "person")?,
            pushed: row.try_get("", "finished")?,
            rules: rules
                .unwrap_or_default()
                .split('+')
                .filter(|rule| !rule.is_empty())
                .map(str::to_owned)
                .collect(),
        })
    };
    all(db, sql, [id.into()]).await?.into_iter().map(source).collect()
}

/// Why a member is not there.
pub(super) async fn gone(db: &DatabaseConnection, id: i64) -> Result<Error> {
    let sql =
        "SELECT push.id, push.person, push.finished FROM change INNER JOIN push ON change.push_id = push.id
        WHERE change.member_id = $1 AND change.table_name = 'member' AND change.after IS NULL
        ORDER BY push.id DESC LIMIT 1";
    let rows = all(db, sql, [id.into()]).await?;
    let Some(row) = rows.first() else { return Ok(Error::not_found("member")) };
    let (entry, person, at): (i64, String, String) =
        (row.try_get("", "id")?, row.try_get("", "person")?, row.try_get("", "finished")?);
    if let Some(merge) = merges::of_merged(db, id).await? {
        let message = format!(
            "This member was merged into member {} by {person} on {at} (entry {entry})",
            merge.member
        );
        return Ok(Error::new(Code::NotFound, message).with_help("Look at that member, or un-merge them."));
    }
    Ok(Error::new(Code::NotFound, format!("This member was deleted by {person} on {at} (entry {entry})"))
        .with_help("Undo that entry to bring them back."))
}
