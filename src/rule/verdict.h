/*-------------------------------------------------------------------------
 *
 * verdict.h
 *	  The type civic.verdict: what one evaluation gave, in 64 bytes.
 *
 * src/rule/verdict.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_VERDICT_H
#define CIVIC_RULE_VERDICT_H

#include "wire.h"

#include "rule.h"

#define VERDICT_RULESET_BYTES	8	/* of the ruleset's SHA-256 */

typedef struct Verdict
{
	TimestampTz valid_until;
	uint64		fail;
	uint64		unknown;
	uint64		possible;		/* one bit: the outcome is known */
	uint8		ruleset[VERDICT_RULESET_BYTES];
	char		outcome[RULE_MAX_OUTCOME_NAME + 1]; /* "" if unknown; its last
													 * byte is the layout's
													 * version less one */
} Verdict;

StaticAssertDecl(sizeof(Verdict) == 64, "the size that CREATE TYPE declares");

static const WireType verdict_wire = {"verdict", 1, 0};

static inline Verdict *
DatumGetVerdictP(Datum datum)
{
	Verdict    *verdict = (Verdict *) DatumGetPointer(datum);
	int			newer = (uint8) verdict->outcome[RULE_MAX_OUTCOME_NAME];

	if (unlikely(newer != 0))
		wire_refuse(&verdict_wire, newer + 1);
	return verdict;
}

#define PG_GETARG_VERDICT_P(n)	DatumGetVerdictP(PG_GETARG_DATUM(n))
#define PG_RETURN_VERDICT_P(x)	PG_RETURN_POINTER(x)

extern Verdict *rule_verdict_value(const RuleProgram *program, const RuleVerdict *verdict);

/* Raises unless the program is the one that gave the verdict. */
extern void rule_check_verdict(const RuleProgram *program, const Verdict *verdict);

#endif							/* CIVIC_RULE_VERDICT_H */
