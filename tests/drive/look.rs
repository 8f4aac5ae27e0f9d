//! Looking around: places, folders, names, pages.

use muster_backend::drive::{DriveItem, DriveKind, DrivePlace, DriveQuery};
use muster_backend::{Code, Job};
use muster_tests::drive::{FOLDER, FakeFile, SHEET, SHORTCUT};

use super::{CLUB, Place, query};

async fn listed(place: &Place, query: &DriveQuery) -> Vec<DriveItem> {
    place.imports.drive_list(&place.drive, query, &Job::silent()).await.unwrap().items
}

fn names(items: &[DriveItem]) -> Vec<&str> {
    items.iter().map(|item| item.name.as_str()).collect()
}

#[tokio::test]
async fn my_drive_has_folders_first_and_then_the_newest_lists() {
    let place = Place::new().await;
    for (id, name, mime, day) in [
        ("a", "old.csv", "text/csv", 1),
        ("b", "new.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 9),
        ("c", "Members", SHEET, 5),
        ("d", "Lists", FOLDER, 2),
        ("e", "photo.png", "image/png", 8),
        ("f", "minutes.txt", "text/plain", 7),
        ("g", "notes.pdf", "application/octet-stream", 6),
    ] {
        let modified = format!("2026-03-0{day}T09:00:00.000Z");
        place.fake.put(FakeFile { modified, ..FakeFile::new(id, name, mime, CLUB) });
    }
    place.fake.put(FakeFile { trashed: true, ..FakeFile::csv("t", "gone.csv", CLUB) });
    let items = listed(&place, &query(DrivePlace::MyDrive)).await;
    assert_eq!(names(&items), ["Lists", "new.xlsx", "minutes.txt", "Members", "old.csv"]);
    let sheet = &items[3];
    assert_eq!(
        (sheet.kind, sheet.size, sheet.owner.as_deref()),
        (DriveKind::Sheet, None, Some("Pat Example"))
    );
    let csv = &items[4];
    assert_eq!(
        (csv.kind, csv.size, csv.modified.as_deref()),
        (DriveKind::Text, Some(CLUB.len() as u64), Some("2026-03-01T09:00:00.000Z"))
    );
}

#[tokio::test]
async fn folders_are_opened_through_shortcuts_too() {
    let place = Place::new().await;
    place.fake.put(FakeFile::new("dir", "Lists", FOLDER, ""));
    place.fake.put(FakeFile { parent: "dir".into(), ..FakeFile::csv("in", "inside.csv", CLUB) });
    place.fake.put(FakeFile { parent: "else".into(), ..FakeFile::shortcut("s", "To lists", "dir") });
    place.fake.put(FakeFile {
        shared: true,
        parent: "else".into(),
        ..FakeFile::shortcut("s2", "My way", "dir")
    });
    let shared = listed(&place, &query(DrivePlace::SharedWithMe)).await;
    assert_eq!(
        (names(&shared), shared[0].kind, shared[0].shortcut),
        (vec!["My way"], DriveKind::Folder, true)
    );
    let folder = DriveQuery { folder: Some(shared[0].id.clone()), ..query(DrivePlace::SharedWithMe) };
    assert_eq!(names(&listed(&place, &folder).await), ["inside.csv"]);
}

#[tokio::test]
async fn shared_drives_are_opened_and_searched() {
    let place = Place::new().await;
    place.fake.share("board", "Board");
    let drive = Some("board".to_owned());
    place.fake.put(FakeFile {
        parent: "board".into(),
        drive: drive.clone(),
        ..FakeFile::csv("b1", "board list.csv", CLUB)
    });
    place.fake.put(FakeFile::csv("m1", "my list.csv", CLUB));
    let drives = listed(&place, &query(DrivePlace::SharedDrives)).await;
    assert_eq!((names(&drives), drives[0].kind), (vec!["Board"], DriveKind::SharedDrive));
    let top = DriveQuery { folder: Some("board".into()), drive, ..query(DrivePlace::SharedDrives) };
    let items = listed(&place, &top).await;
    // Nobody owns it: who changed it last is told.
    assert_eq!((names(&items), items[0].owner.as_deref()), (vec!["board list.csv"], Some("Pat Example")));
    assert_eq!(names(&listed(&place, &query(DrivePlace::MyDrive)).await), ["my list.csv"]);
    let search = DriveQuery { search: Some(" LIST ".into()), ..query(DrivePlace::MyDrive) };
    assert_eq!(listed(&place, &search).await.len(), 2);
    assert!(place.add_one("b1").await.is_ok());
}

#[tokio::test]
async fn a_name_is_searched_for_as_it_is_typed() {
    let place = Place::new().await;
    let name = r"O'Neil \ Co (2026) and others.csv";
    place.fake.put(FakeFile::csv("o", name, CLUB));
    for typed in ["O'Neil", r"O'Neil \ Co", "o'neil", "x' or name contains 'O"] {
        let search = DriveQuery { search: Some(typed.into()), ..query(DrivePlace::MyDrive) };
        let found = listed(&place, &search).await;
        assert_eq!(found.len(), usize::from(!typed.starts_with('x')), "{typed}");
    }
}

#[tokio::test]
async fn all_pages_can_be_had() {
    let place = Place::new().await;
    for number in 0..25 {
        place.fake.put(FakeFile::csv(&format!("f{number}"), &format!("list {number}.csv"), CLUB));
    }
    place.fake.pages_of(10);
    let (mut query, mut found) = (query(DrivePlace::MyDrive), Vec::new());
    loop {
        let page = place.drive.list(&query, &Job::silent()).await.unwrap();
        found.extend(page.items.into_iter().map(|item| item.id));
        match page.next {
            Some(next) => query.page = Some(next),
            None => break,
        }
    }
    found.sort();
    found.dedup();
    assert_eq!((found.len(), place.fake.count("files.list")), (25, 3));
}

#[tokio::test]
async fn a_shortcut_is_followed_with_the_key_that_it_has() {
    let place = Place::new().await;
    let key = Some("0-key".to_owned());
    place.fake.put(FakeFile {
        parent: "else".into(),
        key: key.clone(),
        ..FakeFile::csv("secret", "linked.csv", CLUB)
    });
    let target = Some(("secret".to_owned(), key));
    place.fake.put(FakeFile { target, ..FakeFile::new("s", "My link", SHORTCUT, "") });
    let added = place.add_one("s").await.unwrap();
    assert_eq!(added.import.files[0].name, "linked.csv");
    assert_eq!(place.kept(&added), CLUB.as_bytes());
    assert!(place.add_one("secret").await.unwrap_err().contains("not there any more"));
}

#[tokio::test]
async fn what_is_no_id_asks_google_nothing() {
    let place = Place::new().await;
    for id in ["../about", "a/b", "a'b", "", "a?alt=media"] {
        let folder = DriveQuery { folder: Some(id.into()), ..query(DrivePlace::MyDrive) };
        let error = place.drive.list(&folder, &Job::silent()).await.unwrap_err();
        assert_eq!(error.code(), Code::InvalidInput, "{id}");
        assert!(place.add_one(id).await.unwrap_err().contains("no id"), "{id}");
    }
    assert_eq!(place.fake.seen(), []);
}
