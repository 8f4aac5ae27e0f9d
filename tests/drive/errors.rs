//! Every answer that is no success: made again where that helps, told in our own words where not.

use std::time::Duration;

use muster_backend::drive::DrivePlace;
use muster_backend::{Code, Job};
use muster_tests::drive::{FakeFile, Fault};

use super::{CLUB, Place, query};

#[tokio::test]
async fn what_passes_is_waited_for() {
    let passing = [
        Fault::google(403, "rateLimitExceeded"),
        Fault::google(403, "userRateLimitExceeded"),
        Fault::NewGoogle { status: 403, reason: "RATE_LIMIT_EXCEEDED" },
        Fault::google(429, "rateLimitExceeded"),
        Fault::later(429, "rateLimitExceeded", 0),
        Fault::later(503, "backendError", "Wed, 21 Oct 2015 07:28:00 GMT"),
        Fault::google(500, "internalError"),
        Fault::google(502, "backendError"),
        Fault::google(503, "backendError"),
        Fault::google(504, "backendError"),
        Fault::Html(502),
        Fault::Close,
        Fault::Cut(10),
        Fault::Late(Duration::from_millis(250)),
    ];
    for fault in passing {
        let place = Place::new().await;
        place.fake.put(FakeFile::csv("f", "club.csv", CLUB));
        for method in ["token", "files.list", "files.get", "files.get.media"] {
            // What a token server has no word for is not tried there.
            let is_ours =
                matches!(&fault, Fault::Google { status: 403, .. } | Fault::NewGoogle { .. } | Fault::Cut(_));
            if method != "token" || !is_ours {
                // What comes late comes all the same.
                let times = if matches!(fault, Fault::Late(_)) { 1 } else { 2 };
                place.fake.fail(method, (0..times).map(|_| fault.clone()));
            }
        }
        let page = place.drive.list(&query(DrivePlace::MyDrive), &Job::silent()).await;
        assert_eq!(page.unwrap().items.len(), 1, "{fault:?}");
        assert!(place.add_one("f").await.is_ok(), "{fault:?}");
        assert!(place.fake.all_failed(), "{fault:?}");
    }
}

