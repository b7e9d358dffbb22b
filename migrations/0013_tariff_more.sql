-- Lapses, look again; and what the reports of free electricity read by. Same rules as in 0001.

-- When rooms whose meters were dark are looked at again for what is left of the month before.
ALTER TABLE allowance_runs ADD COLUMN lapse_again_ms BIGINT NOT NULL DEFAULT 0;
