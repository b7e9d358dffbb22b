//! One field of a form: label, input, hint and error, tied together for those who don't see them.

use std::collections::BTreeMap;
use std::fmt::Write;

use askama::Template;
use domain::text::TextProblem;
use words::Lang;

/// `field.html`. Made by [`Field::text`] and the like, then told more.
#[derive(Clone, Debug, Template)]
#[template(path = "kit/field.html")]
pub struct Field {
    id: String,
    name: String,
    label: String,
    kind: &'static str,
    value: String,
    hint: String,
    error: Option<String>,
    unit: String,
    inputmode: &'static str,
    autocomplete: &'static str,
    longest: usize,
    required: bool,
    focus: bool,
    options: Vec<Choice>,
}

/// One of several values to choose from.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// More about it.
    pub hint: String,
}

impl Choice {
    /// Without more about it.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new() }
    }
}

impl Field {
    /// A line of text that must be filled in.
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            id: format!("field-{name}"),
            name,
            label: label.into(),
            kind: "text",
            value: String::new(),
            hint: String::new(),
            error: None,
            unit: String::new(),
            inputmode: "",
            autocomplete: "off",
            longest: 0,
            required: true,
            focus: false,
            options: Vec::new(),
        }
    }

    /// A password; never shown again. `autocomplete` tells the browser's safe which one.
    pub fn password(name: &str, label: &str, autocomplete: &'static str) -> Self {
        Self { kind: "password", autocomplete, ..Self::text(name, label) }
    }

    /// A decimal number with its unit.
    pub fn number(name: &str, label: &str, unit: impl Into<String>) -> Self {
        Self { inputmode: "decimal", unit: unit.into(), ..Self::text(name, label) }
    }

    /// One of several values.
    pub fn select(name: impl Into<String>, label: impl Into<String>, options: Vec<Choice>) -> Self {
        Self { options, ..Self::text(name, label) }
    }

    /// A date and a time of day, in the site's time zone.
    pub fn moment(name: &str, label: &str) -> Self {
        Self { kind: "datetime-local", ..Self::text(name, label) }
    }

    /// A day of the calendar.
    pub fn date(name: &str, label: &str) -> Self {
        Self { kind: "date", ..Self::text(name, label) }
    }

    /// A time of day.
    pub fn time(name: &str, label: &str) -> Self {
        Self { kind: "time", ..Self::text(name, label) }
    }

    /// A month of the calendar.
    pub fn month(name: &str, label: &str) -> Self {
        Self { kind: "month", ..Self::text(name, label) }
    }

    /// What was typed before.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// What helps to fill it in.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// What is wrong with what was typed.
    #[must_use]
    pub fn error(mut self, faults: &Faults) -> Self {
        self.error = faults.of(&self.name).map(str::to_owned);
        self
    }

    /// What the browser may fill in.
    #[must_use]
    pub fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = what;
        self
    }

    /// The most characters it takes.
    #[must_use]
    pub fn longest(mut self, characters: usize) -> Self {
        self.longest = characters;
        self
    }

    /// It may stay empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// Typing begins here.
    #[must_use]
    pub fn focus(mut self) -> Self {
        self.focus = true;
        self
    }

    /// The attributes that tie hint and error to the input. The id is ours, so nothing needs escaping.
    fn described(&self) -> String {
        let mut text = String::new();
        let hint = if self.hint.is_empty() { None } else { Some("hint") };
        let error = self.error.as_ref().map(|_| "error");
        let parts: Vec<_> = hint.into_iter().chain(error).map(|part| format!("{}-{part}", self.id)).collect();
        if !parts.is_empty() {
            let _ = write!(text, r#" aria-describedby="{}""#, parts.join(" "));
        }
        if self.error.is_some() {
            text.push_str(r#" aria-invalid="true""#);
        }
        text
    }
}

/// What is wrong with a form, by field.
#[derive(Clone, Debug, Default)]
pub struct Faults(BTreeMap<String, String>);

impl Faults {
    /// One fault.
    pub fn one(field: &str, message: impl Into<String>) -> Self {
        let mut faults = Self::default();
        faults.add(field, message);
        faults
    }

    /// Adds a fault.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.insert(field.to_owned(), message.into());
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with a typed text.
    #[must_use]
    pub fn text(t: Lang, field: &str, problem: TextProblem) -> Self {
        Self::one(
            field,
            match problem {
                TextProblem::Missing => t.field_missing(),
                TextProblem::TooLong => t.field_too_long(),
                TextProblem::Malformed => t.field_malformed(),
            },
        )
    }
}
