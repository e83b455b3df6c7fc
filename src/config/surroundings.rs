//! What the environment says of the terminal multiplexers around us.

use super::Env;

/// What a `tmux` that we start is given of our environment: how to find itself,
/// its server and our pane, and that it may speak UTF-8. Not the rest, for a
/// secret may be among it, and tmux tells its server all it is given.
const FOR_TMUX: [&str; 10] = [
    "PATH",
    "TMUX",
    "TMUX_PANE",
    "TERM",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
];

/// Where a copied text has to get through, read once at the start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// Directly inside tmux: `$TMUX` is set.
    pub tmux: bool,
    /// Inside GNU screen: `$STY` is set.
    pub screen: bool,
    /// `$TERM`, empty if it is not set.
    pub term: String,
    /// `$HOME`, to show paths below it as `~`.
    pub home: Option<String>,
    /// The environment of a `tmux` that we start.
    pub for_tmux: Vec<(&'static str, String)>,
}

impl Surroundings {
    /// Reads what matters of an environment.
    #[must_use]
    pub fn read(env: Env<'_>) -> Self {
        let set = |name: &str| env(name).filter(|value| !value.is_empty());
        Self {
            tmux: set("TMUX").is_some(),
            screen: set("STY").is_some(),
            term: set("TERM").unwrap_or_default(),
            home: set("HOME"),
            for_tmux: FOR_TMUX
                .into_iter()
                .filter_map(|name| Some((name, set(name)?)))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tmux_of_ours_gets_no_secret() {
        let env = |name: &str| match name {
            "TMUX" => Some("/tmp/tmux-0/default,1,0".to_owned()),
            "STY" => Some(String::new()),
            "TIM_HISTORY_SECRET_KEY" => Some("0123".to_owned()),
            "PATH" | "TERM" => Some(name.to_lowercase()),
            _ => None,
        };
        let around = Surroundings::read(&env);
        assert!(around.tmux && !around.screen);
        assert_eq!(around.term, "term");
        let given: Vec<_> = around.for_tmux.iter().map(|(name, _)| *name).collect();
        assert_eq!(given, ["PATH", "TMUX", "TERM"]);
    }
}
