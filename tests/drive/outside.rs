//! Against a Drive that others wrote: npm's google-drive-mock.

use muster_backend::Job;
use muster_backend::config::DriveSettings;
use muster_backend::drive::DrivePlace;
use muster_tests::drive::{FakeDrive, create_in_mock, google};

use super::{CLUB, Place, query};

#[tokio::test]
async fn lists_are_found_and_fetched_from_google_drive_mock() {
    let mock = google().mock.clone();
    let fake = FakeDrive::start();
    fake.give_token("valid-token");
    let settings = DriveSettings { api_url: Some(format!("{mock}/drive/v3")), ..fake.settings() };
    let place = Place::with(fake, settings).await;
    let id = muster_tests::random_text();
    create_in_mock(&mock, &id, &format!("club {id}.csv"), CLUB);
    let mut search = query(DrivePlace::MyDrive);
    search.search = Some(id.clone());
    let page = place.drive.list(&search, &Job::silent()).await.unwrap();
    let found = page.items.iter().find(|item| item.id == id).unwrap();
    assert_eq!(
        (found.size, found.name.as_str()),
        (Some(CLUB.len() as u64), format!("club {id}.csv").as_str())
    );
    let added = place.add_one(&id).await.unwrap();
    assert_eq!(place.kept(&added), CLUB.as_bytes());
    let error = place.add_one("nowhere").await.unwrap_err();
    assert!(error.contains("not there any more"), "{error}");
    let report = place.drive.test(super::ACCOUNT, &Job::silent()).await.unwrap();
    let account = report.steps.iter().find(|step| step.message.contains("mock@example.com"));
    assert!(account.is_some(), "{report:?}");
}
