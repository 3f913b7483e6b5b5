-- The rooms of the layer in their order: a room uses those before it, and never one that comes after (tools/check-rooms).
-- site: settings of the site, languages, labels, turns; uses nothing
-- operation: ticks, partitions of months and health; uses site
-- retention: erasing and keeping; uses operation
-- place: areas, their boundaries and populations; uses site
-- people: subjects, households, facilities, pseudonyms and signed claims; uses site, retention, place
-- ruleset: rulesets with the time they are in force; uses site
-- fact: sources, documents, observations, cells, assessments; uses site, operation, retention, place, people, ruleset
-- intake: payloads to documents to facts; uses site, operation, retention, place, people, fact
-- publication: datasets, cubes, releases, the ledger, requests; uses site, operation, retention, place, fact
-- board: what readers see of releases; uses site, operation, place, fact, intake, publication
-- comparison (may be left out): standards, base years, composite indices, actions; uses site, place, fact, publication, board
-- baseline (may be left out): baselines and alarms; uses site, operation, place, fact, publication, board
-- nowcast (may be left out): delays of reports, and what the last counts will become; uses site, operation, place, fact, publication, board, baseline
-- wash (may be left out): service levels as indicators; uses site, retention, place, people, ruleset, fact, publication, board, comparison
-- workforce (may be left out): workers, employers, premises, feeds, locations; uses site, operation, retention, place, people, intake
-- access (may be left out): policies, codes, overrides, readers, gates; uses site, operation, retention, people, ruleset, publication, board, workforce
-- competency (may be left out): frameworks, positions, roles, activities; uses site, retention, people
-- learning (may be left out): evidence, trainings, plans, the state of capacity; uses site, operation, retention, place, people, intake, publication, board, competency
--
-- schema: once each, recorded in centre.migration
\set file site/site \ir once.sql
\set file site/turn \ir once.sql
\set file operation/tick \ir once.sql
\set file operation/job \ir once.sql
\set file operation/tick_start \ir once.sql
\set file operation/health \ir once.sql
\set file operation/health_label \ir once.sql
\set file operation/stuck \ir once.sql
\set file retention/retention \ir once.sql
\set file retention/erase_job \ir once.sql
\set file retention/disclose_job \ir once.sql
\set file place/place \ir once.sql
\set file people/people \ir once.sql
\set file people/claim \ir once.sql
\set file people/retention \ir once.sql
\set file people/read_log \ir once.sql
\set file ruleset/ruleset \ir once.sql
\set file ruleset/policy \ir once.sql
\set file fact/document \ir once.sql
\set file fact/sender \ir once.sql
\set file fact/fact \ir once.sql
\set file fact/measure \ir once.sql
\set file fact/assessment \ir once.sql
\set file fact/retention \ir once.sql
\set file fact/archive \ir once.sql
\set file intake/intake \ir once.sql
\set file intake/guard \ir once.sql
\set file intake/retention \ir once.sql
\set file publication/publication \ir once.sql
\set file publication/ledger \ir once.sql
\set file publication/coverage \ir once.sql
\set file publication/request \ir once.sql
\set file publication/rounding \ir once.sql
\set file publication/unverified \ir once.sql
\set file publication/retention \ir once.sql
\set file comparison/standard \ir once.sql
\set file comparison/catalogue \ir once.sql
\set file comparison/least \ir once.sql
\set file comparison/composite \ir once.sql
\set file comparison/action \ir once.sql
\set file baseline/baseline \ir once.sql
\set file baseline/alarm \ir once.sql
\set file baseline/operator_area \ir once.sql
\set file baseline/estimate \ir once.sql
\set file nowcast/nowcast \ir once.sql
\set file wash/part_indicator \ir once.sql
\set file wash/wash \ir once.sql
\set file wash/coverage \ir once.sql
\set file workforce/worker_fact \ir once.sql
\set file workforce/workforce \ir once.sql
\set file workforce/agency_login \ir once.sql
\set file workforce/location \ir once.sql
\set file workforce/retention \ir once.sql
\set file workforce/statement \ir once.sql
\set file access/policy \ir once.sql
\set file access/impact \ir once.sql
\set file access/decision \ir once.sql
\set file access/clock \ir once.sql
\set file access/override \ir once.sql
\set file access/reader \ir once.sql
\set file access/retention \ir once.sql
\set file access/person_index \ir once.sql
\set file access/gate_budget \ir once.sql
\set file competency/framework \ir once.sql
\set file competency/frac \ir once.sql
\set file competency/need \ir once.sql
\set file competency/framework_import \ir once.sql
\set file competency/retention \ir once.sql
\set file learning/evidence \ir once.sql
\set file learning/training \ir once.sql
\set file learning/plan \ir once.sql
\set file learning/learning \ir once.sql
\set file learning/retention \ir once.sql
\set file learning/person_index \ir once.sql
\set file learning/passbook \ir once.sql
\set file learning/target \ir once.sql
\set file learning/statement \ir once.sql

