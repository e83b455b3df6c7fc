//! Parses arguments, loads the configuration, runs, prints the error chain, sets the exit code.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;
use tim_history::api::{Access, Credential, Endpoint};
use tim_history::cli::{self, Cli, Command, Exit, Global};
use tim_history::config::{
    self, Config, ConfigError, LogError, Profile, SecretError, Session, Surroundings,
};
use tim_history::emulator::{self, Emulator, Knobs, World};
use tim_history::headless::{self, Out, Reader, Telling, VerbError};
use tim_history::model::error::ApiError;
use tim_history::model::ids::SdkAppId;
use tim_history::model::text::clean;
use tim_history::model::time::Zone;
use tim_history::runtime;
use tim_history::state::StateDir;

fn main() -> ExitCode {
    shield();
    let code = match Cli::read(std::env::args_os()) {
        Ok(cli) => run(&cli).unwrap_or_else(|error| {
            complain(&error);
            exit_of(&error).code()
        }),
        Err(message) => {
            // Help and version come this way too. Nobody is left to tell if this fails.
            let _ = message.print();
            match message.exit_code() {
                0 => Exit::Good.code(),
                _ => Exit::Usage.code(),
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
    }
    let zone = zone(cli.global.tz.as_deref())?;
    let exit = match cli.command {
        None => return browse(cli, zone),
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
            let telling = Telling {
                json,
                zone: zone.unwrap_or_else(Zone::system),
                now: runtime::now().wall,
            };
            headless::decode(&mut io::stdin().lock(), &telling, &mut out)?
        }
        Some(Command::Export(ref arguments)) => export(cli, arguments, zone.as_ref())?,
        Some(Command::Verify { ref file }) => headless::verify(file, &mut out)?,
        Some(Command::Serve { port, ref trouble }) => {
            let knobs = headless::knobs(trouble);
            if cli.global.quiet {
                headless::serve(port, knobs, &mut out, &mut Out::new(io::sink()))?
            } else {
                headless::serve(port, knobs, &mut out, &mut Out::new(io::stderr()))?
            }
        }
    };
    Ok(exit.code())
}

fn export(cli: &Cli, arguments: &cli::Export, zone: Option<&Zone>) -> anyhow::Result<Exit> {
    let config = load(&cli.global)?;
    let reader = |name: Option<&str>| -> anyhow::Result<Reader<'_>> {
        let profile = config.choose(cli.global.profile.as_deref().or(name))?;
        let access = profile.access(&env)?;
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

fn browse(cli: &Cli, zone: Option<Zone>) -> anyhow::Result<u8> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        let what = "the browser needs a terminal on standard input and output; \
            check, explain, decode, export, verify and serve do without";
        return Err(Unfit(what.to_owned()).into());
    }
    if let Some(why) = config::unusable(&env) {
        return Err(Unfit(why.to_owned()).into());
    }
    let config = load(&cli.global)?;
    let mut session = if cli.browse.demo {
        demo(&config)?
    } else {
        let profile = config.choose(cli.global.profile.as_deref())?;
        Session::on(&config, profile, profile.access(&env)?)
    };
    session.start = cli.browse.conversation();
    session.zone = zone.or(session.zone);
    session.drawing = config::drawing(cli.global.ascii, config.ascii, &env);
    session.surroundings = Surroundings::read(&env);
    session.colors = config::color_depth(config.color, &env);
    session.quiet = cli.global.quiet;
    session.state = StateDir::locate(&env);
    runtime::terminal::install_panic_hook(cli.global.log.clone());
    runtime::run(session)
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
