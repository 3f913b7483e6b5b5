-- Each file's columns beside what our functions give, as (file, item, expected,
-- got, reason); the reason, where there is one, says why the two may differ.
SET search_path = civic, public;
\set QUIET on
CREATE FUNCTION pg_temp.num(text) RETURNS float8 LANGUAGE sql IMMUTABLE
  RETURN CASE WHEN $1 IN ('', 'NA', 'NaN') THEN NULL ELSE $1::float8 END;
CREATE TEMP TABLE compared(file text, item text, expected float8, got float8, reason text);

INSERT INTO compared
SELECT 'ci_proportion', v.* FROM ci_proportion r,
  LATERAL (SELECT pg_temp.num(x) x, pg_temp.num(n) n, pg_temp.num(conf) c) a,
  wilson_interval(a.x, a.n, a.c) w, clopper_pearson_interval(a.x, a.n, a.c) cp,
  jeffreys_interval(a.x, a.n, a.c) j, agresti_coull_interval(a.x, a.n, a.c) ac,
  LATERAL (VALUES ('p', pg_temp.num(p), a.x / a.n),
    ('wilson_lo', pg_temp.num(wilson_lo), w.lower), ('wilson_hi', pg_temp.num(wilson_hi), w.upper),
    ('cp_lo', pg_temp.num(cp_lo), cp.lower), ('cp_hi', pg_temp.num(cp_hi), cp.upper),
    ('jeff_lo', pg_temp.num(jeff_lo), j.lower), ('jeff_hi', pg_temp.num(jeff_hi), j.upper),
    ('ac_lo', pg_temp.num(ac_lo), ac.lower), ('ac_hi', pg_temp.num(ac_hi), ac.upper)) v;

INSERT INTO compared
SELECT 'ci_count', v.* FROM ci_count r,
  LATERAL (SELECT pg_temp.num(x) x, pg_temp.num(conf) c) a,
  byar_interval(a.x, a.c) b, poisson_exact_interval(a.x, a.c) e, count_interval(a.x, a.c) p,
  LATERAL (VALUES ('byar_lo', pg_temp.num(byar_lo), b.lower,
                   CASE WHEN r.byar_lo IN ('', 'NA') AND b.lower = 0 THEN 'a negative Byar limit, or that of no events, is 0 here, empty or NA there' END),
    ('byar_hi', pg_temp.num(byar_hi), b.upper, NULL),
    ('exact_lo', pg_temp.num(exact_lo), e.lower, NULL), ('exact_hi', pg_temp.num(exact_hi), e.upper, NULL),
    ('phe_lo', pg_temp.num(phe_lo), p.lower, NULL), ('phe_hi', pg_temp.num(phe_hi), p.upper, NULL)) v;

INSERT INTO compared
SELECT 'standardisation', v.* FROM standardisation_expected r
  CROSS JOIN LATERAL (
    SELECT strata_agg(age_ord::int, i.count::float8, i.pop::float8,
                      CASE r.stdpop WHEN 'esp2013' THEN i.esp2013 ELSE i.who2000 END::float8) direct,
           strata_agg(age_ord::int, i.count::float8, i.pop::float8, i.ref_count::float8 / i.ref_pop::float8) indirect,
           sum(i.count::float8) x, sum(i.pop::float8) n
      FROM standardisation_input i WHERE i.area = r.area) s,
  LATERAL (SELECT pg_temp.num(conf) c) a,
  direct_rate(s.direct, 100000, a.c, 'byar') b, direct_rate(s.direct, 100000, a.c, 'exact') e,
  direct_rate(s.direct, 100000, a.c, 'gamma') g, indirect_ratio(s.indirect, a.c) i,
  LATERAL (SELECT CASE WHEN s.x < 10 AND num_nulls(b.rate, e.rate, g.rate) = 3 THEN 'fewer than 10 events: no standardised rate here' END AS few) why,
  rate_interval(s.x, s.n) crude,
  LATERAL (VALUES ('crude', pg_temp.num(r.crude), crude.rate, NULL),
    ('total_count', pg_temp.num(total_count), b.events, NULL), ('total_pop', pg_temp.num(total_pop), b.population, NULL),
    ('dsr', pg_temp.num(dsr), b.rate, few),
    ('dobson_byar_lo', pg_temp.num(dobson_byar_lo), b.lower, few), ('dobson_byar_hi', pg_temp.num(dobson_byar_hi), b.upper, few),
    ('dobson_exact_lo', pg_temp.num(dobson_exact_lo), e.lower, few), ('dobson_exact_hi', pg_temp.num(dobson_exact_hi), e.upper, few),
    ('fayfeuer_lo', pg_temp.num(fayfeuer_lo), g.lower, few), ('fayfeuer_hi', pg_temp.num(fayfeuer_hi), g.upper, few),
    ('suppressed', pg_temp.num(phe_suppressed), (b.rate IS NULL)::int, NULL),
    ('expected', pg_temp.num(r.expected), i.expected, NULL),
    ('isr', pg_temp.num(isr), i.ratio, NULL), ('isr_lo', pg_temp.num(isr_lo), i.lower, NULL), ('isr_hi', pg_temp.num(isr_hi), i.upper, NULL)) v;

