//! `muster rejects …`.

use std::process::ExitCode;

use muster_backend::profiles::Profiles;
use muster_backend::rejects::{
    RejectFilter, RejectPage, RejectState, RejectView, Rejects, ReplayChoice, ReplayPlan, ReplayReport,
    ReplayRow,
};
use muster_backend::{Error, Job};

use crate::arguments::{RejectsCommand, ReplayArguments};
use crate::output::Output;

/// Rows of whom a person wants to read at once.
const NAMED: usize = 50;

pub(super) async fn work(
    profiles: &Profiles,
    command: RejectsCommand,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    let rejects = Rejects::new(profiles.clone());
    match command {
        RejectsCommand::List { all, limit, offset, choice } => {
            let filter = if all { RejectFilter::All } else { RejectFilter::Open };
            let page = rejects.list(choice.profile.as_deref(), filter, offset, limit).await?;
            output.object(&page, || listed(&page))
        }
        RejectsCommand::Show { id, choice } => {
            let view = rejects.show(choice.profile.as_deref(), id).await?;
            output.object(&view, || in_words(&view))
        }
        RejectsCommand::Fix { id, values, choice } => {
            let view = rejects.fix_named(choice.profile.as_deref(), id, &values, job).await?;
            output.object(&view, || in_words(&view))
        }
        RejectsCommand::Dismiss { id, undo, choice } => {
            let view = rejects.dismiss(choice.profile.as_deref(), id, !undo, job).await?;
            let done = if undo { "open again" } else { "dismissed" };
            output.object(&view, || format!("Row {id} is {done}"))
        }
        RejectsCommand::Replay(arguments) => replay(&rejects, arguments, output, job).await,
    }
}

async fn replay(
    rejects: &Rejects,
    arguments: ReplayArguments,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    let choice =
        ReplayChoice { ids: arguments.ids, all_fixed: arguments.all, mode: arguments.mode.map(Into::into) };
    let profile = arguments.write.profile.as_deref();
    if arguments.dry_run {
        let plan = rejects.plan(profile, &choice, job).await?;
        return output.partly(&plan, plan.stay, || planned(&plan));
    }
    let confirmed = arguments.write.confirm.as_deref();
    let report = rejects.replay(profile, &choice, None, confirmed, job).await?;
    output.partly(&report, report.stay, || told(&report))
}

fn listed(page: &RejectPage) -> String {
    let mut lines: Vec<String> = page
        .rows
        .iter()
        .map(|row| {
            let reasons: Vec<&str> = row.reasons.iter().map(|reason| reason.label.as_str()).collect();
            let state = match (row.state, row.replayed_by) {
                (RejectState::Replayed, Some(push)) => format!(", replayed by push {push}"),
                (RejectState::Dismissed, _) => ", dismissed".to_owned(),
                _ if row.fixed => ", fixed".to_owned(),
                _ => String::new(),
            };
            let (id, line, file, push) = (row.id, row.line, &row.file, row.push);
            format!("{id:>6}  line {line} of {file}, push {push}: {}{state}", reasons.join(", "))
        })
        .collect();
    lines.push(format!("{} rows; {} open, {} of them fixed", page.total, page.open, page.fixed));
    lines.join("\n")
}

fn in_words(view: &RejectView) -> String {
    let mut lines = vec![
        format!("Row {} of the inbox: line {} of {} ({})", view.id, view.line, view.file, view.source),
        format!("Refused by push {} on {}", view.push, view.refused),
        format!("  {}", view.raw_line),
    ];
    let outcome = view.outcome.iter();
    lines.extend(outcome.chain(&view.issues).map(|issue| format!("{}. {}", issue.label, issue.help)));
    for cell in &view.cells {
        let target = cell.target.map(|target| format!(" ({target})")).unwrap_or_default();
        let was =
            if cell.original == cell.value { String::new() } else { format!("  (was {})", cell.original) };
        lines.push(format!("  {}{target}: {}{was}", cell.header, cell.value));
        lines.extend(cell.issues.iter().map(|issue| format!("    {}. {}", issue.label, issue.help)));
    }
    lines.push(match (view.state, view.replayed_by) {
        (RejectState::Replayed, Some(push)) => format!("Replayed by push {push}"),
        (RejectState::Dismissed, _) => "Dismissed".to_owned(),
        _ => format!("As it stands, the row is {}", class(view)),
    });
    lines.join("\n")
}

fn class(view: &RejectView) -> String {
    format!("{:?}", view.class).to_lowercase()
}

fn planned(plan: &ReplayPlan) -> String {
    let mut lines = vec![format!("{}.", plan.sentence)];
    lines.extend(stay(&plan.rows));
    lines.join("\n")
}

fn told(report: &ReplayReport) -> String {
    let mut lines = vec![match report.repeat_of {
        Some(push) => format!("These rows were replayed before, by push {push}"),
        None => format!(
            "{} added, {} changed, {} were there already; {} stay in the inbox (push {})",
            report.inserted, report.updated, report.already_there, report.stay, report.push
        ),
    }];
    lines.extend(stay(&report.rows));
    lines.join("\n")
}

fn stay(rows: &[ReplayRow]) -> Vec<String> {
    let staying = rows.iter().filter(|row| !row.taken).take(NAMED);
    staying
        .map(|row| format!("{:>6}  line {} of {} stays: {}", row.reject, row.line, row.file, row.reason))
        .collect()
}
