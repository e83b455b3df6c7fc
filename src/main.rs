//! Parses arguments, loads the configuration, runs, prints the error chain, sets the exit code.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use tim_history::api::{Access, Credential, Endpoint};
use tim_history::cli::{self, Ask, Cli, Command, Exit, Global};
use tim_history::config::{
    self, Config, ConfigError, Fit, LogError, Profile, SecretError, Session, Surroundings,
};
use tim_history::emulator::{self, Emulator, Knobs, World};
use tim_history::headless::{self, Clock, Listing, Out, Prints, Reader, Telling, VerbError};
use tim_history::model::deed::Deed;
use tim_history::model::error::ApiError;
use tim_history::model::group::GroupType;
use tim_history::model::ids::{GroupId, SdkAppId, UserId};
use tim_history::model::permalink::Target;
use tim_history::model::text::clean;
use tim_history::model::time::Zone;
use tim_history::runtime;
use tim_history::state::{AccessLog, StateDir, Who};

fn main() -> ExitCode {
    shield();
    // Whatever happens from here on ends by it: the release cannot unwind.
    runtime::terminal::install_panic_hook(None);
    let code = match Cli::read(std::env::args_os()) {
        Ok(cli) => run(&cli).unwrap_or_else(|error| {
            complain(&error);
            exit_of(&error).code()
        }),
        Err(message) => {
            // Help and version come this way too. Nobody is left to tell if this fails.
            if message.exit_code() == 0 {
                let _ = message.print();
                Exit::Good.code()
            } else {
                // It quotes what was typed, and that may have been pasted.
                let message = clean(&message.render().to_string());
                let _ = write!(io::stderr(), "{message}");
                Exit::Usage.code()
            }
        }
    };
    ExitCode::from(code)
}

/// Keeps secrets out of core files and from other programs of the same user.
fn shield() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // Where the system refuses, the program is no worse off than before.
    let _ = setrlimit(Resource::Core, none);
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn run(cli: &Cli) -> anyhow::Result<u8> {
    let mut out = Out::new(io::stdout());
    if let Some(path) = &cli.global.log {
        config::start_log(path, &env)?;
        runtime::terminal::install_panic_hook(Some(path.clone()));
    }
    let zone = zone(cli.global.tz.as_deref())?;
    let exit = match cli.command {
        None => return browse(cli, zone, cli.browse.target()),
        Some(Command::Open { ref link }) => return browse(cli, zone, Some(link.clone())),
        Some(Command::Check) => {
            let config = load(&cli.global)?;
            let profile = config.choose(cli.global.profile.as_deref())?;
            let access = profile.access(&env)?;
            out.line(&format!("ok     {}", origin(&config, profile)))
                .map_err(VerbError::from)?;
            headless::check(access, &mut out)?
        }
        Some(Command::Explain { code }) => headless::explain(code, &mut out)?,
        Some(Command::Decode { json }) => {
            let telling = telling((json, false), zone);
            let mut hints = hints(cli.global.quiet);
            let mut prints = prints(&mut out, &mut hints);
            headless::decode(&mut io::stdin().lock(), &telling, &mut prints)?
        }
        Some(Command::Ask(ref what)) => ask((&cli.global, what), zone, &mut out)?,
        Some(Command::Completions { shell }) => {
            headless::completions(shell, &mut io::stdout().lock())?
        }
        Some(Command::Man) => headless::man(&mut io::stdout().lock())?,
        Some(Command::Export(ref arguments)) => export(cli, arguments, zone.as_ref())?,
        Some(Command::Verify { ref file }) => headless::verify(file, &mut out)?,
        Some(Command::Serve { port, ref trouble }) => {
            let knobs = headless::knobs(trouble);
            headless::serve(port, knobs, &mut out, &mut hints(cli.global.quiet))?
        }
    };
    Ok(exit.code())
}

