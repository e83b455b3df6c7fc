//! What is typed at the go-to prompt, and the times in it.
