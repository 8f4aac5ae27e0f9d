//! The commands of the screens, one file a screen. Each calls one use case.
//!
//! A fraction is exported as `u32`: specta writes `f64` as `number | null`, for NaN, which none of ours is.

mod archive;
mod columns;
mod drive;
mod files;
mod fix;
mod imports;
mod logs;
mod member_file;
mod members;
mod people;
mod profiles;
mod push;
mod rejects;
mod schedules;
mod scores;
mod statistics;
mod workspace;

use tauri_specta::{Builder, ErrorHandlingMode, collect_commands};

use crate::dropped::{DragOver, FilesDropped};
use crate::jobs::Progress;

/// All commands, with the types that the screens see.
#[expect(clippy::too_many_lines, reason = "a list, one line a command")]
pub(crate) fn builder() -> Builder<tauri::Wry> {
    Builder::<tauri::Wry>::new()
        .error_handling(ErrorHandlingMode::Result)
        // What goes in and what comes out has one shape.
        .disable_serde_phases()
        .commands(collect_commands![
            workspace::workspace_open,
            workspace::app_info,
            imports::import_list,
            imports::import_create,
            imports::import_create_sample,
            imports::import_open,
            imports::import_rename,
            imports::import_delete,
            imports::import_set_step,
            imports::cancel_job,
            files::files_pick,
            files::files_add_dropped,
            files::file_remove,
            files::file_replace,
            files::file_set_source,
            files::file_set_role,
            files::file_set_options,
            files::file_preview,
            drive::drive_client,
            drive::drive_set_client,
            drive::drive_accounts,
            drive::drive_connect,
            drive::drive_disconnect,
            drive::drive_test,
            drive::drive_list,
            drive::drive_add,
            drive::drive_states,
            drive::drive_update,
            columns::columns,
            columns::column_set_target,
            columns::column_set_date_order,
            columns::column_values,
            fix::stage,
            fix::fields,
            fix::rows,
            fix::issue_counts,
            fix::facet,
            fix::spellings,
            fix::cell_story,
            fix::row_story,
            fix::operations,
            fix::operation_add,
            fix::operation_undo,
            fix::operation_redo,
            fix::replace_preview,
            people::people,
            people::people_match,
            people::people_queue,
            people::people_group,
            people::people_decide,
            people::people_revert,
            people::people_decisions,
            people::people_threshold_counts,
            people::people_set_thresholds,
            people::people_bulk_preview,
            people::people_bulk_merge,
            people::survivorship,
            people::survivorship_preview,
            people::survivorship_set,
            scores::scores,
            scores::scores_set,
            scores::scores_preview,
            push::plan,
            push::plan_rows,
            push::plan_sql,
            push::push,
            push::export_files,
            push::report_save,
            push::push_history,
            rejects::rejects_open,
            rejects::rejects_list,
            rejects::reject_show,
            rejects::reject_fix,
            rejects::reject_dismiss,
            rejects::replay_plan,
            rejects::replay,
            members::members_search,
            members::member_choices,
            members::member_view,
            members::member_scores,
            members::member_check,
            members::member_create,
            members::member_edit,
            members::member_remove,
            statistics::statistics,
            statistics::statistics_save,
            members::member_merge,
            members::member_unmerge,
            push::undo,
            archive::archive,
            archive::archive_has_secret,
            archive::archive_check,
            archive::archive_set,
            archive::archive_test,
            archive::archive_files,
            archive::archive_save,
            profiles::profile_list,
            profiles::profiles_with_secret,
            profiles::profile_check,
            profiles::profile_add,
            profiles::profile_edit,
            profiles::profile_remove,
            profiles::profile_use,
            profiles::profile_set_secret,
            profiles::profile_remove_secret,
            profiles::profile_test,
            logs::logs_settings,
            logs::logs_has_key,
            logs::logs_save,
            logs::logs_set_key,
            logs::logs_open_folder,
            logs::logs_test,
            schedules::schedule_list,
            schedules::schedule_pick_recipe,
            schedules::schedule_pick_folder,
            schedules::schedule_check,
            schedules::schedule_add,
            schedules::schedule_edit,
            schedules::schedule_remove,
            schedules::schedule_pause,
            schedules::schedule_set_timer,
            schedules::schedule_run,
            schedules::schedule_test,
            member_file::member_file_open,
            member_file::member_file_current,
            member_file::member_file_drafts,
            member_file::member_file_resume,
            member_file::member_file_discard_draft,
            member_file::member_file_close,
            member_file::member_file_rows,
            member_file::member_file_edit,
            member_file::member_file_add_row,
            member_file::member_file_delete_rows,
            member_file::member_file_bring_back_rows,
            member_file::member_file_undo,
            member_file::member_file_redo,
            member_file::member_file_steps,
            member_file::member_file_save,
            member_file::member_file_save_as,
            member_file::member_file_reload,
            member_file::member_file_versions,
            member_file::member_file_restore,
        ])
        .typ::<Progress>()
        .typ::<FilesDropped>()
        .typ::<DragOver>()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use specta_typescript::Typescript;

    const BINDINGS: &str = "../ui/src/api/bindings.ts";

    /// The committed bindings are those of the commands. `make bindings` writes them.
    #[test]
    fn the_bindings_are_up_to_date() {
        let header = "// Made from src-tauri/src/commands by `make bindings`; do not edit.\n";
        let folder = tempfile::tempdir().expect("a temporary folder");
        let made = folder.path().join("bindings.ts");
        super::builder().export(Typescript::default().header(header), &made).expect("bindings");
        let made = std::fs::read_to_string(&made).expect("bindings");
        let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join(BINDINGS);
        if std::env::var_os("MUSTER_WRITE_BINDINGS").is_some() {
            std::fs::write(&committed, &made).expect("write the bindings");
        }
        let committed = std::fs::read_to_string(&committed).expect("the committed bindings");
        assert!(committed == made, "the bindings are stale: run `make bindings`");
    }
}
