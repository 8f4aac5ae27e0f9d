//! `muster members …`.

use std::process::ExitCode;

use muster_backend::imports::Field;
use muster_backend::members::{
    FieldValue, HistoryEntry, MemberChoice, MemberEdit, MemberEvent, MemberPage, MemberQuery, MemberView,
    Members, MembershipEdit, NewMember, Written,
};
use muster_backend::profiles::Profiles;
use muster_backend::{Code, Error, Job};

use crate::arguments::{FieldArguments, ListArguments, MembersCommand};
use crate::output::Output;

// Two members become one, and two again.
mod merging;

/// The fields that belong to a membership.
const OF_MEMBERSHIP: [Field; 3] = [Field::MemberSince, Field::LastActive, Field::Score];

pub(super) async fn work(
    profiles: &Profiles,
    command: MembersCommand,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    let members = Members::new(profiles.clone());
    let done = carry_out(&members, command, output, job).await;
    members.close().await;
    done
}

async fn carry_out(
    members: &Members,
    command: MembersCommand,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    match command {
        MembersCommand::List(arguments) => list(members, &arguments, output).await,
        MembersCommand::Show { id, profile } => {
            let view = members.view(profile.as_deref(), id).await?;
            output.object(&view, || in_words(&view))
        }
        MembersCommand::Add { club, fields, member_number, write } => {
            let mut values = given(fields);
            values.extend(member_number.map(|number| of(Field::SourceKey, number)));
            let new = NewMember { club, values };
            let written =
                members.create(write.profile.as_deref(), &new, write.confirm.as_deref(), job).await?;
            output.object(&written, || told(&written, "added"))
        }
        MembersCommand::Edit { id, if_version, club, fields, write } => {
            let profile = write.profile.as_deref();
            let seen = members.view(profile, id).await?;
            let edit = edit_of(&seen, if_version, club.as_deref(), given(fields))?;
            let written = members.edit(profile, id, &edit, write.confirm.as_deref(), job).await?;
            output.object(&written, || told(&written, "changed"))
        }
        MembersCommand::Remove { id, if_version, write } => {
            let profile = write.profile.as_deref();
            let version = match if_version {
                Some(version) => version,
                None => members.view(profile, id).await?.version,
            };
            let written = members.remove(profile, id, version, write.confirm.as_deref(), job).await?;
            output.object(&written, || told(&written, "deleted"))
        }
        MembersCommand::Merge(arguments) => merging::merge(members, arguments, output, job).await,
        MembersCommand::Unmerge { id, dry_run, if_version, write } => {
            merging::unmerge(members, id, if_version, dry_run, &write, output, job).await
        }
    }
}

async fn list(members: &Members, arguments: &ListArguments, output: &Output) -> Result<ExitCode, Error> {
    let profile = arguments.profile.as_deref();
    let (mut club, mut company) = (None, None);
    if arguments.club.is_some() || arguments.company.is_some() {
        let choices = members.choices(profile, arguments.company.as_deref()).await?;
        club = number_of(&choices.clubs, arguments.club.as_deref(), "club")?;
        company = number_of(&choices.companies, arguments.company.as_deref(), "company")?;
    }
    let query = MemberQuery {
        name: Some(arguments.name.join(" ")),
        born: arguments.born.clone(),
        club,
        company,
        state: arguments.state.clone(),
    };
    let page = members.search(profile, &query, arguments.offset, arguments.limit).await?;
    output.object(&page, || listed(&page))
}

/// The number of the one of that name, in small letters or capitals.
pub(super) fn number_of(
    choices: &[MemberChoice],
    name: Option<&str>,
    what: &str,
) -> Result<Option<u32>, Error> {
    let Some(name) = name else { return Ok(None) };
    let wanted = name.trim().to_lowercase();
    match choices.iter().find(|choice| choice.name.to_lowercase() == wanted) {
        Some(choice) => Ok(Some(choice.id)),
        None => Err(Error::new(Code::NotFound, format!("The database has no {what} of that name"))
            .with_help("Write the whole name.")),
    }
}

fn of(field: Field, text: String) -> FieldValue {
    FieldValue { field, value: Some(text).filter(|text| !text.is_empty()) }
}

