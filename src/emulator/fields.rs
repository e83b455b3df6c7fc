//! Strict reading of request bodies.

use serde_json::{Map, Value};

use super::reply::Refusal;

/// The fields of a request body. A field of the wrong type is an error, one
/// nobody knows is ignored, and `null` is as good as not there: libraries write
/// it for what their caller left open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a> {
    fields: &'a Map<String, Value>,
    /// What a bad parameter is called: the services differ.
    bad: u32,
}

impl<'a> Fields<'a> {
    pub(super) fn new(fields: &'a Map<String, Value>, bad: u32) -> Fields<'a> {
        Fields { fields, bad }
    }

    /// A refusal of this request for a bad parameter.
    pub(super) fn bad(&self, why: &str) -> Refusal {
        Refusal::because(self.bad, why)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    pub(super) fn string(&self, name: &str) -> Result<Option<&'a str>, Refusal> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.bad(&format!("{name} must be a String"))),
        }
    }

    pub(super) fn required(&self, name: &str) -> Result<&'a str, Refusal> {
        let missing = || self.bad(&format!("{name} is required"));
        self.string(name)?.ok_or_else(missing)
    }

    /// The UserID in a field that must be there. One of another type than String
    /// has a code of its own.
    pub(super) fn account(&self, name: &str) -> Result<&'a str, Refusal> {
        match self.value(name) {
            Some(Value::String(id)) => Ok(id),
            Some(_) => Err(not_an_account(name)),
            None => Err(self.bad(&format!("{name} is required"))),
        }
    }

    /// An array of UserIDs with at most `most` entries.
    pub(super) fn accounts(
        &self,
        name: &str,
        most: usize,
    ) -> Result<Option<Vec<&'a str>>, Refusal> {
        let list = self.value(name).and_then(Value::as_array);
        if list.is_some_and(|list| !list.iter().all(Value::is_string)) {
            return Err(not_an_account(name));
        }
        self.strings(name, most)
    }

    /// An Integer of at least `least` and at most `most`.
    pub(super) fn integer(
        &self,
        name: &str,
        least: u64,
        most: u64,
    ) -> Result<Option<u64>, Refusal> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let number = value.as_u64();
        let number = number.filter(|number| (least..=most).contains(number));
        let wrong = || self.bad(&format!("{name} must be an Integer in {least}..{most}"));
        number.map(Some).ok_or_else(wrong)
    }

    /// Whether a switch that takes 0 or 1 is on.
    pub(super) fn switch(&self, name: &str) -> Result<bool, Refusal> {
        Ok(self.integer(name, 0, 1)? == Some(1))
    }

    /// An array of Strings with at most `most` entries.
    pub(super) fn strings(&self, name: &str, most: usize) -> Result<Option<Vec<&'a str>>, Refusal> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let wrong = || self.bad(&format!("{name} must be an Array of String"));
        let list = value.as_array().ok_or_else(wrong)?;
        if list.len() > most {
            return Err(self.bad(&format!("{name} has more than {most} entries")));
        }
        let strings: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
        strings.map(Some).ok_or_else(wrong)
    }

    /// The fields of an object, in their turn.
    pub(super) fn object(&self, name: &str) -> Result<Option<Fields<'a>>, Refusal> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Object(fields)) => Ok(Some(Fields { fields, ..*self })),
            Some(_) => Err(self.bad(&format!("{name} must be an Object"))),
        }
    }

    pub(super) fn value(&self, name: &str) -> Option<&'a Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }
}

fn not_an_account(name: &str) -> Refusal {
    Refusal::because(60_015, &format!("{name} must hold Strings"))
}
