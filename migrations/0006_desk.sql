-- The cash desk beyond 0003's shifts. Same rules as in 0001.

-- What of the count stays in the drawer: the next shift begins with it. The rest goes to the safe.
ALTER TABLE shifts ADD COLUMN next_float_minor BIGINT NOT NULL DEFAULT 0 CHECK (next_float_minor >= 0);
-- Who closed it (a manager may close a forgotten one), and the operation that did.
ALTER TABLE shifts ADD COLUMN closed_by TEXT;
ALTER TABLE shifts ADD COLUMN close_operation_id TEXT;
CREATE UNIQUE INDEX shifts_close_operation ON shifts (close_operation_id);
CREATE INDEX shifts_opened ON shifts (opened_ms);

-- A payment over a channel pays one sale: its reference is taken until that sale is voided.
CREATE TABLE payment_references (
    channel TEXT NOT NULL,
    reference TEXT NOT NULL,
    sale_id TEXT NOT NULL UNIQUE,
    PRIMARY KEY (channel, reference)
);
