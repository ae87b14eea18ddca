-- What estimators know is read from the journal.
DROP TABLE learned;
