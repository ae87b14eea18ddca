-- Versions of hotline documents. A call ends on the version it began with, also
-- after a restart; who is called back hears the latest one of the hotline.
CREATE TABLE documents (
  version TEXT PRIMARY KEY,
  hotline TEXT NOT NULL,
  since   INTEGER NOT NULL, -- when it was last loaded, in milliseconds
  data    TEXT NOT NULL
) STRICT;
