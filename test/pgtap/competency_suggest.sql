-- Similar positions, suggestions with their evidence, and the way from proposed to verified.
SET search_path = tap, public, pg_catalog, civic;
SELECT plan(24);
INSERT INTO centre.framework (code, name, source) VALUES ('f', 'F', 'test'), ('g', 'G', 'test');
INSERT INTO centre.competency (competency_id, framework, code) SELECT i, CASE WHEN i < 20 THEN 'f' ELSE 'g' END, 'C' || i FROM generate_series(1, 25) i;
INSERT INTO centre.competency_label (competency_id, lang, label) VALUES (1, 'en', 'Bread baking'), (2, 'en', 'Oven care'), (3, 'en', 'Book keeping'), (4, 'en', 'Selling'), (5, 'en', 'Pastry');
INSERT INTO centre.frac_node (node_id, kind, source, code, title, description, family) VALUES
  (1, 'position', 's', 'baker', 'Baker', 'Bakes bread in a stone oven at night', 'food'), (2, 'position', 's', 'pastry', 'Pastry cook', 'Bakes cakes in an oven', 'food'),
  (3, 'position', 's', 'clerk', 'Accounts clerk', 'Keeps the books', 'office'), (4, 'position', 's', 'idle', 'Master baker', 'No needs yet', 'food'),
  (5, 'position', 's', 'new', 'Night baker', 'Bakes bread at night and looks after the oven', 'food'), (6, 'position', 's', 'odd', 'Zzz', NULL, NULL),
  (10, 'role', 's', 'r', 'Production', NULL, NULL), (11, 'activity', 's', 'a', 'Knead dough', NULL, NULL);
INSERT INTO centre.frac_link (parent_id, child_id) VALUES (1, 10), (1, 11), (2, 10);
INSERT INTO centre.requirement (node_id, competency_id, level, weight) VALUES (1, 1, 4, 2), (1, 2, 3, 1), (2, 5, 4, 1), (2, 2, 2, 1), (3, 3, 3, 1), (3, 20, 2, 1);

-- words
SELECT results_eq($$SELECT lexeme FROM centre.frac_word WHERE node_id = 1 ORDER BY lexeme$$, $$SELECT unnest(tsvector_to_array(to_tsvector('english', 'Baker Baker Bakes bread in a stone oven at night Knead dough'))) ORDER BY 1$$, 'words of title, description and duties');
SELECT is_empty('SELECT node_id FROM centre.frac_word GROUP BY node_id HAVING abs(sum(weight ^ 2) - 1) > 1e-5', 'as vectors of length one');
UPDATE centre.frac_node SET title = 'Grind flour' WHERE node_id = 11;
SELECT ok(EXISTS (SELECT FROM centre.frac_word WHERE node_id = 1 AND lexeme = 'flour') AND NOT EXISTS (SELECT FROM centre.frac_word WHERE node_id = 1 AND lexeme = 'dough'), 'they follow the title of a duty');
UPDATE centre.frac_link SET status = 'rejected' WHERE child_id = 11;
SELECT ok(NOT EXISTS (SELECT FROM centre.frac_word WHERE node_id = 1 AND lexeme = 'flour'), 'and a rejected one');
UPDATE centre.frac_link SET status = 'verified' WHERE child_id = 11;
UPDATE centre.site SET default_language = 'zu';
SELECT is(centre.text_configuration(), 'simple'::regconfig, 'a language without a dictionary of its own is taken as it is');
UPDATE centre.site SET default_language = 'en';

-- similarity
SELECT results_eq('SELECT position_id FROM centre.frac_similar(5)', 'VALUES (1), (2), (3)', 'the most alike comes first, and what has no needs is left out');
SELECT results_eq('SELECT position_id FROM centre.frac_similar(5, 2, NULL, ARRAY[1])', 'VALUES (2), (3)', 'without those left out');
SELECT results_eq($$SELECT position_id FROM centre.frac_similar(5, 10, 'g')$$, 'VALUES (3)', 'of one framework only where asked');
INSERT INTO centre.frac_node (node_id, kind, source, code, title, description, family) SELECT 100 + i, 'position', 'x', 'x' || i, 'Filler ' || i, 'Other words ' || i, 'x' FROM generate_series(1, 20) i;
SELECT results_eq($$SELECT round(text_score::numeric, 4), title_score = public.similarity('Night baker', 'Baker'), same_family FROM centre.frac_similar(5, 1)$$,
  $$WITH v AS (SELECT node_id, lexeme, weight, ln(26.0 / count(*) OVER (PARTITION BY lexeme)) AS rarity FROM centre.frac_word)
    SELECT round((sum(a.weight * b.weight * a.rarity ^ 2) / (SELECT sum((weight * rarity) ^ 2) FROM v WHERE node_id = 5))::numeric, 4), true, true FROM v a JOIN v b USING (lexeme) WHERE a.node_id = 5 AND b.node_id = 1$$,
  'scores are those of the formula');

-- suggestions
SELECT results_eq($$SELECT name, level::int, weight::int FROM centre.frac_suggest(5, 'f') WHERE kind = 'competency' AND rank <= 2$$, $$VALUES ('Oven care', 3, 1), ('Bread baking', 4, 2)$$, 'what similar positions need, and the text names');
SELECT matches((SELECT evidence FROM centre.frac_suggest(5, 'f') WHERE item_id = 2), '^needed by 2 of 10 similar positions: Baker \([0-9.]+\), Pastry cook \([0-9.]+\); its text says: oven$', 'with its evidence');
SELECT set_eq($$SELECT kind, name FROM centre.frac_suggest(5) WHERE kind <> 'competency'$$, $$VALUES ('role', 'Production'), ('activity', 'Grind flour')$$, 'roles and duties too');
SELECT is((SELECT count(*) FROM centre.frac_suggest(5, NULL, 1)), 3::bigint, 'at most so many of each');
SELECT is((SELECT count(*) FROM centre.frac_suggest(6) WHERE score IS NULL OR score < 0), 0::bigint, 'a position like none gets no nonsense');
SELECT is_empty('SELECT * FROM centre.frac_suggest(9999)', 'and an unknown one nothing');

-- review
SELECT is(centre.frac_propose(5, 'f', 2), 4::bigint, 'suggestions are entered');
SELECT results_eq('SELECT need FROM centre.frac_node WHERE node_id = 5', $$VALUES (''::competency_set)$$, 'and are no needs yet');
SELECT is((SELECT count(*) FROM centre.frac_suggest(5, 'f') s JOIN centre.requirement r ON r.node_id = 5 AND r.competency_id = s.item_id AND s.kind = 'competency'), 0::bigint, 'what is proposed is not suggested again');
SELECT is(centre.frac_review(5, 'verified'), 0::bigint, 'nothing is verified that was not reviewed');
SELECT is(centre.frac_review(5, 'reviewed', ARRAY[2], '{}'), 1::bigint, 'one is reviewed');
SELECT throws_ok($$SELECT centre.frac_review(5, 'verified')$$, '42501', NULL, 'the reviewer does not verify');
UPDATE centre.requirement SET changed_by = 'somebody else' WHERE status = 'reviewed';
SELECT is(centre.frac_review(5, 'verified') + centre.frac_review(5, 'rejected'), 4::bigint, 'another one does, and the rest is rejected');
SELECT results_eq('SELECT need FROM centre.frac_node WHERE node_id = 5', $$VALUES ('2:3'::competency_set)$$, 'what is verified is needed');
SELECT throws_ok($$SELECT centre.frac_review(5, 'done')$$, '22023', NULL, 'there are three ways to go');
SELECT * FROM finish();
