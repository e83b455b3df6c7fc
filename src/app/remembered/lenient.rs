//! Reading what anything may have written: what is not as it should be is left
//! out alone, not with all that stands around it.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A value, or the default where a file says something of another kind.
pub(in crate::app) fn or_default<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    let said = Value::deserialize(from)?;
    Ok(serde_json::from_value(said).unwrap_or_default())
}

/// The entries of a list that can be read; none where there is no list.
pub(in crate::app) fn entries<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let Value::Array(said) = Value::deserialize(from)? else {
        return Ok(Vec::new());
    };
    let read = said.into_iter().map(serde_json::from_value);
    Ok(read.filter_map(Result::ok).collect())
}
