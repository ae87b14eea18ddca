-- Wrong PINs, codes and answers by account and by number: a restart forgets none.
CREATE TABLE locks (
  kind TEXT NOT NULL, -- account, number
  key  TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
