//! `muster-fake-drive OAUTH FOLDER`: the tests' Google Drive for the tests of the app. My Drive has the files of FOLDER;
//! tokens are those of the OAuth server. Prints its address, and serves until standard input ends.

use std::io::{Read, Write};
use std::path::PathBuf;

use muster_tests::drive::{FakeDrive, Introspection};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(oauth), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("muster-fake-drive OAUTH FOLDER".into());
    };
    let oauth = oauth.into_string().map_err(|_| "the address is no text")?;
    let drive = FakeDrive::of_folder(PathBuf::from(folder), Introspection::at(&oauth));
    writeln!(std::io::stdout(), "{}", drive.url("drive/v3"))?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
