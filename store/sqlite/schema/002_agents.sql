-- What is kept of the agents of linekeeper's own distribution.
CREATE TABLE agents (
  id   TEXT PRIMARY KEY,
  data TEXT NOT NULL
) STRICT;
