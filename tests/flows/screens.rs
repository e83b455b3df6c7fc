//! What is painted, at the sizes people have: letters, and a number for the looks.

mod boxes;
mod decoded;
mod detail;
mod film;
mod frames;
mod states;
mod support;