-- the weights of the standards themselves
INSERT INTO compared
SELECT DISTINCT 'standard_population', v.* FROM standardisation_input i
  JOIN standard_population('esp2013') e ON e.stratum = (i.age_ord::int - 1) * 5
  JOIN standard_population('who2000') w ON w.stratum = (i.age_ord::int - 1) * 5,
  LATERAL (VALUES ('esp2013 ' || i.ageband, i.esp2013::float8, e.weight), ('who2000 ' || i.ageband, i.who2000::float8, w.weight)) v;

INSERT INTO compared
SELECT 'funnel_proportion', v.* FROM funnel_proportion r,
  funnel_proportion(pg_temp.num(p0), pg_temp.num(n), pg_temp.num(conf)) f,
  LATERAL (VALUES ('lo', pg_temp.num(r.lo), f.lower), ('hi', pg_temp.num(r.hi), f.upper)) v;

-- the expected counts at which O is on a limit, and O back from them
INSERT INTO compared
SELECT 'funnel_poisson', v.* FROM funnel_poisson r,
  LATERAL (SELECT pg_temp.num("O") o, pg_temp.num(conf) c, pg_temp.num("E_hi_for_low_limit") hi, pg_temp.num("E_lo_for_high_limit") lo) a,
  poisson_exact_interval(a.o, a.c) e,
  LATERAL (VALUES ('E_hi_for_low_limit', a.hi, e.upper), ('E_lo_for_high_limit', a.lo, e.lower),
    ('O at low limit', a.o, (SELECT lower FROM funnel_count(a.hi, a.c))),
    ('O at high limit', a.o, CASE WHEN a.lo > 0 THEN (SELECT upper FROM funnel_count(a.lo, a.c)) ELSE 0 END)) v;

INSERT INTO compared
SELECT 'poisson_pvalues', v.* FROM poisson_pvalues r, poisson_test(pg_temp.num("O"), pg_temp.num("E")) t,
  LATERAL (VALUES ('p_low', pg_temp.num(r.p_low), t.p_low), ('p_high', pg_temp.num(r.p_high), t.p_high),
    ('midp_two', pg_temp.num(r.midp_two), t.p_mid)) v;

INSERT INTO compared
SELECT 'funnel_overdispersion', v.* FROM (
    SELECT r.*, overdispersion(z0, sqrt(p * (1 - p) / nn)) OVER (PARTITION BY scenario) o
      FROM (SELECT q.*, (xx / nn - p) / sqrt(p * (1 - p) / nn) z0
              FROM (SELECT f.*, pg_temp.num(x) xx, pg_temp.num(n) nn,
                           sum(pg_temp.num(x)) OVER w / sum(pg_temp.num(n)) OVER w p
                      FROM funnel_overdispersion f WINDOW w AS (PARTITION BY scenario)) q) r) r,
  LATERAL (VALUES ('z', pg_temp.num(z), z0), ('phi', pg_temp.num(phi), (o).phi), ('tau2', pg_temp.num(tau2), (o).tau2),
    ('z_mult', pg_temp.num(z_mult), (o).z_multiplicative), ('z_add', pg_temp.num(z_add), (o).z_additive)) v;

INSERT INTO compared
SELECT 'compare_two', v.* FROM compare_two r,
  LATERAL (SELECT pg_temp.num(x1) a, pg_temp.num(n1) b, pg_temp.num(x2) c, pg_temp.num(n2) d, pg_temp.num(conf) e) p,
  newcombe_difference(p.a, p.b, p.c, p.d, p.e) nd, rate_ratio(p.a, p.b, p.c, p.d, p.e) rr,
  rate_ratio_lognormal(p.a, p.b, p.c, p.d, p.e) rl,
  LATERAL (VALUES ('diff', pg_temp.num(diff), nd.difference), ('newcombe_lo', pg_temp.num(newcombe_lo), nd.lower), ('newcombe_hi', pg_temp.num(newcombe_hi), nd.upper),
    ('rr', pg_temp.num(r.rr), rr.ratio), ('rr_lo', pg_temp.num(rr_lo), rl.lower), ('rr_hi', pg_temp.num(rr_hi), rl.upper),
    ('rr_exact_lo', pg_temp.num(rr_exact_lo), rr.lower), ('rr_exact_hi', pg_temp.num(rr_exact_hi), rr.upper)) v;

