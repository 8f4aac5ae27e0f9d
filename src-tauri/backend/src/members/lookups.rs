//! The club and the company of a member who is written by hand: found, or added.

use sea_orm::DatabaseConnection;

use muster_engine::standardise::Parsed;
use muster_engine::standardise::company::CompanyDimension;
use muster_engine::{Field, Rule};

use crate::error::{Code, Error, Result};
use crate::store::journal::{self, Entry};
use crate::store::sql::{all, one};

/// The club of that name; a new one is added.
pub(super) async fn find_or_add_club(db: &DatabaseConnection, entry: Entry, name: &str) -> Result<i64> {
    if let Some(row) = all(db, "SELECT id FROM club WHERE name = $1", [name.into()]).await?.first() {
        return Ok(row.try_get_by_index(0)?);
    }
    let above = journal::last_id(db, &journal::CLUB).await?;
    let id = one(db, "INSERT INTO club (name) VALUES ($1) RETURNING id", [name.into()])
        .await?
        .try_get_by_index(0)?;
    journal::note_added(db, entry, &journal::CLUB, above).await?;
    Ok(id)
}

/// The company of that name or source's id; a name that is new is added. A bare number that nobody knows is refused:
/// it is an id, and no name.
pub(super) async fn company(
    db: &DatabaseConnection,
    entry: Entry,
    name: Option<&str>,
) -> Result<Option<i64>> {
    let Some(name) = name else { return Ok(None) };
    let rows = all(db, "SELECT id, name, source_company_id FROM company ORDER BY id", []).await?;
    let mut ids = Vec::with_capacity(rows.len());
    let mut entries = Vec::with_capacity(rows.len());
    for row in &rows {
        let known: String = row.try_get("", "name")?;
        ids.push((known.clone(), row.try_get::<i64>("", "id")?));
        entries.push((row.try_get::<Option<String>>("", "source_company_id")?.unwrap_or_default(), known));
    }
    let list = CompanyDimension::new(entries);
    if !list.is_empty()
        && let Parsed::Value(hit, _) = list.look_up(name)
        && let Some((_, id)) = ids.iter().find(|(known, _)| known == hit.name)
    {
        return Ok(Some(*id));
    }
    if name.bytes().all(|byte| byte.is_ascii_digit()) {
        let message = format!("{}: {}", Field::Company.label(), Rule::UnknownCompany.label().to_lowercase());
        return Err(Error::new(Code::InvalidInput, message).with_help("Type the company's name."));
    }
    let above = journal::last_id(db, &journal::COMPANY).await?;
    let id = one(db, "INSERT INTO company (name) VALUES ($1) RETURNING id", [name.into()])
        .await?
        .try_get_by_index(0)?;
    journal::note_added(db, entry, &journal::COMPANY, above).await?;
    Ok(Some(id))
}
