-- What reports read by. Same rules as in 0001.

-- What was used in a period, whoever used it: recognised long after, perhaps, so that the operation's id doesn't say.
CREATE INDEX consumptions_seen ON consumptions (seen_ms);
