//! The thin shell between the pure program and the machine: effects become I/O
//! here, and I/O becomes events.

pub mod clipboard;
mod exporter;
pub mod input;
pub mod screen;
pub mod tasks;
pub mod terminal;

mod signals;
mod start;

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::ops::ControlFlow;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use tokio::task::{AbortHandle, JoinError, JoinSet};

use self::clipboard::Clipboard;
use self::exporter::Exporter;
use self::input::{Input, Keyboard};
use self::screen::{Frame, Screen};
use self::signals::{Signal, Signals};
use self::start::start;
use self::tasks::{Deps, perform};
use self::terminal::Terminal;
use crate::api::Client;
use crate::app::App;
use crate::app::event::{Effect, Event, Now, RequestId};
use crate::app::view::View;
use crate::config::Session;
use crate::export::Origin;
use crate::model::message::Timestamp;
use crate::model::text::Clean;
use crate::ui::{self, Canvas, Picture, Theme};

/// How long the last writes to the terminal and the state file may take.
const LAST_WRITES: Duration = Duration::from_secs(1);

/// The longest time without a picture while keys keep coming.
const PICTURE: Duration = Duration::from_millis(33);

/// How the browser ended.
#[derive(Debug)]
pub struct Ended {
    /// The program's exit code.
    pub code: u8,
    /// What is still to be said, now that the screen is gone.
    pub parting: Option<Clean>,
}

/// Runs the browser to its end.
///
/// # Errors
/// When there is no terminal to be had; it is as before then.
pub fn run(session: Session) -> anyhow::Result<Ended> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the event loop")?;
    let ended = runtime.block_on(browse(session));
    // A name that is still being looked up must not hold up the way out.
    runtime.shutdown_background();
    ended
}

async fn browse(mut session: Session) -> anyhow::Result<Ended> {
    let signals = Signals::listen().context("cannot listen for signals")?;
    let state = session
        .state
        .clone()
        .map(|dir| (dir, session.profile.clone()));
    let app = start(&session, state.as_ref())?;
    let terminal = Terminal::enter(session.mouse)?;
    let keyboard = terminal.input().and_then(Keyboard::new);
    let keyboard = keyboard.context("cannot read the keyboard")?;
    let screen = Screen::spawn(terminal.output(), session.colors);
    let screen = screen.context("cannot start the screen's writer")?;
    let deps =
        Deps::new(Client::new(session.access.clone()), state).noting(session.accesses.take());
    let mut shell = Shell {
        app,
        exporter: exporter(&session, &deps),
        clipboard: Clipboard::new(session.surroundings.clone(), session.state.clone()),
        deps,
        terminal,
        keyboard,
        screen,
        theme: Theme::new(session.colors, session.accent),
        mouse: session.mouse,
        tasks: JoinSet::new(),
        aborts: BTreeMap::new(),
        painted: None,
        canvas: Canvas::default(),
        paged: false,
    };
    let code = shell.turn(signals).await;
    let parting = shell.finish().await;
    // The embedded service outlives the last call to it.
    drop(session);
    Ok(Ended { code, parting })
}

fn exporter(session: &Session, deps: &Deps) -> Exporter {
    let origin = Origin {
        profile: session.profile.clone(),
        label: session.label.clone(),
        app: session.access.sdk_app_id,
        host: session.access.endpoint.host().to_owned(),
    };
    let home = session.surroundings.home.clone().map(Into::into);
    Exporter::new(origin, (deps.client.clone(), deps.lane()), home)
}

/// The one place that reads the clocks.
#[must_use]
pub fn now() -> Now {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    let seconds = since.and_then(|d| i64::try_from(d.as_secs()).ok());
    Now {
        mono: Instant::now(),
        wall: seconds.and_then(Timestamp::new),
    }
}

/// What the loop works with.
struct Shell {
    app: App,
    deps: Deps,
    terminal: Terminal,
    keyboard: Keyboard,
    screen: Screen,
    clipboard: Clipboard,
    exporter: Exporter,
    theme: Theme,
    mouse: bool,
    tasks: JoinSet<Option<Event>>,
    aborts: BTreeMap<RequestId, AbortHandle>,
    /// What the screen shows, as far as it goes after us.
    painted: Option<(Rc<View>, Picture)>,
    canvas: Canvas,
    /// A page stands in the terminal instead of our screen.
    paged: bool,
}

/// What the loop waits for.
enum Next {
    Signal(Signal),
    /// There is no terminal any more.
    Gone,
    Keys(Vec<Input>),
    /// A task has ended.
    Done(Result<Option<Event>, JoinError>),
    Event(Event),
}

