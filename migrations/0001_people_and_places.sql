-- One text for SQLite and PostgreSQL: TEXT and BIGINT only; booleans 0/1; times are epoch milliseconds (UTC);
-- money in minor units; energy in watt-hours; ids are UUIDv7 text made by the application.
-- Ranges of figures stand here; which words a column may hold (a role, a state, a way of payment) is the code's, and
-- `wattwarden check` asks for others.

-- The property. One row; more than one site is more than one database.
CREATE TABLE sites (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    currency_digits BIGINT NOT NULL CHECK (currency_digits BETWEEN 0 AND 3),
    time_zone TEXT NOT NULL,
    low_credit_wh BIGINT NOT NULL CHECK (low_credit_wh >= 0),
    -- bit per weekday that is a rest day, bit 0 Monday: at first Saturday and Sunday
    rest_weekdays BIGINT NOT NULL DEFAULT 96 CHECK (rest_weekdays BETWEEN 0 AND 127),
    -- above this refund a second person has to approve; NULL: never
    refund_approval_minor BIGINT CHECK (refund_approval_minor >= 0),
    -- the smallest coin that is paid out
    smallest_coin_minor BIGINT NOT NULL DEFAULT 1 CHECK (smallest_coin_minor > 0),
    created_ms BIGINT NOT NULL
);

-- A building of the site.
CREATE TABLE buildings (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    position BIGINT NOT NULL
);

-- A floor of a building.
CREATE TABLE floors (
    id TEXT PRIMARY KEY,
    building_id TEXT NOT NULL REFERENCES buildings (id),
    name TEXT NOT NULL,
    position BIGINT NOT NULL,
    UNIQUE (building_id, name)
);

-- Rooms that pay alike. Every room is in one; those nobody placed are in 'default', whose name is the pages'.
CREATE TABLE room_groups (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_ms BIGINT NOT NULL
);
INSERT INTO room_groups (id, name, created_ms) VALUES ('default', '', 0);

-- A room: what electricity is sold to.
CREATE TABLE rooms (
    id TEXT PRIMARY KEY,
    floor_id TEXT NOT NULL REFERENCES floors (id),
    name TEXT NOT NULL,
    position BIGINT NOT NULL,
    group_id TEXT NOT NULL DEFAULT 'default',
    UNIQUE (floor_id, name)
);
CREATE INDEX rooms_group ON rooms (group_id);

-- Somebody who lives here, or did. `kind` is what they are, for allowances by person.
CREATE TABLE residents (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'other',
    created_ms BIGINT NOT NULL
);

-- A tenancy is what a room's residents share: its credit, in one epoch of the meter.
CREATE TABLE tenancies (
    id TEXT PRIMARY KEY,
    room_id TEXT NOT NULL REFERENCES rooms (id),
    opened_ms BIGINT NOT NULL,
    closed_ms BIGINT,
    -- the running meter when the residents moved in, as last read then; NULL when it was not known
    opening_energy_wh BIGINT
);
CREATE UNIQUE INDEX tenancies_open ON tenancies (room_id) WHERE closed_ms IS NULL;
CREATE INDEX tenancies_opened ON tenancies (opened_ms);

-- A resident of a tenancy, from when on.
CREATE TABLE tenancy_residents (
    tenancy_id TEXT NOT NULL REFERENCES tenancies (id),
    resident_id TEXT NOT NULL REFERENCES residents (id),
    from_ms BIGINT NOT NULL,
    PRIMARY KEY (tenancy_id, resident_id)
);
CREATE INDEX tenancy_residents_resident ON tenancy_residents (resident_id);

-- Somebody who works with the program. Never deleted: what they did keeps their name.
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    -- of the pages; NULL: as the browser asks
    language TEXT,
    disabled BIGINT NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    created_ms BIGINT NOT NULL
);

-- A signed-in browser. Only the SHA-256 of its token is stored.
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
