-- linekeeper's own table of callers. What only checks may see stands apart from what
-- is shown, and a code only as a digest with the key of this database.
CREATE TABLE callers (
  account    TEXT PRIMARY KEY,
  number     TEXT NOT NULL, -- E.164, '' for none
  code       TEXT NOT NULL, -- digest, '' for none
  run        TEXT NOT NULL, -- the import that wrote it last
  data       TEXT NOT NULL,
  secrets    TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX callers_by_number ON callers (number, account) WHERE number <> '';
CREATE UNIQUE INDEX callers_by_code ON callers (code) WHERE code <> '';
CREATE INDEX callers_by_run ON callers (run);

CREATE TABLE callers_key (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  key BLOB NOT NULL
) STRICT;
INSERT INTO callers_key (one, key) VALUES (1, randomblob(32));
