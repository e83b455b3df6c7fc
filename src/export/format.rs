//! The forms in which records leave. Pure: records in, bytes out.

use serde::{Deserialize, Serialize};

use super::manifest::Manifest;
use super::record::Record;
use super::{page, table};

/// How records are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// JSON Lines: lossless, one record a line, a manifest first and last
    #[default]
    Jsonl,
    /// A table for spreadsheets, which runs no formulas
    Csv,
    /// A list for reading and for tickets
    Markdown,
    /// One plain page without scripts
    Html,
}

impl Format {
    /// What a file's name ends with.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Markdown => "md",
            Self::Html => "html",
        }
    }

    /// Whether the manifest stands in the file; else it is a file beside it.
    #[must_use]
    pub const fn holds_manifest(self) -> bool {
        matches!(self, Self::Jsonl)
    }

    /// Everything in front of the records.
    #[must_use]
    pub fn head(self, manifest: &Manifest) -> Vec<u8> {
        match self {
            Self::Jsonl => line(manifest.to_json()),
            Self::Csv => table::head(),
            Self::Markdown => page::markdown_head(manifest).into_bytes(),
            Self::Html => page::html_head(manifest).into_bytes(),
        }
    }

    /// One record.
    #[must_use]
    pub fn record(self, record: &Record) -> Vec<u8> {
        match self {
            Self::Jsonl => line(record.to_json()),
            Self::Csv => table::record(record),
            Self::Markdown => page::markdown_record(record).into_bytes(),
            Self::Html => page::html_record(record).into_bytes(),
        }
    }

    /// Everything behind the records.
    #[must_use]
    pub fn foot(self, manifest: &Manifest) -> Vec<u8> {
        match self {
            Self::Jsonl => line(manifest.to_json()),
            Self::Csv => Vec::new(),
            Self::Markdown => page::markdown_foot(manifest).into_bytes(),
            Self::Html => page::html_foot(manifest).into_bytes(),
        }
    }
}

fn line(mut json: String) -> Vec<u8> {
    json.push('\n');
    json.into_bytes()
}
