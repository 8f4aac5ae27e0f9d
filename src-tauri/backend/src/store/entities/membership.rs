//! Memberships: a person in a club.

use std::fmt;

use sea_orm::entity::prelude::*;

/// A row of `membership`.
#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    /// Primary key
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The person
    pub member_id: i64,
    /// The club
    pub club_id: i64,
    /// The club's key for the person, unique in the club
    pub source_key: String,
    /// ISO 8601, perhaps reduced to `YYYY-MM` or `YYYY`
    pub member_since: Option<String>,
    /// ISO 8601
    pub last_active: Option<String>,
    /// The club's own score
    pub score: Option<f64>,
    /// The score on the scale that all clubs share
    pub unified_score: Option<f64>,
}

/// Prints no personal data.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Membership").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What a row refers to.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The row of `member`
    #[sea_orm(
        belongs_to = "super::member::Entity",
        from = "Column::MemberId",
        to = "super::member::Column::Id"
    )]
    Member,
    /// The row of `club`
    #[sea_orm(belongs_to = "super::club::Entity", from = "Column::ClubId", to = "super::club::Column::Id")]
    Club,
}

impl Related<super::member::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Member.def()
    }
}

impl Related<super::club::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Club.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
