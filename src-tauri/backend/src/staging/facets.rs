//! The values of a field with their counts, and values that look like spellings of one another.

use muster_engine::Field;
use muster_engine::standardise::spelling::spelling_groups;
use rusqlite::params_from_iter;
use rusqlite::types::Value;
use serde::{Deserialize, Serialize};

use super::Staging;
use super::query::{Filter, RowQuery, shown};
use crate::error::Result;

/// Values of a facet that are shown; the rest is found by searching.
const SHOWN: u32 = 200;
/// Distinct values that spellings are looked for in.
const SPELLED: u32 = 50_000;

/// A value and how many rows have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FacetValue {
    /// The value as shown; `None` is the empty cell
    pub value: Option<String>,
    /// Rows
    pub rows: u32,
}

/// The values of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Facet {
    /// The field
    pub field: Field,
    /// How many different values there are
    pub distinct: u32,
    /// The most frequent ones
    pub values: Vec<FacetValue>,
}

/// Values that look like spellings of one value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SpellingGroup {
    /// The values, most frequent first
    pub values: Vec<FacetValue>,
    /// The most frequent one
    pub suggestion: String,
}

impl Staging {
    /// Values of a field among the rows that the query finds, most frequent first. The query's own filter on the
    /// field is left out, so that other values can be chosen too.
    ///
    /// # Errors
    /// When the query names what does not exist, or the database fails.
    pub fn facet(&self, field: Field, query: &RowQuery, search: Option<&str>) -> Result<Facet> {
        let mut query = query.clone();
        query.facets.retain(|facet| facet.field != field);
        let mut filter = Filter::new(&query)?;
        let shown = shown(field);
        if let Some(search) = search.map(str::trim).filter(|search| !search.is_empty()) {
            filter.add(&format!("instr(lower({shown}), lower(?)) > 0"), [Value::Text(search.to_owned())]);
        }
        let rows = filter.sql();
        let sql = format!(
            "SELECT value, rows, count(*) OVER () FROM (
                 SELECT {shown} AS value, count(*) AS rows FROM staged_row{rows} GROUP BY 1
             ) ORDER BY rows DESC, value LIMIT {SHOWN}"
        );
        let mut distinct = 0;
        let mut statement = self.db.prepare_cached(&sql)?;
        let values = statement.query_map(params_from_iter(filter.values.iter()), |row| {
            distinct = row.get(2)?;
            Ok(FacetValue { value: row.get(0)?, rows: row.get(1)? })
        })?;
        let values = values.collect::<rusqlite::Result<_>>()?;
        Ok(Facet { field, distinct, values })
    }

    /// Groups of values of a field that look like spellings of one another.
    ///
    /// # Errors
    /// When the database fails.
    pub fn spellings(&self, field: Field) -> Result<Vec<SpellingGroup>> {
        let shown = shown(field);
        let sql = format!(
            "SELECT {shown}, count(*) FROM staged_row WHERE class <> 3 AND {shown} IS NOT NULL
             GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {SPELLED}"
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let values: Vec<(String, u64)> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get::<_, u32>(1)?.into())))?
            .collect::<rusqlite::Result<_>>()?;
        let group = |members: Vec<usize>| {
            let mut found: Vec<_> = members.into_iter().map(|at| &values[at]).collect();
            found.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
            let value = |(text, rows): &&(String, u64)| FacetValue {
                value: Some(text.clone()),
                rows: u32::try_from(*rows).unwrap_or(u32::MAX),
            };
            SpellingGroup {
                suggestion: found.first().map(|(text, _)| text.clone()).unwrap_or_default(),
                values: found.iter().map(value).collect(),
            }
        };
        Ok(spelling_groups(&values).into_iter().map(group).collect())
    }
}
