-- Imports and exports of frameworks and credentials: each format, what is wrong in it, rehearsals, and levels there and back.
SET search_path = tap, public, pg_catalog, civic;
SET client_min_messages = warning;
SELECT plan(59);
INSERT INTO centre.framework (code, name, source) SELECT c, upper(c), 'test' FROM unnest(ARRAY['frac', 'frac2', 'frac3', 'frac4', 'onet', 'onet2', 'esco', 'esco2', 'case', 'case2', 'gdad', 'gdad2', 'one']) AS c;
CREATE FUNCTION tap.load(format text, framework text, content text, dry boolean DEFAULT false) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE r jsonb; BEGIN CALL centre.import_framework(format, framework, convert_to(content, 'UTF8'), dry, r); RETURN r; END $$;
CREATE FUNCTION tap.faults() RETURNS TABLE (record bigint, code text, field text, value text) LANGUAGE sql AS $$
  SELECT e.record, e.code, e.field, e.value FROM centre.import_error e WHERE e.run_id = (SELECT max(run_id) FROM centre.import_run) ORDER BY 1, 2, 3 $$;
CREATE FUNCTION tap.everything() RETURNS text LANGUAGE sql AS $$
  SELECT md5(concat((SELECT string_agg(x::text, '' ORDER BY x::text) FROM centre.competency x), (SELECT string_agg(x::text, '' ORDER BY x::text) FROM centre.frac_node x), (SELECT string_agg(x::text, '' ORDER BY x::text) FROM centre.requirement x),
    (SELECT string_agg(x::text, '' ORDER BY x::text) FROM centre.competency_link x), (SELECT string_agg(x::text, '' ORDER BY x::text) FROM centre.level_scale x), (SELECT string_agg(x::text, '' ORDER BY x::text) FROM centre.evidence x))) $$;
-- what two frameworks say of needs, by code
CREATE FUNCTION tap.needs(framework text) RETURNS TABLE (kind text, node text, competency text, level smallint, weight smallint, stated text) LANGUAGE sql AS $$
  SELECT kind, node, competency, level, weight, stated FROM centre.verified_requirement WHERE source = $1 $$;

-- FRAC as JSON
\set tree '[{"type": "POSITION", "id": "P1", "name": "Director", "children": [{"type": "ROLE", "id": "R1", "name": "Vigilance", "children": [{"type": "ACTIVITY", "id": "A1", "name": "Inspects", "children": [{"type": "COMPETENCY", "id": "C1", "name": "Audit", "level": "Level 3", "weight": "2"}]}, {"type": "COMPETENCY", "id": "C2", "name": "Law", "level": "L2"}]}, {"type": "COMPETENCY", "id": "C1", "name": "Audit", "level": "5"}, {"type": "COMPETENCY", "id": "C3", "name": "Data"}]}, {"type": "COMPETENCYAREA", "id": "K1", "name": "Control", "children": [{"type": "COMPETENCY", "id": "C1", "name": "Audit", "description": "Audits", "children": [{"type": "COMPETENCIESLEVEL", "id": "l", "level": "L1", "description": "Knows"}, {"type": "COMPETENCIESLEVEL", "id": "m", "level": "L5", "description": "Leads"}]}]}, {"type": "THING", "id": "x"}]'
SELECT tap.everything() AS before \gset
SELECT is((tap.load('frac_json', 'frac', :'tree', true) -> 'requirement' ->> 'added')::int, 3, 'a rehearsal counts');
SELECT is(tap.everything(), :'before', 'and changes nothing');
SELECT is((SELECT count(*) FROM tap.faults()), 2::bigint, 'but its errors are kept');
SELECT is(tap.load('frac_json', 'frac', :'tree') - 'run', '{"dry_run": false, "read": 3, "errors": 2, "competency": {"added": 4, "changed": 0}, "label": {"added": 4, "changed": 0}, "level_text": {"added": 2, "changed": 0},
  "link": {"added": 1, "changed": 0}, "node": {"added": 3, "changed": 0}, "part": {"added": 2, "changed": 0}, "requirement": {"added": 3, "changed": 0}}', 'a tree is read');
SELECT results_eq('SELECT * FROM tap.faults()', $$VALUES (1::bigint, 'level_unknown', 'level', ''), (3, 'code_unknown', 'type', 'THING')$$, 'a need without level and an unknown type are errors, the rest is used');
SELECT results_eq($$SELECT n.code, s.name, s.level, s.weight FROM centre.frac_node n, centre.named_set(n.need) s WHERE source = 'frac' ORDER BY 1, 2$$,
  $$VALUES ('A1', 'Audit', 3, 2), ('P1', 'Audit', 5, 2), ('P1', 'Law', 2, 1), ('R1', 'Audit', 3, 2), ('R1', 'Law', 2, 1)$$, 'needs add up the tree');
