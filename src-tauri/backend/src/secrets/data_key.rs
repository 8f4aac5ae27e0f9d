//! The key of the data folder in the keychain: made once, never silently made again.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::{Code, Error, Result};
use crate::folders::Folders;
use crate::keychain::{Item, Keychain};
use crate::store::DataKey;

/// How a SQLite database that is not encrypted starts.
const PLAIN: &[u8] = b"SQLite format 3\0";

/// How long another program may take to make the key.
const LOCK_WAIT: Duration = Duration::from_secs(8);

pub(super) async fn of_keychain(folders: &Folders, keychain: &Keychain) -> Result<DataKey> {
    Folders::make_private(folders.data())?;
    let failed = |error: std::io::Error| Error::disk("read which key the data folder has", &error);
    // Of several programs that start together, one makes the key and the others wait for it.
    let mut file = open_locked(&folders.data_key_id()).await?;
    let mut id = String::new();
    file.read_to_string(&mut id).map_err(failed)?;
    let id = id.trim();
    if !id.is_empty() {
        let item = Item::DataKey(id.to_owned());
        if let Some(kept) = keychain.get(&item).await? {
            return DataKey::parse(kept.expose()).ok_or_else(no_key);
        }
    }
    if has_encrypted(folders.data()).map_err(failed)? {
        return Err(lost());
    }
    let (id, key) = (if id.is_empty() { new_id()? } else { id.to_owned() }, DataKey::random()?);
    write_id(&mut file, &id).map_err(|error| Error::disk("keep which key the data folder has", &error))?;
    // The keychain reads back what it keeps.
    keychain.set(&Item::DataKey(id), key.to_hex()).await?;
    Ok(key)
}

async fn open_locked(path: &Path) -> Result<File> {
    let failed = |error: std::io::Error| Error::disk("keep which key the data folder has", &error);
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(failed)?;
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(std::fs::TryLockError::WouldBlock) if started.elapsed() < LOCK_WAIT => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(std::fs::TryLockError::WouldBlock) => {
                return Err(Error::new(
                    Code::Busy,
                    "Another program of Muster's is fetching the data folder's key",
                )
                .with_help("Wait until it has finished, then try again."));
            }
            Err(std::fs::TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
}

/// On the disk before the keychain has the key: a key without a name could not be found again.
fn write_id(file: &mut File, id: &str) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{id}")?;
    file.sync_all()
}

/// Whether a database in the data folder needs a key that is there already.
fn has_encrypted(data: &Path) -> std::io::Result<bool> {
    let mut folders = vec![data.to_owned()];
    for parent in ["imports", "open-files"].map(|name| data.join(name)) {
        if parent.is_dir() {
            for folder in std::fs::read_dir(parent)? {
                folders.push(folder?.path());
            }
        }
    }
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        for file in std::fs::read_dir(folder)? {
            let path = file?.path();
            if path.extension().is_some_and(|ending| ending == "db") && is_encrypted(&path)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn is_encrypted(path: &Path) -> std::io::Result<bool> {
    let mut start = Vec::new();
    File::open(path)?.take(PLAIN.len() as u64).read_to_end(&mut start)?;
    Ok(!start.is_empty() && start != PLAIN)
}

fn new_id() -> Result<String> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|_| no_random())?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn no_random() -> Error {
    Error::new(Code::Internal, "The system gives no random numbers, so no key can be made")
}

fn lost() -> Error {
    Error::new(
        Code::SecretMissing,
        "The data folder holds encrypted databases, and the keychain does not have their key",
    )
    .with_help(
        "If the keychain is locked or is another one than before, unlock or restore it and try again. Without the key \
         the databases cannot be read; to start anew, move the data folder away.",
    )
}

pub(super) fn no_key() -> Error {
    Error::new(Code::Config, "What is kept as the key of the data folder is no key").with_help(
        "It must be 64 hexadecimal digits, as `openssl rand -hex 32` prints them. Restore the right one.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_encrypted_database_needs_its_old_key() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        assert!(!has_encrypted(data).unwrap());
        std::fs::write(data.join("workspace.db"), [PLAIN, &[0; 100]].concat()).unwrap();
        std::fs::write(data.join("empty.db"), "").unwrap();
        std::fs::write(data.join("data-key.id"), "0123").unwrap();
        assert!(!has_encrypted(data).unwrap());
        std::fs::create_dir_all(data.join("imports/7")).unwrap();
        std::fs::write(data.join("imports/7/staged.db"), [7; 4_096]).unwrap();
        assert!(has_encrypted(data).unwrap());
        std::fs::remove_dir_all(data.join("imports")).unwrap();
        assert!(!has_encrypted(data).unwrap());
        std::fs::create_dir_all(data.join("open-files/file-1")).unwrap();
        std::fs::write(data.join("open-files/file-1/rows.db"), [7; 4_096]).unwrap();
        assert!(has_encrypted(data).unwrap());
    }

    #[test]
    fn keys_and_ids_are_random() {
        assert_ne!(DataKey::random().unwrap(), DataKey::random().unwrap());
        assert_ne!(new_id().unwrap(), new_id().unwrap());
        assert_eq!(new_id().unwrap().len(), 16);
    }
}
