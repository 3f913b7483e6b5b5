/*-------------------------------------------------------------------------
 *
 * instant.h
 *	  Dates and instants of rules as whole numbers: arithmetic, local days,
 *	  ISO 8601.
 *
 * src/rule/instant.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_INSTANT_H
#define CIVIC_RULE_INSTANT_H

#include "compat.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

/* The whole-number form of infinite dates and timestamps. */
#define RULE_MINUS_INFINITY	PG_INT64_MIN
#define RULE_INFINITY		PG_INT64_MAX

typedef enum RuleUnit
{
	RULE_MICROSECOND,
	RULE_SECOND,
	RULE_MINUTE,
	RULE_HOUR,
	RULE_DAY,
	RULE_MONTH,
	RULE_YEAR
} RuleUnit;

/*
 * What a zone was last asked for: its day from "from" to "until", and its
 * offset from UTC, which stays until "change".
 */
typedef struct RuleZone
{
	pg_tz	   *tz;
	TimestampTz from;
	TimestampTz until;
	TimestampTz change;
	int64		offset;
	int64		day;
} RuleZone;

extern int64 rule_add_time(int64 time, int64 microseconds);
extern int64 rule_add_amount(int64 time, int64 amount, RuleUnit unit, bool of_date);
extern int64 rule_local_day(TimestampTz time, pg_tz *tz);
extern int64 rule_zone_day(RuleZone *zone, TimestampTz time);
extern TimestampTz rule_next_day_change(TimestampTz time, pg_tz *tz);
extern TimestampTz rule_day_flip(RuleZone *zone, TimestampTz time, int64 threshold);
extern TimestampTz rule_next_utc_midnight(TimestampTz time);
extern bool rule_parse_date(const char *str, int length, int64 *result);
extern int64 rule_local_time(TimestampTz time, pg_tz *tz);
extern TimestampTz rule_next_time_break(TimestampTz time, pg_tz *tz);
extern TimestampTz rule_time_flip(TimestampTz time, int64 threshold, pg_tz *tz);
extern int	rule_weekday(int64 day);
extern bool rule_parse_time(const char *str, int length, int64 *result);
extern bool rule_parse_timestamptz(const char *str, int length, int64 *result);
extern char *rule_format_time(int64 clock);
extern char *rule_format_date(int64 day);
extern char *rule_format_timestamptz(int64 time);
extern pg_tz *rule_find_zone(const char *name);

#endif							/* CIVIC_RULE_INSTANT_H */
