//! Records as CSV: what a spreadsheet opens without running anything.

use super::record::Record;
use crate::model::ids::UserId;
use crate::model::text::{Clean, clean};

/// The first row: the keys of the JSON records, in their order.
pub(super) const COLUMNS: [&str; 8] = [
    "seq", "time", "sender", "name", "state", "kinds", "text", "raw",
];

/// The names of the columns.
pub(super) fn head() -> Vec<u8> {
    row(&COLUMNS.map(str::to_owned))
}

/// One row. `raw` is the JSON of the JSON records; kinds stand with blanks between them.
pub(super) fn record(record: &Record) -> Vec<u8> {
    let sender = record.sender.as_ref().map(UserId::as_str);
    let shown = |text: Option<&str>| cell(clean(text.unwrap_or_default()).one_line().as_str());
    row(&[
        record.seq.to_string(),
        record.time.clone().unwrap_or_default(),
        shown(sender),
        shown(record.name.as_ref().map(Clean::as_str)),
        record.state.word().to_owned(),
        record.kinds.join(" "),
        cell(record.text.as_str()),
        cell(&record.raw_json().unwrap_or_default()),
    ])
}

/// RFC 4180: quotes where they are needed, CR LF at the end.
fn row(cells: &[String]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(cells);
    writer.into_inner().unwrap_or_default()
}

/// The text, with a quote in front where a spreadsheet would take it for a formula: also
/// behind blanks, and in the full-width forms that some of them read.
fn cell(text: &str) -> String {
    let signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let breaks = text.starts_with(['\t', '\r', '\n']);
    if breaks || text.trim_start().starts_with(signs) {
        return format!("'{text}");
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_as_a_formula() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            " =1",
            "\u{3000}＝1",
            "\t=1",
            "\rx",
            "\nx",
            "－1",
        ] {
            assert_eq!(cell(text), format!("'{text}"));
        }
        for text in ["", "a=1", "'=1", "1-1", "{\"a\":1}"] {
            assert_eq!(cell(text), text);
        }
    }

    #[test]
    fn cells_are_quoted_by_the_letter() {
        let cells = ["a\"b", "c,d", "", "e"].map(str::to_owned);
        assert_eq!(row(&cells), b"\"a\"\"b\",\"c,d\",,e\r\n");
    }
}
