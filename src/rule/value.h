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

#include "program.h"

#include "utils/numeric.h"

/* The whole-number form of infinite dates and timestamps. */
#define RULE_MINUS_INFINITY	PG_INT64_MIN
#define RULE_INFINITY		PG_INT64_MAX

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

/* time.c */
extern int64 rule_add_time(int64 time, int64 microseconds);
extern int64 rule_add_amount(int64 time, int64 amount, RuleUnit unit, RuleType type);
extern int64 rule_local_day(TimestampTz time, pg_tz *tz);
extern int64 rule_zone_day(RuleZone *zone, TimestampTz time);
extern TimestampTz rule_next_day_change(TimestampTz time, pg_tz *tz);
extern TimestampTz rule_day_flip(RuleZone *zone, TimestampTz time, int64 threshold);
extern TimestampTz rule_next_utc_midnight(TimestampTz time);
extern bool rule_parse_date(const char *text, int length, int64 *result);
extern bool rule_parse_timestamptz(const char *text, int length, int64 *result);
extern char *rule_format_timestamptz(int64 time);
extern pg_tz *rule_find_zone(const char *name);

/* value.c */
extern bool rule_type_from_name(const char *name, RuleType *type);
extern const char *rule_type_name(RuleType type);
extern bool rule_argument_fits(RuleType declared, Oid argument, uint8 *shift);
extern bool rule_numeric_to_int64(Numeric numeric, int64 *result);
extern bool rule_datum_from_json(const JsonbValue *json, RuleType type, Datum *result);
extern int64 rule_date_to_number(Datum date);

/* list.c: the same for facts, which may be lists */
extern bool rule_fact_type_from_name(const char *name, RuleType *type, bool *list);
extern const char *rule_fact_type_name(RuleType type, bool list);
extern bool rule_fact_fits(RuleType type, bool list, Oid argument, uint8 *shift);
extern bool rule_fact_from_json(const JsonbValue *json, RuleType type, bool list, Datum *result);

#endif							/* CIVIC_RULE_VALUE_H */
