//! Writes `config.yml`.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::Config;
use crate::error::{Code, Error, Result};
use crate::folders::Folders;

pub(super) fn save(config: &Config, file: &Path) -> Result<()> {
    let failed = |error: std::io::Error| Error::disk("save the settings", &error);
    // A link to the file, as people who keep their settings elsewhere have one, stays a link.
    let file = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let folder = file.parent().map_or_else(|| PathBuf::from("."), Path::to_owned);
    Folders::make_private(&folder)?;
    let former = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed(error)),
    };
    let yaml = serde_saphyr::to_string(config)
        .map_err(|_| Error::new(Code::Internal, "The settings could not be written"))?;
    let (head, rest) = split_head(&former);
    if has_comments(rest) {
        write_whole(&file.with_added_extension("bak"), former.as_bytes()).map_err(failed)?;
    }
    write_whole(&file, format!("{head}{yaml}").as_bytes()).map_err(failed)
}

/// Whole or not at all: under another name first, on the disk, then renamed. Mode 0600.
pub(crate) fn write_whole(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(bytes)?;
    new.as_file().sync_all()?;
    new.persist(file).map_err(|error| error.error)?;
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

/// The remarks and empty lines above the first setting, and the rest.
fn split_head(text: &str) -> (&str, &str) {
    let is_head = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let length = text.split_inclusive('\n').take_while(is_head).map(str::len).sum();
    text.split_at_checked(length).unwrap_or(("", text))
}

fn has_comments(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with('#') || line.contains(" #"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, Profile};

    fn folders() -> (tempfile::TempDir, Folders) {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path());
        (folder, folders)
    }

    #[test]
    fn what_was_saved_is_read_again_and_nobody_else_can() {
        let (_folder, folders) = folders();
        let mut config = Config::default();
        config.profiles.insert("live".into(), Profile::sqlite(Environment::Prod, "live: #1.db"));
        config.active_profile = "live".into();
        config.save(&folders, None).unwrap();
        assert_eq!(Config::load_file(&folders, None).unwrap(), config);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&folders.config_file()), 0o600);
            assert_eq!(mode(folders.config_file().parent().unwrap()), 0o700);
        }
        let files = std::fs::read_dir(folders.config_file().parent().unwrap()).unwrap().count();
        assert_eq!(files, 1, "nothing is left beside it");
    }

    #[test]
    fn remarks_are_not_lost() {
        let (_folder, folders) = folders();
        let file = folders.config_file();
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let head = "# Ours. Ask Pat.\n\n";
        std::fs::write(&file, format!("{head}active_profile: local # the small one\n")).unwrap();
        Config::load_file(&folders, None).unwrap().save(&folders, None).unwrap();
        let backup = file.with_added_extension("bak");
        assert!(std::fs::read_to_string(&file).unwrap().starts_with(head));
        assert!(std::fs::read_to_string(&backup).unwrap().contains("the small one"));
        // The next save has no remark to lose, and leaves the kept file alone.
        Config::load_file(&folders, None).unwrap().save(&folders, None).unwrap();
        assert!(std::fs::read_to_string(&file).unwrap().starts_with(head));
        assert!(std::fs::read_to_string(&backup).unwrap().contains("the small one"));
    }
}
