/*-------------------------------------------------------------------------
 *
 * output.c
 *	  The outputs of a ruleset: what stands beside the outcome, each with the
 *	  instant until which it holds.
 *
 * As JSON: {"name": {"value": ..., "unknown": true, "valid_until": "..."}},
 * where "unknown" is there if it is so.
 *
 * src/rule/output.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lexer.h"

#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/json.h"
#include "utils/timestamp.h"

#include "call.h"
#include "fact.h"
#include "render.h"

static Jsonb *
outputs_json(const RuleProgram *program, TimestampTz clock, const NullableDatum *facts)
{
	StringInfoData json;
	RuleVerdict verdict;
	Datum		result;

	rule_evaluate(program, clock, facts, &verdict);
	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	for (int i = 0; i < program->stored->output_count; i++)
	{
		const RuleValueSlot *slot = &program->values[program->stored->definition_count + i];
		RuleResult	output;

		rule_evaluate_slot(program, slot, clock, facts, &verdict, &output);
		if (i > 0)
			appendStringInfoString(&json, ", ");
		escape_json(&json, program->pool + slot->name);
		appendStringInfoString(&json, ": {\"value\": ");
		rule_render_result(&json, slot->type, &output);
		if (output.unknown)
			appendStringInfoString(&json, ", \"unknown\": true");
		appendStringInfo(&json, ", \"valid_until\": \"%s\"}", rule_format_timestamptz(output.until));
	}
	appendStringInfoChar(&json, '}');
	(void) civic_jsonb_in(json.data, NULL, &result);
	return DatumGetJsonbP(result);
}

PG_FUNCTION_INFO_V1(rule_outputs);

/* outputs(ruleset, clock, VARIADIC facts) */
Datum
rule_outputs(PG_FUNCTION_ARGS)
{
	RuleCall   *call;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	call = rule_call(fcinfo, 0, 2);
	PG_RETURN_JSONB_P(outputs_json(call->program, PG_GETARG_TIMESTAMPTZ(1), &fcinfo->args[2]));
}

PG_FUNCTION_INFO_V1(rule_outputs_json);

/* outputs_json(ruleset, clock, jsonb) */
Datum
rule_outputs_json(PG_FUNCTION_ARGS)
{
	NullableDatum facts[RULE_MAX_FACTS];
	RuleCall   *call = rule_call_json(fcinfo, 0);

	rule_facts_from_jsonb(call->program, PG_GETARG_JSONB_P(2), facts);
	PG_RETURN_JSONB_P(outputs_json(call->program, PG_GETARG_TIMESTAMPTZ(1), facts));
}

/* ---- reading them ---- */

/* A member of the output of a name; NULL if there is no such output or it has none. */
static JsonbValue *
output_member(Jsonb *outputs, text *name, const char *key)
{
	JsonbValue *output;

	if (!JB_ROOT_IS_OBJECT(outputs))
		return NULL;
	output = getKeyJsonValueFromContainer(&outputs->root, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), NULL);
	if (output == NULL || output->type != jbvBinary || !JsonContainerIsObject(output->val.binary.data))
		return NULL;
	return getKeyJsonValueFromContainer(output->val.binary.data, key, strlen(key), NULL);
}

/* A date or an instant whose year has not four digits: "@" and a number. */
static bool
far_time(const JsonbValue *json, RuleType type, Datum *result)
{
	const char *str;
	int64		number;

	if (json->type != jbvString || json->val.string.len < 2 || *json->val.string.val != '@')
		return false;
	str = pnstrdup(json->val.string.val + 1, json->val.string.len - 1);
	if (!lexer_read_integer(&str, PG_INT64_MIN, PG_INT64_MAX, &number) || *str != '\0')
		return false;
	if (type == RULE_DATE && IS_VALID_DATE(number))
		*result = DateADTGetDatum((DateADT) number);
	else if (type == RULE_TIMESTAMPTZ && IS_VALID_TIMESTAMP(number))
		*result = TimestampTzGetDatum(number);
	else
		return false;
	return true;
}

/* The member as a value of the type; false if it is null or there is none. */
static bool
read_member(FunctionCallInfo fcinfo, const char *key, RuleType type, Datum *result)
{
	text	   *name = PG_GETARG_TEXT_PP(1);
	JsonbValue *member = output_member(PG_GETARG_JSONB_P(0), name, key);

	if (member == NULL || member->type == jbvNull)
		return false;
	if (!rule_datum_from_json(member, type, result) && !far_time(member, type, result))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("output \"%s\" is not of type %s", text_to_cstring(name), rule_type_name(type)),
				 errhint("ruleset_outputs() gives the type of each.")));
	return true;
}

#define OUTPUT_READER(function, key, type) \
PG_FUNCTION_INFO_V1(function); \
Datum \
function(PG_FUNCTION_ARGS) \
{ \
	Datum		result; \
\
	if (!read_member(fcinfo, key, type, &result)) \
		PG_RETURN_NULL(); \
	PG_RETURN_DATUM(result); \
} \
extern int	no_such_variable

OUTPUT_READER(rule_output_boolean, "value", RULE_BOOLEAN);
OUTPUT_READER(rule_output_text, "value", RULE_TEXT);
OUTPUT_READER(rule_output_date, "value", RULE_DATE);
OUTPUT_READER(rule_output_instant, "value", RULE_TIMESTAMPTZ);
OUTPUT_READER(rule_output_number, "value", RULE_NUMERIC);
OUTPUT_READER(rule_output_valid_until, "valid_until", RULE_TIMESTAMPTZ);