SELECT tap.everything() AS before \gset
SELECT is((SELECT sum((v ->> 'added')::int + (v ->> 'changed')::int) FROM jsonb_each(tap.load('frac_json', 'frac', :'tree')) AS e (k, v) WHERE jsonb_typeof(v) = 'object'), 0::bigint, 'the same file again writes nothing');
SELECT is(tap.everything(), :'before', 'at all');
SELECT is(tap.load('frac_json', 'frac', replace(:'tree', 'L2', 'L4')) -> 'requirement', '{"added": 0, "changed": 1}', 'a changed level is changed');
UPDATE centre.requirement SET status = 'rejected' WHERE node_id = (SELECT node_id FROM centre.frac_node WHERE code = 'A1');
SELECT tap.load('frac_json', 'frac', :'tree') \gset
SELECT is((SELECT status FROM centre.requirement JOIN centre.frac_node USING (node_id) WHERE code = 'A1'), 'rejected', 'what people rejected stays rejected');
UPDATE centre.requirement SET status = 'verified';
SELECT tap.load('frac_json', 'frac2', centre.export_frac_json('frac')::text) \gset
SELECT set_eq($$SELECT * FROM tap.needs('frac2')$$, $$SELECT * FROM tap.needs('frac')$$, 'JSON there and back');
SELECT tap.load('frac_csv', 'frac3', centre.export_frac_csv('frac')) \gset
SELECT set_eq($$SELECT * FROM tap.needs('frac3')$$, $$SELECT * FROM tap.needs('frac')$$, 'CSV there and back');
SELECT is(replace(centre.export_frac_csv('frac3'), 'frac3', 'frac'), centre.export_frac_csv('frac'), 'and again, to the letter');
SELECT set_eq($$SELECT c.code, v.level, v.description FROM centre.competency_level v JOIN centre.competency c USING (competency_id) WHERE framework = 'frac3'$$, $$VALUES ('C1', 1, 'Knows'), ('C1', 5, 'Leads')$$, 'with the texts of levels');
SELECT is_empty($$SELECT * FROM tap.faults()$$, 'without an error');
SELECT throws_ok($$SELECT tap.load('frac_json', 'nowhere', '[]')$$, 'P0002', 'there is no framework "nowhere"', 'a framework is named first');
SELECT throws_ok($$SELECT tap.load('xlsx', 'frac', '[]')$$, '22023', 'unknown format "xlsx"', 'formats are those there are');
SELECT is(tap.load('frac_json', 'frac', '{"cut": ') - 'run' ->> 'errors', '1', 'a file that cannot be read is one error');
SELECT is((SELECT code FROM tap.faults()), 'unreadable', 'of that name');
SELECT throws_ok($$SELECT tap.load('frac_json', 'frac', '[{"type": "COMPETENCYAREA", "id": "X", "name": "X", "children": [{"type": "COMPETENCYAREA", "id": "Y", "name": "Y", "children": [{"type": "COMPETENCYAREA", "id": "X", "name": "X"}]}]}]')$$,
  '23514', 'competencies contain each other in a circle', 'a circle stops the import');
SELECT is((SELECT count(*) FROM centre.competency WHERE code IN ('X', 'Y')), 0::bigint, 'whole');

-- a file of another kind says so, with its header and the one that was expected
SELECT tap.load('gdad', 'frac', E'type,id,name\nPOSITION,p,P\n') \gset
SELECT results_eq($$SELECT record, field, value, expected LIKE 'roles.csv: Role Family,%Skill Name%' FROM centre.import_error WHERE code = 'wrong_file'$$, $$VALUES (1::bigint, 'header', 'id,name,type', true)$$, 'a wrong file: the header there is and the one expected');
SELECT ok((SELECT expected LIKE 'objects with type%' FROM centre.import_error WHERE code = 'unreadable' LIMIT 1), 'what cannot be read, too, is told what it should be');
CALL centre.import_framework('frac_csv', 'frac', convert_to(E'type,id,name,parent_type,parent_id,level\nCOMPETENCY,q,Q,POSITION,nowhere,L2\n', 'UTF8'), true, NULL, 'posts.csv') \gset
SELECT is((SELECT r.file FROM centre.import_run r ORDER BY run_id DESC LIMIT 1), 'posts.csv', 'and the run has the name of its file');

