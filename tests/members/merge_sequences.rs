//! Merges, un-merges, edits and undos in any order. A model says what the members must be after each step: every field is a
//! pile of writes, from which the writes of a merge are taken out once it is taken back; every membership belongs to its
//! first member, or to whom that one was merged into. At the end all are told apart, and are as before but for the edits.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use muster_backend::members::MemberMerge;

use super::*;
use crate::lists::Random;

/// Members of a sequence, and steps.
const MEMBERS: i64 = 4;
const STEPS: usize = 9;
const FIELDS: [Field; 4] = [Field::GivenName, Field::State, Field::Email, Field::Company];

/// A write of a field: the merge that it is from, if any, and the value.
type Write = (Option<usize>, Option<String>);

#[derive(Clone, Default)]
struct Merge {
    into: i64,
    merged: i64,
    in_force: bool,
}

#[derive(Clone, Default)]
struct Model {
    /// By member and field
    writes: BTreeMap<(i64, Field), Vec<Write>>,
    merges: Vec<Merge>,
    /// By membership: its first member, and the score
    memberships: BTreeMap<i64, (i64, String)>,
}

/// A member as they are: version, values, memberships with their scores.
type Shown = (i64, Vec<Option<String>>, Vec<(i64, String)>);
type State = BTreeMap<i64, Shown>;
/// The same without the version.
type Contents = BTreeMap<i64, (Vec<Option<String>>, Vec<(i64, String)>)>;

impl Model {
    fn value(&self, member: i64, field: Field) -> Option<String> {
        let counts = |write: &&Write| write.0.is_none_or(|merge| self.merges[merge].in_force);
        self.writes[&(member, field)].iter().rev().find(counts).and_then(|write| write.1.clone())
    }

    fn merged_by(&self, member: i64) -> Option<usize> {
        self.merges.iter().position(|merge| merge.in_force && merge.merged == member)
    }

    fn who(&self, member: i64) -> i64 {
        self.merged_by(member).map_or(member, |merge| self.who(self.merges[merge].into))
    }

    fn write(&mut self, member: i64, field: Field, by: Option<usize>, value: Option<String>) {
        if self.value(member, field) != value {
            self.writes.get_mut(&(member, field)).unwrap().push((by, value));
        }
    }

    /// All but the versions.
    fn shown(&self, members: &[i64]) -> Contents {
        let there = members.iter().filter(|member| self.merged_by(**member).is_none());
        let of = |member: &i64| {
            let theirs = self.memberships.iter().filter(|(_, (owner, _))| self.who(*owner) == *member);
            let memberships = theirs.map(|(id, (_, score))| (*id, score.clone())).collect();
            (*member, (FIELDS.map(|field| self.value(*member, field)).to_vec(), memberships))
        };
        there.map(of).collect()
    }
}

/// An entry of the ledger: whom it wrote, and the model before and after.
struct Step {
    entry: u32,
    /// The versions after it; none where the member is gone
    after: BTreeMap<i64, Option<i64>>,
    models: [Model; 2],
    undone: bool,
}

struct Sequence<'s> {
    place: &'s Place,
    target: &'s Target,
    members: Vec<i64>,
    model: Model,
    state: State,
    steps: Vec<Step>,
    /// What a member was in each version: it never comes again with other details
    seen: HashMap<(i64, i64), Shown>,
}

async fn state(target: &Target, members: &[i64]) -> State {
    let (first, last) = (members[0], members[members.len() - 1]);
    let sql = format!(
        "SELECT member.id, member.version, member.given_name, member.state, member.email, company.name
         FROM member LEFT JOIN company ON member.company_id = company.id
         WHERE member.id BETWEEN {first} AND {last}"
    );
    let memberships = format!(
        "SELECT member_id, id, CAST(score AS text) FROM membership
         WHERE member_id BETWEEN {first} AND {last} ORDER BY id"
    );
    target
        .read(async |db| {
            let mut state = State::new();
            for row in all(db, &sql, []).await? {
                let values = (2..6).map(|at| row.try_get_by_index(at).unwrap()).collect();
                state.insert(row.try_get_by_index(0)?, (row.try_get_by_index(1)?, values, Vec::new()));
            }
            for row in all(db, &memberships, []).await? {
                let member: i64 = row.try_get_by_index(0)?;
                let score: f64 = row.try_get_by_index::<String>(2)?.parse().unwrap();
                let membership = (row.try_get_by_index(1)?, score.to_string());
                state.get_mut(&member).expect("a membership of nobody").2.push(membership);
            }
            Ok(state)
        })
        .await
        .unwrap()
}

