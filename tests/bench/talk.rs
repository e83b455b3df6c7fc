//! Pages of a busy group as the service sends them: a third Chinese, some hundred people.

use std::fmt::Write as _;
use std::sync::Arc;

/// Messages of one page: the most the service sends.
pub(crate) const PAGE: u32 = 20;

/// The word that one message in ten thousand holds.
pub(crate) const RARE: &str = "quagmire";

/// People who talk, a few of them much.
const PEOPLE: u64 = 400;

/// Different words in either language: about what a group uses day by day.
const WORDS: usize = 3_000;

/// Small and good enough for noise: xorshift64*.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        // The shifts and the factor are those of the method.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % sides
    }

    /// Below `sides`, small numbers more often: as words and people are.
    fn skewed(&mut self, sides: u64) -> u64 {
        let most = self.roll(sides) + 1;
        self.roll(most)
    }
}

/// Writes the pages of a group.
pub(crate) struct Talk {
    dice: Dice,
    latin: Vec<String>,
    han: Vec<String>,
}

impl Talk {
    pub(crate) fn new() -> Self {
        // Any seed does; the same one makes the same group.
        let mut dice = Dice(0x5eed_0001);
        let latin = (0..WORDS).map(|_| latin(&mut dice)).collect();
        let han = (0..WORDS).map(|_| han(&mut dice)).collect();
        Self { dice, latin, han }
    }

    /// The body of a reply with the seqs from `first` on, newest first.
    pub(crate) fn page(&mut self, first: u32) -> Arc<[u8]> {
        self.body(first, PAGE)
    }

    /// The same with so many of them.
    pub(crate) fn body(&mut self, first: u32, count: u32) -> Arc<[u8]> {
        let items: Vec<String> = (first..first + count).map(|seq| self.item(seq)).collect();
        let mut body = String::from(
            "{\"ActionStatus\":\"OK\",\"ErrorInfo\":\"\",\"ErrorCode\":0,\
             \"GroupId\":\"@TGS#BENCH\",\"IsFinished\":1,\"RspMsgList\":[",
        );
        for (n, item) in items.iter().rev().enumerate() {
            body.push_str(if n == 0 { "" } else { "," });
            body.push_str(item);
        }
        body.push_str("]}");
        Arc::from(body.as_bytes())
    }

    fn item(&mut self, seq: u32) -> String {
        // One in 45 seconds or so, from the beginning of 2025: busy days.
        let late = u32::try_from(self.dice.roll(45)).unwrap_or_default();
        let time = 1_735_689_600 + seq * 45 + late;
        let person = self.dice.skewed(PEOPLE);
        let random = self.dice.roll(1 << 32);
        let text = self.text(seq);
        format!(
            "{{\"From_Account\":\"customer_{person:04}\",\"IsPlaceMsg\":0,\"MsgBody\":[{{\
             \"MsgContent\":{{\"Text\":\"{text}\"}},\"MsgType\":\"TIMTextElem\"}}],\
             \"MsgPriority\":2,\"MsgRandom\":{random},\"MsgSeq\":{seq},\"MsgTimeStamp\":{time}}}"
        )
    }

    /// About 55 bytes in the mean, 35 % of them in Chinese.
    fn text(&mut self, seq: u32) -> String {
        let mut text = String::new();
        let chinese = self.dice.roll(100) < 35;
        for n in 0..2 + self.dice.roll(15) {
            let words = if chinese { &self.han } else { &self.latin };
            let word = self.dice.skewed(WORDS as u64);
            let word = usize::try_from(word).ok().and_then(|word| words.get(word));
            let space = match (n, chinese) {
                (0, _) => "",
                (_, false) => " ",
                // A comma after every sixth word or so.
                (_, true) if self.dice.roll(6) == 0 => "，",
                (_, true) => "",
            };
            let _ = write!(text, "{space}{}", word.map_or("", String::as_str));
        }
        if seq % 10_000 == 5_000 {
            let _ = write!(text, " {RARE}");
        }
        text
    }
}

fn latin(dice: &mut Dice) -> String {
    let (heads, tails) = ("bcdfghklmnprstvw", "aeiou");
    let mut word = String::new();
    for _ in 0..=dice.skewed(4) {
        let mut pick = |from: &str| {
            let at = usize::try_from(dice.roll(from.len() as u64)).unwrap_or_default();
            from.chars().nth(at).unwrap_or('x')
        };
        word.push(pick(heads));
        word.push(pick(tails));
    }
    word
}

/// One to three of the characters used most, from the beginning of their block.
fn han(dice: &mut Dice) -> String {
    let len = 1 + dice.roll(3);
    // Steps of 9 spread 900 of them over the block.
    let sign = |n: u64| char::from_u32(0x4e00 + 9 * u32::try_from(n).unwrap_or_default());
    (0..len).filter_map(|_| sign(dice.skewed(900))).collect()
}
