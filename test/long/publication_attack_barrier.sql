-- As test/pgtap/publication_attack_barrier.sql, for every function of dash as every role.
\ir ../fixtures/spy.sql
\ir ../fixtures/audiences.sql
SELECT no_plan();
CALL tap.keep_secrets();
SELECT is_empty(format('SELECT * FROM tap.spied(%L, true)', r.who), r.who || ' sees nothing in any function but what it returns') FROM (SELECT * FROM tap.reader ORDER BY who) AS r;
SELECT * FROM finish();
