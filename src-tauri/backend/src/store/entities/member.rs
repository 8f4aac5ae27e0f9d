//! Members: one row a person.

use std::fmt;

use sea_orm::entity::prelude::*;

/// A row of `member`.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member")]
pub struct Model {
    /// Primary key
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Titles and honorifics
    pub prefix: Option<String>,
    /// First name; a member has this or a family name
    pub given_name: Option<String>,
    /// Names between
    pub middle_name: Option<String>,
    /// Last name with its particles
    pub family_name: Option<String>,
    /// `Jr.`, `MD`
    pub suffix: Option<String>,
    /// Nickname
    pub preferred_name: Option<String>,
    /// ISO 8601
    pub birth_date: Option<String>,
    /// USPS code
    pub state: Option<String>,
    /// Their company
    pub company_id: Option<i64>,
    /// A company id of the source that nobody has resolved yet
    pub company_source_id: Option<String>,
    /// E-mail address
    pub email: Option<String>,
    /// Phone number
    pub phone: Option<String>,
    /// The ledger's entry that last wrote the member or one of their memberships
    pub version: i64,
}

/// Prints no personal data.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What a row refers to.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The row of `company`
    #[sea_orm(
        belongs_to = "super::company::Entity",
        from = "Column::CompanyId",
        to = "super::company::Column::Id"
    )]
    Company,
}

impl Related<super::company::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Company.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
