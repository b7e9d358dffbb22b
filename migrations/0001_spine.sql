-- One text for SQLite and PostgreSQL: TEXT and BIGINT only; booleans 0/1; times are epoch milliseconds (UTC);
-- money in minor units; energy in watt-hours; ids are UUIDv7 text made by the application.

-- The property. One row; more than one site is more than one database.
CREATE TABLE sites (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    currency_digits BIGINT NOT NULL CHECK (currency_digits BETWEEN 0 AND 3),
    time_zone TEXT NOT NULL,
    low_credit_wh BIGINT NOT NULL CHECK (low_credit_wh >= 0),
    created_ms BIGINT NOT NULL
);

-- The price of a kilowatt-hour, as decimal text in major units, from a moment on.
CREATE TABLE prices (
    id TEXT PRIMARY KEY,
    per_kwh TEXT NOT NULL,
    from_ms BIGINT NOT NULL UNIQUE,
    created_by TEXT NOT NULL
);

CREATE TABLE buildings (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    position BIGINT NOT NULL
);

CREATE TABLE floors (
    id TEXT PRIMARY KEY,
    building_id TEXT NOT NULL REFERENCES buildings (id),
    name TEXT NOT NULL,
    position BIGINT NOT NULL,
    UNIQUE (building_id, name)
);

CREATE TABLE rooms (
    id TEXT PRIMARY KEY,
    floor_id TEXT NOT NULL REFERENCES floors (id),
    name TEXT NOT NULL,
    position BIGINT NOT NULL,
    UNIQUE (floor_id, name)
);

CREATE TABLE residents (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);

-- A tenancy is what a room's residents share: its credit, in one epoch of the meter.
CREATE TABLE tenancies (
    id TEXT PRIMARY KEY,
    room_id TEXT NOT NULL REFERENCES rooms (id),
    opened_ms BIGINT NOT NULL,
    closed_ms BIGINT
);
CREATE UNIQUE INDEX tenancies_open ON tenancies (room_id) WHERE closed_ms IS NULL;

CREATE TABLE tenancy_residents (
    tenancy_id TEXT NOT NULL REFERENCES tenancies (id),
    resident_id TEXT NOT NULL REFERENCES residents (id),
    from_ms BIGINT NOT NULL,
    PRIMARY KEY (tenancy_id, resident_id)
);
CREATE INDEX tenancy_residents_resident ON tenancy_residents (resident_id);

-- A data collector: a gateway on the LAN with an RS485 line behind it.
CREATE TABLE collectors (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    transport TEXT NOT NULL CHECK (transport IN ('modbus-tcp', 'rtu-over-tcp')),
    address TEXT NOT NULL,
    enabled BIGINT NOT NULL CHECK (enabled IN (0, 1)),
    lease_holder TEXT,
    lease_until_ms BIGINT NOT NULL DEFAULT 0,
    created_ms BIGINT NOT NULL
);

CREATE TABLE meters (
    id TEXT PRIMARY KEY,
    serial BIGINT NOT NULL UNIQUE CHECK (serial BETWEEN 1 AND 999999999999),
    collector_id TEXT NOT NULL REFERENCES collectors (id),
    unit BIGINT NOT NULL CHECK (unit BETWEEN 1 AND 247),
    clock_generation BIGINT NOT NULL DEFAULT 0,
    created_ms BIGINT NOT NULL,
    UNIQUE (collector_id, unit)
);

-- One of a meter's eleven outlets and what the office wants of it (the desired state).
-- Totals are monotone within an epoch and bounded by what the meter can hold (32 bits).
CREATE TABLE households (
    id TEXT PRIMARY KEY,
    meter_id TEXT NOT NULL REFERENCES meters (id),
    position BIGINT NOT NULL CHECK (position BETWEEN 0 AND 10),
    room_id TEXT UNIQUE REFERENCES rooms (id),
    tenancy_id TEXT REFERENCES tenancies (id),
    epoch BIGINT NOT NULL DEFAULT 0 CHECK (epoch BETWEEN 0 AND 4294967295),
    credited_wh BIGINT NOT NULL DEFAULT 0 CHECK (credited_wh BETWEEN 0 AND 4294967295),
    debited_wh BIGINT NOT NULL DEFAULT 0 CHECK (debited_wh BETWEEN 0 AND 4294967295),
    supply_mode TEXT NOT NULL DEFAULT 'auto' CHECK (supply_mode IN ('auto', 'off', 'on')),
    supply_until_ms BIGINT,
    supply_generation BIGINT NOT NULL DEFAULT 0 CHECK (supply_generation BETWEEN 0 AND 4294967295),
    UNIQUE (meter_id, position)
);
CREATE INDEX households_tenancy ON households (tenancy_id);

