-- The books beyond the first sale: what becomes of credit that was sold or granted. Same rules as in 0001. What happened is
-- append-only (the database itself refuses edits, see db/append_only.rs); `purses` alone is derived, and `check` recomputes it.

-- A cashier's shift at the cash desk: its drawer is the account 'money:cash:<shift>'.
CREATE TABLE shifts (
    id TEXT PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE CHECK (number > 0),
    user_id TEXT NOT NULL REFERENCES users (id),
    opened_ms BIGINT NOT NULL,
    float_minor BIGINT NOT NULL CHECK (float_minor >= 0),
    closed_ms BIGINT,
    -- what the books expected in the drawer, and what was counted, when it was closed
    expected_minor BIGINT,
    counted_minor BIGINT CHECK (counted_minor >= 0),
    note TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX shifts_open ON shifts (user_id) WHERE closed_ms IS NULL;

-- How a sale was paid: 'cash' over a shift's drawer, else the name of a channel, with its reference.
ALTER TABLE sales ADD COLUMN channel TEXT NOT NULL DEFAULT 'cash';
ALTER TABLE sales ADD COLUMN shift_id TEXT;
ALTER TABLE sales ADD COLUMN reference TEXT;

-- A sale is a lot of paid energy at one price. One that went over several steps of a ladder is several, in this order;
-- their sums are the sale's.
CREATE TABLE sale_steps (
    sale_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    energy_wh BIGINT NOT NULL CHECK (energy_wh > 0),
    amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
    price_per_kwh TEXT NOT NULL,
    PRIMARY KEY (sale_id, position)
);

-- A sale taken back in the same shift, before its credit was used. Its id is its operation's.
CREATE TABLE voids (
    id TEXT PRIMARY KEY,
    sale_id TEXT NOT NULL UNIQUE,
    shift_id TEXT,
    reason TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    -- the household's debited total right after it: what the meter must reach to have given it back
    debited_after_wh BIGINT NOT NULL
);

-- Lots of paid energy that came along from another tenancy when its residents changed rooms.
CREATE TABLE carried_lots (
    operation_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    tenancy_id TEXT NOT NULL,
    from_tenancy_id TEXT NOT NULL,
    energy_wh BIGINT NOT NULL CHECK (energy_wh > 0),
    amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
    price_per_kwh TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (operation_id, position)
);
CREATE INDEX carried_lots_tenancy ON carried_lots (tenancy_id);

-- Free electricity: a lot of subsidised energy. The key is what makes it one a room a month, whatever happens: `period` is
-- the month of the site ('2026-09'), or 'extra:<operation>' for one given by hand on top.
CREATE TABLE grants (
    room_id TEXT NOT NULL,
    period TEXT NOT NULL,
    operation_id TEXT NOT NULL,
    rule_id TEXT,
    household_id TEXT NOT NULL,
    tenancy_id TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    energy_wh BIGINT NOT NULL CHECK (energy_wh > 0),
    -- what a kWh was worth on that day: the institution's cost, once it is used
    price_per_kwh TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    credited_after_wh BIGINT NOT NULL,
    PRIMARY KEY (room_id, period)
);
CREATE INDEX grants_tenancy ON grants (tenancy_id, at_ms);
CREATE INDEX grants_operation ON grants (operation_id);

-- Subsidised energy that was not used in its time.
CREATE TABLE lapses (
    operation_id TEXT NOT NULL,
    tenancy_id TEXT NOT NULL,
    energy_wh BIGINT NOT NULL CHECK (energy_wh > 0),
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (operation_id, tenancy_id)
);
CREATE INDEX lapses_tenancy ON lapses (tenancy_id, at_ms);

-- Energy recognised as used: from one reading of the epoch's running total to the next, each watt-hour once.
CREATE TABLE consumptions (
    operation_id TEXT NOT NULL,
    tenancy_id TEXT NOT NULL,
    seen_ms BIGINT NOT NULL,
    from_used_wh BIGINT NOT NULL,
    to_used_wh BIGINT NOT NULL,
    subsidy_wh BIGINT NOT NULL CHECK (subsidy_wh >= 0),
    paid_wh BIGINT NOT NULL CHECK (paid_wh >= 0),
    subsidy_minor BIGINT NOT NULL,
    paid_minor BIGINT NOT NULL,
    PRIMARY KEY (operation_id, tenancy_id),
    CHECK (to_used_wh - from_used_wh = subsidy_wh + paid_wh)
);
CREATE INDEX consumptions_tenancy ON consumptions (tenancy_id, seen_ms);

-- How far into its lots a tenancy has come: lots are taken first in, first out, so two counters say everything. `valued`
-- is what was booked of their value so far. No row: nothing was taken.
CREATE TABLE purses (
    tenancy_id TEXT PRIMARY KEY,
    used_wh BIGINT NOT NULL,
    subsidy_taken_wh BIGINT NOT NULL,
    subsidy_valued_minor BIGINT NOT NULL,
    paid_taken_wh BIGINT NOT NULL,
    paid_valued_minor BIGINT NOT NULL
);

-- Readings that cannot be: a running total that went back, or on by more than the breaker lets through. Never billed
-- before a person has decided.
CREATE TABLE quarantines (
    id TEXT PRIMARY KEY,
    household_id TEXT NOT NULL,
    tenancy_id TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL,
    from_used_wh BIGINT NOT NULL,
    to_used_wh BIGINT NOT NULL,
    -- the most that could have been used since the reading before
    allowed_wh BIGINT NOT NULL,
    decision TEXT CHECK (decision IN ('accepted', 'rejected')),
    decided_by TEXT,
    decided_ms BIGINT,
    note TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX quarantines_open ON quarantines (household_id) WHERE decision IS NULL;
