//! What is looked for in a text: a literal or a regular expression.
