-- Which revisions one call made, so that all of them can be taken back together.

-- The first revision of the call that made this one; NULL for that one itself.
ALTER TABLE annotation ADD COLUMN change INTEGER CHECK (change < revision);

CREATE INDEX annotation_of_change ON annotation (change) WHERE change IS NOT NULL;
