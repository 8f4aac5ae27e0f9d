//! OAuth 2.0 for installed apps: the system's browser, a loopback redirect, PKCE (RFC 8252, RFC 7636).

use std::pin::Pin;
use std::time::{Duration, Instant};

use oauth2::basic::{BasicClient, BasicErrorResponseType, BasicTokenResponse};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, PkceCodeChallenge, RedirectUrl, RefreshToken, RequestTokenError,
    Scope, TokenResponse, TokenUrl,
};
use reqwest::{Client, Url};

use super::accounts::AccessToken;
use super::failure::{not_allowed, not_understood, signed_out, unreachable};
use super::http::Attempts;
use super::redirect::{Brought, Expected, Redirect};
use super::{Drive, SCOPE};
use crate::config::DriveSettings;
use crate::error::{Code, Error, Result};
use crate::progress::{Job, unless_cancelled};
use crate::secret::Secret;

/// How long a person may take to sign in.
const SIGN_IN_LIMIT: Duration = Duration::from_secs(600);

/// Taken where a server does not say how long an access token lives.
const SHORT_LIFE: Duration = Duration::from_secs(300);

/// Longest answer of a token server, in bytes.
const LONGEST: usize = 256 * 1_024;

type Endpoints = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// Shows an address in the system's browser.
pub type Browser<'b> = &'b (dyn Fn(&str) -> Result<()> + Send + Sync);

/// What a sign-in gives.
pub(super) struct SignIn {
    pub(super) refresh: Secret,
    pub(super) access: AccessToken,
}

/// Why a token server gave nothing.
enum Refusal {
    /// It may give something later
    Passing(Error),
    Final(Error),
}

#[derive(Debug, thiserror::Error)]
#[error("no usable answer")]
struct NoAnswer;

/// The client, as the `oauth2` crate calls it.
struct Http(Client);

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<HttpResponse, NoAnswer>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(call(&self.0, request))
    }
}

impl Drive {
    /// Lets the person sign in with the browser.
    ///
    /// # Errors
    /// When there is no OAuth client, the person refuses or takes too long, or the server gives no tokens.
    pub(super) async fn sign_in(&self, browser: Browser<'_>, job: &Job) -> Result<SignIn> {
        let settings = self.settings();
        let redirect = Redirect::listen().await?;
        let address = RedirectUrl::new(redirect.address().to_owned()).map_err(|_| not_understood())?;
        let client = self.oauth_client(&settings).await?.set_redirect_uri(address);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state) = client
            .authorize_url(CsrfToken::new_random)
            .add_scope(Scope::new(SCOPE.to_owned()))
            .set_pkce_challenge(challenge)
            // Google gives a refresh token for these two only.
            .add_extra_param("access_type", "offline")
            .add_extra_param("prompt", "consent")
            .url();
        let expected = Expected {
            state: state.secret().clone(),
            origin: Url::parse(settings.auth_url())
                .map(|url| url.origin().ascii_serialization())
                .unwrap_or_default(),
        };
        job.report("drive_sign_in", 0, None)?;
        browser(url.as_str())?;
        let waiting = tokio::time::timeout(SIGN_IN_LIMIT, redirect.wait(expected));
        let brought = unless_cancelled(job, waiting).await?.map_err(|_| took_too_long())??;
        let code = match brought {
            Brought::Code(code) => AuthorizationCode::new(code.expose().clone()),
            Brought::Refused(reason) => return Err(refused(&reason)),
        };
        let http = Http(self.0.sign_in.clone());
        let asked = client.exchange_code(code).set_pkce_verifier(verifier).request_async(&http);
        match unless_cancelled(job, asked).await?.map_err(refusal) {
            Ok(tokens) => signed_in(&tokens),
            // A code is good for one attempt.
            Err(Refusal::Passing(error) | Refusal::Final(error)) => Err(error),
        }
    }

    /// Fetches an access token. Where the server gives a new refresh token for the one that was used, that comes too.
    ///
    /// # Errors
    /// [`Code::SignedOut`] where the sign-in is over; when the server cannot be reached.
    pub(super) async fn refresh(&self, refresh: &Secret, job: &Job) -> Result<(AccessToken, Option<Secret>)> {
        let client = self.oauth_client(&self.settings()).await?;
        let token = RefreshToken::new(refresh.expose().clone());
        let http = Http(self.0.sign_in.clone());
        let mut attempts = Attempts::of(self);
        loop {
            // Not cut off by a cancel: the answer may hold the only token that is still good.
            let asked = client.exchange_refresh_token(&token).request_async(&http).await;
            match asked.map_err(refusal) {
                Ok(tokens) => {
                    let new = tokens.refresh_token().map(|token| Secret::new(token.secret().clone()));
                    return Ok((access_token(&tokens), new));
                }
                Err(Refusal::Passing(error)) => attempts.next(error, None, job).await?,
                Err(Refusal::Final(error)) => return Err(error),
            }
        }
    }

    /// Takes a sign-in back at the server (RFC 7009). One that is over already is no error.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub(super) async fn revoke(&self, refresh: &Secret, job: &Job) -> Result<()> {
        let settings = self.settings();
        let secret = self.client_secret().await?;
        let mut form =
            vec![("token", refresh.expose().clone()), ("token_type_hint", "refresh_token".to_owned())];
        form.extend(settings.client_id.clone().map(|id| ("client_id", id)));
        form.extend(secret.map(|secret| ("client_secret", secret.expose().clone())));
        let mut attempts = Attempts::of(self);
        loop {
            let sent = self.0.sign_in.post(settings.revoke_url()).form(&form).send();
            let error = match unless_cancelled(job, sent).await? {
                Ok(answer) if answer.status().is_success() => return Ok(()),
                Ok(answer) if answer.status().as_u16() == 400 => {
                    let over = is_over(answer).await;
                    return if over { Ok(()) } else { Err(not_understood()) };
                }
                Ok(answer) if answer.status().is_server_error() => unreachable(),
                Ok(_) => return Err(not_understood()),
                Err(_) => unreachable(),
            };
            attempts.next(error, None, job).await?;
        }
    }

    async fn oauth_client(&self, settings: &DriveSettings) -> Result<Endpoints> {
        let wrong = |_| Error::new(Code::Config, "An address of Google Drive in the settings does not fit");
        let id = settings.client_id.clone().ok_or_else(no_client)?;
        let client = BasicClient::new(ClientId::new(id))
            .set_auth_uri(AuthUrl::new(settings.auth_url().to_owned()).map_err(wrong)?)
            .set_token_uri(TokenUrl::new(settings.token_url().to_owned()).map_err(wrong)?)
            // An installed app has no secret that it could keep: who it is goes with the request's other parts.
            .set_auth_type(AuthType::RequestBody);
        Ok(match self.client_secret().await? {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose().clone())),
            None => client,
        })
    }
}

