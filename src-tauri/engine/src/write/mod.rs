//! Writing records out again, as bytes. The backend puts the bytes into files.

pub mod csv;
