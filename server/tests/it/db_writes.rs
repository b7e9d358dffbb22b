//! Writes are durable when answered, isolated from their neighbours, and indifferent to callers that go away.
