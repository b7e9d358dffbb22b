-- What everything that is written rests on.

-- Every write: idempotency key, who, what, when. Never pruned. The name is the one of that moment, so that no list of what
-- was done needs to find whoever did it among users, residents or providers.
CREATE TABLE operations (
    id TEXT PRIMARY KEY,
    idempotency_key TEXT NOT NULL UNIQUE,
    verb TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    -- 'staff', 'resident', 'provider', 'schedule'
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    subject TEXT NOT NULL
);

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
    -- 'waiting', 'running', 'done', 'failed'
    state TEXT NOT NULL,
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
