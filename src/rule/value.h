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
	RULE_TIME,					/* of day, microseconds */
	RULE_LIST					/* a fact that is a list, before it is walked */
} RuleType;

/* How a day that moves with the clock makes a date or an integer. */
typedef enum RuleShape
{
	RULE_GROWS,					/* day + offset */
	RULE_DESCENDS,				/* offset - day */
	RULE_WEEKDAY				/* weekday of day + offset */
} RuleShape;

/*
 * A scalar at one instant.  With moves set, at t a timestamp is number +
 * (t - clock), a date or an integer what its shape makes of the local day of
 * (t + shift) in a zone, a time of day the local time of (t + shift) there.
 * Either holds until "until", after which nothing is promised.
 */
typedef struct RuleValue
{
	bool		null;
	bool		moves;
	RuleShape	shape;
	int			zone;			/* of what moves with a day */
	int64		shift;
	int64		offset;
	int64		number;			/* of a type that is whole */
	Datum		datum;			/* any other type */
	TimestampTz until;
} RuleValue;

/* Types whose values are whole numbers here */
static inline bool
rule_is_whole(RuleType type)
{
	return type == RULE_INTEGER || type == RULE_DATE || type == RULE_TIMESTAMPTZ || type == RULE_TIME;
}

/* value.c */
extern bool rule_type_from_name(const char *name, RuleType *type);
extern const char *rule_type_name(RuleType type);
extern void rule_type_range(const char *name, int64 *low, int64 *high);
extern bool rule_argument_fits(RuleType declared, Oid argument, uint8 *shift);
extern bool rule_numeric_to_int64(Numeric numeric, int64 *result);
extern bool rule_datum_from_json(const JsonbValue *json, RuleType type, Datum *result);
extern int64 rule_date_to_number(Datum date);

#endif							/* CIVIC_RULE_VALUE_H */
