//! Files of Drive in an import: marked when they change there, brought up to date with their steps.

use muster_backend::drive::DrivePlace;
use muster_backend::imports::{DriveStatus, NewOperation};
use muster_backend::staging::RowQuery;
use muster_backend::{Code, Job};
use muster_engine::Field;
use muster_tests::drive::{FakeFile, Fault};
use muster_tests::{rows, shown};

use super::{CLUB, Place, query};

async fn statuses(place: &Place, import: u32) -> Vec<DriveStatus> {
    let states = place.imports.drive_states(&place.drive, import, &Job::silent()).await.unwrap();
    states.into_iter().map(|state| state.status).collect()
}

#[tokio::test]
async fn a_file_that_changed_is_marked_and_its_steps_are_replayed_on_the_new_version() {
    let place = Place::new().await;
    place.fake.put(FakeFile::csv("f", "rowing_club.csv", CLUB));
    let import = place.import().await;
    let added = place.try_add(import.id, &["f"], &Job::silent()).await.unwrap().import;
    assert!(added.files[0].from_drive);
    place.imports.stage(import.id, &Job::silent()).await.unwrap();
    let edit = NewOperation::EditCell { row: 1, field: Field::GivenName, value: Some("Anna".into()) };
    place.imports.add_operation(import.id, edit, &Job::silent()).await.unwrap();
    assert_eq!(statuses(&place, import.id).await, [DriveStatus::Same]);

    let newer = format!("{CLUB}Zoe Kay,30/01/1999,2020\n");
    let modified = "2026-04-02T10:00:00.000Z".to_owned();
    place.fake.put(FakeFile { modified, ..FakeFile::csv("f", "rowing_club_april.csv", &newer) });
    let states = place.imports.drive_states(&place.drive, import.id, &Job::silent()).await.unwrap();
    assert_eq!(
        (states[0].status, states[0].modified.as_deref()),
        (DriveStatus::Changed, Some("2026-04-02T10:00:00.000Z"))
    );
    let page =
        place.imports.drive_list(&place.drive, &query(DrivePlace::MyDrive), &Job::silent()).await.unwrap();
    assert_eq!((page.items[0].imported, page.items[0].changed), (true, true));

    let file = added.files[0].id;
    let view = place.imports.update_drive_file(&place.drive, import.id, file, &Job::silent()).await.unwrap();
    assert_eq!(
        (view.files[0].name.as_str(), view.files[0].source.as_str()),
        ("rowing_club_april.csv", "Rowing Club")
    );
    assert!(view.stale);
    let view = place.imports.stage(import.id, &Job::silent()).await.unwrap();
    assert_eq!(view.counts.unwrap().read, 3);
    let found = rows(&place.imports, import.id, RowQuery::default()).await;
    assert_eq!(shown(&found[0], Field::GivenName), Some("Anna"));
    assert_eq!(statuses(&place, import.id).await, [DriveStatus::Same]);
    assert_eq!(place.raw_files(), 1, "the former version is gone");
}

#[tokio::test]
async fn a_new_version_that_is_no_list_leaves_the_former_one() {
    let place = Place::new().await;
    place.fake.put(FakeFile::csv("f", "club.csv", CLUB));
    let import = place.import().await;
    let file = place.try_add(import.id, &["f"], &Job::silent()).await.unwrap().import.files[0].id;
    place.fake.put(FakeFile::csv("f", "club.csv", ""));
    let update =
        || async { place.imports.update_drive_file(&place.drive, import.id, file, &Job::silent()).await };
    assert!(update().await.is_err());
    let view = place.imports.open_import(import.id).await.unwrap();
    assert_eq!((view.files[0].rows, place.raw_files()), (Some(2), 1));
    assert_eq!(statuses(&place, import.id).await, [DriveStatus::Changed]);
}

#[tokio::test]
async fn what_became_of_a_file_in_drive_is_told() {
    let place = Place::new().await;
    for (id, name) in [("f", "one.csv"), ("g", "two.csv"), ("h", "three.csv")] {
        place.fake.put(FakeFile::csv(id, name, &CLUB.replace("Ann", name)));
    }
    let import = place.import().await;
    let added = place.try_add(import.id, &["f", "g", "h"], &Job::silent()).await.unwrap();
    assert_eq!((added.import.files.len(), added.not_added.len()), (3, 0));
    place.fake.remove("f");
    let two = CLUB.replace("Ann", "two.csv");
    place.fake.put(FakeFile { trashed: true, ..FakeFile::csv("g", "two.csv", &two) });
    let expected = [DriveStatus::Gone, DriveStatus::Gone, DriveStatus::Same];
    assert_eq!(statuses(&place, import.id).await, expected);
    place.fake.fail("files.get", (0..12).map(|_| Fault::google(503, "backendError")));
    assert_eq!(statuses(&place, import.id).await, [DriveStatus::Unknown; 3]);
    place.fake.revoke_all();
    assert_eq!(statuses(&place, import.id).await, [DriveStatus::SignedOut; 3]);
}

#[tokio::test]
async fn files_that_can_be_added_are_although_another_one_cannot() {
    let place = Place::new().await;
    place.fake.put(FakeFile::csv("f", "one.csv", CLUB));
    place.fake.put(FakeFile { can_download: false, ..FakeFile::csv("g", "kept.csv", CLUB) });
    place.fake.put(FakeFile::new("h", "broken.xlsx", "application/vnd.ms-excel", "PK\u{3}\u{4}no workbook"));
    place.fake.put(FakeFile::csv("i", "twice.csv", CLUB));
    let import = place.import().await;
    let added = place.try_add(import.id, &["f", "g", "h", "i", "j"], &Job::silent()).await.unwrap();
    let codes: Vec<_> = added.not_added.iter().map(|not| (not.id.as_str(), not.code)).collect();
    let unreadable = added.not_added[1].code;
    assert_eq!(
        codes,
        [("g", Code::Refused), ("h", unreadable), ("i", Code::InvalidInput), ("j", Code::NotFound)]
    );
    assert_eq!((added.import.files.len(), place.raw_files()), (1, 1));
}

#[tokio::test]
async fn a_file_replaced_from_the_disk_is_not_drive_s_any_more() {
    let place = Place::new().await;
    place.fake.put(FakeFile::csv("f", "club.csv", CLUB));
    let import = place.import().await;
    let file = place.try_add(import.id, &["f"], &Job::silent()).await.unwrap().import.files[0].id;
    let other = place.machine.file("club 2.csv", CLUB.replace("Ann", "Eve"));
    let view = place.imports.replace_file(import.id, file, &other, &Job::silent()).await.unwrap();
    assert!(!view.files[0].from_drive);
    assert_eq!(statuses(&place, import.id).await, []);
    let error =
        place.imports.update_drive_file(&place.drive, import.id, file, &Job::silent()).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidInput);
}
