//! The files of an import (workspace).

use sea_orm::entity::prelude::*;

/// A row of `import_file`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_file")]
pub struct Model {
    /// Primary key
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The import
    pub import_id: i64,
    /// Rows are numbered in this order
    pub position: i32,
    /// Without the folder
    pub name: String,
    /// Of its bytes, in hexadecimal; names the kept copy
    pub sha256: String,
    /// Bytes
    pub size: i64,
    /// `delimited` or `workbook`
    pub kind: String,
    /// `members` or `companies`
    pub role: String,
    /// The club that the file is from
    pub source: String,
    /// Reader options that the person fixed
    pub reader: Json,
    /// Reader options as detected
    pub detected: Json,
    /// What was found in its columns
    pub profile: Option<Json>,
    /// Rows; `None` until counted
    pub rows: Option<i64>,
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
