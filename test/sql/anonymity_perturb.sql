-- Published counts that are not the true ones.
SET search_path = civic, public;

-- NHS style: 1 to 7 suppressed, then the nearest 5
SELECT n, round5(n), round5(n, 3) AS threshold_3, round5(n, 10) AS threshold_10
FROM unnest('{0,1,2,3,4,5,7,8,9,10,12,13,17,18,9223372036854775807}'::bigint[]) AS n;
SELECT bool_and(round5(n) IS NOT DISTINCT FROM CASE WHEN n = 0 THEN 0 WHEN n >= 8 THEN round(n / 5.0) * 5 END) FROM generate_series(0, 5000) AS n;
SELECT round5(NULL), round5(5, NULL);
SELECT round5(-1);
SELECT round5(10, 2);

-- tables: text form, equality, what is impossible
SELECT ptable(5, 3, 2), ' (5,3,2)'::ptable;
SELECT '(5,3,2)'::ptable = ptable(5, 3, 2) AS same, '(5,3.0,2)'::ptable::text, '(5,0.1,0)'::ptable::text, ptable(5, 3, 2) < ptable(5, 3.5, 2) AS less;
SELECT '(5,3)'::ptable;
SELECT '(5.5,3,2)'::ptable;
SELECT '(5,3,2) '::ptable;
SELECT '(nan,3,2)'::ptable;
SELECT '(5,nan,2)'::ptable;
SELECT '(1e99,3,2)'::ptable;
SELECT ptable(0, 1, 0);
SELECT ptable(101, 3, 2);
SELECT ptable(5, 'Infinity', 2);
SELECT ptable(5, 10.01, 2);
SELECT ptable(5, 2, 2);
SELECT ptable(10, 6, 4);
SELECT ptable(2, 2, 3);
SELECT ptable(1, 0.5, 1);
SELECT count(*), count(DISTINCT a.p), bool_and((a.p = b.p) = (a.i = b.i) AND (a.p <> b.p) = NOT (a.p = b.p) AND (a.p < b.p) = (a.i < b.i) AND (a.p > b.p) = (a.i > b.i)
         AND (a.p <= b.p) = (a.i <= b.i) AND (a.p >= b.p) = (a.i >= b.i) AND ptable_cmp(a.p, b.p) = sign(a.i - b.i)
         AND (ptable_hash(a.p) = ptable_hash(b.p)) = (a.i = b.i)) AS comparisons
FROM (SELECT i, ptable(d, v, js) AS p FROM (VALUES (1, 2, 1.0, 0), (2, 5, 2.5, 2), (3, 5, 3.0, 2), (4, 5, 6.5, 4), (5, 10, 6.5, 4)) AS t (i, d, v, js)) AS a,
     LATERAL (SELECT i, ptable(d, v, js) AS p FROM (VALUES (1, 2, 1.0, 0), (2, 5, 2.5, 2), (3, 5, 3.0, 2), (4, 5, 6.5, 4), (5, 10, 6.5, 4)) AS t (i, d, v, js)) AS b;

-- every table there is: probabilities, mean 0, variance at most V and V for large counts,
-- nothing from 1 to js, noise at most D, and the closed form exp(a v - b v^2)
CREATE TEMP TABLE made AS
SELECT d, js, v, (SELECT array_agg(r) FROM ptable_rows(ptable(d, v, js)) AS r) IS NOT NULL AS ok FROM
  (SELECT d, js, greatest(1.0, (js + 1) ^ 2 / 4.0) * f AS v FROM unnest('{1,2,3,5,8,10,17,40,100}'::int[]) AS d, unnest('{0,1,2,4,9}'::int[]) AS js, unnest('{0.3,1.01,1.2,1.9}'::float8[]) AS f) AS t
WHERE d > js AND v <= d * (d + 1) / 3.0 AND v > (js + 1) ^ 2 / 4.0 * (js > 0)::int;
CREATE TEMP TABLE made_row AS
SELECT d, js, v, i, last, sum(p) AS sum, sum((j - i) * p) AS mean, sum((j - i) ^ 2 * p) AS variance, min(p) AS least, min(j - i) AS lowest, max(j - i) AS highest,
       count(*) FILTER (WHERE j < 0 OR j BETWEEN 1 AND js) AS hidden,
       max(abs(curve)) AS bend
FROM (SELECT d, js, v, i, j, p, max(i) OVER (PARTITION BY d, js, v) AS last,
             -- third difference of ln p over neighbours: 0 for exp(a v - b v^2), where p is not lost in rounding
             CASE WHEN lead(j, 3) OVER w = j + 3 AND least(p, lead(p, 3) OVER w) > 1e-6
                  THEN ln(p) - 3 * ln(lead(p, 1) OVER w) + 3 * ln(lead(p, 2) OVER w) - ln(lead(p, 3) OVER w) END AS curve
      FROM made, ptable_rows(ptable(d, v, js)) WINDOW w AS (PARTITION BY d, js, v, i ORDER BY j)) AS r
