-- Collectors, meters and their outlets: what the office wants of them, and what the field layer read back.

-- A data collector: a gateway on the LAN with an RS485 line behind it. `transport` is how it is spoken to.
CREATE TABLE collectors (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    transport TEXT NOT NULL,
    address TEXT NOT NULL,
    enabled BIGINT NOT NULL CHECK (enabled IN (0, 1)),
    lease_holder TEXT,
    lease_until_ms BIGINT NOT NULL DEFAULT 0,
    created_ms BIGINT NOT NULL
);

-- A kind of meter: which driver the code has for it, and where the credit of its outlets is kept.
CREATE TABLE meter_kinds (
    kind TEXT PRIMARY KEY,
    -- 'in-meter': the meter counts its credit and cuts off by itself; 'at-server': the server does
    credit TEXT NOT NULL,
    -- what the office can do with it, words with a space between: 'settings', 'display', 'second-loops'
    features TEXT NOT NULL DEFAULT ''
);

-- An outlet that a meter of a kind is made with.
CREATE TABLE meter_kind_outlets (
    kind TEXT NOT NULL REFERENCES meter_kinds (kind),
    position BIGINT NOT NULL CHECK (position >= 0),
    phases BIGINT NOT NULL CHECK (phases IN (1, 3)),
    PRIMARY KEY (kind, position)
);

-- Our own meter.
INSERT INTO meter_kinds (kind, credit, features) VALUES ('wattwarden', 'in-meter', 'settings display second-loops');
INSERT INTO meter_kind_outlets (kind, position, phases) VALUES ('wattwarden', 0, 1), ('wattwarden', 1, 1),
    ('wattwarden', 2, 1), ('wattwarden', 3, 1), ('wattwarden', 4, 1), ('wattwarden', 5, 1), ('wattwarden', 6, 1),
    ('wattwarden', 7, 1), ('wattwarden', 8, 3), ('wattwarden', 9, 3), ('wattwarden', 10, 3);

-- A meter on a collector's line.
CREATE TABLE meters (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL DEFAULT 'wattwarden' REFERENCES meter_kinds (kind),
    serial BIGINT NOT NULL UNIQUE CHECK (serial BETWEEN 1 AND 999999999999),
    collector_id TEXT NOT NULL REFERENCES collectors (id),
    unit BIGINT NOT NULL CHECK (unit BETWEEN 1 AND 247),
    clock_generation BIGINT NOT NULL DEFAULT 0,
    created_ms BIGINT NOT NULL,
    UNIQUE (collector_id, unit)
);

-- One of a meter's outlets: which room it serves, and what the office wants of its relay (the desired state). A household
-- is an outlet and its account, and has this id everywhere.
CREATE TABLE outlets (
    id TEXT PRIMARY KEY,
    meter_id TEXT NOT NULL REFERENCES meters (id),
    position BIGINT NOT NULL CHECK (position >= 0),
    phases BIGINT NOT NULL CHECK (phases IN (1, 3)),
    room_id TEXT UNIQUE REFERENCES rooms (id),
    -- 'auto', 'off', 'on'
    supply_mode TEXT NOT NULL DEFAULT 'auto',
    supply_until_ms BIGINT,
    supply_generation BIGINT NOT NULL DEFAULT 0 CHECK (supply_generation BETWEEN 0 AND 4294967295),
    -- the low-credit reminder and the lock-out that the office has acknowledged and released last
    acknowledged_reminder BIGINT NOT NULL DEFAULT 0,
    released_lockout BIGINT NOT NULL DEFAULT 0,
    -- the rated current of the breaker in front of it; NULL: as the outlet is made
    breaker_ma BIGINT CHECK (breaker_ma BETWEEN 1000 AND 1000000),
    -- 1 if the outlet was built with a second loop, 0 if not; NULL while nobody has said so, and the meter's own word holds
    second_loop BIGINT CHECK (second_loop IN (0, 1)),
    UNIQUE (meter_id, position)
);

