-- Records keep their whole content as JSON in data; the columns beside it are
-- what lists are filtered and sorted by. Times are Unix milliseconds, 0 for none.
CREATE TABLE calls (
  id         TEXT PRIMARY KEY,
  started_at INTEGER NOT NULL,
  ended_at   INTEGER NOT NULL,
  hotline    TEXT NOT NULL,
  caller     TEXT NOT NULL,
  result     TEXT NOT NULL,
  data       TEXT NOT NULL
) STRICT;
CREATE INDEX calls_by_start ON calls (started_at DESC);
CREATE INDEX calls_live ON calls (id) WHERE ended_at = 0;
CREATE INDEX calls_by_caller ON calls (caller, started_at DESC);

CREATE TABLE places (
  id   TEXT PRIMARY KEY,
  open INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX places_open ON places (id) WHERE open = 1;

CREATE TABLE callbacks (
  id       TEXT PRIMARY KEY,
  open     INTEGER NOT NULL,
  state    TEXT NOT NULL,
  queue    TEXT NOT NULL,
  number   TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  data     TEXT NOT NULL
) STRICT;
CREATE INDEX callbacks_open ON callbacks (asked_at) WHERE open = 1;
CREATE INDEX callbacks_by_time ON callbacks (asked_at DESC);
CREATE INDEX callbacks_by_number ON callbacks (number, asked_at DESC);

CREATE TABLE learned (
  queue TEXT PRIMARY KEY,
  data  TEXT NOT NULL
) STRICT;

-- AUTOINCREMENT: a seq is never used twice, even if the newest rows were removed.
CREATE TABLE events (
  seq      INTEGER PRIMARY KEY AUTOINCREMENT,
  at       INTEGER NOT NULL, -- microseconds: the journal keeps the order within a millisecond
  type     TEXT NOT NULL,
  call     TEXT NOT NULL,
  place    TEXT NOT NULL,
  callback TEXT NOT NULL,
  queue    TEXT NOT NULL,
  agent    TEXT NOT NULL,
  data     TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_call ON events (call, seq) WHERE call <> '';
CREATE INDEX events_by_place ON events (place, seq) WHERE place <> '';
CREATE INDEX events_by_callback ON events (callback, seq) WHERE callback <> '';
CREATE INDEX events_by_time ON events (at);
