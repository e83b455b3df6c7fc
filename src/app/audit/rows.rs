//! The rows of the box.

use super::words::{Form, Voice, finding_gutter, lack_role, lack_words, lasting, seqs};
use super::{AuditBox, Look};
use crate::app::jobs::audit::{Cut, Finding, Findings, Lack, What};
use crate::app::line::{Line, Role};
use crate::app::view::Row;
use crate::model::message::PageSize;
use crate::model::text::{Clean, grouped};
use crate::model::time;

/// Below this there is room for one sentence only.
const SMALLEST: (u16, u16) = (20, 8);
/// Below this, what was found comes before when.
const NARROW: usize = 60;
/// Cells left of a finding: its sign and a blank.
const SIGN: usize = 2;

pub(super) fn seqs_width(findings: &Findings) -> usize {
    let widths = findings.found.iter().map(|f| seqs(f.at).len());
    widths.max().unwrap_or(0)
}

pub(super) fn title(findings: &Findings, look: &Look<'_>) -> Line {
    let at = findings.line.unwrap_or(findings.range);
    let mut line = Line::of(Role::Label, Clean::ours(format!("audit of {}", seqs(at))));
    let keys = look.keys;
    for (key, does) in [(keys.enter, "goes there"), (keys.close, "closes")] {
        if !key.is_empty() {
            line.say(Role::Dim, " · ");
            line.say(Role::Key, key);
            line.say(Role::Dim, format!(" {does}"));
        }
    }
    line
}

impl AuditBox {
    pub(super) fn rows(&mut self, look: &Look<'_>) -> Vec<Row> {
        let width = usize::from(look.size.width.saturating_sub(4)).max(1);
        // The frame, and the two lines below the box.
        let height = usize::from(look.size.height.saturating_sub(4));
        if look.size.width < SMALLEST.0 || look.size.height < SMALLEST.1 {
            let sentence = one_sentence(&self.findings);
            let lines = sentence.words(width).take(height);
            return lines.map(|l| row(Line::of(Role::Text, l))).collect();
        }
        let mut rows = self.summary(look, width);
        // The list keeps three rows and the blank above it.
        rows.truncate(height.saturating_sub(4).max(1));
        if let Some(first) = rows.first_mut() {
            first.selected = self.at.is_none() && !self.findings.found.is_empty();
        }
        if self.findings.found.is_empty() {
            return rows;
        }
        rows.push(Row::default());
        let room = height.saturating_sub(rows.len()).max(1);
        let last_top = self.findings.found.len().saturating_sub(room);
        self.top = self.top.min(last_top);
        if let Some(at) = self.at {
            self.top = self.top.clamp((at + 1).saturating_sub(room), at);
        } else {
            self.top = 0;
        }
        let form = Form::fitting(width, self.findings.times, look.zone);
        let voice = Voice {
            names: look.names,
            zone: look.zone,
            form,
        };
        let shown = self.findings.found.iter().enumerate();
        for (i, finding) in shown.skip(self.top).take(room) {
            let line = self.finding(finding, &voice, width);
            rows.push(Row {
                gutter: finding_gutter(finding),
                line,
                selected: self.at == Some(i),
            });
        }
        rows
    }

    fn finding(&self, finding: &Finding, voice: &Voice<'_>, width: usize) -> Line {
        let mut line = Line::new();
        line.pad_to(SIGN);
        line.say(Role::Text, seqs(finding.at));
        let gap = if voice.form == Form::Whole { 2 } else { 1 };
        let mut column = SIGN + self.seqs + gap;
        line.pad_to(column);
        let time = finding.time.map(|time| voice.form.of(time, voice.zone));
        if width < NARROW {
            line.append(voice.say(finding));
            if let Some(time) = time {
                line.say(Role::Time, format!(" · {time}"));
            }
            return line;
        }
        line.say(Role::Time, time.unwrap_or_default());
        column += voice.form.width() + 2;
        line.pad_to(column);
        line.append(voice.say(finding));
        line
    }

    /// What is known, what is not, and how much was found; the most important first.
    fn summary(&self, look: &Look<'_>, width: usize) -> Vec<Row> {
        let findings = &self.findings;
        let counts = findings.counts;
        let Some(line) = findings.line else {
            let words = Clean::from(
                "Nothing of this range is between seq 1 and the newest known one: there is nothing to judge.",
            );
            return sentence(Role::Text, &words, width).collect();
        };
        let mut rows = Vec::new();
        let mut parts = vec![(Role::Text, format!("{} seqs:", grouped(line.len())))];
        if counts.present > 0 {
            parts.push((Role::Text, format!("{} messages", grouped(counts.present))));
        }
        for lack in Lack::ALL {
            let count = counts.of(lack);
            if count > 0 {
                let words = format!("{} {}", grouped(count), lack_words(lack));
                parts.push((lack_role(lack), words));
            }
        }
        rows.extend(flow(parts, width));
        if counts.missing() > 0 {
            let words = format!(
                "What is not loaded is not judged: {} of {} seqs.",
                grouped(counts.missing()),
                grouped(line.len())
            );
            rows.extend(sentence(Role::Warning, &Clean::ours(words), width));
        }
        rows.extend(self.filling(look).map(row));
        if let Some((first, last)) = findings.times {
            let seconds = last.seconds().abs_diff(first.seconds());
            let words = format!(
                "{} to {} · {}",
                time::full(first, look.zone),
                time::full(last, look.zone),
                lasting(seconds)
            );
            rows.extend(sentence(Role::Time, &Clean::ours(words), width));
        }
        let words = Clean::ours(verdict(findings));
        rows.extend(sentence(Role::Label, &words, width));
        if let Some(cut) = findings.cut {
            let words = Clean::ours(cut_words(cut));
            rows.extend(sentence(Role::Warning, &words, width));
        }
        rows
    }