#[tokio::test]
async fn what_does_not_pass_is_told_at_once_in_our_own_words() {
    let reasons: [(u16, &'static str, Code, &str); 14] = [
        (400, "badRequest", Code::Refused, "400 badRequest"),
        (400, "invalidParameter", Code::Refused, "400 invalidParameter"),
        (403, "dailyLimitExceeded", Code::Busy, "limit of the day"),
        (403, "downloadQuotaExceeded", Code::Busy, "limit of the day"),
        (403, "domainPolicy", Code::Refused, "administrator"),
        (403, "accessNotConfigured", Code::Config, "switched off"),
        (403, "insufficientFilePermissions", Code::Refused, "may not read"),
        (403, "appNotAuthorizedToFile", Code::Refused, "may not read"),
        (403, "cannotDownloadFile", Code::Refused, "owner does not let"),
        (403, "fileNotDownloadable", Code::Refused, "owner does not let"),
        (403, "cannotDownloadAbusiveFile", Code::Refused, "harmful"),
        (403, "exportSizeLimitExceeded", Code::FileTooLarge, "too large"),
        (403, "somethingNew", Code::Refused, "403 somethingNew"),
        (404, "notFound", Code::NotFound, "not there any more"),
    ];
    for (status, reason, code, words) in reasons {
        let place = Place::new().await;
        place.fake.put(FakeFile::csv("f", "club.csv", CLUB));
        let import = place.import().await;
        for method in ["files.get", "files.get.media"] {
            place.fake.fail(method, [Fault::google(status, reason)]);
            let before = place.fake.count(method);
            let added = place.try_add(import.id, &["f"], &Job::silent()).await.unwrap();
            let told = &added.not_added[0];
            assert_eq!(told.code, code, "{reason}");
            assert!(told.message.contains(words), "{reason}: {}", told.message);
            let all = format!("{} {:?}", told.message, told.help);
            assert!(!all.contains("canary") && !all.contains("club.csv"), "{all}");
            assert_eq!(place.fake.count(method), before + 1, "{reason}: no further attempt");
        }
        assert_eq!(place.raw_files(), 0);
    }
}

#[tokio::test]
async fn attempts_end_and_a_scheduler_may_try_later() {
    let lasting = [
        (Fault::google(403, "userRateLimitExceeded"), Code::Busy),
        (Fault::google(429, "rateLimitExceeded"), Code::Busy),
        (Fault::google(503, "backendError"), Code::Network),
        (Fault::Close, Code::Network),
        (Fault::Html(502), Code::Network),
    ];
    for (fault, code) in lasting {
        let place = Place::new().await;
        place.fake.fail("files.list", (0..10).map(|_| fault.clone()));
        let error = place.drive.list(&query(DrivePlace::MyDrive), &Job::silent()).await.unwrap_err();
        assert_eq!((error.code(), place.fake.count("files.list")), (code, 4), "{fault:?}");
    }
    // Google asks for more patience than there is.
    let place = Place::new().await;
    place.fake.fail("files.list", [Fault::later(429, "rateLimitExceeded", 3_600)]);
    let error = place.drive.list(&query(DrivePlace::MyDrive), &Job::silent()).await.unwrap_err();
    assert_eq!((error.code(), place.fake.count("files.list")), (Code::Busy, 1));
}

#[tokio::test]
async fn an_access_token_that_ended_is_fetched_anew() {
    let place = Place::new().await;
    place.fake.put(FakeFile::csv("f", "club.csv", CLUB));
    let list = || async { place.drive.list(&query(DrivePlace::MyDrive), &Job::silent()).await };
    assert_eq!(list().await.unwrap().items.len(), 1);
    place.fake.expire_access();
    assert_eq!(list().await.unwrap().items.len(), 1);
    assert_eq!(place.fake.count("token"), 2);
    // One that is refused although it is new.
    place.fake.fail("files.list", [Fault::google(401, "authError"), Fault::google(401, "authError")]);
    assert_eq!(list().await.unwrap_err().code(), Code::SignedOut);
}

#[tokio::test]
async fn a_sign_in_that_was_taken_back_says_so() {
    let place = Place::new().await;
    place.fake.put(FakeFile::csv("f", "club.csv", CLUB));
    place.fake.put(FakeFile::csv("g", "club 2.csv", &CLUB.replace("Ann", "Eve")));
    let import = place.import().await;
    let added = place.try_add(import.id, &["f"], &Job::silent()).await.unwrap();
    assert_eq!(added.import.files.len(), 1);
    place.fake.revoke_all();
    let error = place.try_add(import.id, &["g"], &Job::silent()).await.unwrap_err();
    assert_eq!(error.code(), Code::SignedOut);
    assert!(error.to_string().contains("Sign in again"), "{error}");
    assert_eq!(place.imports.open_import(import.id).await.unwrap().files.len(), 1, "what was there stays");
    let report = place.drive.test(super::ACCOUNT, &Job::silent()).await.unwrap();
    assert_eq!((report.ok, report.code), (false, Some(Code::SignedOut)));
    let states: Vec<_> = report.steps.iter().map(|step| format!("{:?}", step.state)).collect();
    assert_eq!(states, ["Ok", "Failed", "Skipped", "Skipped", "Skipped"]);
}

#[tokio::test]
async fn a_sign_in_without_the_right_to_see_files_says_so() {
    let place = Place::new().await;
    for fault in [
        Fault::google(403, "insufficientPermissions"),
        Fault::NewGoogle { status: 403, reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT" },
    ] {
        place.fake.fail("files.list", [fault]);
        let error = place.drive.list(&query(DrivePlace::MyDrive), &Job::silent()).await.unwrap_err();
        assert_eq!(error.code(), Code::SignedOut);
        assert!(error.to_string().contains("box to tick"), "{error}");
    }
}

#[tokio::test]
async fn a_test_tells_what_it_did() {
    let place = Place::new().await;
    place.fake.put(FakeFile::csv("f", "club.csv", CLUB));
    place.fake.share("board", "Board");
    let report = place.drive.test(super::ACCOUNT, &Job::silent()).await.unwrap();
    let told: Vec<_> = report.steps.iter().map(|step| step.message.as_str()).collect();
    assert!(report.ok, "{told:?}");
    assert!(told[0].contains("muster-test") && told[2].contains(muster_tests::drive::OWNER), "{told:?}");
    assert!(told[3].contains("1 folders and lists") && told[4].contains("1 in all"), "{told:?}");
}
