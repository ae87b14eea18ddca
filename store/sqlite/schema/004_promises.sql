-- Promises that sleep on disk, their duplicates, pages of lists, and fencing.
ALTER TABLE callbacks ADD COLUMN dormant  INTEGER NOT NULL DEFAULT 0; -- 1: no line holds a place for it
ALTER TABLE callbacks ADD COLUMN due_at   INTEGER NOT NULL DEFAULT 0; -- not before, in milliseconds; 0: at any time
ALTER TABLE callbacks ADD COLUMN account  TEXT NOT NULL DEFAULT '';
ALTER TABLE callbacks ADD COLUMN campaign TEXT NOT NULL DEFAULT '';
ALTER TABLE callbacks ADD COLUMN reason   TEXT NOT NULL DEFAULT '';
ALTER TABLE callbacks ADD COLUMN key      TEXT NOT NULL DEFAULT '';
ALTER TABLE callbacks ADD COLUMN window_from INTEGER NOT NULL DEFAULT 0; -- in milliseconds; 0: no window

-- Until now every open promise had its place in a line.
UPDATE callbacks SET data = json_set(data, '$.placed', json('true')) WHERE open = 1;
UPDATE callbacks SET
  account = coalesce(json_extract(data, '$.account'), ''),
  reason  = coalesce(json_extract(data, '$.reason'), ''),
  due_at  = coalesce(cast(round(unixepoch(json_extract(data, '$.not_before'), 'subsec') * 1000) AS INTEGER), 0);

-- Each list has an index in its own order, the newest first, so that a page is
-- read and nothing is sorted; queries_test.go holds them to that.
DROP INDEX callbacks_open;
DROP INDEX callbacks_by_time;
DROP INDEX callbacks_by_number;
CREATE INDEX callbacks_by_time     ON callbacks (asked_at DESC, id DESC);
CREATE INDEX callbacks_by_state    ON callbacks (state, asked_at DESC, id DESC);
CREATE INDEX callbacks_by_queue    ON callbacks (queue, asked_at DESC, id DESC);
CREATE INDEX callbacks_of_queue_in ON callbacks (queue, state, asked_at DESC, id DESC);
CREATE INDEX callbacks_by_number   ON callbacks (number, asked_at DESC, id DESC);
CREATE INDEX callbacks_by_reason   ON callbacks (reason, asked_at DESC, id DESC);
CREATE INDEX callbacks_by_account  ON callbacks (account, asked_at DESC, id DESC) WHERE account <> '';
CREATE INDEX callbacks_by_campaign ON callbacks (campaign, asked_at DESC, id DESC) WHERE campaign <> '';
-- Whether one is due is read from the index: those that are may be the oldest of a million.
CREATE INDEX callbacks_open        ON callbacks (asked_at DESC, id DESC, due_at) WHERE open = 1;
CREATE INDEX callbacks_open_queue  ON callbacks (queue, asked_at DESC, id DESC, due_at) WHERE open = 1;
CREATE INDEX callbacks_due         ON callbacks (due_at, asked_at, id, queue) WHERE open = 1;
CREATE INDEX callbacks_awake       ON callbacks (asked_at, id) WHERE open = 1 AND dormant = 0;
CREATE INDEX callbacks_dormant     ON callbacks (queue, due_at, id) WHERE dormant = 1;
CREATE INDEX callbacks_open_to     ON callbacks (number) WHERE open = 1;
CREATE INDEX callbacks_open_of     ON callbacks (account) WHERE open = 1 AND account <> '';
CREATE INDEX callbacks_windows     ON callbacks (queue, window_from) WHERE open = 1 AND window_from > 0;
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
