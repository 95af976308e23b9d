-- How often a job was started since it last stored something that a later attempt goes on from.

ALTER TABLE job ADD COLUMN stalls INTEGER NOT NULL DEFAULT 0 CHECK (stalls >= 0);