-- api: made again
\set file site/site \ir again.sql
\set file site/text \ir again.sql
\set file site/fence \ir again.sql
\set file site/turn \ir again.sql
\set file operation/apart \ir again.sql
\set file operation/partition \ir again.sql
\set file operation/figure \ir again.sql
\set file operation/tick \ir again.sql
\set file retention/erase \ir again.sql
\set file retention/disclose \ir again.sql
\set file place/place \ir again.sql
\set file people/claim \ir again.sql
\set file people/read_log \ir again.sql
\set file people/facility \ir again.sql
\set file ruleset/variant \ir again.sql
\set file ruleset/certlogic \ir again.sql
\set file ruleset/policy \ir again.sql
\set file ruleset/approval \ir again.sql
\set file ruleset/ruleset \ir again.sql
\set file fact/sender \ir again.sql
\set file fact/archive \ir again.sql
\set file fact/cell \ir again.sql
\set file fact/verified \ir again.sql
\set file fact/assessment \ir again.sql
\set file intake/guard \ir again.sql
\set file intake/reader \ir again.sql
\set file intake/intake \ir again.sql
\set file intake/assessment \ir again.sql
\set file intake/erase \ir again.sql
\set file intake/figure \ir again.sql
\set file publication/publish \ir again.sql
\set file publication/dataset \ir again.sql
\set file publication/family \ir again.sql
\set file publication/declaration \ir again.sql
\set file publication/ledger \ir again.sql
\set file publication/unusable \ir again.sql
\set file publication/rounding_declare \ir again.sql
\set file publication/rounding \ir again.sql
\set file publication/rounding_state \ir again.sql
\set file publication/rounding_publish \ir again.sql
\set file publication/unverified \ir again.sql
\set file publication/request \ir again.sql
\set file publication/erase \ir again.sql
\set file publication/coverage \ir again.sql
\set file board/released \ir again.sql
\set file board/ask \ir again.sql
\set file board/label \ir again.sql
\set file board/shown \ir again.sql
\set file board/coverage \ir again.sql
\set file board/question \ir again.sql
\set file board/revision \ir again.sql
\set file board/board \ir again.sql
\set file board/map \ir again.sql
\set file board/operation \ir again.sql
\set file comparison/compare \ir again.sql
\set file comparison/standard \ir again.sql
\set file comparison/composite \ir again.sql
\set file comparison/change \ir again.sql
\set file comparison/action \ir again.sql
\set file baseline/baseline \ir again.sql
\set file baseline/baseline_run \ir again.sql
\set file baseline/released_baseline \ir again.sql
\set file baseline/alarm \ir again.sql
\set file nowcast/nowcast \ir again.sql
\set file nowcast/reading \ir again.sql
\set file wash/jmp \ir again.sql
\set file wash/wash \ir again.sql
\set file wash/released \ir again.sql
\set file wash/rulesets \ir again.sql
\set file workforce/workforce \ir again.sql
\set file workforce/location \ir again.sql
\set file workforce/worker_fact \ir again.sql
\set file workforce/statement \ir again.sql
\set file workforce/erase \ir again.sql
\set file access/policy \ir again.sql
\set file access/turns \ir again.sql
\set file access/impact \ir again.sql
\set file access/decision \ir again.sql
\set file access/audit \ir again.sql
\set file access/override \ir again.sql
\set file access/coming \ir again.sql
\set file access/reader \ir again.sql
\set file access/gate \ir again.sql
\set file access/access_board \ir again.sql
\set file access/policy_state \ir again.sql
\set file access/policies \ir again.sql
\set file competency/framework \ir again.sql
\set file competency/frac \ir again.sql
\set file competency/need \ir again.sql
\set file competency/framework_import \ir again.sql
\set file competency/framework_format \ir again.sql
\set file competency/framework_export \ir again.sql
\set file competency/frac_suggest \ir again.sql
\set file competency/check \ir again.sql
\set file learning/evidence \ir again.sql
\set file learning/badge \ir again.sql
\set file learning/training \ir again.sql
\set file learning/plan \ir again.sql
\set file learning/department \ir again.sql
\set file learning/annual \ir again.sql
\set file learning/learning \ir again.sql
\set file learning/benchmark \ir again.sql
\set file learning/capacity \ir again.sql
\set file learning/provider \ir again.sql
\set file learning/passbook \ir again.sql
\set file learning/statement \ir again.sql
\set file learning/check \ir again.sql
\set file board/health \ir again.sql
\ir columns.sql
\ir grants.sql
\set file access/owners \ir again.sql
