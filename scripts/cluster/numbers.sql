-- What UniqueRandom needs: a database in which it may create its schema, and a look at the standbys for --require-sync-standby.
CREATE ROLE uniquerandom LOGIN PASSWORD '@PASSWORD@';
GRANT pg_read_all_stats TO uniquerandom;
CREATE DATABASE numbers OWNER uniquerandom;
