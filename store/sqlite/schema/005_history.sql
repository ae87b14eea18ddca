-- Calls are found by the account of the person as well as by the number.
ALTER TABLE calls ADD COLUMN account TEXT NOT NULL DEFAULT '';
UPDATE calls SET account = coalesce(json_extract(data, '$.state.caller.account'), '');
CREATE INDEX calls_by_account ON calls (account, started_at DESC, id DESC) WHERE account <> '';
