-- The first schema. A migration that has shipped is never edited: add the next one.
--
-- Times are UTC, 'YYYY-MM-DD HH:MM:SS.SSS'. JSON is text. AUTOINCREMENT where an id also names the content, so that
-- it is never used twice.

CREATE TABLE project (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL UNIQUE CHECK (
        length(name) BETWEEN 1 AND 64 AND name GLOB '[A-Za-z0-9]*' AND name NOT GLOB '*[^-A-Za-z0-9._]*'),
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 10000),
    created     TEXT NOT NULL
) STRICT;

-- The label value of a class is its place in the project's list; 255 is "unlabeled".
CREATE TABLE class (
    project INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    value   INTEGER NOT NULL CHECK (value BETWEEN 0 AND 253),
    name    TEXT NOT NULL CHECK (
        length(name) BETWEEN 1 AND 100 AND trim(name) = name AND lower(name) <> 'unlabeled'
        AND name NOT GLOB ('*[' || char(1) || '-' || char(31) || ']*')),
    color   TEXT NOT NULL CHECK (
        color GLOB '#[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]'),
    PRIMARY KEY (project, value),
    UNIQUE (project, name)
) STRICT, WITHOUT ROWID;

-- Voxels. 'writing' until all bricks are there, then 'finished' and never changed, at last 'dropped' until its bricks
-- are swept away, a few in each transaction.
CREATE TABLE grid (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    state  TEXT NOT NULL DEFAULT 'writing' CHECK (state IN ('writing', 'finished', 'dropped')),
    header TEXT NOT NULL CHECK (json_valid(header)),
    edge   INTEGER NOT NULL CHECK (edge BETWEEN 1 AND 1024),
    fill   INTEGER NOT NULL CHECK (fill BETWEEN 0 AND 255),
    -- Voxels by value, of one channel of uint8.
    counts TEXT CHECK (counts IS NULL OR json_valid(counts))
) STRICT;

CREATE INDEX grid_in_motion ON grid (state) WHERE state <> 'finished';

CREATE TRIGGER a_finished_grid_is_never_changed BEFORE UPDATE ON grid
WHEN OLD.state <> 'writing' AND (NEW.state = 'writing' OR NEW.header <> OLD.header OR NEW.edge <> OLD.edge
    OR NEW.fill <> OLD.fill OR NEW.counts IS NOT OLD.counts OR (OLD.state = 'dropped' AND NEW.state <> 'dropped'))
BEGIN SELECT RAISE(ABORT, 'a finished grid is never changed'); END;

CREATE TABLE brick (
    grid    INTEGER NOT NULL REFERENCES grid (id) ON DELETE CASCADE,
    channel INTEGER NOT NULL CHECK (channel >= 0),
    z       INTEGER NOT NULL CHECK (z >= 0),
    y       INTEGER NOT NULL CHECK (y >= 0),
    x       INTEGER NOT NULL CHECK (x >= 0),
    -- Packed, see BrickCodec.
    voxels  BLOB NOT NULL CHECK (length(voxels) > 0),
    PRIMARY KEY (grid, channel, z, y, x)
) STRICT;

CREATE TRIGGER bricks_come_while_a_grid_is_written BEFORE INSERT ON brick
WHEN (SELECT state FROM grid WHERE id = NEW.grid) IS NOT 'writing'
BEGIN SELECT RAISE(ABORT, 'the grid is not being written'); END;

CREATE TRIGGER bricks_change_while_a_grid_is_written BEFORE UPDATE ON brick
WHEN (SELECT state FROM grid WHERE id = OLD.grid) IS NOT 'writing' OR NEW.grid <> OLD.grid
BEGIN SELECT RAISE(ABORT, 'the grid is not being written'); END;

CREATE TABLE volume (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    project    INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name       TEXT NOT NULL CHECK (
        length(name) BETWEEN 1 AND 64 AND name GLOB '[A-Za-z0-9]*' AND name NOT GLOB '*[^-A-Za-z0-9._]*'),
    z          INTEGER NOT NULL CHECK (z > 0),
    y          INTEGER NOT NULL CHECK (y > 0),
    x          INTEGER NOT NULL CHECK (x > 0),
    header     TEXT NOT NULL CHECK (json_valid(header)),
    image      INTEGER NOT NULL UNIQUE REFERENCES grid (id),
    truth      INTEGER UNIQUE REFERENCES grid (id),
    statistics TEXT NOT NULL CHECK (json_valid(statistics)),
    sha256     TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    bytes      INTEGER NOT NULL CHECK (bytes >= 0),
    created    TEXT NOT NULL,
    UNIQUE (project, name),
    CHECK (image <> truth)
) STRICT;

CREATE TRIGGER a_volume_takes_finished_grids BEFORE INSERT ON volume
WHEN (SELECT state FROM grid WHERE id = NEW.image) IS NOT 'finished'
    OR (NEW.truth IS NOT NULL AND (SELECT state FROM grid WHERE id = NEW.truth) IS NOT 'finished')
    OR EXISTS (SELECT 1 FROM volume WHERE truth = NEW.image OR image = NEW.truth)
    OR EXISTS (SELECT 1 FROM prediction WHERE labels IN (NEW.image, NEW.truth) OR probability IN (NEW.image, NEW.truth))
