//! `groups` and `info`: which groups there are, and what is known of them.

use std::io::Write;

use serde_json::{Value, json};

use super::{Out, VerbError, event_loop};
use crate::api::{Access, Client};
use crate::cli::Exit;
use crate::export::persist;
use crate::model::error::ApiError;
use crate::model::group::{GroupAnswer, GroupInfo, GroupType, Told};
use crate::model::ids::{GroupId, UserId};
use crate::model::message::Timestamp;
use crate::model::text::clean;
use crate::model::time::{self, Zone};

/// Groups that `get_group_info` takes in one call (api-facts 4.2).
const AT_ONCE: usize = 50;

/// What is to be listed, and how.
#[derive(Debug, Clone)]
pub struct Listing {
    /// Only groups that this user is in.
    pub member: Option<UserId>,
    /// Only groups of this type.
    pub kind: Option<GroupType>,
    /// JSON, a line for each group.
    pub json: bool,
    /// The zone of times.
    pub zone: Zone,
}

/// `groups`: a line for each group of the app, or of one user.
///
/// Lines are printed as they come. Exit 4 where a call failed after some were.
///
/// # Errors
/// Nothing could be listed, or nothing can be written.
pub fn groups(
    access: Access,
    listing: &Listing,
    out: &mut Out<impl Write>,
) -> Result<Exit, VerbError> {
    let client = Client::new(access);
    event_loop()?.block_on(async {
        let mut printed = 0_usize;
        let ended = match &listing.member {
            Some(user) => of_user(&client, user, listing, (out, &mut printed)).await,
            None => of_app(&client, listing, (out, &mut printed)).await,
        };
        match ended {
            Err(VerbError::Service(error)) if printed > 0 => Err(VerbError::Cut(error)),
            other => other.map(|()| Exit::Good),
        }
    })
}

/// Where lines go, and how many went.
type Printer<'a, W> = (&'a mut Out<W>, &'a mut usize);

async fn of_app(
    client: &Client,
    listing: &Listing,
    (out, printed): Printer<'_, impl Write>,
) -> Result<(), VerbError> {
    let mut next = 0;
    loop {
        let list = persist(|| client.group_ids(next)).await?;
        for ids in list.ids.chunks(AT_ONCE) {
            let answers = persist(|| client.group_info(ids)).await?;
            for answer in whole(ids, answers) {
                *printed += usize::from(print(listing, &answer.id, &answer.info, out)?);
            }
        }
        // A cursor that stays where it is would be asked for without end.
        match list.next.filter(|&after| after != next) {
            Some(after) => next = after,
            None => return Ok(()),
        }
    }
}

async fn of_user(
    client: &Client,
    user: &UserId,
    listing: &Listing,
    (out, printed): Printer<'_, impl Write>,
) -> Result<(), VerbError> {
    let mut offset = 0;
    loop {
        let joined = persist(|| client.joined_groups(user, offset)).await?;
        let Ok(count) = u32::try_from(joined.groups.len()) else {
            return Ok(());
        };
        for (id, info) in joined.groups {
            *printed += usize::from(print(listing, &id, &Ok(info), out)?);
        }
        offset += count;
        let more = joined.total.is_some_and(|total| u64::from(offset) < total);
        if count == 0 || !more {
            return Ok(());
        }
    }
}

/// `info`: everything the service says of one group. Exit 3 where it refuses.
///
/// # Errors
/// The service cannot be asked, or nothing can be written.
pub fn info(
    access: Access,
    (group, json): (&GroupId, bool),
    zone: &Zone,
    out: &mut Out<impl Write>,
) -> Result<Exit, VerbError> {
    let client = Client::new(access);
    let ids = [group.clone()];
    let asked = event_loop()?.block_on(persist(|| client.group_info(&ids)));
    let answer = whole(&ids, asked?).into_iter().next();
    let told = answer.map_or(Ok(GroupInfo::default()), |answer| answer.info);
    if json {
        out.json(&record(group, &told, zone))?;
    } else {
        for line in lines(group, &told, zone) {
            out.line(&line)?;
        }
    }
    Ok(if told.is_ok() {
        Exit::Good
    } else {
        Exit::Refused
    })
}

/// The answers in the order asked; a group that was left out has nothing known of it.
fn whole(ids: &[GroupId], mut answers: Vec<GroupAnswer>) -> Vec<GroupAnswer> {
    let answer = |id: &GroupId| {
        let at = answers.iter().position(|answer| answer.id == *id);
        at.map_or_else(
            || GroupAnswer {
                id: id.clone(),
                info: Ok(GroupInfo::default()),
            },
            |at| answers.swap_remove(at),
        )
    };
    ids.iter().map(answer).collect()
}

