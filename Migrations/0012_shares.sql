-- Links that open one volume to whoever has them, until they expire or are revoked.

CREATE TABLE share (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    volume  INTEGER NOT NULL REFERENCES volume (id) ON DELETE CASCADE,
    -- SHA-256 of the token in the link, which is itself kept nowhere.
    hash    BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    -- Whose token made it; NULL where none was needed. It ends with that token.
    token   INTEGER REFERENCES token (id) ON DELETE CASCADE,
    created TEXT NOT NULL,
    expires TEXT NOT NULL CHECK (expires > created)
) STRICT;

CREATE INDEX share_of_volume ON share (volume);
CREATE INDEX share_of_token ON share (token) WHERE token IS NOT NULL;

CREATE TRIGGER a_share_is_never_changed BEFORE UPDATE ON share
BEGIN SELECT RAISE(ABORT, 'a share is never changed, only removed'); END;
