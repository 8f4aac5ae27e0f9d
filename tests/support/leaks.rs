//! Looks for secrets where none may be: in files, and in the arguments and the environment of programs.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use memchr::memmem;

const PIECE: usize = 1 << 20;
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The files below these folders that hold one of the secrets, as it is, as UTF-16, in hexadecimal digits or in
/// base64. Paths only: what was found is not repeated. A secret here is letters and digits alone, which nothing
/// quotes ([`Login::canary`](crate::Login::canary)).
pub fn in_files(secrets: &[&str], folders: &[&Path]) -> BTreeSet<String> {
    let forms = all_forms(secrets);
    let mut found = BTreeSet::new();
    for folder in folders {
        assert!(folder.exists(), "{} is not there to be searched", folder.display());
        search(folder, &forms, &mut found);
    }
    found
}

/// Watches this process and all that it starts, as long as it lives.
pub struct Watch {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<BTreeSet<String>>>,
}

impl Watch {
    /// Looks for these secrets every few milliseconds from now on.
    pub fn start(secrets: &[&str]) -> Watch {
        let (forms, stop) = (all_forms(secrets), Arc::new(AtomicBool::new(false)));
        let of_thread = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let (mut known, mut found) = (HashSet::new(), BTreeSet::new());
            loop {
                // Once more after the word to stop: what runs then is looked at, too.
                let last = of_thread.load(Ordering::SeqCst);
                look_at_processes(&forms, &mut known, &mut found);
                if last {
                    return found;
                }
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        Watch { stop, thread: Some(thread) }
    }

    /// Stops, and says where secrets were seen: `cmdline of muster`, `environ of psql`.
    pub fn stop(mut self) -> BTreeSet<String> {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.take().unwrap().join().unwrap()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
    }
}

fn search(path: &Path, forms: &[Vec<u8>], found: &mut BTreeSet<String>) {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    if has_any(name, forms) {
        found.insert(format!("a name in {}", path.parent().unwrap_or(path).display()));
    }
    // A program that still runs may take it away meanwhile.
    let Ok(kind) = path.symlink_metadata().map(|entry| entry.file_type()) else { return };
    if kind.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            search(&entry.unwrap().path(), forms, found);
        }
    } else if kind.is_file() && file_has_any(path, forms) {
        found.insert(path.display().to_string());
    }
}

fn file_has_any(path: &Path, forms: &[Vec<u8>]) -> bool {
    let overlap = forms.iter().map(Vec::len).max().unwrap_or(0);
    let mut file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return false,
        file => file.unwrap(),
    };
    let mut held = Vec::new();
    loop {
        let read = (&mut file).take(PIECE as u64).read_to_end(&mut held).unwrap();
        if has_any(&held, forms) {
            return true;
        }
        if read == 0 {
            return false;
        }
        // A secret may lie across two pieces.
        held.drain(..held.len().saturating_sub(overlap));
    }
}

fn has_any(bytes: &[u8], forms: &[Vec<u8>]) -> bool {
    forms.iter().any(|form| memmem::find(bytes, form).is_some())
}

/// A process by its number and its start: numbers are used again.
type Process = (u32, u64);

fn look_at_processes(forms: &[Vec<u8>], known: &mut HashSet<Process>, found: &mut BTreeSet<String>) {
    let all: HashMap<u32, (u32, u64, String)> = processes().collect();
    for (pid, (_, start, name)) in &all {
        if !descends(*pid, &all, known) {
            continue;
        }
        // Remembered, because its parent may end before it.
        known.insert((*pid, *start));
        for part in ["cmdline", "environ"] {
            // It may have ended meanwhile.
            let Ok(text) = std::fs::read(format!("/proc/{pid}/{part}")) else { continue };
            if has_any(&text, forms) {
                found.insert(format!("{part} of {name}"));
            }
        }
    }
}

fn descends(pid: u32, all: &HashMap<u32, (u32, u64, String)>, known: &HashSet<Process>) -> bool {
    let mut next = pid;
    while let Some((parent, start, _)) = all.get(&next) {
        if next == std::process::id() || known.contains(&(next, *start)) {
            return true;
        }
        next = *parent;
    }
    false
}

/// All processes: number, parent, start, name.
fn processes() -> impl Iterator<Item = (u32, (u32, u64, String))> {
    let folders = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    folders.filter_map(|folder| {
        let pid = folder.file_name().to_str()?.parse().ok()?;
        let stat = std::fs::read_to_string(folder.path().join("stat")).ok()?;
        // The name is in brackets and may hold spaces and brackets.
        let (before, after) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = after.split_whitespace().collect();
        let name = before.split_once('(')?.1.to_owned();
        Some((pid, (fields.get(1)?.parse().ok()?, fields.get(19)?.parse().ok()?, name)))
    })
}

fn all_forms(secrets: &[&str]) -> Vec<Vec<u8>> {
    secrets.iter().flat_map(|secret| forms(secret)).collect()
}

/// The ways in which a program may write a secret down.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    assert!(secret.len() >= 8, "a secret to look for has eight characters or more");
    assert!(secret.bytes().all(|byte| byte.is_ascii_alphanumeric()), "letters and digits only");
    let plain = secret.as_bytes().to_vec();
    let utf_16 = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hex = secret.bytes().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes();
    let mut forms = vec![plain, utf_16, hex];
    // Base64 depends on how many bytes are before it.
    forms.extend((0..3).map(|before| base64_inside(secret.as_bytes(), before)));
    forms
}

/// The characters of base64 that depend on nothing but `bytes`, when `before` other bytes precede them.
fn base64_inside(bytes: &[u8], before: usize) -> Vec<u8> {
    let padded = [vec![0; before], bytes.to_vec()].concat();
    let bits = |index: usize| {
        let (byte, shift) = (index * 6 / 8, index * 6 % 8);
        let pair = u16::from(padded[byte]) << 8 | u16::from(padded.get(byte + 1).copied().unwrap_or(0));
        BASE64[usize::from(pair >> (10 - shift) & 63)]
    };
    ((before * 8).div_ceil(6)..padded.len() * 8 / 6).map(bits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_found_wherever_it_starts() {
        // echo -n XXsecret12 | base64, with no, one and two X
        assert_eq!(base64_inside(b"secret12", 0), b"c2VjcmV0MT");
        assert!(memmem::find(b"WHNlY3JldDEy", &base64_inside(b"secret12", 1)).is_some());
        assert!(memmem::find(b"WFhzZWNyZXQxMg==", &base64_inside(b"secret12", 2)).is_some());
    }
}
