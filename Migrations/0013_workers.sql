-- Workers on other machines, the jobs that they hold, and the role of their tokens.

-- A list of roles can't be changed: the table is made anew, with the numbers that it has given.
CREATE TABLE new_token (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL CHECK (
        length(name) BETWEEN 1 AND 64 AND name GLOB '[A-Za-z0-9]*' AND name NOT GLOB '*[^-A-Za-z0-9._]*'),
    -- SHA-256 of the token, which is itself kept nowhere.
    hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    role       TEXT NOT NULL CHECK (role IN ('worker', 'viewer', 'annotator', 'trainer', 'admin')),
    -- 1 is every project there is and will be, 0 those of token_project.
    everywhere INTEGER NOT NULL CHECK (everywhere IN (0, 1)),
    created    TEXT NOT NULL,
    expires    TEXT CHECK (expires > created),
    revoked    TEXT
) STRICT;

INSERT INTO new_token SELECT id, name, hash, role, everywhere, created, expires, revoked FROM token;
DELETE FROM sqlite_sequence WHERE name = 'new_token';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_token', seq FROM sqlite_sequence WHERE name = 'token';
DROP TABLE token;
ALTER TABLE new_token RENAME TO token;

CREATE UNIQUE INDEX token_in_use ON token (name) WHERE revoked IS NULL;

CREATE TRIGGER a_token_is_only_ever_revoked BEFORE UPDATE ON token
WHEN OLD.revoked IS NOT NULL OR NEW.id <> OLD.id OR NEW.name <> OLD.name OR NEW.hash <> OLD.hash
    OR NEW.role <> OLD.role OR NEW.everywhere <> OLD.everywhere OR NEW.created <> OLD.created
    OR NEW.expires IS NOT OLD.expires
BEGIN SELECT RAISE(ABORT, 'a token is only ever revoked'); END;

CREATE TRIGGER a_token_in_use_is_never_removed BEFORE DELETE ON token WHEN OLD.revoked IS NULL
BEGIN SELECT RAISE(ABORT, 'a token is revoked before it is removed'); END;

-- What a worker said of itself when it last asked for work.
CREATE TABLE worker (
    name      TEXT PRIMARY KEY CHECK (
        length(name) BETWEEN 1 AND 64 AND name GLOB '[A-Za-z0-9]*' AND name NOT GLOB '*[^-A-Za-z0-9._]*'),
    host      TEXT NOT NULL CHECK (length(host) BETWEEN 1 AND 255),
    version   TEXT NOT NULL CHECK (length(version) BETWEEN 1 AND 64),
    processor TEXT NOT NULL CHECK (length(processor) BETWEEN 1 AND 64),
    threads   INTEGER NOT NULL CHECK (threads > 0),
    seen      TEXT NOT NULL
) STRICT;

-- The jobs that workers hold, until when. What they send counts only with the number of the attempt.
CREATE TABLE lease (
    job     INTEGER PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    worker  TEXT NOT NULL UNIQUE REFERENCES worker (name),
    attempt INTEGER NOT NULL,
    expires TEXT NOT NULL
) STRICT;

CREATE TRIGGER a_lease_is_of_the_running_attempt BEFORE INSERT ON lease
WHEN NOT EXISTS (SELECT 1 FROM job WHERE id = NEW.job AND state = 'running' AND attempts = NEW.attempt)
BEGIN SELECT RAISE(ABORT, 'the job does not run, or in another attempt'); END;

CREATE TRIGGER a_lease_is_only_ever_renewed BEFORE UPDATE ON lease
WHEN NEW.job <> OLD.job OR NEW.worker <> OLD.worker OR NEW.attempt <> OLD.attempt
BEGIN SELECT RAISE(ABORT, 'a lease is only ever renewed'); END;

CREATE TRIGGER a_job_that_does_not_run_has_no_lease AFTER UPDATE OF state ON job WHEN NEW.state <> 'running'
BEGIN DELETE FROM lease WHERE job = NEW.id; END;

-- Where the last attempt was made; NULL for the server itself.
ALTER TABLE job ADD COLUMN worker TEXT;
ALTER TABLE job ADD COLUMN host TEXT;
