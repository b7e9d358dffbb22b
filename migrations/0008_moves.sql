-- Moving in, changing rooms and moving out. Same rules as in 0001.

-- How an epoch stood at the instant its meter closed it, as read from the meter, twice the same. A refund hangs on it, so it
-- is written once. `closed_ms` is the meter's own time, NULL when it did not know the time.
CREATE TABLE closings (
    household_id TEXT NOT NULL REFERENCES households (id),
    epoch BIGINT NOT NULL CHECK (epoch BETWEEN 1 AND 4294967295),
    credited_wh BIGINT NOT NULL CHECK (credited_wh BETWEEN 0 AND 4294967295),
    debited_wh BIGINT NOT NULL CHECK (debited_wh BETWEEN 0 AND 4294967295),
    used_wh BIGINT NOT NULL CHECK (used_wh BETWEEN 0 AND 4294967295),
    energy_total_wh BIGINT NOT NULL CHECK (energy_total_wh >= 0),
    closed_ms BIGINT,
    read_ms BIGINT NOT NULL,
    PRIMARY KEY (household_id, epoch)
);

-- Up to which epoch the server knows all that the meter has closed: an epoch before it without a closing was never opened
-- in the meter.
CREATE TABLE closings_known (
    household_id TEXT PRIMARY KEY REFERENCES households (id),
    epoch BIGINT NOT NULL
);

-- The running meter when the residents moved in, as last read then; NULL when it was not known.
ALTER TABLE tenancies ADD COLUMN opening_energy_wh BIGINT;

-- Which resident paid, where the desk was told: a refund may be split by what each paid.
ALTER TABLE sales ADD COLUMN payer_id TEXT;

-- Refunds: above this sum a second person has to approve (NULL: never), and the smallest coin that is paid out.
ALTER TABLE sites ADD COLUMN refund_approval_minor BIGINT CHECK (refund_approval_minor >= 0);
ALTER TABLE sites ADD COLUMN smallest_coin_minor BIGINT NOT NULL DEFAULT 1 CHECK (smallest_coin_minor > 0);

-- A tenancy that ends: what is still to come of it. Its id is that of the operation that asked for it. From then on nobody
-- lives there; the meter is asked to close the epoch; once that is known (the closing, or a reading entered by hand) the
-- tenancy can be settled.
CREATE TABLE departures (
    id TEXT PRIMARY KEY,
    tenancy_id TEXT NOT NULL UNIQUE REFERENCES tenancies (id),
    room_id TEXT NOT NULL REFERENCES rooms (id),
    -- NULL: no meter served the room
    household_id TEXT REFERENCES households (id),
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
    done_ms BIGINT
);
CREATE INDEX departures_household ON departures (household_id, epoch);
CREATE INDEX departures_open ON departures (asked_ms) WHERE done_ms IS NULL;

-- What a settlement came to. Its id is its operation's. Append-only, like all below.
CREATE TABLE settlements (
    id TEXT PRIMARY KEY,
    departure_id TEXT NOT NULL UNIQUE REFERENCES departures (id),
    tenancy_id TEXT NOT NULL UNIQUE REFERENCES tenancies (id),
    number BIGINT NOT NULL UNIQUE CHECK (number > 0),
    used_wh BIGINT NOT NULL,
    lapsed_wh BIGINT NOT NULL CHECK (lapsed_wh >= 0),
    returned_wh BIGINT NOT NULL CHECK (returned_wh >= 0),
    -- what the unused lots were worth, what of it pays other debts, what rounding to the coin took (or gave, when less than
    -- zero), what is paid out; and what of the debts it did not reach
    lots_minor BIGINT NOT NULL CHECK (lots_minor >= 0),
    set_off_minor BIGINT NOT NULL CHECK (set_off_minor >= 0),
    rounding_minor BIGINT NOT NULL,
    refund_minor BIGINT NOT NULL CHECK (refund_minor >= 0),
    owed_minor BIGINT NOT NULL CHECK (owed_minor >= 0),
    split TEXT NOT NULL CHECK (split IN ('equal', 'paid', 'one')),
    needs_approval BIGINT NOT NULL CHECK (needs_approval IN (0, 1)),
    actor_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    CHECK (lots_minor = set_off_minor + rounding_minor + refund_minor)
);

CREATE TABLE settlement_debts (
    settlement_id TEXT NOT NULL REFERENCES settlements (id),
    position BIGINT NOT NULL,
    text TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (settlement_id, position)
);

CREATE TABLE settlement_shares (
    settlement_id TEXT NOT NULL REFERENCES settlements (id),
    position BIGINT NOT NULL,
    resident_id TEXT NOT NULL REFERENCES residents (id),
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (settlement_id, position)
);

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

-- A list of move-ins from a file: what was read from it, and how far it has been carried out.
CREATE TABLE imports (
    id TEXT PRIMARY KEY,
    file_name TEXT NOT NULL,
    content TEXT NOT NULL,
    rooms BIGINT NOT NULL,
    residents BIGINT NOT NULL,
    done BIGINT NOT NULL DEFAULT 0,
    actor_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    finished_ms BIGINT
);

-- A list of move-outs in one go, such as a graduation.
CREATE TABLE departure_runs (
    id TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    split TEXT NOT NULL CHECK (split IN ('equal', 'paid')),
    actor_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);

-- state: 'waiting', 'asked', 'settled', 'failed' (with what stood in the way).
CREATE TABLE departure_run_items (
    run_id TEXT NOT NULL REFERENCES departure_runs (id),
    position BIGINT NOT NULL,
    room_id TEXT NOT NULL,
    tenancy_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'asked', 'settled', 'failed')),
    problem TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, position)
);
CREATE INDEX departure_run_items_tenancy ON departure_run_items (tenancy_id);
