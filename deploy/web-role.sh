#!/bin/sh
# Run once by the image of PostgreSQL, while its data folder is still empty: the web's own role.
set -eu
psql --username tsunagi --dbname tsunagi --set ON_ERROR_STOP=1 \
    --set password="$(cat /run/secrets/web_database_password)" <<'SQL'
CREATE ROLE tsunagi_web LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'password';
\i /tsunagi/web-role.sql
SQL
