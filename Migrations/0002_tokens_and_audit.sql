-- Who may ask for what, and who changed what.

-- A revoked token keeps its row: a server whose last token was taken away must not open its doors again.
CREATE TABLE token (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL CHECK (
        length(name) BETWEEN 1 AND 64 AND name GLOB '[A-Za-z0-9]*' AND name NOT GLOB '*[^-A-Za-z0-9._]*'),
    -- SHA-256 of the token, which is itself kept nowhere.
    hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    role       TEXT NOT NULL CHECK (role IN ('viewer', 'annotator', 'trainer', 'admin')),
    -- 1 is every project there is and will be, 0 those of token_project.
    everywhere INTEGER NOT NULL CHECK (everywhere IN (0, 1)),
    created    TEXT NOT NULL,
    expires    TEXT CHECK (expires > created),
    revoked    TEXT
) STRICT;

CREATE UNIQUE INDEX token_in_use ON token (name) WHERE revoked IS NULL;

CREATE TRIGGER a_token_is_only_ever_revoked BEFORE UPDATE ON token
WHEN OLD.revoked IS NOT NULL OR NEW.id <> OLD.id OR NEW.name <> OLD.name OR NEW.hash <> OLD.hash
    OR NEW.role <> OLD.role OR NEW.everywhere <> OLD.everywhere OR NEW.created <> OLD.created
    OR NEW.expires IS NOT OLD.expires
BEGIN SELECT RAISE(ABORT, 'a token is only ever revoked'); END;

CREATE TRIGGER a_token_in_use_is_never_removed BEFORE DELETE ON token WHEN OLD.revoked IS NULL
BEGIN SELECT RAISE(ABORT, 'a token is revoked before it is removed'); END;

-- By number, so that a new project of an old one's name is not open to the old one's tokens.
CREATE TABLE token_project (
    token   INTEGER NOT NULL REFERENCES token (id) ON DELETE CASCADE,
    project INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    PRIMARY KEY (token, project)
) STRICT, WITHOUT ROWID;

CREATE INDEX token_of_project ON token_project (project);

-- Every change that succeeded. Names are text: what is gone still stands here.
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    time    TEXT NOT NULL,
    -- The token's name; NULL where none was needed.
    token   TEXT,
    project TEXT,
    method  TEXT NOT NULL CHECK (length(method) BETWEEN 1 AND 20),
    path    TEXT NOT NULL CHECK (length(path) BETWEEN 1 AND 2000),
    status  INTEGER NOT NULL CHECK (status BETWEEN 200 AND 299),
    -- The id that the log and the answer have, too.
    request TEXT NOT NULL
) STRICT;

CREATE INDEX audit_of_project ON audit (project, id);

CREATE TRIGGER an_audit_entry_is_never_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END;

CREATE TRIGGER an_audit_entry_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END;

CREATE TRIGGER an_audit_entry_is_never_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END;
