-- Classes that keep their label value, slices that are never learned from, and the model that a project goes by.

-- The value of a class is never given to another one while a revision or a model still means it: the class stays, removed.
ALTER TABLE class ADD COLUMN removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1));

-- What a slice is for: to learn from, or only to measure on.
ALTER TABLE annotation ADD COLUMN role TEXT NOT NULL DEFAULT 'train' CHECK (role IN ('train', 'test'));

-- The model that is meant where none is named; NULL is the newest one that finished.
ALTER TABLE project ADD COLUMN model INTEGER REFERENCES model (id) ON DELETE SET NULL;

CREATE TRIGGER a_project_goes_by_a_model_of_its_own BEFORE UPDATE OF model ON project
WHEN NEW.model IS NOT NULL AND (SELECT project FROM model WHERE id = NEW.model) IS NOT NEW.id
BEGIN SELECT RAISE(ABORT, 'the model belongs to another project'); END;
