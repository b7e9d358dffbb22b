-- Moving in, changing rooms and moving out; settling and paying out.

-- A tenancy that ends: what is still to come of it. Its id is that of the operation that asked for it. From then on nobody
-- lives there; the meter is asked to close the epoch; once that is known (the closing, or a reading entered by hand) the
-- tenancy can be settled.
CREATE TABLE departures (
    id TEXT PRIMARY KEY,
    tenancy_id TEXT NOT NULL UNIQUE REFERENCES tenancies (id),
    room_id TEXT NOT NULL REFERENCES rooms (id),
    -- NULL: no meter served the room
    household_id TEXT REFERENCES outlets (id),
    epoch BIGINT NOT NULL,
    -- the tenancy that takes the credit over, when the residents change rooms
    to_tenancy_id TEXT REFERENCES tenancies (id),
    asked_ms BIGINT NOT NULL,
    asked_by TEXT NOT NULL,
    -- used in the epoch by the reading seen at a meter that did not answer
    entered_used_wh BIGINT CHECK (entered_used_wh >= 0),
    entered_ms BIGINT,
    entered_by TEXT,
    -- settled or carried over
    done_ms BIGINT,
    -- when the closing was held against the reading entered by hand
    checked_ms BIGINT
);
CREATE INDEX departures_household ON departures (household_id, epoch);
CREATE INDEX departures_open ON departures (asked_ms) WHERE done_ms IS NULL;
CREATE INDEX departures_unchecked ON departures (id) WHERE entered_used_wh IS NOT NULL AND checked_ms IS NULL;
CREATE INDEX departures_to ON departures (to_tenancy_id) WHERE to_tenancy_id IS NOT NULL;

-- What a settlement came to. Its id is its operation's. Append-only, like all of a settlement.
CREATE TABLE settlements (
    id TEXT PRIMARY KEY,
    departure_id TEXT NOT NULL UNIQUE REFERENCES departures (id),
    tenancy_id TEXT NOT NULL UNIQUE REFERENCES tenancies (id),
    number BIGINT NOT NULL UNIQUE CHECK (number > 0),
    used_wh BIGINT NOT NULL,
    lapsed_wh BIGINT NOT NULL CHECK (lapsed_wh >= 0),
    returned_wh BIGINT NOT NULL CHECK (returned_wh >= 0),
    -- what the unused lots were worth, what of it pays other debts, what rounding to the coin added (or took, below zero),
    -- what is paid out; and what of the debts it did not reach
    lots_minor BIGINT NOT NULL CHECK (lots_minor >= 0),
    set_off_minor BIGINT NOT NULL CHECK (set_off_minor >= 0),
    rounding_minor BIGINT NOT NULL,
    refund_minor BIGINT NOT NULL CHECK (refund_minor >= 0),
    owed_minor BIGINT NOT NULL CHECK (owed_minor >= 0),
    -- 'equal', 'paid' or 'one'
    split TEXT NOT NULL,
    needs_approval BIGINT NOT NULL CHECK (needs_approval IN (0, 1)),
    actor_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    CHECK (refund_minor = lots_minor - set_off_minor + rounding_minor)
);

-- Another debt that was set off against what was left.
CREATE TABLE settlement_debts (
    settlement_id TEXT NOT NULL REFERENCES settlements (id),
    position BIGINT NOT NULL,
    text TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (settlement_id, position)
);

-- What one of the residents gets of the refund.
CREATE TABLE settlement_shares (
    settlement_id TEXT NOT NULL REFERENCES settlements (id),
    position BIGINT NOT NULL,
    resident_id TEXT NOT NULL REFERENCES residents (id),
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (settlement_id, position)
);

-- The word of the second person that a large refund needs.
CREATE TABLE settlement_approvals (
    settlement_id TEXT PRIMARY KEY REFERENCES settlements (id),
    actor_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);

-- A share paid out: in cash from a shift's drawer, back over a channel, or to a bank account by an exported list.
CREATE TABLE payouts (
    id TEXT PRIMARY KEY,
    settlement_id TEXT NOT NULL REFERENCES settlements (id),
    position BIGINT NOT NULL,
    way TEXT NOT NULL,
    shift_id TEXT,
    reference TEXT NOT NULL DEFAULT '',
    account_name TEXT NOT NULL DEFAULT '',
    account_number TEXT NOT NULL DEFAULT '',
    bank TEXT NOT NULL DEFAULT '',
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    actor_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    UNIQUE (settlement_id, position)
);
CREATE INDEX payouts_at ON payouts (way, at_ms);

-- What a dark meter said once it came back, where that was not the reading entered at the settlement.
CREATE TABLE adjustments (
    id TEXT PRIMARY KEY,
    departure_id TEXT NOT NULL UNIQUE REFERENCES departures (id),
    tenancy_id TEXT NOT NULL,
    room_id TEXT NOT NULL,
    entered_used_wh BIGINT NOT NULL,
    found_used_wh BIGINT NOT NULL,
    at_ms BIGINT NOT NULL
);

-- Where a resident wants refunds: as last told, from a list or by hand. What was paid keeps its own copy.
CREATE TABLE bank_accounts (
    resident_id TEXT PRIMARY KEY REFERENCES residents (id),
    account_name TEXT NOT NULL,
    account_number TEXT NOT NULL,
    bank TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_ms BIGINT NOT NULL
);

-- A list of move-ins from a file: what was read from it, and how far it has been carried out.
CREATE TABLE imports (
    id TEXT PRIMARY KEY,
    file_name TEXT NOT NULL,
    content TEXT NOT NULL,
    rooms BIGINT NOT NULL,
    residents BIGINT NOT NULL,
    -- rooms that were gone through, and which of them were left out, why
    done BIGINT NOT NULL DEFAULT 0,
    failures TEXT NOT NULL DEFAULT '[]',
    actor_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    started_ms BIGINT
);

-- A list of move-outs in one go, such as a graduation.
CREATE TABLE departure_runs (
    id TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    -- 'equal' or 'paid': one who gets it all can't be named for many rooms
    split TEXT NOT NULL,
    -- of the statements
    language TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);

-- A room of such a list.
CREATE TABLE departure_run_items (
    run_id TEXT NOT NULL REFERENCES departure_runs (id),
    position BIGINT NOT NULL,
    room_id TEXT NOT NULL,
    tenancy_id TEXT NOT NULL,
    -- 'waiting', 'asked', 'settled', 'failed' (with what stood in the way)
    state TEXT NOT NULL,
    problem TEXT NOT NULL DEFAULT '',
    departure_id TEXT,
    PRIMARY KEY (run_id, position)
);
CREATE INDEX departure_run_items_asked ON departure_run_items (departure_id) WHERE state = 'asked';
