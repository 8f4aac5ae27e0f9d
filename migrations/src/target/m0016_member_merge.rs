//! Members of the target who were merged, so that they can be told apart again; and two kinds of entries for that.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, text};
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::parts::{drop, index, reference};

const MERGE: &str = "member_merge";
const UNMERGE: &str = "member_unmerge";

const KINDS_BEFORE: &str = "'push', 'undo', 'edit'";
const KINDS: &str = "'push', 'undo', 'edit', 'merge', 'unmerge'";

/// Makes the tables and lets the ledger have the kinds.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        change_kinds(manager, KINDS_BEFORE, KINDS).await?;
        let merge = Table::create()
            .table(MERGE)
            .col(big_pk_auto("id"))
            // The entry that merged them.
            .col(big_integer("push_id"))
            // The member who stayed, and the one who went. Either may be gone by now, so they are no references.
            .col(big_integer("member_id"))
            .col(big_integer("merged_id"))
            // Fields of the member who stayed that the merge wrote: a JSON array of their names.
            .col(text("fields"))
            // The un-merge or undo that took it back; none while it is in force.
            .col(big_integer_null("ended_by"))
            .foreign_key(&mut reference(MERGE, "push_id", "push", ForeignKeyAction::Restrict))
            .foreign_key(&mut reference(MERGE, "ended_by", "push", ForeignKeyAction::Restrict))
            .to_owned();
        manager.create_table(merge).await?;
        for column in ["push_id", "member_id", "merged_id", "ended_by"] {
            manager.create_index(index(MERGE, &[column])).await?;
        }
        // Which entry took back which merge, also where that was undone since.
        let unmerge = Table::create()
            .table(UNMERGE)
            .col(big_pk_auto("id"))
            .col(big_integer("push_id"))
            .col(big_integer("merge_id"))
            .foreign_key(&mut reference(UNMERGE, "push_id", "push", ForeignKeyAction::Restrict))
            .foreign_key(&mut reference(UNMERGE, "merge_id", MERGE, ForeignKeyAction::Restrict))
            .to_owned();
        manager.create_table(unmerge).await?;
        for column in ["push_id", "merge_id"] {
            manager.create_index(index(UNMERGE, &[column])).await?;
        }
        // The merge or un-merge by hand that a decision comes from: it is undone with that.
        let db = manager.get_connection();
        db.execute_unprepared("ALTER TABLE decision ADD COLUMN push_id bigint REFERENCES push (id)").await?;
        manager.create_index(index("decision", &["push_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared("DROP INDEX ix_decision_push_id").await?;
        db.execute_unprepared("ALTER TABLE decision DROP COLUMN push_id").await?;
        drop(manager, UNMERGE).await?;
        drop(manager, MERGE).await?;
        db.execute_unprepared("UPDATE push SET kind = 'edit' WHERE kind IN ('merge', 'unmerge')").await?;
        change_kinds(manager, KINDS, KINDS_BEFORE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Changes the check of `push.kind`. SQLite has no statement for that; what a check says is in the text of the schema
/// alone, and may be changed there (<https://www.sqlite.org/lang_altertable.html#otheralter>).
async fn change_kinds(manager: &SchemaManager<'_>, from: &str, to: &str) -> Result<(), DbErr> {
    let db = manager.get_connection();
    if manager.get_database_backend() == DatabaseBackend::Postgres {
        db.execute_unprepared("ALTER TABLE push DROP CONSTRAINT push_kind_check").await?;
        let add = format!("ALTER TABLE push ADD CONSTRAINT push_kind_check CHECK (kind IN ({to}))");
        db.execute_unprepared(&add).await?;
        return Ok(());
    }
    let quoted = |text: &str| text.replace('\'', "''");
    let (from, to) = (quoted(from), quoted(to));
    db.execute_unprepared("PRAGMA writable_schema = ON").await?;
    let change = format!(
        "UPDATE sqlite_schema SET sql = replace(sql, '({from})', '({to})')
         WHERE type = 'table' AND name = 'push' AND instr(sql, '({from})') > 0"
    );
    let changed = db.execute_unprepared(&change).await?.rows_affected();
    // Ends the writing, and reads the schema anew.
    db.execute_unprepared("PRAGMA writable_schema = RESET").await?;
    if changed == 1 {
        Ok(())
    } else {
        Err(DbErr::Custom("the ledger has not the kinds it should".to_owned()))
    }
}
