//! `portrait_get`: nicknames and pictures.

use serde_json::{Map, Value, json};

use super::super::fields::Fields;
use super::super::reply::{Refusal, success};
use super::Context;

/// Most accounts of one question.
const MOST: usize = 100;

/// What a standard tag begins with, and a custom one.
const TAGS: [&str; 2] = ["Tag_Profile_IM_", "Tag_Profile_Custom_"];

pub(super) fn get(
    fields: Fields<'_>,
    context: &Context<'_>,
) -> Result<Map<String, Value>, Refusal> {
    let accounts = fields.accounts("To_Account", MOST)?.unwrap_or_default();
    if accounts.is_empty() {
        return Err(Refusal::of(40_002));
    }
    let tags = fields.strings("TagList", usize::MAX)?;
    let tags = tags.ok_or_else(|| fields.bad("TagList is required"))?;
    if let Some(unknown) = tags
        .iter()
        .find(|tag| !TAGS.iter().any(|known| tag.starts_with(known)))
    {
        return Err(Refusal::because(40_009, unknown));
    }
    let (mut items, mut failed) = (Vec::new(), Vec::new());
    for account in accounts {
        let Some(user) = context.world.user(account) else {
            if context.knobs.strict_portraits {
                return Err(Refusal::of(40_003));
            }
            failed.push(account);
            items.push(json!({
                "ResultCode": 40_003,
                "ResultInfo": "Err_Profile_Comm_Invalid_Account",
                "To_Account": account,
            }));
            continue;
        };
        let value = |tag: &str| match tag {
            "Tag_Profile_IM_Nick" => Some(&user.nick),
            "Tag_Profile_IM_Image" => Some(&user.image),
            _ => None,
        };
        // What was never set is not listed.
        let set = tags
            .iter()
            .filter_map(|tag| Some((tag, value(tag).filter(|value| !value.is_empty())?)));
        let set: Vec<Value> = set
            .map(|(tag, value)| json!({"Tag": tag, "Value": value}))
            .collect();
        items.push(json!({
            "ProfileItem": set,
            "ResultCode": 0,
            "ResultInfo": "",
            "To_Account": account,
        }));
    }
    let mut reply = success("", json!({"ErrorDisplay": "", "UserProfileItem": items}));
    if !failed.is_empty() {
        reply.insert("Fail_Account".to_owned(), json!(failed));
    }
    Ok(reply)
}
