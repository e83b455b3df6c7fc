//! What works and what does not, line by line, with what to do about it: one
//! call that needs everything a session needs.

use secrecy::SecretString;

use super::access::{Access, Credential, Timing};
use super::client::Client;
use super::endpoint::Endpoint;
use super::signer::{Signer, span};
use super::transport::proxy_in_use;
use crate::model::error::{ApiError, Fault, Remedy};
use crate::model::group::GroupList;
use crate::model::text::Clean;

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it is.
    pub verdict: Verdict,
    /// What was looked at and what came out.
    pub what: Clean,
    /// What to do about it.
    pub advice: Option<Clean>,
}

/// How a finding is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It works.
    Good,
    /// It does not work, or not for long.
    Wanting,
    /// Good to know.
    Note,
}

/// A clock this far off (in seconds) makes UserSigs fail sooner or later.
const CLOCK_TOLERANCE: i64 = 300;

/// A UserSig that ends within this time (in seconds) is worth a warning: one working day.
const SOON: i64 = 86_400;

/// Looks at a profile's settings and tries them on the service: one call, and a
/// second one to the backup domain where the first says the region may be wrong.
pub async fn run(access: Access) -> Vec<Finding> {
    run_with(access, Timing::default()).await
}

/// [`run`] with other time-outs or another clock.
pub async fn run_with(access: Access, timing: Timing) -> Vec<Finding> {
    let mut findings = about_the_way(&access);
    let usable = about_the_credential(&access, &timing, &mut findings);
    if usable {
        let client = Client::with_timing(access.clone(), timing.clone());
        let first = client.list_groups(0, 1).await;
        let second = match access.endpoint.backup() {
            Some(backup) if worth_another_domain(&first) => {
                let access = Access {
                    endpoint: backup.clone(),
                    ..access.clone()
                };
                let client = Client::with_timing(access, timing);
                Some((backup, client.list_groups(0, 1).await))
            }
            _ => None,
        };
        findings.extend(about_the_service(&access.endpoint, &first, second.as_ref()));
        if answered(&first) {
            findings.push(about_the_clock(client.clock_ahead()));
        }
    }
    findings.push(note(format!(
        "at most {} calls a second, for this process alone; the service's quota of 200 a second \
         is shared with the app's production back end and with colleagues",
        access.calls_per_second.clamp(1, 200)
    )));
    findings
}

/// Region and proxy: what the settings alone tell.
fn about_the_way(access: &Access) -> Vec<Finding> {
    let host = access.endpoint.host();
    let mut findings = Vec::new();
    match access.endpoint.known_region() {
        Some(region) => {
            let about = region
                .note
                .as_ref()
                .map_or(String::new(), |n| format!(" ({n})"));
            findings.push(note(format!("region {}: {host}{about}", region.label)));
        }
        None => findings.push(note(format!("endpoint of your own: {host}"))),
    }
    findings.push(
        match proxy_in_use(&access.endpoint, access.proxy.as_ref()) {
            Some(proxy) => note(format!("calls go through the proxy {proxy}")),
            None => note("no proxy in use".to_owned()),
        },
    );
    findings
}

/// Key or UserSig, as far as this machine can tell; false when nothing can be sent.
fn about_the_credential(access: &Access, timing: &Timing, findings: &mut Vec<Finding>) -> bool {
    let signer = Signer::new(access, timing.wall.clone());
    if let Err(cause) = signer.sign() {
        findings.push(Finding {
            verdict: Verdict::Wanting,
            what: cause,
            advice: Some(Clean::from(
                "mend the setting; nothing was sent to the service",
            )),
        });
        return false;
    }
    findings.push(match &access.credential {
        Credential::Key(_) => good(
            "the secret key makes UserSigs (valid for an hour, renewed by themselves)".to_owned(),
        ),
        Credential::UserSig(given) => about_the_usersig(&signer, given, timing),
    });
    true
}

