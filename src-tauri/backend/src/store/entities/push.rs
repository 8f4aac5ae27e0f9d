//! The ledger: one row for all that is written together. The database checks that the counts add up.

use sea_orm::entity::prelude::*;

/// A row of `push`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "push")]
pub struct Model {
    /// Primary key
    #[sea_orm(primary_key)]
    pub id: i64,
    /// `push`, `undo`, `edit`, `merge` or `unmerge`
    pub kind: String,
    /// SHA-256 of the raw files, the recipe and the target
    pub package: String,
    /// Name of the profile
    pub profile: String,
    /// How it treated keys that were there: `insert-new`, `fill-blanks`, …
    pub mode: String,
    /// Who pushed
    pub person: String,
    /// Name of the import
    pub import_name: String,
    /// RFC 3339, UTC
    pub started: String,
    /// RFC 3339, UTC
    pub finished: String,
    /// When it was undone
    pub undone: Option<String>,
    /// The entry that an undo took back
    pub undoes: Option<i64>,
    /// What was imported, as JSON
    pub recipe: Option<String>,
    /// = staged + excluded + rejected
    pub rows_read: i64,
    /// Rows that the person left out
    pub excluded: i64,
    /// Rows with an error
    pub rejected: i64,
    /// = clean + suspect
    pub staged: i64,
    /// Rows kept apart
    pub suspect: i64,
    /// = inserted + updated + skipped + rejected in the push
    pub clean: i64,
    /// New members
    pub inserted: i64,
    /// Members changed
    pub updated: i64,
    /// Rows whose key was there with the same details
    pub skipped_identical: i64,
    /// Rows whose key was there with other details
    pub skipped_different: i64,
    /// Rows that another row of the import contradicts
    pub conflicts: i64,
    /// Clean rows that the target refused
    pub rejected_in_push: i64,
    /// Memberships removed, since the list does not have them any more
    pub removed: i64,
}

/// A row refers to nothing.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
