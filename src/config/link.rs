//! The profile that a permalink is for.

use super::{Config, ConfigError, Profile};
use crate::model::ids::SdkAppId;

/// The profiles of an app.
#[derive(Debug, Clone)]
pub enum Fit<'c> {
    /// There is one, or one was named.
    One(&'c Profile),
    /// Two and more: somebody has to choose.
    Several(Vec<&'c Profile>),
}

impl Config {
    /// The profiles of this app, or the one that was named.
    ///
    /// # Errors
    /// None is of this app, or the one that was named is of another.
    pub fn of_app(&self, app: SdkAppId, named: Option<&str>) -> Result<Fit<'_>, ConfigError> {
        if let Some(name) = named {
            let profile = self.choose(Some(name))?;
            return if profile.sdk_app_id == app {
                Ok(Fit::One(profile))
            } else {
                Err(ConfigError::OtherApp(
                    app,
                    profile.name.clone(),
                    profile.sdk_app_id,
                ))
            };
        }
        let all = || self.profiles.values();
        let fitting: Vec<&Profile> = all().filter(|p| p.sdk_app_id == app).collect();
        match fitting.as_slice() {
            [only] => Ok(Fit::One(only)),
            [] if all().next().is_none() => {
                // Says how to make one, or what is wrong with that of the environment.
                self.choose(None).map(Fit::One)
            }
            [] => {
                let named = |p: &Profile| format!("`{}` (app {})", p.name, p.sdk_app_id);
                Err(ConfigError::NoneOfApp(app, all().map(named).collect()))
            }
            _ => Ok(Fit::Several(fitting)),
        }
    }

    /// Why a link cannot be opened as long as nobody chooses.
    #[must_use]
    pub fn undecided(app: SdkAppId, profiles: &[&Profile]) -> ConfigError {
        let names = profiles.iter().map(|p| format!("`{}`", p.name));
        ConfigError::SeveralOfApp(app, names.collect())
    }
}
