-- Jobs that Slurm computes.

-- What Slurm said last of the job that computes it, or computed it.
ALTER TABLE job ADD COLUMN slurm TEXT CHECK (slurm IS NULL OR json_valid(slurm));

-- By what others know this database, as Slurm's list does: in it are jobs of other servers, too.
CREATE TABLE own_id (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id   TEXT NOT NULL CHECK (length(id) = 16)
) STRICT;

INSERT INTO own_id (only, id) VALUES (1, lower(hex(randomblob(8))));
