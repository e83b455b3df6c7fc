//! How fast custom data is decoded: typical JSON and protobuf, and a million random texts.
//!
//! `cargo bench --bench payload` prints the bytes per second.

use divan::Bencher;
use divan::counter::BytesCount;
use tim_history::model::payload::Payload;

fn main() {
    divan::main();
}

/// Texts of one go.
const RANDOM: usize = 1_000_000;

/// Bytes of the longest random text: most custom data is shorter.
const LONGEST: u64 = 256;

/// Small and good enough for noise: xorshift64*.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        // The shifts and the factor are those of the method.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % sides
    }
}

/// What a random text is made of: pieces that begin like everything that is decoded.
const PIECES: [&str; 16] = [
    "{\"a\":",
    "\"k\":",
    "[1,",
    "]",
    "}",
    "\"",
    "\\\"",
    "\u{8}\u{1}",
    "\u{12}\u{6}",
    "\u{1a}",
    "é",
    "\u{fffd}",
    "退款",
    "QUJD",
    "0a0b",
    "\u{1f}\u{8b}\u{8}",
];

/// Half pieces, half characters up to U+00FF; each a text of its own.
fn random() -> Vec<String> {
    let mut dice = Dice(0x5eed);
    let text = |_| {
        let length = usize::try_from(dice.roll(LONGEST)).unwrap_or_default();
        let pieces = dice.roll(2) == 0;
        let mut text = String::new();
        while text.len() < length {
            if pieces && dice.roll(4) > 0 {
                let piece = usize::try_from(dice.roll(16)).unwrap_or_default();
                text.push_str(PIECES.get(piece).unwrap_or(&""));
            } else {
                text.push(char::from(u8::try_from(dice.roll(256)).unwrap_or_default()));
            }
        }
        text
    };
    (0..RANDOM).map(text).collect()
}

#[divan::bench(sample_count = 1, sample_size = 1)]
fn a_million_random_texts(bencher: Bencher<'_, '_>) {
    let texts = random();
    let bytes: usize = texts.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        let nodes = texts.iter().map(|text| Payload::of(text).len());
        nodes.sum::<usize>()
    });
}

const CARD: &str = r#"{"businessID":"order_card","order":"884213","state":"refunded","amount":{"currency":"EUR","value":"49.90"},"lines":[{"sku":"KB-87-BRN","name":"机械键盘 87键","count":1},{"sku":"MS-2","name":"a mouse, wired, with three buttons and a wheel","count":2}],"link":"https://example.com/orders/884213?from=chat&agent=li","at":1458721802}"#;

const CALL: &str = r#"{"actionType":1,"businessID":1,"data":"{\"call_type\":1,\"cmd\":\"audioCall\",\"room_id\":80213,\"version\":4}","inviteID":"144115262-1763790113-5512","inviteeList":["customer_8472"],"inviter":"agent_li","timeout":30}"#;

const STICKER: &str = "\u{8}\u{1}\u{10}\u{6}\u{1a}\u{6}MaoTong";

const PACKED: &str = "CAESCm9yZGVyLTg4NDIaDMOpdGlxdWV0dGUgMSIICICAgICAgICAAQ==";

const PLAIN: &str = "Your parcel left Leipzig this morning and should arrive tomorrow.";

/// Custom data by a short name, for the table.
fn sample(name: &str) -> &'static str {
    match name {
        "card" => CARD,
        "call" => CALL,
        "sticker" => STICKER,
        "base64" => PACKED,
        _ => PLAIN,
    }
}

#[divan::bench(args = ["card", "call", "sticker", "base64", "plain"])]
fn typical(bencher: Bencher<'_, '_>, name: &str) {
    let text = sample(name);
    bencher
        .counter(BytesCount::new(text.len()))
        .bench(|| Payload::of(divan::black_box(text)));
}

#[divan::bench(args = ["card", "call", "sticker", "base64"])]
fn in_one_line(bencher: Bencher<'_, '_>, name: &str) {
    let text = sample(name);
    bencher
        .counter(BytesCount::new(text.len()))
        .bench(|| Payload::of(divan::black_box(text)).reading());
}

/// Everything at once in a mebibyte: work must grow with the bytes only.
#[divan::bench(args = [64, 256, 1024], sample_count = 10)]
fn nested_lists_of_kibibytes(bencher: Bencher<'_, '_>, kibibytes: usize) {
    let mut text = String::from("x");
    while text.len() < kibibytes << 10 {
        // Escapes double with every level.
        let inner = text.replace('\\', "\\\\").replace('"', "\\\"");
        text = format!("[\"{inner}\",\"{inner}\"]");
    }
    bencher
        .counter(BytesCount::new(text.len()))
        .bench(|| Payload::of(divan::black_box(&text)).len());
}
