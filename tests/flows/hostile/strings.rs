//! Hostile strings from a seed: first everything that a list can name, then mixtures
//! without end.

/// A string as it stands between the quotes of a JSON text, and what it reads as.
#[derive(Debug, Clone, Default)]
pub(super) struct Hostile {
    pub(super) json: String,
    pub(super) text: String,
}

/// Terminal commands of xterm: their introducers in 7 and in 8 bits.
const INTRODUCERS: [&str; 15] = [
    "\x1b[", "\u{9b}", "\x1b]", "\u{9d}", "\x1bP", "\u{90}", "\x1b_", "\u{9f}", "\x1b^", "\u{9e}",
    "\x1bX", "\u{98}", "\x1b", "\x1b#", "\x1b(",
];

/// What stands behind an introducer: clearing, moving, colours, modes, questions,
/// titles, links, the clipboard, a printer, a reset.
const BODIES: [&str; 24] = [
    "2J",
    "1;1H",
    "31m",
    "8m",
    "?1049l",
    "?1003h",
    "?2004h",
    "6n",
    "c",
    ">c",
    "21t",
    "5i",
    "!p",
    "3;9r",
    "4h",
    "999b",
    "0;title",
    "8;;http://evil.example",
    "52;c;cm0gLXJm",
    "4;1;?",
    "$qm",
    "Gi=1;AAAA",
    "tmux;\x1b\x1b]0;x\x07",
    "8",
];

const ENDS: [&str; 5] = ["", "\x07", "\x1b\\", "\u{9c}", "\x18"];

/// What our own rows and marks look like.
const IMITATIONS: [&str; 14] = [
    "— recalled —",
    "start of history",
    "   2 messages not returned, 118-119",
    "──── 2025-01-01 ────",
    "[image 1.8 MB 1280x720]",
    "▌08:00:00 agent_li: paid",
    "\n> 08:00:00 agent_li  paid",
    "\n! call failed: r tries again",
    "×",
    "│ seq 1 of 1",
    "¦",
    "…+9",
    "^[[31m",
    "\\u{9b}31m",
];

/// Characters without a shape: format, separators, private, no characters at all,
/// fillers, selectors, tags, and what has not been assigned.
fn shapeless() -> Vec<char> {
    let ranges = [
        ('\u{ad}', '\u{ad}'),
        ('\u{34f}', '\u{34f}'),
        ('\u{378}', '\u{378}'),
        ('\u{600}', '\u{605}'),
        ('\u{61c}', '\u{61c}'),
        ('\u{6dd}', '\u{6dd}'),
        ('\u{70f}', '\u{70f}'),
        ('\u{890}', '\u{891}'),
        ('\u{8e2}', '\u{8e2}'),
        ('\u{115f}', '\u{1160}'),
        ('\u{17b4}', '\u{17b5}'),
        ('\u{180b}', '\u{180f}'),
        ('\u{200b}', '\u{200f}'),
        ('\u{2028}', '\u{202e}'),
        ('\u{2060}', '\u{206f}'),
        ('\u{2800}', '\u{2800}'),
        ('\u{3164}', '\u{3164}'),
        ('\u{e000}', '\u{e001}'),
        ('\u{f8ff}', '\u{f8ff}'),
        ('\u{fdd0}', '\u{fdd1}'),
        ('\u{fdef}', '\u{fdef}'),
        ('\u{fe00}', '\u{fe0f}'),
        ('\u{feff}', '\u{feff}'),
        ('\u{ffa0}', '\u{ffa0}'),
        ('\u{fff9}', '\u{ffff}'),
        ('\u{110bd}', '\u{110bd}'),
        ('\u{110cd}', '\u{110cd}'),
        ('\u{13430}', '\u{1343f}'),
        ('\u{1bca0}', '\u{1bca3}'),
        ('\u{1d173}', '\u{1d17a}'),
        ('\u{1fffe}', '\u{1ffff}'),
        ('\u{e0001}', '\u{e0001}'),
        ('\u{e0020}', '\u{e0024}'),
        ('\u{e007f}', '\u{e007f}'),
        ('\u{e0100}', '\u{e0102}'),
        ('\u{e01ef}', '\u{e01ef}'),
        ('\u{f0000}', '\u{f0001}'),
        ('\u{ffffd}', '\u{fffff}'),
        ('\u{100000}', '\u{100001}'),
        ('\u{10fffd}', '\u{10ffff}'),
    ];
    ranges.into_iter().flat_map(|(a, b)| a..=b).collect()
}

fn controls() -> impl Iterator<Item = char> {
    ('\0'..='\u{1f}').chain('\u{7f}'..='\u{9f}')
}

impl Hostile {
    fn of(text: &str) -> Self {
        let mut hostile = Self::default();
        hostile.push(text);
        hostile
    }

    fn push(&mut self, text: &str) {
        let quoted = serde_json::Value::from(text).to_string();
        let inside = quoted.get(1..quoted.len() - 1);
        self.json.push_str(inside.expect("quotes"));
        self.text.push_str(text);
    }

