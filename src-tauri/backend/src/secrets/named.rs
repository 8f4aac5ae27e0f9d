//! Secrets that a scheduler hands over: in a file that only this person can read, or through a pipe.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use zeroize::Zeroize;

use crate::config::variable_name;
use crate::error::{Code, Error, Result};
use crate::keychain::DATA_KEY;
use crate::secret::Secret;

/// More than any secret has.
const MOST: u64 = 64 * 1_024;

/// Where a secret is handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file of this person's, mode 0600 or stricter
    File(PathBuf),
    /// The number of an open file descriptor: the reading end of a pipe
    Descriptor(u32),
}

/// The secrets that were named, by profile (or `data-key`).
#[derive(Debug, Default)]
pub struct Named {
    sources: BTreeMap<String, Source>,
    /// What came through pipes: it can be read once
    taken: Mutex<BTreeMap<String, Secret>>,
}

impl Named {
    /// From the texts `NAME=PATH` and `NAME=FD` of the command line.
    ///
    /// # Errors
    /// [`Code::InvalidInput`] where a text has another form, or a name is given twice.
    pub fn parse(files: &[String], descriptors: &[String]) -> Result<Named> {
        let mut named = Named::default();
        for text in files {
            let (name, path) = split(text).ok_or_else(|| malformed("--secret-file NAME=PATH"))?;
            named.add(name, Source::File(path.into()))?;
        }
        for text in descriptors {
            let number = split(text).and_then(|(name, number)| Some((name, number.parse().ok()?)));
            let (name, number) = number.ok_or_else(|| malformed("--secret-fd NAME=NUMBER"))?;
            named.add(name, Source::Descriptor(number))?;
        }
        Ok(named)
    }

    fn add(&mut self, name: &str, source: Source) -> Result<()> {
        match self.sources.insert(name.to_owned(), source) {
            None => Ok(()),
            Some(_) => Err(Error::new(Code::InvalidInput, format!("The secret of {name} is named twice"))
                .with_help("Name it once.")),
        }
    }

    fn source(&self, name: &str) -> Option<Source> {
        let of_variable = || {
            let variable = format!("MUSTER_SECRET_FILE_{}", variable_name(name));
            std::env::var_os(variable).filter(|path| !path.is_empty()).map(|path| Source::File(path.into()))
        };
        self.sources.get(name).cloned().or_else(of_variable)
    }

    /// Whether the secret was named.
    pub(super) fn has(&self, name: &str) -> bool {
        self.source(name).is_some()
    }

    /// The secret, where it was named.
    pub(super) fn find(&self, name: &str) -> Result<Option<Secret>> {
        match self.source(name) {
            None => Ok(None),
            Some(Source::File(path)) => of_file(name, &path).map(Some),
            Some(Source::Descriptor(number)) => {
                let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(secret) = taken.get(name) {
                    return Ok(Some(secret.clone()));
                }
                let secret = of_descriptor(name, number)?;
                taken.insert(name.to_owned(), secret.clone());
                Ok(Some(secret))
            }
        }
    }
}

fn split(text: &str) -> Option<(&str, &str)> {
    text.split_once('=').filter(|(name, value)| !name.is_empty() && !value.is_empty())
}

/// What was given is not quoted: somebody may have put the secret itself there.
fn malformed(form: &str) -> Error {
    Error::new(Code::InvalidInput, format!("A secret is handed over as {form}"))
        .with_help("See docs/PROFILES.md; the secret itself is never an argument.")
}

fn of_file(name: &str, path: &Path) -> Result<Secret> {
    let what = format!("The secret of {name}");
    let file = File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound if name == DATA_KEY => {
            Error::new(Code::SecretMissing, "The file of the data folder's key is not there").with_help(
                "Make it once and keep it: (umask 077; openssl rand -hex 32 > FILE). Without it, what is in the data \
                 folder cannot be read.",
            )
        }
        _ => Error::disk("read the file", &error).about(&what),
    })?;
    let facts = file.metadata().map_err(|error| Error::disk("read the file", &error).about(&what))?;
    if !facts.is_file() {
        return Err(Error::new(Code::InvalidInput, format!("{what}: this is no file"))
            .with_help("Hand a pipe over with --secret-fd."));
    }
    check_owner(&what, &facts)?;
    read(&what, file)
}

#[cfg(unix)]
fn check_owner(what: &str, facts: &std::fs::Metadata) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    if facts.uid() != rustix::process::geteuid().as_raw() {
        return Err(Error::new(Code::Refused, format!("{what}: the file belongs to somebody else"))
            .with_help("It must belong to the user that Muster runs as (chown)."));
    }
    if facts.mode() & 0o077 != 0 {
        return Err(Error::new(Code::Refused, format!("{what}: others can read or change the file"))
            .with_help(
                "Make it yours alone: chmod 600 FILE. If others could read it, change the password.",
            ));
    }
    Ok(())
}

/// Windows has no modes; the file's folder decides.
#[cfg(not(unix))]
fn check_owner(_: &str, _: &std::fs::Metadata) -> Result<()> {
    Ok(())
}

