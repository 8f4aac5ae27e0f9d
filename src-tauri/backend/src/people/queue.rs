//! The queue of groups: filtered, in the order of what matters, a page at a time.

use muster_engine::resolve::Survivorship;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params_from_iter};

use super::matched::{probability, weight};
use super::record::{Known, Reader, bit, fields_of};
use super::session::Session;
use super::tables::{code, kind_of};
use super::view::{PeopleCounts, QueueItem, QueueKind, QueuePage, QueueQuery, RecordLine};
use crate::error::{Error, Result};
use crate::imports::Imports;

/// Groups of a page at the most.
const LARGEST_PAGE: u32 = 500;

/// A condition on `staged_group` and the values of its parameters.
pub(super) struct Filter {
    pub(super) condition: String,
    pub(super) values: Vec<Value>,
}

impl Filter {
    /// Of a query.
    pub(super) fn new(query: &QueueQuery) -> Filter {
        let mut conditions = vec!["true".to_owned()];
        let mut values: Vec<Value> = Vec::new();
        if query.kind != QueueKind::All {
            conditions.push(format!("kind = {}", code(query.kind)));
        }
        if let Some(field) = query.field {
            conditions.push(format!("fields & {} <> 0", bit(field)));
        }
        for club in &query.clubs {
            conditions.push(
                "EXISTS (SELECT 1 FROM staged_group_record AS of_club WHERE of_club.group_id = staged_group.id
                     AND instr(of_club.clubs, ?) > 0)"
                    .to_owned(),
            );
            values.push(format!("\n{club}\n").into());
        }
        for (bound, sign) in [(query.score_from, ">="), (query.score_to, "<")] {
            if let Some(bound) = bound.filter(|bound| *bound > 0.0 && *bound < 1.0) {
                conditions.push(format!("weight {sign} ?"));
                values.push(weight(bound).into());
            }
        }
        for word in query.text.as_deref().unwrap_or_default().split_whitespace() {
            conditions.push("instr(words, ?) > 0".to_owned());
            values.push(word.to_lowercase().into());
        }
        Filter { condition: conditions.join(" AND "), values }
    }
}

/// The order of the queue: see [`super::groups`]; groups that were put off come last.
pub(super) const ORDER: &str = "later, place, id";

/// A group as it is kept.
pub(super) struct Group {
    pub(super) id: u32,
    pub(super) kind: QueueKind,
    pub(super) link: Option<(u32, u32)>,
    pub(super) weight: Option<f64>,
    pub(super) fields: i64,
    pub(super) open: i64,
    pub(super) company_between_clubs: bool,
    pub(super) later: bool,
}

/// The columns of [`Group`].
pub(super) const GROUP: &str = "id, kind, link_a, link_b, weight, fields, open, company_between_clubs, later";

/// Reads [`GROUP`].
pub(super) fn group(row: &Row<'_>) -> rusqlite::Result<Group> {
    let (a, b): (Option<u32>, Option<u32>) = (row.get(2)?, row.get(3)?);
    Ok(Group {
        id: row.get(0)?,
        kind: kind_of(row.get(1)?),
        link: a.zip(b),
        weight: row.get(4)?,
        fields: row.get(5)?,
        open: row.get(6)?,
        company_between_clubs: row.get(7)?,
        later: row.get::<_, u32>(8)? > 0,
    })
}

