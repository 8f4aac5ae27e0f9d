//! Which keychain a system has.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::{CredentialStore, Entry};

use super::{Item, SERVICE};

/// Opens a connection of its own: the stores keep nothing of an earlier failure.
pub(super) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    #[cfg(target_os = "macos")]
    let store = apple_native_keyring_store::keychain::Store::new()?;
    #[cfg(windows)]
    let store = windows_native_keyring_store::Store::new()?;
    #[cfg(not(any(target_os = "macos", windows)))]
    let store = zbus_secret_service_keyring_store::Store::new()?;
    Ok(store)
}

/// The entry of an item. Nothing is asked of the keychain yet.
pub(super) fn entry(store: &Arc<CredentialStore>, item: &Item) -> keyring_core::Result<Entry> {
    #[cfg(not(any(target_os = "macos", windows)))]
    let label = item.label();
    let modifiers = HashMap::from([
        #[cfg(not(any(target_os = "macos", windows)))]
        ("label", label.as_str()),
        // Not carried to the person's other machines.
        #[cfg(windows)]
        ("persistence", "Local"),
    ]);
    let modifiers: Option<&HashMap<&str, &str>> = Some(&modifiers).filter(|modifiers| !modifiers.is_empty());
    store.build(SERVICE, &item.account(), modifiers)
}
