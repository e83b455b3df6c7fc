//! What somebody wants exported, and the export that comes of it.

use std::path::{Path, PathBuf};

use super::checkpoint::{Checkpoint, Options};
use super::format::Format;
use super::locate::{Ends, Finder, Located, Nowhere};
use super::manifest::{Asked, Order};
use super::run::{Export, Sink};
use super::service::Service;
use super::target::{Paths, default_name, masked_name, place};
use super::words::Refusal;
use crate::model::goto;
use crate::model::ids::{Conversation, SdkAppId};
use crate::model::message::Timestamp;
use crate::model::query::Query;
use crate::model::text::{Clean, clean};
use crate::model::time::{self, Zone};

/// What is wanted of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Whose.
    pub conversation: Conversation,
    /// Where it begins, as typed; `None`: with the oldest that is left.
    pub from: Option<String>,
    /// Where it ends, as typed; `None`: with the newest.
    pub to: Option<String>,
    /// What is kept, as typed; `None`: everything.
    pub filter: Option<String>,
    /// How records are written.
    pub format: Format,
    /// In which order.
    pub order: Order,
    /// Whether senders are named.
    pub names: bool,
    /// Whether people are shown by pseudonyms.
    pub mask_ids: bool,
    /// Calls a second.
    pub rate: u32,
    /// Of all times, those in `from`, `to` and `filter` too.
    pub zone: Zone,
    /// What `-2h` is before.
    pub now: Option<Timestamp>,
}

/// Who exports, for the manifest and the checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The name of the profile.
    pub profile: String,
    /// What it is called.
    pub label: Clean,
    /// Of which app it is.
    pub app: SdkAppId,
    /// The host it asks.
    pub host: String,
}

/// Why nothing can be begun.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// The filter cannot be read; what is wrong with it.
    #[error("{}", .0.as_str())]
    Filter(Clean),
    /// It was begun in another app.
    #[error("the export was begun in app {begun}, and the profile is of app {now}")]
    OtherApp {
        /// Its SDKAppID then.
        begun: u32,
        /// That of the profile.
        now: u32,
    },
    /// It was begun in a zone that this machine does not know.
    #[error(
        "the export was begun in zone {}, which is not known here",
        .0.as_str()
    )]
    OtherZone(Clean),
    /// Something is in the way.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl Plan {
    /// Whether the filter can be read, before anything is asked.
    ///
    /// # Errors
    /// [`Unfit::Filter`].
    pub fn query(&self) -> Result<Option<Query>, Unfit> {
        read_filter(self.filter.as_deref(), &self.zone, self.now)
    }

    /// Finds both ends.
    ///
    /// # Errors
    /// See [`Nowhere`].
    pub async fn locate<S: Service>(&self, service: &S) -> Result<Located, Nowhere> {
        let finder = Finder {
            service,
            conversation: &self.conversation,
            rate: self.rate,
            zone: &self.zone,
            now: self.now,
        };
        let ends = Ends {
            from: self.from.as_deref(),
            to: self.to.as_deref(),
        };
        finder.range(ends).await
    }

    /// The file it goes to: `out`, a name of ours in it where it is a folder, or in the
    /// working directory.
    #[must_use]
    pub fn file(&self, out: Option<&Path>) -> PathBuf {
        let name = if self.mask_ids {
            masked_name(self.format)
        } else {
            default_name(&self.conversation, self.format)
        };
        place(out, &name)
    }

    /// Begins it where it was found to be; touches the disk, asks nobody. `started` is the
    /// moment the work began.
    ///
    /// # Errors
    /// See [`Unfit`].
    pub fn begin(
        self,
        origin: &Origin,
        found: &Located,
        started: Option<Timestamp>,
        sink: Sink,
    ) -> Result<Export, Unfit> {
        let query = self.query()?;
        let asked = Asked {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            profile: origin.label.as_str().to_owned(),
            sdk_app_id: origin.app.0,
            endpoint: origin.host.clone(),
            group: self.conversation.group.as_str().to_owned(),
            topic: self
                .conversation
                .topic
                .as_ref()
                .map(|topic| topic.as_str().to_owned()),
            from: found.range.first().get(),
            to: found.range.last().get(),
            head: found.head.get(),
            order: self.order,
            filter: self.filter,
            zone: self.zone.name().to_owned(),
            names: self.names,
            mask_ids: self.mask_ids,
            format: self.format,
            started: stamp(started, &self.zone),
        };
        let options = Options {
            asked,
            profile_name: origin.profile.clone(),
            rate: self.rate,
            now: self.now.map(Timestamp::seconds),
        };
        Ok(Export::begin(
            options,
            found.calls,
            (query, self.zone),
            sink,
        )?)
    }
}

/// Goes on with an export that did not finish, with its own options, but for the calls a
/// second. Gives the zone of its times too.
///
/// # Errors
/// See [`Unfit`].
pub fn go_on(
    mut checkpoint: Checkpoint,
    (app, rate): (SdkAppId, Option<u32>),
    (paths, force): (Paths, bool),
) -> Result<(Export, Zone), Unfit> {
    let options = &mut checkpoint.options;
    if options.asked.sdk_app_id != app.0 {
        return Err(Unfit::OtherApp {
            begun: options.asked.sdk_app_id,
            now: app.0,
        });
    }
    options.rate = rate.unwrap_or(options.rate);
    let zone = Zone::parse(&options.asked.zone, &Zone::system());
    let zone = zone.map_err(|unknown| Unfit::OtherZone(clean(&unknown.name).one_line()))?;
    let now = options.now.and_then(Timestamp::new);
    let query = read_filter(options.asked.filter.as_deref(), &zone, now)?;
    let export = Export::resume(checkpoint, (query, zone.clone()), paths, force)?;
    Ok((export, zone))
}

/// A moment as the manifest has it (RFC 3339); empty where nobody knows it.
#[must_use]
pub fn stamp(moment: Option<Timestamp>, zone: &Zone) -> String {
    moment
        .and_then(|moment| time::rfc3339(moment, zone))
        .unwrap_or_default()
}

fn read_filter(
    text: Option<&str>,
    zone: &Zone,
    now: Option<Timestamp>,
) -> Result<Option<Query>, Unfit> {
    let read_time = |text: &str| goto::read_time(text, zone, now);
    let read = |text| Query::parse(text, &read_time);
    let query = text.map(read).transpose();
    query.map_err(|wrong| Unfit::Filter(clean(&wrong.words)))
}
