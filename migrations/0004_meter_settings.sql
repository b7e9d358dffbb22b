-- What the office sets of what a meter decides, desired and reported. A block of settings is a row: its number and
-- its content as meter-core codes it, in hexadecimal.

-- A block as the office wants it of a household. No row: it was never set, and nothing is wanted of it.
CREATE TABLE household_settings (
    household_id TEXT NOT NULL REFERENCES outlets (id),
    block BIGINT NOT NULL CHECK (block BETWEEN 0 AND 255),
    content TEXT NOT NULL,
    generation BIGINT NOT NULL CHECK (generation BETWEEN 1 AND 4294967295),
    PRIMARY KEY (household_id, block)
);

-- A block as it was read back of a household. No row: it is as from the factory (see meter_reports.settings_ms).
CREATE TABLE household_settings_reports (
    household_id TEXT NOT NULL REFERENCES outlets (id),
    block BIGINT NOT NULL CHECK (block BETWEEN 0 AND 255),
    content TEXT NOT NULL,
    generation BIGINT NOT NULL CHECK (generation BETWEEN 0 AND 4294967295),
    PRIMARY KEY (household_id, block)
);

-- The generation of the latest setting of the whole meter that may have been sent, stored before it is used. What is
-- wanted follows from the site and its calendar.
CREATE TABLE meter_settings (
    meter_id TEXT NOT NULL REFERENCES meters (id),
    block BIGINT NOT NULL CHECK (block BETWEEN 0 AND 255),
    generation BIGINT NOT NULL CHECK (generation BETWEEN 1 AND 4294967295),
    PRIMARY KEY (meter_id, block)
);

-- A block as it was read back of the whole meter.
CREATE TABLE meter_settings_reports (
    meter_id TEXT NOT NULL REFERENCES meters (id),
    block BIGINT NOT NULL CHECK (block BETWEEN 0 AND 255),
    content TEXT NOT NULL,
    generation BIGINT NOT NULL CHECK (generation BETWEEN 0 AND 4294967295),
    PRIMARY KEY (meter_id, block)
);

-- A dated exception of the site, days since 1970-01-01, both ends within; the first that holds counts.
-- `kind` is the day's: 'working', 'rest', 'holiday', 'examination'.
CREATE TABLE calendar_days (
    position BIGINT PRIMARY KEY CHECK (position BETWEEN 0 AND 19),
    from_day BIGINT NOT NULL CHECK (from_day BETWEEN 1 AND 65535),
    to_day BIGINT NOT NULL CHECK (to_day BETWEEN 1 AND 65535),
    kind TEXT NOT NULL,
    CHECK (from_day <= to_day)
);

-- A household of which an operation set a block, for a room's history.
CREATE TABLE settings_changes (
    operation_id TEXT NOT NULL REFERENCES operations (id),
    household_id TEXT NOT NULL REFERENCES outlets (id),
    block BIGINT NOT NULL,
    content TEXT NOT NULL,
    generation BIGINT NOT NULL,
    PRIMARY KEY (operation_id, household_id, block)
);
CREATE INDEX settings_changes_household ON settings_changes (household_id);
