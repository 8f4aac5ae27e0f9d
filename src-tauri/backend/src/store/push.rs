//! Queries of the ledger.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entities::push::{Column, Entity, Model};
use crate::error::Result;

/// The push that carried out a package and was not undone.
///
/// # Errors
/// When the database fails.
pub async fn carried_out(db: &impl ConnectionTrait, package: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Package.eq(package)).filter(Column::Undone.is_null()).one(db).await?)
}

/// All pushes, newest first.
///
/// # Errors
/// When the database fails.
pub async fn newest_first(db: &impl ConnectionTrait) -> Result<Vec<Model>> {
    Ok(Entity::find().order_by_desc(Column::Id).all(db).await?)
}

/// An entry.
///
/// # Errors
/// When the database fails.
pub async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}
