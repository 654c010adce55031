DROP VIEW hive.message_state;
DROP TABLE hive.redis_runs;
DROP TABLE hive.outbox;
DROP TABLE hive.messages;
