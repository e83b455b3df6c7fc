//! Going back page by page until something is found.