/// Only a pipe: it is empty once it was read, so nothing is left to the programs that Muster starts.
#[cfg(unix)]
fn of_descriptor(name: &str, number: u32) -> Result<Secret> {
    use std::os::unix::fs::FileTypeExt;
    let what = format!("The secret of {name}");
    let unusable = || {
        Error::new(
            Code::InvalidInput,
            format!("{what}: file descriptor {number} is no pipe that can be read"),
        )
        .with_help("Hand it over so: muster … --secret-fd NAME=3 3< <(PROGRAM THAT PRINTS IT)")
    };
    let path = format!("/dev/fd/{number}");
    // Looked at before it is opened: opening the wrong kind of file may wait for ever.
    if !std::fs::metadata(&path).map_err(|_| unusable())?.file_type().is_fifo() {
        return Err(unusable());
    }
    read(&what, File::open(path).map_err(|_| unusable())?)
}

#[cfg(not(unix))]
fn of_descriptor(name: &str, _: u32) -> Result<Secret> {
    Err(Error::new(Code::InvalidInput, format!("The secret of {name}: this system has no file descriptors"))
        .with_help("Use --secret-file."))
}

/// The first line; a line's end at the end is not part of the secret.
fn read(what: &str, file: File) -> Result<Secret> {
    let mut text = String::new();
    let unreadable = |text: &mut String, reason: &str| {
        text.zeroize();
        Error::new(Code::InvalidInput, format!("{what}: {reason}"))
            .with_help("It must hold the secret and nothing else.")
    };
    if file.take(MOST).read_to_string(&mut text).is_err() {
        return Err(unreadable(&mut text, "it is no text"));
    }
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    if text.is_empty() || text.contains(['\n', '\0']) {
        return Err(unreadable(&mut text, "it is not one line of text"));
    }
    Ok(Secret::new(text))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn file(text: &str, mode: u32) -> (tempfile::TempDir, Named) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let named = Named::parse(&[format!("prod={}", path.display())], &[]).unwrap();
        (folder, named)
    }

    #[test]
    fn a_file_is_read_without_its_line_s_end() {
        for (text, secret) in [("canary\n", "canary"), ("canary\r\n", "canary"), (" a b ", " a b ")] {
            for mode in [0o600, 0o400] {
                let (_folder, named) = file(text, mode);
                assert_eq!(named.find("prod").unwrap().unwrap().expose(), secret);
            }
        }
        let (_folder, named) = file("x", 0o600);
        assert!(named.find("other").unwrap().is_none());
        assert!(named.has("prod") && !named.has("other"));
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        for mode in [0o640, 0o604, 0o660, 0o602, 0o644, 0o610] {
            let (_folder, named) = file("canary", mode);
            let error = named.find("prod").unwrap_err();
            assert_eq!(error.code(), Code::Refused, "{mode:o}");
            assert!(error.to_string().contains("chmod 600") && !error.to_string().contains("canary"));
        }
    }

    #[test]
    fn a_file_of_somebody_else_is_refused() {
        // Only root can give files away; for others, a file of root's.
        let (folder, named) = file("canary", 0o600);
        let path = folder.path().join("secret");
        let named = if std::os::unix::fs::chown(&path, Some(12_345), None).is_ok() {
            named
        } else {
            Named::parse(&["prod=/etc/hostname".into()], &[]).unwrap()
        };
        let error = named.find("prod").unwrap_err();
        assert!(error.message().contains("somebody else"), "{error}");
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        for text in ["", "\n", "a\nb\n", "a\0b"] {
            let (_folder, named) = file(text, 0o600);
            assert_eq!(named.find("prod").unwrap_err().code(), Code::InvalidInput, "{text:?}");
        }
        let folder = tempfile::tempdir().unwrap();
        let named = Named::parse(&[format!("prod={}", folder.path().display())], &[]).unwrap();
        assert_eq!(named.find("prod").unwrap_err().code(), Code::InvalidInput);
    }

    #[test]
    fn a_missing_key_of_the_data_folder_is_the_scheduler_s_to_make() {
        let named = Named::parse(&["data-key=/nowhere/key".into()], &[]).unwrap();
        let error = named.find("data-key").unwrap_err();
        assert_eq!(error.code(), Code::SecretMissing);
        assert!(error.help().unwrap().contains("openssl rand -hex 32"));
    }

    #[test]
    fn a_pipe_is_read_once_and_remembered() {
        let (reader, mut writer) = std::io::pipe().unwrap();
        std::io::Write::write_all(&mut writer, b"canary\n").unwrap();
        drop(writer);
        let named = Named::parse(&[], &[format!("prod={}", reader.as_raw_fd())]).unwrap();
        for _ in 0..2 {
            assert_eq!(named.find("prod").unwrap().unwrap().expose(), "canary");
        }
        let (_folder, _) = file("canary", 0o600);
        let open = File::open("/dev/null").unwrap();
        let named = Named::parse(&[], &[format!("prod={}", open.as_raw_fd())]).unwrap();
        assert_eq!(named.find("prod").unwrap_err().code(), Code::InvalidInput);
    }

    #[test]
    fn what_was_given_by_mistake_is_not_repeated() {
        for (files, descriptors) in
            [(vec!["canary".to_owned()], vec![]), (vec![], vec!["prod=canary".to_owned()])]
        {
            let error = Named::parse(&files, &descriptors).unwrap_err();
            assert!(!error.to_string().contains("canary"), "{error}");
        }
        assert!(Named::parse(&["a=b".into(), "a=c".into()], &[]).is_err());
    }
}
