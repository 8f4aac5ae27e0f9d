//! The package id: what tells that a push has been made before.

use muster_engine::recipe::PushMode;
use sha2::{Digest, Sha256};

use crate::config::ProfileInfo;

/// What goes into a package, apart from the target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PackageParts {
    /// All files of the import, dimensions too, in any order
    pub files: Vec<PackageFile>,
    /// The recipe as JSON
    pub recipe: String,
}

/// A file of a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackageFile {
    /// SHA-256 of its bytes, in hexadecimal
    pub sha256: String,
    /// Its name, without the folder
    pub name: String,
    /// The organisation that it comes from
    pub source: String,
}

impl PackageParts {
    /// The package without what its recipe says about scores.
    pub(crate) fn without_scores(&self) -> PackageParts {
        let recipe = match serde_json::from_str(&self.recipe) {
            Ok(serde_json::Value::Object(mut recipe)) => {
                recipe.remove("scores");
                serde_json::Value::Object(recipe).to_string()
            }
            _ => self.recipe.clone(),
        };
        PackageParts { recipe, ..self.clone() }
    }

    /// SHA-256 in hexadecimal over the files (sorted), the recipe, how it is pushed, and the target.
    pub fn id(&self, profile: &ProfileInfo, mode: PushMode, remove_missing: bool) -> String {
        let mut files: Vec<&PackageFile> = self.files.iter().collect();
        files.sort_unstable();
        let mut hasher = Sha256::new();
        // The length before each part keeps parts from running together.
        let mut add = |part: &str| {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        };
        for file in files {
            add(&file.sha256);
            add(&file.name);
            add(&file.source);
        }
        add(&self.recipe);
        add(mode.name());
        add(if remove_missing { "remove" } else { "" });
        add(&profile.name);
        add(&profile.location);
        format!("{:x}", hasher.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Driver, Environment};

    fn file(sha256: &str, name: &str) -> PackageFile {
        PackageFile { sha256: sha256.into(), name: name.into(), source: "Club".into() }
    }

    const MODE: PushMode = PushMode::InsertNew;

    fn profile(name: &str) -> ProfileInfo {
        ProfileInfo {
            name: name.into(),
            environment: Environment::Dev,
            driver: Driver::Sqlite,
            location: "members.db".into(),
        }
    }

    #[test]
    fn the_order_of_the_files_does_not_matter_and_all_else_does() {
        let parts = |files: &[PackageFile], recipe: &str| PackageParts {
            files: files.to_vec(),
            recipe: recipe.to_owned(),
        };
        let (one, two) = (file("aa", "one.csv"), file("bb", "two.csv"));
        let id = parts(&[one.clone(), two.clone()], "{}").id(&profile("local"), MODE, false);
        assert_eq!(id.len(), 64);
        assert_eq!(parts(&[two.clone(), one.clone()], "{}").id(&profile("local"), MODE, false), id);
        assert_ne!(parts(&[one.clone(), two.clone()], "{}").id(&profile("prod"), MODE, false), id);
        assert_ne!(
            parts(&[one.clone(), two.clone()], "{}").id(&profile("local"), PushMode::Update, false),
            id
        );
        assert_ne!(parts(&[one.clone(), two.clone()], "{}").id(&profile("local"), MODE, true), id);
        assert_ne!(parts(&[one.clone(), two.clone()], "{ }").id(&profile("local"), MODE, false), id);
        assert_ne!(parts(&[one, file("bb", "2.csv")], "{}").id(&profile("local"), MODE, false), id);
    }
}
