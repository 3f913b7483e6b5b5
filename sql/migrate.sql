-- Apply schema/:migration unless this database has it.
SELECT NOT EXISTS (SELECT FROM centre.migration WHERE name = :'migration') AS due \gset
\if :due
\set schema_file schema/ :migration .sql
\ir :schema_file
INSERT INTO centre.migration (name) VALUES (:'migration');
\endif
