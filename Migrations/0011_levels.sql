-- Smaller copies of voxels, for looking at much of an image at once.

-- Level 1 is made of the grid, each later one of the level before; see Pyramid.
CREATE TABLE level (
    grid    INTEGER NOT NULL REFERENCES grid (id) ON DELETE CASCADE,
    level   INTEGER NOT NULL CHECK (level BETWEEN 1 AND 100),
    -- The grid of the level's own voxels.
    smaller INTEGER NOT NULL UNIQUE REFERENCES grid (id),
    PRIMARY KEY (grid, level),
    CHECK (smaller <> grid)
) STRICT;

CREATE TRIGGER a_level_is_of_finished_grids BEFORE INSERT ON level
WHEN (SELECT state FROM grid WHERE id = NEW.grid) IS NOT 'finished'
    OR (SELECT state FROM grid WHERE id = NEW.smaller) IS NOT 'finished'
    OR NEW.level <> 1 + (SELECT count(*) FROM level WHERE grid = NEW.grid)
    OR EXISTS (SELECT 1 FROM level WHERE grid = NEW.smaller OR smaller = NEW.grid)
    OR EXISTS (SELECT 1 FROM volume WHERE NEW.smaller IN (image, truth))
    OR EXISTS (SELECT 1 FROM prediction WHERE NEW.smaller IN (labels, probability))
BEGIN SELECT RAISE(ABORT, 'the grid is not finished, belongs to another or is not the next level'); END;

CREATE TRIGGER a_level_is_never_changed BEFORE UPDATE ON level
BEGIN SELECT RAISE(ABORT, 'a level is never changed'); END;

-- Grids that may lack levels; the service makes them while it runs, those of the lowest turn first.
CREATE TABLE unlevelled_grid (
    grid    INTEGER PRIMARY KEY REFERENCES grid (id) ON DELETE CASCADE,
    turn    INTEGER NOT NULL,
    -- What becomes of voxels that become one: their mean, or the first of them, as of labels.
    halving TEXT NOT NULL CHECK (halving IN ('mean', 'first'))
) STRICT;

CREATE TRIGGER a_dropped_grid_drops_its_levels AFTER UPDATE OF state ON grid
WHEN NEW.state = 'dropped' AND OLD.state <> 'dropped'
BEGIN
    UPDATE grid SET state = 'dropped' WHERE id IN (SELECT smaller FROM level WHERE grid = NEW.id);
    DELETE FROM level WHERE grid = NEW.id;
    DELETE FROM unlevelled_grid WHERE grid = NEW.id;
END;

CREATE TRIGGER a_volume_wants_levels AFTER INSERT ON volume
BEGIN
    INSERT INTO unlevelled_grid (grid, turn, halving) VALUES (NEW.image, 0, 'mean');
    INSERT INTO unlevelled_grid (grid, turn, halving) SELECT NEW.truth, 2, 'first' WHERE NEW.truth IS NOT NULL;
END;

CREATE TRIGGER an_image_wants_levels AFTER UPDATE OF image ON volume WHEN NEW.image <> OLD.image
BEGIN INSERT INTO unlevelled_grid (grid, turn, halving) VALUES (NEW.image, 0, 'mean'); END;

CREATE TRIGGER a_truth_wants_levels AFTER UPDATE OF truth ON volume
WHEN NEW.truth IS NOT OLD.truth AND NEW.truth IS NOT NULL
BEGIN INSERT INTO unlevelled_grid (grid, turn, halving) VALUES (NEW.truth, 2, 'first'); END;

CREATE TRIGGER a_prediction_wants_levels AFTER INSERT ON prediction
BEGIN
    INSERT INTO unlevelled_grid (grid, turn, halving) VALUES (NEW.labels, 1, 'first'), (NEW.probability, 3, 'mean');
END;

INSERT INTO unlevelled_grid (grid, turn, halving)
SELECT image, 0, 'mean' FROM volume
UNION ALL SELECT truth, 2, 'first' FROM volume WHERE truth IS NOT NULL
UNION ALL SELECT labels, 1, 'first' FROM prediction
UNION ALL SELECT probability, 3, 'mean' FROM prediction;
