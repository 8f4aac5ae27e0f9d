//! The system's browser, for signing in, and its window of files.

use std::path::Path;

use muster_backend::{Code, Error, Folders};

/// Shows an address of ours in the system's browser.
pub(crate) fn show(address: &str) -> Result<(), Error> {
    if let Some(told) = tell_a_test(address) {
        return told;
    }
    open::that_detached(address).map_err(|_| {
        Error::new(Code::Config, "No browser could be opened to sign in with")
            .with_help("Choose a default browser in the system's settings, then try again.")
    })
}

/// Shows a folder of Muster's own in the system's window of files.
pub(crate) fn show_folder(folder: &Path) -> Result<(), Error> {
    Folders::make_private(folder)?;
    open::that_detached(folder).map_err(|_| {
        Error::new(Code::Config, "No program could be opened that shows folders")
            .with_help("Open the folder by its path, which Settings shows.")
    })
}

/// A test is the browser: it finds the address in the file that it named.
#[cfg(feature = "e2e")]
fn tell_a_test(address: &str) -> Option<Result<(), Error>> {
    let file = std::env::var_os("MUSTER_E2E_BROWSER")?;
    Some(std::fs::write(file, address).map_err(|error| Error::disk("tell the test the address", &error)))
}

#[cfg(not(feature = "e2e"))]
fn tell_a_test(_: &str) -> Option<Result<(), Error>> {
    None
}
