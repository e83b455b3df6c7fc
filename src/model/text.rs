//! The sanitiser (stub until merged).
#![allow(warnings)]
use std::ops::Range;
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clean {
    text: String,
    marks: Vec<(Range<usize>, Mark)>,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    Control,
    Hidden,
    Lost,
    Cut,
}
impl Clean {
    pub fn as_str(&self) -> &str {
        &self.text
    }
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
    pub fn width(&self) -> usize {
        width(&self.text)
    }
    pub fn parts(&self) -> impl Iterator<Item = (&str, Option<Mark>)> {
        std::iter::once((self.text.as_str(), None))
    }
    pub fn ours(text: impl AsRef<str>) -> Self {
        clean(text.as_ref())
    }
    pub fn push(&mut self, other: &Clean) {
        self.text.push_str(&other.text)
    }
    pub fn push_ours(&mut self, t: &str) {
        self.text.push_str(t)
    }
    pub fn one_line(&self) -> Clean {
        self.clone()
    }
    pub fn truncate(&self, width: usize) -> Clean {
        self.clone()
    }
    pub fn wrap(&self, width: usize) -> Vec<Clean> {
        vec![self.clone()]
    }
}
impl From<&'static str> for Clean {
    fn from(t: &'static str) -> Self {
        Self {
            text: t.to_owned(),
            marks: vec![],
        }
    }
}
pub fn clean(text: &str) -> Clean {
    Clean {
        text: text.chars().filter(|c| !c.is_control()).collect(),
        marks: vec![],
    }
}
pub fn clean_bytes(b: &[u8]) -> Clean {
    clean(&String::from_utf8_lossy(b))
}
pub fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}
