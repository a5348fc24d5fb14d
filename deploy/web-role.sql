-- What the database role of the web may do. It owns nothing, so that row-level security holds it
-- (docs/operations.md). The role itself is made before, by somebody who may make roles:
--   CREATE ROLE tsunagi_web LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '…';
-- This file is run by the owner of the tables, before or after `migrate`, as often as one likes:
--   psql --username tsunagi --dbname tsunagi --file deploy/web-role.sql
GRANT USAGE ON SCHEMA public TO tsunagi_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO tsunagi_web;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO tsunagi_web;
-- Tables of a later update.
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tsunagi_web;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO tsunagi_web;
-- The views of the wall are open to everybody by their migration; a restored backup lost that.
DO $$ BEGIN
    IF to_regnamespace('wall') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA wall TO tsunagi_web;
        GRANT SELECT ON ALL TABLES IN SCHEMA wall TO tsunagi_web;
    END IF;
END $$;
