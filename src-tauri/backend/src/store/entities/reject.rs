//! Rows that were refused.

use std::fmt;

use sea_orm::entity::prelude::*;

/// A row of `reject`.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reject")]
pub struct Model {
    /// Primary key
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The push
    pub push_id: i64,
    /// The file
    pub source_file_id: i64,
    /// Line of a text file or row of a sheet; the header counts
    pub line: i64,
    /// Names of the rules that the row breaks, joined by `+`
    pub rules: String,
    /// The row as it stands in the file
    pub raw_line: String,
    /// Its cells: a JSON array in the order of the file's header
    pub cells: String,
    /// The cells as they were fixed
    pub fixed_cells: Option<String>,
    /// The push that took the row in after it was fixed
    pub replayed_by: Option<i64>,
    /// When somebody put it away without taking it in: RFC 3339, UTC
    pub dismissed: Option<String>,
    /// How its file was read; none for rows of earlier versions
    pub reading_id: Option<i64>,
    /// How many rows before it in the file have the same identifying text
    pub occurrence: i64,
    /// One more at each change
    pub version: i64,
    /// What the last replay made of it: the name of a fate, or `suspect`
    pub outcome: Option<String>,
}

/// Prints no personal data.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reject").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What a row refers to.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The row of `push`
    #[sea_orm(belongs_to = "super::push::Entity", from = "Column::PushId", to = "super::push::Column::Id")]
    Push,
    /// The row of `source_file`
    #[sea_orm(
        belongs_to = "super::source_file::Entity",
        from = "Column::SourceFileId",
        to = "super::source_file::Column::Id"
    )]
    SourceFile,
}

impl Related<super::push::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Push.def()
    }
}

impl Related<super::source_file::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SourceFile.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
