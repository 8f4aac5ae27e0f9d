//! Settings that change while the program runs: a profile is added, another one becomes active.

use std::sync::{Arc, PoisonError, RwLock};

use super::Config;

/// The settings as they are now. Clones see each other's changes; who took a [`SharedConfig::get`] keeps what it got.
#[derive(Debug, Clone)]
pub struct SharedConfig(Arc<RwLock<Arc<Config>>>);

impl SharedConfig {
    /// The settings now.
    pub fn get(&self) -> Arc<Config> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts other settings in their place.
    pub fn set(&self, config: Config) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
    }
}

impl From<Config> for SharedConfig {
    fn from(config: Config) -> Self {
        SharedConfig(Arc::new(RwLock::new(Arc::new(config))))
    }
}