GROUP BY d, js, v, i, last;
SELECT count(DISTINCT (d, js, v)) > 50 AS many, bool_and(abs(sum - 1) < 1e-9) AS sums, bool_and(i = 0 OR abs(mean) < 1e-6 * d) AS unbiased,
       bool_and(variance < v + 1e-5) AS variance_bound, bool_and(i <> last OR abs(variance - v) < 1e-5) AS variance_of_large,
       bool_and(hidden = 0) AS hidden, bool_and(-lowest <= d AND highest <= d AND least > 0) AS bounds, bool_and(coalesce(bend, 0) < 1e-6) AS closed_form,
       bool_and(last = CASE WHEN js = 0 THEN d ELSE d + js + 1 END) AS rows
FROM made_row;
SELECT * FROM ptable_rows('(2,1,0)') WHERE i = 0;

-- perturb: draws what the table says, over keys spread evenly; the same key the same noise
CREATE TEMP TABLE drawn AS
SELECT i, perturb(i, (key::numeric * 18446744073709551616 / 20000 - 9223372036854775808)::bigint, ptable(5, 3, 2)) AS j, count(*) / 20000.0 AS share
FROM generate_series(0, 12) AS i, generate_series(0, 19999) AS key GROUP BY 1, 2;
SELECT count(*), bool_and(abs(coalesce(share, 0) - coalesce(p, 0)) < 2e-4) AS as_the_table
FROM drawn AS d FULL JOIN (SELECT least(g, 8) AS i, g AS count, j + g - least(g, 8) AS j, p FROM generate_series(0, 12) AS g JOIN ptable_rows(ptable(5, 3, 2)) AS r ON r.i = least(g, 8)) AS r
  ON r.count = d.i AND r.j = d.j;
SELECT perturb(0, -1, '(5,3,2)'), perturb(1000000, 0, '(5,3,2)') - 1000000 AS lowest, perturb(1000000, -1, '(5,3,2)') - 1000000 AS highest;
SELECT perturb(-1, 0, '(5,3,2)');
SELECT perturb(9223372036854775807, -1, '(5,3,2)');
SELECT perturb(NULL, 1, '(5,3,2)'), perturb(1, NULL, '(5,3,2)'), perturb(1, 1, NULL);

-- keys: pseudonyms are HMAC-SHA-256, checked against the definition with sha256()
CREATE FUNCTION hmac(key bytea, message bytea) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE k bytea := CASE WHEN length(key) > 64 THEN sha256(key) ELSE key END; inner_pad bytea := ''; outer_pad bytea := ''; b int;
BEGIN
  FOR i IN 0 .. 63 LOOP
    b := CASE WHEN i < length(k) THEN get_byte(k, i) ELSE 0 END;
    inner_pad := inner_pad || set_byte('\x00', 0, b # 54);
    outer_pad := outer_pad || set_byte('\x00', 0, b # 92);
  END LOOP;
  RETURN sha256(outer_pad || sha256(inner_pad || message));
END $$;
-- RFC 4231, test case 6: a key of 131 bytes
SELECT encode(hmac(decode(repeat('aa', 131), 'hex'), 'Test Using Larger Than Block-Size Key - Hash Key First'), 'hex');
CREATE FUNCTION little_endian(b bytea) RETURNS bigint LANGUAGE sql AS
  $$ SELECT ('x' || string_agg(lpad(to_hex(get_byte(b, i)), 2, '0'), '' ORDER BY i DESC))::bit(64)::bigint FROM generate_series(0, 7) AS i $$;
SELECT bool_and(subject_key(identity, salt) = little_endian(hmac(salt, convert_to(identity, 'UTF8')))) AS keys
FROM unnest('{"",8001015009087,"Nomvula Dlamini 1980-01-01",žluťoučký}'::text[]) AS identity,
     (SELECT decode(repeat('a5', n), 'hex') AS salt FROM unnest('{16,17,63,64,65,131}'::int[]) AS n) AS s;
SELECT subject_key(NULL, sha256('x')) IS NULL AS nobody, subject_key('a', NULL) IS NULL AS no_salt;
SELECT subject_key('8001015009087', '\x000102030405060708090a0b0c0d0e');
SELECT cell_key('{1}', '');
-- cell keys add up over disjoint sets and depend on the salt; order and repetition do not matter
SELECT cell_key('{}', salt) AS empty, cell_key('{1,2,3}', salt) = cell_key('{3,2,1,1}', salt) AS set,
       (cell_key('{1,2}', salt)::numeric + cell_key('{3}', salt) - cell_key('{1,2,3}', salt)) % 18446744073709551616 = 0 AS additive,
       cell_key('{1}', salt) <> cell_key('{1}', sha256('y')) AS salted
FROM (VALUES (sha256('x'))) AS t (salt);
-- keys are spread evenly, and neighbours' keys are unrelated
SELECT max(n) - min(n) < 500 AS even
FROM (SELECT cell_key(k_set_add('{}', i), sha256('x')) & 15 AS class, count(*) AS n FROM generate_series(1, 30000) AS i GROUP BY 1) AS c;
SELECT corr(a, b) BETWEEN -0.02 AND 0.02 AS unrelated
FROM (SELECT cell_key(k_set_add('{}', i), sha256('x')) AS a, cell_key(k_set_add('{}', i + 1), sha256('x')) AS b FROM generate_series(1, 30000) AS i) AS p;
