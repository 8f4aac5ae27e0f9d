//! `muster statistics`.

use std::process::ExitCode;

use muster_backend::export::ExportedFile;
use muster_backend::members::Members;
use muster_backend::profiles::Profiles;
use muster_backend::statistics::{self, Counted, Group, StatisticsQuery};
use muster_backend::{Error, Job};
use serde::Serialize;

use super::members::number_of;
use crate::arguments::StatisticsArguments;
use crate::output::Output;

/// Groups of a kind that a person wants to read at once.
const SHOWN: usize = 12;

#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    counted: Counted,
    /// What was written, with `--out`
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<ExportedFile>,
}

pub(super) async fn count(
    profiles: &Profiles,
    arguments: &StatisticsArguments,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    let profile = arguments.profile.as_deref();
    let mut query = StatisticsQuery { club: None, as_of: arguments.as_of.clone() };
    if arguments.club.is_some() {
        let members = Members::new(profiles.clone());
        let choices = members.choices(profile, None).await;
        members.close().await;
        let choices = choices?;
        query.club = number_of(&choices.clubs, arguments.club.as_deref(), "club")?;
    }
    let counted = statistics::count(profiles, profile, &query, job).await?;
    let file = arguments.out.as_ref().map(|file| statistics::export(&counted, file, job)).transpose()?;
    let answer = Answer { counted, file };
    output.object(&answer, || in_words(&answer))
}

fn in_words(answer: &Answer) -> String {
    let Counted { as_of, club, statistics } = &answer.counted;
    let of = club.as_deref().map(|club| format!(" of {club}")).unwrap_or_default();
    let mut lines = vec![format!(
        "{} members{of} with {} memberships; ages and tenures as of {as_of}",
        statistics.members, statistics.memberships
    )];
    for (title, groups) in [
        ("By state", &statistics.by_state),
        ("By company", &statistics.by_company),
        ("By age", &statistics.by_age),
        ("By club", &statistics.by_club),
        ("By years since they joined", &statistics.by_tenure),
    ] {
        let name = |group: &Group| group.name.clone().unwrap_or_else(|| "not known".to_owned());
        let named: Vec<_> = groups.iter().map(|group| (name(group), group.members)).collect();
        table(&mut lines, title, &named);
    }
    let combinations = &statistics.overlap.combinations;
    let name = |clubs: &[String]| if clubs.is_empty() { "no club".to_owned() } else { clubs.join(" + ") };
    let named: Vec<_> =
        combinations.iter().map(|together| (name(&together.clubs), together.members)).collect();
    table(&mut lines, "By exactly the clubs they are in", &named);
    lines.extend(answer.file.as_ref().map(|file| format!("\n{} counts in {}", file.rows, file.name)));
    lines.join("\n")
}

fn table(lines: &mut Vec<String>, title: &str, groups: &[(String, u32)]) {
    lines.push(format!("\n{title}"));
    lines.extend(groups.iter().take(SHOWN).map(|(name, members)| format!("{members:>9}  {name}")));
    if let Some(more) = groups.get(SHOWN..).filter(|more| !more.is_empty()) {
        let members: u32 = more.iter().map(|group| group.1).sum();
        lines.push(format!("{members:>9}  in {} more", more.len()));
    }
}
