//! What can go wrong between us and the service, by what can be done about it.
//!
//! Lives in `model` because the screen, the command line and the client all
//! speak of it. Everything in here may be shown: foreign text has been through
//! [`crate::model::text`] before it got in, and no URL ever does.

use std::fmt;

use super::codes;
use super::ids::Seq;
use super::text::Clean;

/// A call that did not give an answer: what was attempted and what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// The command, and of what.
    pub attempt: Attempt,
    /// What came instead of an answer.
    pub fault: Fault,
}

/// What a call was for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The last part of the path, such as `group_msg_get_simple`.
    pub command: &'static str,
    /// The group, topic or user it was about.
    pub subject: Option<Clean>,
    /// The highest seq asked for.
    pub seq: Option<Seq>,
}

/// What came instead of an answer, by remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nobody answered, or not in time: DNS, refused, reset, time-out.
    Unreachable {
        /// Whom we tried to reach; a host name, never a URL.
        host: String,
        /// The cause in words, without a URL.
        cause: Clean,
    },
    /// The other side could not prove who it is. Never retried.
    Certificate {
        /// Whom we tried to reach.
        host: String,
        /// Which certificate problem.
        cause: Clean,
    },
    /// An HTTP status other than 200: a proxy or gateway spoke, not the service.
    Http {
        /// 100 to 599.
        status: u16,
        /// The first 80 characters of what it said.
        excerpt: Clean,
    },
    /// `ErrorCode` is not 0, or `ActionStatus` is not OK.
    Service {
        /// The `ErrorCode`; 0 where only `ActionStatus` said FAIL.
        code: u32,
        /// The service's `ErrorInfo`.
        info: Clean,
    },
    /// A reply that is not what the documents promise.
    Malformed {
        /// What is wrong with it.
        what: Clean,
    },
    /// A reply of more than 4 MiB.
    TooLarge,
    /// Called off by the reader.
    Cancelled,
    /// No usable UserSig, so nothing was sent.
    Unsigned {
        /// What is missing or wrong, and with which setting.
        cause: Clean,
    },
}

/// What the program may do about an error (api-facts 1.13, decision table).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// A setting is wrong: stop all calls of the profile, never retry by itself.
    Credentials,
    /// Too many calls: wait 1 s, doubling to 30 s, for as long as it takes.
    Throttle,
    /// Try again three times, after 1, 2 and 4 s.
    Transient,
    /// The same call will fail again; show it.
    Permanent,
}

impl ApiError {
    /// What the program may do about it.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match &self.fault {
            Fault::Unreachable { .. } | Fault::Malformed { .. } => Remedy::Transient,
            Fault::Http { status, .. } => match status {
                408 | 429 | 500..=599 => Remedy::Transient,
                _ => Remedy::Permanent,
            },
            Fault::Service { code, .. } => codes::remedy(*code),
            Fault::Certificate { .. } | Fault::TooLarge | Fault::Cancelled => Remedy::Permanent,
            Fault::Unsigned { .. } => Remedy::Credentials,
        }
    }

    /// The service's code, where the service spoke.
    #[must_use]
    pub fn code(&self) -> Option<u32> {
        match &self.fault {
            Fault::Service { code, .. } => Some(*code),
            Fault::Unreachable { .. }
            | Fault::Certificate { .. }
            | Fault::Http { .. }
            | Fault::Malformed { .. }
            | Fault::TooLarge
            | Fault::Cancelled
            | Fault::Unsigned { .. } => None,
        }
    }

    /// What the reader can do next: one sentence, our own words.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match &self.fault {
            Fault::Unreachable { .. } => "check the network, the proxy and the region, then retry",
            Fault::Certificate { .. } => {
                "check the machine's clock and CA files; a company proxy needs ca_file"
            }
            Fault::Http { status: 407, .. } => {
                "put the proxy's user name and password into the `proxy` setting"
            }
            Fault::Http { status, .. } if (300..400).contains(status) => {
                "check the endpoint: redirects are not followed, they would carry the UserSig away"
            }
            Fault::Http { .. } => "a proxy or gateway answered instead of the service; retry",
            Fault::Service { code, .. } => codes::advice(*code),
            Fault::Malformed { .. } => {
                "retry; if it stays, something between here and the service alters replies"
            }
            Fault::Cancelled => "what is on its way may still come",
            Fault::TooLarge => {
                "something other than the service may have answered; check the endpoint"
            }
            Fault::Unsigned { .. } => {
                "mend the setting, then start again; `tim-history check` helps"
            }
        }
    }
}

