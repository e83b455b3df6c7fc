//! A terminal history browser for Tencent Chat (Tencent Cloud IM) groups: how it is built.
//!
//! # The picture
//!
//! ```text
//!  keyboard ─┐                                            ┌─► api ─► the service
//!  signals  ─┼─► Event ─► App::update(event, now) ─► Effect ─► state, terminal
//!  replies  ─┘            │  no I/O, no clock, no await    │
//!      ▲                  │                                │
//!      └──────────────────┼──── a reply is an Event ───────┘
//!                         ▼
//!                       View ─► ui::draw ─► Buffer ─► runtime::screen ─► terminal
//! ```
//!
//! The program has one state, [`app::App`], and one way to change it,
//! [`App::update`](app::App::update): an [`Event`](app::event::Event) and the time go
//! in, [`Effect`](app::event::Effect)s come out. Effects are plain data. The runtime
//! turns them into calls and files; the tests are a second interpreter, which answers
//! in any order and moves the clock by hand.
//!
//! Six ideas carry the rest:
//!
//! 1. **A history is a line of seqs.** [`model::timeline::Timeline`] knows of each seq
//!    whether it is present, gone, recalled, withheld, unreadable or not fetched. A page
//!    that arrives is a fact about a range of seqs and not an order to the screen: late,
//!    doubled and reordered replies merge to the same line.
//! 2. **The app says what it wants, not what to do.** After every event it lists what
//!    should be loaded, most visible first; [`app::flights`] compares that with what is in
//!    the air. Prefetching, retrying, waiting and giving up are this one comparison.
//! 3. **What is selected is a message and not a row.** Pages that land above or below
//!    move nothing under the eye.
//! 4. **Painting reads.** `update` ends by laying out a [`View`](app::view::View) of owned
//!    rows; [`ui::draw`] turns it into cells. Most rows stand in the picture before as well:
//!    there they are copied from, and the screen's writer knows them again.
//! 5. **Nothing ticks.** The loop sleeps until a key, a reply, a signal or the moment
//!    named by [`App::wake_at`](app::App::wake_at).
//! 6. **One table of keys.** Lookup, key line, help, palette and README are made from
//!    [`app::keymap::TABLE`].
//!
//! # The modules and their borders
//!
//! | module | job | knows of ours |
//! |---|---|---|
//! | [`model`] | what is known: messages, timeline, elements, text made safe, time zones | nothing |
//! | [`app`] | what the program does | `model` |
//! | [`ui`] | how it looks | `app`, `model` |
//! | [`api`] | how the service is spoken to: signing, budget, tolerant reading | `model` |
//! | [`runtime`] | terminal, keyboard, screen, clipboard, tasks: effects become I/O | all of the above |
//! | [`config`], [`state`] | the settings; what is remembered between sessions | what they set |
//! | [`export`] | one walk over many pages, and files of what it brings | `model`, `api`, the pure jobs of `app` |
//! | [`cli`], [`headless`] | the command line, and its commands without a screen | what they run |
//! | [`emulator`] | a small Tencent for the demo, `serve` and the tests | nothing |
//!
//! `api` and `app` do not see each other: `app` names a
//! [`Request`](app::event::Request) and takes a [`Response`](app::event::Response), and
//! [`runtime::tasks`] translates. The emulator shares no type with `api`, so that one
//! misreading of the service cannot hide on both sides. A test (`tests/docs.rs`) holds
//! the folders to all of this: no clock, no async and no I/O in `model` and `app`, nothing
//! that changes state in `ui`, no command of the service that writes anywhere.
//!
//! # Where text and secrets may go
//!
//! Text from the service is hostile. It is kept as it came, and
//! [`model::text::clean`] makes a [`Clean`](model::text::Clean) of it, the only kind of
//! text that rows, logs and standard error take. What is copied is a
//! [`Copyable`](model::copyable::Copyable): made of a `Clean`, or JSON with everything
//! that a terminal obeys escaped. Secrets travel as
//! `secrecy::SecretString` from [`config`] into the signer of [`api`] and nowhere else.
//!
//! # Following one page
//!
//! The reader comes within a screen and a half of a stretch that is not loaded, and as much
//! further as scrolling gets before a page can come; the app wants it; a
//! [`Fetch`](app::event::Effect::Fetch) leaves; [`runtime::tasks::perform`] hands it to
//! [`api::Client`], which waits for the call budget, signs, sends, and reads message by
//! message, so that one odd message never costs the page. The reply comes back as an
//! event and merges into the timeline of its conversation, whichever is on screen. If
//! the page was short or empty the want is still there, and the next call leaves.

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod emulator;
pub mod export;
pub mod headless;
pub mod model;
pub mod runtime;
pub mod state;
pub mod ui;
