-- Officials, positions and evidence of the synthetic country.  Everything here is invented: the framework "vigilance", the Director
-- (Vigilance) and every official; no service has these positions or these needs.
--   psql -v officials=240 -f demo/competency.sql
\set ON_ERROR_STOP on
\if :{?officials}
\else
\set officials 240
\endif
SET search_path = pg_catalog, civic, pg_temp;
INSERT INTO centre.framework (code, name, source) VALUES ('vigilance', 'Vigilance and public finance (invented)', 'invented for the demonstration');

CREATE TEMP TABLE frac (line text);
COPY frac FROM stdin WITH (DELIMITER E'\t');
type,id,name,description,parent_type,parent_id,level,weight
COMPETENCYAREA,control,Control,,,,,
COMPETENCYAREA,people,People and language,,,,,
COMPETENCYAREA,digital,Digital government,,,,,
COMPETENCY,audit,Auditing,Plans and does audits and follows them up,COMPETENCYAREA,control,,
COMPETENCY,fraud,Fraud examination,Finds and proves fraud,COMPETENCYAREA,control,,
COMPETENCY,procurement,Public procurement,Buys by the rules and sees where they were broken,COMPETENCYAREA,control,,
COMPETENCY,rules,Conduct rules,Knows the rules of conduct and applies them,COMPETENCYAREA,control,,
COMPETENCY,evidence,Law of evidence,"Collects, keeps and weighs evidence",COMPETENCYAREA,control,,
COMPETENCY,finance,Public finance,"Budgets, accounts and reports",COMPETENCYAREA,control,,
COMPETENCY,interview,Interviewing,Hears witnesses fairly,COMPETENCYAREA,people,,
COMPETENCY,writing,Report writing,Writes what others can act on,COMPETENCYAREA,people,,
COMPETENCY,leading,Leading a team,"Sets aims, delegates and answers for the result",COMPETENCYAREA,people,,
COMPETENCY,ethics,Ethics and integrity,Acts with integrity and asks it of others,COMPETENCYAREA,people,,
COMPETENCY,data,Data analysis,Questions data and finds what stands out,COMPETENCYAREA,digital,,
COMPETENCY,records,Records management,"Keeps records findable, whole and safe",COMPETENCYAREA,digital,,
COMPETENCY,security,Information security,Keeps information safe,COMPETENCYAREA,digital,,
POSITION,auditor,Audit officer,Audits the accounts and purchases of departments,,,,
POSITION,vigilance-officer,Vigilance officer,"Looks into complaints about conduct, collects evidence and reports",,,,
POSITION,deputy-director-vigilance,Deputy Director (Vigilance),"Directs inquiries into complaints about conduct, supervises vigilance officers and reports to the director",,,,
POSITION,director-audit,Director (Audit),"Heads the audit of a ministry, plans audits and answers for their follow-up",,,,
POSITION,procurement-officer,Procurement officer,Prepares tenders and purchases,,,,
POSITION,records-officer,Records officer,Keeps the records of a department,,,,
POSITION,data-officer,Data officer,Analyses the data of a department for planning and control,,,,
POSITION,director-vigilance,Director (Vigilance) (invented),"Heads the vigilance of a ministry: directs inquiries into complaints about conduct, prevents corruption in purchases and advises the minister",,,,
ROLE,inquiry,Inquiry,,POSITION,vigilance-officer,,
ROLE,inquiry,Inquiry,,POSITION,deputy-director-vigilance,,
ROLE,head,Head of unit,,POSITION,deputy-director-vigilance,,
ROLE,head,Head of unit,,POSITION,director-audit,,
ROLE,assurance,Assurance,,POSITION,auditor,,
ROLE,assurance,Assurance,,POSITION,director-audit,,
ACTIVITY,hear,Hear witnesses,,ROLE,inquiry,,
ACTIVITY,weigh,Collect and weigh evidence,,ROLE,inquiry,,
ACTIVITY,plan,Plan the year and its budget,,ROLE,head,,
ACTIVITY,sample,Draw samples and test them,,ROLE,assurance,,
COMPETENCY,interview,Interviewing,,ACTIVITY,hear,L3,1
COMPETENCY,evidence,Law of evidence,,ACTIVITY,weigh,L3,2
COMPETENCY,rules,Conduct rules,,ROLE,inquiry,L3,2
COMPETENCY,writing,Report writing,,ROLE,inquiry,L3,1
COMPETENCY,leading,Leading a team,,ROLE,head,L4,2
COMPETENCY,finance,Public finance,,ACTIVITY,plan,L3,1
COMPETENCY,audit,Auditing,,ROLE,assurance,L3,2
COMPETENCY,data,Data analysis,,ACTIVITY,sample,L2,1
COMPETENCY,ethics,Ethics and integrity,,POSITION,vigilance-officer,L3,1
COMPETENCY,ethics,Ethics and integrity,,POSITION,deputy-director-vigilance,L4,2
COMPETENCY,fraud,Fraud examination,,POSITION,deputy-director-vigilance,L3,2
COMPETENCY,rules,Conduct rules,,POSITION,deputy-director-vigilance,L4,2
COMPETENCY,audit,Auditing,,POSITION,director-audit,L5,3
COMPETENCY,ethics,Ethics and integrity,,POSITION,director-audit,L4,2
COMPETENCY,finance,Public finance,,POSITION,auditor,L3,1
COMPETENCY,writing,Report writing,,POSITION,auditor,L2,1
COMPETENCY,procurement,Public procurement,,POSITION,procurement-officer,L4,2
COMPETENCY,finance,Public finance,,POSITION,procurement-officer,L2,1
COMPETENCY,ethics,Ethics and integrity,,POSITION,procurement-officer,L3,1
COMPETENCY,records,Records management,,POSITION,records-officer,L4,2
COMPETENCY,security,Information security,,POSITION,records-officer,L3,1
COMPETENCY,writing,Report writing,,POSITION,records-officer,L2,1
COMPETENCY,data,Data analysis,,POSITION,data-officer,L4,2
COMPETENCY,security,Information security,,POSITION,data-officer,L2,1
COMPETENCY,writing,Report writing,,POSITION,data-officer,L2,1
\.
SELECT string_agg(line, E'\n' ORDER BY ctid) AS content FROM frac \gset
\o /dev/null
CALL centre.import_framework('frac_csv', 'vigilance', convert_to(:'content', 'UTF8'));
\o
-- who examines fraud has audited: fraud examination is held with auditing one level down
INSERT INTO centre.competency_link (competency_id, target_id, kind, level_loss)
  SELECT f.competency_id, a.competency_id, 'broader', 1 FROM centre.competency f, centre.competency a
  WHERE f.framework = 'vigilance' AND f.code = 'fraud' AND a.framework = 'vigilance' AND a.code = 'audit';