BEGIN SELECT RAISE(ABORT, 'the grid is not finished or belongs to another'); END;

CREATE TRIGGER a_volume_changes_to_finished_grids BEFORE UPDATE OF image, truth ON volume
WHEN (SELECT state FROM grid WHERE id = NEW.image) IS NOT 'finished'
    OR (NEW.truth IS NOT NULL AND (SELECT state FROM grid WHERE id = NEW.truth) IS NOT 'finished')
    OR EXISTS (SELECT 1 FROM volume WHERE truth = NEW.image OR image = NEW.truth)
    OR EXISTS (SELECT 1 FROM prediction WHERE labels IN (NEW.image, NEW.truth) OR probability IN (NEW.image, NEW.truth))
BEGIN SELECT RAISE(ABORT, 'the grid is not finished or belongs to another'); END;

CREATE TRIGGER an_annotated_volume_keeps_its_shape BEFORE UPDATE OF z, y, x ON volume
WHEN (NEW.z <> OLD.z OR NEW.y <> OLD.y OR NEW.x <> OLD.x)
    AND EXISTS (SELECT 1 FROM annotation WHERE volume = OLD.id)
BEGIN SELECT RAISE(ABORT, 'an annotated volume keeps its shape'); END;

CREATE TRIGGER a_volume_drops_its_image AFTER UPDATE OF image ON volume WHEN NEW.image <> OLD.image
BEGIN UPDATE grid SET state = 'dropped' WHERE id = OLD.image; END;

CREATE TRIGGER a_volume_drops_its_truth AFTER UPDATE OF truth ON volume WHEN NEW.truth IS NOT OLD.truth
BEGIN UPDATE grid SET state = 'dropped' WHERE id = OLD.truth; END;

CREATE TRIGGER a_volume_drops_its_grids AFTER DELETE ON volume
BEGIN UPDATE grid SET state = 'dropped' WHERE id IN (OLD.image, OLD.truth); END;

-- Revisions of slices, never changed; the highest revision of a slice is the current one.
CREATE TABLE annotation (
    revision INTEGER PRIMARY KEY AUTOINCREMENT,
    volume   INTEGER NOT NULL REFERENCES volume (id) ON DELETE CASCADE,
    axis     TEXT NOT NULL CHECK (axis IN ('z', 'y', 'x')),
    slice    INTEGER NOT NULL CHECK (slice >= 0),
    author   TEXT CHECK (length(author) BETWEEN 1 AND 200),
    created  TEXT NOT NULL,
    -- The earlier revision that this one brought back.
    restored INTEGER CHECK (restored < revision),
    -- Packed rows × columns values; NULL takes the annotation away.
    labels   BLOB CHECK (length(labels) > 0),
    -- Voxels by value.
    counts   TEXT NOT NULL CHECK (json_valid(counts))
) STRICT;

CREATE INDEX annotation_of_slice ON annotation (volume, axis, slice, revision);

CREATE VIEW current_annotation AS
SELECT * FROM annotation AS a
WHERE labels IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM annotation AS b
    WHERE b.volume = a.volume AND b.axis = a.axis AND b.slice = a.slice AND b.revision > a.revision);

CREATE TRIGGER an_annotation_lies_in_its_volume BEFORE INSERT ON annotation
WHEN NEW.slice >= (SELECT CASE NEW.axis WHEN 'z' THEN z WHEN 'y' THEN y ELSE x END FROM volume WHERE id = NEW.volume)
BEGIN SELECT RAISE(ABORT, 'the slice lies outside of the volume'); END;

CREATE TRIGGER a_revision_is_never_replaced BEFORE INSERT ON annotation
WHEN EXISTS (SELECT 1 FROM annotation WHERE revision = NEW.revision)
BEGIN SELECT RAISE(ABORT, 'annotation revisions are never changed'); END;

CREATE TRIGGER a_revision_is_never_changed BEFORE UPDATE ON annotation
BEGIN SELECT RAISE(ABORT, 'annotation revisions are never changed'); END;

-- When a volume goes its row is gone before those that refer to it are.
CREATE TRIGGER a_revision_is_never_removed BEFORE DELETE ON annotation
WHEN EXISTS (SELECT 1 FROM volume WHERE id = OLD.volume)
BEGIN SELECT RAISE(ABORT, 'annotation revisions are never removed'); END;

CREATE TABLE job (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    project   INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    kind      TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    state     TEXT NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    request   TEXT NOT NULL CHECK (json_valid(request)),
    progress  TEXT CHECK (progress IS NULL OR json_valid(progress)),
    model     TEXT,
    result    TEXT CHECK (result IS NULL OR json_valid(result)),
    error     TEXT,
    created   TEXT NOT NULL,
    started   TEXT,
    finished  TEXT,
    attempts  INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- Whether somebody has asked for it to be cancelled.
    cancel    INTEGER NOT NULL DEFAULT 0 CHECK (cancel IN (0, 1)),
    CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (finished IS NOT NULL)),
    CHECK (state NOT IN ('running', 'succeeded', 'failed') OR (started IS NOT NULL AND attempts > 0)),
    CHECK (state <> 'failed' OR error IS NOT NULL)
) STRICT;