INSERT INTO compared
SELECT 'spc', v.* FROM (
    SELECT s.*, xmr(yy) OVER w x, run_chart(yy) OVER w r, ewma(yy) OVER w e, outlier_scores(yy) OVER w o
      FROM (SELECT *, pg_temp.num(y) yy FROM spc) s WINDOW w AS (PARTITION BY series ORDER BY t::int)) s,
  LATERAL (VALUES ('cl', pg_temp.num(cl), (x).mean), ('amr_screened', pg_temp.num(amr_screened), (x).moving_range),
    ('lpl', pg_temp.num(lpl), (x).lower), ('upl', pg_temp.num(upl), (x).upper),
    ('outside', pg_temp.num(outside), (x).outside::int), ('shift7', pg_temp.num(shift7), (x).shift::int),
    ('trend7', pg_temp.num(trend7), (x).trend::int), ('two_of_three', pg_temp.num(two_of_three), (x).two_of_three::int),
    ('n_useful', pg_temp.num(n_useful), (r).points), ('longest_run', pg_temp.num(longest_run), (r).longest_run),
    ('longest_run_max', pg_temp.num(longest_run_max), (r).longest_run_limit),
    ('crossings', pg_temp.num(s.crossings), (r).crossings), ('crossings_min', pg_temp.num(crossings_min), (r).crossings_limit),
    ('ewma', pg_temp.num(ewma), (e).ewma), ('ewma_ucl', pg_temp.num(ewma_ucl), (e).upper), ('ewma_lcl', pg_temp.num(ewma_lcl), (e).lower),
    ('z', pg_temp.num(z), (o).z), ('modz', pg_temp.num(modz), (o).modified_z),
    ('iqr_lo', pg_temp.num(iqr_lo), (o).fence_low), ('iqr_hi', pg_temp.num(iqr_hi), (o).fence_high)) v;

INSERT INTO compared
SELECT 'areas', v.* FROM (
    SELECT a.*, shrunken_rate(xx, nn) OVER w s, rank_interval(xx, nn) OVER w k, t.p_two p2, c.lower clo, c.upper chi,
           benjamini_hochberg(t.p_two) OVER w q
      FROM (SELECT a.*, pg_temp.num(x) xx, pg_temp.num(n) nn,
                   sum(pg_temp.num(x)) OVER w / sum(pg_temp.num(n)) OVER w p
              FROM areas a WINDOW w AS (PARTITION BY scenario)) a,
           poisson_test(xx, nn * p) t, rate_interval(xx, nn, 1) c
      WINDOW w AS (PARTITION BY scenario)) r,
  LATERAL (VALUES ('m', pg_temp.num(m), (s).mean), ('A', pg_temp.num("A"), (s).variance), ('shrink', pg_temp.num(shrink), (s).weight), ('eb', pg_temp.num(eb), (s).rate),
    ('lo95', pg_temp.num(lo95), clo), ('hi95', pg_temp.num(hi95), chi),
    ('vs_benchmark', 1, (vs_benchmark = benchmark_verdict(clo, chi, (s).mean))::int),
    ('rank_desc', pg_temp.num(rank_desc), (k).rank), ('rank_lo', pg_temp.num(rank_lo), (k).lower), ('rank_hi', pg_temp.num(rank_hi), (k).upper),
    ('p_two', pg_temp.num(p_two), p2), ('p_bh', pg_temp.num(p_bh), q), ('quintile_phe', pg_temp.num(quintile_phe), (k).quintile)) v;

INSERT INTO compared SELECT 'dist_qnorm', p, pg_temp.num(qnorm), normal_quantile(p::float8) FROM dist_qnorm;
INSERT INTO compared SELECT 'dist_t', t, pg_temp.num(p_two), 2 * t_survival(abs(t::float8), df::float8) FROM dist_t;
INSERT INTO compared SELECT 'dist_chisq', p, pg_temp.num(qchisq), chisq_quantile(p::float8, df::float8) FROM dist_chisq;
INSERT INTO compared SELECT 'dist_negbin', v.* FROM dist_negbin,
  LATERAL (SELECT negbin_size(mu::float8, phi::float8) size) s,
  LATERAL (VALUES ('qnb', pg_temp.num(qnb), negbin_quantile(p::float8, mu::float8, size)),
    ('upper_tail_ge_k', pg_temp.num(upper_tail_ge_k), negbin_survival(k::float8 - 1, mu::float8, size))) v;

-- 14 digits are printed; differences of two nearly equal numbers lose some of them
CREATE TEMP VIEW judged AS
SELECT *, coalesce(expected = got OR abs(expected - got) <= 1e-11 * greatest(abs(expected), abs(got)) + 1e-14,
                   expected IS NULL AND (got IS NULL OR got = 'Infinity')) AS equal
  FROM compared;
SELECT format('indicators %s %s/%s%s', file, count(*) FILTER (WHERE equal), count(*),
              (SELECT string_agg(format('; %s differ: %s', n, reason), '' ORDER BY reason)
                 FROM (SELECT count(*) n, reason FROM judged k WHERE k.file = j.file AND NOT equal AND reason IS NOT NULL GROUP BY reason) r))
  FROM judged j GROUP BY file ORDER BY file;
SELECT format('  %s %s: expected %s, got %s', file, item, expected, got)
  FROM judged WHERE NOT equal AND reason IS NULL LIMIT 40;
SELECT format('indicators: %s compared, %s equal, %s differ for a named reason, %s differ', count(*), count(*) FILTER (WHERE equal),
              count(*) FILTER (WHERE NOT equal AND reason IS NOT NULL), count(*) FILTER (WHERE NOT equal AND reason IS NULL)) FROM judged;
SELECT 1 / (count(*) = 0)::int AS nothing_differs_without_a_reason FROM judged WHERE NOT equal AND reason IS NULL \g /dev/null
