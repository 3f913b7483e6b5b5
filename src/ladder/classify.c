/*-------------------------------------------------------------------------
 *
 * classify.c
 *	  Service levels decided by rulesets, and the criteria that stand between
 *	  a household or facility and a level.
 *
 * A ladder's ruleset names the ladder as its kind, has levels for outcomes and,
 * as the group of each rule, the level that the rule is a criterion of, or
 * "answers".
 *
 * src/ladder/classify.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "catalog/pg_type.h"
#include "port/pg_bitutils.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "ladder/ladder.h"
#include "ladder/memo.h"
#include "rule/rule.h"

/*
 * The group of rules that say which answers are valid.  Where one fails the
 * answer is a mistake, and no level is decided: otherwise a code that is
 * misspelt would count as a poor service.
 */
#define ANSWERS_GROUP "answers"

/* A memo is made only for a call site that goes on to classify. */
#define CALLS_BEFORE_MEMO 64

/* What a call site keeps of a ruleset. */
typedef struct LadderRuleset
{
	MemoryContext context;		/* lives as long as the ruleset at the site */
	int			calls;			/* counted up to CALLS_BEFORE_MEMO */
	LadderMemo *memo;
	int			ladder;
	uint64		answers;		/* rules of that group */
	uint8		rungs[RULE_MAX_OUTCOMES];	/* of the outcomes */
	uint64		criteria[LADDER_MAX_RUNGS]; /* rules that a rung asks for,
											 * those of lower rungs with them */
} LadderRuleset;

static int
find_ladder(const RuleProgram *program)
{
	const char *kind = rule_program_kind(program);
	int			ladder = ladder_find(kind, strlen(kind));

	if (ladder == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("this ruleset does not decide a service level"),
				 errdetail("Its kind is \"%s\".", kind),
				 errhint("The kind of such a ruleset is one of the ladders: %s.",
						 ladder_names())));
	if (rule_uses_clock(program))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a service level cannot depend on the clock"),
				 errdetail("The ruleset reads the time of evaluation."),
				 errhint("Make the time a fact, for instance the date of the visit.")));
	return ladder;
}

static int
find_rung(const Ladder *ladder, const char *what, const char *name)
{
	int			rung = ladder_find_rung(ladder, name, strlen(name));

	if (rung < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("this ruleset does not fit its ladder"),
				 errdetail("The %s \"%s\" is no level of \"%s\".",
						   what, name, ladder->name),
				 errhint("The levels of \"%s\" from the lowest are: %s.  A rule may also have the group \"%s\".",
						 ladder->name, ladder_rung_names(ladder),
						 ANSWERS_GROUP)));
	return rung;
}

static LadderRuleset *
read_ruleset(const RuleProgram *program, MemoryContext context)
{
	LadderRuleset *result = MemoryContextAllocZero(context, sizeof(LadderRuleset));
	const Ladder *ladder;

	result->context = context;
	result->ladder = find_ladder(program);
	ladder = ladder_get(result->ladder);
	for (int i = 0; i < rule_outcome_count(program); i++)
		result->rungs[i] = find_rung(ladder, "outcome",
									 rule_outcome_name(program, i));
	result->answers = rule_group_mask(program, ANSWERS_GROUP);
	for (int i = 0; i < rule_rule_count(program); i++)
	{
		uint64		bit = UINT64CONST(1) << i;

		if (result->answers & bit)
			continue;
		for (int rung = find_rung(ladder, "group", rule_rule_group(program, i));
			 rung < ladder->nrungs; rung++)
			result->criteria[rung] |= bit;
	}
	return result;
}

/* The facts that were given, for a message. */
static char *
show_facts(FunctionCallInfo fcinfo, int first_fact, const RuleProgram *program)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < rule_fact_count(program); i++)
	{
		Oid			output;
		bool		is_varlena;

		if (PG_ARGISNULL(first_fact + i))
			continue;
		getTypeOutputInfo(get_fn_expr_argtype(fcinfo->flinfo, first_fact + i),
						  &output, &is_varlena);
		appendStringInfo(&buf, "%s%s = \"%s\"", buf.len > 0 ? ", " : "",
						 rule_fact_name(program, i),
						 OidOutputFunctionCall(output,
											   PG_GETARG_DATUM(first_fact + i)));
	}
	return buf.data;
}

static void
refuse_answers(FunctionCallInfo fcinfo, int first_fact, bool json,
			   const RuleProgram *program, uint64 failed)
{
	char	   *facts;

	if (json)
	{
		Jsonb	   *given = PG_GETARG_JSONB_P(first_fact);

		facts = JsonbToCString(NULL, &given->root, VARSIZE(given));
	}
	else
		facts = show_facts(fcinfo, first_fact, program);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("an answer is not one that ruleset \"%s\" knows",
					rule_program_name(program)),
			 errdetail("Rule \"%s\" fails for: %s.",
					   rule_rule_id(program, pg_rightmost_one_pos64(failed)),
					   facts),
			 errhint("Map the labels of the form to the codes of the ruleset; an answer that is not known is NULL.")));
}

