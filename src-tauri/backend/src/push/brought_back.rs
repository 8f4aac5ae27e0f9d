//! What an undo would bring back, and what is there by now in its place.

use sea_orm::DatabaseConnection;

use crate::error::{Code, Error, Result};
use crate::store::sql::one;

/// Clubs, companies and files that an entry had removed must not be there under another number by now.
pub(super) async fn check_names(db: &DatabaseConnection, entry: i64) -> Result<()> {
    for (table, same) in [
        ("club", "club.name = change.before ->> 'name'"),
        ("company", "company.name = change.before ->> 'name'"),
        (
            "source_file",
            "source_file.club_id = CAST(change.before ->> 'club_id' AS bigint)
                 AND source_file.sha256 = change.before ->> 'sha256' AND source_file.name = change.before ->> 'name'",
        ),
    ] {
        let sql = format!(
            "SELECT count(*) FROM change INNER JOIN {table} ON {same}
             WHERE change.push_id = $1 AND change.table_name = '{table}' AND change.before IS NOT NULL
                 AND change.after IS NULL AND change.member_id IS NULL"
        );
        if one(db, &sql, [entry.into()]).await?.try_get_by_index::<i64>(0)? > 0 {
            return Err(Error::new(
                Code::Refused,
                "A club, company or file that went with this entry has been added anew since",
            )
            .with_help("Nothing was written. Push the list again instead, or undo what added them first."));
        }
    }
    Ok(())
}
