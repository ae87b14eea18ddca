-- Promises that sleep on disk, their duplicates, pages of lists, and fencing.
ALTER TABLE callbacks ADD COLUMN dormant  INTEGER NOT NULL DEFAULT 0; -- 1: no line holds a place for it
ALTER TABLE callbacks ADD COLUMN due_at   INTEGER NOT NULL DEFAULT 0; -- not before, in milliseconds; 0: at any time
ALTER TABLE callbacks ADD COLUMN account  TEXT NOT NULL DEFAULT '';
ALTER TABLE callbacks ADD COLUMN campaign TEXT NOT NULL DEFAULT '';
ALTER TABLE callbacks ADD COLUMN reason   TEXT NOT NULL DEFAULT '';
ALTER TABLE callbacks ADD COLUMN key      TEXT NOT NULL DEFAULT '';
ALTER TABLE callbacks ADD COLUMN window_from INTEGER NOT NULL DEFAULT 0; -- in milliseconds; 0: no window
CREATE INDEX callbacks_windows    ON callbacks (queue, window_from) WHERE open = 1 AND window_from > 0;
CREATE INDEX callbacks_dormant    ON callbacks (queue, due_at, id) WHERE dormant = 1;
CREATE INDEX callbacks_awake      ON callbacks (asked_at) WHERE open = 1 AND dormant = 0;
CREATE INDEX callbacks_due        ON callbacks (due_at) WHERE open = 1;
CREATE INDEX callbacks_open_to    ON callbacks (number) WHERE open = 1;
CREATE INDEX callbacks_open_of    ON callbacks (account) WHERE open = 1 AND account <> '';
CREATE INDEX callbacks_by_queue   ON callbacks (queue, state, asked_at DESC);
CREATE INDEX callbacks_by_state   ON callbacks (state, asked_at DESC);
CREATE UNIQUE INDEX callbacks_by_key ON callbacks (key) WHERE key <> '';

CREATE TABLE pauses (
  queue TEXT PRIMARY KEY,
  data  TEXT NOT NULL
) STRICT;
CREATE TABLE cursors (
  reader TEXT PRIMARY KEY,
  seq    INTEGER NOT NULL
) STRICT;
CREATE TABLE epoch (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  n   INTEGER NOT NULL
) STRICT;
INSERT INTO epoch (one, n) VALUES (1, 0);
