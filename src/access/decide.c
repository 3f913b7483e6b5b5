/*-------------------------------------------------------------------------
 *
 * decide.c
 *	  Access codes decided by rulesets, and what else may change one: an
 *	  override, and time running out.
 *
 * A ruleset for access codes has the kind "access_code" and colours for
 * outcomes.  Its rules of the groups work, health and residency decide the
 * parts; rules of other groups count for the colour alone.
 *
 * src/access/decide.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "catalog/pg_type.h"
#include "port/pg_bitutils.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/access.h"
#include "rule/verdict.h"

/* What a call site keeps of a ruleset. */
typedef struct AccessRuleset
{
	uint64		blocking;
	uint64		parts[ACCESS_PARTS];	/* rules of each part */
	uint8		colours[RULE_MAX_OUTCOMES]; /* of the outcomes */
} AccessRuleset;

static AccessColour
outcome_colour(const RuleProgram *program, int outcome)
{
	const char *name = rule_outcome_name(program, outcome);
	int			colour = access_find_colour(name, strlen(name));

	if (colour < ACCESS_GREEN)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("ruleset \"%s\" does not decide a colour", rule_program_name(program)),
				 errdetail("Its outcome \"%s\" is none.", name),
				 errhint("The outcomes of such a ruleset are green, yellow, red and grey.")));
	return colour;
}

static AccessRuleset *
read_ruleset(const RuleProgram *program, MemoryContext context)
{
	AccessRuleset *ruleset = MemoryContextAllocZero(context, sizeof(AccessRuleset));

	if (strcmp(rule_program_kind(program), ACCESS_KIND) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("ruleset \"%s\" does not decide an access code", rule_program_name(program)),
				 errdetail("Its kind is \"%s\".", rule_program_kind(program)),
				 errhint("The kind of such a ruleset is \"%s\".", ACCESS_KIND)));
	for (int i = 0; i < rule_outcome_count(program); i++)
		ruleset->colours[i] = outcome_colour(program, i);
	for (int part = 0; part < ACCESS_PARTS; part++)
		ruleset->parts[part] = rule_group_mask(program, access_part_names[part]);
	ruleset->blocking = rule_blocking_mask(program);
	return ruleset;
}

static const AccessRuleset *
get_ruleset(RuleCall *call)
{
	if (unlikely(call->room == NULL))
		call->room = read_ruleset(call->program, call->context);
	return call->room;
}

/*
 * The colour of a part: red when a rule that blocks failed, grey when one is
 * not decided, yellow when only warnings stand.  A warning that is not decided
 * matters only where it keeps the code itself from being known.
 */
static AccessColour
part_colour(const AccessRuleset *ruleset, const RuleVerdict *verdict,
			AccessColour colour, AccessPart part)
{
	uint64		rules = ruleset->parts[part];
	uint64		unknown = verdict->unknown & rules;

	if (rules == 0)
		return ACCESS_NONE;
	if (verdict->fail & rules & ruleset->blocking)
		return ACCESS_RED;
	if (unknown != 0 && (colour == ACCESS_GREY || (unknown & ruleset->blocking)))
		return ACCESS_GREY;
	return (verdict->fail & rules) ? ACCESS_YELLOW : ACCESS_GREEN;
}

static AccessCode *
make_code(const AccessRuleset *ruleset, const RuleVerdict *verdict, int32 version)
{
	AccessCode *code = palloc(sizeof(AccessCode));

	if (unlikely(version < 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the number of a ruleset's version must not be negative"),
				 errdetail("It is %d.", version),
				 errhint("Number versions from 0.")));
	code->valid_until = verdict->valid_until;
	code->fail = verdict->fail;
	code->unknown = verdict->unknown;
	code->version = version;
	code->colour = verdict->outcome == RULE_OUTCOME_UNKNOWN ? ACCESS_GREY
		: ruleset->colours[verdict->outcome];
	code->flags = 0;
	code->parts = 0;
	for (int part = 0; part < ACCESS_PARTS; part++)
		code->parts |= ACCESS_PART_OF(part_colour(ruleset, verdict, code->colour, part), part);
	Assert(code->colour >= ACCESS_GREEN && code->colour <= ACCESS_LAST);
	Assert((code->fail & code->unknown) == 0);
	return code;
}

PG_FUNCTION_INFO_V1(access_decide);

/* access(ruleset, version, clock, VARIADIC facts) */
Datum
access_decide(PG_FUNCTION_ARGS)
{
	RuleCall   *call;
	RuleVerdict verdict;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	call = rule_call(fcinfo, 0, 3);
	rule_evaluate(call->program, PG_GETARG_TIMESTAMPTZ(2), &fcinfo->args[3], &verdict);
	PG_RETURN_ACCESS_CODE_P(make_code(get_ruleset(call), &verdict, PG_GETARG_INT32(1)));
}

PG_FUNCTION_INFO_V1(access_decide_json);

/* access_json(ruleset, version, clock, jsonb); strict */
Datum
access_decide_json(PG_FUNCTION_ARGS)
{
	NullableDatum facts[RULE_MAX_FACTS];
	RuleCall   *call = rule_call_json(fcinfo, 0);
	RuleVerdict verdict;

	rule_facts_from_jsonb(call->program, PG_GETARG_JSONB_P(3), facts);
	rule_evaluate(call->program, PG_GETARG_TIMESTAMPTZ(2), facts, &verdict);
	PG_RETURN_ACCESS_CODE_P(make_code(get_ruleset(call), &verdict, PG_GETARG_INT32(1)));
}

