//! The whole group as a picture.
