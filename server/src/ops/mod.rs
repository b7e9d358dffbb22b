//! What a person would say: one file a verb.