fn about_the_usersig(signer: &Signer, given: &SecretString, timing: &Timing) -> Finding {
    let left = signer.contents_of(given).map_or(0, |contents| {
        contents.ends().saturating_sub((timing.wall)())
    });
    let what = format!(
        "the UserSig is for this identifier and app, and valid for another {}",
        span(left)
    );
    if left > SOON {
        return good(what);
    }
    wanting(
        what,
        "make a new one soon: when it ends, every call fails with 70001",
    )
}

/// Whether the backup domain may tell more: another region, or a name that does not resolve.
fn worth_another_domain(result: &Result<GroupList, ApiError>) -> bool {
    matches!(
        result,
        Err(ApiError {
            fault: Fault::Service { code: 70_020, .. } | Fault::Unreachable { .. },
            ..
        })
    )
}

/// Whether the service itself spoke.
fn answered(result: &Result<GroupList, ApiError>) -> bool {
    match result {
        Ok(_) => true,
        Err(error) => error.code().is_some(),
    }
}

fn about_the_service(
    endpoint: &Endpoint,
    first: &Result<GroupList, ApiError>,
    second: Option<&(Endpoint, Result<GroupList, ApiError>)>,
) -> Vec<Finding> {
    let host = endpoint.host();
    let mut findings = Vec::new();
    if answered(first) {
        findings.push(good(format!("{host} answers")));
    }
    match first {
        Ok(list) => {
            findings.push(good(
                "the service accepts key or UserSig, identifier and app".to_owned(),
            ));
            let count = list
                .total
                .map_or(String::new(), |n| format!(" ({n} in the app)"));
            findings.push(good(format!(
                "the identifier is an app administrator: groups can be listed{count}"
            )));
        }
        Err(error) => findings.push(about_the_error(error)),
    }
    findings.extend(second.map(|(backup, result)| about_the_backup(first, backup, result)));
    findings
}

fn about_the_error(error: &ApiError) -> Finding {
    let told = error.fault.to_string();
    let topic = match error.code() {
        Some(60_010 | 70_403 | 10_007) => "administrator right",
        Some(60_021) => "IP allowlist",
        Some(70_020) => "app and region",
        Some(_) => match error.remedy() {
            Remedy::Credentials => "credentials",
            Remedy::Throttle | Remedy::Transient => "the service is busy",
            Remedy::Permanent => "refused",
        },
        None => "connection",
    };
    wanting(format!("{topic}: {told}"), error.advice())
}

/// What the second domain adds to what the first one said.
fn about_the_backup(
    first: &Result<GroupList, ApiError>,
    backup: &Endpoint,
    second: &Result<GroupList, ApiError>,
) -> Finding {
    let host = backup.host();
    let code = |result: &Result<_, ApiError>| result.as_ref().err().and_then(ApiError::code);
    let says_the_same = answered(first) && code(first) == code(second);
    if answered(second) && !says_the_same {
        return wanting(
            format!("the backup domain {host} answers differently"),
            &format!("set endpoint = \"https://{host}\" in the profile and check again"),
        );
    }
    if !answered(second) {
        return wanting(
            format!("the backup domain {host} does not answer either"),
            "check network, firewall and proxy; the service is allowed by domain, not by address",
        );
    }
    let others: Vec<&str> = Endpoint::regions()
        .iter()
        .filter(|region| backup.known_region() != Some(region))
        .map(|region| region.key.as_str())
        .collect();
    wanting(
        format!("the backup domain {host} says the same"),
        &format!(
            "look up the app's data centre in the console; if it is not there, try `region` one \
             at a time ({}): failed tries in quick succession lock the app out for a minute",
            others.join(", ")
        ),
    )
}

fn about_the_clock(ahead: Option<i64>) -> Finding {
    match ahead {
        None => note("the reply has no Date header, so the clock could not be compared".to_owned()),
        Some(ahead) if ahead.abs() <= CLOCK_TOLERANCE => good(format!(
            "the clock agrees with the service's ({} apart)",
            span(ahead.abs())
        )),
        Some(ahead) => wanting(
            format!(
                "this machine's clock is {} {} the service's",
                span(ahead.abs()),
                if ahead > 0 { "behind" } else { "ahead of" }
            ),
            "set the clock: UserSigs are dated by it",
        ),
    }
}

