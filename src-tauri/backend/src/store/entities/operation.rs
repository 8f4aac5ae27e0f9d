//! The steps that a person did (workspace).

use sea_orm::entity::prelude::*;

/// A row of `operation`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "operation")]
pub struct Model {
    /// Primary key
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The import
    pub import_id: i64,
    /// Steps run in this order
    pub position: i32,
    /// A `muster_engine::recipe::Operation`
    pub body: Json,
    /// RFC 3339, UTC
    pub created: String,
    /// Left out for now
    pub undone: bool,
}

/// What a row refers to.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The row of `import`
    #[sea_orm(
        belongs_to = "super::import::Entity",
        from = "Column::ImportId",
        to = "super::import::Column::Id"
    )]
    Import,
}

impl Related<super::import::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Import.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
