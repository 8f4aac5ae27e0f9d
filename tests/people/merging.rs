use muster_backend::imports::PushChoice;
use muster_backend::push::PushMode;

use super::target::{open, push};
use super::*;
use crate::place::Place;

/// The members of two clubs, pushed one after the other without a look at who is who.
async fn apart(place: &Place) -> Imports {
    let imports = open(place).await;
    for file in super::both(&place.machine) {
        let import = staged(&imports, &[file]).await.id;
        push(&imports, import).await;
    }
    imports
}

/// The members of that family name, as they are.
fn of_family(place: &Place, family: &str) -> Vec<String> {
    place.lines(&format!(
        "SELECT member.id, member.version, company.name, count(*) FROM member
         INNER JOIN membership ON membership.member_id = member.id
         LEFT JOIN company ON member.company_id = company.id
         WHERE family_name LIKE '{family}%' GROUP BY member.id, member.version, company.name ORDER BY member.id"
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn members_who_were_said_to_be_one_become_one_with_the_push() {
    for place in Place::all() {
        let imports = apart(&place).await;
        let before = place.contents();
        let import = matched(&imports, &super::both(&place.machine)).await;
        decide(&imports, import, "kowalczyk", Verdict::Same).await;
        let group = find(&imports, import, "featherstone").await.group;
        let input = DecideInput { values: vec![company("Stark")], ..word(group, Verdict::Same) };
        imports.people_decide(import, input).await.unwrap();
        let how = PushChoice::default();
        let plan = imports.plan(import, how, &Job::silent()).await.unwrap();
        assert_eq!((plan.counts.merges, plan.counts.insert), (2, 0));
        assert!(plan.sentence.contains("joins 2 members who were two"), "{}", plan.sentence);
        assert_eq!(place.contents(), before);
        let report = imports.push(import, &plan.package, how, None, &Job::silent()).await.unwrap();
        assert_eq!((report.merged, report.inserted), (2, 0));
        let version = report.push;
        let kowalczyk = of_family(&place, "Kowalczyk");
        assert!(
            kowalczyk.len() == 1 && kowalczyk[0].ends_with(&format!("|{version}|Acme|2")),
            "{kowalczyk:?}"
        );
        // What a person chose among the members, also where the list changes nobody.
        let featherstone = of_family(&place, "Featherstone");
        assert!(featherstone[0].ends_with(&format!("|{version}|Stark|2")), "{featherstone:?}");
        let merged = place.contents();
        // The same lists once more: nobody is asked about, nothing is left to do.
        let next = matched(&imports, &super::both(&place.machine)).await;
        let plan = imports.plan(next, how, &Job::silent()).await.unwrap();
        assert_eq!((plan.counts.merges, plan.counts.insert), (0, 0));
        // Undone, they are two again, exactly; and one again.
        let (code, undone) = place.run(&["undo", &version.to_string()]);
        assert_eq!(
            (code, &undone["restored"], &undone["brought_back"]),
            (0, &2.into(), &2.into()),
            "{undone}"
        );
        assert_eq!(place.contents(), before);
        let (code, again) = place.run(&["undo", &undone["undo"].to_string()]);
        assert_eq!((code, &again["kept"]), (0, &0.into()), "{again}");
        assert_eq!(place.contents(), merged);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_told_apart_is_not_merged_again_by_the_next_import() {
    for place in Place::all() {
        let imports = apart(&place).await;
        let before = of_family(&place, "Featherstone");
        let import = matched(&imports, &super::both(&place.machine)).await;
        let group = find(&imports, import, "featherstone").await.group;
        let input = DecideInput { values: vec![company("Stark")], ..word(group, Verdict::Same) };
        imports.people_decide(import, input).await.unwrap();
        push(&imports, import).await;
        let stays = of_family(&place, "Featherstone")[0].split('|').next().unwrap().to_owned();
        // An edit in between stays.
        assert_eq!(place.run(&["members", "edit", &stays, "--state", "Utah"]).0, 0);
        let (code, look) = place.run(&["members", "unmerge", &stays, "--dry-run"]);
        assert_eq!((code, &look["changes"][0]["field"]), (0, &"company".into()), "{look}");
        let (code, done) = place.run(&["members", "unmerge", &stays]);
        assert_eq!((code, done["memberships"].as_array().unwrap().len()), (0, 1), "{done}");
        let without_version = |lines: &[String]| -> Vec<String> {
            let columns = |line: &String| {
                let parts: Vec<&str> = line.split('|').collect();
                [parts[0], parts[2], parts[3]].join("|")
            };
            lines.iter().map(columns).collect()
        };
        assert_eq!(without_version(&of_family(&place, "Featherstone")), without_version(&before));
        assert_eq!(
            place.number("SELECT count(*) FROM member WHERE family_name = 'Featherstone' AND state = 'UT'"),
            1
        );
        let next = matched(&imports, &super::both(&place.machine)).await;
        let plan = imports.plan(next, PushChoice::default(), &Job::silent()).await.unwrap();
        assert_eq!(plan.counts.merges, 0);
        let counts = imports.people(next).await.unwrap().counts;
        assert_eq!(counts.people, 293);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_is_refused_when_one_of_them_was_changed_since_the_plan() {
    for place in Place::all() {
        let imports = apart(&place).await;
        let import = matched(&imports, &super::both(&place.machine)).await;
        decide(&imports, import, "kowalczyk", Verdict::Same).await;
        let how = PushChoice::default();
        let plan = imports.plan(import, how, &Job::silent()).await.unwrap();
        let goes = of_family(&place, "Kowalczyk")[1].split('|').next().unwrap().to_owned();
        assert_eq!(place.run(&["members", "edit", &goes, "--state", "Utah"]).0, 0);
        let before = place.contents();
        let error = imports.push(import, &plan.package, how, None, &Job::silent()).await.unwrap_err();
        assert_eq!(error.code(), Code::Refused);
        assert_eq!(place.contents(), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_value_of_a_member_of_several_rows_says_where_it_comes_from() {
    for place in Place::all() {
        let imports = open(&place).await;
        let import = matched(&imports, &super::both(&place.machine)).await;
        decide(&imports, import, "ravensworth", Verdict::Same).await;
        let group = find(&imports, import, "featherstone").await.group;
        let input = DecideInput { values: vec![company("Stark")], ..word(group, Verdict::Same) };
        imports.people_decide(import, input).await.unwrap();
        push(&imports, import).await;
        let origins = |family: &str| {
            let id = of_family(&place, family)[0].split('|').next().unwrap().to_owned();
            let (_, view) = place.run(&["members", "show", &id]);
            let origins = view["origins"].as_array().unwrap().clone();
            let of =
                move |field: &str| origins.iter().find(|origin| origin["field"] == field).unwrap().clone();
            (of, view["memberships"].clone())
        };
        let (of, memberships) = origins("Ravensworth");
        // Only the golf club knows the birth date.
        let birth = of("birth_date");
        let found = (birth["file"].as_str(), birth["line"].as_u64(), birth["rule"].as_str());
        assert_eq!(found, (Some(GOLF_CLUB), Some(8), Some("the only value")), "{birth}");
        assert_eq!(of("family_name")["rule"], "all records agree");
        assert_eq!(memberships.as_array().unwrap().len(), 2);
        let (of, _) = origins("Featherstone");
        assert!(of("company")["rule"].as_str().unwrap().starts_with("chosen by"), "{}", of("company"));
        // A member of one row has all values from that.
        let (of, _) = origins("Oberholzer");
        let family = of("family_name");
        let found = (family["file"].as_str(), family["line"].as_u64(), &family["rule"]);
        assert_eq!(found, (Some(GOLF_CLUB), Some(4), &serde_json::Value::Null), "{family}");
    }
}

/// Images of a member are kept once, however they are written: by the merge and by rows.
#[tokio::test(flavor = "multi_thread")]
async fn rows_change_a_member_in_the_push_that_merges_them() {
    for place in Place::all() {
        let imports = apart(&place).await;
        let before = place.contents();
        let changed = |rows: &str| rows.replace("zk@one.example", "zk@two.example");
        let files = [
            list(&place.machine, GOLF_CLUB, &changed(GOLF)),
            list(&place.machine, LEAGUE, &changed(SOFTBALL)),
        ];
        let import = matched(&imports, &files).await;
        decide(&imports, import, "kowalczyk", Verdict::Same).await;
        let how = PushChoice { mode: PushMode::Update, ..PushChoice::default() };
        let plan = imports.plan(import, how, &Job::silent()).await.unwrap();
        assert_eq!((plan.counts.merges, plan.counts.update, plan.counts.members_written), (1, 2, 1));
        let report = imports.push(import, &plan.package, how, None, &Job::silent()).await.unwrap();
        assert_eq!((report.merged, report.updated), (1, 2));
        let with_mail = "SELECT count(*) FROM member WHERE email = 'zk@two.example'";
        assert_eq!((of_family(&place, "Kowalczyk").len(), place.number(with_mail)), (1, 1));
        let (code, undone) = place.run(&["undo", &report.push.to_string()]);
        assert_eq!((code, &undone["kept"]), (0, &0.into()), "{undone}");
        assert_eq!(place.contents(), before);
        assert_eq!(place.run(&["undo", &undone["undo"].to_string()]).0, 0);
        // What the lists changed is an edit since: it stays with who stayed.
        let stays = of_family(&place, "Kowalczyk")[0].split('|').next().unwrap().to_owned();
        assert_eq!(place.run(&["members", "unmerge", &stays]).0, 0);
        assert_eq!((of_family(&place, "Kowalczyk").len(), place.number(with_mail)), (2, 1));
    }
}

/// One row of a member changes it, the other is gone from its list.
#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_changed_in_the_push_that_takes_it_out_of_another_club() {
    for place in Place::all() {
        let imports = open(&place).await;
        let import = matched(&imports, &super::both(&place.machine)).await;
        push(&imports, import).await;
        assert!(of_family(&place, "Kowalczyk")[0].ends_with("|Acme|2"));
        let before = place.contents();
        let without: String = SOFTBALL.split_inclusive('\n').skip(1).collect();
        let files = [
            list(&place.machine, GOLF_CLUB, &GOLF.replace("zk@one.example", "zk@two.example")),
            list(&place.machine, LEAGUE, &without),
        ];
        let import = matched(&imports, &files).await;
        let how = PushChoice { mode: PushMode::Mirror, remove_missing: true };
        let plan = imports.plan(import, how, &Job::silent()).await.unwrap();
        assert_eq!((plan.counts.members_written, plan.counts.remove), (1, 1), "{:?}", plan.counts);
        let report = imports.push(import, &plan.package, how, None, &Job::silent()).await.unwrap();
        let kowalczyk = of_family(&place, "Kowalczyk");
        assert!(kowalczyk.len() == 1 && kowalczyk[0].ends_with("|Acme|1"), "{kowalczyk:?}");
        let images = format!(
            "SELECT count(*) FROM change WHERE push_id = {} AND table_name = 'member' AND before IS NOT NULL",
            report.push
        );
        assert_eq!(place.number(&images), 1);
        let (code, undone) = place.run(&["undo", &report.push.to_string()]);
        assert_eq!((code, &undone["kept"]), (0, &0.into()), "{undone}");
        assert_eq!(place.contents(), before);
    }
}

/// Who is to be removed was changed meanwhile by somebody else.
#[tokio::test(flavor = "multi_thread")]
async fn a_removal_is_refused_when_the_member_was_changed_since_the_plan() {
    for place in Place::all() {
        let imports = open(&place).await;
        let import = matched(&imports, &[list(&place.machine, GOLF_CLUB, GOLF)]).await;
        push(&imports, import).await;
        let without: String = GOLF.split_inclusive('\n').skip(1).collect();
        let import = matched(&imports, &[list(&place.machine, GOLF_CLUB, &without)]).await;
        let how = PushChoice { mode: PushMode::Mirror, remove_missing: true };
        let plan = imports.plan(import, how, &Job::silent()).await.unwrap();
        let goes = of_family(&place, "Kowalczyk")[0].split('|').next().unwrap().to_owned();
        assert_eq!(place.run(&["members", "edit", &goes, "--state", "Utah"]).0, 0);
        let error = imports.push(import, &plan.package, how, None, &Job::silent()).await.unwrap_err();
        assert_eq!(error.code(), Code::Refused);
        assert!(error.to_string().contains(&format!("was changed (number {goes})")), "{error}");
        assert_eq!(of_family(&place, "Kowalczyk").len(), 1);
    }
}
