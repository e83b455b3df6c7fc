//! The audit on the screen: what is known of a range first, then what is odd in
//! it, one row each, oldest first as in the list of messages.

mod rows;
#[cfg(test)]
mod tests;
pub(crate) mod words;

use super::action::Action;
use super::event::Size;
use super::jobs::audit::{Finding, Findings, What};
use super::overlay::BoxOutcome;
use super::view::{Area, OverlayView};
use crate::model::ids::UserId;
use crate::model::text::Clean;
use crate::model::time::Zone;
use crate::model::timeline::Stretch;

/// The box: what was found, and where one stands in it.
///
/// The summary above the list is a place to stand on, too: to load all of the range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditBox {
    findings: Findings,
    /// In `findings.found`; `None` is the summary.
    at: Option<usize>,
    /// Findings above the first one shown.
    top: usize,
    /// Cells of the widest seqs.
    seqs: usize,
}

/// What the box is laid out for.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "holds a closure")]
pub struct Look<'a> {
    /// Of the screen.
    pub size: Size,
    /// For the times.
    pub zone: &'a Zone,
    /// What a sender is called here, if not by ID.
    pub names: &'a dyn Fn(&UserId) -> Option<Clean>,
    /// Seqs that are loaded, of how many that were to be, while something is being filled.
    pub filling: Option<(u32, u32)>,
    /// What to press.
    pub keys: Keys<'a>,
}

/// The keys that the box names; one that is empty is not named.
#[derive(Debug, Clone, Copy, Default)]
pub struct Keys<'a> {
    /// Goes to what is selected.
    pub enter: &'a str,
    /// Loads what [`AuditBox::fill`] says.
    pub fill: &'a str,
    /// Stops loading.
    pub stop: &'a str,
    /// Closes the box.
    pub close: &'a str,
}

impl AuditBox {
    /// Stands on the first finding.
    #[must_use]
    pub fn new(findings: Findings) -> Self {
        Self {
            at: (!findings.found.is_empty()).then_some(0),
            top: 0,
            seqs: rows::seqs_width(&findings),
            findings,
        }
    }

    /// Takes what was found anew; the selected finding stays selected as far as
    /// it is still there, else the next one is.
    pub fn refresh(&mut self, findings: Findings) {
        let above = self.at.map(|at| at.saturating_sub(self.top));
        let found = &findings.found;
        let at = self.selected().and_then(|old| {
            let same = found
                .iter()
                .position(|new| alike(old, new) && old.at.first() == new.at.first());
            let overlaps = || {
                found
                    .iter()
                    .position(|new| alike(old, new) && old.at.meet(new.at).is_some())
            };
            let next = || {
                let next = found.partition_point(|new| new.at.first() < old.at.first());
                Some(next.min(found.len().checked_sub(1)?))
            };
            same.or_else(overlaps).or_else(next)
        });
        self.at = at;
        // Findings that come or go above the selected one do not move it on the screen.
        if let Some((at, above)) = at.zip(above) {
            self.top = at.saturating_sub(above);
        }
        self.seqs = rows::seqs_width(&findings);
        self.findings = findings;
    }

    /// The range as it was asked for: what to examine again.
    #[must_use]
    pub const fn range(&self) -> Stretch {
        self.findings.range
    }

    /// What was found.
    #[must_use]
    pub const fn findings(&self) -> &Findings {
        &self.findings
    }

    /// The finding one stands on; `None` on the summary.
    #[must_use]
    pub fn selected(&self) -> Option<&Finding> {
        self.findings.found.get(self.at?)
    }

    /// What the key that loads would load: the selected run where it is not
    /// loaded, on the summary all of the range. `None` where there is nothing to load.
    #[must_use]
    pub fn fill(&self) -> Option<Stretch> {
        let Some(finding) = self.selected() else {
            return self
                .findings
                .line
                .filter(|_| self.findings.counts.missing() > 0);
        };
        match finding.what {
            What::Run { lack, .. } => lack.is_missing().then_some(finding.at),
            What::Silence { .. } | What::Twice { .. } | What::Backwards { .. } => None,
        }
    }

    /// Moves, goes, or closes; `page` is the rows of a screen.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the rest does nothing here")]
    pub fn act(&mut self, action: Action, page: usize) -> BoxOutcome {
        let half = (page / 2).max(1);
        // Places from the summary, which is 0.
        let place = self.at.map_or(0, |at| at + 1);
        let last = self.findings.found.len();
        let to = match action {
            Action::Down => place.saturating_add(1),
            Action::Up => place.saturating_sub(1),
            Action::PageDown => place.saturating_add(page.max(1)),
            Action::PageUp => place.saturating_sub(page.max(1)),
            Action::HalfDown => place.saturating_add(half),
            Action::HalfUp => place.saturating_sub(half),
            Action::Top => 0,
            Action::Bottom => last,
            Action::In => return self.go(),
            Action::Out | Action::Close => return BoxOutcome::Close,
            _ => return BoxOutcome::Stay,
        };
        self.at = to.min(last).checked_sub(1);
        BoxOutcome::Stay
    }

    fn go(&self) -> BoxOutcome {
        let to = self.selected().map(|finding| finding.at);
        to.or(self.findings.line)
            .map_or(BoxOutcome::Stay, |at| BoxOutcome::Jump(at.first()))
    }

    /// The box, over all of the screen but the two lines below.
    pub fn view(&mut self, look: &Look<'_>) -> OverlayView {
        let area = Area {
            x: 0,
            y: 0,
            width: look.size.width,
            height: look.size.height.saturating_sub(2),
        };
        OverlayView {
            area,
            title: rows::title(&self.findings, look),
            rows: self.rows(look),
        }
    }
}

/// Whether one finding can be the other at another time.
fn alike(one: &Finding, other: &Finding) -> bool {
    match (&one.what, &other.what) {
        (What::Run { lack: a, .. }, What::Run { lack: b, .. }) => {
            a == b || (a.is_missing() && b.is_missing())
        }
        (What::Silence { .. }, What::Silence { .. })
        | (What::Twice { .. }, What::Twice { .. })
        | (What::Backwards { .. }, What::Backwards { .. }) => true,
        (
            What::Run { .. } | What::Silence { .. } | What::Twice { .. } | What::Backwards { .. },
            _,
        ) => false,
    }
}