impl fmt::Display for ApiError {
    /// One line: what was attempted, what happened. [`ApiError::advice`] goes beside it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.attempt.command)?;
        if let Some(subject) = &self.attempt.subject {
            write!(f, " of {}", subject.as_str())?;
        }
        if let Some(seq) = self.attempt.seq {
            write!(f, " from seq {seq}")?;
        }
        write!(f, ": {}", self.fault)
    }
}

impl std::error::Error for ApiError {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable { host, cause } => {
                write!(f, "no answer from {host}: {}", cause.as_str())
            }
            Self::Certificate { host, cause } => {
                write!(f, "{host} is not trusted: {}", cause.as_str())
            }
            Self::Http { status, excerpt } if excerpt.as_str().is_empty() => {
                write!(f, "HTTP {status}")
            }
            Self::Http { status, excerpt } => write!(f, "HTTP {status}: {}", excerpt.as_str()),
            Self::Service { code, info } => {
                match (codes::meaning(*code), code) {
                    (Some(meaning), _) => write!(f, "{code} {meaning}")?,
                    (None, 0) => f.write_str("ActionStatus FAIL without a code")?,
                    (None, _) => write!(f, "{code} (a code without documentation)")?,
                }
                if !info.as_str().is_empty() {
                    write!(f, " ({})", info.as_str())?;
                }
                Ok(())
            }
            Self::Malformed { what } => write!(f, "cannot read the reply: {}", what.as_str()),
            Self::Cancelled => f.write_str("cancelled"),
            Self::TooLarge => f.write_str("the reply is larger than 4 MiB and was refused"),
            Self::Unsigned { cause } => write!(f, "no UserSig: {}", cause.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(fault: Fault) -> ApiError {
        ApiError {
            attempt: Attempt {
                command: "group_msg_get_simple",
                subject: Some(Clean::from("g")),
                seq: Seq::new(9),
            },
            fault,
        }
    }

    fn service(code: u32, info: &'static str) -> ApiError {
        error(Fault::Service {
            code,
            info: Clean::from(info),
        })
    }

    fn http(status: u16) -> ApiError {
        error(Fault::Http {
            status,
            excerpt: Clean::default(),
        })
    }

    #[test]
    fn a_line_names_what_was_attempted_and_what_the_code_means() {
        let rows = [
            (
                service(10_010, "this group does not exist"),
                "10010 the group does not exist or was dismissed (this group does not exist)",
            ),
            (
                service(79_999, "new"),
                "79999 (a code without documentation) (new)",
            ),
            (service(0, ""), "ActionStatus FAIL without a code"),
            (http(502), "HTTP 502"),
        ];
        for (error, told) in rows {
            let line = format!("group_msg_get_simple of g from seq 9: {told}");
            assert_eq!(error.to_string(), line);
        }
    }

    #[test]
    fn gateways_are_retried_where_that_can_help() {
        let rows = [
            (502, Remedy::Transient),
            (429, Remedy::Transient),
            (408, Remedy::Transient),
            (404, Remedy::Permanent),
            (302, Remedy::Permanent),
            (407, Remedy::Permanent),
        ];
        for (status, remedy) in rows {
            assert_eq!(http(status).remedy(), remedy, "{status}");
        }
        assert!(http(407).advice().contains("`proxy`"));
        assert!(http(302).advice().contains("endpoint"));
    }
}
