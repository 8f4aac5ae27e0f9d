//! Provenance: which row of which file made which membership.

use sea_orm::entity::prelude::*;

/// A row of `source_record`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "source_record")]
pub struct Model {
    /// Primary key
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Of the push
    pub year: i32,
    /// The file
    pub source_file_id: i64,
    /// Line of a text file or row of a sheet; the header counts
    pub line: i64,
    /// The club of the membership
    pub club_id: i64,
    /// The membership
    pub membership_id: i64,
    /// The push
    pub push_id: i64,
    /// Hash of the source and the raw text of the identifying columns
    #[sea_orm(column_type = "Blob")]
    pub fingerprint: Vec<u8>,
}

/// What a row refers to.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The row of `source_file`
    #[sea_orm(
        belongs_to = "super::source_file::Entity",
        from = "Column::SourceFileId",
        to = "super::source_file::Column::Id"
    )]
    SourceFile,
    /// The row of `membership`
    #[sea_orm(
        belongs_to = "super::membership::Entity",
        from = "Column::MembershipId",
        to = "super::membership::Column::Id"
    )]
    Membership,
    /// The row of `push`
    #[sea_orm(belongs_to = "super::push::Entity", from = "Column::PushId", to = "super::push::Column::Id")]
    Push,
}

impl Related<super::source_file::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SourceFile.def()
    }
}

impl Related<super::membership::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Membership.def()
    }
}

impl Related<super::push::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Push.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
