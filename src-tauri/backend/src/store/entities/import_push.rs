//! Which pushes an import went out with (workspace).

use sea_orm::entity::prelude::*;

/// A row of `import_push`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_push")]
pub struct Model {
    /// Primary key
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The import
    pub import_id: i64,
    /// Id in the ledger of the target
    pub push_id: i64,
    /// Name of the profile
    pub profile: String,
    /// Package id
    pub package: String,
    /// RFC 3339, UTC
    pub finished: String,
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
