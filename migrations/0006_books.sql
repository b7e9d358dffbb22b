-- The books. What happened is append-only (the database itself refuses edits, see db/append_only.rs); `purses` alone is
-- derived, and `check` recomputes it.

-- A transfer between two accounts of one ledger, so each is balanced by itself. Account names say what they are:
-- 'money:cash:<shift>', 'money:prepaid:<tenancy>', 'energy:issued', 'energy:purse:<tenancy>'.
-- Its id is that of the operation written in the same transaction. A foreign key here would cost each sale a fifth and
-- refuse nothing; `wattwarden check` asks for orphans.
CREATE TABLE transfers (
    operation_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    -- 'money' or 'energy'
    ledger TEXT NOT NULL,
    debit_account TEXT NOT NULL,
    credit_account TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (operation_id, position),
    CHECK (debit_account <> credit_account)
);
CREATE INDEX transfers_debit ON transfers (debit_account);
CREATE INDEX transfers_credit ON transfers (credit_account);

-- A lot of paid energy that came along from another tenancy when its residents changed rooms.
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
-- What was used in a period, whoever used it: recognised long after, perhaps, so that the operation's id doesn't say.
CREATE INDEX consumptions_seen ON consumptions (seen_ms);

-- How far into its lots a tenancy has come: lots are taken first in, first out, so two counters say everything. `valued`
-- is what was booked of their value so far. No row: nothing was taken.
CREATE TABLE purses (
    tenancy_id TEXT PRIMARY KEY,
    used_wh BIGINT NOT NULL,
    subsidy_taken_wh BIGINT NOT NULL,
    subsidy_valued_minor BIGINT NOT NULL,
    paid_taken_wh BIGINT NOT NULL,
    paid_valued_minor BIGINT NOT NULL,
    -- when the reading was taken up to which it is recognised; 0 before the first
    seen_ms BIGINT NOT NULL DEFAULT 0
);

-- A reading that cannot be: a running total that went back, or on by more than the breaker lets through. Never billed
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
    -- 'accepted' or 'rejected'; NULL until somebody has decided
    decision TEXT,
    decided_by TEXT,
    decided_ms BIGINT,
    note TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX quarantines_open ON quarantines (household_id) WHERE decision IS NULL;
CREATE INDEX quarantines_seen ON quarantines (seen_ms);
