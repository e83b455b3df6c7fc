//! How many pages a job may have in the air.