/// The verbs that ask the service and print what it says.
fn ask(
    (global, what): (&Global, &Ask),
    zone: Option<Zone>,
    out: &mut Out<io::Stdout>,
) -> anyhow::Result<Exit> {
    let access = || access(global, &headless::deed(what));
    let exit = match *what {
        Ask::Groups {
            ref member,
            ref kind,
            json,
        } => {
            let listing = Listing {
                member: member.as_deref().map(UserId::new),
                kind: kind.as_deref().map(GroupType::parse),
                json,
                zone: zone.unwrap_or_else(Zone::system),
            };
            headless::groups(access()?, &listing, out)?
        }
        Ask::Info { ref group, json } => {
            let group = GroupId::new(group.as_str());
            let zone = zone.unwrap_or_else(Zone::system);
            headless::info(access()?, (&group, json), &zone, out)?
        }
        Ask::Show {
            ref of,
            ref place,
            count,
            json,
            mask_ids,
        } => {
            let telling = telling((json, mask_ids), zone);
            let meant = (place.as_deref(), count, &telling);
            let (access, mut err) = (access()?, stderr());
            headless::show(access, of.conversation(), meant, &mut prints(out, &mut err))?
        }
        Ask::Find {
            ref of,
            ref expression,
            ref range,
            json,
            mask_ids,
        } => {
            let (range, telling) = (typed(range), telling((json, mask_ids), zone));
            let meant = (expression.as_str(), &range, &telling);
            let (access, mut err) = (access()?, stderr());
            headless::find(access, of.conversation(), meant, &mut prints(out, &mut err))?
        }
        Ask::Audit {
            ref of,
            ref range,
            json,
            mask_ids,
        } => {
            let (range, telling) = (typed(range), telling((json, mask_ids), zone));
            let (access, mut err) = (access()?, stderr());
            let meant = (&range, &telling);
            headless::audit(access, of.conversation(), meant, &mut prints(out, &mut err))?
        }
        Ask::Follow {
            ref of,
            json,
            mask_ids,
        } => {
            let telling = telling((json, mask_ids), zone);
            let (access, mut err) = (access()?, stderr());
            headless::follow(
                access,
                of.conversation(),
                &telling,
                &mut prints(out, &mut err),
            )?
        }
    };
    Ok(exit)
}

/// Where hints go: nowhere if they are not wanted.
fn hints(quiet: bool) -> Out<Box<dyn io::Write>> {
    if quiet {
        Out::new(Box::new(io::sink()))
    } else {
        Out::new(Box::new(io::stderr()))
    }
}

fn stderr() -> Out<io::Stderr> {
    Out::new(io::stderr())
}

fn prints<'a, O, E>(out: &'a mut Out<O>, err: &'a mut Out<E>) -> Prints<'a, O, E> {
    Prints { out, err }
}

fn telling((json, mask_ids): (bool, bool), zone: Option<Zone>) -> Telling {
    let clock = Clock {
        zone: zone.unwrap_or_else(Zone::system),
        now: runtime::now().wall,
    };
    Telling {
        json,
        mask_ids,
        clock,
    }
}

fn typed(range: &cli::Range) -> headless::Range {
    headless::Range {
        from: range.from.clone(),
        to: range.to.clone(),
    }
}

/// The profile that is meant, ready to be asked with; what for is noted.
fn access(global: &Global, deed: &Deed) -> anyhow::Result<Access> {
    let config = load(global)?;
    let profile = config.choose(global.profile.as_deref())?;
    let access = profile.access(&env)?;
    note((&config, global), profile, deed)?;
    Ok(access)
}

/// Notes what somebody does, where there is a record of accesses.
fn note(of: (&Config, &Global), profile: &Profile, deed: &Deed) -> anyhow::Result<()> {
    if let Some(log) = accesses(of, profile)? {
        let noted = log.note(deed, runtime::now().wall);
        noted.map_err(|error| Unfit(format!("access_log: {error}")))?;
    }
    Ok(())
}