-- What the field layer last read back. Facts only; written by nobody else.
CREATE TABLE collector_reports (
    collector_id TEXT PRIMARY KEY REFERENCES collectors (id),
    at_ms BIGINT NOT NULL,
    seen_ms BIGINT,
    error TEXT
);

-- status: 'online', 'offline', 'wrong-meter'.
CREATE TABLE meter_reports (
    meter_id TEXT PRIMARY KEY REFERENCES meters (id),
    status TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    seen_ms BIGINT,
    failures BIGINT NOT NULL,
    error TEXT,
    found_serial BIGINT,
    clock_drift_s BIGINT,
    boot_count BIGINT,
    frequency_chz BIGINT,
    requests BIGINT NOT NULL,
    failed_requests BIGINT NOT NULL
);

CREATE TABLE household_reports (
    household_id TEXT PRIMARY KEY REFERENCES households (id),
    seen_ms BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    credited_wh BIGINT NOT NULL,
    debited_wh BIGINT NOT NULL,
    used_wh BIGINT NOT NULL,
    energy_total_wh BIGINT NOT NULL,
    relay_commanded BIGINT NOT NULL CHECK (relay_commanded IN (0, 1)),
    relay_closed BIGINT NOT NULL CHECK (relay_closed IN (0, 1)),
    relay_fault BIGINT NOT NULL CHECK (relay_fault IN (0, 1)),
    open_reasons BIGINT NOT NULL,
    supply_mode TEXT NOT NULL,
    supply_generation BIGINT NOT NULL,
    supply_until_s BIGINT NOT NULL,
    power_mw BIGINT NOT NULL,
    voltage1_mv BIGINT NOT NULL,
    voltage2_mv BIGINT NOT NULL,
    voltage3_mv BIGINT NOT NULL,
    current1_ma BIGINT NOT NULL,
    current2_ma BIGINT NOT NULL,
    current3_ma BIGINT NOT NULL,
    power_factor_milli BIGINT NOT NULL,
    anomaly TEXT
);

-- Readings for charts and "days left": at most one a household each quarter hour.
CREATE TABLE readings (
    household_id TEXT NOT NULL REFERENCES households (id),
    at_ms BIGINT NOT NULL,
    energy_total_wh BIGINT NOT NULL,
    power_mw BIGINT NOT NULL,
    PRIMARY KEY (household_id, at_ms)
);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    language TEXT,
    disabled BIGINT NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    created_ms BIGINT NOT NULL
);

-- Only the SHA-256 of a session token is stored.
CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    created_ms BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);

-- Failed sign-ins by account and by address: 'account:<name>' or 'address:<ip>'.
CREATE TABLE throttles (
    key TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_ms BIGINT NOT NULL,
    blocked_until_ms BIGINT NOT NULL
);

-- The one-time link that creates the first administrator.
CREATE TABLE setup_links (
    token_hash TEXT PRIMARY KEY,
    expires_ms BIGINT NOT NULL,
    used_ms BIGINT
);

-- Every write a person makes: idempotency key, who, what, when. Never pruned.
CREATE TABLE operations (
    id TEXT PRIMARY KEY,
    idempotency_key TEXT NOT NULL UNIQUE,
    verb TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    subject TEXT NOT NULL
);

-- Its id, and a transfer's, is that of the operation written in the same transaction; its household and tenancy are those
-- of the row that the same transaction raised; users are never deleted. Foreign keys here would cost each sale a fifth and
-- refuse nothing; `wattwarden check` asks for orphans.
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
    credited_after_wh BIGINT NOT NULL
);
CREATE INDEX sales_tenancy ON sales (tenancy_id, at_ms);

-- The books: append-only transfers between two accounts of one ledger, so each is balanced by itself.
-- Account names say what they are: 'money:cash:<user>', 'money:prepaid:<tenancy>',
-- 'energy:issued', 'energy:purse:<tenancy>'.
CREATE TABLE transfers (
    operation_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    ledger TEXT NOT NULL CHECK (ledger IN ('money', 'energy')),
    debit_account TEXT NOT NULL,
    credit_account TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (operation_id, position),
    CHECK (debit_account <> credit_account)
);
CREATE INDEX transfers_debit ON transfers (debit_account);
CREATE INDEX transfers_credit ON transfers (credit_account);

CREATE TABLE supply_changes (
    id TEXT PRIMARY KEY REFERENCES operations (id),
    household_id TEXT NOT NULL REFERENCES households (id),
    mode TEXT NOT NULL,
    until_ms BIGINT,
    reason TEXT NOT NULL,
    generation BIGINT NOT NULL,
    actor_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);
CREATE INDEX supply_changes_household ON supply_changes (household_id, at_ms);
