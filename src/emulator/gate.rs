//! What every call passes before its command is looked at: method, path,
//! query, signature, frequency and JSON.

use std::time::Instant;

use hyper::Method;
use hyper::http::request::Parts;
use serde_json::{Map, Value};

use super::auth::{self, Claim};
use super::commands::{self, Context};
use super::knobs::Knobs;
use super::query::Query;
use super::reply::Refusal;
use super::server::{Shared, lock};
use super::{IDENTIFIER, SDK_APP_ID, SECRET_KEY};

/// Identifiers that are app administrators.
const ADMINS: [&str; 1] = [IDENTIFIER];

/// A request as it arrived.
#[derive(Debug)]
pub(super) struct Asked {
    method: Method,
    path: String,
    query: Option<Query>,
    body: Vec<u8>,
}

impl Asked {
    pub(super) fn new(head: &Parts, body: Vec<u8>) -> Asked {
        Asked {
            method: head.method.clone(),
            path: head.uri.path().to_owned(),
            query: Query::parse(head.uri.query().unwrap_or("")),
            body,
        }
    }

    /// The last part of the path.
    pub(super) fn command(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or("")
    }

    pub(super) fn query(&self) -> Vec<(String, String)> {
        self.query.as_ref().map(Query::pairs).unwrap_or_default()
    }

    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// Service and command of a path `/v4/service/command`.
    fn target(&self) -> Option<(&str, &str)> {
        let rest = self.path.strip_prefix("/v4/")?;
        rest.split_once('/')
            .filter(|(_, command)| !command.contains('/'))
    }
}

/// The reply to a request, or why there is none.
pub(super) fn serve(shared: &Shared, knobs: &Knobs, asked: &Asked) -> Result<Vec<u8>, Refusal> {
    if asked.method != Method::POST {
        return Err(Refusal::of(60_002));
    }
    let target = asked.target().ok_or_else(|| Refusal::of(60_009))?;
    let command = commands::find(target.0, target.1)?;
    let query = asked.query.as_ref().ok_or_else(|| Refusal::of(60_002))?;
    let world = lock(&shared.world);
    let now = world.now(knobs.time_passed);
    admit(shared, knobs, query, now.unix)?;
    let (rate, too_fast) = command.rate(knobs);
    if !lock(&shared.limits).admit(target.1, rate, Instant::now()) {
        return Err(Refusal::of(too_fast));
    }
    let body = object(&asked.body)?;
    command.run(
        &body,
        &Context {
            world: &world,
            knobs,
            now,
        },
    )
}

/// The body's fields. It may not be empty; `{}` is the least.
fn object(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Refusal::because(60_003, "not an object")),
        Err(_) => Err(Refusal::of(60_003)),
    }
}

/// Checks the query: exactly the documented parameters, others are ignored.
fn admit(shared: &Shared, knobs: &Knobs, query: &Query, now: i64) -> Result<(), Refusal> {
    let sdk_app_id = query.get("sdkappid").filter(|id| !id.is_empty());
    let sdk_app_id = sdk_app_id.ok_or_else(|| Refusal::of(60_012))?;
    let sdk_app_id: u32 = sdk_app_id.parse().map_err(|_| Refusal::of(60_006))?;
    if sdk_app_id == 0 {
        return Err(Refusal::of(60_006));
    }
    let random = query.get("random").map(str::parse::<u32>);
    if !matches!(random, Some(Ok(_))) {
        return Err(Refusal::because(
            60_002,
            "random must be an unsigned 32-bit Integer",
        ));
    }
    if query.get("contenttype") != Some("json") {
        return Err(Refusal::because(60_002, "contenttype must be json"));
    }
    let identifier = query.get("identifier").filter(|id| !id.is_empty());
    let identifier = identifier.ok_or_else(|| Refusal::of(60_004))?;
    // Known nowhere in this data centre: the same answer as for a wrong domain.
    if sdk_app_id != SDK_APP_ID {
        return Err(Refusal::of(70_020));
    }
    let mut limits = lock(&shared.limits);
    if limits.locked(knobs.lockout, Instant::now()) {
        return Err(Refusal::of(70_050));
    }
    let claim = Claim {
        sdk_app_id,
        identifier,
        usersig: query.get("usersig").unwrap_or(""),
    };
    if let Err(code) = auth::verify(claim, SECRET_KEY, now) {
        // One that is missing or merely old is not an attempt to get in.
        if !matches!(code, 70_001 | 70_002) {
            limits.verification_failed(Instant::now());
        }
        return Err(Refusal::of(code));
    }
    if !ADMINS.contains(&identifier) {
        return Err(Refusal::of(60_010));
    }
    Ok(())
}