/// The record of accesses, if one is kept: without it nothing is asked.
fn accesses(
    (config, global): (&Config, &Global),
    profile: &Profile,
) -> Result<Option<AccessLog>, Unfit> {
    let open = |path: &PathBuf| {
        let log = AccessLog::open(path, who(global, profile));
        log.map_err(|error| Unfit(format!("access_log {}: {error}", path.display())))
    };
    config.access_log.as_ref().map(open).transpose()
}

fn who(global: &Global, profile: &Profile) -> Who {
    let label = profile.shown();
    let about = (label.as_str(), profile.sdk_app_id);
    Who::here(&env, about, global.ticket.as_deref())
}

fn export(cli: &Cli, arguments: &cli::Export, zone: Option<&Zone>) -> anyhow::Result<Exit> {
    let config = load(&cli.global)?;
    let reader = |name: Option<&str>| -> anyhow::Result<Reader<'_>> {
        let profile = config.choose(cli.global.profile.as_deref().or(name))?;
        let access = profile.access(&env)?;
        let deed = headless::deed_of_export(arguments);
        note((&config, &cli.global), profile, &deed)?;
        Ok(Reader {
            profile: profile.name.clone(),
            label: profile.shown(),
            access,
            zone: zone
                .cloned()
                .or_else(|| config.time_zone.clone())
                .unwrap_or_else(Zone::system),
            quiet: cli.global.quiet,
            clock: &|| runtime::now().wall,
        })
    };
    if arguments.resume {
        return headless::resume(arguments, &|name| reader(Some(name)));
    }
    Ok(headless::export(reader(None)?, arguments)?)
}

fn load(global: &Global) -> Result<Config, ConfigError> {
    Config::load(global.config.as_deref(), &env, &config::bad_keys)
}

fn zone(name: Option<&str>) -> Result<Option<Zone>, Unfit> {
    let parse =
        |name| Zone::parse(name, &Zone::system()).map_err(|error| Unfit(format!("--tz: {error}")));
    name.map(parse).transpose()
}

/// Which profile of which file is meant: the first thing to look at.
fn origin(config: &Config, profile: &Profile) -> String {
    match &config.file {
        Some(file) if profile.name != config::ENVIRONMENT => {
            format!("profile `{}` of {}", profile.name, file.display())
        }
        Some(_) | None => format!("profile `{}`", profile.name),
    }
}

fn browse(cli: &Cli, zone: Option<Zone>, start: Option<Target>) -> anyhow::Result<u8> {
    let app = start.as_ref().and_then(|target| target.app);
    let on_a_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    if let (Some(app), false, false) = (app, on_a_terminal, cli.browse.demo) {
        // What is wrong with the link comes first: it is wrong everywhere.
        let config = load(&cli.global)?;
        if let Fit::Several(profiles) = config.of_app(app, cli.global.profile.as_deref())? {
            return Err(Config::undecided(app, &profiles).into());
        }
    }
    if !on_a_terminal {
        let what = "the browser needs a terminal on standard input and output; \
            the commands that --help lists do without";
        return Err(Unfit(what.to_owned()).into());
    }
    if let Some(why) = config::unusable(&env) {
        return Err(Unfit(why.to_owned()).into());
    }
    let config = load(&cli.global)?;
    let mut session = if cli.browse.demo {
        if let Some(app) = app.filter(|app| app.0 != emulator::SDK_APP_ID) {
            let demo = emulator::SDK_APP_ID;
            let what = format!("the link is for app {app}, but the demo is app {demo}");
            return Err(Unfit(what).into());
        }
        demo(&config)?
    } else {
        let profile = profile(&config, cli.global.profile.as_deref(), app)?;
        let mut session = Session::on(&config, profile, profile.access(&env)?);
        session.accesses = accesses((&config, &cli.global), profile)?;
        session
    };
    session.start = start;
    session.zone = zone.or(session.zone);
    session.drawing = config::drawing(cli.global.ascii, config.ascii, &env);
    session.surroundings = Surroundings::read(&env);
    session.colors = config::color_depth(config.color, &env);
    session.quiet = cli.global.quiet;
    session.state = StateDir::locate(&env);
    let ended = runtime::run(session)?;
    if let Some(words) = ended.parting {
        // Nobody is left to tell if this fails.
        let _ = stderr().line(words.as_str());
    }
    Ok(ended.code)
}