-- O*NET levels
SELECT tap.load('onet', 'onet', E'O*NET-SOC Code\tTitle\tDescription\n11-1011.00 \tChief Executives\tDetermine\r\n11-1021.00\tManagers\tPlan\n');
\set skills 'O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\tN\tRecommend Suppress\tNot Relevant\n11-1011.00\t2.A.1.a\tReading\tIM\t4.12\t8\tN\tn/a\n11-1011.00\t2.A.1.a\tReading\tLV\t4.88\t8\tN\tN\n11-1011.00\t2.A.1.b\tListening\tIM\t1.00\t8\tN\tn/a\n11-1011.00\t2.A.1.b\tListening\tLV\t1.12\t8\tN\tY\n11-1011.00\t2.A.1.c\tWriting\tIM\t3.0\t8\tN\tn/a\n11-1011.00\t2.A.1.c\tWriting\tLV\t3.0\t8\tY\tN\n11-1021.00\t2.A.1.a\tReading\tIM\t3.5\t8\tN\tn/a\n11-1021.00\t2.A.1.a\tReading\tLV\t2\t8\tN\tN\n11-1021.00\t2.A.1.c\tWriting\tLV\t9\t8\tN\tN\nshort\n'
SELECT replace(replace(:'skills', '\t', E'\t'), '\n', E'\n') AS skills \gset
SELECT tap.load('onet', 'onet', :'skills');
SELECT set_eq($$SELECT * FROM tap.needs('onet')$$, $$VALUES ('position', '11-1011.00', '2.A.1.a', 10, 4, '4.88'), ('position', '11-1021.00', '2.A.1.a', 4, 4, '2')$$, 'levels in halves, importance as weight, what is not relevant is no need');
SELECT set_eq('SELECT code, value FROM tap.faults()', $$VALUES ('suppressed', '2.A.1.c'), ('level_unknown', '9'), ('wrong_columns', NULL)$$, 'what the source suppresses and what is off the scale is reported');
SELECT tap.load('onet', 'onet2', E'O*NET-SOC Code\tTitle\tDescription\n11-1011.00\tChief Executives\tDetermine\n11-1021.00\tManagers\tPlan\n');
SELECT tap.load('onet', 'onet2', centre.export_onet_levels('onet'));
SELECT set_eq($$SELECT * FROM tap.needs('onet2')$$, $$SELECT * FROM tap.needs('onet')$$, 'decimals there and back');

-- ESCO, official column names
SELECT tap.load('esco', 'esco', E'\uFEFFconceptType,conceptUri,preferredLabel,altLabels,description\nKnowledgeSkillCompetence,http://s/1,music,"song\ntune",About music\nKnowledgeSkillCompetence,http://s/2,rhythm,,\nKnowledgeSkillCompetence,,nameless,,\n');
SELECT results_eq($$SELECT l.label, l.other_labels, l.description FROM centre.competency c JOIN centre.competency_label l USING (competency_id) WHERE c.code = 'http://s/1'$$, $$VALUES ('music', '{song,tune}'::text[], 'About music')$$, 'quoted line breaks are other labels');
SELECT results_eq('SELECT record, code FROM tap.faults()', $$VALUES (4::bigint, 'missing')$$, 'a skill needs an address');
SELECT tap.load('esco', 'esco', E'conceptType,conceptUri,broaderType,broaderUri\nKnowledgeSkillCompetence,http://s/2,KnowledgeSkillCompetence,http://s/1\nKnowledgeSkillCompetence,http://s/1,SkillGroup,http://g/1\n');
SELECT results_eq($$SELECT centre.competency_name(implied_id), level_loss::int FROM centre.competency_closure JOIN centre.competency USING (competency_id) WHERE code = 'http://s/2' ORDER BY 2$$, $$VALUES ('music', 1), ('http://g/1', 2)$$, 'broader relations close');
SELECT tap.load('esco', 'esco', E'conceptUri,preferredLabel,iscoGroup,description\nhttp://o/1,singer,2652,Sings\n');
SELECT tap.load('esco', 'esco', E'occupationUri,relationType,skillType,skillUri\nhttp://o/1,essential,x,http://s/1\nhttp://o/1,optional,x,http://s/2\nhttp://o/1,optional,x,http://s/1\nhttp://o/1,essential,x,http://s/9\n');
SELECT set_eq($$SELECT competency, weight, stated FROM tap.needs('esco')$$, $$VALUES ('http://s/1', 2, 'essential'), ('http://s/2', 1, 'optional')$$, 'essential goes before optional');
SELECT results_eq('SELECT code, value FROM tap.faults()', $$VALUES ('code_unknown', 'http://s/9')$$, 'a skill that is not there is an error');
SELECT tap.load('esco', 'esco2', E'conceptUri,preferredLabel\nhttp://s/1,music\nhttp://s/2,rhythm\n'), tap.load('esco', 'esco2', E'conceptUri,preferredLabel,iscoGroup\nhttp://o/1,singer,2652\n'), tap.load('esco', 'esco2', centre.export_esco_relations('esco')) \gset
SELECT set_eq($$SELECT * FROM tap.needs('esco2')$$, $$SELECT * FROM tap.needs('esco')$$, 'essential and optional there and back');

