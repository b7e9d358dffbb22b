-- Second loops, lock-outs and what a meter tells of them. Same rules as in 0001.

-- 1 if the outlet was built with a second loop, 0 if not; NULL while nobody has said so, and the meter's own word holds.
ALTER TABLE households ADD COLUMN second_loop BIGINT CHECK (second_loop IN (0, 1));

-- The number of the latest lock-out that the office has released.
ALTER TABLE households ADD COLUMN released_lockout BIGINT NOT NULL DEFAULT 0;

-- What the field layer last read back of a household's details: only where its flags say that there is something to
-- tell, so a row may be older than the household's report. Written by nobody else.
CREATE TABLE household_details (
    household_id TEXT PRIMARY KEY REFERENCES households (id),
    seen_ms BIGINT NOT NULL,
    lockouts BIGINT NOT NULL,
    second_reasons BIGINT NOT NULL,
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
    resident_release BIGINT NOT NULL
);