/// The profile to browse with: the one of the link's app, where a link is opened.
fn profile<'c>(
    config: &'c Config,
    named: Option<&str>,
    app: Option<SdkAppId>,
) -> anyhow::Result<&'c Profile> {
    let Some(app) = app else {
        return Ok(config.choose(named)?);
    };
    match config.of_app(app, named)? {
        Fit::One(profile) => Ok(profile),
        Fit::Several(profiles) => {
            let undecided = || Config::undecided(app, &profiles);
            if !io::stderr().is_terminal() {
                return Err(undecided().into());
            }
            let shown: Vec<_> = profiles
                .iter()
                .map(|p| (p.name.as_str(), p.shown()))
                .collect();
            let mut err = Out::new(io::stderr());
            let chosen = headless::choose(app, &shown, &mut io::stdin().lock(), &mut err)
                .map_err(VerbError::from)?;
            let chosen = chosen.and_then(|at| profiles.get(at).copied());
            Ok(chosen.ok_or_else(undecided)?)
        }
    }
}

/// A session on the embedded service, which lives as long as the session.
fn demo(config: &Config) -> anyhow::Result<Session> {
    let emulator = Emulator::start(World::demo(), Knobs::default(), 0)
        .context("cannot start the embedded service")?;
    let access = Access {
        sdk_app_id: SdkAppId(emulator::SDK_APP_ID),
        identifier: emulator::IDENTIFIER.to_owned(),
        endpoint: Endpoint::custom(&emulator.url())?,
        credential: Credential::Key(emulator::SECRET_KEY.into()),
        ca_file: None,
        proxy: None,
        calls_per_second: config::CALLS_PER_SECOND,
    };
    let mut session = Session::new(config, "demo", access);
    session.demo = Some(emulator);
    Ok(session)
}

/// What the program was asked for does not fit where it runs.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unfit(String);

/// Prints what went wrong, made safe for a terminal. Nobody is left to tell if this fails.
fn complain(error: &anyhow::Error) {
    let mut stderr = io::stderr().lock();
    // A line that begins with FILE:LINE is one that an editor can follow.
    let mut name = match error.downcast_ref::<ConfigError>() {
        Some(ConfigError::Problems(_)) => "",
        Some(_) | None => "tim-history: ",
    };
    for line in format!("{error:#}").lines() {
        let _ = writeln!(stderr, "{name}{}", clean(line).as_str());
        name = "";
    }
}

/// How the program ends with an error: the first in the chain that says decides.
fn exit_of(error: &anyhow::Error) -> Exit {
    for cause in error.chain() {
        if let Some(verb) = cause.downcast_ref::<VerbError>() {
            return verb.exit();
        }
        if cause.is::<ApiError>() {
            return Exit::Refused;
        }
        let ours = cause.is::<Unfit>()
            || cause.is::<ConfigError>()
            || cause.is::<SecretError>()
            || cause.is::<LogError>();
        if ours {
            return Exit::Usage;
        }
    }
    Exit::Incomplete
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_end_as_documented_whatever_is_around_them() {
        let config = ConfigError::NoSuchProfile("no profile".to_owned());
        let wrapped = anyhow::Error::new(config).context("while starting");
        assert_eq!(exit_of(&wrapped), Exit::Usage);
        assert_eq!(
            exit_of(&VerbError::Output(io::ErrorKind::StorageFull.into()).into()),
            Exit::Incomplete
        );
        assert_eq!(exit_of(&anyhow::anyhow!("anything else")), Exit::Incomplete);
    }
}
