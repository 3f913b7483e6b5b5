/*-------------------------------------------------------------------------
 *
 * rule.h
 *	  What other rooms use of a ruleset: get it at a call site, evaluate it,
 *	  name what came out.
 *
 * A SQL-callable function that takes (ruleset, ..., VARIADIC "any" facts)
 * does this:
 *
 *		RuleCall   *call = rule_call(fcinfo, 0, 1);
 *		RuleVerdict verdict;
 *
 *		if (call->room == NULL)
 *			call->room = ...;		(what the room derives from the ruleset once)
 *		rule_evaluate(call->program, clock, &fcinfo->args[1], &verdict);
 *
 * Such a function must not be STRICT (facts may be NULL) and must itself
 * return NULL when the ruleset argument is NULL, before calling rule_call().
 *
 * src/rule/rule.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_RULE_H
#define CIVIC_RULE_RULE_H

#include "compat.h"

#include "datatype/timestamp.h"
#include "utils/jsonb.h"

/* Limits; all are checked when a ruleset is made. */
#define RULE_MAX_FACTS		98	/* two arguments less than FUNC_MAX_ARGS */
#define RULE_MAX_RULES		64	/* bits of a mask */
#define RULE_MAX_OUTCOMES	64	/* distinct outcome names: bits of a mask */
#define RULE_MAX_NAME		63	/* bytes of a fact, rule, group or parameter */
#define RULE_MAX_OUTCOME_NAME	23	/* bytes of an outcome's name */

/* A ruleset ready to be evaluated; opaque outside src/rule. */
typedef struct RuleProgram RuleProgram;

/* RuleVerdict.outcome when the known facts leave several outcomes possible. */
#define RULE_OUTCOME_UNKNOWN	(-1)

/*
 * What one evaluation gives.
 *
 * "possible" holds the outcomes that remain when facts are unknown (bit i is
 * the outcome rule_outcome_name(program, i)).  The conditions of the outcomes
 * are tried in order, three-valued: a true one is possible and ends the walk,
 * an unknown one is possible and the walk goes on, a false one is not
 * possible.  "outcome" is set when exactly one name is possible.
 *
 * So a ladder takes the lowest and the highest level among the possible
 * names.  The set never lacks an outcome that some completion of the unknown
 * facts gives.  It can hold one too many only when conditions contradict each
 * other over the same unknown fact (x or not x); first-match lists written in
 * the usual way, as JMP's, give exactly the completions, which the truth
 * tables in the tests prove row by row.
 */
typedef struct RuleVerdict
{
	uint64		fail;			/* rules that failed, bit i = rule i */
	uint64		unknown;		/* rules that could not be decided */
	uint64		possible;		/* outcomes the known facts allow */
	TimestampTz valid_until;	/* first instant at which time alone may
								 * change any of the above; DT_NOEND: never */
	int			outcome;		/* index of an outcome, or
								 * RULE_OUTCOME_UNKNOWN */
} RuleVerdict;

/* A call site: the program of the ruleset it was last called with. */
typedef struct RuleCall
{
	const RuleProgram *program;
	void	   *room;			/* the caller's own; NULL again whenever the
								 * program is another one */
	MemoryContext context;		/* lives as long as the program does: allocate
								 * "room" in it */
} RuleCall;

/*
 * The prepared program for argument "ruleset_arg", whose facts are the
 * arguments from "first_fact" on.  Kept in fn_extra, which therefore belongs
 * to this function.  Raises unless the number and the types of the facts are
 * the declared ones, and when the VARIADIC keyword was used.
 */
extern RuleCall *rule_call(FunctionCallInfo fcinfo, int ruleset_arg, int first_fact);

/* The same for functions that take their facts as jsonb: no facts to check. */
extern RuleCall *rule_call_json(FunctionCallInfo fcinfo, int ruleset_arg);

/* Evaluate; never raises for a fact's value. facts[i] is fact i. */
extern void rule_evaluate(const RuleProgram *program, TimestampTz clock,
						  const NullableDatum *facts, RuleVerdict *verdict);

/*
 * Read facts from a JSON object: keys that are no facts are left alone, a
 * missing key and a JSON null are NULL; raises on a value of another type.
 */
extern void rule_facts_from_jsonb(const RuleProgram *program, Jsonb *json,
								  NullableDatum *facts);

/*
 * What a program says about itself; strings are NUL-terminated and its own.
 * The kind is the ruleset's "kind": what its outcomes are to the room that
 * uses them, such as the ladder whose levels they are; "" if none.
 */
extern const char *rule_program_name(const RuleProgram *program);
extern const char *rule_program_kind(const RuleProgram *program);
extern int	rule_fact_count(const RuleProgram *program);
extern const char *rule_fact_name(const RuleProgram *program, int fact);
extern int	rule_rule_count(const RuleProgram *program);
extern const char *rule_rule_id(const RuleProgram *program, int rule);
extern const char *rule_rule_group(const RuleProgram *program, int rule);	/* "" if none */
extern uint64 rule_group_mask(const RuleProgram *program, const char *group);	/* 0 if none */
extern uint64 rule_blocking_mask(const RuleProgram *program);	/* severity block */
extern int	rule_outcome_count(const RuleProgram *program);
extern const char *rule_outcome_name(const RuleProgram *program, int outcome);
extern bool rule_uses_clock(const RuleProgram *program);
extern const uint8 *rule_sha256(const RuleProgram *program);	/* 32 bytes */

#endif							/* CIVIC_RULE_RULE_H */