    /// How loading stands, or what the key would load.
    fn filling(&self, look: &Look<'_>) -> Option<Line> {
        let keys = look.keys;
        if let Some((done, of)) = look.filling {
            let words = format!("loading: {} of {} seqs", grouped(done), grouped(of));
            let mut line = Line::new().saying(Role::Ours, words);
            if !keys.stop.is_empty() {
                line.say(Role::Dim, " · ");
                line.say(Role::Key, keys.stop);
                line.say(Role::Dim, " stops");
            }
            return Some(line);
        }
        if self.findings.counts.missing() == 0 || keys.fill.is_empty() {
            return None;
        }
        let mut line = Line::new().saying(Role::Key, keys.fill);
        let words = match (self.fill(), self.at) {
            (Some(_), None) => {
                let missing = self.findings.counts.missing();
                format!(" loads all that is missing here: {}", calls(missing))
            }
            (Some(run), Some(_)) => format!(
                " loads {}: {}; on the top line: all",
                seqs(run),
                calls(run.len())
            ),
            (None, _) => " on the top line loads all that is missing here".to_owned(),
        };
        line.say(Role::Dim, words);
        Some(line)
    }
}

/// What loading so many seqs costs.
fn calls(seqs: u32) -> String {
    match seqs.div_ceil(PageSize::FULL.get()) {
        1 => "1 call".to_owned(),
        n => format!("{} calls or more", grouped(n)),
    }
}

fn verdict(findings: &Findings) -> String {
    let counts = findings.counts;
    let judged = counts.judged();
    let odd = findings.found.iter().filter(|f| !is_missing(f)).count();
    let loaded = if counts.missing() == 0 {
        format!("{} seqs", grouped(judged))
    } else {
        format!("the {} seqs that are loaded", grouped(judged))
    };
    match odd {
        _ if judged == 0 => "Nothing of it is loaded, so nothing can be said of it.".to_owned(),
        0 => format!("Nothing odd in {loaded}."),
        1 => format!("One thing to look at in {loaded}."),
        odd => format!(
            "{} things to look at in {loaded}, oldest first.",
            grouped(odd)
        ),
    }
}

fn is_missing(finding: &Finding) -> bool {
    match finding.what {
        What::Run { lack, .. } => lack.is_missing(),
        What::Silence { .. } | What::Twice { .. } | What::Backwards { .. } => false,
    }
}

fn cut_words(cut: Cut) -> String {
    format!(
        "{} more are not listed, from seq {} on: audit a smaller range to see them.",
        grouped(cut.unlisted),
        grouped(cut.from)
    )
}

/// The most important in the fewest cells.
fn one_sentence(findings: &Findings) -> Clean {
    let counts = findings.counts;
    Clean::ours(match counts.missing() {
        0 => format!("{} found in {} seqs", findings.found.len(), counts.seqs()),
        missing => format!(
            "{} found in {} seqs, {missing} not loaded",
            findings.found.len(),
            counts.seqs()
        ),
    })
}

fn sentence(role: Role, words: &Clean, width: usize) -> impl Iterator<Item = Row> {
    words
        .words(width)
        .map(move |line| row(Line::of(role, line)))
}

/// Parts with dots between them, broken only there.
fn flow(parts: Vec<(Role, String)>, width: usize) -> Vec<Row> {
    let mut lines = vec![Line::new()];
    let mut first = true;
    for (role, words) in parts {
        let part = Line::new().saying(role, words);
        let Some(line) = lines.last_mut() else { break };
        let joint = match line.pieces.len() {
            0 => "",
            1 if first => " ",
            _ => " · ",
        };
        first = first && line.pieces.is_empty();
        if line.width() + joint.chars().count() + part.width() > width && !line.pieces.is_empty() {
            lines.push(part);
        } else {
            line.say(Role::Dim, joint);
            line.append(part);
        }
    }
    lines.into_iter().map(row).collect()
}

fn row(line: Line) -> Row {
    Row {
        line,
        ..Row::default()
    }
}
