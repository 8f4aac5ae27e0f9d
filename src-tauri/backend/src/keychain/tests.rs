use std::any::Any;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error as KeyringError, mock};

use super::*;

fn of(
    open: impl Fn() -> keyring_core::Result<Arc<keyring_core::CredentialStore>> + Send + Sync + 'static,
) -> Keychain {
    Keychain::with(Arc::new(open), Duration::from_millis(300))
}

fn no_bus() -> KeyringError {
    KeyringError::PlatformFailure("no secret service provider or dbus session found".into())
}

#[test]
fn items_have_names_of_their_own() {
    assert_eq!(Item::Profile("prod".into()).account(), "profile/prod");
    assert_eq!(Item::DataKey("a1".into()).account(), "data-key/a1");
}

#[tokio::test]
async fn a_keychain_that_was_started_meanwhile_is_found() {
    let calls = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&calls);
    let keychain = of(move || {
        if seen.fetch_add(1, Ordering::Relaxed) == 0 {
            Err(no_bus())
        } else {
            Err(KeyringError::NoDefaultStore)
        }
    });
    let item = Item::Profile("x".into());
    let first = keychain.get(&item).await.unwrap_err();
    assert_eq!(first.code(), Code::Keychain);
    assert!(first.message().contains("no keychain"), "{first}");
    // The second call asks anew and hears something else.
    assert!(keychain.get(&item).await.unwrap_err().message().contains("fault"));
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_keychain_that_hangs_is_an_error_in_time_and_is_not_asked_for_ever() {
    let keychain = of(|| {
        std::thread::sleep(Duration::from_secs(3));
        Err(no_bus())
    });
    let item = Item::Profile("x".into());
    for _ in 0..MOST_STUCK {
        let started = Instant::now();
        let error = keychain.get(&item).await.unwrap_err();
        assert_eq!(error.code(), Code::KeychainLocked);
        assert!(started.elapsed() < Duration::from_secs(1));
    }
    let started = Instant::now();
    assert_eq!(keychain.get(&item).await.unwrap_err().code(), Code::KeychainLocked);
    assert!(started.elapsed() < Duration::from_millis(100), "no further thread is started");
    tokio::time::sleep(Duration::from_millis(2_200)).await;
    // The threads have come back: it is asked again.
    let started = Instant::now();
    keychain.get(&item).await.unwrap_err();
    assert!(started.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn what_the_keychain_did_not_keep_is_an_error() {
    let keychain = of(|| Ok(Arc::new(InMemory(None))));
    let item = Item::Profile("x".into());
    let error = keychain.set(&item, Secret::new("canary".into())).await.unwrap_err();
    assert!(error.message().contains("did not keep"), "{error}");
    assert!(!error.to_string().contains("canary"));
    assert_eq!(keychain.get(&item).await.unwrap(), None);
    keychain.remove(&item).await.unwrap();
}

#[tokio::test]
async fn secrets_are_kept_apart_and_removed() {
    let keychain = Keychain::in_memory();
    let (a, b) = (Item::Profile("a".into()), Item::DataKey("a".into()));
    keychain.set(&a, Secret::new("first".into())).await.unwrap();
    keychain.set(&a, Secret::new("second".into())).await.unwrap();
    assert_eq!(keychain.get(&a).await.unwrap().unwrap().expose(), "second");
    assert_eq!(keychain.get(&b).await.unwrap(), None);
    keychain.remove(&a).await.unwrap();
    assert_eq!(keychain.get(&a).await.unwrap(), None);
}

/// A keychain of the test's own; without a store in it, each entry is new: nothing is kept.
#[derive(Debug)]
struct InMemory(Option<Arc<mock::Store>>);

impl CredentialStoreApi for InMemory {
    fn vendor(&self) -> String {
        "test".into()
    }

    fn id(&self) -> String {
        "test".into()
    }

    fn build(
        &self,
        service: &str,
        user: &str,
        _: Option<&HashMap<&str, &str>>,
    ) -> keyring_core::Result<Entry> {
        match &self.0 {
            Some(store) => store.build(service, user, None),
            None => mock::Store::new()?.build(service, user, None),
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Keychain {
    /// One that keeps what it is given as long as the test runs.
    pub(crate) fn in_memory() -> Keychain {
        let store = mock::Store::new().unwrap();
        of(move || Ok(Arc::new(InMemory(Some(Arc::clone(&store))))))
    }

    /// One that no program answers for.
    pub(crate) fn missing() -> Keychain {
        of(|| Err(no_bus()))
    }

    /// One that says that it is locked.
    pub(crate) fn locked() -> Keychain {
        of(|| Err(KeyringError::NoStorageAccess("SS error: prompt dismissed".into())))
    }
}
