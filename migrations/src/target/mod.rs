//! The target: the members, where they come from, and the ledger of pushes.

use sea_orm_migration::prelude::*;

mod m0001_company;
mod m0002_club;
mod m0003_member;
mod m0004_membership;
mod m0005_source_file;
mod m0006_push;
mod m0007_source_record;
mod m0008_reject;
mod m0009_change;
mod m0010_audit_entry;
mod m0011_score_history;
mod m0012_decision;
mod m0013_reading;
mod m0014_decision_details;
mod m0015_source_file_index;
mod m0016_member_merge;
mod m0017_value_origin;
mod m0018_score_method;
mod m0019_archive;
mod m0020_change_added;

/// The steps, oldest first.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_company::Migration),
            Box::new(m0002_club::Migration),
            Box::new(m0003_member::Migration),
            Box::new(m0004_membership::Migration),
            Box::new(m0005_source_file::Migration),
            Box::new(m0006_push::Migration),
            Box::new(m0007_source_record::Migration),
            Box::new(m0008_reject::Migration),
            Box::new(m0009_change::Migration),
            Box::new(m0010_audit_entry::Migration),
            Box::new(m0011_score_history::Migration),
            Box::new(m0012_decision::Migration),
            Box::new(m0013_reading::Migration),
            Box::new(m0014_decision_details::Migration),
            Box::new(m0015_source_file_index::Migration),
            Box::new(m0016_member_merge::Migration),
            Box::new(m0017_value_origin::Migration),
            Box::new(m0018_score_method::Migration),
            Box::new(m0019_archive::Migration),
            Box::new(m0020_change_added::Migration),
        ]
    }
}
