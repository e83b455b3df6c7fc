//! Which UserSig a call carries: one made from the key and renewed in time, or
//! the one that was given, looked at before the service sees it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::{ExposeSecret as _, SecretString};

use super::access::{Access, Credential};
use super::usersig::{self, Contents};
use crate::model::ids::SdkAppId;
use crate::model::text::{Clean, clean};

/// How long a UserSig of ours is valid, in seconds: long enough for a clock that is a little off.
const LIFETIME: u32 = 3600;

/// A UserSig older than this is replaced before the next call, in seconds.
const RENEW_AFTER: i64 = 1800;

/// Reads the wall clock in Unix seconds.
pub type Wall = Arc<dyn Fn() -> i64 + Send + Sync>;

/// A UserSig and which in the row of ours it is.
pub(super) struct Signed {
    pub(super) sig: SecretString,
    pub(super) turn: u64,
}

/// Gives each call its UserSig.
pub(super) struct Signer {
    credential: Credential,
    app: SdkAppId,
    identifier: String,
    wall: Wall,
    made: Mutex<Made>,
}

/// The UserSig in use, where we make it ourselves.
#[derive(Default)]
struct Made {
    /// With the local time of its making.
    current: Option<(SecretString, i64)>,
    /// Counts those made.
    turn: u64,
    /// Seconds that the service's clock is ahead of ours, once it refused one of ours.
    ahead: i64,
}

impl Signer {
    pub(super) fn new(access: &Access, wall: Wall) -> Self {
        Self {
            credential: access.credential.clone(),
            app: access.sdk_app_id,
            identifier: access.identifier.clone(),
            wall,
            made: Mutex::default(),
        }
    }

    /// The UserSig for a call that leaves now.
    ///
    /// Fails, with the setting to mend, when the service would refuse it for certain.
    pub(super) fn sign(&self) -> Result<Signed, Clean> {
        if self.identifier.is_empty() || self.identifier.chars().any(char::is_control) {
            return Err(Clean::from(
                "`identifier` must be the app administrator's account",
            ));
        }
        match &self.credential {
            Credential::Key(key) if key.expose_secret().trim().is_empty() => Err(Clean::from(
                "the secret key is empty; look at `secret_key_file`, `secret_key_env` or \
                 `secret_key_command`",
            )),
            Credential::Key(key) => Ok(self.current(key)),
            Credential::UserSig(given) => {
                self.contents_of(given)?;
                let sig = SecretString::from(given.expose_secret().trim());
                Ok(Signed { sig, turn: 0 })
            }
        }
    }

    /// Drops the UserSig of `refused`, which the service refused, so that the
    /// next call gets another one; false without a key. Whoever comes later with
    /// the same refusal shares the new one.
    ///
    /// With a clock that is off, ours would be expired (or not yet valid) for
    /// ever, so the new one is dated by the service's clock where it is known.
    pub(super) fn renew(&self, refused: u64, ahead: Option<i64>) -> bool {
        let Credential::Key(_) = &self.credential else {
            return false;
        };
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if made.turn == refused {
            made.current = None;
            made.ahead = ahead.unwrap_or(made.ahead);
        }
        true
    }

    /// What a given UserSig says, when it is one for this profile and still valid.
    pub(super) fn contents_of(&self, given: &SecretString) -> Result<Contents, Clean> {
        const WHERE: &str = "`usersig_file` or `usersig_env`";
        let contents = usersig::read(given.expose_secret())
            .map_err(|why| Clean::ours(format!("the UserSig is damaged: {why} ({WHERE})")))?;
        if contents.identifier != self.identifier {
            return Err(Clean::ours(format!(
                "the UserSig is for {}, not for {} (`identifier`, or {WHERE})",
                clean(&contents.identifier).as_str(),
                clean(&self.identifier).as_str(),
            )));
        }
        if contents.sdk_app_id != u64::from(self.app.0) {
            return Err(Clean::ours(format!(
                "the UserSig is for app {}, not for {} (`sdk_app_id`, or {WHERE})",
                contents.sdk_app_id, self.app,
            )));
        }
        let left = contents.ends().saturating_sub((self.wall)());
        if left < 0 {
            return Err(Clean::ours(format!(
                "the UserSig expired {} ago by this machine's clock ({WHERE})",
                span(-left),
            )));
        }
        Ok(contents)
    }

