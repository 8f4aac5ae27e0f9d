//! Imports: one piece of work each (workspace).

use sea_orm::entity::prelude::*;

/// A row of `import`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import")]
pub struct Model {
    /// Primary key
    #[sea_orm(primary_key)]
    pub id: i64,
    /// For people
    pub name: String,
    /// `files`, `columns`, `fix`, `people` or `push`
    pub step: String,
    /// RFC 3339, UTC
    pub created: String,
    /// RFC 3339, UTC
    pub updated: String,
    /// What the staged rows were made from; `None` before the first staging
    pub stage_key: Option<String>,
    /// Steps that were undone last
    pub redo: Json,
}

/// A row refers to nothing.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