impl Session<'_> {
    /// A group.
    pub(super) fn group(&self, id: u32) -> Result<Group> {
        let sql = format!("SELECT {GROUP} FROM staged_group WHERE id = ?1");
        let mut statement = self.staging.connection().prepare_cached(&sql)?;
        statement.query_row([id], group).optional()?.ok_or_else(|| Error::not_found("group"))
    }

    /// The records of a group with their people, rows first.
    pub(super) fn records(&self, group: u32) -> Result<Vec<(Known, u32)>> {
        let db = self.staging.connection();
        let sql = "SELECT record, person FROM staged_group_record WHERE group_id = ?1 ORDER BY record";
        let mut statement = db.prepare_cached(sql)?;
        let records = statement.query_map([group], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let records: Vec<(u32, u32)> = records.collect::<rusqlite::Result<_>>()?;
        let reader = Reader::new(db)?;
        let mut known = Vec::with_capacity(records.len());
        for (record, person) in records {
            known.extend(reader.known(record)?.map(|known| (known, person)));
        }
        Ok(known)
    }

    /// A group as the queue shows it.
    pub(super) fn item(&self, group: &Group) -> Result<QueueItem> {
        let records = self.records(group.id)?;
        Ok(QueueItem {
            group: group.id,
            kind: group.kind,
            probability: group.weight.filter(|_| !self.is_one_key(group, &records)).map(probability),
            sentence: self.sentence(group, &records),
            records: records.iter().map(|(known, _)| line(known)).collect(),
            fields: fields_of(group.fields),
            open: fields_of(group.open),
            company_between_clubs: group.company_between_clubs,
            decision: self.decision_of(&records),
            later: group.later,
        })
    }

    /// Whether the pair that the group hangs on is one membership by its key.
    fn is_one_key(&self, group: &Group, records: &[(Known, u32)]) -> bool {
        let find = |record| records.iter().find(|(known, _)| known.record == record).map(|(known, _)| known);
        group.link.and_then(|(a, b)| Some(find(a)?.shares_key(find(b)?))).unwrap_or(false)
    }

    fn sentence(&self, group: &Group, records: &[(Known, u32)]) -> String {
        if self.is_one_key(group, records) {
            return same_key_sentence(records);
        }
        let explained = group.link.and_then(|(a, b)| self.matched.explain(a, b));
        explained.map_or_else(
            || "The database or a person says that they are one.".to_owned(),
            |explained| explained.sentence,
        )
    }

    /// What a person decided about records of a group, in words.
    fn decision_of(&self, records: &[(Known, u32)]) -> Option<String> {
        let pairs = records.iter().enumerate();
        let pairs = pairs.flat_map(|(at, (a, _))| records[at + 1..].iter().map(move |(b, _)| (a, b)));
        let latest = pairs
            .filter_map(|(a, b)| self.book.between(a, b))
            .map(|at| &self.book.entries()[at].pair)
            .max_by_key(|pair| &pair.decided)?;
        let verdict = if latest.same { "One person" } else { "Different people" };
        let day = latest.decided.get(..10).unwrap_or(&latest.decided);
        Some(format!("{verdict}, said {} on {day}", latest.person))
    }

    /// The group after one in the queue of its kind, and the one before.
    pub(super) fn neighbour(&self, group: u32, after: bool) -> Result<Option<u32>> {
        let (sign, order) =
            if after { (">", "later, place, id") } else { ("<", "later DESC, place DESC, id DESC") };
        let sql = format!(
            "SELECT other.id FROM staged_group AS own INNER JOIN staged_group AS other ON own.kind = other.kind
             WHERE own.id = ?1 AND (other.later, other.place, other.id) {sign} (own.later, own.place, own.id)
             ORDER BY {} LIMIT 1",
            order.replace("later", "other.later").replace("place", "other.place").replace(", id", ", other.id")
        );
        let mut statement = self.staging.connection().prepare_cached(&sql)?;
        Ok(statement.query_row([group], |row| row.get(0)).optional()?)
    }

    /// The counts.
    pub(super) fn counts(&self) -> Result<PeopleCounts> {
        super::state::counts(self.staging.connection())
    }

    /// The rules of survivorship.
    pub(super) fn rules(&self) -> Survivorship {
        Survivorship::new(&self.settings.survivorship)
    }
}

/// Why rows of one key are one person.
pub(super) fn same_key_sentence(records: &[(Known, u32)]) -> String {
    let numbered = records.iter().any(|(known, _)| known.value(muster_engine::Field::SourceKey).is_some());
    if numbered {
        "One membership: the club lists them under one member number.".to_owned()
    } else {
        "One membership: the club lists the same name and birth date twice.".to_owned()
    }
}

/// A record in one line.
pub(super) fn line(known: &Known) -> RecordLine {
    RecordLine {
        record: known.record,
        name: known.name(),
        club: known.clubs().join(", "),
        file: known.file.clone(),
        line: known.line,
        member: known.member.map(crate::imports::small),
    }
}

impl Imports {
    /// A page of the groups that a query finds.
    ///
    /// # Errors
    /// When the records have not been compared yet.
    pub async fn people_queue(
        &self,
        id: u32,
        query: QueueQuery,
        offset: u32,
        limit: u32,
    ) -> Result<QueuePage> {
        let import = self.import(id).await?;
        self.in_session(import.id, move |session| page(session, &query, offset, limit.min(LARGEST_PAGE)))
            .await
    }
}

fn page(session: &Session<'_>, query: &QueueQuery, offset: u32, limit: u32) -> Result<QueuePage> {
    let db = session.staging.connection();
    let filter = Filter::new(query);
    let sql = format!("SELECT count(*) FROM staged_group WHERE {}", filter.condition);
    let total =
        db.prepare_cached(&sql)?.query_row(params_from_iter(filter.values.iter()), |row| row.get(0))?;
    let sql = format!(
        "SELECT {GROUP} FROM staged_group WHERE {} ORDER BY {ORDER} LIMIT {limit} OFFSET {offset}",
        filter.condition
    );
    let mut statement = db.prepare_cached(&sql)?;
    let groups = statement.query_map(params_from_iter(filter.values.iter()), group)?;
    let groups: Vec<Group> = groups.collect::<rusqlite::Result<_>>()?;
    let items = groups.iter().map(|group| session.item(group)).collect::<Result<_>>()?;
    Ok(QueuePage { total, items })
}
