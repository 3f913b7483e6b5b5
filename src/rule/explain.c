/*-------------------------------------------------------------------------
 *
 * explain.c
 *	  What a ruleset says about itself and about one decision: its facts and
 *	  rules, each rule's result with its reason, its errors and tests.
 *
 * src/rule/explain.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "call.h"
#include "compile.h"
#include "emit.h"
#include "fact.h"
#include "json.h"
#include "read.h"
#include "utils/tuplestore.h"
#include "warning.h"

#define DEFAULT_LANGUAGE	"en"

static const char *const on_unknown_names[] = {
	[RULE_ON_UNKNOWN_UNKNOWN] = "unknown",
	[RULE_ON_UNKNOWN_FAIL] = "fail",
	[RULE_ON_UNKNOWN_PASS] = "pass"
};

static void
put_row(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

static Datum
text_array(Datum *texts, int count)
{
	return PointerGetDatum(construct_array(texts, count, TEXTOID, -1, false, TYPALIGN_INT));
}

static bool
rule_reads(const RuleProgram *program, int rule, int fact)
{
	return (program->rules[rule].facts[fact / 64] >> (fact % 64)) & 1;
}

PG_FUNCTION_INFO_V1(rule_ruleset_facts);

/* (ordinal, name, type, null_means, read_by) */
Datum
rule_ruleset_facts(PG_FUNCTION_ARGS)
{
	const RuleProgram *program = rule_open(PG_GETARG_RULESET_P(0));

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < rule_fact_count(program); i++)
	{
		Datum		rules[RULE_MAX_RULES];
		int			count = 0;
		Datum		values[5];
		bool		nulls[5] = {false};

		for (int rule = 0; rule < rule_rule_count(program); rule++)
		{
			if (rule_reads(program, rule, i))
				rules[count++] = CStringGetTextDatum(rule_rule_id(program, rule));
		}
		values[0] = Int32GetDatum(i + 1);
		values[1] = CStringGetTextDatum(rule_fact_name(program, i));
		values[2] = CStringGetTextDatum(rule_fact_type_name(program->facts[i].type, program->facts[i].list));
		values[3] = CStringGetTextDatum(program->facts[i].absent ? "absent" : "unknown");
		values[4] = text_array(rules, count);
		put_row(fcinfo, values, nulls);
	}
	return (Datum) 0;
}

static Datum
facts_of_rule(const RuleProgram *program, int rule)
{
	Datum		names[RULE_MAX_FACTS];
	int			count = 0;

	for (int i = 0; i < rule_fact_count(program); i++)
	{
		if (rule_reads(program, rule, i))
			names[count++] = CStringGetTextDatum(rule_fact_name(program, i));
	}
	return text_array(names, count);
}

/* Rule number i in the JSON. */
static JsonbValue *
read_rule(Jsonb *json, int rule)
{
	JsonbValue	root;

	root.type = jbvBinary;
	root.val.binary.data = &json->root;
	return rule_json_element(rule_json_member(&root, "rules"), rule);
}

static Datum
json_member_datum(const JsonbValue *object, const char *key, bool *isnull)
{
	JsonbValue *member = rule_json_member(object, key);

	*isnull = (member == NULL);
	return *isnull ? (Datum) 0 : JsonbPGetDatum(JsonbValueToJsonb(member));
}

static void
put_group(const RuleProgram *program, int rule, Datum *value, bool *isnull)
{
	const char *group = rule_rule_group(program, rule);

	*isnull = (*group == '\0');
	*value = *isnull ? (Datum) 0 : CStringGetTextDatum(group);
}

static Datum
severity_of_rule(const RuleProgram *program, int rule)
{
	return CStringGetTextDatum(program->rules[rule].blocking ? "block" : "warn");
}

PG_FUNCTION_INFO_V1(rule_ruleset_rules);

/* (ordinal, id, grp, severity, on_unknown, reads, reason, action) */
Datum
rule_ruleset_rules(PG_FUNCTION_ARGS)
{
	const Ruleset *ruleset = PG_GETARG_RULESET_P(0);
	const RuleProgram *program = rule_open(ruleset);
	Jsonb	   *json = rule_json(ruleset);

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < rule_rule_count(program); i++)
	{
		JsonbValue *rule = read_rule(json, i);
		Datum		values[8];
		bool		nulls[8] = {false};

		values[0] = Int32GetDatum(i + 1);
		values[1] = CStringGetTextDatum(rule_rule_id(program, i));
		put_group(program, i, &values[2], &nulls[2]);
		values[3] = severity_of_rule(program, i);
		values[4] = CStringGetTextDatum(on_unknown_names[program->rules[i].on_unknown]);
		values[5] = facts_of_rule(program, i);
		values[6] = json_member_datum(rule, "reason", &nulls[6]);
		values[7] = json_member_datum(rule, "action", &nulls[7]);
		put_row(fcinfo, values, nulls);
	}
	return (Datum) 0;
}