/// Ends the loop with an exit code.
type Flow = ControlFlow<u8>;

impl Shell {
    /// The loop: wait for something, take everything else that is ready, draw once.
    async fn turn(&mut self, mut signals: Signals) -> u8 {
        let mut flow = self.resized();
        loop {
            if let ControlFlow::Break(code) = flow {
                return code;
            }
            self.draw();
            flow = match self.next(&mut signals).await {
                Next::Signal(signal) => self.signal(signal),
                Next::Gone => ControlFlow::Break(signals::HANG_UP),
                Next::Keys(batch) => self.input(batch),
                Next::Done(done) => self.done(done),
                Next::Event(event) => self.happen(event),
            };
            // Whatever is ready belongs to the same picture, but a held key must not
            // keep picture and signals waiting.
            let until = Instant::now() + PICTURE;
            while flow.is_continue() && Instant::now() < until {
                flow = if let Some(done) = self.tasks.try_join_next() {
                    self.done(done)
                } else if let Some(batch) = self.keyboard.try_next() {
                    self.input(batch)
                } else {
                    break;
                };
            }
        }
    }

    /// Waits for something.
    async fn next(&mut self, signals: &mut Signals) -> Next {
        let wake = self.app.wake_at(now()).map(tokio::time::Instant::from_std);
        let keys = async { Next::Keys(self.keyboard.next().await) };
        let others = async {
            tokio::select! {
                biased;
                signal = signals.next() => Next::Signal(signal),
                () = self.screen.gone() => Next::Gone,
                Some(done) = self.tasks.join_next() => Next::Done(done),
                Some(event) = self.clipboard.next(&self.screen) => Next::Event(event),
                event = self.exporter.next() => Next::Event(event),
                () = sleep(wake) => Next::Event(Event::Woke),
            }
        };
        first_of(keys, others).await
    }

    fn input(&mut self, batch: Vec<Input>) -> Flow {
        for input in batch {
            match input {
                Input::Key(key) => self.happen(Event::Key(key))?,
                Input::Paste(text) => self.happen(Event::Paste(text))?,
                Input::Mouse(mouse) => self.happen(Event::Mouse(mouse))?,
                Input::Gone => return ControlFlow::Break(signals::HANG_UP),
            }
        }
        ControlFlow::Continue(())
    }

    fn done(&mut self, done: Result<Option<Event>, JoinError>) -> Flow {
        match done {
            Ok(Some(event)) => {
                if let Event::Reply { id, .. } = &event {
                    self.aborts.remove(id);
                }
                self.happen(event)
            }
            // A task that died must not leave a screen that looks alive.
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Ok(None) | Err(_) => ControlFlow::Continue(()),
        }
    }

    fn signal(&mut self, signal: Signal) -> Flow {
        match signal {
            Signal::End(code) => ControlFlow::Break(code),
            Signal::Resized => self.resized(),
            Signal::Stop => self.suspend(),
            Signal::Continued => self.resume(),
        }
    }

    fn resized(&mut self) -> Flow {
        let size = self.terminal.size();
        self.happen(Event::Resize(size))
    }

    fn happen(&mut self, event: Event) -> Flow {
        for effect in self.app.update(event, now()) {
            self.perform(effect)?;
        }
        ControlFlow::Continue(())
    }

    fn perform(&mut self, effect: Effect) -> Flow {
        match effect {
            Effect::Quit(code) => return ControlFlow::Break(code),
            // The next picture is painted in full.
            Effect::Repaint => self.painted = None,
            Effect::Mouse(on) => {
                self.mouse = on;
                self.screen.send_aside(Terminal::mouse(on).to_vec());
            }
            Effect::Copy(copy) => self.clipboard.start(copy),
            Effect::Export(job) => self.exporter.start(*job),
            Effect::SteerExport(wish) => self.exporter.steer(wish),
            Effect::Print(page) => {
                self.terminal.stand_on_page(true);
                self.paged = true;
                self.screen.send_instead(Terminal::page(&page));
            }
            Effect::EndPrint => {
                self.terminal.stand_on_page(false);
                self.paged = false;
                self.screen.send_aside(Terminal::no_page(self.mouse));
                self.painted = None;
            }
            Effect::Suspend => return self.suspend(),
            Effect::Cancel(id) => {
                if let Some(task) = self.aborts.remove(&id) {
                    task.abort();
                }
            }
            Effect::Fetch { .. } | Effect::Resume | Effect::Save(_) | Effect::Note(_) => {
                self.spawn(effect);
            }
        }
        ControlFlow::Continue(())
    }

