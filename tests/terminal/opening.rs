//! `tim-history open`: a link from a colleague, and whose profile it is for.

use tim_history::emulator::{Emulator, Group, IDENTIFIER, SDK_APP_ID, SECRET_KEY, World};

use crate::home::{Home, serving};

const LINK: &str = "tim-history://1400000000/%40TGS%23A/512";

fn service() -> Emulator {
    serving(World::of(vec![Group::chat("@TGS#A", 900)]))
}

fn profile(name: &str, app: u32, service: &Emulator) -> String {
    format!(
        "[profiles.{name}]\nlabel = \"label of {name}\"\nsdk_app_id = {app}\n\
         identifier = \"{IDENTIFIER}\"\nendpoint = \"{}\"\n\
         secret_key_command = [\"printf\", \"%s\", \"{SECRET_KEY}\"]\n",
        service.url()
    )
}

#[test]
fn a_link_opens_on_its_seq_with_the_profile_of_its_app() {
    let (service, home) = (service(), Home::new());
    let other = profile("other", 1_400_000_001, &service);
    let ours = profile("ours", SDK_APP_ID, &service);
    // The default is of another app: the link decides.
    home.configure(&format!("default_profile = \"other\"\n{other}{ours}"));
    let t = home.open(&["open", LINK], (80, 24));
    t.shows(&["label of ours", "seq 512 of 900", "message 512"]);
    t.keys("q");
    let left = t.finish();
    assert_eq!(left.end.code, 0);
    left.assert_restored("");
}

#[test]
fn two_profiles_of_one_app_ask_which_one() {
    let (service, home) = (service(), Home::new());
    let one = profile("one", SDK_APP_ID, &service);
    let two = profile("two", SDK_APP_ID, &service);
    home.configure(&format!("{one}{two}"));
    let t = home.open(&["open", LINK], (80, 24));
    t.shows(&["1  one  label of one", "2  two  label of two", "Which one?"]);
    t.keys("7<enter>");
    t.wait_for("the question again", |screen| {
        screen.contents().matches("Which one?").count() == 2
    });
    t.keys("2<enter>");
    t.shows(&["label of two", "seq 512 of 900", "message 512"]);
    t.keys("q");
    assert_eq!(t.finish().end.code, 0);
}

#[test]
fn the_demo_opens_its_own_links() {
    let home = Home::new();
    let link = "tim-history://1400000000/%40TGS%232HOLES0500/300";
    let t = home.open(&["--demo", "open", link], (80, 24));
    t.shows(&["seq 300 of 500"]);
    t.keys("q");
    assert_eq!(t.finish().end.code, 0);
}
