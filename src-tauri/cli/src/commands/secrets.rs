//! `muster secrets`. A secret comes from the terminal, without being shown, or from a pipe; never from an argument.

use std::io::{IsTerminal, Read};
use std::process::ExitCode;

use muster_backend::profiles::Profiles;
use muster_backend::secret::Secret;
use muster_backend::secrets::{ARCHIVE, LOGS};
use muster_backend::{Code, Error};
use serde_json::json;

use crate::arguments::SecretsCommand;
use crate::output::Output;

/// More than any password has, in bytes.
const MOST: u64 = 64 * 1_024;

pub(super) async fn work(
    profiles: &Profiles,
    command: SecretsCommand,
    output: &Output,
) -> Result<ExitCode, Error> {
    match command {
        SecretsCommand::Set { name } => {
            if name == ARCHIVE {
                profiles.secrets().set_for_archive(Some(read(&name)?)).await?;
                return output.object(&json!({ "archive": true, "has_secret": true }), || {
                    "The secret of the archive's access key is in the keychain".to_owned()
                });
            }
            if name == LOGS {
                profiles.set_logs_key(Some(read(&name)?)).await?;
                return output.object(&json!({ "logs": true, "has_secret": true }), || {
                    "The key of the collector of logs is in the keychain".to_owned()
                });
            }
            // A wrong name is told before somebody types a password.
            profiles.info(Some(&name))?;
            profiles.set_secret(&name, read(&name)?).await?;
            output.object(&json!({ "profile": name, "has_secret": true }), || {
                format!("The password of {name} is in the keychain")
            })
        }
        SecretsCommand::Remove { name } if name == ARCHIVE => {
            profiles.secrets().set_for_archive(None).await?;
            output.object(&json!({ "archive": true, "has_secret": false }), || {
                "The keychain has no secret of the archive's access key any more".to_owned()
            })
        }
        SecretsCommand::Remove { name } if name == LOGS => {
            profiles.set_logs_key(None).await?;
            output.object(&json!({ "logs": true, "has_secret": false }), || {
                "The keychain has no key of the collector of logs any more".to_owned()
            })
        }
        SecretsCommand::Remove { name } => {
            profiles.remove_secret(&name).await?;
            output.object(&json!({ "profile": name, "has_secret": false }), || {
                format!("The keychain has no password of {name} any more")
            })
        }
    }
}

fn read(name: &str) -> Result<Secret, Error> {
    let failed = |error: std::io::Error| Error::disk("read the password", &error);
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password(format!("Password of {name}: ")).map(Secret::new).map_err(failed);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(MOST).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.ends_with(b"\n") {
        bytes.pop();
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
    }
    String::from_utf8(bytes).map(Secret::new).map_err(|_| {
        Error::new(Code::InvalidInput, "The password is no text")
            .with_help("Pipe it in as UTF-8, on one line.")
    })
}