    fn spawn(&mut self, effect: Effect) {
        let id = if let Effect::Fetch { id, .. } = &effect {
            Some(*id)
        } else {
            None
        };
        let deps = self.deps.clone();
        let task = self
            .tasks
            .spawn(async move { perform(&deps, effect).await });
        if let Some(id) = id {
            self.aborts.insert(id, task);
        }
    }

    fn suspend(&mut self) -> Flow {
        if !terminal::can_stop() {
            return ControlFlow::Continue(());
        }
        self.terminal.leave();
        terminal::stop_here();
        self.resume()
    }

    /// Sets our modes and paints everything: somebody else had the terminal.
    fn resume(&mut self) -> Flow {
        if self.terminal.resume(self.mouse).is_err() {
            return ControlFlow::Break(signals::HANG_UP);
        }
        self.paged = false;
        self.happen(Event::Resumed)?;
        self.resized()
    }

    /// Paints the picture if it is another one.
    fn draw(&mut self) {
        let view = self.app.view();
        if self.paged {
            return;
        }
        let before = self.painted.as_ref();
        if before.is_some_and(|(painted, _)| painted == view) {
            return;
        }
        let after = before.map(|(painted, picture)| (&**painted, picture));
        let picture = ui::draw_after(after, view, &self.theme, &mut self.canvas);
        let frame = Frame {
            picture: picture.clone(),
            cursor: view.cursor,
        };
        match before {
            Some(_) => self.screen.show(frame),
            None => self.screen.show_anew(frame),
        }
        let old = self.painted.replace((Rc::clone(view), picture));
        if let Some((_, old)) = old {
            self.canvas.reclaim(old);
        }
        self.app.prepare(now());
    }

    /// Gives the terminal back and lets the last save end. Says what is left to say.
    async fn finish(mut self) -> Option<Clean> {
        for task in self.aborts.values() {
            task.abort();
        }
        // Whatever ended the program, where the reader was is worth keeping.
        for effect in self.app.farewell(now()) {
            self.spawn(effect);
        }
        let (parting, ()) = tokio::join!(
            self.exporter.finish(LAST_WRITES),
            self.clipboard.finish(&self.screen, LAST_WRITES),
        );
        let _ = self.screen.stop(LAST_WRITES);
        // What was meant for our screen is no command of the shell's.
        let _ = self.keyboard.try_next();
        self.terminal.leave();
        let rest = async { while self.tasks.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(LAST_WRITES, rest).await;
        parting
    }
}

/// Waits for a key or something else. What is there already is no key, so that a held one
/// keeps nothing waiting; what ends a pause most likely is, and to look for all the rest
/// before would hold it up.
async fn first_of<T>(keys: impl Future<Output = T>, others: impl Future<Output = T>) -> T {
    let (mut keys, mut others) = (pin!(keys), pin!(others));
    let mut has_paused = false;
    poll_fn(|cx| {
        if has_paused && let Poll::Ready(keys) = keys.as_mut().poll(cx) {
            return Poll::Ready(keys);
        }
        if let Poll::Ready(other) = others.as_mut().poll(cx) {
            return Poll::Ready(other);
        }
        if has_paused {
            return Poll::Pending;
        }
        has_paused = true;
        keys.as_mut().poll(cx)
    })
    .await
}

async fn sleep(until: Option<tokio::time::Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::task::{Context, Waker};

    use super::*;

    /// Whether there is a key, and something else, at each look; which of them is taken.
    fn taken(looks: &[(bool, bool)]) -> Option<&'static str> {
        let now = Cell::new((false, false));
        let keys = poll_fn(|_| {
            if now.get().0 {
                Poll::Ready("key")
            } else {
                Poll::Pending
            }
        });
        let others = poll_fn(|_| {
            if now.get().1 {
                Poll::Ready("other")
            } else {
                Poll::Pending
            }
        });
        let mut first = pin!(first_of(keys, others));
        let mut context = Context::from_waker(Waker::noop());
        looks.iter().find_map(|look| {
            now.set(*look);
            match first.as_mut().poll(&mut context) {
                Poll::Ready(taken) => Some(taken),
                Poll::Pending => None,
            }
        })
    }

    #[test]
    fn a_key_comes_first_behind_a_pause_only() {
        let (none, both) = ((false, false), (true, true));
        assert_eq!(taken(&[both]), Some("other"));
        assert_eq!(taken(&[(true, false)]), Some("key"));
        assert_eq!(taken(&[none, both]), Some("key"));
        assert_eq!(taken(&[none, (false, true)]), Some("other"));
        assert_eq!(taken(&[none, none, (true, false)]), Some("key"));
        assert_eq!(taken(&[none, none]), None);
    }
}
