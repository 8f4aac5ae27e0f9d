use muster_backend::members::{MemberMerge, MergeReport, UnmergeReport};
use muster_backend::push::fields_by_hand;

use super::*;

impl Place {
    async fn view(&self, id: u32) -> MemberView {
        self.members.view(None, id).await.unwrap()
    }

    /// The merge of two members as they are.
    pub(super) async fn merge_of(&self, keep: u32, other: u32, values: &[(Field, &str)]) -> MemberMerge {
        let (keep_version, other_version) = (self.view(keep).await.version, self.view(other).await.version);
        MemberMerge { keep, keep_version, other, other_version, values: values_of(values) }
    }

    async fn merge(&self, keep: u32, other: u32, values: &[(Field, &str)]) -> MergeReport {
        let merge = self.merge_of(keep, other, values).await;
        self.members.merge(None, &merge, false, None, &Job::silent()).await.unwrap()
    }

    async fn unmerge(&self, merged: u32) -> UnmergeReport {
        self.members.unmerge(None, merged, None, false, None, &Job::silent()).await.unwrap()
    }

    async fn edit(&self, id: u32, values: &[(Field, &str)]) -> u32 {
        let change = edit(self.view(id).await.version, values);
        self.members.edit(None, id, &change, None, &Job::silent()).await.unwrap().entry.unwrap()
    }
}

