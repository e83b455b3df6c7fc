//! What is to be exported, while it is being decided.

use crate::export::{Format, Order, Plan, default_name, masked_name};
use crate::model::ids::{Conversation, Seq};
use crate::model::message::Timestamp;
use crate::model::text::{Clean, clean};
use crate::model::time::Zone;
use crate::model::timeline::Stretch;

/// One call in so many is left to the reader, and one at least where there are two.
const RESERVE: u32 = 10;

/// What of an export is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Both ends.
    Range,
    /// What is kept.
    Filter,
    /// Where it goes.
    File,
}

/// An export that has not begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Of what.
    pub conversation: Conversation,
    /// What it is called.
    pub name: Clean,
    /// Both ends as typed; `None`: the oldest that is left, the newest.
    pub ends: (Option<String>, Option<String>),
    /// What is kept, as typed.
    pub filter: Option<String>,
    /// How it is written.
    pub format: Format,
    /// In which order.
    pub order: Order,
    /// Whether senders are named.
    pub names: bool,
    /// Whether people are shown by pseudonyms.
    pub mask_ids: bool,
    /// The file or its folder, as typed; `None`: a name of ours, where we are.
    pub file: Option<String>,
    /// Why it was not begun.
    pub refused: Option<Clean>,
}

impl Draft {
    /// Everything of a conversation, or what is selected and what is filtered of it.
    #[must_use]
    pub fn new(
        conversation: Conversation,
        name: Clean,
        selected: Option<Stretch>,
        filter: Option<String>,
    ) -> Self {
        let text = |seq: Seq| seq.get().to_string();
        Self {
            conversation,
            name,
            ends: (
                selected.map(|stretch| text(stretch.first())),
                selected.map(|stretch| text(stretch.last())),
            ),
            filter,
            format: Format::default(),
            order: Order::default(),
            names: false,
            mask_ids: false,
            file: None,
            refused: None,
        }
    }

    /// The range as it is typed: `812..1233`; empty for everything.
    #[must_use]
    pub fn range_text(&self) -> String {
        match &self.ends {
            (None, None) => String::new(),
            (from, to) => {
                let end = |end: &Option<String>| end.clone().unwrap_or_default();
                format!("{}..{}", end(from), end(to))
            }
        }
    }

    /// The range in words.
    #[must_use]
    pub fn range_words(&self) -> Clean {
        let (from, to) = &self.ends;
        let from = from.as_deref().unwrap_or("the oldest left");
        let to = to.as_deref().unwrap_or("the newest now");
        clean(&format!("{from} to {to}")).one_line()
    }

    /// The file as it would be called.
    #[must_use]
    pub fn file_words(&self) -> Clean {
        let name = if self.mask_ids {
            masked_name(self.format)
        } else {
            default_name(&self.conversation, self.format)
        };
        let text = match self.file.as_deref() {
            None => format!("./{name}"),
            Some(folder) if folder.ends_with('/') => format!("{folder}{name}"),
            Some(file) => file.to_owned(),
        };
        clean(&text).one_line()
    }

    /// Takes what was typed; a range without `..` in it changes nothing.
    pub fn set(&mut self, part: Part, text: &str) {
        self.refused = None;
        let some = Some(text.to_owned()).filter(|text| !text.is_empty());
        match part {
            Part::Range => {
                if let Ok(ends) = ends(text) {
                    self.ends = ends;
                }
            }
            Part::Filter => self.filter = some,
            Part::File => self.file = some,
        }
    }

    /// What of the profile's calls a second it may take.
    #[must_use]
    pub fn share(calls_per_second: u32) -> u32 {
        let reserve = (calls_per_second / RESERVE).max(u32::from(calls_per_second > 1));
        calls_per_second.saturating_sub(reserve).max(1)
    }

    /// The next format.
    pub fn turn_format(&mut self) {
        self.format = match self.format {
            Format::Jsonl => Format::Csv,
            Format::Csv => Format::Markdown,
            Format::Markdown => Format::Html,
            Format::Html => Format::Jsonl,
        };
    }

    /// The other order.
    pub fn turn_order(&mut self) {
        self.order = match self.order {
            Order::Ascending => Order::Descending,
            Order::Descending => Order::Ascending,
        };
    }

    /// What is asked of the engine.
    #[must_use]
    pub fn plan(&self, calls_per_second: u32, zone: &Zone, now: Option<Timestamp>) -> Plan {
        let (from, to) = self.ends.clone();
        Plan {
            conversation: self.conversation.clone(),
            from,
            to,
            filter: self.filter.clone(),
            format: self.format,
            order: self.order,
            names: self.names,
            mask_ids: self.mask_ids,
            rate: Self::share(calls_per_second),
            // It may be gone on with where the machine's own zone is another.
            zone: zone.lasting(),
            now,
        }
    }
}

/// What a range is typed as, without a word about what its ends mean: two ends with `..`
/// between them, either may be missing.
///
/// # Errors
/// There is no `..` in it.
pub(super) fn ends(text: &str) -> Result<(Option<String>, Option<String>), &'static str> {
    let end = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    match text.split_once("..") {
        Some((from, to)) => Ok((end(from), end(to))),
        None if text.trim().is_empty() => Ok((None, None)),
        None => Err("two ends with .. between them; either may be left out: 812..1233, 14:00.."),
    }
}

/// A format in words.
#[must_use]
pub(super) const fn format_words(format: Format) -> &'static str {
    match format {
        Format::Jsonl => "JSON Lines: everything, one record a line",
        Format::Csv => "CSV: a table for spreadsheets",
        Format::Markdown => "Markdown: a list for reading",
        Format::Html => "HTML: one plain page",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::GroupId;

    fn draft() -> Draft {
        let conversation = Conversation::group(GroupId::new("../G"));
        Draft::new(conversation, Clean::from("G"), None, None)
    }

    #[test]
    fn a_range_goes_in_and_comes_out_as_typed() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(ends(" "), Ok((None, None)));
        assert_eq!(ends("812..1233"), Ok((some("812"), some("1233"))));
        assert_eq!(ends(" 14:00 .."), Ok((some("14:00"), None)));
        assert_eq!(ends(".."), Ok((None, None)));
        assert!(ends("812").is_err());
        let mut draft = draft();
        assert_eq!(draft.range_text(), "");
        draft.ends = ends("..15:00").expect("a range");
        assert_eq!(draft.range_text(), "..15:00");
    }

    #[test]
    fn the_reader_keeps_a_part_of_the_calls() {
        let shares = [1, 2, 9, 20, 200].map(Draft::share);
        assert_eq!(shares, [1, 1, 8, 18, 180]);
    }

    #[test]
    fn the_file_is_named_here_or_in_the_folder() {
        let mut draft = draft();
        let ours = default_name(&draft.conversation, Format::Jsonl);
        assert_eq!(draft.file_words().as_str(), format!("./{ours}"));
        draft.file = Some("/tmp/".to_owned());
        assert_eq!(draft.file_words().as_str(), format!("/tmp/{ours}"));
        draft.file = Some("case\u{1b}7".to_owned());
        assert!(!draft.file_words().as_str().contains('\u{1b}'));
    }
}
