//! The uppermost layer of the settings: variables of the environment.
//!
//! `MUSTER_ACTIVE_PROFILE` chooses the profile; `MUSTER_PROFILE_<NAME>_<KEY>` sets a key of a profile that the file (or
//! the defaults) has, its name in capitals with `_` for what is no letter or digit; `MUSTER_DRIVE_<KEY>` a key of `drive`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::drive;
use super::validate::{Problem, is_secret_key};

const ACTIVE: &str = "MUSTER_ACTIVE_PROFILE";
const OF_PROFILE: &str = "MUSTER_PROFILE_";
const OF_DRIVE: &str = "MUSTER_DRIVE_";

/// The variables that are settings. An empty one counts as not set.
pub(super) fn of_muster(variables: impl Iterator<Item = (String, String)>) -> BTreeMap<String, String> {
    let ours = |name: &str| name == ACTIVE || name.starts_with(OF_PROFILE) || name.starts_with(OF_DRIVE);
    variables.filter(|(name, value)| ours(name) && !value.is_empty()).collect()
}

/// How a profile's name is written in the name of a variable.
pub(crate) fn variable_name(profile: &str) -> String {
    profile.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

/// Lays the variables over the settings. Gives which variable each place came from, and what fits nowhere.
pub(super) fn lay_over(
    settings: &mut Map<String, Value>,
    variables: BTreeMap<String, String>,
    keys: &[&str],
) -> (BTreeMap<String, String>, Vec<Problem>) {
    let (mut origins, mut problems) = (BTreeMap::new(), Vec::new());
    for (variable, value) in variables {
        if variable == ACTIVE {
            settings.insert("active_profile".into(), Value::String(value));
            origins.insert("active_profile".into(), variable);
            continue;
        }
        if let Some(key) = variable.strip_prefix(OF_DRIVE).map(str::to_lowercase)
            && drive::KEYS.contains(&key.as_str())
        {
            let of_drive = settings.entry("drive").or_insert_with(|| Value::Object(Map::new()));
            if let Some(of_drive) = of_drive.as_object_mut() {
                of_drive.insert(key.clone(), Value::String(value));
            }
            origins.insert(format!("drive.{key}"), variable);
            continue;
        }
        match find(settings, &variable, keys) {
            Some((profile, key)) => {
                let value =
                    value.parse::<u64>().ok().filter(|_| key == "port").map_or(value.into(), Value::from);
                if let Some(profile) = settings["profiles"][&profile].as_object_mut() {
                    profile.insert(key.to_owned(), value);
                }
                origins.insert(format!("profiles.{profile}.{key}"), variable);
            }
            None if variable.rsplit('_').next().is_some_and(is_secret_key) => {
                problems.push(Problem::secret(&variable));
            }
            None => problems.push(Problem::new(
                &variable,
                "names no setting of a profile that is there, nor one of Google Drive",
            )),
        }
    }
    (origins, problems)
}

fn find<'k>(settings: &Map<String, Value>, variable: &str, keys: &[&'k str]) -> Option<(String, &'k str)> {
    let rest = variable.strip_prefix(OF_PROFILE)?;
    let profiles = settings.get("profiles")?.as_object()?;
    let names = profiles.iter().filter(|(_, profile)| profile.is_object()).map(|(name, _)| name);
    names.into_iter().find_map(|name| {
        let key = rest.strip_prefix(variable_name(name).as_str())?.strip_prefix('_')?.to_lowercase();
        let key = keys.iter().find(|known| **known == key)?;
        Some((name.clone(), *key))
    })
}
