-- What electricity costs to whom, and what of it is free.

-- What a group pays from a moment on, until its next plan begins; a group without a plan of its own pays as 'default'.
-- `terms` is the tariff as domain/src/tariff/text.rs writes it. A plan without a group is a draft: nothing is sold by it.
CREATE TABLE price_plans (
    id TEXT PRIMARY KEY,
    group_id TEXT REFERENCES room_groups (id),
    terms TEXT NOT NULL,
    -- the price of its first kWh: what subsidised energy is worth
    base_per_kwh TEXT NOT NULL,
    from_ms BIGINT,
    created_by TEXT NOT NULL,
    UNIQUE (group_id, from_ms),
    CHECK ((group_id IS NULL) = (from_ms IS NULL))
);

-- Free electricity: who gets how much each month, and what becomes of the rest. Days are days since 1970-01-01 by the
-- site's date.
CREATE TABLE allowance_rules (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    room_wh BIGINT NOT NULL CHECK (room_wh >= 0),
    person_wh BIGINT NOT NULL CHECK (person_wh >= 0),
    -- of what is left when the next month's is due: 'keep' all, 'cap' at carry_wh, or let all 'lapse'
    carry TEXT NOT NULL,
    carry_wh BIGINT NOT NULL CHECK (carry_wh >= 0),
    -- who moves in later gets the first month 'whole' or 'pro-rata'
    first_month TEXT NOT NULL,
    -- bit per month without an allowance, bit 0 January
    months_off BIGINT NOT NULL CHECK (months_off BETWEEN 0 AND 4095),
    from_day BIGINT NOT NULL,
    until_day BIGINT,
    -- when each month: day of the month (every month has it), minute of the day
    day BIGINT NOT NULL CHECK (day BETWEEN 1 AND 28),
    minute BIGINT NOT NULL CHECK (minute BETWEEN 0 AND 1439),
    created_ms BIGINT NOT NULL,
    CHECK (until_day >= from_day)
);

-- What a resident of a kind gets instead of the rule's person_wh.
CREATE TABLE allowance_rule_kinds (
    rule_id TEXT NOT NULL REFERENCES allowance_rules (id),
    kind TEXT NOT NULL,
    person_wh BIGINT NOT NULL CHECK (person_wh >= 0),
    PRIMARY KEY (rule_id, kind)
);

-- A building or group for whose rooms a rule is. No row: all rooms.
CREATE TABLE allowance_rule_places (
    rule_id TEXT NOT NULL REFERENCES allowance_rules (id),
    place_id TEXT NOT NULL,
    PRIMARY KEY (rule_id, place_id)
);

-- The month of a rule being granted: how far it has come. `after_room` is the last room that was looked at, moved on in
-- the same transaction as the grants, so that any number of servers may share the work and none does it twice.
CREATE TABLE allowance_runs (
    rule_id TEXT NOT NULL REFERENCES allowance_rules (id),
    period TEXT NOT NULL,
    month_from_ms BIGINT NOT NULL,
    month_until_ms BIGINT NOT NULL,
    due_ms BIGINT NOT NULL,
    started_ms BIGINT NOT NULL,
    -- a user, or 'system'
    started_by TEXT NOT NULL,
    after_room TEXT NOT NULL DEFAULT '',
    rooms_total BIGINT NOT NULL,
    rooms_seen BIGINT NOT NULL DEFAULT 0,
    rooms_granted BIGINT NOT NULL DEFAULT 0,
    energy_wh BIGINT NOT NULL DEFAULT 0,
    amount_minor BIGINT NOT NULL DEFAULT 0,
    finished_ms BIGINT,
    -- those who moved in before are done
    newcomers_ms BIGINT NOT NULL DEFAULT 0,
    -- when what was left of the month before had lapsed for every room
    lapsed_ms BIGINT,
    -- when rooms whose meters were dark are looked at again for what is left of the month before
    lapse_again_ms BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (rule_id, period)
);
CREATE INDEX allowance_runs_open ON allowance_runs (rule_id) WHERE finished_ms IS NULL;

-- A month: whoever grants locks its row, so that two rules never meet in a room.
CREATE TABLE allowance_months (
    period TEXT PRIMARY KEY,
    granting BIGINT NOT NULL
);

-- When a day of a month begins, by the site's clocks: for a first month pro rata.
CREATE TABLE allowance_days (
    period TEXT NOT NULL,
    from_ms BIGINT NOT NULL,
    PRIMARY KEY (period, from_ms)
);

-- Credit settings, as stored, that keep a room from holding more: what a grant must not lift it above.
CREATE TABLE hoarding_limits (
    content TEXT PRIMARY KEY,
    limit_wh BIGINT NOT NULL
);

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

-- Why electricity was given by hand: the rules say it for all other grants.
CREATE TABLE grant_reasons (
    operation_id TEXT PRIMARY KEY,
    actor_id TEXT NOT NULL,
    reason TEXT NOT NULL
);

-- Subsidised energy that was not used in its time.
CREATE TABLE lapses (
    operation_id TEXT NOT NULL,
    tenancy_id TEXT NOT NULL,
    energy_wh BIGINT NOT NULL CHECK (energy_wh > 0),
    -- what it would have cost the institution
    amount_minor BIGINT NOT NULL DEFAULT 0,
    rule_id TEXT,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (operation_id, tenancy_id)
);
CREATE INDEX lapses_tenancy ON lapses (tenancy_id, at_ms);
