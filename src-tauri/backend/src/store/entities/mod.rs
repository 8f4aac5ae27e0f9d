//! The rows of Muster's databases as types, one file a table.

// What the derive makes (`Entity`, `Column`, …) takes no comments of its own.
#![allow(missing_docs)]

pub mod club;
pub mod column_choice;
pub mod company;
pub mod import;
pub mod import_file;
pub mod import_push;
pub mod member;
pub mod membership;
pub mod operation;
pub mod push;
pub mod reject;
pub mod source_file;
pub mod source_record;
pub mod template;