/// Prints a group that is to be listed; whether it was.
fn print(
    listing: &Listing,
    id: &GroupId,
    told: &Told,
    out: &mut Out<impl Write>,
) -> Result<bool, VerbError> {
    let is_meant = listing.kind.as_ref().is_none_or(|kind| {
        let of = told.as_ref().ok().and_then(|info| info.kind.as_ref());
        of == Some(kind)
    });
    if !is_meant {
        return Ok(false);
    }
    if listing.json {
        out.json(&record(id, told, &listing.zone))?;
    } else {
        out.line(&row(id, told, &listing.zone))?;
    }
    Ok(true)
}

/// One group in one line: what has a width of its own first, the name last.
fn row(id: &GroupId, told: &Told, zone: &Zone) -> String {
    let id = one_line(id.as_str());
    let info = match told {
        Ok(info) => info,
        Err((code, text)) => return format!("{id}  {code}: {}", one_line(text)),
    };
    let kind = info.kind.as_ref().map_or("-", GroupType::label);
    let last = info.last_message.map(|at| time::full(at, zone));
    let number = |number: Option<u32>| number.map_or_else(|| "-".to_owned(), |n| n.to_string());
    format!(
        "{last:<26}  {head:>10}  {members:>7}  {kind:<18}  {id}  {name}",
        last = last.as_deref().unwrap_or("-"),
        head = number(info.next_seq.map(|next| next.saturating_sub(1))),
        members = number(info.members),
        kind = one_line(kind),
        name = one_line(info.name.as_deref().unwrap_or_default()),
    )
    .trim_end()
    .to_owned()
}

/// What is known of a group, in this order everywhere.
fn fields(id: &GroupId, told: &Told, zone: &Zone) -> Vec<(&'static str, Value)> {
    let id = ("id", json!(id.as_str()));
    let info = match told {
        Ok(info) => info,
        Err((code, text)) => return vec![id, ("error", json!({ "code": code, "info": text }))],
    };
    let at = |at: Option<Timestamp>| Some(json!(time::rfc3339(at?, zone)?));
    let text = |text: &Option<String>| text.as_ref().map(|text| json!(text));
    let number = |number: Option<u32>| number.map(|number| json!(number));
    let flag = |flag: Option<bool>| flag.map(|flag| json!(flag));
    let head = info.next_seq.map(|next| next.saturating_sub(1));
    let owner = info.owner.as_ref().map(|user| json!(user.as_str()));
    let known = [
        ("name", text(&info.name)),
        ("type", info.kind.as_ref().map(|kind| json!(kind.name()))),
        ("members", number(info.members)),
        ("max_members", number(info.max_members)),
        ("head", number(head)),
        ("last_message", at(info.last_message)),
        ("created", at(info.created)),
        ("owner", owner),
        ("muted", flag(info.muted)),
        ("topics", flag(info.topics)),
        ("join_option", text(&info.join_option)),
        ("notice", text(&info.notice)),
        ("introduction", text(&info.introduction)),
    ];
    let known = known.into_iter();
    let known = known.filter_map(|(key, value)| Some((key, value?)));
    std::iter::once(id).chain(known).collect()
}

/// One group as JSON: keys that nothing is known of are left out.
fn record(id: &GroupId, told: &Told, zone: &Zone) -> String {
    let members = fields(id, told, zone).into_iter();
    let members: Vec<_> = members
        .map(|(key, value)| format!(r#""{key}":{value}"#))
        .collect();
    format!("{{{}}}", members.join(","))
}

/// One group, a line for each thing known.
fn lines(id: &GroupId, told: &Told, zone: &Zone) -> Vec<String> {
    let line = |(key, value): (&str, Value)| {
        let words = if let Value::String(text) = &value {
            one_line(text)
        } else if let (Some(code), Some(info)) = (value.get("code"), value.get("info")) {
            format!("{code}: {}", one_line(info.as_str().unwrap_or_default()))
        } else {
            value.to_string()
        };
        // As wide as the longest key.
        format!("{key:<12}  {words}").trim_end().to_owned()
    };
    fields(id, told, zone).into_iter().map(line).collect()
}

fn one_line(text: &str) -> String {
    clean(text).one_line().as_str().to_owned()
}

impl From<ApiError> for VerbError {
    fn from(error: ApiError) -> Self {
        Self::Service(Box::new(error))
    }
}