-- CASE with rubrics
\set package '{"CFDocument": {"identifier": "d", "title": "T"}, "CFItems": [{"identifier": "i1", "fullStatement": "Reads", "humanCodingScheme": "R.1", "language": "en"}, {"identifier": "i2", "fullStatement": "Reads maps", "notes": "of a town"}], "CFAssociations": [{"associationType": "isChildOf", "originNodeURI": {"identifier": "i2"}, "destinationNodeURI": {"identifier": "i1"}}, {"associationType": "isChildOf", "originNodeURI": {"identifier": "i1"}, "destinationNodeURI": {"identifier": "d"}}, {"associationType": "precedes", "originNodeURI": {"identifier": "i1"}, "destinationNodeURI": {"identifier": "i2"}}, {"associationType": "exactMatchOf", "originNodeURI": {"identifier": "i1"}, "destinationNodeURI": {"identifier": "elsewhere"}}], "CFRubrics": [{"CFRubricCriteria": [{"CFItemURI": {"identifier": "i1"}, "CFRubricCriterionLevels": [{"quality": "Beginning", "position": 1, "description": "with help"}, {"quality": "Secure", "position": 2, "description": "alone"}, {"quality": "Broken", "position": "x"}]}]}]}'
SELECT tap.load('case_json', 'case', :'package') \gset
SELECT results_eq($$SELECT code, level::int FROM centre.level_scale WHERE framework = 'case' ORDER BY level$$, $$VALUES ('Beginning', 1), ('Secure', 2)$$, 'levels of rubrics are the scale');
SELECT set_eq('SELECT code, value FROM tap.faults()', $$VALUES ('code_unknown', 'elsewhere'), ('level_unknown', NULL)$$, 'links out of the package and levels without a place are errors');
SELECT set_eq($$SELECT a.code, b.code AS target, l.kind FROM centre.competency_link l JOIN centre.competency a USING (competency_id) JOIN centre.competency b ON b.competency_id = target_id WHERE a.framework = 'case'$$,
  $$VALUES ('i2', 'i1', 'broader'), ('i2', 'i1', 'requires')$$, 'children and what precedes');
