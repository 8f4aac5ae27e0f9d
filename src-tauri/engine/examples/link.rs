//! Links a list of standardised records, for benchmarks: CSV in, the cluster of each record out.
//!
//!     link IN.csv OUT.csv [--threads N] [--pairs FILE] [--explain N]
//!
//! Columns by name: `unique_id`, `source`, Muster's fields (`given_name`, `birth_date` …) or the benchmark's names for
//! them (`first_name`, `last_name`, `dob`), and for FEBRL's lists `street_number`, `address_1`, `address_2`, `suburb`,
//! `postcode` and `soc_sec_id`. Dates are `YYYY-MM-DD` or `YYYYMMDD`. OUT has `unique_id,cluster_id`.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_types,
    clippy::disallowed_methods
)]

use std::fmt::Write as _;
use std::time::Instant;

use muster_engine::Field;
use muster_engine::matching::{
    self, Column, Decisions, ExtraColumn, ExtraKind, Matching, Origin, Records, Settings, explain, unwatched,
};
use muster_engine::read::delimited::DelimitedReader;
use muster_engine::read::{RawBatch, RowSource, detect};
use muster_engine::recipe::ReaderOptions;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| {
        arguments.iter().position(|argument| argument == name).and_then(|at| arguments.get(at + 1)).cloned()
    };
    let threads = option("--threads").map_or(2, |threads| threads.parse().expect("a number"));
    let started = Instant::now();
    let (ids, records) = read(&arguments[0]);
    println!("read {} records in {:.2} s", records.len(), started.elapsed().as_secs_f64());
    let settings = Settings { threads, ..Settings::default() };
    let found = run(&records, &settings);
    let mut out = String::from("unique_id,cluster_id\n");
    for (id, person) in ids.iter().zip(&found.clusters.person) {
        let _ = writeln!(out, "{id},{person}");
    }
    std::fs::write(&arguments[1], out).expect("written");
    if let Some(file) = option("--pairs") {
        let mut out = String::from("a,b,weight\n");
        for pair in &found.pairs {
            let _ = writeln!(out, "{},{},{:.3}", ids[pair.a as usize], ids[pair.b as usize], pair.weight);
        }
        std::fs::write(file, out).expect("written");
    }
    if let Some(pairs) = option("--explain") {
        explain_pairs(&ids, &records, &found, &pairs);
    }
    println!("all {:.2} s", started.elapsed().as_secs_f64());
}

