//! Where Muster keeps its files.

use std::path::{Path, PathBuf};

use crate::error::{Code, Error, Result};

/// Muster's folders. Everything below `data` is made by Muster; the person's own files are never moved.
#[derive(Debug, Clone)]
pub struct Folders {
    data: PathBuf,
    config: PathBuf,
}

impl Folders {
    /// The operating system's folders for this person; `MUSTER_DATA_DIR` and `MUSTER_CONFIG_DIR` name others.
    ///
    /// # Errors
    /// When the system knows no home folder.
    pub fn of_person() -> Result<Folders> {
        let data = from_environment("MUSTER_DATA_DIR").or_else(system_data);
        let config = from_environment("MUSTER_CONFIG_DIR").or_else(system_config);
        match (data, config) {
            (Some(data), Some(config)) => Ok(Folders { data, config }),
            _ => Err(Error::new(Code::Config, "The system names no home folder to keep data in")
                .with_help("Set MUSTER_DATA_DIR and MUSTER_CONFIG_DIR to folders that Muster may use.")),
        }
    }

    /// Folders of one's own, for tests.
    pub fn under(folder: &Path) -> Folders {
        Folders { data: folder.join("data"), config: folder.join("config") }
    }

    /// Where data is kept.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The settings.
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.yml")
    }

    /// The database of imports, recipes and steps.
    pub fn workspace(&self) -> PathBuf {
        self.data.join("workspace.db")
    }

    /// Which key of the keychain is that of this data folder.
    pub fn data_key_id(&self) -> PathBuf {
        self.data.join("data-key.id")
    }

    /// Raw files, named by their SHA-256.
    pub fn raw_files(&self) -> PathBuf {
        self.data.join("raw")
    }

    /// What is derived for an import.
    pub fn import(&self, id: i64) -> PathBuf {
        self.data.join("imports").join(id.to_string())
    }

    /// The log's files.
    pub fn logs(&self) -> PathBuf {
        self.data.join("logs")
    }

    /// Working copies of member files that are open.
    pub fn open_files(&self) -> PathBuf {
        self.data.join("open-files")
    }

    /// What became of schedules, a file each.
    pub fn schedules(&self) -> PathBuf {
        self.data.join("schedules")
    }

    /// A path of the settings; relative ones are below the data folder.
    pub fn resolve(&self, path: &str) -> PathBuf {
        self.data.join(path)
    }

    /// A path of the settings to a file that belongs to them; relative ones are below the config folder.
    pub fn resolve_config(&self, path: &str) -> PathBuf {
        self.config.join(path)
    }

    /// Makes a folder that only this person can read: it will hold personal data.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn make_private(folder: &Path) -> Result<()> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|error| Error::disk("make the data folder", &error))
    }
}

fn from_environment(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn home() -> Option<PathBuf> {
    std::env::home_dir().filter(|home| !home.as_os_str().is_empty())
}

#[cfg(target_os = "macos")]
fn system_data() -> Option<PathBuf> {
    Some(home()?.join("Library/Application Support/Muster"))
}

#[cfg(target_os = "macos")]
fn system_config() -> Option<PathBuf> {
    system_data()
}

#[cfg(windows)]
fn system_data() -> Option<PathBuf> {
    Some(from_environment("LOCALAPPDATA")?.join("Muster"))
}

#[cfg(windows)]
fn system_config() -> Option<PathBuf> {
    Some(from_environment("APPDATA")?.join("Muster"))
}

/// The XDG Base Directory Specification.
#[cfg(not(any(target_os = "macos", windows)))]
fn system_data() -> Option<PathBuf> {
    from_environment("XDG_DATA_HOME")
        .or_else(|| Some(home()?.join(".local/share")))
        .map(|base| base.join("muster"))
}

#[cfg(not(any(target_os = "macos", windows)))]
fn system_config() -> Option<PathBuf> {
    from_environment("XDG_CONFIG_HOME")
        .or_else(|| Some(home()?.join(".config")))
        .map(|base| base.join("muster"))
}