-- The credit of an outlet: who it is for, and the totals that the meter shall hold (the desired state), or that the server
-- holds for a meter without credit of its own. Monotone within an epoch, and bounded by what a meter can hold (32 bits).
CREATE TABLE credit_accounts (
    household_id TEXT PRIMARY KEY REFERENCES outlets (id),
    tenancy_id TEXT REFERENCES tenancies (id),
    epoch BIGINT NOT NULL DEFAULT 0 CHECK (epoch BETWEEN 0 AND 4294967295),
    credited_wh BIGINT NOT NULL DEFAULT 0 CHECK (credited_wh BETWEEN 0 AND 4294967295),
    debited_wh BIGINT NOT NULL DEFAULT 0 CHECK (debited_wh BETWEEN 0 AND 4294967295)
);
CREATE INDEX credit_accounts_tenancy ON credit_accounts (tenancy_id);

-- What the server counts for an outlet whose meter keeps no credit: the epoch that it has open, what was used in it
-- before the running meter was last taken up (at its opening, or anew when the meter was changed), and where the running
-- meter stood then.
CREATE TABLE server_counts (
    household_id TEXT PRIMARY KEY REFERENCES outlets (id),
    epoch BIGINT NOT NULL CHECK (epoch BETWEEN 0 AND 4294967295),
    used_before_wh BIGINT NOT NULL CHECK (used_before_wh >= 0),
    from_energy_wh BIGINT NOT NULL CHECK (from_energy_wh >= 0)
);

-- A change of what the office wants of a household's relay. Its id is its operation's.
CREATE TABLE supply_changes (
    id TEXT PRIMARY KEY REFERENCES operations (id),
    household_id TEXT NOT NULL REFERENCES outlets (id),
    mode TEXT NOT NULL,
    until_ms BIGINT,
    reason TEXT NOT NULL,
    generation BIGINT NOT NULL,
    actor_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);
CREATE INDEX supply_changes_household ON supply_changes (household_id, at_ms);

-- When a collector last answered. As all reports: facts only, written by the field layer and nobody else.
CREATE TABLE collector_reports (
    collector_id TEXT PRIMARY KEY REFERENCES collectors (id),
    at_ms BIGINT NOT NULL,
    seen_ms BIGINT,
    error TEXT
);

-- How a meter was found when it was last visited.
CREATE TABLE meter_reports (
    meter_id TEXT PRIMARY KEY REFERENCES meters (id),
    -- 'online', 'offline', 'wrong-meter'
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
    failed_requests BIGINT NOT NULL,
    -- when the meter last confirmed that its settings are those of the rows below; NULL before the first time
    settings_ms BIGINT
);

-- What was last read back of a household.
CREATE TABLE household_reports (
    household_id TEXT PRIMARY KEY REFERENCES outlets (id),
    seen_ms BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    credited_wh BIGINT NOT NULL,
    debited_wh BIGINT NOT NULL,
    used_wh BIGINT NOT NULL,
    energy_total_wh BIGINT NOT NULL,
    relay_commanded BIGINT NOT NULL CHECK (relay_commanded IN (0, 1)),
    relay_closed BIGINT NOT NULL CHECK (relay_closed IN (0, 1)),
    relay_fault BIGINT NOT NULL CHECK (relay_fault IN (0, 1)),
    -- words with a space between: why the relay is open, and what else there is to tell, such as 'low-credit'
    open_reasons TEXT NOT NULL,
    signs TEXT NOT NULL DEFAULT '',
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
    -- the number of the low-credit reminder that keeps the supply off until somebody acknowledges it; 0: none does
    reminder BIGINT NOT NULL DEFAULT 0,
    anomaly TEXT
);

-- What was last read back of a household's details: only where its signs say that there is something to tell, so a row
-- may be older than the household's report.
CREATE TABLE household_details (
    household_id TEXT PRIMARY KEY REFERENCES outlets (id),
    seen_ms BIGINT NOT NULL,
    lockouts BIGINT NOT NULL,
    -- why the second relay is open
    second_reasons TEXT NOT NULL,
    second_power_mw BIGINT NOT NULL,
    second_current_ma BIGINT NOT NULL,
    over_current_left_s BIGINT NOT NULL,
    over_current_trips BIGINT NOT NULL,
    vicious_left_s BIGINT NOT NULL,
    vicious_trips BIGINT NOT NULL,
    second_over_current_left_s BIGINT NOT NULL,
    second_over_current_trips BIGINT NOT NULL,
    second_vicious_left_s BIGINT NOT NULL,
    second_vicious_trips BIGINT NOT NULL,
    -- the lock-outs that the button at the meter ends
    resident_release TEXT NOT NULL
);
