//! Leaves out of the release what only unwinding would read.
//!
//! A panic ends the program in the panic hook (`runtime::terminal`), and the release is
//! built with `panic = "abort"`, so nothing ever unwinds; the tables for it would be a
//! tenth of the binary. The compiler can leave them out, but takes no such wish from
//! `Cargo.toml`; the linker does.

use std::env;
use std::path::Path;

/// Both GNU ld and LLD add this to the script they have.
const SCRIPT: &str =
    "SECTIONS { /DISCARD/ : { *(.eh_frame) *(.eh_frame.*) } } INSERT AFTER .comment;\n";

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=src/build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|set| set == value);
    let linux = is("CARGO_CFG_TARGET_OS", "linux");
    if let (true, true, Ok(folder)) = (linux, is("PROFILE", "release"), env::var("OUT_DIR")) {
        let script = Path::new(&folder).join("no-tables.ld");
        std::fs::write(&script, SCRIPT)?;
        println!("cargo::rustc-link-arg-bins=-Wl,--no-eh-frame-hdr");
        println!("cargo::rustc-link-arg-bins=-Wl,-T,{}", script.display());
    }
    Ok(())
}