    /// The UserSig in use, made anew when there is none or it is past half its life.
    fn current(&self, key: &SecretString) -> Signed {
        let now = (self.wall)();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |made_at: i64| (0..RENEW_AFTER).contains(&now.saturating_sub(made_at));
        if let Some((sig, made_at)) = &made.current
            && fresh(*made_at)
        {
            return Signed {
                sig: sig.clone(),
                turn: made.turn,
            };
        }
        let dated = now.saturating_add(made.ahead);
        let sig = usersig::make(key, (self.app, &self.identifier), dated, LIFETIME);
        made.current = Some((sig.clone(), now));
        made.turn += 1;
        Signed {
            sig,
            turn: made.turn,
        }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

/// A length of time in its largest whole unit: `3 days`, `5 h`, `40 min`, `7 s`.
pub(super) fn span(seconds: i64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;
    use crate::api::Endpoint;

    /// The public example of the service's own libraries.
    const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

    fn signer(credential: Credential) -> (Signer, Arc<AtomicI64>) {
        let clock = Arc::new(AtomicI64::new(1_700_000_000));
        let hand = Arc::clone(&clock);
        let access = Access {
            sdk_app_id: SdkAppId(1_400_000_000),
            identifier: "xiaojun".to_owned(),
            endpoint: Endpoint::custom("http://127.0.0.1:1").expect("loopback"),
            credential,
            ca_file: None,
            proxy: None,
            calls_per_second: 20,
        };
        let wall: Wall = Arc::new(move || hand.load(Ordering::SeqCst));
        (Signer::new(&access, wall), clock)
    }

    fn with_key() -> (Signer, Arc<AtomicI64>) {
        signer(Credential::Key(SecretString::from(KEY)))
    }

    fn contents(signed: &Signed) -> Contents {
        usersig::read(signed.sig.expose_secret()).expect("a UserSig of ours")
    }

    #[test]
    fn one_usersig_serves_until_half_its_life() {
        let (signer, clock) = with_key();
        let first = signer.sign().expect("signed");
        assert_eq!(contents(&first).made, 1_700_000_000);
        assert_eq!(contents(&first).lifetime, 3600);
        clock.fetch_add(1799, Ordering::SeqCst);
        assert_eq!(signer.sign().expect("signed").turn, first.turn);
        clock.fetch_add(1, Ordering::SeqCst);
        let second = signer.sign().expect("signed");
        assert_eq!(contents(&second).made, 1_700_001_800);
        // A clock set back makes ours look as if it came from the future.
        clock.fetch_sub(7200, Ordering::SeqCst);
        assert_eq!(signer.sign().expect("signed").turn, second.turn + 1);
    }

    #[test]
    fn one_new_usersig_serves_all_that_were_refused() {
        let (signer, _) = with_key();
        let refused = signer.sign().expect("signed").turn;
        assert!(signer.renew(refused, None));
        assert_eq!(signer.sign().expect("signed").turn, refused + 1);
        assert!(signer.renew(refused, None), "the second to be refused");
        assert_eq!(signer.sign().expect("signed").turn, refused + 1);
    }

    #[test]
    fn after_a_refusal_the_services_clock_counts() {
        let (signer, _) = with_key();
        let refused = signer.sign().expect("signed").turn;
        assert!(signer.renew(refused, Some(-7200)));
        let again = signer.sign().expect("signed");
        assert_eq!(contents(&again).made, 1_700_000_000 - 7200);
    }

    #[test]
    fn a_given_usersig_is_compared_with_the_profile() {
        let text = |app: u32, who: &str, at: i64| {
            usersig::make(&SecretString::from(KEY), (SdkAppId(app), who), at, 3600)
        };
        let cause = |sig: SecretString| {
            let (signer, _) = signer(Credential::UserSig(sig));
            let result = signer.sign().map(|signed| signed.turn);
            result.map_err(|cause| cause.as_str().to_owned())
        };
        let now = 1_700_000_000;
        assert_eq!(cause(text(1_400_000_000, "xiaojun", now)), Ok(0));
        let rows = [
            (text(1_400_000_001, "xiaojun", now), "`sdk_app_id`"),
            (text(1_400_000_000, "somebody", now), "`identifier`"),
            (
                text(1_400_000_000, "xiaojun", now - 9000),
                "expired 1 h ago",
            ),
            (
                SecretString::from("eJyrVgrxCdYrSy1SslIy0jN"),
                "damaged: its end is missing",
            ),
            (SecretString::from(""), "damaged: it is empty"),
        ];
        for (sig, word) in rows {
            let cause = cause(sig).expect_err(word);
            assert!(
                cause.contains(word) && cause.contains("usersig_file"),
                "{cause}"
            );
        }
    }

    #[test]
    fn a_given_usersig_is_never_replaced() {
        let given = SecretString::from("whatever");
        let (signer, _) = signer(Credential::UserSig(given));
        assert!(!signer.renew(0, None));
    }

    #[test]
    fn nothing_is_signed_without_key_or_identifier() {
        let (empty, _) = signer(Credential::Key(SecretString::from(" \n")));
        let cause = empty.sign().map(|_| ()).expect_err("no key");
        assert!(cause.as_str().contains("secret_key_file"));
        let (mut odd, _) = with_key();
        odd.identifier = "a\nTLS.sdkappid:1".to_owned();
        assert!(odd.sign().is_err());
    }
}
