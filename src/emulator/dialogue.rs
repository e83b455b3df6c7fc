//! Endless support conversations, made of templates: message n of a chat
//! depends on (seed, n) only.

use std::sync::LazyLock;

use serde::Deserialize;

use super::said::{Said, json};
use super::{catalogue, mix, pick};

const DIALOGUES: &str = include_str!("../../assets/demo/dialogues.toml");

/// Lines of each template, so that the place of a message in its conversation
/// is a division.
pub(super) const LINES: u32 = 8;

#[derive(Debug, Deserialize)]
struct Material {
    agents: Vec<String>,
    customers: Vec<String>,
    items: Vec<String>,
    cities: Vec<String>,
    dialogue: Vec<Template>,
}

/// `who` has a letter for each line: C the customer, A the agent, B the robot.
/// A line `@name` stands for the elements of that name.
#[derive(Debug, Deserialize)]
struct Template {
    who: String,
    lines: Vec<String>,
}

static MATERIAL: LazyLock<Material> =
    LazyLock::new(|| toml::from_str(DIALOGUES).expect("the demo's dialogues parse"));

/// Which conversation `seq` belongs to, and which of its lines it is; from 0.
pub(super) fn place(seq: u32) -> (u32, u32) {
    let index = seq.saturating_sub(1);
    (index / LINES, index % LINES)
}

/// What message `seq` of the chat with this seed says.
pub(super) fn line(seed: u64, seq: u32) -> Said {
    let (block, index) = place(seq);
    let chance = |salt: u64| mix(seed ^ (salt << 48), block.into());
    let material = &*MATERIAL;
    let Some(template) = pick(&material.dialogue, chance(1)) else {
        return Said::text("nobody", "");
    };
    let index = usize::try_from(index).unwrap_or(0);
    let people = match template.who.as_bytes().get(index) {
        Some(b'C') => pick(&material.customers, chance(2)).map(String::as_str),
        Some(b'B') => Some("@RBT#assistant"),
        _ => pick(&material.agents, chance(3)).map(String::as_str),
    };
    let from = people.unwrap_or("nobody");
    let text = template.lines.get(index).map_or("", String::as_str);
    if let Some(body) = text.strip_prefix('@').and_then(catalogue::body) {
        return Said::raw(json(from), body);
    }
    let text = text
        // Order numbers of six digits, amounts below 300.
        .replace("{order}", &(100_000 + chance(4) % 900_000).to_string())
        .replace(
            "{amount}",
            &format!("{}.{:02}", 5 + chance(5) % 295, chance(6) % 100),
        )
        .replace(
            "{item}",
            pick(&material.items, chance(7)).map_or("", String::as_str),
        )
        .replace(
            "{city}",
            pick(&material.cities, chance(8)).map_or("", String::as_str),
        );
    Said::text(from, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_whole() {
        for template in &MATERIAL.dialogue {
            assert_eq!(template.lines.len(), 8, "{:?}", template.lines.first());
            assert_eq!(template.who.len(), 8, "{:?}", template.lines.first());
            for line in &template.lines {
                if let Some(name) = line.strip_prefix('@') {
                    assert!(catalogue::body(name).is_some(), "no elements called {name}");
                }
            }
        }
    }
}