PG_FUNCTION_INFO_V1(access_from_verdict);

/* access_code(ruleset, version, verdict): nothing is evaluated again; strict */
Datum
access_from_verdict(PG_FUNCTION_ARGS)
{
	RuleCall   *call = rule_call_json(fcinfo, 0);
	const Verdict *given = PG_GETARG_VERDICT_P(2);
	RuleVerdict verdict;

	rule_check_verdict(call->program, given);
	verdict.fail = given->fail;
	verdict.unknown = given->unknown;
	verdict.possible = given->possible;
	verdict.valid_until = given->valid_until;
	verdict.outcome = pg_popcount64(given->possible) == 1 ?
		pg_rightmost_one_pos64(given->possible) : RULE_OUTCOME_UNKNOWN;
	if (given->possible >> (rule_outcome_count(call->program) - 1) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the verdict names outcomes that the ruleset does not have"),
				 errhint("Pass what evaluate() gave.")));
	PG_RETURN_ACCESS_CODE_P(make_code(get_ruleset(call), &verdict, PG_GETARG_INT32(1)));
}

/* ---- what else changes a code ---- */

static AccessCode *
copy_code(const AccessCode *code)
{
	AccessCode *copy = palloc(sizeof(AccessCode));

	*copy = *code;
	return copy;
}

PG_FUNCTION_INFO_V1(access_override);

/* override(code, colour, until): parts and masks keep what the ruleset says */
Datum
access_override(PG_FUNCTION_ARGS)
{
	AccessCode *code = copy_code(PG_GETARG_ACCESS_CODE_P(0));
	text	   *name = PG_GETARG_TEXT_PP(1);
	TimestampTz until = PG_GETARG_TIMESTAMPTZ(2);
	int			colour = access_find_colour(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));

	if (colour < ACCESS_GREEN)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" is no colour of an access code", text_to_cstring(name)),
				 errhint("The colours are green, yellow, red and grey.")));
	if (TIMESTAMP_NOT_FINITE(until))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("an override must expire"),
				 errhint("Give the instant at which it ends.")));
	code->colour = colour;
	code->flags = ACCESS_OVERRIDE;
	code->valid_until = Min(code->valid_until, until);
	PG_RETURN_ACCESS_CODE_P(code);
}

PG_FUNCTION_INFO_V1(access_lapse);

/* lapse(code): nobody decided anew; only a new decision ends it */
Datum
access_lapse(PG_FUNCTION_ARGS)
{
	AccessCode *code = copy_code(PG_GETARG_ACCESS_CODE_P(0));

	code->colour = ACCESS_GREY;
	code->flags = ACCESS_LAPSED;
	code->valid_until = DT_NOEND;
	PG_RETURN_ACCESS_CODE_P(code);
}

/* ---- why ---- */

/* The id of a rule that a code names. */
static const char *
rule_name(const RuleProgram *program, int rule)
{
	if (rule >= rule_rule_count(program))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the code was given by another ruleset"),
				 errdetail("Ruleset \"%s\" has no rule number %d.",
						   rule_program_name(program), rule),
				 errhint("ruleset_version() of the code says which.")));
	return rule_rule_id(program, rule);
}

static Datum
names_of_rules(FunctionCallInfo fcinfo, uint64 mask)
{
	const RuleProgram *program = rule_call_json(fcinfo, 0)->program;
	Datum		names[RULE_MAX_RULES];
	int			count = 0;

	for (; mask != 0; mask &= mask - 1)
		names[count++] = CStringGetTextDatum(rule_name(program, pg_rightmost_one_pos64(mask)));
	PG_RETURN_ARRAYTYPE_P(construct_array(names, count, TEXTOID, -1, false, TYPALIGN_INT));
}

PG_FUNCTION_INFO_V1(access_reasons);

Datum
access_reasons(PG_FUNCTION_ARGS)
{
	return names_of_rules(fcinfo, PG_GETARG_ACCESS_CODE_P(1)->fail);
}

PG_FUNCTION_INFO_V1(access_unknown_reasons);

Datum
access_unknown_reasons(PG_FUNCTION_ARGS)
{
	return names_of_rules(fcinfo, PG_GETARG_ACCESS_CODE_P(1)->unknown);
}

PG_FUNCTION_INFO_V1(access_main_reason);

/*
 * One reason for each code, so that counts by reason add up: the first rule
 * that blocks and failed, else that is not decided, else that warns.  A code
 * that cannot be determined has its reason in what is not decided, if in any.
 */
Datum
access_main_reason(PG_FUNCTION_ARGS)
{
	RuleCall   *call = rule_call_json(fcinfo, 0);
	const AccessRuleset *ruleset = get_ruleset(call);
	const AccessCode *code = PG_GETARG_ACCESS_CODE_P(1);
	uint64		failed = code->fail & ruleset->blocking;
	uint64		unknown = code->unknown & ruleset->blocking;
	uint64		rules = code->colour == ACCESS_GREY && unknown ? unknown : failed;

	if (rules == 0)
		rules = unknown;
	if (rules == 0)
		rules = code->fail | code->unknown;
	if (rules == 0)
		PG_RETURN_NULL();
	return CStringGetTextDatum(rule_name(call->program, pg_rightmost_one_pos64(rules)));
}
