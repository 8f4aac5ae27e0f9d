//! `muster archive`.

use std::process::ExitCode;

use muster_backend::archive::{ArchiveCheck, ArchivedFile};
use muster_backend::profiles::Profiles;
use muster_backend::{Error, Job};
use serde::Serialize;
use serde_json::json;

use crate::arguments::ArchiveCommand;
use crate::output::{Output, signed};

#[derive(Serialize)]
struct Files {
    files: Vec<ArchivedFile>,
}

pub(super) async fn work(
    profiles: &Profiles,
    command: ArchiveCommand,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    match command {
        ArchiveCommand::List { push, profile } => {
            let files = profiles.archived(profile.profile.as_deref(), push).await?;
            output.object(&Files { files: files.clone() }, || listed(&files))
        }
        ArchiveCommand::Get { sha256, out, profile } => {
            profiles.save_archived(profile.profile.as_deref(), &sha256, &out, job).await?;
            output.object(&json!({ "sha256": sha256 }), || "Saved, as it came".to_owned())
        }
        ArchiveCommand::Verify(choice) => {
            let check = profiles.verify_archive(choice.profile.as_deref(), job).await?;
            output.object(&check, || checked(&check))?;
            let sound = check.missing.is_empty() && check.damaged.is_empty();
            Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        ArchiveCommand::Test => {
            let test = profiles.test_archive(job).await?;
            output.object(&test, || format!("{}\n{}", test.location, signed(&test.steps)))?;
            Ok(if test.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

fn listed(files: &[ArchivedFile]) -> String {
    let line = |file: &ArchivedFile| {
        format!("{:>6}  {}  {:>12}  {}  {}", file.push, file.sha256, file.size, file.name, file.location)
    };
    match files.is_empty() {
        true => "No file was archived yet".to_owned(),
        false => files.iter().map(line).collect::<Vec<_>>().join("\n"),
    }
}

fn checked(check: &ArchiveCheck) -> String {
    let mut lines = vec![format!("{}: {} sound", check.location, check.sound)];
    if check.elsewhere > 0 {
        lines.push(format!("  in another archive: {}", check.elsewhere));
    }
    lines.extend(check.missing.iter().map(|sha256| format!("  missing: {sha256}")));
    lines.extend(check.damaged.iter().map(|sha256| format!("  damaged: {sha256}")));
    lines.join("\n")
}
