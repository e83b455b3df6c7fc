//! The profile that environment variables make, and what to say where nothing is set.

use std::path::Path;

use super::profile::{self, CALLS_PER_SECOND, ENVIRONMENT, IDENTIFIER, Profile};
use super::read::Problem;
use super::secret::SecretSource;
use super::{Env, usual_place};
use crate::api::Endpoint;
use crate::model::ids::SdkAppId;

/// The profile that the environment makes: `None` where no variable is set,
/// the problems where some are.
pub(super) fn profile(env: Env<'_>) -> Option<Result<Profile, Vec<Problem>>> {
    let get = |name: &str| env(&format!("TIM_HISTORY_{name}")).filter(|v| !v.is_empty());
    let needed = [
        "SDK_APP_ID",
        "IDENTIFIER",
        "REGION",
        "ENDPOINT",
        "SECRET_KEY",
        "USERSIG",
    ];
    if needed.iter().all(|name| get(name).is_none()) {
        return None;
    }
    let mut problems = Vec::new();
    let mut wrong = |name: &str, what: String| {
        problems.push(Problem {
            place: ENVIRONMENT.to_owned(),
            line: None,
            key: Some(format!("TIM_HISTORY_{name}")),
            what,
        });
    };
    let id = get("SDK_APP_ID")
        .and_then(|id| id.parse::<u32>().ok())
        .filter(|id| *id > 0);
    if id.is_none() {
        wrong(
            "SDK_APP_ID",
            "expected the app's number from the console".to_owned(),
        );
    }
    let identifier = get("IDENTIFIER").filter(|id| profile::is_identifier(id));
    if identifier.is_none() {
        wrong("IDENTIFIER", format!("expected {IDENTIFIER}"));
    }
    let endpoint = match (get("REGION"), get("ENDPOINT")) {
        (Some(name), None) => profile::region(&name)
            .map_err(|what| wrong("REGION", what))
            .ok(),
        (None, Some(url)) => Endpoint::custom(&url)
            .map_err(|error| wrong("ENDPOINT", error.to_string()))
            .ok(),
        (None, None) | (Some(_), Some(_)) => {
            wrong(
                "REGION",
                "expected either this or TIM_HISTORY_ENDPOINT".to_owned(),
            );
            None
        }
    };
    let secret = match (get("SECRET_KEY"), get("USERSIG")) {
        (Some(_), None) => Some(SecretSource::KeyEnv("TIM_HISTORY_SECRET_KEY".to_owned())),
        (None, Some(_)) => Some(SecretSource::UserSigEnv("TIM_HISTORY_USERSIG".to_owned())),
        (None, None) | (Some(_), Some(_)) => {
            wrong(
                "SECRET_KEY",
                "expected either this or TIM_HISTORY_USERSIG".to_owned(),
            );
            None
        }
    };
    let profile = (|| {
        Some(Profile {
            name: ENVIRONMENT.to_owned(),
            sdk_app_id: SdkAppId(id?),
            identifier: identifier?,
            endpoint: endpoint?,
            secret: secret?,
            ca_file: None,
            proxy: None,
            calls_per_second: CALLS_PER_SECOND,
            accent: None,
            label: None,
        })
    })();
    Some(profile.ok_or(problems))
}

/// What somebody needs to hear who starts the program with nothing set.
pub(super) fn three_ways(file: Option<&Path>) -> String {
    let place = file.map(Path::to_owned).or_else(usual_place);
    let place = place.map_or_else(
        || "a file named with --config".to_owned(),
        |path| path.display().to_string(),
    );
    format!(
        "nothing says which app to read; there are three ways to start:\n\
         1. look around without an app:  tim-history --demo\n\
         2. with a configuration file:   copy config.example.toml to\n   \
            {place}\n   \
            and fill it in, then: tim-history check\n\
         3. with environment variables:  TIM_HISTORY_SDK_APP_ID, TIM_HISTORY_IDENTIFIER,\n   \
            TIM_HISTORY_REGION (or TIM_HISTORY_ENDPOINT) and\n   \
            TIM_HISTORY_SECRET_KEY (or TIM_HISTORY_USERSIG)"
    )
}
