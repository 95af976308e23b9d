-- The first answers to requests with an Idempotency-Key, written together with what the requests changed.

CREATE TABLE answered_request (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The number of the token; 0 where none was needed.
    client  INTEGER NOT NULL CHECK (client >= 0),
    key     TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    -- SHA-256 of the method, the path, the query and the body.
    digest  BLOB NOT NULL CHECK (length(digest) = 32),
    created TEXT NOT NULL,
    -- NULL between a change and its answer, and after a crash there.
    status  INTEGER CHECK (status BETWEEN 200 AND 299),
    headers TEXT CHECK (headers IS NULL OR json_valid(headers)),
    body    BLOB,
    UNIQUE (client, key),
    CHECK ((status IS NULL) = (headers IS NULL) AND (status IS NULL) = (body IS NULL))
) STRICT;

CREATE INDEX answered_request_by_time ON answered_request (created);
