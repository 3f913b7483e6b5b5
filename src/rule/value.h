/*-------------------------------------------------------------------------
 *
 * value.h
 *	  Scalar values of rules: how they move with the clock, how JSON and text
 *	  become them.
 *
 * src/rule/value.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_VALUE_H
#define CIVIC_RULE_VALUE_H

#include "instant.h"

#include "utils/jsonb.h"
#include "utils/numeric.h"

typedef enum RuleType
{
	RULE_ANY,					/* a literal that has not met its use yet */
	RULE_BOOLEAN,
	RULE_INTEGER,				/* smallint, integer, bigint */
	RULE_NUMERIC,
	RULE_FLOAT,					/* real, double precision */
	RULE_TEXT,
	RULE_DATE,
	RULE_TIMESTAMPTZ,
	RULE_LIST					/* a fact that is a list, before it is walked */
} RuleType;

/*
 * A scalar at one instant.  A timestamp with moves set is number + (t - clock)
 * at t; a date with moves set is the local day of (t + shift) in a zone, plus
 * offset.  Either holds until "until", after which nothing is promised.
 */
typedef struct RuleValue
{
	bool		null;
	bool		moves;
	int			zone;			/* of a moving date */
	int64		shift;
	int64		offset;
	int64		number;			/* integer, date, timestamp */
	Datum		datum;			/* any other type */
	TimestampTz until;
} RuleValue;

/* value.c */
extern bool rule_type_from_name(const char *name, RuleType *type);
extern const char *rule_type_name(RuleType type);
extern void rule_type_range(const char *name, int64 *low, int64 *high);
extern bool rule_argument_fits(RuleType declared, Oid argument, uint8 *shift);
extern bool rule_numeric_to_int64(Numeric numeric, int64 *result);
extern bool rule_datum_from_json(const JsonbValue *json, RuleType type, Datum *result);
extern int64 rule_date_to_number(Datum date);

#endif							/* CIVIC_RULE_VALUE_H */
