-- The room that the events of a job take does not grow with its length.

-- 0 is kept for good; 1 is progress, 2 progress with another held-out IoU than before: of these the newest are kept.
ALTER TABLE job_event ADD COLUMN ring INTEGER NOT NULL DEFAULT 0 CHECK (ring IN (0, 1, 2));

CREATE INDEX job_event_in_ring ON job_event (job, ring, sequence) WHERE ring <> 0;

-- Jobs whose events and curves were stored without a bound; the service thins them while it runs.
CREATE TABLE unthinned_job (
    job INTEGER PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE
) STRICT;

INSERT INTO unthinned_job (job) SELECT id FROM job;
