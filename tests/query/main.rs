//! `muster-query FILE`: what a query finds in an encrypted database, as a JSON array, for the tests of the app.
//!
//! The key (64 hexadecimal digits) is the first line of the standard input, the query all others: neither has a place
//! among the arguments. It opens the file with another driver than the app.

use std::io::Read;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Value};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).ok_or("muster-query FILE")?;
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;
    let (key, sql) = input.split_once('\n').ok_or("a key and a query by standard input")?;
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    db.execute_batch(&format!("PRAGMA key = \"x'{}'\"", key.trim()))?;
    let mut statement = db.prepare(sql)?;
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let mut object = Map::new();
        for (at, name) in names.iter().enumerate() {
            object.insert(name.clone(), value(row.get_ref(at)?));
        }
        rows.push(Value::Object(object));
    }
    serde_json::to_writer(std::io::stdout().lock(), &rows)?;
    Ok(())
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into(),
    }
}
