PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE migration_checksum (
    name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, applied TEXT NOT NULL) STRICT;
INSERT INTO migration_checksum VALUES('0001_initial','d93e6bb901747dc4fd22aacd0fe4542b42ffb1190251d75d4be95e0bf0519c12','2026-11-23 03:33:08.690');
INSERT INTO migration_checksum VALUES('0002_tokens_and_audit','35b43245eac7b10cb08fe1ae717774c6c9b389e5143cdc06c04fa9f2e724df91','2026-11-23 03:33:08.690');
INSERT INTO migration_checksum VALUES('0003_changes_of_annotations','3eb09ffb74f8b2e7b02e64794ee44a37205685d3e25c1a2061af43783a6024c9','2026-11-29 00:50:00.000');
INSERT INTO migration_checksum VALUES('0004_classes_roles_and_pins','de63f1928821641a4c5571a67012b0eba210ddf7dff3478cd4617798124a3e8c','2026-11-29 00:50:00.000');
INSERT INTO migration_checksum VALUES('0007_answered_requests','5f706b66ab2420eafbdf6c26ca601f0a075e4157a5c859abb705f5d47aa3b982','2026-11-29 00:50:00.000');
INSERT INTO migration_checksum VALUES('0009_starts_without_progress','1b55f3dd1d081e2e68296db80c2b074b6b12f87e58aea26dddbdfd0768b4bfe2','2026-11-29 00:50:00.000');
INSERT INTO migration_checksum VALUES('0010_rings_of_events','868afe5789f39b104ea45f5c162f2322e85e6a0b51d5894ce4a896c385501708','2026-11-29 04:00:00.000');
INSERT INTO migration_checksum VALUES('0011_levels','5d5652193ab2a2b67704947401077136d57d8d55072d2b325880edcc94400858','2026-11-29 08:00:00.000');
INSERT INTO migration_checksum VALUES('0012_shares','2814b41820c665ac8782819832bd1387c2d0b95b67d5383e81896f75b3354add','2026-11-29 10:00:00.000');
INSERT INTO migration_checksum VALUES('0013_workers','9e036de8ab98e1f5e64bf611bc20ae9291a115fed016ea71f5c9dabf33232cfa','2026-11-29 21:00:00.000');
INSERT INTO migration_checksum VALUES('0014_slurm','2cd9a5dfa96e37e4cdcfd2c01379a0491d80c41bdbe0c99879f277d92d1bad8a','2026-11-30 00:30:00.000');
INSERT INTO migration_checksum VALUES('0015_units','17b2ad6405aa1b8a130d025dbd26621cda35732ba470a4a2ac45d714d3243be5','2026-11-30 01:00:00.000');
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES('0001_initial');
INSERT INTO grdb_migrations VALUES('0002_tokens_and_audit');
INSERT INTO grdb_migrations VALUES('0003_changes_of_annotations');
INSERT INTO grdb_migrations VALUES('0004_classes_roles_and_pins');
INSERT INTO grdb_migrations VALUES('0007_answered_requests');
INSERT INTO grdb_migrations VALUES('0009_starts_without_progress');
INSERT INTO grdb_migrations VALUES('0010_rings_of_events');
INSERT INTO grdb_migrations VALUES('0011_levels');
INSERT INTO grdb_migrations VALUES('0012_shares');
INSERT INTO grdb_migrations VALUES('0013_workers');
INSERT INTO grdb_migrations VALUES('0014_slurm');
INSERT INTO grdb_migrations VALUES('0015_units');
CREATE TABLE project (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL UNIQUE CHECK (
        length(name) BETWEEN 1 AND 64 AND name GLOB '[A-Za-z0-9]*' AND name NOT GLOB '*[^-A-Za-z0-9._]*'),
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 10000),
    created     TEXT NOT NULL
