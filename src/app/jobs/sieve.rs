//! Which of the loaded messages match.
