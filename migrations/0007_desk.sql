-- The cash desk: shifts, sales, and sales taken back.

-- A cashier's shift at the cash desk: its drawer is the account 'money:cash:<shift>'.
CREATE TABLE shifts (
    id TEXT PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE CHECK (number > 0),
    user_id TEXT NOT NULL REFERENCES users (id),
    opened_ms BIGINT NOT NULL,
    float_minor BIGINT NOT NULL CHECK (float_minor >= 0),
    closed_ms BIGINT,
    -- who closed it (a manager may close a forgotten one), and the operation that did
    closed_by TEXT,
    close_operation_id TEXT,
    -- what the books expected in the drawer, and what was counted, when it was closed
    expected_minor BIGINT,
    counted_minor BIGINT CHECK (counted_minor >= 0),
    -- what of the count stays in the drawer: the next shift begins with it. The rest goes to the safe
    next_float_minor BIGINT NOT NULL DEFAULT 0 CHECK (next_float_minor >= 0),
    note TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX shifts_open ON shifts (user_id) WHERE closed_ms IS NULL;
CREATE UNIQUE INDEX shifts_close_operation ON shifts (close_operation_id);
CREATE INDEX shifts_opened ON shifts (opened_ms);

-- A sale of electricity. Its id is that of the operation written in the same transaction; its household and tenancy are
-- those of the row that the same transaction raised; users are never deleted. Foreign keys here would cost each sale a
-- fifth and refuse nothing; `wattwarden check` asks for orphans.
CREATE TABLE sales (
    id TEXT PRIMARY KEY,
    household_id TEXT NOT NULL,
    tenancy_id TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    energy_wh BIGINT NOT NULL CHECK (energy_wh > 0),
    price_per_kwh TEXT NOT NULL,
    cashier_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    -- the household's credited total right after this sale: what the meter must reach to have taken it
    credited_after_wh BIGINT NOT NULL,
    -- how it was paid: 'cash' over a shift's drawer, else the name of a channel, with its reference
    channel TEXT NOT NULL DEFAULT 'cash',
    shift_id TEXT,
    reference TEXT,
    -- which resident paid, where the desk was told: a refund may be split by what each paid
    payer_id TEXT
);
CREATE INDEX sales_tenancy ON sales (tenancy_id, at_ms);

-- A step of a sale that went over several steps of a ladder: a sale is a lot of paid energy at one price, such a sale is
-- several, in this order. Their sums are the sale's.
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

-- A payment over a channel pays one sale: its reference is taken until that sale is voided.
CREATE TABLE payment_references (
    channel TEXT NOT NULL,
    reference TEXT NOT NULL,
    sale_id TEXT NOT NULL UNIQUE,
    PRIMARY KEY (channel, reference)
);
