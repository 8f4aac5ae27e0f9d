//! `muster profiles`.

use std::process::ExitCode;

use muster_backend::profiles::{ProfileForm, ProfileView, Profiles};
use muster_backend::{Error, Job};
use serde::Serialize;

use crate::arguments::{ProfileArguments, ProfilesCommand};
use crate::output::{Output, exit_code, steps_in_words};

pub(super) async fn work(
    profiles: &Profiles,
    command: ProfilesCommand,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    match command {
        ProfilesCommand::List => list(profiles, output).await,
        ProfilesCommand::Add(arguments) => add(profiles, &arguments, output).await,
        ProfilesCommand::Test { name } => test(profiles, name.as_deref(), output, job).await,
        ProfilesCommand::Use { name } => {
            let info = profiles.activate(&name).await?;
            output.object(&info, || format!("Pushes go to {name} now ({})", info.location))
        }
        ProfilesCommand::Remove { name, confirm } => {
            profiles.info(Some(&name))?.confirm(confirm.as_deref())?;
            let removed = profiles.remove(&name).await?;
            output.object(&removed, || match &removed.secret_kept {
                None => format!("{name} was removed; its database is as it was"),
                Some(reason) => {
                    format!("{name} was removed; its password is still in the keychain ({reason})")
                }
            })
        }
    }
}

/// A profile with what the keychain says.
#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    profile: ProfileView,
    /// Whether there is a password; null where none is needed or the keychain does not tell
    has_secret: Option<bool>,
}

#[derive(Serialize)]
struct List {
    profiles: Vec<Listed>,
    /// Why the keychain does not tell for which profiles there are passwords
    keychain: Option<String>,
}

async fn list(profiles: &Profiles, output: &Output) -> Result<ExitCode, Error> {
    // The list is good without the keychain; what is wrong with that is told beside it.
    let (with_secret, keychain) = match profiles.with_secret().await {
        Ok(names) => (Some(names), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let listed = |profile: ProfileView| {
        let asked = with_secret.as_ref().filter(|_| profile.settings.user.is_some());
        Listed { has_secret: asked.map(|names| names.contains(&profile.name)), profile }
    };
    let list = List { profiles: profiles.list().into_iter().map(listed).collect(), keychain };
    output.object(&list, || in_words(&list))
}

fn in_words(list: &List) -> String {
    let line = |Listed { profile, has_secret }: &Listed| {
        let active = if profile.active { '*' } else { ' ' };
        let secret = match has_secret {
            Some(true) => "  password set",
            Some(false) => "  no password",
            None => "",
        };
        let environment = profile.environment.name();
        format!("{active} {:<20} {environment:<8} {}{secret}", profile.name, profile.location)
    };
    let lines = list.profiles.iter().map(line).chain(list.keychain.clone());
    lines.collect::<Vec<_>>().join("\n")
}

async fn add(profiles: &Profiles, arguments: &ProfileArguments, output: &Output) -> Result<ExitCode, Error> {
    let form = ProfileForm {
        environment: arguments.environment,
        driver: arguments.driver,
        path: arguments.path.clone(),
        host: arguments.host.clone(),
        port: arguments.port,
        database: arguments.database.clone(),
        user: arguments.user.clone(),
        tls: arguments.tls,
        root_cert: arguments.root_cert.clone(),
    };
    let name = &arguments.name;
    if arguments.replace {
        profiles.edit(name, &form).await?;
    } else {
        profiles.add(name, &form).await?;
    }
    output.object(&profiles.info(Some(name))?, || {
        format!("{name} was saved; try it: muster profiles test {name}")
    })
}

/// Ends as the first failed step says: a server that cannot be reached may answer later.
async fn test(
    profiles: &Profiles,
    name: Option<&str>,
    output: &Output,
    job: &Job,
) -> Result<ExitCode, Error> {
    let name = profiles.info(name)?.name;
    let report = profiles.test(&name, job).await?;
    let done = output.object(&report, || steps_in_words(&report.steps))?;
    Ok(report.code.map_or(done, exit_code))
}
