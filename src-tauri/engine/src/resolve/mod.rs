//! Survivorship: the records of one person become one member.
//!
//! [`resolve`] takes a cluster's [`Record`]s, the [`Survivorship`] rules and what people [decided](Decisions), and gives a
//! [`Member`]: every value with its provenance, its reason and its losers, the memberships, and every disagreement. What a
//! person said comes first, then what they typed into the database, then the rules; see `docs/SURVIVORSHIP.md`.

mod agree;
mod conflict;
mod decision;
mod groups;
mod member;
mod pick;
mod preview;
mod record;
mod rules;
mod settle;
#[cfg(test)]
mod tests;
mod view;

pub use agree::agree;
pub use conflict::{Conflict, ConflictState, ValueAt};
pub use decision::{Decisions, ValueDecision};
pub use groups::{FieldGroup, GroupBlanks, default_groups};
pub use member::{CompanyId, FieldResult, Member, Membership, Provenance, Reason};
pub use pick::TieBreak;
pub use preview::{Comparison, Example, FieldChange, SurvivorshipPreview};
pub use record::{FieldSet, Origin, Record};
pub use rules::{
    CompanyConflict, MEMBERSHIP_FIELDS, PERSON_FIELDS, SurvivorRule, Survivorship, SurvivorshipSettings,
    default_rule,
};
pub use settle::resolve;
pub use view::{ConflictView, FieldView, MemberView, MembershipView, RecordView, ValueView};
