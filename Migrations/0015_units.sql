-- Units of a job, which workers and the server take as they take jobs: the runs of an experiment.

-- The job that it is a unit of, and its number among the units of that, from 0; NULL for what people have asked for.
ALTER TABLE job ADD COLUMN parent INTEGER REFERENCES job (id) ON DELETE CASCADE;
ALTER TABLE job ADD COLUMN number INTEGER CHECK ((number IS NULL) = (parent IS NULL) AND number >= 0);

CREATE UNIQUE INDEX job_unit ON job (parent, number) WHERE parent IS NOT NULL;

CREATE TRIGGER an_ended_job_needs_no_units AFTER UPDATE OF state ON job
WHEN NEW.state IN ('succeeded', 'failed', 'cancelled')
BEGIN
    UPDATE job SET state = 'cancelled', finished = NEW.finished WHERE parent = NEW.id AND state = 'queued';
    UPDATE job SET cancel = 1 WHERE parent = NEW.id AND state = 'running';
END;