impl Sequence<'_> {
    fn pick(&self, random: &mut Random) -> i64 {
        let there: Vec<&i64> = self.state.keys().collect();
        *there[random.below(there.len() as u64) as usize]
    }

    fn number(member: i64) -> u32 {
        u32::try_from(member).unwrap()
    }

    fn version(&self, member: i64) -> u32 {
        u32::try_from(self.state[&member].0).unwrap()
    }

    /// After an entry: the members must be what the model says.
    async fn note(&mut self, entry: Option<u32>, before: Model) {
        let now = state(self.target, &self.members).await;
        let shown: Contents = now
            .iter()
            .map(|(id, (_, values, memberships))| (*id, (values.clone(), memberships.clone())))
            .collect();
        assert_eq!(shown, self.model.shown(&self.members), "after entry {entry:?}");
        for (member, shown) in &now {
            let known = self.seen.entry((*member, shown.0)).or_insert_with(|| shown.clone());
            assert_eq!(known, shown, "member {member} is another one in the same version");
        }
        let version = |state: &State, member: &i64| state.get(member).map(|shown| shown.0);
        let wrote =
            self.members.iter().filter(|member| version(&self.state, member) != version(&now, member));
        let after = wrote.map(|member| (*member, version(&now, member))).collect();
        if let Some(entry) = entry {
            let models = [before, self.model.clone()];
            self.steps.push(Step { entry, after, models, undone: false });
        }
        self.state = now;
    }

    fn random_value(random: &mut Random, field: Field) -> Option<String> {
        let at = random.below(3) as usize;
        match field {
            Field::GivenName => Some(["Ann", "Bea", "Cyd"][at].to_owned()),
            Field::State => [Some("TX"), Some("WA"), None][at].map(str::to_owned),
            Field::Email => [Some("a@example.org"), Some("b@example.org"), None][at].map(str::to_owned),
            _ => [Some("Acme"), Some("Blue"), None][at].map(str::to_owned),
        }
    }

    async fn edit(&mut self, random: &mut Random) {
        let (member, before) = (self.pick(random), self.model.clone());
        let field = FIELDS[random.below(4) as usize];
        let value = Self::random_value(random, field);
        let mut change = MemberEdit {
            version: self.version(member),
            values: vec![FieldValue { field, value: value.clone() }],
            memberships: Vec::new(),
        };
        let memberships = &self.state[&member].2;
        if !memberships.is_empty() && random.below(2) == 0 {
            let (id, _) = memberships[random.below(memberships.len() as u64) as usize];
            let score = random.below(5).to_string();
            self.model.memberships.get_mut(&id).unwrap().1.clone_from(&score);
            let values = vec![FieldValue { field: Field::Score, value: Some(score) }];
            change.memberships.push(MembershipEdit { id: Self::number(id), values });
        }
        self.model.write(member, field, None, value);
        let written =
            self.place.members.edit(None, Self::number(member), &change, None, &Job::silent()).await.unwrap();
        self.note(written.entry, before).await;
    }

    async fn merge(&mut self, random: &mut Random) {
        let (keep, other, before) = (self.pick(random), self.pick(random), self.model.clone());
        if keep == other {
            return;
        }
        let mut values = Vec::new();
        for field in FIELDS {
            let theirs = self.model.value(other, field);
            match random.below(4) {
                0 => values.push(FieldValue { field, value: theirs }),
                1 => values.push(FieldValue { field, value: Self::random_value(random, field) }),
                _ => {}
            }
        }
        let merge = MemberMerge {
            keep: Self::number(keep),
            keep_version: self.version(keep),
            other: Self::number(other),
            other_version: self.version(other),
            values: values.clone(),
        };
        let report = self.place.members.merge(None, &merge, false, None, &Job::silent()).await.unwrap();
        // It counts from here on.
        let by = self.model.merges.len();
        let chosen = FIELDS.map(|field| {
            let said = values.iter().find(|value| value.field == field).map(|value| value.value.clone());
            said.unwrap_or_else(|| self.model.value(keep, field).or_else(|| self.model.value(other, field)))
        });
        self.model.merges.push(Merge { into: keep, merged: other, in_force: true });
        for (field, value) in FIELDS.into_iter().zip(chosen) {
            self.model.write(keep, field, Some(by), value);
        }
        self.note(report.entry, before).await;
    }

    async fn unmerge(&mut self, random: &mut Random) -> bool {
        let gone: Vec<i64> =
            self.members.iter().copied().filter(|member| self.model.merged_by(*member).is_some()).collect();
        if gone.is_empty() {
            return false;
        }
        let (merged, before) = (gone[random.below(gone.len() as u64) as usize], self.model.clone());
        let (members, silent, number) = (&self.place.members, Job::silent(), Self::number(merged));
        let look = members.unmerge(None, number, None, true, None, &silent).await.unwrap();
        let report = members.unmerge(None, number, None, false, None, &silent).await.unwrap();
        assert_eq!((&look.changes, &look.memberships), (&report.changes, &report.memberships));
        assert_eq!(i64::from(report.member), self.model.who(merged));
        let merge = self.model.merged_by(merged).unwrap();
        self.model.merges[merge].in_force = false;
        self.note(report.entry, before).await;
        true
    }

    async fn undo(&mut self, random: &mut Random) {
        let open: Vec<usize> = (0..self.steps.len()).filter(|at| !self.steps[*at].undone).collect();
        if open.is_empty() {
            return;
        }
        // Mostly one of the last, which nothing has overtaken.
        let back = random.below(3).min(open.len() as u64 - 1) as usize;
        let at = open[open.len() - 1 - back];
        let before = self.model.clone();
        let report = self.place.undo(self.steps[at].entry).await;
        let step = &mut self.steps[at];
        step.undone = true;
        let version = |member: &i64| self.state.get(member).map(|shown| shown.0);
        let free = step.after.iter().all(|(member, after)| version(member) == *after);
        assert_eq!(free, report.kept == 0, "entry {}: {report:?}", step.entry);
        if free {
            let wrote: BTreeSet<i64> = step.after.keys().copied().collect();
            let [was, is] = &step.models;
            for (key, writes) in &was.writes {
                if wrote.contains(&key.0) && writes != &is.writes[key] {
                    self.model.writes.insert(*key, writes.clone());
                }
            }
            for (id, membership) in &was.memberships {
                if membership != &is.memberships[id] {
                    self.model.memberships.insert(*id, membership.clone());
                }
            }
            for (place, merge) in is.merges.iter().enumerate() {
                let in_force = was.merges.get(place).is_some_and(|merge| merge.in_force);
                if in_force != merge.in_force {
                    self.model.merges[place].in_force = in_force;
                }
            }
        }
        self.note(report.undo, before).await;
    }
}

