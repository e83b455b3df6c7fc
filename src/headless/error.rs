//! Why a verb did not come to its end, and how the program ends then.

use std::io;

use crate::cli::Exit;
use crate::export::{Interrupted, Nowhere, Refusal, Unfit, Unverifiable};
use crate::model::error::ApiError;
use crate::model::text::Clean;

/// Why a verb did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum VerbError {
    /// What was found could not be written.
    #[error("cannot write the result: {0}")]
    Output(#[from] io::Error),
    /// What is to be decoded could not be read.
    #[error("cannot read standard input: {0}")]
    Input(io::Error),
    /// The event loop of a verb could not be set up.
    #[error("cannot start: {0}")]
    Start(io::Error),
    /// What was typed cannot be read.
    #[error("{0}")]
    Typed(String),
    /// What was asked for is not there.
    #[error("{0}")]
    NotFound(String),
    /// The service refused, or could not be reached.
    #[error("{0}")]
    Service(Box<ApiError>),
    /// As that, after some of the result was written.
    #[error("{0}; what was written so far is not all")]
    Cut(Box<ApiError>),
    /// A filter cannot be read.
    #[error("--filter: {0}")]
    Filter(Clean),
    /// There is nothing to export, or the service does not say.
    #[error(transparent)]
    Nowhere(#[from] Nowhere),
    /// Something is in the way of an export.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// An export cannot be begun or gone on with.
    #[error(transparent)]
    Unfit(Unfit),
    /// An export did not come to its end.
    #[error("{cause}{hint}", hint = hint.as_str())]
    Interrupted {
        /// What happened.
        cause: Interrupted,
        /// How to go on.
        hint: Clean,
    },
    /// A file that cannot be verified.
    #[error("{}: {cause}", file.as_str())]
    Unverifiable {
        /// Which.
        file: Clean,
        /// What is the matter.
        cause: Unverifiable,
    },
    /// The embedded service could not take its port.
    #[error("port {port} of 127.0.0.1: {cause}; choose another with --port, or 0 for a free one")]
    Port {
        /// Which port.
        port: u16,
        /// The system's word.
        cause: io::Error,
    },
}

impl From<Unfit> for VerbError {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Filter(words) => Self::Filter(words),
            Unfit::Refused(refusal) => Self::Refusal(refusal),
            other @ (Unfit::OtherApp { .. } | Unfit::OtherZone(_)) => Self::Unfit(other),
        }
    }
}

impl VerbError {
    /// How the program ends with it.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Output(_) | Self::Cut(_) | Self::Interrupted { .. } => Exit::Incomplete,
            Self::Service(_) | Self::Nowhere(Nowhere::Refused(_)) => Exit::Refused,
            Self::NotFound(_) | Self::Nowhere(Nowhere::Empty(_)) => Exit::Wanting,
            Self::Nowhere(Nowhere::Unreadable { .. })
            | Self::Refusal(_)
            | Self::Unfit(_)
            | Self::Filter(_)
            | Self::Unverifiable { .. }
            | Self::Typed(_)
            | Self::Input(_)
            | Self::Start(_)
            | Self::Port { .. } => Exit::Usage,
        }
    }
}
