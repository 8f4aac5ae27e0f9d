//! Tries Google Drive step by step, and says what was done and where it stopped.

use serde::Serialize;

use super::oauth::no_client;
use super::{Drive, DrivePlace, DriveQuery};
use crate::error::Result;
use crate::progress::Job;
use crate::steps::{StepTest, TestStep, TestedSteps};

/// A step of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum DriveTestStepName {
    /// There is an OAuth client
    Client,
    /// The sign-in is good: Google gives an access token for it
    SignIn,
    /// Google says whose it is
    Account,
    /// My Drive can be listed
    MyDrive,
    /// Shared drives can be listed
    SharedDrives,
}

impl DriveTestStepName {
    const ALL: [DriveTestStepName; 5] = [
        DriveTestStepName::Client,
        DriveTestStepName::SignIn,
        DriveTestStepName::Account,
        DriveTestStepName::MyDrive,
        DriveTestStepName::SharedDrives,
    ];
}

impl TestStep for DriveTestStepName {
    fn name(self) -> &'static str {
        match self {
            DriveTestStepName::Client => "client",
            DriveTestStepName::SignIn => "sign_in",
            DriveTestStepName::Account => "account",
            DriveTestStepName::MyDrive => "my_drive",
            DriveTestStepName::SharedDrives => "shared_drives",
        }
    }
}

impl Drive {
    /// Tries an account. Nothing is changed, neither here nor at Google. The job's stages are the names of the steps.
    ///
    /// # Errors
    /// When the job is cancelled. A step that failed is in the report.
    pub async fn test(&self, account: &str, job: &Job) -> Result<TestedSteps<DriveTestStepName>> {
        let mut test = StepTest::new(&DriveTestStepName::ALL, job);
        while let Some(step) = test.begin()? {
            test.end(step, self.try_step(step, account, job).await)?;
        }
        Ok(test.report())
    }

    async fn try_step(&self, step: DriveTestStepName, account: &str, job: &Job) -> Result<String> {
        let query = |place| DriveQuery {
            account: account.to_owned(),
            place,
            folder: None,
            drive: None,
            search: None,
            page: None,
        };
        Ok(match step {
            DriveTestStepName::Client => {
                let settings = self.settings();
                let id = settings.client_id.as_deref().ok_or_else(no_client)?;
                let secret = if self.client_secret().await?.is_some() { " and its secret" } else { "" };
                format!("Muster is the OAuth client {id}{secret}; tokens come from {}", settings.token_url())
            }
            DriveTestStepName::SignIn => {
                self.forget_token(account).await;
                self.token(account, job).await?;
                "A new access token was fetched with the sign-in in the keychain".to_owned()
            }
            DriveTestStepName::Account => {
                format!(
                    "{} says that it is {}",
                    self.settings().api_url(),
                    self.address_of(account, job).await?
                )
            }
            DriveTestStepName::MyDrive => {
                let page = self.list(&query(DrivePlace::MyDrive), job).await?;
                format!(
                    "My Drive was listed: {}",
                    counted(page.items.len(), page.next.is_some(), "folders and lists")
                )
            }
            DriveTestStepName::SharedDrives => {
                let page = self.list(&query(DrivePlace::SharedDrives), job).await?;
                format!(
                    "Shared drives were listed: {}",
                    counted(page.items.len(), page.next.is_some(), "in all")
                )
            }
        })
    }
}

fn counted(number: usize, more: bool, what: &str) -> String {
    format!("{number}{} {what}", if more { " or more" } else { "" })
}
