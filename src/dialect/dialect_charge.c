/*-------------------------------------------------------------------------
 *
 * dialect_charge.c
 *	  What one evaluation of a rule may take: steps, bytes, and time until a
 *	  cancel request is seen.
 *
 * src/dialect/dialect_charge.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "dialect.h"
#include "miscadmin.h"

/* Pays for work and memory; a rule that asks for too much ends the query. */
void
dialect_charge(DialectState *state, int64 steps, int64 bytes)
{
	state->steps += steps;
	state->bytes += bytes;
	if (state->steps > DIALECT_MAX_STEPS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s rule takes too many steps", state->dialect->name),
				 errdetail("One evaluation may take at most %d steps.",
						   DIALECT_MAX_STEPS),
				 errhint("Aggregate long arrays in SQL before the rule sees them.")));
	if (state->bytes > DIALECT_MAX_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s rule makes too much data", state->dialect->name),
				 errdetail("One evaluation may make at most %d bytes.",
						   DIALECT_MAX_BYTES),
				 errhint("Aggregate long arrays in SQL before the rule sees them.")));
	CHECK_FOR_INTERRUPTS();
}
