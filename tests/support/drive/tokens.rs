//! Who may ask: tokens of the fake's own, or those of a real server of tokens.

use serde_json::{Value, json};

use super::http::{Request, post};
use super::{FakeDrive, Introspection, OWNER};

const SCOPE: &str = "https://www.googleapis.com/auth/drive.readonly";

/// Whose a token is; nothing: nobody's.
pub(super) fn owner(drive: &FakeDrive, request: &Request) -> Option<String> {
    let token = request.headers.get("authorization")?.strip_prefix("Bearer ")?;
    let introspection = drive.state().introspection.clone();
    match introspection {
        None => drive.state().access_tokens.iter().any(|good| good == token).then(|| OWNER.to_owned()),
        Some(server) => introspected(&server, token),
    }
}

fn introspected(server: &Introspection, token: &str) -> Option<String> {
    let form = [
        ("token", token),
        ("client_id", server.client_id.as_str()),
        ("client_secret", server.client_secret.as_str()),
    ];
    let (status, body) = post(&server.url, &form);
    let told: Value = serde_json::from_str(&body).ok()?;
    let scopes = told["scope"].as_str().unwrap_or_default();
    let good = status == 200 && told["active"] == true && scopes.split(' ').any(|scope| scope == SCOPE);
    good.then(|| format!("{}@example.org", told["sub"].as_str().unwrap_or_default()))
}

/// `POST /token` with a refresh token.
pub(super) fn token(drive: &FakeDrive, request: &Request) -> (u16, Value) {
    let of = |name: &str| request.form.get(name).cloned().unwrap_or_default();
    if of("grant_type") != "refresh_token" || of("client_id").is_empty() {
        return (400, json!({ "error": "invalid_request" }));
    }
    let mut state = drive.state();
    if !state.refresh_tokens.contains(&of("refresh_token")) {
        return (
            400,
            json!({ "error": "invalid_grant", "error_description": "Token has been expired or revoked." }),
        );
    }
    let token = state.fixed_token.clone().unwrap_or_else(|| format!("access-{}", crate::random_text()));
    state.access_tokens.push(token.clone());
    (200, json!({ "access_token": token, "expires_in": 3_599, "scope": SCOPE, "token_type": "Bearer" }))
}

/// `POST /revoke`.
pub(super) fn revoke(drive: &FakeDrive, request: &Request) -> (u16, Value) {
    let token = request.form.get("token").cloned().unwrap_or_default();
    let mut state = drive.state();
    let known = state.refresh_tokens.len();
    state.refresh_tokens.retain(|other| *other != token);
    if state.refresh_tokens.len() == known {
        return (400, json!({ "error": "invalid_token" }));
    }
    state.access_tokens.clear();
    (200, json!({}))
}
