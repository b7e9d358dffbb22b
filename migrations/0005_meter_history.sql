-- What meters remember, fetched once and kept: readings, events, hourly totals, closed epochs, what is on the display; and
-- meters that lost their memory.

-- A reading for charts and "days left": at most one a household each quarter hour.
CREATE TABLE readings (
    household_id TEXT NOT NULL REFERENCES outlets (id),
    at_ms BIGINT NOT NULL,
    energy_total_wh BIGINT NOT NULL,
    power_mw BIGINT NOT NULL,
    PRIMARY KEY (household_id, at_ms)
);

-- How far the server has come with what a meter remembers. No row: nothing was fetched yet.
CREATE TABLE meter_histories (
    meter_id TEXT PRIMARY KEY REFERENCES meters (id),
    -- counts how often the meter's events began anew: it had lost them
    life BIGINT NOT NULL CHECK (life >= 0),
    -- the latest event of this life that is kept here; 0 before the first
    event_number BIGINT NOT NULL CHECK (event_number BETWEEN 0 AND 4294967295),
    -- the latest full hour that was asked for
    hour_ms BIGINT NOT NULL
);

-- What a meter recorded, each event once.
CREATE TABLE meter_events (
    meter_id TEXT NOT NULL REFERENCES meters (id),
    life BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    -- which of its outlets; NULL for the whole meter
    position BIGINT,
    -- by the meter's clock; NULL when it did not know the time
    at_ms BIGINT,
    -- what it says, in the words of every meter (JSON)
    recorded TEXT NOT NULL,
    -- as it was read, in hexadecimal
    words TEXT NOT NULL,
    -- so many events right before this one were gone before they could be fetched
    missed BIGINT NOT NULL CHECK (missed >= 0),
    fetched_ms BIGINT NOT NULL,
    PRIMARY KEY (meter_id, life, number)
);
CREATE INDEX meter_events_outlet ON meter_events (meter_id, position, life, number);

-- The running meter of a household at each full hour (UTC), as its meter kept it. An hour without a row was never
-- recorded: the meter was off, or did not know the time.
CREATE TABLE hourly_energy (
    household_id TEXT NOT NULL REFERENCES outlets (id),
    at_ms BIGINT NOT NULL,
    energy_total_wh BIGINT NOT NULL,
    PRIMARY KEY (household_id, at_ms)
);

-- How an epoch stood at the instant its meter closed it, as read from the meter, twice the same. A refund hangs on it, so it
-- is written once. `closed_ms` is the meter's own time, NULL when it did not know the time.
CREATE TABLE closings (
    household_id TEXT NOT NULL REFERENCES outlets (id),
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
    household_id TEXT PRIMARY KEY REFERENCES outlets (id),
    epoch BIGINT NOT NULL
);

-- A meter whose starts, totals or events fell: it lost its memory. Until a manager has decided, it gets no credit.
CREATE TABLE memory_losses (
    id TEXT PRIMARY KEY,
    meter_id TEXT NOT NULL REFERENCES meters (id),
    noticed_ms BIGINT NOT NULL,
    -- how often it had started, before and when it was noticed
    boots_before BIGINT,
    boots_found BIGINT NOT NULL,
    -- the operation by which the credit may be sent anew
    restored_by TEXT REFERENCES operations (id)
);
CREATE UNIQUE INDEX memory_losses_open ON memory_losses (meter_id) WHERE restored_by IS NULL;

-- What each household had before, where it fell.
CREATE TABLE memory_loss_households (
    loss_id TEXT NOT NULL REFERENCES memory_losses (id),
    household_id TEXT NOT NULL REFERENCES outlets (id),
    epoch BIGINT NOT NULL,
    credited_wh BIGINT NOT NULL,
    debited_wh BIGINT NOT NULL,
    used_wh BIGINT NOT NULL,
    energy_total_wh BIGINT NOT NULL,
    -- used in that epoch, and no longer counted by the meter
    forgotten_wh BIGINT NOT NULL CHECK (forgotten_wh >= 0),
    PRIMARY KEY (loss_id, household_id)
);

-- What a household used in an epoch before its meter forgot it. The meter is told it as debited, and what it reports is
-- put right by it, so that totals go on as if nothing had been lost.
CREATE TABLE forgotten_uses (
    household_id TEXT PRIMARY KEY REFERENCES outlets (id),
    epoch BIGINT NOT NULL,
    used_wh BIGINT NOT NULL CHECK (used_wh BETWEEN 0 AND 4294967295)
);

-- Who looks at a meter's display in the browser: which outlet's pages besides what is shown (-1 for none), until when
-- (wall time). Nobody looks: nothing is read.
CREATE TABLE display_watches (
    meter_id TEXT NOT NULL REFERENCES meters (id),
    position BIGINT NOT NULL CHECK (position >= -1),
    asked_ms BIGINT NOT NULL,
    PRIMARY KEY (meter_id, position)
);

-- A page of the display as it was last read: 4 lines of 20 characters. Numbered as in the register map.
CREATE TABLE display_pages (
    meter_id TEXT NOT NULL REFERENCES meters (id),
    page BIGINT NOT NULL,
    text TEXT NOT NULL,
    read_ms BIGINT NOT NULL,
    PRIMARY KEY (meter_id, page)
);
