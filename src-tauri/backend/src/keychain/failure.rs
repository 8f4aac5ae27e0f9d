//! What a keychain's failure means to a person.

use keyring_core::Error as KeyringError;

use crate::error::{Code, Error};

pub(super) fn failure(cause: &KeyringError) -> Error {
    match cause {
        // On macOS and Windows: refused by a rule of the system or by the person.
        KeyringError::NoStorageAccess(reason) if is_locked(&reason.to_string()) => locked(),
        KeyringError::NoStorageAccess(_) => {
            if cfg!(any(target_os = "macos", windows)) {
                denied()
            } else {
                locked()
            }
        }
        KeyringError::PlatformFailure(reason) => of_platform(&reason.to_string()),
        KeyringError::Ambiguous(_) => {
            Error::new(Code::Keychain, "The keychain has several items where Muster keeps one")
                .with_help("Remove those that you do not need in the keychain's own program, then try again.")
        }
        KeyringError::BadEncoding(_) | KeyringError::BadDataFormat(..) => {
            Error::new(Code::Keychain, "What the keychain has for Muster is no text")
                .with_help("Set the secret again.")
        }
        KeyringError::TooLong(..) => {
            Error::new(Code::InvalidInput, "The secret is longer than the keychain takes")
        }
        _ => fault(),
    }
}

fn is_locked(reason: &str) -> bool {
    ["prompt", "locked", "interaction", "Locked"].iter().any(|word| reason.contains(word))
}

/// The texts of D-Bus name the error; the rest of them may be in any language.
fn of_platform(reason: &str) -> Error {
    let says = |words: &[&str]| words.iter().any(|word| reason.contains(word));
    if says(&["AccessDenied", "denied"]) {
        denied()
    } else if says(&["IsLocked"]) {
        locked()
    } else if says(&[
        "no secret service provider",
        "ServiceUnknown",
        "not provided by any",
        "NameHasNoOwner",
        "Spawn",
        "Connection refused",
        "No such file",
        "address",
        "InputOutput",
        "I/O error",
    ]) {
        none()
    } else {
        fault()
    }
}

fn none() -> Error {
    let help = if cfg!(any(target_os = "macos", windows)) {
        "Log in to a session that has one, then try again."
    } else {
        "Start one (GNOME Keyring, KWallet or KeePassXC with its Secret Service), then try again. Without a desktop, \
         hand the secret over in a file: see docs/PROFILES.md."
    };
    Error::new(Code::Keychain, "There is no keychain: no program answers for the system's secrets")
        .with_help(help)
}

fn locked() -> Error {
    Error::new(Code::KeychainLocked, "The keychain is locked").with_help(
        "Unlock it (log in again, or open the system's program for passwords and keys), then try again.",
    )
}

fn denied() -> Error {
    Error::new(Code::Keychain, "The keychain does not let Muster in")
        .with_help("Allow Muster to use its items when the system asks, then try again.")
}

fn fault() -> Error {
    Error::new(Code::Keychain, "The keychain reports a fault")
        .with_help("Open the system's program for passwords and keys to see what it says, then try again.")
}

pub(crate) fn slow() -> Error {
    Error::new(Code::KeychainLocked, "The keychain does not answer: it may be waiting to be unlocked")
        .with_help("If the system asks for a password, answer it; then try again.")
}

pub(super) fn not_kept() -> Error {
    Error::new(Code::Keychain, "The keychain did not keep the secret: what it gives back is not what was set")
        .with_help("Check that the keychain is unlocked and can be written to, then try again.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(reason: &str) -> Code {
        failure(&KeyringError::PlatformFailure(reason.into())).code()
    }

    #[test]
    fn a_failure_says_whether_trying_again_helps() {
        assert_eq!(of("no secret service provider or dbus session found"), Code::Keychain);
        let locked = failure(&KeyringError::NoStorageAccess("SS error: prompt dismissed".into()));
        assert_eq!(locked.code(), Code::KeychainLocked);
        assert!(
            of_platform("zbus error: org.freedesktop.DBus.Error.AccessDenied: no")
                .message()
                .contains("let Muster in")
        );
        assert!(of_platform("something else").message().contains("fault"));
    }
}
