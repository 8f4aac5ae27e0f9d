//! Downloads that are cut, damaged, slow, cancelled.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use muster_backend::{Code, Job};
use muster_tests::drive::{FakeFile, Fault, SHEET};

use super::{CLUB, Place};

const MEDIA: &str = "files.get.media";

/// A list of some hundred kilobytes.
fn long_list() -> String {
    let rows = (0..8_000).map(|row| format!("Ann Lee {row},{},2001\n", 1950 + row % 50));
    format!("name,born,joined\n{}", rows.collect::<String>())
}

fn ranges(place: &Place) -> Vec<Option<String>> {
    place.fake.seen().into_iter().filter(|seen| seen.method == MEDIA).map(|seen| seen.range).collect()
}

#[tokio::test]
async fn a_download_goes_on_where_it_was_cut() {
    let place = Place::new().await;
    let list = long_list();
    place.fake.put(FakeFile::csv("f", "long.csv", &list));
    // More cuts than attempts: each brings the download further.
    place.fake.fail(MEDIA, (0..8).map(|_| Fault::Cut(10_000)));
    let added = place.add_one("f").await.unwrap();
    assert_eq!(place.kept(&added), list.as_bytes());
    let asked: Vec<_> = (0..9).map(|part| (part > 0).then(|| format!("bytes={}-", part * 10_000))).collect();
    assert_eq!(ranges(&place), asked);
    assert_eq!(place.raw_files(), 1);
}

#[tokio::test]
async fn a_download_that_gets_no_further_ends() {
    let place = Place::new().await;
    place.fake.put(FakeFile::csv("f", "long.csv", &long_list()));
    place.fake.fail(MEDIA, [Fault::Cut(5_000)].into_iter().chain((0..4).map(|_| Fault::Close)));
    let error = place.add_one("f").await.unwrap_err();
    assert!(error.contains("connection to it broke"), "{error}");
    assert_eq!(place.raw_files(), 0, "nothing of it is left");
}

#[tokio::test]
async fn parts_that_do_not_fit_are_fetched_again() {
    for fault in [Fault::WrongRange, Fault::IgnoreRange] {
        let place = Place::new().await;
        let list = long_list();
        place.fake.put(FakeFile::csv("f", "long.csv", &list));
        place.fake.fail(MEDIA, [Fault::Cut(10_001), fault.clone()]);
        let added = place.add_one("f").await.unwrap();
        assert_eq!(place.kept(&added), list.as_bytes(), "{fault:?}");
        assert!(place.fake.all_failed());
    }
}

#[tokio::test]
async fn what_came_damaged_is_fetched_anew_and_never_kept() {
    let place = Place::new().await;
    place.fake.put(FakeFile::csv("f", "club.csv", CLUB));
    place.fake.fail(MEDIA, [Fault::Flip]);
    assert_eq!(place.kept(&place.add_one("f").await.unwrap()), CLUB.as_bytes());
    place.fake.put(FakeFile::csv("g", "club.csv", &CLUB.replace("Ann", "Eve")));
    place.fake.fail(MEDIA, [Fault::Flip, Fault::Flip]);
    let error = place.add_one("g").await.unwrap_err();
    assert!(error.contains("did not arrive as it is"), "{error}");
    assert_eq!(place.raw_files(), 1);
}

#[tokio::test]
async fn a_file_that_becomes_shorter_meanwhile_is_fetched_as_it_is_then() {
    let place = Place::new().await;
    place.fake.put(FakeFile::csv("f", "long.csv", &long_list()));
    place.fake.fail(MEDIA, [Fault::Cut(50_000)]);
    let fake = place.fake.clone();
    // While the first part arrives, somebody saves another version.
    let job = Job::new(move |stage, done, _| {
        if stage == "download" && done == 50_000 {
            fake.put(FakeFile::csv("f", "long.csv", CLUB));
        }
    });
    let import = place.import().await;
    let added = place.try_add(import.id, &["f"], &job).await.unwrap();
    assert_eq!(added.not_added, []);
    assert_eq!(place.kept(&added), CLUB.as_bytes());
}

#[tokio::test]
async fn google_sheets_come_as_workbooks() {
    let place = Place::new().await;
    let workbook = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/two_sheets.xlsx")).unwrap();
    place.fake.put(FakeFile::new("s", "Rowing club members", SHEET, &workbook));
    place.fake.fail("files.export", [Fault::Cut(700), Fault::later(429, "rateLimitExceeded", 0)]);
    let added = place.add_one("s").await.unwrap();
    assert_eq!(added.import.files[0].name, "Rowing club members.xlsx");
    assert_eq!(added.import.files[0].source, "Rowing Club");
    assert_eq!(place.kept(&added), workbook);
    assert_eq!(place.fake.count("files.export"), 3);
}

#[tokio::test]
async fn progress_is_told_and_never_goes_past_the_end() {
    let place = Place::new().await;
    let list = long_list();
    place.fake.put(FakeFile::csv("f", "long.csv", &list));
    let told = Arc::new(Mutex::new(Vec::<(u64, Option<u64>)>::new()));
    let telling = Arc::clone(&told);
    let job = Job::new(move |stage, done, total| {
        if stage == "download" {
            telling.lock().unwrap().push((done, total));
        }
    });
    let import = place.import().await;
    place.try_add(import.id, &["f"], &job).await.unwrap();
    let told = told.lock().unwrap();
    let size = list.len() as u64;
    assert!(told.len() > 2 && told.is_sorted());
    assert!(told.iter().all(|(done, total)| *done <= size && *total == Some(size)), "{told:?}");
    assert_eq!(told.last(), Some(&(size, Some(size))));
}

#[tokio::test]
async fn a_download_that_says_nothing_can_be_cancelled() {
    let place = Place::new().await;
    place.fake.put(FakeFile::csv("f", "long.csv", &long_list()));
    place.fake.fail(MEDIA, [Fault::Stall(20_000)]);
    let job = Job::silent();
    let cancelling = job.clone();
    let fake = place.fake.clone();
    std::thread::spawn(move || {
        while fake.count(MEDIA) == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(100));
        cancelling.cancel();
    });
    let import = place.import().await;
    let started = Instant::now();
    let error = place.try_add(import.id, &["f"], &job).await.unwrap_err();
    assert_eq!(error.code(), Code::Cancelled);
    assert!(started.elapsed() < Duration::from_secs(20));
    assert_eq!((place.raw_files(), place.imports.open_import(import.id).await.unwrap().files.len()), (0, 0));
}

#[tokio::test]
async fn a_pause_that_google_asks_for_can_be_cancelled() {
    let place = Place::new().await;
    place.fake.put(FakeFile::csv("f", "club.csv", CLUB));
    place.fake.fail("files.get", [Fault::later(429, "rateLimitExceeded", 2)]);
    let job = Job::silent();
    let cancelling = job.clone();
    let watched = Job::new(move |stage, _, _| {
        if stage == "drive_wait" {
            cancelling.cancel();
        }
    });
    let import = place.import().await;
    let fetching = place.try_add(import.id, &["f"], &watched);
    let cancelled = async {
        while !job.is_cancelled() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        watched.cancel();
        std::future::pending::<()>().await;
    };
    let error = tokio::select! { added = fetching => added.unwrap_err(), () = cancelled => unreachable!() };
    assert_eq!((error.code(), place.fake.count("files.get")), (Code::Cancelled, 1));
}
