//! What Google's discovery document allows: parameters, their types, and the fields of what comes back.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../fixtures/drive-v3.json")).unwrap());

/// Keys of `orderBy`, from the parameter's description.
const ORDERS: [&str; 11] = [
    "createdTime",
    "folder",
    "modifiedByMeTime",
    "modifiedTime",
    "name",
    "name_natural",
    "quotaBytesUsed",
    "recency",
    "sharedWithMeTime",
    "starred",
    "viewedByMeTime",
];

/// The parameters of a request.
pub(super) type Parameters = BTreeMap<String, String>;

/// What is wrong with the parameters of a method.
pub(super) fn check(method: &str, parameters: &Parameters) -> Result<(), String> {
    let known = &DOCUMENT["methods"][method]["parameters"];
    for (name, value) in parameters {
        let described = match (&known[name], &DOCUMENT["parameters"][name]) {
            (Value::Null, Value::Null) => return Err(format!("{method} has no parameter {name}")),
            (Value::Null, kind) => kind.as_str().unwrap().to_owned(),
            (described, _) => described["type"].as_str().unwrap().to_owned(),
        };
        let fits = match described.as_str() {
            "boolean" => value == "true" || value == "false",
            "integer" => value.parse::<i64>().is_ok_and(|number| {
                let limit =
                    |name: &str| known["pageSize"][name].as_str().and_then(|text| text.parse::<i64>().ok());
                number >= limit("minimum").unwrap_or(i64::MIN)
                    && number <= limit("maximum").unwrap_or(i64::MAX)
            }),
            _ => !value.is_empty(),
        };
        if !fits {
            return Err(format!("{name} of {method} does not fit"));
        }
    }
    let required = known
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, described)| described["required"] == true && described["location"] == "query");
    for (name, _) in required {
        if !parameters.contains_key(name) {
            return Err(format!("{method} needs {name}"));
        }
    }
    check_list(method, parameters)
}

fn check_list(method: &str, parameters: &Parameters) -> Result<(), String> {
    if method != "files.list" {
        return Ok(());
    }
    let of = |name: &str| parameters.get(name).map(String::as_str);
    for key in of("orderBy").unwrap_or_default().split(',').filter(|key| !key.is_empty()) {
        if !ORDERS.contains(&key.trim().trim_end_matches(" desc")) {
            return Err(format!("orderBy has no key {key}"));
        }
    }
    let all_drives =
        of("includeItemsFromAllDrives") == Some("true") && of("supportsAllDrives") == Some("true");
    match (of("corpora").unwrap_or("user"), of("driveId")) {
        ("user" | "domain", None) => Ok(()),
        ("allDrives", None) | ("drive", Some(_)) if all_drives => Ok(()),
        (corpora, _) => Err(format!("corpora {corpora} does not fit to the other parameters")),
    }
}

/// A resource with the fields that were asked for, and no others.
pub(super) fn choose(schema: &str, fields: &str, resource: &Value) -> Result<Value, String> {
    let (wanted, rest) = parse(fields)?;
    if !rest.is_empty() {
        return Err(format!("fields end with {rest}"));
    }
    filtered(&DOCUMENT["schemas"][schema], &wanted, resource)
}

/// A field and what is asked for of it; nothing: all of it.
type Wanted = Vec<(String, Option<Box<Fields>>)>;

struct Fields(Wanted);

fn parse(mut text: &str) -> Result<(Wanted, &str), String> {
    let mut wanted = Vec::new();
    loop {
        let end = text.find([',', '(', ')']).unwrap_or(text.len());
        let name = &text[..end];
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err("fields hold something that is no name".to_owned());
        }
        text = &text[end..];
        let mut below = None;
        if let Some(inner) = text.strip_prefix('(') {
            let (found, rest) = parse(inner)?;
            below = Some(Box::new(Fields(found)));
            text = rest.strip_prefix(')').ok_or("fields lack a bracket")?;
        }
        wanted.push((name.to_owned(), below));
        match text.strip_prefix(',') {
            Some(rest) => text = rest,
            None => return Ok((wanted, text)),
        }
    }
}

fn filtered(schema: &Value, wanted: &Wanted, resource: &Value) -> Result<Value, String> {
    let mut chosen = Map::new();
    for (name, below) in wanted {
        let kind = schema.get(name).ok_or_else(|| format!("there is no field {name}"))?;
        let (kind, is_list) = match kind.as_array() {
            Some(of) => (&of[0], true),
            None => (kind, false),
        };
        let named = kind.as_str().map(|name| &DOCUMENT["schemas"][name]).filter(|schema| schema.is_object());
        let inner = if kind.is_object() { Some(kind) } else { named };
        let value = match (below, resource.get(name)) {
            (Some(below), value) => {
                let inner = inner.ok_or_else(|| format!("{name} has no fields"))?;
                // Fields are checked also where there is nothing.
                filtered(inner, &below.0, &Value::Null)?;
                match value {
                    Some(Value::Array(list)) if is_list => Some(
                        list.iter()
                            .map(|one| filtered(inner, &below.0, one))
                            .collect::<Result<Value, _>>()?,
                    ),
                    Some(one) => Some(filtered(inner, &below.0, one)?),
                    None => None,
                }
            }
            (None, value) => value.cloned(),
        };
        if let Some(value) = value {
            chosen.insert(name.clone(), value);
        }
    }
    Ok(Value::Object(chosen))
}
