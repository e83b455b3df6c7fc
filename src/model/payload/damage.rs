//! Why decoding stopped.

use std::fmt;

/// Why nothing more was decoded from some byte on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// Of a protobuf tag: 6 and 7.
    WireType(u8),
    /// Field numbers go from 1 to 2^29 - 1.
    FieldNumber(u64),
    /// A number runs past the end.
    CutVarint,
    /// A number of more than 64 bits.
    LongVarint,
    /// A field is longer than what is left.
    Length {
        /// What it says, in bytes.
        wanted: u64,
        /// What there is, in bytes.
        left: u32,
    },
    /// A group ends that did not begin.
    StrayEnd(u32),
    /// A group does not end.
    OpenGroup(u32),
    /// Not JSON, for this reason.
    Json(&'static str),
    /// The compressed stream breaks off or is wrong.
    Compressed,
    /// A bound of ours, not the bytes, is the reason.
    Bound(Bound),
}

/// What keeps decoding short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bound {
    /// More bytes came than are looked at.
    Input,
    /// More bytes come out than are kept.
    Output,
    /// Too many nodes.
    Nodes,
    /// Too deep.
    Depth,
    /// Too much to try.
    Work,
}

impl Why {
    /// Whether it is our bound, not the bytes.
    #[must_use]
    pub const fn is_bound(self) -> bool {
        matches!(self, Self::Bound(_))
    }
}

impl fmt::Display for Why {
    /// A clause without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WireType(kind) => write!(f, "wire type {kind} does not exist"),
            Self::FieldNumber(number) => write!(f, "field number {number} does not exist"),
            Self::CutVarint => f.write_str("a number is cut off"),
            Self::LongVarint => f.write_str("a number is longer than 64 bits"),
            Self::Length { wanted, left } => {
                write!(f, "{wanted} bytes are announced, {left} are left")
            }
            Self::StrayEnd(number) => write!(f, "group {number} ends and never began"),
            Self::OpenGroup(number) => write!(f, "group {number} does not end"),
            Self::Json(what) => f.write_str(what),
            Self::Compressed => f.write_str("the compressed bytes are cut off or wrong"),
            Self::Bound(bound) => bound.fmt(f),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Input => "not decoded: more than 1 MiB came",
            Self::Output => "not decoded: more than 4 MiB come out",
            Self::Nodes => "not decoded: more than 20,000 parts",
            Self::Depth => "not decoded: more than 64 levels",
            Self::Work => "not decoded: too many ways to read it",
        })
    }
}
