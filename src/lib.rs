//! A terminal history browser for Tencent Chat groups.

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod emulator;
pub mod headless;
pub mod model;
pub mod runtime;
pub mod state;
pub mod ui;
