-- Where residents want their refunds: as last told, from a list or by hand. What was paid keeps its own copy.
CREATE TABLE bank_accounts (
    resident_id TEXT PRIMARY KEY REFERENCES residents (id),
    account_name TEXT NOT NULL,
    account_number TEXT NOT NULL,
    bank TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_ms BIGINT NOT NULL
);
