//! What is found, in words.

use crate::app::history::words::{gutter, plural, role};
use crate::app::jobs::audit::{Finding, Lack, Sender, Span, What};
use crate::app::line::{Line, Role};
use crate::app::names::color_of;
use crate::app::view::Gutter;
use crate::model::ids::UserId;
use crate::model::message::Timestamp;
use crate::model::text::{Clean, clean, grouped};
use crate::model::time::{self, Zone};
use crate::model::timeline::Stretch;

/// `812` or `812-1,233`.
pub(crate) fn seqs(at: Stretch) -> String {
    if at.len() == 1 {
        grouped(at.first()).into()
    } else {
        format!("{}-{}", grouped(at.first()), grouped(at.last()))
    }
}

/// A length of time in its two largest units: `9 s`, `4 min 10 s`, `3 days 2 h`.
pub(super) fn lasting(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "days"), (3600, "h"), (60, "min"), (1, "s")];
    let mut left = seconds;
    let mut words = Vec::new();
    for (unit, name) in UNITS {
        let count = left / unit;
        left %= unit;
        if count > 0 {
            let name = if count == 1 && name == "days" {
                "day"
            } else {
                name
            };
            words.push(format!("{} {name}", grouped(count)));
        } else if !words.is_empty() {
            break;
        }
        if words.len() == 2 {
            break;
        }
    }
    if words.is_empty() {
        "0 s".to_owned()
    } else {
        words.join(" ")
    }
}

/// How much of a time there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `2024-05-03 14:05:09`.
    Whole,
    /// `05-03 14:05:09`, where all is of one year.
    SameYear,
    /// `2024-05-03 14:05`.
    Minutes,
}

impl Form {
    pub(super) fn fitting(
        width: usize,
        times: Option<(Timestamp, Timestamp)>,
        zone: &Zone,
    ) -> Self {
        let year = |time| time::full(time, zone).chars().take(4).collect::<String>();
        match times {
            _ if width >= 100 => Self::Whole,
            Some((first, last)) if year(first) != year(last) => Self::Minutes,
            Some(_) | None => Self::SameYear,
        }
    }

    pub(super) const fn width(self) -> usize {
        match self {
            Self::Whole => 19,
            Self::SameYear => 14,
            Self::Minutes => 16,
        }
    }

    pub(crate) fn of(self, time: Timestamp, zone: &Zone) -> String {
        let full = time::full(time, zone);
        // Beyond the calendar there is but a number.
        let skipped = if self == Self::SameYear && !full.starts_with('@') {
            5
        } else {
            0
        };
        full.chars().skip(skipped).take(self.width()).collect()
    }
}

pub(super) fn lack_gutter(lack: Lack) -> Gutter {
    if lack == Lack::Failed {
        Gutter::Failed
    } else {
        gutter(lack.state())
    }
}

pub(super) fn lack_role(lack: Lack) -> Role {
    if lack == Lack::Failed {
        Role::Error
    } else {
        role(lack.state())
    }
}

pub(crate) fn lack_words(lack: Lack) -> &'static str {
    if lack == Lack::Failed {
        "failed to load"
    } else {
        plural(lack.state())
    }
}

pub(super) fn finding_gutter(finding: &Finding) -> Gutter {
    match finding.what {
        What::Run { lack, .. } => lack_gutter(lack),
        What::Silence { .. } | What::Twice { .. } | What::Backwards { .. } => Gutter::Ours,
    }
}

/// What senders are called, and how much room there is.
#[derive(Clone, Copy)]
pub(crate) struct Voice<'a> {
    pub(crate) names: &'a dyn Fn(&UserId) -> Option<Clean>,
    pub(crate) zone: &'a Zone,
    pub(crate) form: Form,
}

impl Voice<'_> {
    /// What was found, without where and when.
    pub(crate) fn say(&self, finding: &Finding) -> Line {
        let mut line = Line::new();
        match &finding.what {
            What::Run { lack, span, sender } => {
                self.run(&mut line, (*lack, finding.at.len()), *span, sender);
            }
            What::Silence { from, to, timeless } => {
                let seconds = to.seconds().abs_diff(from.seconds());
                line.say(Role::Ours, format!("silence of {}", lasting(seconds)));
                let until = self.form.of(*to, self.zone);
                line.say(Role::Dim, format!(", until {until}"));
                if *timeless > 0 {
                    let words = format!(", {} without a time in it", grouped(timeless));
                    line.say(Role::Dim, words);
                }
            }
            What::Twice { of, apart, sender } => {
                line.say(Role::Warning, format!("repeats {}", grouped(of)));
                if let Some(apart) = apart {
                    line.say(Role::Dim, format!(" after {}", lasting(*apart)));
                }
                line.say(Role::Dim, ", by ");
                self.name(&mut line, sender);
                if self.form == Form::Whole {
                    line.say(Role::Dim, " (same MsgRandom)");
                }
            }
            What::Backwards { after, by } => {
                let words = format!("time goes back {}", lasting(*by));
                line.say(Role::Warning, words);
                line.say(Role::Dim, format!(" from {}", grouped(after)));
            }
        }
        line
    }

    fn run(&self, line: &mut Line, (lack, seqs): (Lack, u32), span: Span, sender: &Sender) {
        let words = format!("{} {}", grouped(seqs), lack_words(lack));
        line.say(lack_role(lack), words);
        let seconds = span.seconds().filter(|seconds| *seconds > 0);
        if let Some(seconds) = seconds {
            let within = lasting(seconds);
            if lack.is_missing() {
                line.say(Role::Dim, format!(", {within} of history"));
            } else {
                line.say(Role::Dim, format!(" within {within}"));
            }
        }
        match (span.from, span.to) {
            (Some(after), None) => {
                let after = self.form.of(after, self.zone);
                line.say(Role::Dim, format!(", after {after}"));
            }
            (None, Some(before)) => {
                let before = self.form.of(before, self.zone);
                line.say(Role::Dim, format!(", before {before}"));
            }
            (Some(_), Some(_)) | (None, None) => {}
        }
        let wide = self.form == Form::Whole;
        match (lack, sender) {
            (Lack::Recalled, Sender::Untold) if wide => {
                line.say(Role::Dim, ", sender not told by the server");
            }
            (Lack::Recalled, Sender::Untold) => line.say(Role::Dim, ", sender not told"),
            (Lack::Recalled | Lack::Gone, Sender::One(id)) => {
                line.say(Role::Dim, ", by ");
                self.name(line, id);
            }
            (Lack::Recalled | Lack::Gone, Sender::Several) => {
                line.say(Role::Dim, ", by several senders");
            }
            // The service tells of deleted ones nothing at all, as a rule.
            (Lack::Gone, Sender::Untold)
            | (Lack::Withheld | Lack::Unreadable | Lack::Failed | Lack::Unfetched, _) => {}
        }
    }

    fn name(&self, line: &mut Line, id: &UserId) {
        let name = (self.names)(id).unwrap_or_else(|| clean(id.as_str()).one_line());
        line.push(Role::Sender(color_of(id)), name.truncate(24));
    }
}
