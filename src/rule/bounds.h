/*-------------------------------------------------------------------------
 *
 * bounds.h
 *	  The values that a conjunction of comparisons leaves of what it compares.
 *
 * src/rule/bounds.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_BOUNDS_H
#define CIVIC_RULE_BOUNDS_H

#include "source.h"

typedef struct RuleRange
{
	int64		low;
	int64		high;
} RuleRange;

/* What is left of a value, or of how long it is from another one ("base") to it. */
typedef struct RuleBounds
{
	const RuleExpr *subject;
	const RuleExpr *base;		/* NULL: of the value itself */
	bool		by_calendar;	/* how long: in months, not in microseconds or
								 * days */
	const RuleExpr *low;		/* constants; NULL if there is no bound */
	const RuleExpr *high;
	bool		low_open;
	bool		high_open;
} RuleBounds;

/* The whole numbers that a value may be; false if it is of another type. */
extern bool rule_whole_range(const RuleSource *source, const RuleExpr *value, RuleRange *range);

/*
 * What is left no value by a condition, or (not positive) by its negation;
 * NULL if there is nothing.  beyond: because it never has such values.
 */
extern const RuleBounds *rule_find_empty(const RuleSource *source, const RuleExpr *condition, bool positive, bool *beyond);

#endif							/* CIVIC_RULE_BOUNDS_H */