/* The call site and what it keeps of the ruleset. */
static LadderRuleset *
get_ruleset(FunctionCallInfo fcinfo, int first_fact, bool json,
			const RuleProgram **program)
{
	RuleCall   *call = json ? rule_call_json(fcinfo, 0)
	: rule_call(fcinfo, 0, first_fact);

	if (call->room == NULL)
		call->room = read_ruleset(call->program, call->context);
	*program = call->program;
	return call->room;
}

/* Evaluate the facts from the argument first_fact on, or those of a jsonb. */
static void
evaluate(FunctionCallInfo fcinfo, int first_fact, bool json,
		 const LadderRuleset *ruleset, const RuleProgram *program,
		 RuleVerdict *verdict)
{
	NullableDatum facts[RULE_MAX_FACTS];

	if (json)
		rule_facts_from_jsonb(program, PG_GETARG_JSONB_P(first_fact), facts);
	rule_evaluate(program, 0, json ? facts : &fcinfo->args[first_fact],
				  verdict);
	if (unlikely(verdict->fail & ruleset->answers))
		refuse_answers(fcinfo, first_fact, json, program,
					   verdict->fail & ruleset->answers);
}

/* The level, or the lowest and the highest of the possible ones. */
static ServiceLevel
possible_level(const LadderRuleset *ruleset, const RuleVerdict *verdict)
{
	int			lowest = LADDER_MAX_RUNGS;
	int			highest = 0;

	for (uint64 left = verdict->possible; left != 0; left &= left - 1)
	{
		int			rung = ruleset->rungs[pg_rightmost_one_pos64(left)];

		lowest = Min(lowest, rung);
		highest = Max(highest, rung);
	}
	return SERVICE_LEVEL(ruleset->ladder, lowest, highest);
}

/* What the call site remembers of answers; NULL if nothing. */
static inline LadderMemo *
get_memo(FunctionCallInfo fcinfo, LadderRuleset *ruleset, int nfacts)
{
	if (ruleset->calls < CALLS_BEFORE_MEMO &&
		++ruleset->calls == CALLS_BEFORE_MEMO)
		ruleset->memo = ladder_memo_create(ruleset->context, fcinfo->flinfo, 1,
										   nfacts);
	return ruleset->memo;
}

static Datum
classify(FunctionCallInfo fcinfo, bool json)
{
	const RuleProgram *program;
	LadderRuleset *ruleset = get_ruleset(fcinfo, 1, json, &program);
	LadderMemo *memo = json ? NULL
	: get_memo(fcinfo, ruleset, rule_fact_count(program));
	MemoSlot	scratch;
	MemoSlot   *slot = ladder_memo_find(memo, &fcinfo->args[1], &scratch);

	if (slot->level == 0)
	{
		RuleVerdict verdict;

		evaluate(fcinfo, 1, json, ruleset, program, &verdict);
		slot->level = possible_level(ruleset, &verdict);
	}
	PG_RETURN_SERVICE_LEVEL(slot->level);
}

/* The ids of rules among the target's criteria that failed, or are unknown. */
static Datum
criteria(FunctionCallInfo fcinfo, bool json, bool unanswered)
{
	text	   *target = PG_GETARG_TEXT_PP(1);
	const RuleProgram *program;
	const LadderRuleset *ruleset = get_ruleset(fcinfo, 2, json, &program);
	RuleVerdict verdict;
	uint64		mask;
	Datum		ids[RULE_MAX_RULES];
	int			nids = 0;

	evaluate(fcinfo, 2, json, ruleset, program, &verdict);
	mask = unanswered ? verdict.unknown : verdict.fail;
	mask &= ruleset->criteria[ladder_level_target(ruleset->ladder,
												  VARDATA_ANY(target),
												  VARSIZE_ANY_EXHDR(target))];
	for (; mask != 0; mask &= mask - 1)
		ids[nids++] = CStringGetTextDatum(rule_rule_id(program,
													   pg_rightmost_one_pos64(mask)));
	PG_RETURN_ARRAYTYPE_P(construct_array(ids, nids, TEXTOID, -1, false,
										  TYPALIGN_INT));
}

PG_FUNCTION_INFO_V1(ladder_classify);

Datum
ladder_classify(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return classify(fcinfo, false);
}

PG_FUNCTION_INFO_V1(ladder_classify_json);

/* Strict. */
Datum
ladder_classify_json(PG_FUNCTION_ARGS)
{
	return classify(fcinfo, true);
}

PG_FUNCTION_INFO_V1(ladder_missing_criteria);

Datum
ladder_missing_criteria(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	return criteria(fcinfo, false, false);
}

PG_FUNCTION_INFO_V1(ladder_missing_criteria_json);

/* Strict. */
Datum
ladder_missing_criteria_json(PG_FUNCTION_ARGS)
{
	return criteria(fcinfo, true, false);
}

PG_FUNCTION_INFO_V1(ladder_unanswered_criteria);

Datum
ladder_unanswered_criteria(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	return criteria(fcinfo, false, true);
}

PG_FUNCTION_INFO_V1(ladder_unanswered_criteria_json);

/* Strict. */
Datum
ladder_unanswered_criteria_json(PG_FUNCTION_ARGS)
{
	return criteria(fcinfo, true, true);
}