CREATE INDEX job_waiting ON job (state, id) WHERE state IN ('queued', 'running');
CREATE INDEX job_of_project ON job (project, id);

CREATE TRIGGER a_job_goes_forward BEFORE UPDATE OF state ON job
WHEN NEW.state <> OLD.state AND NOT (
    (OLD.state = 'queued' AND NEW.state IN ('running', 'cancelled'))
    OR (OLD.state = 'running' AND NEW.state IN ('queued', 'succeeded', 'failed', 'cancelled')))
BEGIN SELECT RAISE(ABORT, 'a job that has ended stays as it is'); END;

-- What a running job continues from after a crash.
CREATE TABLE job_checkpoint (
    job   INTEGER PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    saved TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

CREATE TRIGGER an_ended_job_has_no_checkpoint AFTER UPDATE OF state ON job
WHEN NEW.state IN ('succeeded', 'failed', 'cancelled')
BEGIN DELETE FROM job_checkpoint WHERE job = NEW.id; END;

CREATE TABLE job_event (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    job      INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    type     TEXT NOT NULL CHECK (length(type) BETWEEN 1 AND 64),
    data     TEXT NOT NULL CHECK (json_valid(data)),
    created  TEXT NOT NULL
) STRICT;

CREATE INDEX job_event_of_job ON job_event (job, sequence);

CREATE TABLE job_curve (
    job          INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    step         INTEGER NOT NULL CHECK (step >= 0),
    seconds      REAL NOT NULL CHECK (seconds >= 0),
    loss         REAL,
    held_out_iou REAL CHECK (held_out_iou BETWEEN 0 AND 1),
    PRIMARY KEY (job, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE model (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    project       INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name          TEXT NOT NULL CHECK (
        length(name) BETWEEN 1 AND 64 AND name GLOB '[A-Za-z0-9]*' AND name NOT GLOB '*[^-A-Za-z0-9._]*'),
    -- A name, kept when that model is gone.
    parent        TEXT,
    classes       TEXT NOT NULL CHECK (json_valid(classes) AND json_array_length(classes) > 0),
    recipe        TEXT NOT NULL CHECK (json_valid(recipe)),
    configuration TEXT NOT NULL CHECK (json_valid(configuration)),
    seed          INTEGER NOT NULL,
    labels_hash   TEXT,
    metrics       TEXT CHECK (metrics IS NULL OR json_valid(metrics)),
    held_out      TEXT CHECK (held_out IS NULL OR json_valid(held_out)),
    trained_on    TEXT CHECK (trained_on IS NULL OR json_valid(trained_on)),
    job           INTEGER REFERENCES job (id) ON DELETE SET NULL,
    bytes         INTEGER NOT NULL CHECK (bytes > 0),
    created       TEXT NOT NULL,
    UNIQUE (project, name)
) STRICT;

CREATE INDEX model_of_job ON model (job);

CREATE TABLE model_weights (
    model INTEGER PRIMARY KEY REFERENCES model (id) ON DELETE CASCADE,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE prediction (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    volume      INTEGER NOT NULL REFERENCES volume (id) ON DELETE CASCADE,
    model       INTEGER NOT NULL REFERENCES model (id) ON DELETE CASCADE,
    labels      INTEGER NOT NULL UNIQUE REFERENCES grid (id),
    probability INTEGER NOT NULL UNIQUE REFERENCES grid (id),
    created     TEXT NOT NULL,
    UNIQUE (volume, model),
    CHECK (labels <> probability)
) STRICT;

CREATE INDEX prediction_of_model ON prediction (model);

CREATE TRIGGER a_prediction_takes_finished_grids BEFORE INSERT ON prediction
WHEN (SELECT state FROM grid WHERE id = NEW.labels) IS NOT 'finished'
    OR (SELECT state FROM grid WHERE id = NEW.probability) IS NOT 'finished'
    OR EXISTS (SELECT 1 FROM prediction WHERE labels = NEW.probability OR probability = NEW.labels)
    OR EXISTS (
        SELECT 1 FROM volume WHERE image IN (NEW.labels, NEW.probability) OR truth IN (NEW.labels, NEW.probability))
BEGIN SELECT RAISE(ABORT, 'the grid is not finished or belongs to another'); END;

CREATE TRIGGER a_prediction_stays_in_its_project BEFORE INSERT ON prediction
WHEN (SELECT project FROM volume WHERE id = NEW.volume) IS NOT (SELECT project FROM model WHERE id = NEW.model)
BEGIN SELECT RAISE(ABORT, 'the volume and the model belong to different projects'); END;

CREATE TRIGGER a_prediction_is_never_changed BEFORE UPDATE ON prediction
BEGIN SELECT RAISE(ABORT, 'a prediction is never changed'); END;

CREATE TRIGGER a_prediction_drops_its_grids AFTER DELETE ON prediction
BEGIN UPDATE grid SET state = 'dropped' WHERE id IN (OLD.labels, OLD.probability); END;