fn good(what: String) -> Finding {
    Finding {
        verdict: Verdict::Good,
        what: Clean::ours(what),
        advice: None,
    }
}

fn note(what: String) -> Finding {
    Finding {
        verdict: Verdict::Note,
        what: Clean::ours(what),
        advice: None,
    }
}

fn wanting(what: String, advice: &str) -> Finding {
    Finding {
        verdict: Verdict::Wanting,
        what: Clean::ours(what),
        advice: Some(Clean::ours(advice)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::error::Attempt;

    fn failed(fault: Fault) -> ApiError {
        ApiError {
            attempt: Attempt {
                command: "get_appid_group_list",
                subject: None,
                seq: None,
            },
            fault,
        }
    }

    fn code(code: u32) -> ApiError {
        failed(Fault::Service {
            code,
            info: Clean::default(),
        })
    }

    fn fine() -> GroupList {
        GroupList {
            ids: Vec::new(),
            total: Some(12),
            next: None,
        }
    }

    fn unreachable() -> ApiError {
        failed(Fault::Unreachable {
            host: "console.tim.qq.com".to_owned(),
            cause: Clean::from("connection refused"),
        })
    }

    /// The report as text, with the backup domain's answer where there is one.
    fn report(
        first: &Result<GroupList, ApiError>,
        second: Option<Result<GroupList, ApiError>>,
    ) -> String {
        let endpoint = Endpoint::region("china").expect("a region");
        let backup = endpoint.backup().expect("a backup");
        let second = second.map(|result| (backup, result));
        let lines = about_the_service(&endpoint, first, second.as_ref());
        let line = |f: &Finding| {
            let advice = f.advice.as_ref().map_or("", Clean::as_str);
            format!("{:?} {} > {advice}\n", f.verdict, f.what.as_str())
        };
        lines.iter().map(line).collect()
    }

    #[test]
    fn what_is_wrong_is_named_by_the_setting() {
        let rows = [
            (60_010, "Wanting administrator right: 60010", "identifier"),
            (60_021, "Wanting IP allowlist: 60021", "VPN"),
            (70_009, "Wanting credentials: 70009", "secret key"),
            (70_016, "Wanting credentials: 70016", "data centre"),
            (60_007, "Wanting the service is busy: 60007", "wait"),
        ];
        for (number, what, advice) in rows {
            let text = report(&Err(code(number)), None);
            assert!(
                text.starts_with("Good console.tim.qq.com answers"),
                "{text}"
            );
            assert!(text.contains(what) && text.contains(advice), "{text}");
        }
        assert!(!report(&Ok(fine()), None).contains("Wanting"));
    }

    #[test]
    fn the_backup_domain_is_asked_where_it_may_know_more() {
        assert!(worth_another_domain(&Err(code(70_020))));
        assert!(worth_another_domain(&Err(unreachable())));
        for other in [Err(code(70_001)), Err(code(60_010)), Ok(fine())] {
            assert!(!worth_another_domain(&other));
        }
        let text = report(&Err(unreachable()), Some(Ok(fine())));
        assert!(
            text.contains("endpoint = \"https://adminapi.my-imcloud.com\""),
            "{text}"
        );
        let text = report(&Err(unreachable()), Some(Err(unreachable())));
        assert!(text.contains("does not answer either"), "{text}");
        let text = report(&Err(code(70_020)), Some(Err(code(70_020))));
        assert!(
            text.contains("singapore, seoul") && !text.contains("china,"),
            "{text}"
        );
        assert!(text.contains("lock"), "{text}");
    }

    #[test]
    fn a_clock_that_is_off_is_found_out() {
        assert_eq!(about_the_clock(Some(-2)).verdict, Verdict::Good);
        assert_eq!(about_the_clock(Some(300)).verdict, Verdict::Good);
        let slow = about_the_clock(Some(301));
        assert_eq!(slow.verdict, Verdict::Wanting);
        assert!(slow.what.as_str().contains("5 min behind"));
        assert!(
            about_the_clock(Some(-7200))
                .what
                .as_str()
                .contains("2 h ahead of")
        );
        assert_eq!(about_the_clock(None).verdict, Verdict::Note);
    }
}
