//! Files that rows came from.

use sea_orm::entity::prelude::*;

/// A row of `source_file`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "source_file")]
pub struct Model {
    /// Primary key
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The club that the file is from
    pub club_id: i64,
    /// Of its bytes, in hexadecimal
    pub sha256: String,
    /// Its name, without the folder
    pub name: String,
    /// Bytes
    pub size: i64,
    /// Headers of its columns: a JSON array
    pub header: String,
    /// When it was first pushed: RFC 3339, UTC
    pub added: String,
}

/// What a row refers to.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The row of `club`
    #[sea_orm(belongs_to = "super::club::Entity", from = "Column::ClubId", to = "super::club::Column::Id")]
    Club,
}

impl Related<super::club::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Club.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