, model INTEGER REFERENCES model (id) ON DELETE SET NULL) STRICT;
INSERT INTO project VALUES(1,'kidney','of version 0015','2026-11-23 03:33:09.577',NULL);
INSERT INTO project VALUES(2,'lung','','2026-01-02 03:08:00.000',NULL);
CREATE TABLE class (
    project INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    value   INTEGER NOT NULL CHECK (value BETWEEN 0 AND 253),
    name    TEXT NOT NULL CHECK (
        length(name) BETWEEN 1 AND 100 AND trim(name) = name AND lower(name) <> 'unlabeled'
        AND name NOT GLOB ('*[' || char(1) || '-' || char(31) || ']*')),
    color   TEXT NOT NULL CHECK (
        color GLOB '#[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]'), removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
    PRIMARY KEY (project, value),
    UNIQUE (project, name)
) STRICT, WITHOUT ROWID;
INSERT INTO class VALUES(1,0,'inside','#e69f00',0);
INSERT INTO class VALUES(1,1,'outside','#56b4e9',0);
INSERT INTO class VALUES(2,0,'air','#e69f00',0);
INSERT INTO class VALUES(2,1,'vessel','#56b4e9',1);
CREATE TABLE grid (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    state  TEXT NOT NULL DEFAULT 'writing' CHECK (state IN ('writing', 'finished', 'dropped')),
    header TEXT NOT NULL CHECK (json_valid(header)),
    edge   INTEGER NOT NULL CHECK (edge BETWEEN 1 AND 1024),
    fill   INTEGER NOT NULL CHECK (fill BETWEEN 0 AND 255),
    -- Voxels by value, of one channel of uint8.
    counts TEXT CHECK (counts IS NULL OR json_valid(counts))
) STRICT;
INSERT INTO grid VALUES(1,'finished','{"channels":1,"element":"uint8","extent":{"x":8,"y":6,"z":4},"spacing":{"unit":"micrometer","x":0.5,"y":0.5,"z":2}}',64,0,'{"0":1,"1":1,"10":1,"100":1,"101":1,"102":1,"103":1,"104":1,"105":1,"106":1,"107":1,"108":1,"109":1,"11":1,"110":1,"111":1,"112":1,"113":1,"114":1,"115":1,"116":1,"117":1,"118":1,"119":1,"12":1,"120":1,"121":1,"122":1,"123":1,"124":1,"125":1,"126":1,"127":1,"128":1,"129":1,"13":1,"130":1,"131":1,"132":1,"133":1,"134":1,"135":1,"136":1,"137":1,"138":1,"139":1,"14":1,"140":1,"141":1,"142":1,"143":1,"144":1,"145":1,"146":1,"147":1,"148":1,"149":1,"15":1,"150":1,"151":1,"152":1,"153":1,"154":1,"155":1,"156":1,"157":1,"158":1,"159":1,"16":1,"160":1,"161":1,"162":1,"163":1,"164":1,"165":1,"166":1,"167":1,"168":1,"169":1,"17":1,"170":1,"171":1,"172":1,"173":1,"174":1,"175":1,"176":1,"177":1,"178":1,"179":1,"18":1,"180":1,"181":1,"182":1,"183":1,"184":1,"185":1,"186":1,"187":1,"188":1,"189":1,"19":1,"190":1,"191":1,"2":1,"20":1,"21":1,"22":1,"23":1,"24":1,"25":1,"26":1,"27":1,"28":1,"29":1,"3":1,"30":1,"31":1,"32":1,"33":1,"34":1,"35":1,"36":1,"37":1,"38":1,"39":1,"4":1,"40":1,"41":1,"42":1,"43":1,"44":1,"45":1,"46":1,"47":1,"48":1,"49":1,"5":1,"50":1,"51":1,"52":1,"53":1,"54":1,"55":1,"56":1,"57":1,"58":1,"59":1,"6":1,"60":1,"61":1,"62":1,"63":1,"64":1,"65":1,"66":1,"67":1,"68":1,"69":1,"7":1,"70":1,"71":1,"72":1,"73":1,"74":1,"75":1,"76":1,"77":1,"78":1,"79":1,"8":1,"80":1,"81":1,"82":1,"83":1,"84":1,"85":1,"86":1,"87":1,"88":1,"89":1,"9":1,"90":1,"91":1,"92":1,"93":1,"94":1,"95":1,"96":1,"97":1,"98":1,"99":1}');
INSERT INTO grid VALUES(2,'finished','{"channels":1,"element":"uint8","extent":{"x":8,"y":6,"z":4},"spacing":{"unit":"micrometer","x":0.5,"y":0.5,"z":2}}',64,255,'{"0":96,"1":96}');
INSERT INTO grid VALUES(3,'finished','{"channels":1,"element":"uint8","extent":{"x":8,"y":6,"z":4},"spacing":{"unit":"micrometer","x":0.5,"y":0.5,"z":2}}',64,0,'{"0":192}');
INSERT INTO grid VALUES(4,'finished','{"channels":2,"element":"uint16","extent":{"x":8,"y":6,"z":4},"spacing":{"unit":"micrometer","x":0.5,"y":0.5,"z":2}}',64,0,NULL);
INSERT INTO grid VALUES(5,'writing','{}',64,0,NULL);
INSERT INTO grid VALUES(6,'finished','{"channels":1,"element":"uint8","extent":{"x":4,"y":3,"z":2},"spacing":{"unit":"micrometer","x":1,"y":1,"z":4}}',64,0,'{"124":1,"126":1,"128":1,"130":1,"140":1,"142":1,"144":1,"146":1,"156":1,"158":1,"160":1,"162":1,"28":1,"30":1,"32":1,"34":1,"44":1,"46":1,"48":1,"50":1,"60":1,"62":1,"64":1,"66":1}');
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
INSERT INTO brick VALUES(1,0,0,0,0,X'28b52ffd20c0010600000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf');
INSERT INTO brick VALUES(2,0,0,0,0,X'28b52ffd20c04d00001000010100bb288705');
INSERT INTO brick VALUES(6,0,0,0,0,X'28b52ffd2018c100001c1e20222c2e30323c3e40427c7e80828c8e90929c9ea0a2');
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
INSERT INTO volume VALUES(1,1,'sample',4,6,8,'{"channels":1,"element":"uint8","extent":{"x":8,"y":6,"z":4},"spacing":{"unit":"micrometer","x":0.5,"y":0.5,"z":2}}',1,2,'[{"deviation":55.42487407894281,"high":189,"low":2,"maximum":191,"mean":95.5,"minimum":0}]','80e5dbcade2a4596795726f67e345a13d589333fa8d21b93a321656350223355',320,'2026-11-23 03:33:10.279');
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
, change INTEGER CHECK (change < revision), role TEXT NOT NULL DEFAULT 'train' CHECK (role IN ('train', 'test'))) STRICT;
INSERT INTO annotation VALUES(1,1,'z',1,'ann','2026-11-23 03:33:10.376',NULL,X'28b52ffd20304500001000010100673a2c','{"0":24,"1":24}',NULL,'train');
INSERT INTO annotation VALUES(2,1,'z',1,'bob','2026-11-23 03:33:10.427',NULL,X'28b52ffd20304d0000180001ff01006aba21','{"0":16,"1":16,"255":16}',NULL,'train');
INSERT INTO annotation VALUES(3,1,'x',7,NULL,'2026-11-23 03:33:10.438',NULL,X'28b52ffd201845000010010101000ac002','{"1":24}',NULL,'train');
INSERT INTO annotation VALUES(4,1,'x',7,NULL,'2026-11-23 03:33:10.448',NULL,NULL,'{}',NULL,'train');
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
    cancel    INTEGER NOT NULL DEFAULT 0 CHECK (cancel IN (0, 1)), stalls INTEGER NOT NULL DEFAULT 0 CHECK (stalls >= 0), worker TEXT, host TEXT, slurm TEXT CHECK (slurm IS NULL OR json_valid(slurm)), parent INTEGER REFERENCES job (id) ON DELETE CASCADE, number INTEGER CHECK ((number IS NULL) = (parent IS NULL) AND number >= 0),
    CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (finished IS NOT NULL)),
    CHECK (state NOT IN ('running', 'succeeded', 'failed') OR (started IS NOT NULL AND attempts > 0)),
    CHECK (state <> 'failed' OR error IS NOT NULL)
) STRICT;
INSERT INTO job VALUES(1,1,'train','succeeded','{"kind":"train"}','{"phase":"predicting","step":40}','round1',NULL,NULL,'2026-01-02 03:04:05.678','2026-01-02 03:04:06.000','2026-01-02 03:05:00.000',1,0,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO job VALUES(2,1,'train','running','{"kind":"train","name":"round2"}',NULL,NULL,NULL,NULL,'2026-01-02 03:06:00.000','2026-01-02 03:07:00.000',NULL,1,0,1,'slurm-7','n1','{"job":7,"node":"n1","reason":null,"state":"RUNNING"}',NULL,NULL);
INSERT INTO job VALUES(3,1,'trial','succeeded','{}',NULL,NULL,'{}',NULL,'2026-01-02 03:07:05.000','2026-01-02 03:07:06.000','2026-01-02 03:07:07.000',1,0,0,NULL,NULL,NULL,2,0);
INSERT INTO job VALUES(4,1,'trial','queued','{}',NULL,NULL,NULL,NULL,'2026-01-02 03:07:05.000',NULL,NULL,0,0,0,NULL,NULL,NULL,2,1);
CREATE TABLE job_checkpoint (
    job   INTEGER PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    saved TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
INSERT INTO job_checkpoint VALUES(2,'2026-01-02 03:07:10.000',X'010203');
CREATE TABLE job_event (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    job      INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    type     TEXT NOT NULL CHECK (length(type) BETWEEN 1 AND 64),
    data     TEXT NOT NULL CHECK (json_valid(data)),
    created  TEXT NOT NULL
, ring INTEGER NOT NULL DEFAULT 0 CHECK (ring IN (0, 1, 2))) STRICT;
INSERT INTO job_event VALUES(1,1,'state','{"state":"queued"}','2026-01-02 03:04:05.678',0);
INSERT INTO job_event VALUES(2,1,'log','{"message":"learning"}','2026-01-02 03:04:07.000',0);
INSERT INTO job_event VALUES(3,2,'progress','{"phase":"training","seconds":1,"step":3}','2026-01-02 03:07:02.000',1);
INSERT INTO job_event VALUES(4,2,'progress','{"heldout_iou":0.5,"phase":"training","seconds":2,"step":6}','2026-01-02 03:07:03.000',2);
CREATE TABLE job_curve (
    job          INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    step         INTEGER NOT NULL CHECK (step >= 0),
    seconds      REAL NOT NULL CHECK (seconds >= 0),
    loss         REAL,
    held_out_iou REAL CHECK (held_out_iou BETWEEN 0 AND 1),
    PRIMARY KEY (job, step)
) STRICT, WITHOUT ROWID;
INSERT INTO job_curve VALUES(1,1,0.10000000000000000555,0.9000000000000000222,NULL);
INSERT INTO job_curve VALUES(1,40,4.0,0.25,0.75);
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
INSERT INTO model VALUES(1,1,'round1',NULL,'["inside","outside"]','{"preset":"default"}','{"base":16}',7,'abc','{"steps":40}',NULL,NULL,1,4,'2026-01-02 03:05:00.000');
CREATE TABLE model_weights (
    model INTEGER PRIMARY KEY REFERENCES model (id) ON DELETE CASCADE,
    bytes BLOB NOT NULL
) STRICT;
INSERT INTO model_weights VALUES(1,X'0a0b0c0d');
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
INSERT INTO prediction VALUES(1,1,1,3,4,'2026-01-02 03:05:30.000');
CREATE TABLE token_project (
    token   INTEGER NOT NULL REFERENCES token (id) ON DELETE CASCADE,
    project INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    PRIMARY KEY (token, project)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE answered_request (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The number of the token; 0 where none was needed.
    client  INTEGER NOT NULL CHECK (client >= 0),
    key     TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    -- SHA-256 of the method, the path, the query and the body.
    digest  BLOB NOT NULL CHECK (length(digest) = 32),
    created TEXT NOT NULL,
    -- NULL between a change and its answer, and after a crash there.
    status  INTEGER CHECK (status BETWEEN 200 AND 299),
    headers TEXT CHECK (headers IS NULL OR json_valid(headers)),
    body    BLOB,
    UNIQUE (client, key),
    CHECK ((status IS NULL) = (headers IS NULL) AND (status IS NULL) = (body IS NULL))
) STRICT;
INSERT INTO answered_request VALUES(1,0,'once',X'0000000000000000000000000000000000000000000000000000000000000000','2026-01-02 03:09:00.000',201,'[]',X'7b7d');
CREATE TABLE unthinned_job (
    job INTEGER PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE
) STRICT;
INSERT INTO unthinned_job VALUES(2);
CREATE TABLE level (
    grid    INTEGER NOT NULL REFERENCES grid (id) ON DELETE CASCADE,
    level   INTEGER NOT NULL CHECK (level BETWEEN 1 AND 100),
    -- The grid of the level's own voxels.
    smaller INTEGER NOT NULL UNIQUE REFERENCES grid (id),
    PRIMARY KEY (grid, level),
    CHECK (smaller <> grid)
) STRICT;
INSERT INTO level VALUES(1,1,6);
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
INSERT INTO share VALUES(1,1,X'45214ed6ebee01a3aca2967b893e00cf749e251e2f3e84ff9dbeed526dcaed59',NULL,'2026-01-02 03:10:00.000','2999-01-02 03:10:00.000');
CREATE TABLE unlevelled_grid (
    grid    INTEGER PRIMARY KEY REFERENCES grid (id) ON DELETE CASCADE,
    turn    INTEGER NOT NULL,
    -- What becomes of voxels that become one: their mean, or the first of them, as of labels.
    halving TEXT NOT NULL CHECK (halving IN ('mean', 'first'))
) STRICT;
INSERT INTO unlevelled_grid VALUES(2,2,'first');
INSERT INTO unlevelled_grid VALUES(3,1,'first');
INSERT INTO unlevelled_grid VALUES(4,3,'mean');
CREATE TABLE IF NOT EXISTS "token" (
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
CREATE TABLE worker (
    name      TEXT PRIMARY KEY CHECK (
        length(name) BETWEEN 1 AND 64 AND name GLOB '[A-Za-z0-9]*' AND name NOT GLOB '*[^-A-Za-z0-9._]*'),
    host      TEXT NOT NULL CHECK (length(host) BETWEEN 1 AND 255),
    version   TEXT NOT NULL CHECK (length(version) BETWEEN 1 AND 64),
    processor TEXT NOT NULL CHECK (length(processor) BETWEEN 1 AND 64),
    threads   INTEGER NOT NULL CHECK (threads > 0),
    seen      TEXT NOT NULL
) STRICT;
INSERT INTO worker VALUES('ws1','ws1.lab','0.1.0','avx2',8,'2026-01-02 03:10:00.000');
CREATE TABLE lease (
    job     INTEGER PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    worker  TEXT NOT NULL UNIQUE REFERENCES worker (name),
    attempt INTEGER NOT NULL,
    expires TEXT NOT NULL
) STRICT;
INSERT INTO lease VALUES(2,'ws1',1,'2026-01-02 03:11:00.000');
CREATE TABLE own_id (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id   TEXT NOT NULL CHECK (length(id) = 16)
) STRICT;
INSERT INTO own_id VALUES(1,'0123456789abcdef');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('project',2);
INSERT INTO sqlite_sequence VALUES('grid',6);
INSERT INTO sqlite_sequence VALUES('volume',1);
INSERT INTO sqlite_sequence VALUES('annotation',4);
INSERT INTO sqlite_sequence VALUES('job',4);
INSERT INTO sqlite_sequence VALUES('job_event',4);
INSERT INTO sqlite_sequence VALUES('model',1);
INSERT INTO sqlite_sequence VALUES('prediction',1);
INSERT INTO sqlite_sequence VALUES('answered_request',1);
INSERT INTO sqlite_sequence VALUES('share',1);
CREATE INDEX grid_in_motion ON grid (state) WHERE state <> 'finished';
CREATE TRIGGER a_finished_grid_is_never_changed BEFORE UPDATE ON grid
WHEN OLD.state <> 'writing' AND (NEW.state = 'writing' OR NEW.header <> OLD.header OR NEW.edge <> OLD.edge
    OR NEW.fill <> OLD.fill OR NEW.counts IS NOT OLD.counts OR (OLD.state = 'dropped' AND NEW.state <> 'dropped'))
BEGIN SELECT RAISE(ABORT, 'a finished grid is never changed'); END;
CREATE TRIGGER bricks_come_while_a_grid_is_written BEFORE INSERT ON brick
WHEN (SELECT state FROM grid WHERE id = NEW.grid) IS NOT 'writing'
BEGIN SELECT RAISE(ABORT, 'the grid is not being written'); END;
CREATE TRIGGER bricks_change_while_a_grid_is_written BEFORE UPDATE ON brick
WHEN (SELECT state FROM grid WHERE id = OLD.grid) IS NOT 'writing' OR NEW.grid <> OLD.grid
BEGIN SELECT RAISE(ABORT, 'the grid is not being written'); END;
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
CREATE TRIGGER a_revision_is_never_removed BEFORE DELETE ON annotation
WHEN EXISTS (SELECT 1 FROM volume WHERE id = OLD.volume)
BEGIN SELECT RAISE(ABORT, 'annotation revisions are never removed'); END;
CREATE INDEX job_waiting ON job (state, id) WHERE state IN ('queued', 'running');
CREATE INDEX job_of_project ON job (project, id);
CREATE TRIGGER a_job_goes_forward BEFORE UPDATE OF state ON job
WHEN NEW.state <> OLD.state AND NOT (
    (OLD.state = 'queued' AND NEW.state IN ('running', 'cancelled'))
    OR (OLD.state = 'running' AND NEW.state IN ('queued', 'succeeded', 'failed', 'cancelled')))
BEGIN SELECT RAISE(ABORT, 'a job that has ended stays as it is'); END;
CREATE TRIGGER an_ended_job_has_no_checkpoint AFTER UPDATE OF state ON job
WHEN NEW.state IN ('succeeded', 'failed', 'cancelled')
BEGIN DELETE FROM job_checkpoint WHERE job = NEW.id; END;
CREATE INDEX job_event_of_job ON job_event (job, sequence);
CREATE INDEX model_of_job ON model (job);
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
CREATE INDEX token_of_project ON token_project (project);
CREATE INDEX audit_of_project ON audit (project, id);
CREATE TRIGGER an_audit_entry_is_never_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END;
CREATE TRIGGER an_audit_entry_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END;
CREATE TRIGGER an_audit_entry_is_never_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END;
CREATE INDEX annotation_of_change ON annotation (change) WHERE change IS NOT NULL;
CREATE TRIGGER a_project_goes_by_a_model_of_its_own BEFORE UPDATE OF model ON project
WHEN NEW.model IS NOT NULL AND (SELECT project FROM model WHERE id = NEW.model) IS NOT NEW.id
BEGIN SELECT RAISE(ABORT, 'the model belongs to another project'); END;
CREATE INDEX answered_request_by_time ON answered_request (created);
CREATE INDEX job_event_in_ring ON job_event (job, ring, sequence) WHERE ring <> 0;
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
CREATE INDEX share_of_volume ON share (volume);
CREATE INDEX share_of_token ON share (token) WHERE token IS NOT NULL;
CREATE TRIGGER a_share_is_never_changed BEFORE UPDATE ON share
BEGIN SELECT RAISE(ABORT, 'a share is never changed, only removed'); END;
CREATE UNIQUE INDEX token_in_use ON token (name) WHERE revoked IS NULL;
CREATE TRIGGER a_token_is_only_ever_revoked BEFORE UPDATE ON token
WHEN OLD.revoked IS NOT NULL OR NEW.id <> OLD.id OR NEW.name <> OLD.name OR NEW.hash <> OLD.hash
    OR NEW.role <> OLD.role OR NEW.everywhere <> OLD.everywhere OR NEW.created <> OLD.created
    OR NEW.expires IS NOT OLD.expires
BEGIN SELECT RAISE(ABORT, 'a token is only ever revoked'); END;
CREATE TRIGGER a_token_in_use_is_never_removed BEFORE DELETE ON token WHEN OLD.revoked IS NULL
BEGIN SELECT RAISE(ABORT, 'a token is revoked before it is removed'); END;
CREATE TRIGGER a_lease_is_of_the_running_attempt BEFORE INSERT ON lease
WHEN NOT EXISTS (SELECT 1 FROM job WHERE id = NEW.job AND state = 'running' AND attempts = NEW.attempt)
BEGIN SELECT RAISE(ABORT, 'the job does not run, or in another attempt'); END;
CREATE TRIGGER a_lease_is_only_ever_renewed BEFORE UPDATE ON lease
WHEN NEW.job <> OLD.job OR NEW.worker <> OLD.worker OR NEW.attempt <> OLD.attempt
BEGIN SELECT RAISE(ABORT, 'a lease is only ever renewed'); END;
CREATE TRIGGER a_job_that_does_not_run_has_no_lease AFTER UPDATE OF state ON job WHEN NEW.state <> 'running'
BEGIN DELETE FROM lease WHERE job = NEW.id; END;
CREATE UNIQUE INDEX job_unit ON job (parent, number) WHERE parent IS NOT NULL;
CREATE TRIGGER an_ended_job_needs_no_units AFTER UPDATE OF state ON job
WHEN NEW.state IN ('succeeded', 'failed', 'cancelled')
BEGIN
    UPDATE job SET state = 'cancelled', finished = NEW.finished WHERE parent = NEW.id AND state = 'queued';
    UPDATE job SET cancel = 1 WHERE parent = NEW.id AND state = 'running';
END;
COMMIT;
