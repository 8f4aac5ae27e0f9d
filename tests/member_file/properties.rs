//! What holds for any table and whatever a person does to it.

use muster_tests::Machine;
use proptest::prelude::*;

use super::{cells, opened, rows, silent};

/// Something that a person does.
#[derive(Debug, Clone)]
enum Deed {
    Edit(u32, u32, String),
    Add,
    Delete(Vec<u32>),
    BringBack(Vec<u32>),
    Undo,
    Redo,
    Save,
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9 ,.;\"'=+@|_-]{0,8}",
        1 => Just(String::new()),
        1 => "['=+@\"-]{1,3}1",
        1 => "[\\u{e9}\\u{4e2d}\\u{ff1d}\\u{200b}a&<>]{1,4}",
        1 => "(_x000D_|0012|1e5|TRUE|2020-01-02|#N/A|  a  )",
    ]
}

fn table() -> impl Strategy<Value = (Vec<String>, Vec<Vec<String>>)> {
    (1_usize..6).prop_flat_map(|columns| {
        let names = ["given_name", "birth_date", "score", "shoe size", "x"];
        let header = names[..columns].iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        (Just(header), prop::collection::vec(prop::collection::vec(cell(), columns), 1..12))
    })
}

fn deed() -> impl Strategy<Value = Deed> {
    let numbers = || prop::collection::vec(1_u32..14, 1..4);
    prop_oneof![
        5 => (1_u32..14, 0_u32..5, cell()).prop_map(|(row, column, text)| Deed::Edit(row, column, text)),
        2 => Just(Deed::Add),
        2 => numbers().prop_map(Deed::Delete),
        1 => numbers().prop_map(Deed::BringBack),
        2 => Just(Deed::Undo),
        2 => Just(Deed::Redo),
        1 => Just(Deed::Save),
    ]
}

/// A CSV file as Muster writes it.
fn csv(header: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let mut out = Vec::new();
    for row in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        match row {
            [cell] if cell.trim().is_empty() => out.extend_from_slice(format!("\"{cell}\"\n").as_bytes()),
            _ => muster_engine::write::csv::encode_row(&mut out, row.iter().map(|cell| Some(cell.as_str()))),
        }
    }
    out
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn saving_without_edits_keeps_every_byte((header, table) in table()) {
        let machine = Machine::new();
        let bytes = csv(&header, &table);
        let path = machine.file("master.csv", &bytes);
        runtime().block_on(async {
            let (files, view) = opened(&machine, &path).await;
            assert_eq!(cells(&files, view.id).await, table);
            files.save(view.id, &silent()).await.unwrap();
        });
        prop_assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }

    #[test]
    fn undoing_everything_gives_the_file_as_it_was_and_redo_what_was_done(
        (header, table) in table(),
        deeds in prop::collection::vec(deed(), 1..24),
    ) {
        let machine = Machine::new();
        let path = machine.file("master.csv", csv(&header, &table));
        runtime().block_on(async {
            let (files, view) = opened(&machine, &path).await;
            let id = view.id;
            for deed in deeds {
                // What does not fit (a row that is not there) is refused and changes nothing.
                let _ = match deed {
                    Deed::Edit(row, column, text) => files.edit(id, row, column, Some(text)).await.map(drop),
                    Deed::Add => files.add_row(id).await.map(drop),
                    Deed::Delete(numbers) => files.delete_rows(id, rows(&numbers)).await.map(drop),
                    Deed::BringBack(numbers) => files.bring_back_rows(id, rows(&numbers)).await.map(drop),
                    Deed::Undo => files.undo(id).await.map(drop),
                    Deed::Redo => files.redo(id).await.map(drop),
                    Deed::Save => files.save(id, &silent()).await.map(drop),
                };
                let view = files.current().await.unwrap().unwrap();
                assert_eq!(view.rows as usize, cells(&files, id).await.len());
            }
            while files.current().await.unwrap().unwrap().redo.is_some() {
                files.redo(id).await.unwrap();
            }
            let done = cells(&files, id).await;
            let mut steps = 0;
            while files.current().await.unwrap().unwrap().undo.is_some() {
                files.undo(id).await.unwrap();
                steps += 1;
            }
            assert_eq!(cells(&files, id).await, table);
            files.save(id, &silent()).await.unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), csv(&header, &table));
            for _ in 0..steps {
                files.redo(id).await.unwrap();
            }
            assert_eq!(cells(&files, id).await, done);
        });
    }
}

proptest! {
    // Each case starts several workers.
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_workbook_gives_the_same_cells_again((header, table) in table()) {
        let machine = Machine::new();
        let path = machine.file("master.csv", csv(&header, &table));
        let workbook = machine.path().join("master.xlsx");
        runtime().block_on(async {
            let (files, view) = opened(&machine, &path).await;
            files.save_as(view.id, &workbook, &silent()).await.unwrap();
            let view = files.reload(view.id, &silent()).await.unwrap();
            // Rows of nothing are no rows of a sheet.
            let filled: Vec<_> =
                table.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).cloned().collect();
            assert_eq!(cells(&files, view.id).await, filled);
        });
    }
}