async fn sequences(place: &Place, first: u64, count: u64) {
    let target = place.target().await;
    let total = MEMBERS * i64::try_from(count).unwrap();
    let made =
        |id: i64| (["Ann", "Bea", "Cyd", "Dot"][(id % 4) as usize], [None, Some("TX")][(id % 2) as usize]);
    target
        .write(async |db| {
            journal::open(db, journal::blank("push", "pat", "local", &journal::now())).await?;
            run(db, "INSERT INTO club (name) VALUES ('Golf'), ('Softball')", []).await?;
            for id in 1..=total {
                let (given, state) = made(id);
                let sql = "INSERT INTO member (given_name, state, version) VALUES ($1, $2, 1)";
                run(db, sql, [given.into(), state.into()]).await?;
                let sql =
                    "INSERT INTO membership (member_id, club_id, source_key, score) VALUES ($1, $2, $3, 1)";
                run(db, sql, [id.into(), (1 + id % 2).into(), id.to_string().into()]).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let (mut merges, mut kept) = (0, 0);
    for sequence in 0..count {
        let mut random = Random(first + sequence);
        let start = 1 + MEMBERS * i64::try_from(sequence).unwrap();
        let members: Vec<i64> = (start..start + MEMBERS).collect();
        let mut model = Model::default();
        for member in &members {
            let (given, state) = made(*member);
            for field in FIELDS {
                let value = match field {
                    Field::GivenName => Some(given),
                    Field::State => state,
                    _ => None,
                };
                model.writes.insert((*member, field), vec![(None, value.map(str::to_owned))]);
            }
            model.memberships.insert(*member, (*member, "1".to_owned()));
        }
        let now = state(&target, &members).await;
        let mut run = Sequence {
            place,
            target: &target,
            members,
            model,
            state: now,
            steps: Vec::new(),
            seen: HashMap::new(),
        };
        for _ in 0..STEPS {
            match random.below(8) {
                0..=1 => run.edit(&mut random).await,
                2..=4 => run.merge(&mut random).await,
                5..=6 => drop(run.unmerge(&mut random).await),
                _ => run.undo(&mut random).await,
            }
        }
        while run.unmerge(&mut random).await {}
        assert_eq!(run.state.len(), run.members.len());
        // But for the writes of merges, all are what edits made of them.
        for (id, (_, _, memberships)) in &run.state {
            assert_eq!(memberships.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [*id]);
        }
        merges += run.model.merges.len();
        kept += run.steps.iter().filter(|step| step.undone).count();
    }
    assert!(merges > count as usize && kept > 0);
    eprintln!("{count} sequences from {first}: {merges} merges, {kept} undos");
}

/// A thousand sequences, in four parts that run side by side.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_250_sequences() {
    sequences(&Place::sqlite(), 1_000, 250).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_250_sequences() {
    sequences(&Place::sqlite(), 2_000, 250).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_third_250_sequences() {
    sequences(&Place::sqlite(), 3_000, 250).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fourth_250_sequences() {
    sequences(&Place::sqlite(), 4_000, 250).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_sequences_on_postgresql() {
    sequences(&Place::postgres(), 5_000, 20).await;
}