SELECT tap.load('case_json', 'case2', centre.export_case('case')::text) \gset
SELECT is(centre.export_case('case2') - 'CFDocument' #> '{CFItems}', centre.export_case('case') #> '{CFItems}', 'items there and back');
SELECT set_eq($$SELECT c.code, v.level, s.code AS word, v.description FROM centre.competency_level v JOIN centre.competency c USING (competency_id) JOIN centre.level_scale s USING (framework, level) WHERE framework = 'case2'$$,
  $$VALUES ('i1', 1, 'Beginning', 'with help'), ('i1', 2, 'Secure', 'alone')$$, 'levels there and back');

-- GDaD
\set roles 'Role Family,Role,Role Description,Role Level,Role Level Description,Skill Name,Skill Description,Skill Level,Skill Level Description,Role Type\nData,Analyst,Analyses,Senior analyst,"Leads.\n\nYou will:\n- clean data\n- ask, and answer",Data skill,About,Expert,"Can ""do"" all",\nData,Analyst,Analyses,Senior analyst,"Leads.\n\nYou will:\n- clean data\n- ask, and answer",Ethics,About,working,Knows,\nData,Chief,Leads,NOT IN USE,NOT IN USE,Ethics,About,NOT IN USE,NOT IN USE,Senior\nData,Analyst,Analyses,Senior analyst,x,Ethics,About,Expert,,\n'
SELECT replace(:'roles', '\n', E'\n') AS roles \gset
SELECT tap.load('gdad', 'gdad', :'roles') \gset
SELECT set_eq($$SELECT node, competency, stated FROM tap.needs('gdad')$$, $$VALUES ('Analyst / Senior analyst', 'Data skill', 'Expert'), ('Analyst / Senior analyst', 'Ethics', 'Working')$$, 'role levels with skill levels');
SELECT results_eq('SELECT record, code, value FROM tap.faults()', $$VALUES (4::bigint, 'level_unknown', 'NOT IN USE'), (5, 'conflict', 'Expert')$$, 'NOT IN USE is no level, and a second word for a level a conflict');
SELECT set_eq($$SELECT c.kind, c.title FROM centre.frac_link l JOIN centre.frac_node p ON p.node_id = l.parent_id JOIN centre.frac_node c ON c.node_id = l.child_id WHERE p.source = 'gdad'$$,
  $$VALUES ('role', 'Analyst'), ('activity', 'clean data'), ('activity', 'ask, and answer')$$, 'duties are activities');
SELECT is((SELECT count(*) FROM centre.frac_node WHERE source = 'gdad' AND code LIKE 'Chief%'), 0::bigint, 'a role not in use is none');
SELECT tap.load('gdad', 'gdad2', centre.export_gdad('gdad')) \gset
SELECT set_eq($$SELECT * FROM tap.needs('gdad2')$$, $$SELECT * FROM tap.needs('gdad')$$, 'words there and back');
SELECT is(centre.export_gdad('gdad2'), centre.export_gdad('gdad'), 'to the letter');
SELECT is(centre.csv_line(ARRAY['a', NULL, 'b,c', E'd\ne', 'f"g']), E'a,,"b,c","d\ne","f""g"', 'a line of CSV');

-- Open Badges
INSERT INTO centre.level_scale VALUES ('one', 1, 'held');
INSERT INTO centre.competency (framework, code) VALUES ('one', 'http://one/1');
INSERT INTO centre.subject (subject_id) SELECT centre.pseudonym(h) FROM unnest(ARRAY['did:x:1', 'did:x:2']) AS h;
INSERT INTO centre.credential_issuer VALUES ('https://ati', 'ATI', 'institute', '[2024-01-01,)');
\set badge '{"id": "urn:b:1", "issuer": {"id": "https://ati"}, "validFrom": "2024-01-10T09:00:00Z", "validUntil": "2025-01-10T09:00:00Z", "credentialSubject": {"id": "did:x:1", "achievement": {"alignment": [{"targetCode": "Ethics", "targetFramework": "GDAD"}, {"targetUrl": "http://one/1"}, {"targetUrl": "http://no"}], "resultDescription": [{"id": "r", "rubricCriterionLevel": [{"id": "r1", "level": "Working"}, {"id": "r2", "level": "Expert"}], "alignment": [{"targetCode": "Ethics"}]}]}, "result": [{"resultDescription": "r", "achievedLevel": "r2"}]}}'
CREATE FUNCTION tap.badges(source text, content text, dry boolean DEFAULT false) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE r jsonb; BEGIN CALL centre.import_badges(source, convert_to(content, 'UTF8'), dry, r); RETURN r; END $$;
SELECT tap.badges('institute', :'badge') \gset
SELECT results_eq($$SELECT c.code, e.level::int, e.issued, e.expires, e.credential FROM centre.evidence e JOIN centre.competency c USING (competency_id) ORDER BY 1$$,
  $$VALUES ('Ethics', 4, '2024-01-10'::date, '2025-01-11'::date, 'urn:b:1'), ('http://one/1', 1, '2024-01-10', '2025-01-11', 'urn:b:1')$$, 'each alignment is evidence, at the level of its result or the only one there is');
SELECT results_eq('SELECT code, value FROM tap.faults()', $$VALUES ('code_unknown', 'http://no')$$, 'an alignment to nothing is an error');
DELETE FROM centre.import_error;
SELECT tap.badges('assessed', :'badge') \gset
SELECT tap.badges('institute', replace(replace(:'badge', 'https://ati', 'https://mill'), 'urn:b:1', 'urn:m:1')) \gset
SELECT tap.badges('institute', replace(replace(:'badge', '2024-01-10T', '2023-12-31T'), 'urn:b:1', 'urn:m:2')) \gset
SELECT results_eq($$SELECT value FROM centre.import_error WHERE code = 'issuer_unknown' AND field = 'issuer' ORDER BY run_id$$, $$VALUES ('https://ati'), ('https://mill'), ('https://ati')$$, 'issuers are recognised for a kind of evidence and by days');
SELECT is((SELECT count(*) FROM centre.evidence WHERE source = 'assessed' OR credential LIKE 'urn:m:%'), 0::bigint, 'the credentials of others prove nothing');
SELECT tap.everything() AS before \gset
SELECT tap.badges('institute', format('{"credentialSubject": {"verifiableCredential": [%s]}}', :'badge')) \gset
SELECT is(tap.everything(), :'before', 'the same in a learner record again changes nothing');
SELECT tap.badges('institute', format('[%s, %s, %s, "x"]', replace(:'badge', 'did:x:1', 'did:x:9'), replace(replace(:'badge', 'r2"}]', 'r3"}]'), 'did:x:1', 'did:x:2'), replace(:'badge', '2024-01-10', '2024-02-31'))) \gset
SELECT set_eq($$SELECT record, code, field FROM tap.faults() WHERE value IS DISTINCT FROM 'http://no'$$, $$VALUES (1, 'subject_unknown', 'credentialSubject.id'), (2, 'level_unknown', 'result'), (3, 'date_unreadable', 'validFrom'), (3, 'date_unreadable', 'validUntil'), (4, 'wrong_columns', 'record')$$,
  'holders, levels and days that are unknown are errors, and nobody''s name is kept');
DELETE FROM centre.evidence WHERE subject_id = centre.pseudonym('did:x:2');
SELECT tap.badges('institute', (SELECT replace(jsonb_agg(centre.export_badge(evidence_id, 'did:x:2'))::text, 'urn:b:1', 'urn:b:2') FROM centre.evidence)) \gset
SELECT set_eq($$SELECT competency_id, level, issued, expires FROM centre.evidence WHERE credential = 'urn:b:2'$$, $$SELECT competency_id, level, issued, expires FROM centre.evidence WHERE credential = 'urn:b:1'$$, 'evidence there and back');
SELECT is(centre.revoke_credential('urn:b:2', '2024-06-01'), 2::bigint, 'a revoked credential takes all it proved');
-- weights and directions of the table form
SELECT tap.load('frac_csv', 'frac4', E'\ufefftype,id,name,parent_type,parent_id,level,weight\r\nPOSITION,p,P,,,,\r\nCOMPETENCY,a,A,POSITION,p,L2,3\r\nCOMPETENCY,b,B,POSITION,p,L2,heavy\r\nCOMPETENCY,c,C,POSITION,p,L2,16\r\nCOMPETENCY,d,D,POSITION,p,L2,\r\nCOMPETENCY,a1,A1,COMPETENCY,a,,\r\nCOMPETENCYAREA,x,X,COMPETENCY,a,,\r\n') \gset
SELECT results_eq('SELECT * FROM tap.faults()', $$VALUES (4::bigint, 'weight_unknown', 'weight', 'heavy'), (5, 'weight_unknown', 'weight', '16')$$, 'a weight that is none is an error, not another weight');
SELECT set_eq($$SELECT c.code, r.level::int, r.weight::int FROM centre.requirement r JOIN centre.competency c USING (competency_id) WHERE c.framework = 'frac4'$$, $$VALUES ('a', 2, 3), ('d', 2, 1)$$, 'of the others it is read');
SELECT set_eq($$SELECT c.code, t.code AS target FROM centre.competency_link l JOIN centre.competency c USING (competency_id) JOIN centre.competency t ON t.competency_id = l.target_id WHERE c.framework = 'frac4'$$, $$VALUES ('a1', 'a'), ('a', 'x')$$,
  'a competency under another is the narrower one, an area always the broader');
-- a node without an id is an error: its name is no code
SELECT tap.load('frac_csv', 'frac4', E'type,id,name,parent_type,parent_id,level,weight\r\nCOMPETENCY,,No id,POSITION,p,L2,3\r\n') \gset
SELECT results_eq('SELECT * FROM tap.faults()', $$VALUES (2::bigint, 'missing', 'id', 'No id')$$, 'a row without an id is an error');
SELECT tap.load('frac_json', 'frac4', '[{"type": "POSITION", "id": "p", "name": "P", "children": [{"type": "COMPETENCY", "id": " ", "name": "No id", "level": "L2"}]}]') \gset
SELECT results_eq('SELECT * FROM tap.faults()', $$VALUES (1::bigint, 'missing', 'id', 'No id')$$, 'in a tree as well');
SELECT is_empty($$SELECT code FROM centre.competency WHERE framework = 'frac4' AND code ILIKE 'no id'$$, 'and becomes no competency');
SELECT * FROM finish();