/*
 * A rule's text in the language, or in English, or in whatever language there
 * is; NULL if the rule has no such text.
 */
static Datum
text_in_language(const JsonbValue *rule, const char *key, const char *language, bool *isnull)
{
	JsonbValue *texts = rule_json_member(rule, key);
	JsonbValue *str = NULL;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	value;

	*isnull = true;
	if (texts == NULL)
		return (Datum) 0;
	str = rule_json_member(texts, language);

	if (str == NULL)
		str = rule_json_member(texts, DEFAULT_LANGUAGE);

	iterator = JsonbIteratorInit(texts->val.binary.data);
	while (str == NULL && (token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_VALUE)
			str = &value;
	}
	if (str == NULL)
		return (Datum) 0;
	*isnull = false;
	return CStringGetTextDatum(rule_json_string(str));
}

/* The facts that a rule reads, as they were given. */
static Datum
facts_given(const RuleProgram *program, int rule, Jsonb *facts)
{
	CivicJsonb	state = {0};

	civic_jsonb_push(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < rule_fact_count(program); i++)
	{
		const char *name = rule_fact_name(program, i);
		JsonbValue	key;
		JsonbValue	null = {.type = jbvNull};
		JsonbValue *value;

		if (!rule_reads(program, rule, i))
			continue;
		key.type = jbvString;
		key.val.string.val = unconstify(char *, name);
		key.val.string.len = strlen(name);
		value = getKeyJsonValueFromContainer(&facts->root, name, strlen(name), NULL);
		civic_jsonb_push(&state, WJB_KEY, &key);
		civic_jsonb_push(&state, WJB_VALUE, value ? value : &null);
	}
	civic_jsonb_push(&state, WJB_END_OBJECT, NULL);
	return JsonbPGetDatum(JsonbValueToJsonb(state.result));
}

PG_FUNCTION_INFO_V1(rule_explain);

/* (rule, grp, severity, result, reason, action, facts, flips_at) */
Datum
rule_explain(PG_FUNCTION_ARGS)
{
	const Ruleset *ruleset = PG_GETARG_RULESET_P(0);
	TimestampTz clock = PG_GETARG_TIMESTAMPTZ(1);
	Jsonb	   *given = PG_GETARG_JSONB_P(2);
	char	   *language = text_to_cstring(PG_GETARG_TEXT_PP(3));
	const RuleProgram *program = rule_open(ruleset);
	Jsonb	   *json = rule_json(ruleset);
	NullableDatum facts[RULE_MAX_FACTS];
	RuleVerdict verdict;

	rule_facts_from_jsonb(program, given, facts);
	rule_evaluate(program, clock, facts, &verdict);
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < rule_rule_count(program); i++)
	{
		JsonbValue *rule = read_rule(json, i);
		bool		failed = (verdict.fail >> i) & 1;
		bool		unknown = (verdict.unknown >> i) & 1;
		TimestampTz flips_at;
		Datum		values[8];
		bool		nulls[8] = {false};

		(void) rule_evaluate_list(program, &program->rules[i].condition, clock, facts, &verdict, &flips_at);
		values[0] = CStringGetTextDatum(rule_rule_id(program, i));
		put_group(program, i, &values[1], &nulls[1]);
		values[2] = severity_of_rule(program, i);
		values[3] = CStringGetTextDatum(failed ? "failed" : unknown ? "unknown" : "passed");
		nulls[4] = nulls[5] = true;
		if (failed || unknown)
		{
			values[4] = text_in_language(rule, "reason", language, &nulls[4]);
			values[5] = text_in_language(rule, "action", language, &nulls[5]);
		}
		values[6] = facts_given(program, i, given);
		values[7] = TimestampTzGetDatum(flips_at);
		put_row(fcinfo, values, nulls);
	}
	return (Datum) 0;
}

/* ---- checking ---- */

static void
put_check(FunctionCallInfo fcinfo, const char *path, const char *kind, bool ok,
		  const char *message, const char *hint)
{
	Datum		values[5];
	bool		nulls[5] = {false};

	values[0] = CStringGetTextDatum(path);
	values[1] = CStringGetTextDatum(kind);
	values[2] = BoolGetDatum(ok);
	values[3] = CStringGetTextDatum(message);
	nulls[4] = (hint == NULL);
	values[4] = nulls[4] ? (Datum) 0 : CStringGetTextDatum(hint);
	put_row(fcinfo, values, nulls);
}

