//! The workspace: what the desktop remembers about its imports.

use sea_orm_migration::prelude::*;

mod m0001_import;
mod m0002_import_file;
mod m0003_column_choice;
mod m0004_operation;
mod m0005_template;
mod m0006_import_push;
mod m0007_people_settings;
mod m0008_decision;
mod m0009_put_off;
mod m0010_decision_index;
mod m0011_score_settings;
mod m0012_drive_file;

/// The steps, oldest first.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_import::Migration),
            Box::new(m0002_import_file::Migration),
            Box::new(m0003_column_choice::Migration),
            Box::new(m0004_operation::Migration),
            Box::new(m0005_template::Migration),
            Box::new(m0006_import_push::Migration),
            Box::new(m0007_people_settings::Migration),
            Box::new(m0008_decision::Migration),
            Box::new(m0009_put_off::Migration),
            Box::new(m0010_decision_index::Migration),
            Box::new(m0011_score_settings::Migration),
            Box::new(m0012_drive_file::Migration),
        ]
    }
}