    /// Half a character: only an escape can say it.
    fn push_half(&mut self, half: &str) {
        self.json.push_str(half);
        self.text.push('\u{fffd}');
    }
}

/// Everything that a list can name.
pub(super) fn listed() -> Vec<Hostile> {
    let mut all = Vec::new();
    for c in controls().chain(shapeless()) {
        for text in [
            format!("{c}ab"),
            format!("a{c}b"),
            format!("ab{c}"),
            format!("{c}"),
            format!("{c}{c}"),
        ] {
            all.push(Hostile::of(&text));
        }
    }
    for introducer in INTRODUCERS {
        for body in BODIES {
            for end in ENDS {
                all.push(Hostile::of(&format!("x{introducer}{body}{end}y")));
            }
        }
    }
    all.extend(IMITATIONS.map(Hostile::of));
    for half in [
        "\\ud83d",
        "\\ude00",
        "\\ude00\\ud83d",
        "\\ud83d\\ud83d\\ude00",
    ] {
        let mut hostile = Hostile::of("a");
        hostile.push_half(half);
        all.push(hostile);
    }
    all
}

/// Mixtures of everything, the same for the same seed.
#[derive(Debug)]
pub(super) struct Mixer {
    state: u64,
    shapeless: Vec<char>,
    controls: Vec<char>,
}

impl Mixer {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            state: seed,
            shapeless: shapeless(),
            controls: controls().collect(),
        }
    }

    /// Less than `end`. `SplitMix64`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let end = u64::try_from(end).expect("small");
        usize::try_from((z ^ (z >> 31)) % end).expect("small")
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    pub(super) fn mix(&mut self) -> Hostile {
        let mut hostile = Hostile::default();
        for _ in 0..=self.below(6) {
            self.add(&mut hostile);
        }
        hostile
    }

    fn add(&mut self, to: &mut Hostile) {
        let words = [
            "a",
            "word ",
            "中文",
            "한글",
            "ＡＢ",
            "e\u{301}",
            "\n",
            "\t",
            "فارسی",
            "कष",
        ];
        match self.below(16) {
            0..3 => to.push(self.one(&words)),
            3 => {
                let controls = self.controls.clone();
                to.push(&self.one(&controls).to_string());
            }
            4..6 => {
                let shapeless = self.shapeless.clone();
                let times = 1 + self.below(3);
                to.push(&self.one(&shapeless).to_string().repeat(times));
            }
            6..8 => {
                let sequence = [self.one(&INTRODUCERS), self.one(&BODIES), self.one(&ENDS)];
                to.push(&sequence.concat());
            }
            8 => {
                let marks = [
                    "\u{301}", "\u{316}", "\u{489}", "\u{336}", "\u{20dd}", "\u{fe0f}",
                ];
                let times = 1 + self.below(60);
                let pile: String = (0..times).map(|_| self.one(&marks)).collect();
                to.push(&format!("Z{pile}"));
            }
            9 => {
                let people = ["👩", "👨", "👧", "🏳\u{fe0f}", "❤\u{fe0f}", "a", "👍🏽"];
                let times = 1 + self.below(9);
                let chain: Vec<_> = (0..times).map(|_| self.one(&people)).collect();
                to.push(&chain.join("\u{200d}"));
            }
            10 => {
                let tags = "\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";
                to.push(&format!("🏴{tags}🇨🇳🇰"));
            }
            11 => {
                let order = [
                    "\u{202e}", "\u{202d}", "\u{2066}", "\u{2067}", "\u{200f}", "\u{61c}",
                ];
                let end = self.one(&["", "\u{202c}", "\u{2069}"]);
                to.push(&format!("{}gpj.exe{end}", self.one(&order)));
            }
            12 => to.push(self.one(&IMITATIONS)),
            13 => to.push_half(self.one(&["\\ud83d", "\\udc00", "\\udbff"])),
            14 => {
                let joined = [
                    "می\u{200c}خواهم",
                    "क\u{94d}\u{200d}ष",
                    "क\u{94d}\u{200c}ष",
                    "\u{1112}\u{1161}\u{11ab}",
                ];
                to.push(self.one(&joined));
            }
            _ if self.below(8) == 0 => {
                let long = self.one(&["x", "宽", "\n", " ", "\u{301}", "\u{200b}", "ab "]);
                let times = 100 + self.below(900);
                to.push(&long.repeat(times));
            }
            _ => to.push("http://bücher.example/\u{202e}gpj"),
        }
    }
}

#[test]
fn a_seed_tells_the_same_strings_again() {
    let mix = |seed| Mixer::new(seed).mix().json;
    assert_eq!(mix(7), mix(7));
    assert_ne!(mix(7), mix(8));
    let quoted = listed()
        .iter()
        .map(|h| format!("\"{}\"", h.json))
        .collect::<Vec<_>>();
    let halves = quoted
        .iter()
        .filter(|text| serde_json::from_str::<String>(text).is_err());
    assert_eq!(halves.count(), 4, "all but half characters are JSON");
}
