//! The system's browser, for signing in.

use muster_backend::{Code, Error};

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
