-- Hotlines that are closed by order, whatever their hours say.
CREATE TABLE closings (
  hotline TEXT PRIMARY KEY,
  data    TEXT NOT NULL
) STRICT;
