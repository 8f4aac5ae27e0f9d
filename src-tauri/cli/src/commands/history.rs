//! `muster history`, `muster undo`, `muster audit verify`.

use std::process::ExitCode;

use muster_backend::profiles::Profiles;
use muster_backend::push::{self, PushEntry, UndoReport};
use muster_backend::{Error, Job};
use serde::Serialize;

use crate::arguments::{ProfileChoice, UndoArguments};
use crate::output::Output;

/// Members of whom a person wants to read at once.
const NAMED: usize = 20;

#[derive(Serialize)]
struct History {
    entries: Vec<PushEntry>,
}

pub(super) async fn list(
    profiles: &Profiles,
    choice: &ProfileChoice,
    output: &Output,
) -> Result<ExitCode, Error> {
    let entries = push::history(&profiles.access(choice.profile.as_deref()).await?).await?;
    let line = |entry: &PushEntry| {
        let undone = if entry.undone.is_some() { ", undone" } else { "" };
        format!(
            "{:>6}  {}  {} by {}: {} added, {} changed, {} removed{undone}",
            entry.id, entry.finished, entry.kind, entry.person, entry.inserted, entry.updated, entry.removed
        )
    };
    let history = History { entries };
    output.object(&history, || match history.entries.is_empty() {
        true => "Nothing was pushed yet".to_owned(),
        false => history.entries.iter().map(line).collect::<Vec<_>>().join("\n"),
    })
}

pub(super) async fn undo(
    profiles: &Profiles,
    arguments: &UndoArguments,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    let profile = profiles.info(arguments.profile.as_deref())?;
    if !arguments.dry_run {
        profile.confirm(arguments.confirm.as_deref())?;
    }
    let access = profiles.access(Some(&profile.name)).await?;
    let person = push::person();
    let report = push::undo(&access, arguments.push, &person, &profile.name, arguments.dry_run, job).await?;
    output.object(&report, || told(&report))
}

fn told(report: &UndoReport) -> String {
    let did = if report.undo.is_some() { "Undone" } else { "Would be undone" };
    let mut lines = vec![format!(
        "{did}: {} removed, {} restored, {} brought back, {} kept",
        report.removed, report.restored, report.brought_back, report.kept
    )];
    let kept = report.kept_members.iter().take(NAMED);
    lines.extend(kept.map(|kept| match kept.changed_by {
        Some(entry) => format!("  kept: {} (number {}), changed by entry {entry}", kept.name, kept.member),
        None => format!("  not there any more: number {}", kept.member),
    }));
    if report.kept as usize > NAMED {
        lines.push(format!("  … and {} more", report.kept as usize - NAMED));
    }
    lines.join("\n")
}

pub(super) async fn verify_audit(
    profiles: &Profiles,
    choice: &ProfileChoice,
    output: &Output,
) -> Result<ExitCode, Error> {
    let report = push::verify_audit(&profiles.access(choice.profile.as_deref()).await?).await?;
    let code = output.object(&report, || match report.broken_at {
        None => format!("{} entries, none changed or taken out", report.entries),
        Some(id) => format!("Entry {id} was changed, or entries before it were taken out"),
    })?;
    Ok(if report.broken_at.is_some() { ExitCode::FAILURE } else { code })
}
