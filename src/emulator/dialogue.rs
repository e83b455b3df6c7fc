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

/// Where a conversation belongs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Scene {
    /// Customers and agents of a shop.
    #[default]
    Shop,
    /// Colleagues among themselves.
    Team,
    /// Collectors.
    Club,
}

/// Who talks in a chat. Empty lists stand for the material's own people.
#[derive(Clone, Debug, Default)]
pub(super) struct Cast {
    pub(super) scene: Scene,
    pub(super) askers: Vec<String>,
    pub(super) answerers: Vec<String>,
}

/// `who` has a letter for each line: C the customer, A the agent, B the robot.
/// A line `@name` stands for the elements of that name.
#[derive(Debug, Deserialize)]
struct Template {
    #[serde(default)]
    scene: Scene,
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
pub(super) fn line(seed: u64, cast: &Cast, seq: u32) -> Said {
    let (block, index) = place(seq);
    let chance = |salt: u64| mix(seed ^ (salt << 48), block.into());
    let material = &*MATERIAL;
    let fitting = material.dialogue.iter();
    let fitting: Vec<&Template> = fitting.filter(|one| one.scene == cast.scene).collect();
    let Some(template) = pick(&fitting, chance(1)) else {
        return Said::text("nobody", "");
    };
    let index = usize::try_from(index).unwrap_or(0);
    let or_all = |own: &'static [String], cast: &[String], salt| {
        let all = if cast.is_empty() { own } else { cast };
        pick(all, chance(salt)).cloned().unwrap_or_default()
    };
    let asker = or_all(&material.customers, &cast.askers, 2);
    // Nobody talks to themselves.
    let others: Vec<String> = cast
        .answerers
        .iter()
        .filter(|one| **one != asker)
        .cloned()
        .collect();
    let from = match template.who.as_bytes().get(index) {
        Some(b'C') => asker,
        Some(b'B') => "@RBT#assistant".to_owned(),
        _ => or_all(&material.agents, &others, 3),
    };
    let from = from.as_str();
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
    fn nobody_outside_the_cast_speaks_nor_with_themselves() {
        let names = |all: &[&str]| {
            all.iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        let cast = Cast {
            scene: Scene::Team,
            askers: names(&["a", "b"]),
            answerers: names(&["a", "b"]),
        };
        for talk in 0..50 {
            let from = |line| line_from(&cast, talk * LINES + line);
            let speakers: std::collections::BTreeSet<_> = (1..=LINES).map(from).collect();
            assert_eq!(speakers.len(), 2, "{speakers:?}");
            assert!(
                speakers
                    .iter()
                    .all(|name| name == "\"a\"" || name == "\"b\"")
            );
        }
    }

    fn line_from(cast: &Cast, seq: u32) -> String {
        String::from_utf8(line(7, cast, seq).from).expect("a name")
    }

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
