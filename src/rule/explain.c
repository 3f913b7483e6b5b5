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

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "call.h"
#include "compile.h"
#include "emit.h"
#include "fact.h"
#include "json.h"
#include "phrase.h"
#include "read.h"
#include "render.h"
#include "warning.h"

#define DEFAULT_LANGUAGE	"en"

/* How often parts of a rule may turn before it is given up to see the rule itself turn. */
#define MOST_TURNS	1000

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

/* Element i of a section of the JSON. */
static JsonbValue *
section_element(Jsonb *json, const char *section, int i)
{
	JsonbValue	root;

	root.type = jbvBinary;
	root.val.binary.data = &json->root;
	return rule_json_element(rule_json_member(&root, section), i);
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
		JsonbValue *rule = section_element(json, "rules", i);
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
 * is, which *language then is; NULL if the rule has no such text.
 */
static char *
text_in_language(const JsonbValue *rule, const char *key, const char **language)
{
	JsonbValue *texts = rule_json_member(rule, key);
	JsonbValue *str;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	value;

	if (texts == NULL)
		return NULL;
	str = rule_json_member(texts, *language);

	if (str == NULL && (str = rule_json_member(texts, DEFAULT_LANGUAGE)) != NULL)
		*language = DEFAULT_LANGUAGE;

	iterator = JsonbIteratorInit(texts->val.binary.data);
	while (str == NULL && (token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			*language = rule_json_string(&value);
		else if (token == WJB_VALUE)
			str = &value;
	}
	return rule_json_string(str);
}

static void
append_key(StringInfo json, const char *key)
{
	appendStringInfoString(json, json->len > 1 ? ", " : "");
	escape_json(json, key);
	appendStringInfoString(json, ": ");
}

/* A value as it was given. */
static void
append_given(StringInfo json, JsonbValue *value)
{
	Jsonb	   *copy;

	if (value == NULL)
	{
		appendStringInfoString(json, "null");
		return;
	}
	copy = JsonbValueToJsonb(value);
	(void) JsonbToCString(json, &copy->root, VARSIZE(copy));
}

/* One decision, as explanations look at it. */
typedef struct Explained
{
	const RuleProgram *program;
	TimestampTz clock;
	Jsonb	   *given;
	NullableDatum facts[RULE_MAX_FACTS];
	RuleVerdict verdict;
	RuleResult *definitions;	/* what each came to */
} Explained;

static void
explain_decision(Explained *explained, const RuleProgram *program, TimestampTz clock, Jsonb *given)
{
	int			count = program->stored->definition_count;

	explained->program = program;
	explained->clock = clock;
	explained->given = given;
	rule_facts_from_jsonb(program, given, explained->facts);
	rule_evaluate(program, clock, explained->facts, &explained->verdict);
	explained->definitions = palloc(sizeof(RuleResult) * (count + 1));
	for (int i = 0; i < count; i++)
		rule_evaluate_slot(program, &program->values[i], clock, explained->facts,
						   &explained->verdict, &explained->definitions[i]);
}

/*
 * When time alone turns a rule's result.  A horizon says when some part of the
 * rule may turn, which need not turn the rule: that instant is looked at, and
 * the next.  What has not turned after so many is taken to stay: any date would
 * be a wrong one.
 */
static TimestampTz
when_rule_turns(const Explained *explained, int rule)
{
	const RuleProgram *program = explained->program;
	RuleVerdict verdict = explained->verdict;
	TimestampTz clock = explained->clock;

	for (int i = 0; i < MOST_TURNS; i++)
	{
		TimestampTz horizon,
					others;

		CHECK_FOR_INTERRUPTS();
		(void) rule_evaluate_list(program, &program->rules[rule].condition, clock, explained->facts, &verdict, &horizon);
		others = rule_rules_horizon(program, program->rules[rule].rules, clock, explained->facts, &verdict);
		clock = Min(horizon, others);
		if (TIMESTAMP_IS_NOEND(clock))
			break;
		rule_evaluate(program, clock, explained->facts, &verdict);
		if (((verdict.fail ^ explained->verdict.fail) | (verdict.unknown ^ explained->verdict.unknown)) >> rule & 1)
			return clock;
	}
	return DT_NOEND;
}

/* What a scalar is called in a text. */
static void
phrase_value(StringInfo buffer, const char *language, RuleType type, const RuleResult *result, pg_tz *tz)
{
	StringInfoData json;

	if (result->unknown || result->absent)
		rule_phrase_unknown(buffer, language);
	else if (type == RULE_BOOLEAN)
		rule_phrase_boolean(buffer, language, result->truth == RULE_TRUE);
	else if (rule_is_whole(type))
		rule_phrase_whole(buffer, language, type, result->value.number, tz);
	else if (type == RULE_TEXT)
		appendStringInfoString(buffer, TextDatumGetCString(result->value.datum));
	else
	{
		initStringInfo(&json);
		rule_render_result(&json, type, result);
		rule_phrase_decimal(buffer, language, json.data);
	}
}

/* A fact, by itself a result; the facts came from JSON, so they are wide. */
static void
fact_result(const Explained *explained, int fact, RuleResult *result)
{
	RuleType	type = explained->program->facts[fact].type;
	Datum		datum = explained->facts[fact].value;

	memset(result, 0, sizeof(RuleResult));
	result->unknown = explained->facts[fact].isnull;
	if (result->unknown)
		return;
	result->value.datum = datum;
	if (type == RULE_BOOLEAN)
		result->truth = DatumGetBool(datum) ? RULE_TRUE : RULE_FALSE;
	else if (type == RULE_DATE)
		result->value.number = rule_date_to_number(datum);
	else if (rule_is_whole(type))
		result->value.number = DatumGetInt64(datum);
}

/* Elements of a list as they were given. */
static void
phrase_list(StringInfo buffer, const char *language, const JsonbValue *list)
{
	for (int i = 0; i < rule_json_length(list); i++)
	{
		const JsonbValue *element = rule_json_element(list, i);
		char	   *str = rule_json_string(element);

		appendStringInfoString(buffer, i > 0 ? ", " : "");
		if (element->type == jbvNull)
			rule_phrase_unknown(buffer, language);
		else
			appendStringInfoString(buffer, str ? str : rule_json_show(element));
	}
}

/* What a name in a text stands for; false if it stands for nothing. */
static bool
phrase_name(StringInfo buffer, const Explained *explained, const char *language, const char *name,
			TimestampTz flips_at)
{
	const RuleProgram *program = explained->program;
	pg_tz	   *tz = rule_find_zone(program->pool + program->stored->zone);
	RuleResult	result;

	if (strcmp(name, RULE_FLIPS_AT) == 0)
	{
		rule_phrase_whole(buffer, language, RULE_TIMESTAMPTZ, flips_at, tz);
		return true;
	}
	for (int i = 0; i < rule_fact_count(program); i++)
	{
		if (strcmp(rule_fact_name(program, i), name) != 0)
			continue;
		fact_result(explained, i, &result);
		if (program->facts[i].list && !result.unknown)
			phrase_list(buffer, language, getKeyJsonValueFromContainer(&explained->given->root, name, strlen(name), NULL));
		else
			phrase_value(buffer, language, program->facts[i].type, &result, tz);
		return true;
	}
	for (int i = 0; i < program->stored->definition_count; i++)
	{
		if (strcmp(program->pool + program->values[i].name, name) != 0)
			continue;
		phrase_value(buffer, language, program->values[i].type, &explained->definitions[i], tz);
		return true;
	}
	return false;
}

/* A parameter as it is written, a number in the language's way. */
static bool
phrase_param(StringInfo buffer, const char *language, Jsonb *json, const char *name)
{
	JsonbValue	root;
	JsonbValue *params;
	JsonbValue *param;
	char	   *str;

	root.type = jbvBinary;
	root.val.binary.data = &json->root;
	params = rule_json_member(&root, "params");
	param = params ? rule_json_member(params, name) : NULL;
	if (param == NULL)
		return false;
	str = rule_json_string(param);

	if (param->type == jbvNumeric)
		rule_phrase_decimal(buffer, language, rule_json_show(param));
	else if (rule_json_is_array(param))
		phrase_list(buffer, language, param);
	else
		appendStringInfoString(buffer, str ? str : rule_json_show(param));
	return true;
}

/* A rule's text with its placeholders filled in. */
static Datum
phrase_text(const Explained *explained, Jsonb *json, const JsonbValue *rule, const char *key,
			const char *language, TimestampTz flips_at, bool *isnull)
{
	const char *str = text_in_language(rule, key, &language);
	StringInfoData buffer;
	char	   *name;

	*isnull = (str == NULL);
	if (*isnull)
		return (Datum) 0;
	initStringInfo(&buffer);
	while ((name = rule_next_placeholder(&str, &buffer)) != NULL)
	{
		if (!phrase_name(&buffer, explained, language, name, flips_at) &&
			!phrase_param(&buffer, language, json, name))
			appendStringInfo(&buffer, "{%s}", name);
	}
	return CStringGetTextDatum(buffer.data);
}

/* The facts that a rule reads, as they were given, and what its definitions came to. */
static Datum
facts_used(const Explained *explained, int rule)
{
	const RuleProgram *program = explained->program;
	StringInfoData json;
	Datum		result;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	for (int i = 0; i < rule_fact_count(program); i++)
	{
		const char *name = rule_fact_name(program, i);

		if (!rule_reads(program, rule, i))
			continue;
		append_key(&json, name);
		append_given(&json, getKeyJsonValueFromContainer(&explained->given->root, name, strlen(name), NULL));
	}
	for (int i = 0; i < program->stored->definition_count; i++)
	{
		if ((program->rules[rule].definitions >> i & 1) == 0)
			continue;
		append_key(&json, program->pool + program->values[i].name);
		rule_render_result(&json, program->values[i].type, &explained->definitions[i]);
	}
	appendStringInfoChar(&json, '}');
	(void) civic_jsonb_in(json.data, NULL, &result);
	return result;
}

PG_FUNCTION_INFO_V1(rule_ruleset_outputs);

/* (ordinal, name, type, choices) */
Datum
rule_ruleset_outputs(PG_FUNCTION_ARGS)
{
	const Ruleset *ruleset = PG_GETARG_RULESET_P(0);
	const RuleProgram *program = rule_open(ruleset);
	Jsonb	   *json = rule_json(ruleset);

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < program->stored->output_count; i++)
	{
		const RuleValueSlot *slot = &program->values[program->stored->definition_count + i];
		JsonbValue *listed = rule_json_member(section_element(json, "outputs", i), "values");
		int			count = listed ? rule_json_length(listed) : 0;
		Datum	   *choices = palloc(sizeof(Datum) * (count + 1));
		Datum		values[4];
		bool		nulls[4] = {false};

		for (int choice = 0; choice < count; choice++)
			choices[choice] = CStringGetTextDatum(rule_json_string(rule_json_element(listed, choice)));
		values[0] = Int32GetDatum(i + 1);
		values[1] = CStringGetTextDatum(program->pool + slot->name);
		values[2] = CStringGetTextDatum(rule_type_name(slot->type));
		values[3] = text_array(choices, count);
		nulls[3] = (listed == NULL);
		put_row(fcinfo, values, nulls);
	}
	return (Datum) 0;
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
	Explained	explained;

	explain_decision(&explained, program, clock, given);
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < rule_rule_count(program); i++)
	{
		JsonbValue *rule = section_element(json, "rules", i);
		bool		failed = (explained.verdict.fail >> i) & 1;
		bool		unknown = (explained.verdict.unknown >> i) & 1;
		TimestampTz flips_at = when_rule_turns(&explained, i);
		Datum		values[8];
		bool		nulls[8] = {false};

		values[0] = CStringGetTextDatum(rule_rule_id(program, i));
		put_group(program, i, &values[1], &nulls[1]);
		values[2] = severity_of_rule(program, i);
		values[3] = CStringGetTextDatum(failed ? "failed" : unknown ? "unknown" : "passed");
		nulls[4] = nulls[5] = true;
		if (failed || unknown)
		{
			values[4] = phrase_text(&explained, json, rule, "reason", language, flips_at, &nulls[4]);
			values[5] = phrase_text(&explained, json, rule, "action", language, flips_at, &nulls[5]);
		}
		values[6] = facts_used(&explained, i);
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

/* Is the output what a test says, a value of its type or null? */
static bool
is_expected(const JsonbValue *expected, RuleType type, const RuleResult *output)
{
	Datum		value;

	if (expected->type == jbvNull || output->absent || output->unknown)
		return expected->type == jbvNull && (output->absent || output->unknown);
	(void) rule_datum_from_json(expected, type, &value);
	switch (type)
	{
		case RULE_BOOLEAN:
			return DatumGetBool(value) == (output->truth == RULE_TRUE);
		case RULE_DATE:
			return rule_date_to_number(value) == output->value.number;
		case RULE_NUMERIC:
			return DatumGetBool(DirectFunctionCall2(numeric_eq, value, output->value.datum));
		case RULE_TEXT:
			return DatumGetBool(DirectFunctionCall2Coll(texteq, C_COLLATION_OID, value, output->value.datum));
		default:
			return DatumGetInt64(value) == output->value.number;
	}
}

static void
compare_outputs(StringInfo differences, const RuleProgram *program, const RuleSourceTest *test,
				const NullableDatum *facts, const RuleVerdict *verdict)
{
	for (int i = 0; test->outputs != NULL && i < program->stored->output_count; i++)
	{
		const RuleValueSlot *slot = &program->values[program->stored->definition_count + i];
		JsonbValue *expected = rule_json_member(test->outputs, program->pool + slot->name);
		StringInfoData got;
		RuleResult	output;

		if (expected == NULL)
			continue;
		rule_evaluate_slot(program, slot, test->clock, facts, verdict, &output);
		if (is_expected(expected, slot->type, &output))
			continue;
		initStringInfo(&got);
		rule_render_result(&got, slot->type, &output);
		appendStringInfo(differences, "%soutput %s is %s, not %s", differences->len > 0 ? "; " : "",
						 program->pool + slot->name, got.data, rule_json_show(expected));
	}
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
	compare_outputs(&differences, program, test, facts, &verdict);
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