/// Two members of one club who are one person, and a third of another.
async fn anns(place: &Place) -> [u32; 3] {
    use Field::{BirthDate, Company, Email, FamilyName, GivenName, Score, SourceKey, State};
    let born = (BirthDate, "1970-01-02");
    let one = place
        .add("Golf", &[(GivenName, "Ann"), (FamilyName, "Lee"), born, (State, "TX"), (SourceKey, "1")])
        .await;
    let two = [(GivenName, "Anna"), (FamilyName, "Lee"), born, (State, "WA"), (SourceKey, "2")];
    let more = [(Company, "Acme"), (Email, "ann@example.org"), (Score, "7")];
    let two = place.add("Golf", &[&two[..], &more].concat()).await;
    let three = place.add("Softball", &[(GivenName, "Ann"), (FamilyName, "Lee"), (Company, "Blue")]).await;
    [one, two, three]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_and_its_unmerge_leave_everything_as_it_was() {
    use Field::{Company, Email, GivenName, State};
    for place in Place::both() {
        let [one, two, _] = anns(&place).await;
        let before = contents(&place).await;
        let merge = place.merge_of(one, two, &[(State, "WA")]).await;
        let look = place.members.merge(None, &merge, true, None, &Job::silent()).await.unwrap();
        assert_eq!((contents(&place).await, look.entry), (before.clone(), None));
        let done = place.merge(one, two, &[(State, "WA")]).await;
        assert_eq!((&done.changes, &done.memberships), (&look.changes, &look.memberships));
        let changed: Vec<_> = done.changes.iter().filter_map(|change| change.field).collect();
        assert_eq!(changed, [Company, State, Email]);
        // Both have a membership of the club: both stay.
        assert_eq!((done.memberships.len(), done.memberships[0].twice), (1, true));
        let view = place.view(one).await;
        let values = [GivenName, State, Company, Email].map(|field| value(&view, field));
        assert_eq!(values, [Some("Ann"), Some("WA"), Some("Acme"), Some("ann@example.org")]);
        assert_eq!(view.memberships.len(), 2);
        let from: Vec<_> = view.merged_from.iter().map(|from| (from.member, from.name.as_str())).collect();
        assert_eq!(from, [(two, "Anna Lee")]);
        assert_eq!(
            (view.merged_from[0].clubs.as_slice(), view.history[0].kind.as_str()),
            (&["Golf".to_owned()][..], "merge")
        );
        let gone = place.members.view(None, two).await.unwrap_err();
        assert!(gone.message().contains(&format!("was merged into member {one}")), "{gone}");
        let look = place.members.unmerge(None, two, None, true, None, &Job::silent()).await.unwrap();
        let back = place.unmerge(two).await;
        assert_eq!((&back.changes, &back.memberships), (&look.changes, &look.memberships));
        assert_eq!(
            (back.member, back.name.as_str(), back.changes.len(), back.missing),
            (one, "Anna Lee", 3, 0)
        );
        // Their versions too.
        assert_eq!(contents(&place).await, before);
        assert!(place.view(one).await.merged_from.is_empty());
        let again = place.members.unmerge(None, two, None, false, None, &Job::silent()).await.unwrap_err();
        assert_eq!(again.code(), Code::NotFound);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_since_the_merge_stay() {
    use Field::{Email, GivenName, PreferredName, Score, State};
    for place in Place::both() {
        let [one, two, _] = anns(&place).await;
        place.merge(one, two, &[(State, "WA")]).await;
        place.edit(one, &[(State, "OR"), (PreferredName, "Annie")]).await;
        let merged = place.view(one).await;
        let theirs = merged.memberships.iter().find(|membership| membership.source_key == "2").unwrap().id;
        let score = MemberEdit {
            memberships: vec![MembershipEdit { id: theirs, values: values_of(&[(Score, "9")]) }],
            ..edit(merged.version, &[])
        };
        place.members.edit(None, one, &score, None, &Job::silent()).await.unwrap();
        let report = place.unmerge(two).await;
        assert_eq!((report.kept_fields.as_slice(), report.memberships[0].edited), (&[State][..], true));
        let (one, two) = (place.view(one).await, place.view(two).await);
        // The e-mail came with the merge alone, and goes with it.
        let values = [State, PreferredName, Email].map(|field| value(&one, field));
        assert_eq!(values, [Some("OR"), Some("Annie"), None]);
        let values = [GivenName, State, Email].map(|field| value(&two, field));
        assert_eq!(values, [Some("Anna"), Some("WA"), Some("ann@example.org")]);
        let score = two.memberships[0].values.iter().find(|value| value.field == Score).unwrap();
        assert_eq!(score.value.as_deref(), Some("9"));
        assert_eq!((one.memberships.len(), two.memberships.len()), (1, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn merges_and_unmerges_are_undone_in_any_order() {
    use Field::State;
    for place in Place::both() {
        let [one, two, _] = anns(&place).await;
        let before = contents(&place).await;
        let merge = place.merge(one, two, &[(State, "WA")]).await.entry.unwrap();
        let merged = contents(&place).await;
        let undone = place.undo(merge).await;
        assert_eq!((undone.restored, undone.brought_back, undone.kept), (1, 1, 0));
        assert_eq!(contents(&place).await, before);
        // The undo of that undo merges them anew.
        let again = place.undo(undone.undo.unwrap()).await;
        assert_eq!((again.restored, again.removed), (1, 1));
        assert_eq!(contents(&place).await, merged);
        assert_eq!(place.view(one).await.merged_from.len(), 1);
        let unmerge = place.unmerge(two).await.entry.unwrap();
        assert_eq!(contents(&place).await, before);
        let undone = place.undo(unmerge).await;
        assert_eq!((undone.restored, undone.removed, undone.kept), (1, 1, 0));
        assert_eq!(contents(&place).await, merged);
        let redone = place.undo(undone.undo.unwrap()).await;
        assert_eq!(redone.kept, 0);
        assert_eq!(contents(&place).await, before);
        assert!(place.view(one).await.merged_from.is_empty());
        // Once one of them was written, both are kept as they are.
        let merge = place.merge(one, two, &[]).await.entry.unwrap();
        place.edit(one, &[(State, "OR")]).await;
        let edited = contents(&place).await;
        let kept = place.undo(merge).await;
        assert_eq!((kept.kept, kept.restored, kept.brought_back), (2, 0, 0));
        assert_eq!(contents(&place).await, edited);
        assert_eq!(place.unmerge(two).await.member, one);
        let audit =
            muster_backend::push::verify_audit(&place.profiles.access(None).await.unwrap()).await.unwrap();
        assert_eq!(audit.broken_at, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_merged_twice_comes_back_from_whom_they_are_with() {
    for place in Place::both() {
        let [one, two, three] = anns(&place).await;
        place.merge(one, two, &[]).await;
        place.merge(three, one, &[]).await;
        let view = place.view(three).await;
        let from: Vec<u32> = view.merged_from.iter().map(|from| from.member).collect();
        assert_eq!((from, view.memberships.len()), (vec![one, two], 3));
        assert_eq!(place.unmerge(two).await.member, three);
        assert_eq!(place.view(two).await.memberships.len(), 1);
        assert_eq!(place.unmerge(one).await.memberships.len(), 1);
        assert_eq!(place.view(three).await.memberships.len(), 1);
        // What the first merge had given them went with the one who was told apart.
        assert_eq!(value(&place.view(one).await, Field::Email), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_follow_merges() {
    const OF_KIND: &str = "SELECT count(*) FROM decision WHERE reverted IS NULL AND kind = ";
    for place in Place::both() {
        let [one, two, _] = anns(&place).await;
        let same = format!("{OF_KIND}'same'");
        let different = format!("{OF_KIND}'different'");
        let merge = place.merge(one, two, &[]).await.entry.unwrap();
        assert_eq!((place.number(&same).await, place.number(&different).await), (1, 0));
        let undo = place.undo(merge).await.undo.unwrap();
        assert_eq!(place.number(&same).await, 0);
        place.undo(undo).await;
        assert_eq!(place.number(&same).await, 1);
        let unmerge = place.unmerge(two).await.entry.unwrap();
        let latest = "SELECT count(*) FROM decision AS one WHERE kind = 'different' AND decided >= (
            SELECT max(decided) FROM decision)";
        assert_eq!((place.number(&different).await, place.number(latest).await), (1, 1));
        place.undo(unmerge).await;
        assert_eq!((place.number(&same).await, place.number(&different).await), (1, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_that_does_not_fit_is_refused_and_writes_nothing() {
    use Field::{BirthDate, GivenName, MemberSince, SourceKey};
    for place in Place::both() {
        let [one, two, _] = anns(&place).await;
        let early = place.add("Chess", &[(GivenName, "Ann"), (MemberSince, "1965")]).await;
        let before = contents(&place).await;
        let silent = Job::silent();
        let refused = async |merge: MemberMerge| {
            place.members.merge(None, &merge, false, None, &silent).await.unwrap_err()
        };
        let merge = place.merge_of(one, two, &[]).await;
        let stale = refused(MemberMerge { other_version: merge.other_version + 1, ..merge.clone() }).await;
        assert_eq!(stale.code(), Code::Refused);
        assert_eq!(refused(MemberMerge { other: one, ..merge.clone() }).await.code(), Code::InvalidInput);
        let key = MemberMerge { values: values_of(&[(SourceKey, "9")]), ..merge.clone() };
        assert_eq!(refused(key).await.message(), "Member number cannot be changed here");
        let date = MemberMerge { values: values_of(&[(BirthDate, "canary")]), ..merge };
        let date = refused(date).await;
        assert!(date.message().starts_with("Birth date") && !date.to_string().contains("canary"), "{date}");
        // Born in 1970, joined in 1965: each was right on their own.
        let contradiction = refused(place.merge_of(one, early, &[]).await).await;
        assert_eq!(contradiction.message(), "Member since: joined before birth");
        assert_eq!(contents(&place).await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_counts_as_typed_where_its_undo_kept_the_member() {
    use Field::{Email, GivenName, State};
    for place in Place::both() {
        let target = place.target().await;
        target
            .write(async |db| {
                journal::open(db, journal::blank("push", "pat", "local", &journal::now())).await?;
                run(db, "INSERT INTO member (given_name, state, version) VALUES ('Ann', 'TX', 1)", []).await
            })
            .await
            .unwrap();
        let typed = async || {
            let found = target.read(async |db| fields_by_hand(db, &[1]).await).await.unwrap();
            let fields = found.get(&1).copied().unwrap_or_default();
            [GivenName, State, Email].map(|field| fields.contains(field))
        };
        assert_eq!(typed().await, [false, false, false]);
        let first = place.edit(1, &[(State, "WA")]).await;
        let second = place.edit(1, &[(Email, "ann@example.org")]).await;
        assert_eq!(typed().await, [false, true, true]);
        // Somebody wrote the member since: the undo changes nothing of them.
        assert_eq!(place.undo(first).await.kept, 1);
        assert_eq!(typed().await, [false, true, true]);
        assert_eq!(place.undo(second).await.kept, 0);
        assert_eq!(typed().await, [false, true, false]);
        let other = place.add("Golf", &[(GivenName, "Anna"), (Email, "anna@example.org")]).await;
        place.merge(1, other, &[]).await;
        assert_eq!(typed().await, [false, true, true]);
        place.unmerge(other).await;
        assert_eq!(typed().await, [false, true, false]);
    }
}
