/*-------------------------------------------------------------------------
 *
 * nearest.h
 *	  The name that was perhaps meant, for hints.
 *
 * src/rule/nearest.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_NEAREST_H
#define CIVIC_RULE_NEAREST_H

#include "compat.h"

/* Offer candidates one by one; best is NULL as long as none is near. */
typedef struct RuleNearest
{
	const char *name;
	const char *best;
	int			distance;		/* of the best, or one more than is near */
} RuleNearest;

extern void rule_nearest_init(RuleNearest *nearest, const char *name);
extern void rule_nearest_offer(RuleNearest *nearest, const char *candidate);

/* The hint, with the nearest name before it; either may be missing. */
extern const char *rule_nearest_hint(const RuleNearest *nearest, const char *hint);

#endif							/* CIVIC_RULE_NEAREST_H */
