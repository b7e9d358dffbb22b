-- What was printed with a number. A document's content never changes once its number is issued; printing it again shows
-- the same content, marked as a copy.

-- The last number issued of a kind: raised in the operation's own transaction, so numbers have no gaps.
CREATE TABLE document_numbers (
    kind TEXT PRIMARY KEY,
    last BIGINT NOT NULL CHECK (last > 0)
);

-- An issued document.
CREATE TABLE documents (
    kind TEXT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    operation_id TEXT NOT NULL,
    -- what it is about (a sale, a settlement, a shift): one document of a kind each
    subject TEXT NOT NULL,
    -- for a person who looks through a list: room and names, a date
    label TEXT NOT NULL,
    language TEXT NOT NULL,
    -- which layout it was first printed in: a later version of the program keeps it
    layout BIGINT NOT NULL,
    content TEXT NOT NULL,
    -- of the content, in hex
    sha256 TEXT NOT NULL,
    issued_ms BIGINT NOT NULL,
    -- east of UTC, in the site's zone at that moment: paper shows the site's time for ever
    issued_offset_s BIGINT NOT NULL,
    issued_by TEXT NOT NULL,
    PRIMARY KEY (kind, number),
    UNIQUE (kind, subject)
);
CREATE INDEX documents_operation ON documents (operation_id);

-- Who took the original out of the printer, once; everything printed later is a copy.
CREATE TABLE document_originals (
    kind TEXT NOT NULL,
    number BIGINT NOT NULL,
    operation_id TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (kind, number)
);

-- What stands under the site's name on everything printed: address, telephone, a line each.
CREATE TABLE letterheads (
    site_id TEXT PRIMARY KEY,
    lines TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_ms BIGINT NOT NULL
);
