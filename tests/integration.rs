//! Muster's integration tests.
