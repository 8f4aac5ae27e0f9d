//! Column choices remembered by the shape of a header (workspace).

use sea_orm::entity::prelude::*;

/// A row of `template`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "template")]
pub struct Model {
    /// Hash of the headers
    #[sea_orm(primary_key, auto_increment = false)]
    pub shape: String,
    /// The choices
    pub body: Json,
    /// RFC 3339, UTC
    pub updated: String,
}

/// A row refers to nothing.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