/// Google says `invalid_token` for a token that is not known any more.
async fn is_over(mut answer: reqwest::Response) -> bool {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST {
            return false;
        }
    }
    serde_json::from_slice::<serde_json::Value>(&body).is_ok_and(|body| body["error"] == "invalid_token")
}

/// Hands a request of the `oauth2` crate to the client. Answers that pass by themselves count as none.
async fn call(client: &Client, request: HttpRequest) -> std::result::Result<HttpResponse, NoAnswer> {
    let request = reqwest::Request::try_from(request).map_err(|_| NoAnswer)?;
    let mut answer = client.execute(request).await.map_err(|_| NoAnswer)?;
    if answer.status().is_server_error() || answer.status().as_u16() == 429 {
        return Err(NoAnswer);
    }
    let mut response = HttpResponse::new(Vec::new());
    *response.status_mut() = answer.status();
    std::mem::swap(response.headers_mut(), answer.headers_mut());
    while let Some(chunk) = answer.chunk().await.map_err(|_| NoAnswer)? {
        response.body_mut().extend_from_slice(&chunk);
        if response.body().len() > LONGEST {
            return Err(NoAnswer);
        }
    }
    Ok(response)
}

/// What a server's refusal means. Its own words are not passed on.
fn refusal(error: RequestTokenError<NoAnswer, oauth2::basic::BasicErrorResponse>) -> Refusal {
    let answer = match error {
        RequestTokenError::ServerResponse(answer) => answer,
        RequestTokenError::Request(_) => return Refusal::Passing(unreachable()),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => return Refusal::Final(not_understood()),
    };
    let client = |message| {
        Refusal::Final(Error::new(Code::Config, message).with_help(
            "Check the client's id and secret (Settings, Google Drive): docs/DRIVE.md tells how to get them.",
        ))
    };
    match answer.error() {
        BasicErrorResponseType::InvalidGrant => Refusal::Final(signed_out()),
        BasicErrorResponseType::InvalidClient | BasicErrorResponseType::UnauthorizedClient => {
            client("Google does not accept the OAuth client that Muster uses")
        }
        BasicErrorResponseType::InvalidRequest => {
            client("Google does not accept the sign-in of this OAuth client; it may want the client's secret")
        }
        BasicErrorResponseType::InvalidScope => Refusal::Final(not_allowed()),
        _ => Refusal::Final(not_understood()),
    }
}

fn signed_in(tokens: &BasicTokenResponse) -> Result<SignIn> {
    // A person can leave the tick away and go on.
    if tokens.scopes().is_some_and(|scopes| !scopes.iter().any(|scope| scope.as_str() == SCOPE)) {
        return Err(not_allowed());
    }
    let refresh = tokens.refresh_token().ok_or_else(|| {
        Error::new(Code::Config, "Google let Muster in for an hour only, and not for later").with_help(
            "Check that the OAuth client is one for a desktop app (docs/DRIVE.md), then connect again.",
        )
    })?;
    Ok(SignIn { refresh: Secret::new(refresh.secret().clone()), access: access_token(tokens) })
}

fn access_token(tokens: &BasicTokenResponse) -> AccessToken {
    let life = tokens.expires_in().unwrap_or(SHORT_LIFE);
    AccessToken { token: Secret::new(tokens.access_token().secret().clone()), ends: Instant::now() + life }
}

/// Nobody said which OAuth client Muster is.
pub(super) fn no_client() -> Error {
    Error::new(Code::Config, "Google Drive is not set up: Muster has no OAuth client id")
        .with_help("Settings, Google Drive tells how to get one; so does docs/DRIVE.md.")
}

fn took_too_long() -> Error {
    Error::new(Code::SignedOut, "Nobody signed in to Google within ten minutes")
        .with_help("Connect again, and finish the sign-in in the browser.")
}

fn refused(reason: &str) -> Error {
    match reason {
        "access_denied" => Error::new(Code::SignedOut, "Google was told not to let Muster in")
            .with_help("Connect again and allow it, or choose another account."),
        _ => Error::new(Code::Config, "Google refused the sign-in")
            .with_help("Check the OAuth client (Settings, Google Drive; docs/DRIVE.md), then connect again."),
    }
}
