/*-------------------------------------------------------------------------
 *
 * ruleset.c
 *	  The type civic.ruleset: input, output, comparison, and the functions
 *	  that evaluate one.
 *
 * Its text is that of jsonb, which orders keys and drops white space, so it
 * is canonical; its binary form is a version byte and that text.
 *
 * src/rule/ruleset.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "comparison.h"
#include "compat.h"

#include "common/hashfn.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "call.h"
#include "compile.h"
#include "verdict.h"

/* The binary form is a text and has versions of its own. */
static const WireType ruleset_text_wire = {"ruleset", 1, 0};

PG_FUNCTION_INFO_V1(ruleset_in);

Datum
ruleset_in(PG_FUNCTION_ARGS)
{
	Ruleset    *result = rule_compile(PG_GETARG_CSTRING(0), fcinfo->context);

	if (result == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(result);
}

static char *
canonical_text(const Ruleset *ruleset)
{
	return pnstrdup((const char *) ruleset + ruleset->text, ruleset->text_length);
}

PG_FUNCTION_INFO_V1(ruleset_out);

Datum
ruleset_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(canonical_text(PG_GETARG_RULESET_P(0)));
}

PG_FUNCTION_INFO_V1(ruleset_recv);

Datum
ruleset_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buffer = (StringInfo) PG_GETARG_POINTER(0);
	char	   *str;
	int			length;

	wire_receive(buffer, &ruleset_text_wire);
	str = pq_getmsgtext(buffer, buffer->len - buffer->cursor, &length);

	PG_RETURN_POINTER(rule_compile(str, NULL));
}

PG_FUNCTION_INFO_V1(ruleset_send);

Datum
ruleset_send(PG_FUNCTION_ARGS)
{
	Ruleset    *ruleset = PG_GETARG_RULESET_P(0);
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	wire_send(&buffer, &ruleset_text_wire);
	pq_sendtext(&buffer, (char *) ruleset + ruleset->text, ruleset->text_length);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

PG_FUNCTION_INFO_V1(ruleset_sha256);

Datum
ruleset_sha256(PG_FUNCTION_ARGS)
{
	Ruleset    *ruleset = PG_GETARG_RULESET_P(0);
	bytea	   *result = palloc(VARHDRSZ + RULE_SHA256_LENGTH);

	SET_VARSIZE(result, VARHDRSZ + RULE_SHA256_LENGTH);
	memcpy(VARDATA(result), ruleset->sha256, RULE_SHA256_LENGTH);
	PG_RETURN_BYTEA_P(result);
}

/* Rulesets are ordered by the bytes of their text. */
static int
compare_rulesets(FunctionCallInfo fcinfo)
{
	Ruleset    *a = PG_GETARG_RULESET_P(0);
	Ruleset    *b = PG_GETARG_RULESET_P(1);
	int			order = memcmp((char *) a + a->text, (char *) b + b->text,
							   Min(a->text_length, b->text_length));

	if (order == 0)
		order = (a->text_length > b->text_length) - (a->text_length < b->text_length);
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return order;
}

CIVIC_COMPARISONS(ruleset, compare_rulesets);

/* Equal texts have equal digests, and no others have. */
PG_FUNCTION_INFO_V1(ruleset_hash);

Datum
ruleset_hash(PG_FUNCTION_ARGS)
{
	Ruleset    *ruleset = PG_GETARG_RULESET_P(0);

	return hash_any(ruleset->sha256, RULE_SHA256_LENGTH);
}

PG_FUNCTION_INFO_V1(ruleset_hash_extended);

Datum
ruleset_hash_extended(PG_FUNCTION_ARGS)
{
	Ruleset    *ruleset = PG_GETARG_RULESET_P(0);

	return hash_any_extended(ruleset->sha256, RULE_SHA256_LENGTH, PG_GETARG_INT64(1));
}

PG_FUNCTION_INFO_V1(rule_evaluate_facts);

/* evaluate(ruleset, clock, VARIADIC facts) */
Datum
rule_evaluate_facts(PG_FUNCTION_ARGS)
{
	RuleCall   *call;
	RuleVerdict verdict;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	call = rule_call(fcinfo, 0, 2);
	rule_evaluate(call->program, PG_GETARG_TIMESTAMPTZ(1), &fcinfo->args[2], &verdict);
	PG_RETURN_VERDICT_P(rule_verdict_value(call->program, &verdict));
}

PG_FUNCTION_INFO_V1(rule_evaluate_json);

/* evaluate_json(ruleset, clock, jsonb) */
Datum
rule_evaluate_json(PG_FUNCTION_ARGS)
{
	NullableDatum facts[RULE_MAX_FACTS];
	RuleCall   *call = rule_call_json(fcinfo, 0);
	RuleVerdict verdict;

	rule_facts_from_jsonb(call->program, PG_GETARG_JSONB_P(2), facts);
	rule_evaluate(call->program, PG_GETARG_TIMESTAMPTZ(1), facts, &verdict);
	PG_RETURN_VERDICT_P(rule_verdict_value(call->program, &verdict));
}
