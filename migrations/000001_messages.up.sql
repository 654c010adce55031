-- The archive of every message that was acknowledged at the level "archive". Rows are only inserted: what still has to
-- be published stands in hive.outbox, because marking rows in place would write each of them, and its index entries,
-- a second time.
CREATE SCHEMA IF NOT EXISTS hive;

CREATE TABLE hive.messages (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  team text NOT NULL,
  source text NOT NULL,
  id text NOT NULL,
  type text NOT NULL,
  recipient text NOT NULL,
  -- What makes a repetition the same message.
  hash text NOT NULL,
  -- json and not jsonb: the text that was accepted is the text that is delivered.
  event json NOT NULL,
  accepted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (team, source, id)
);

-- Nearly free to maintain; finds what was accepted in a span of time.
CREATE INDEX messages_accepted_at ON hive.messages USING brin (accepted_at);

CREATE TABLE hive.outbox (
  seq bigint PRIMARY KEY REFERENCES hive.messages (seq),
  team text NOT NULL,
  queued_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The Redis server that a team published to last: another run of it may have lost what was not on its disk.
CREATE TABLE hive.redis_runs (
  team text PRIMARY KEY,
  run_id text NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What has been published, and when it left the outbox, is answered here for people.
CREATE VIEW hive.message_state AS
  SELECT m.*, o.seq IS NULL AS published FROM hive.messages m LEFT JOIN hive.outbox o USING (seq);