-- draw(key, n): a whole number from 0 to n - 1 that is the same on every machine
CREATE FUNCTION pg_temp.draw(key text, n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT (('x' || left(md5(key), 7))::bit(28)::integer % n) $$;
CREATE TEMP TABLE person AS
  SELECT 900000 + i AS subject_id, i, (ARRAY['Finance', 'Works', 'Health'])[1 + i % 3] AS ministry, i <= 3 AS is_head, i BETWEEN 4 AND 15 AS is_lead,
         -- the head of each ministry, four leads under it, the others under a lead
         CASE WHEN i <= 3 THEN NULL WHEN i <= 15 THEN 1 + (i - 1) % 3 ELSE 4 + (i - 1) % 3 + 3 * pg_temp.draw('lead' || i, 4) END AS manager
  FROM generate_series(1, :officials) AS i;
INSERT INTO centre.subject (subject_id, verified, sex, birth_year) SELECT subject_id, true, (ARRAY['f', 'm'])[1 + pg_temp.draw('sex' || i, 2)], 1966 + pg_temp.draw('born' || i, 36) FROM person;
INSERT INTO centre.official (subject_id, ministry, department, designation, position_id, manager_id, valid)
  SELECT p.subject_id, p.ministry, x.department, n.title, n.node_id, 900000 + p.manager, '[2024-01-01,)'
  FROM person p CROSS JOIN LATERAL (SELECT (ARRAY['Vigilance', 'Accounts', 'Planning'])[1 + pg_temp.draw('dep' || p.i, 3)] AS department) AS x
  JOIN centre.frac_node n ON n.source = 'vigilance' AND n.kind = 'position' AND n.code =
    CASE WHEN p.is_head THEN 'director-audit' WHEN p.is_lead THEN 'deputy-director-vigilance'
         ELSE (ARRAY['auditor', 'vigilance-officer', 'procurement-officer', 'records-officer', 'data-officer'])[1 + pg_temp.draw('post' || p.i, 5)] END;
-- evidence: mostly of what the post needs and at about its level, some of it old, some revoked
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, expires, revoked, credential, issuer)
  SELECT v.subject_id, v.competency, greatest(1, least(5, v.level - 1 + pg_temp.draw(v.key || 'level', 3))), v.source, v.issued, v.issued + CASE v.source WHEN 'assessed' THEN 1095 WHEN 'platform' THEN 730 END,
         CASE WHEN pg_temp.draw(v.key || 'revoked', 25) = 0 THEN v.issued + 60 + pg_temp.draw(v.key || 'when', 300) END, 'demo:' || v.key, 'invented'
  FROM (SELECT o.subject_id, e.competency, e.level, format('%s/%s/%s', o.subject_id, c.code, n) AS key,
               (ARRAY['platform', 'platform', 'institute', 'assessed', 'self_declared'])[1 + pg_temp.draw(format('%s/%s/%s source', o.subject_id, c.code, n), 5)] AS source,
               '2024-01-01'::date + pg_temp.draw(format('%s/%s/%s day', o.subject_id, c.code, n), 1000) AS issued
        FROM centre.official o JOIN centre.frac_node p ON p.node_id = o.position_id CROSS JOIN LATERAL civic.each(p.need) AS e JOIN centre.competency c ON c.competency_id = e.competency
        CROSS JOIN generate_series(1, 2) AS n WHERE o.subject_id > 900000 AND pg_temp.draw(format('%s/%s/%s held', o.subject_id, c.code, n), 10) < 6) AS v;
