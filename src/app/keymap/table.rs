//! The rows of the key table.

use super::{Binding, Place};
use crate::app::action::Action;

const fn row(
    place: Place,
    action: Action,
    keys: &'static [&'static str],
    texts: (&'static str, &'static str),
) -> Binding {
    Binding {
        place,
        name: texts.0,
        action,
        keys,
        words: texts.1,
        short: None,
    }
}

const fn shown(mut binding: Binding, short: &'static str) -> Binding {
    binding.short = Some(short);
    binding
}

use Action as A;
use Place::{
    Audit, Chart, Copy, Detail, Everywhere, Export, Groups, Lists, Marks, Messages, Prompts,
};

/// The table.
#[rustfmt::skip]
pub const TABLE: &[Binding] = &[
    shown(row(Everywhere, A::Help, &["?"], ("help", "keys of this place")), "help"),
    row(Everywhere, A::Palette, &[":"], ("palette", "every action by name")),
    shown(row(Everywhere, A::NextPane, &["tab"], ("next-pane", "next pane")), "pane"),
    row(Everywhere, A::PrevPane, &["backtab"], ("previous-pane", "previous pane")),
    shown(row(Everywhere, A::Open, &["o"], ("open", "open a group ID, topic ID or permalink")), "open"),
    shown(row(Everywhere, A::GoTo, &["g"], ("go-to", "go to a time, date, seq, message ID; gg the start")), "go to"),
    row(Everywhere, A::PreviousConversation, &["-"], ("previous-conversation", "the conversation before this one")),
    row(Everywhere, A::Back, &["ctrl-o"], ("back", "back from a jump")),
    shown(row(Everywhere, A::Zoom, &["+"], ("zoom", "this pane alone, and back")), "zoom"),
    row(Everywhere, A::Refresh, &["R"], ("refresh", "ask again for what is on screen and the newest")),
    row(Everywhere, A::Retry, &["r"], ("retry", "retry what failed")),
    row(Everywhere, A::CycleZone, &["z"], ("zone", "next zone: local, UTC, Asia/Shanghai, configured")),
    row(Everywhere, A::ToggleMouse, &[], ("mouse", "mouse capture on and off")),
    row(Everywhere, A::PlainPage, &["P"], ("plain-page", "the message or selection plain, off this screen")),
    row(Everywhere, A::Repaint, &["ctrl-l"], ("repaint", "paint the screen again")),
    row(Everywhere, A::Suspend, &["ctrl-z"], ("suspend", "stop and return to the shell (fg comes back)")),
    shown(row(Everywhere, A::Close, &["q"], ("close", "close the top layer, else quit")), "quit"),
    row(Everywhere, A::Cancel, &["ctrl-c"], ("cancel", "cancel what runs; nothing runs: twice quits")),

    row(Lists, A::Down, &["j", "down"], ("down", "down")),
    row(Lists, A::Up, &["k", "up"], ("up", "up")),
    row(Lists, A::PageDown, &["space", "pagedown"], ("page-down", "a page down")),
    row(Lists, A::PageUp, &["b", "pageup"], ("page-up", "a page up")),
    row(Lists, A::HalfDown, &["ctrl-d"], ("half-page-down", "half a page down")),
    row(Lists, A::HalfUp, &["ctrl-u"], ("half-page-up", "half a page up")),
    row(Lists, A::Top, &["home"], ("start", "to the start; in messages the oldest that is left")),
    row(Lists, A::Bottom, &["end", "G"], ("end", "to the end")),
    row(Lists, A::In, &["enter", "l", "right"], ("in", "open, unfold, go in")),
    row(Lists, A::Out, &["esc", "h", "left"], ("out", "fold, go out")),

    shown(row(Groups, A::FilterGroups, &["/"], ("filter", "show groups whose name or ID has these words")), "filter"),
    shown(row(Groups, A::UserGroups, &["u"], ("user", "groups of a user")), "user's groups"),
    shown(row(Groups, A::Pin, &["p"], ("pin", "pin to the top, and unpin")), "pin"),
    shown(row(Groups, A::Sort, &["s"], ("sort", "sort by last activity, name or type")), "sort"),

    row(Messages, A::ScrollDown, &["ctrl-e"], ("scroll-down", "one line down, the selection stays")),
    row(Messages, A::ScrollUp, &["ctrl-y"], ("scroll-up", "one line up, the selection stays")),
    shown(row(Messages, A::Search, &["/"], ("search", "search back in time; the same words as in a filter")), "search"),
    row(Messages, A::SearchOlder, &["n"], ("search-older", "next hit towards older; goes on after a stop")),
    row(Messages, A::SearchNewer, &["N"], ("search-newer", "next hit towards newer")),
    shown(row(Messages, A::Filter, &["f"], ("filter", "show only what matches: from:ID is:recalled ctx:2")), "filter"),
    shown(row(Messages, A::Audit, &["a"], ("audit", "what is missing, silent, doubled in what is loaded")), "audit"),
    shown(row(Messages, A::Chart, &["t"], ("chart", "the group as a picture, by seq and over time")), "chart"),
    shown(row(Messages, A::Follow, &["F"], ("follow", "look for new messages, and stop")), "follow"),
    shown(row(Messages, A::Card, &["u"], ("card", "the sender: role, joined, muted, read up to")), "sender"),
    shown(row(Messages, A::Mark, &["m"], ("mark", "mark this message, with a note or without")), "mark"),
    row(Messages, A::Marks, &["'", "M"], ("marks", "the marks of this conversation")),
    row(Messages, A::SenderOlder, &["s", "*"], ("sender-older", "the previous message of the same sender")),
    row(Messages, A::SenderNewer, &["S", "#"], ("sender-newer", "the next message of the same sender")),
    row(Messages, A::HourBack, &[","], ("hour-back", "an hour back")),
    row(Messages, A::HourForward, &["."], ("hour-forward", "an hour forward")),
    row(Messages, A::DayBack, &["<"], ("day-back", "a day back")),
    row(Messages, A::DayForward, &[">"], ("day-forward", "a day forward")),
    shown(row(Messages, A::Select, &["v"], ("select", "select from here to where you move; again: end it")), "select"),
    shown(row(Messages, A::Copy, &["y", "c"], ("copy", "copy: text, ticket block, JSON, hex, link, IDs, URLs")), "copy"),
    shown(row(Messages, A::Export, &["e"], ("export", "export to a file, behind the panes")), "export"),
    shown(row(Messages, A::ToggleNames, &["i"], ("names", "names or IDs")), "names/IDs"),
    shown(row(Messages, A::ToggleWrap, &["w"], ("wrap", "whole messages or one line each")), "wrap"),
    shown(row(Messages, A::ToggleRaw, &["x"], ("raw", "the message's own JSON")), "raw JSON"),

    shown(row(Detail, A::ViewText, &["1"], ("text", "as text")), "text"),
    shown(row(Detail, A::ViewJson, &["2"], ("json", "as JSON")), "JSON"),
    shown(row(Detail, A::ViewHex, &["3"], ("hex", "as hex; again: code points up to U+00FF as bytes")), "hex"),
    shown(row(Detail, A::ViewDecoded, &["4"], ("decoded", "what an app packed into it, as a tree")), "decoded"),
    row(Detail, A::Fold, &["enter"], ("fold", "in the tree: fold or unfold; else into a forward")),
    shown(row(Detail, A::Copy, &["c"], ("copy", "copy: text, ticket block, JSON, hex, link, IDs, URLs")), "copy"),
    row(Detail, A::CopyNode, &["y"], ("copy-node", "in the tree: copy the node as JSON; else as copy")),
    shown(row(Detail, A::NextElement, &["."], ("next-element", "next element")), "next element"),
    row(Detail, A::PrevElement, &[","], ("previous-element", "previous element")),
    shown(row(Detail, A::NextMessage, &["J"], ("next-message", "next message, same view")), "next message"),
    row(Detail, A::PrevMessage, &["K"], ("previous-message", "previous message, same view")),
    row(Detail, A::Find, &["/"], ("find", "find here")),
    row(Detail, A::FindNext, &["n"], ("find-next", "next place found")),
    row(Detail, A::FindPrev, &["N"], ("find-previous", "previous place found")),
    row(Detail, A::ToggleWrap, &["w"], ("wrap", "wrap long lines or cut them")),
    row(Detail, A::ToggleRaw, &["x"], ("raw", "the message's own JSON")),

    shown(row(Audit, A::AuditRange, &["a"], ("range", "audit another range")), "range"),
    shown(row(Audit, A::Fill, &["L"], ("load", "load what is missing of the run or the range")), "load"),

    shown(row(Chart, A::CursorLeft, &["h", "left"], ("left", "a column to the left: older")), "older"),
    shown(row(Chart, A::CursorRight, &["l", "right"], ("right", "a column to the right: newer")), "newer"),
    row(Chart, A::Down, &["j", "down"], ("over-time", "the lower picture: what is loaded over time")),
    row(Chart, A::Up, &["k", "up"], ("by-seq", "the upper picture: the whole group by seq")),

    shown(row(Marks, A::Unmark, &["d", "delete"], ("remove", "remove the mark")), "remove"),

    shown(row(Copy, A::CopyText, &["y"], ("text", "text")), "text"),
    shown(row(Copy, A::CopyTicket, &["t"], ("ticket", "block for a ticket, everything accounted for")), "ticket"),
    shown(row(Copy, A::CopyJson, &["j"], ("json", "raw JSON, as the service sent it")), "JSON"),
    shown(row(Copy, A::CopyHex, &["h"], ("hex", "hex dump of that")), "hex"),
    shown(row(Copy, A::CopyLink, &["l"], ("link", "permalink: tim-history open takes it")), "link"),
    shown(row(Copy, A::CopyIds, &["i"], ("ids", "IDs: group, seq, sender, MsgRandom, keys")), "IDs"),
    shown(row(Copy, A::CopyUrls, &["u"], ("urls", "addresses of its media")), "URLs"),
    shown(row(Copy, A::CopyRequest, &["r"], ("request", "request behind its page, without the secret")), "request"),
    shown(row(Copy, A::ToggleMask, &["m"], ("mask", "mask IDs and names, for outsiders")), "mask"),

    shown(row(Export, A::ExportStart, &["enter"], ("start", "begin; or go on with one that stopped")), "start"),
    shown(row(Export, A::ExportRange, &["r"], ("range", "which part: 812..1233, 14:00.., empty for everything")), "range"),
    shown(row(Export, A::ExportFilter, &["f"], ("filter", "only what matches")), "filter"),
    shown(row(Export, A::ExportFormat, &["t"], ("format", "next format: JSON Lines, CSV, Markdown, HTML")), "format"),
    shown(row(Export, A::ExportOrder, &["d"], ("order", "oldest or newest first")), "order"),
    shown(row(Export, A::ExportNames, &["n"], ("names", "names of senders too; costs some calls")), "names"),
    shown(row(Export, A::ToggleMask, &["m"], ("mask", "mask IDs and names, for outsiders")), "mask"),
    shown(row(Export, A::ExportFile, &["o"], ("file", "the file or its folder")), "file"),
    shown(row(Export, A::ExportPause, &["p"], ("pause", "pause, and go on")), "pause"),
    row(Export, A::Export, &["e"], ("another", "another one, once this has ended")),
    shown(row(Export, A::ExportStop, &["s"], ("stop", "stop; it can be gone on with")), "stop"),

    shown(row(Prompts, A::Submit, &["enter"], ("submit", "do it")), "do it"),
    shown(row(Prompts, A::Dismiss, &["esc", "ctrl-c", "ctrl-g"], ("cancel", "cancel")), "cancel"),
    row(Prompts, A::HistoryUp, &["up"], ("earlier", "what was typed before")),
    row(Prompts, A::HistoryDown, &["down"], ("later", "what was typed after")),
    row(Prompts, A::Complete, &["tab"], ("complete", "complete")),
    row(Prompts, A::CursorLeft, &["left"], ("left", "left")),
    row(Prompts, A::CursorRight, &["right"], ("right", "right")),
    row(Prompts, A::CursorStart, &["home", "ctrl-a"], ("start", "to the start")),
    row(Prompts, A::CursorEnd, &["end", "ctrl-e"], ("end", "to the end")),
    row(Prompts, A::EraseBack, &["backspace"], ("erase", "erase to the left; on empty: close")),
    row(Prompts, A::EraseForward, &["delete"], ("delete", "erase to the right")),
    row(Prompts, A::EraseWord, &["ctrl-w"], ("erase-word", "erase a word")),
    row(Prompts, A::EraseToStart, &["ctrl-u"], ("erase-all", "erase to the start")),
];