/// The steps of a run one by one, each with its time.
fn run(records: &Records, settings: &Settings) -> Matching {
    let stages = std::sync::Mutex::new(Vec::<(&'static str, Instant)>::new());
    let found = matching::run(records, &Decisions::default(), settings, &|stage, done, total| {
        let mut stages = stages.lock().unwrap();
        if stages.last().is_none_or(|(name, _)| *name != stage.name()) {
            stages.push((stage.name(), Instant::now()));
        }
        drop(stages);
        unwatched(stage, done, total)
    })
    .expect("not cancelled");
    let stages = stages.into_inner().unwrap();
    let ends = stages.iter().skip(1).map(|(_, at)| *at).chain([Instant::now()]);
    for ((name, at), end) in stages.iter().zip(ends) {
        println!("{name} {:.2} s", (end - *at).as_secs_f64());
    }
    for rule in &found.plan.rules {
        println!(
            "  {} {:>12} pairs  {}{}",
            if rule.used { "+" } else { "-" },
            rule.pairs,
            rule.name,
            if rule.left_out_blocks > 0 {
                format!(" ({} blocks, {} pairs left out)", rule.left_out_blocks, rule.left_out_pairs)
            } else {
                String::new()
            }
        );
    }
    let model = &found.model;
    println!("learnt {} prior {:.3e} relatives {:?}", model.learnt, model.prior, model.relatives);
    for comparison in &model.comparisons {
        let levels = comparison.levels.iter();
        let levels = levels.map(|l| format!("{:?} m {:.4} u {:.2e} {:+.1}", l.level, l.m, l.u, l.weight));
        println!("  {:?}: {}", comparison.comparison, levels.collect::<Vec<_>>().join(" | "));
    }
    println!(
        "{} pairs, {} people, {} kept apart",
        found.pairs.len(),
        found.clusters.people(),
        found.clusters.kept_apart.len()
    );
    found
}

/// `ID-ID,ID-ID…`
fn explain_pairs(ids: &[String], records: &Records, found: &Matching, pairs: &str) {
    let at = |id: &str| ids.iter().position(|known| known == id).expect("a record") as u32;
    for pair in pairs.split(',') {
        let (a, b) = pair.split_once('-').expect("ID-ID");
        let explanation = explain(records, &found.model, at(a), at(b));
        println!("{pair}: {}", explanation.sentence);
        for step in &explanation.steps {
            println!(
                "   {:24} {:40} {:+6.1} ({:+.1}) {:.6}",
                step.label, step.words, step.weight, step.by_frequency, step.probability
            );
        }
    }
}

/// A column of the file: what it is to matching.
fn column(header: &str) -> Option<Column> {
    let field = match header {
        "first_name" => Field::GivenName,
        "last_name" | "surname" => Field::FamilyName,
        "dob" | "date_of_birth" => Field::BirthDate,
        _ => match EXTRA.iter().position(|(name, _)| *name == header) {
            Some(index) => return Some(Column::Extra(index)),
            None => header.parse().ok()?,
        },
    };
    Some(Column::Field(field))
}

const EXTRA: [(&str, ExtraKind); 6] = [
    ("street_number", ExtraKind::AddressNumber),
    ("address_1", ExtraKind::Text),
    ("address_2", ExtraKind::Text),
    ("suburb", ExtraKind::Text),
    ("postcode", ExtraKind::Code),
    ("soc_sec_id", ExtraKind::Identifier),
];

fn read(path: &str) -> (Vec<String>, Records) {
    let head = {
        use std::io::Read as _;
        let mut head = vec![0; 65_536];
        let length = std::fs::File::open(path).expect("a file").read(&mut head).expect("readable");
        head.truncate(length);
        head
    };
    let options =
        ReaderOptions { delimiter: Some(",".into()), header_row: Some(1), ..ReaderOptions::default() };
    let detected = detect::detect(&head, head.len() < 65_536, &options).expect("a list");
    let mut reader = DelimitedReader::new(std::fs::File::open(path).expect("a file"), &detected);
    let header: Vec<String> = detected.header.clone();
    let columns: Vec<Option<Column>> = header.iter().map(|name| column(name)).collect();
    let place = |name: &str| header.iter().position(|header| header == name);
    let (id, source) = (place("unique_id").expect("unique_id"), place("source").or(place("src")));
    let extras: Vec<ExtraColumn> = if columns.iter().any(|column| matches!(column, Some(Column::Extra(_)))) {
        EXTRA.iter().map(|(label, kind)| ExtraColumn { label: (*label).into(), kind: *kind }).collect()
    } else {
        Vec::new()
    };
    let mut builder = Records::builder(&extras);
    let mut ids = Vec::new();
    while let Some(batch) = reader.next_batch().expect("readable") {
        for row in 0..batch.len() {
            ids.push(batch.cell(row, id).unwrap_or_default().to_owned());
            push(&mut builder, &batch, row, &columns, source);
        }
        reader.recycle(batch);
    }
    (ids, builder.finish())
}

fn push(
    builder: &mut matching::RecordsBuilder,
    batch: &RawBatch,
    row: usize,
    columns: &[Option<Column>],
    source: Option<usize>,
) {
    let source = source.and_then(|source| batch.cell(row, source)).unwrap_or_default();
    let value = |wanted: Column| {
        let place = columns.iter().position(|column| *column == Some(wanted))?;
        batch.cell(row, place).filter(|text| !text.is_empty())
    };
    let date = value(Column::Field(Field::BirthDate)).map(|date| match (date.len(), date.is_ascii()) {
        (8, true) => format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]),
        _ => date.to_owned(),
    });
    builder.push(Origin { source, ..Origin::default() }, |wanted| match wanted {
        Column::Field(Field::BirthDate) => date.as_deref(),
        _ => value(wanted),
    });
}
