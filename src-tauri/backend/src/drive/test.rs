//! Tries Google Drive step by step, and says what was done and where it stopped.

use serde::Serialize;

use super::oauth::no_client;
use super::{Drive, DrivePlace, DriveQuery};
use crate::error::{Code, Error, Result};
use crate::profiles::StepState;
use crate::progress::Job;

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

    /// The step's name in progress.
    const fn name(self) -> &'static str {
        match self {
            DriveTestStepName::Client => "client",
            DriveTestStepName::SignIn => "sign_in",
            DriveTestStepName::Account => "account",
            DriveTestStepName::MyDrive => "my_drive",
            DriveTestStepName::SharedDrives => "shared_drives",
        }
    }
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DriveTestStep {
    /// The step
    pub step: DriveTestStepName,
    /// How it went
    pub state: StepState,
    /// What was done and found
    pub message: String,
    /// What to do, where it failed
    pub help: Option<String>,
}

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DriveTestReport {
    /// Whether no step failed
    pub ok: bool,
    /// What kind the failure is
    pub code: Option<Code>,
    /// All steps, in order
    pub steps: Vec<DriveTestStep>,
}

impl Drive {
    /// Tries an account. Nothing is changed, neither here nor at Google. The job's stages are the names of the steps.
    ///
    /// # Errors
    /// When the job is cancelled. A step that failed is in the report.
    pub async fn test(&self, account: &str, job: &Job) -> Result<DriveTestReport> {
        let mut report = DriveTestReport { ok: true, code: None, steps: Vec::new() };
        for step in DriveTestStepName::ALL {
            let done = report.steps.len() as u64;
            if !report.ok {
                let message = "Not tried, because an earlier step failed".to_owned();
                report.steps.push(DriveTestStep { step, state: StepState::Skipped, message, help: None });
                continue;
            }
            job.report(step.name(), done, Some(DriveTestStepName::ALL.len() as u64))?;
            let told = match self.try_step(step, account, job).await {
                Ok(message) => DriveTestStep { step, state: StepState::Ok, message, help: None },
                Err(error) if error.code() == Code::Cancelled => return Err(error),
                Err(error) => {
                    (report.ok, report.code) = (false, Some(error.code()));
                    failed(step, &error)
                }
            };
            report.steps.push(told);
        }
        Ok(report)
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

fn failed(step: DriveTestStepName, error: &Error) -> DriveTestStep {
    DriveTestStep {
        step,
        state: StepState::Failed,
        message: error.message().to_owned(),
        help: error.help().map(str::to_owned),
    }
}
