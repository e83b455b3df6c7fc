//! The sanitiser: the only way from foreign text to anything a person or a terminal sees.

/// Text that is safe to show: the only text type that screen, clipboard, file
/// names, logs and stderr accept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clean {
    text: String,
    /// Where the text is not plain: byte ranges in order, not overlapping.
    marks: Vec<(std::ops::Range<usize>, Mark)>,
}

/// Why a stretch of clean text does not look as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A control character in visible form.
    Control,
    /// One marker cell for something without a shape of its own.
    Hidden,
    /// What was lost before it reached us.
    Lost,
    /// A note of ours: what was cut here.
    Cut,
}

impl Clean {
    /// The text, without any control or format character but newline and tab.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Text of our own making.
    #[must_use]
    pub fn ours(text: impl AsRef<str>) -> Self {
        clean(text.as_ref())
    }
}

impl From<&'static str> for Clean {
    fn from(text: &'static str) -> Self {
        Self {
            text: text.to_owned(),
            marks: Vec::new(),
        }
    }
}

/// Makes foreign text safe to show.
#[must_use]
pub fn clean(text: &str) -> Clean {
    Clean {
        text: text.chars().filter(|c| !c.is_control()).collect(),
        marks: Vec::new(),
    }
}
