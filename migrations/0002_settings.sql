-- What the office sets of what a meter decides, desired and reported. A block of settings is a row: its number and
-- its content as meter-core codes it, in hexadecimal. Same rules as in 0001.

-- What the office wants of a household. No row for a block: it was never set, and nothing is wanted of it.
CREATE TABLE household_settings (
    household_id TEXT NOT NULL REFERENCES households (id),
    block BIGINT NOT NULL CHECK (block BETWEEN 0 AND 255),
    content TEXT NOT NULL,
    generation BIGINT NOT NULL CHECK (generation BETWEEN 1 AND 4294967295),
    PRIMARY KEY (household_id, block)
);

-- What was read back of a household. No row for a block: it is as from the factory (see meter_reports.settings_ms).
CREATE TABLE household_settings_reports (
    household_id TEXT NOT NULL REFERENCES households (id),
    block BIGINT NOT NULL CHECK (block BETWEEN 0 AND 255),
    content TEXT NOT NULL,
    generation BIGINT NOT NULL CHECK (generation BETWEEN 0 AND 4294967295),
    PRIMARY KEY (household_id, block)
);

-- What is wanted of the whole meter follows from the site below; here stands the generation of the latest setting
-- that may have been sent, stored before it is used.
CREATE TABLE meter_settings (
    meter_id TEXT NOT NULL REFERENCES meters (id),
    block BIGINT NOT NULL CHECK (block BETWEEN 0 AND 255),
    generation BIGINT NOT NULL CHECK (generation BETWEEN 1 AND 4294967295),
    PRIMARY KEY (meter_id, block)
);

-- What was read back of the whole meter.
CREATE TABLE meter_settings_reports (
    meter_id TEXT NOT NULL REFERENCES meters (id),
    block BIGINT NOT NULL CHECK (block BETWEEN 0 AND 255),
    content TEXT NOT NULL,
    generation BIGINT NOT NULL CHECK (generation BETWEEN 0 AND 4294967295),
    PRIMARY KEY (meter_id, block)
);

-- When the meter last confirmed that its settings are those of the rows above; NULL before the first time.
ALTER TABLE meter_reports ADD COLUMN settings_ms BIGINT;

-- Bit per weekday that is a rest day, bit 0 Monday: at first Saturday and Sunday.
ALTER TABLE sites ADD COLUMN rest_weekdays BIGINT NOT NULL DEFAULT 96 CHECK (rest_weekdays BETWEEN 0 AND 127);

-- Dated exceptions of the site, days since 1970-01-01, both ends within; the first that holds counts.
CREATE TABLE calendar_days (
    position BIGINT PRIMARY KEY CHECK (position BETWEEN 0 AND 19),
    from_day BIGINT NOT NULL CHECK (from_day BETWEEN 1 AND 65535),
    to_day BIGINT NOT NULL CHECK (to_day BETWEEN 1 AND 65535),
    kind TEXT NOT NULL CHECK (kind IN ('working', 'rest', 'holiday', 'examination')),
    CHECK (from_day <= to_day)
);

-- Which households an operation set which block of, for a room's history.
CREATE TABLE settings_changes (
    operation_id TEXT NOT NULL REFERENCES operations (id),
    household_id TEXT NOT NULL REFERENCES households (id),
    block BIGINT NOT NULL,
    content TEXT NOT NULL,
    generation BIGINT NOT NULL,
    PRIMARY KEY (operation_id, household_id, block)
);
CREATE INDEX settings_changes_household ON settings_changes (household_id);

-- Low-credit reminders: the number of the one that keeps the supply off until somebody acknowledges it (0: none does),
-- and of the one that the office has acknowledged.
ALTER TABLE household_reports ADD COLUMN reminder BIGINT NOT NULL DEFAULT 0;
ALTER TABLE households ADD COLUMN acknowledged_reminder BIGINT NOT NULL DEFAULT 0;

-- The meter's flags besides the relay's: bits of its register map, such as the low-credit warning.
ALTER TABLE household_reports ADD COLUMN flags BIGINT NOT NULL DEFAULT 0;