/* The rules of a test's list; there is nothing else in it. */
static uint64
mask_of_names(const RuleSource *source, const JsonbValue *names)
{
	uint64		mask = 0;

	for (int i = 0; i < rule_json_length(names); i++)
		mask |= UINT64CONST(1) << rule_find_rule(source, rule_json_string(rule_json_element(names, i)));
	return mask;
}

/* "a, b", or "none" */
static char *
names_of_mask(const RuleSource *source, uint64 mask)
{
	StringInfoData buffer;

	initStringInfo(&buffer);
	for (int i = 0; i < source->rule_count; i++)
	{
		if (mask >> i & 1)
			appendStringInfo(&buffer, "%s%s", buffer.len > 0 ? ", " : "", source->rules[i].id);
	}
	return buffer.len > 0 ? buffer.data : "none";
}

static void
compare_masks(StringInfo differences, const RuleSource *source, const char *label,
			  const JsonbValue *expected, uint64 got)
{
	if (expected != NULL && mask_of_names(source, expected) != got)
		appendStringInfo(differences, "%s%s rules are %s, not %s", differences->len > 0 ? "; " : "",
						 label, names_of_mask(source, got),
						 names_of_mask(source, mask_of_names(source, expected)));
}

/* What differs from what a test expects; empty if nothing does. */
static char *
run_test(const RuleSource *source, const RuleProgram *program, const RuleSourceTest *test)
{
	NullableDatum facts[RULE_MAX_FACTS];
	RuleVerdict verdict;
	StringInfoData differences;
	const char *outcome;

	initStringInfo(&differences);
	rule_facts_from_jsonb(program, test->facts, facts);
	rule_evaluate(program, test->clock, facts, &verdict);
	outcome = verdict.outcome == RULE_OUTCOME_UNKNOWN ? "null" :
		psprintf("\"%s\"", rule_outcome_name(program, verdict.outcome));
	if (test->outcome != NULL && strcmp(outcome, rule_json_show(test->outcome)) != 0)
		appendStringInfo(&differences, "outcome is %s, not %s", outcome, rule_json_show(test->outcome));
	compare_masks(&differences, source, "failed", test->fail, verdict.fail);
	compare_masks(&differences, source, "unknown", test->unknown, verdict.unknown);
	if (test->valid_until != NULL)
	{
		int64		expected;

		(void) rule_parse_timestamptz(test->valid_until->val.string.val,
									  test->valid_until->val.string.len, &expected);
		if (expected != verdict.valid_until)
			appendStringInfo(&differences, "%svalid until %s, not %s", differences.len > 0 ? "; " : "",
							 rule_format_timestamptz(verdict.valid_until), rule_format_timestamptz(expected));
	}
	return differences.data;
}

PG_FUNCTION_INFO_V1(rule_ruleset_check);

/* (path, kind, ok, message, hint): each error; without errors, each warning and test */
Datum
rule_ruleset_check(PG_FUNCTION_ARGS)
{
	Jsonb	   *json = PG_GETARG_JSONB_P(0);
	RuleSource *source = rule_read(json);
	const RuleProgram *program;
	Ruleset    *ruleset;
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(cell, source->errors)
	{
		const RuleError *error = lfirst(cell);

		put_check(fcinfo, error->path, "error", false, error->message, error->hint);
	}
	if (source->errors != NIL)
		return (Datum) 0;
	ruleset = rule_emit(source, JsonbToCString(NULL, &json->root, VARSIZE(json)));
	if (ruleset == NULL)
	{
		put_check(fcinfo, "$", "error", false, "ruleset is too large", NULL);
		return (Datum) 0;
	}
	rule_find_warnings(source);
	foreach(cell, source->warnings)
	{
		const RuleError *warning = lfirst(cell);

		put_check(fcinfo, warning->path, "warning", true, warning->message, warning->hint);
	}
	program = rule_open(ruleset);
	foreach(cell, source->tests)
	{
		const RuleSourceTest *test = lfirst(cell);
		char	   *differences = run_test(source, program, test);
		char	   *name = test->name ? psprintf("%s: ", test->name) : "";

		put_check(fcinfo, psprintf("$.tests[%d]", test->index), "test", *differences == '\0',
				  psprintf("%s%s", name, *differences == '\0' ? "as expected" : differences), NULL);
	}
	return (Datum) 0;
}