fn given(fields: FieldArguments) -> Vec<FieldValue> {
    let all = [
        (Field::Prefix, fields.prefix),
        (Field::GivenName, fields.given_name),
        (Field::MiddleName, fields.middle_name),
        (Field::FamilyName, fields.family_name),
        (Field::Suffix, fields.suffix),
        (Field::PreferredName, fields.preferred_name),
        (Field::BirthDate, fields.birth_date),
        (Field::Company, fields.company),
        (Field::State, fields.state),
        (Field::Email, fields.email),
        (Field::Phone, fields.phone),
        (Field::MemberSince, fields.member_since),
        (Field::LastActive, fields.last_active),
        (Field::Score, fields.score),
    ];
    all.into_iter().filter_map(|(field, text)| Some(of(field, text?))).collect()
}

fn edit_of(
    seen: &MemberView,
    if_version: Option<u32>,
    club: Option<&str>,
    values: Vec<FieldValue>,
) -> Result<MemberEdit, Error> {
    let (of_membership, values): (Vec<_>, Vec<_>) =
        values.into_iter().partition(|value| OF_MEMBERSHIP.contains(&value.field));
    let mut memberships = Vec::new();
    if !of_membership.is_empty() || club.is_some() {
        let mut fitting =
            seen.memberships.iter().filter(|membership| club.is_none_or(|club| membership.club == club));
        let (Some(membership), None) = (fitting.next(), fitting.next()) else {
            return Err(Error::new(Code::InvalidInput, "Which membership is meant is not clear")
                .with_help("Name one of the member's clubs with --club."));
        };
        memberships.push(MembershipEdit { id: membership.id, values: of_membership });
    }
    Ok(MemberEdit { version: if_version.unwrap_or(seen.version), values, memberships })
}

fn told(written: &Written, what: &str) -> String {
    match written.entry {
        Some(entry) => format!("Member {} {what}. To take it back: muster undo {entry}", written.member),
        None => format!("Member {} is that way already", written.member),
    }
}

fn listed(page: &MemberPage) -> String {
    let mut lines: Vec<String> = Vec::with_capacity(page.rows.len() + 1);
    for row in &page.rows {
        let preferred = row.preferred_name.as_ref().map(|name| format!("“{name}”"));
        let parts = [&row.given_name, &preferred, &row.middle_name, &row.family_name, &row.suffix]
            .into_iter()
            .flatten();
        let name = parts.cloned().collect::<Vec<_>>().join(" ");
        let facts = [&row.birth_date, &row.state, &row.company].into_iter().flatten().cloned();
        let facts = facts.chain(row.clubs.iter().cloned()).collect::<Vec<_>>().join(", ");
        lines.push(format!("{:>9}  {name}  {facts}", row.id));
    }
    lines.push(format!("{}{} found", page.count, if page.more { " and more" } else { "" }));
    lines.join("\n")
}

fn in_words(view: &MemberView) -> String {
    let mut lines = vec![format!("Member {}, version {}", view.id, view.version)];
    let line =
        |value: &FieldValue| value.value.as_ref().map(|text| format!("  {:<15} {text}", value.field.label()));
    lines.extend(view.values.iter().filter_map(line));
    for membership in &view.memberships {
        lines.push(format!("{} (key {})", membership.club, membership.source_key));
        lines.extend(membership.values.iter().filter_map(line));
    }
    lines.extend(view.merged_from.iter().map(|from| {
        format!(
            "Merged from member {}, {}, by {} on {} (entry {})",
            from.member, from.name, from.person, from.at, from.entry
        )
    }));
    lines.push("History".to_owned());
    lines.extend(view.history.iter().flat_map(happened));
    lines.push("From".to_owned());
    lines.extend(view.sources.iter().map(|source| {
        let rules = if source.rules.is_empty() {
            String::new()
        } else {
            format!(" (fixed: {})", source.rules.join(", "))
        };
        format!(
            "  {} line {} of {}, push {} on {}{rules}",
            source.club, source.line, source.file, source.push, source.pushed
        )
    }));
    lines.join("\n")
}

fn happened(entry: &HistoryEntry) -> Vec<String> {
    let what = match entry.event {
        MemberEvent::Added => "added",
        MemberEvent::Changed => "changed",
        MemberEvent::Removed => "deleted",
        MemberEvent::BroughtBack => "brought back",
    };
    let mut lines =
        vec![format!("  {} {what} by {} ({} {})", entry.at, entry.person, entry.kind, entry.entry)];
    lines.extend(entry.changes.iter().map(|change| {
        let field = change.field.map_or("Membership", Field::label);
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(blank)".to_owned());
        format!("    {field}: {} -> {}", shown(&change.before), shown(&change.after))
    }));
    lines
}