-- in June 2026 nearly everybody takes the course on ethics
INSERT INTO centre.evidence (subject_id, competency_id, level, source, issued, expires, credential, issuer)
  SELECT p.subject_id, c.competency_id, 2 + pg_temp.draw('ethics' || p.i, 2), 'platform', '2026-06-01'::date + pg_temp.draw('june' || p.i, 29), '2028-06-01', 'demo:ethics-2026/' || p.i, 'invented'
  FROM person p JOIN centre.competency c ON c.framework = 'vigilance' AND c.code = 'ethics' WHERE pg_temp.draw('takes' || p.i, 10) < 8;
DO $$ BEGIN WHILE centre.refresh_official_competencies(50000, '2026-11-01') > 0 LOOP NULL; END LOOP; END $$;
ANALYZE centre.official, centre.evidence, centre.official_competency, centre.frac_node, centre.frac_word, centre.requirement;

\echo 'Passbook of official 900010 (invented) for 2026'
SELECT p.entry_no AS "no", p.day, p.entry, centre.competency_name(p.competency_id) AS competency, p.source, p.level_before AS "from", p.level_after AS "to"
FROM centre.passbook(900010, '2026-01-01', '2026-10-31') AS p ORDER BY p.entry_no;
\echo 'What official 900010 lacks for the post held, and why'
SELECT centre.competency_name(m.competency) AS competency, m.needed, m.held, m.missing, m.status, m.weight
FROM centre.official o JOIN centre.frac_node p ON p.node_id = o.position_id JOIN centre.official_competency c USING (subject_id)
CROSS JOIN LATERAL civic.match_explain(c.own, p.need, c.lapsed, c.held) AS m WHERE o.subject_id = 900010 ORDER BY m.missing DESC, 1;
\echo 'Suggested for the Director (Vigilance), an invented position, from similar ones'
SELECT s.kind, s.name, s.level, s.weight, round(s.score::numeric, 2) AS score, left(s.evidence, 70) AS evidence
FROM centre.frac_node n CROSS JOIN LATERAL centre.frac_suggest(n.node_id, 'vigilance', 6) AS s WHERE n.source = 'vigilance' AND n.code = 'director-vigilance' ORDER BY s.kind DESC, s.rank;
