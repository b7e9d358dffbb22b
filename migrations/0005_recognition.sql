-- Recognition of what was used, and the runs of jobs. Same rules as in 0001.

-- When the reading was taken up to which a purse is recognised; 0 before the first.
ALTER TABLE purses ADD COLUMN seen_ms BIGINT NOT NULL DEFAULT 0;

-- The rated current of the breaker in front of a household; NULL: as the outlet is made.
ALTER TABLE households ADD COLUMN breaker_ma BIGINT CHECK (breaker_ma BETWEEN 1000 AND 1000000);

-- The lists of what waits for a person, and of what was decided for a room.
CREATE INDEX quarantines_seen ON quarantines (seen_ms);

-- One run of a job: claimed by a server for as long as its lease lasts (wall time), batch by batch. What a batch writes
-- and how far the run has come are one transaction, so a run that is taken up again does nothing twice.
-- `occasion` says which run of the job it is ('2026-09-01', or the operation that asked for it): each is run once.
CREATE TABLE job_runs (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    occasion TEXT NOT NULL,
    due_ms BIGINT NOT NULL,
    -- what was asked for, as the job writes it (JSON)
    request TEXT NOT NULL DEFAULT '',
    asked_by TEXT,
    created_ms BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    holder TEXT,
    lease_until_ms BIGINT NOT NULL DEFAULT 0,
    -- batches written so far, where the next begins, and how much of how much is done
    batches BIGINT NOT NULL DEFAULT 0,
    position TEXT NOT NULL DEFAULT '',
    done BIGINT NOT NULL DEFAULT 0,
    total BIGINT NOT NULL DEFAULT 0,
    -- what came of it, as the job writes it (JSON)
    report TEXT NOT NULL DEFAULT '',
    -- attempts in a row that failed, and why the last did
    failures BIGINT NOT NULL DEFAULT 0,
    error TEXT,
    started_ms BIGINT,
    finished_ms BIGINT,
    UNIQUE (name, occasion)
);
CREATE INDEX job_runs_open ON job_runs (due_ms) WHERE state IN ('waiting', 'running');
