//! `muster members merge` and `unmerge`.

use std::process::ExitCode;

use muster_backend::imports::Field;
use muster_backend::members::{
    FieldChange, FieldValue, MemberMerge, Members, MergeReport, MovedMembership, UnmergeReport,
};
use muster_backend::{Code, Error, Job};

use super::of;
use crate::arguments::{MergeArguments, WriteArguments};
use crate::output::Output;

pub(super) async fn merge(
    members: &Members,
    arguments: MergeArguments,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    let MergeArguments { keep, other, set, dry_run, if_versions, write } = arguments;
    let profile = write.profile.as_deref();
    let values = set.iter().map(|text| given(text)).collect::<Result<_, _>>()?;
    let (keep_version, other_version) = match if_versions.as_deref() {
        Some([keep, other]) => (*keep, *other),
        _ => (members.view(profile, keep).await?.version, members.view(profile, other).await?.version),
    };
    let merge = MemberMerge { keep, keep_version, other, other_version, values };
    let report = members.merge(profile, &merge, dry_run, write.confirm.as_deref(), job).await?;
    output.object(&report, || merged(&report))
}

/// `field=value`; the field as the recipe calls it.
fn given(text: &str) -> Result<FieldValue, Error> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let field: Option<Field> = name.trim().parse().ok();
    match field {
        Some(field) if text.contains('=') => Ok(of(field, value.to_owned())),
        _ => Err(Error::new(Code::InvalidInput, "--set does not name a field and its value")
            .with_help("Write it as email=ann@example.org; an empty value clears the field.")),
    }
}

pub(super) async fn unmerge(
    members: &Members,
    id: u32,
    if_version: Option<u32>,
    dry_run: bool,
    write: &WriteArguments,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    let profile = write.profile.as_deref();
    let merged = match members.view(profile, id).await {
        Ok(view) => match view.merged_from.as_slice() {
            [] => {
                return Err(Error::new(Code::NotFound, "Nobody was merged into this member")
                    .with_help("Name the number of who went, or of whom they were merged into."));
            }
            [one] => one.member,
            several => {
                let numbers: Vec<String> = several.iter().map(|from| from.member.to_string()).collect();
                let message = format!("Several were merged into this member: numbers {}", numbers.join(", "));
                return Err(Error::new(Code::InvalidInput, message)
                    .with_help("Name the number of who is to be told apart."));
            }
        },
        // Who went is not there to be looked at.
        Err(error) if error.code() == Code::NotFound => id,
        Err(error) => return Err(error),
    };
    let confirm = write.confirm.as_deref();
    let report = members.unmerge(profile, merged, if_version, dry_run, confirm, job).await?;
    output.object(&report, || unmerged(&report))
}

fn merged(report: &MergeReport) -> String {
    let head = match report.entry {
        Some(entry) => format!(
            "Member {} was merged into member {}. To take it back: muster members unmerge {}, or muster undo {entry}",
            report.merged, report.member, report.merged
        ),
        None => format!("Member {} would be merged into member {}", report.merged, report.member),
    };
    lines(head, &report.changes, &report.memberships)
}

fn unmerged(report: &UnmergeReport) -> String {
    let head = match report.entry {
        Some(entry) => format!(
            "Member {} is there again, apart from member {}. To take it back: muster undo {entry}",
            report.merged, report.member
        ),
        None => format!("Member {} would be there again, apart from member {}", report.merged, report.member),
    };
    let mut text = lines(head, &report.changes, &report.memberships);
    if !report.kept_fields.is_empty() {
        let fields: Vec<&str> = report.kept_fields.iter().map(|field| field.label()).collect();
        text.push_str(&format!("\n  stays as it was edited since: {}", fields.join(", ")));
    }
    if report.missing > 0 {
        text.push_str(&format!("\n  memberships that are not there any more: {}", report.missing));
    }
    text
}

fn lines(head: String, changes: &[FieldChange], memberships: &[MovedMembership]) -> String {
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(blank)".to_owned());
    let mut lines = vec![head];
    lines.extend(changes.iter().map(|change| {
        let field = change.field.map_or("Membership", Field::label);
        format!("  {field}: {} -> {}", shown(&change.before), shown(&change.after))
    }));
    lines.extend(memberships.iter().map(|membership| {
        let twice = if membership.twice { ", in which the other has one, too" } else { "" };
        let edited = if membership.edited { ", edited since" } else { "" };
        format!("  membership {} of {}{twice}{edited}", membership.id, membership.club)
    }));
    lines.join("\n")
}
