/*-------------------------------------------------------------------------
 *
 * instant.c
 *	  Time arithmetic of rules: adding calendar units, local days, and the
 *	  instants at which a local day changes.
 *
 * Results beyond the range of timestamps are infinite, so that nothing here
 * can fail.
 *
 * src/rule/instant.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lexer.h"

#include "common/int.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "instant.h"

#define EPOCH_SECONDS \
	((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

#define WEEK_DAYS				7

/* No more months than lie between the first and the last date there is. */
#define MAX_MONTHS			4000000

/* No zone has ever been further from UTC. */
#define MAX_ZONE_OFFSET		(2 * USECS_PER_DAY)

static inline int64
floor_divide(int64 dividend, int64 divisor)
{
	int64		quotient = dividend / divisor;

	return (dividend % divisor < 0) ? quotient - 1 : quotient;
}

static inline int64
infinity_of_sign(int64 amount)
{
	return amount < 0 ? RULE_MINUS_INFINITY : RULE_INFINITY;
}

static inline bool
is_infinite(int64 time)
{
	return time == RULE_MINUS_INFINITY || time == RULE_INFINITY;
}

/* time + microseconds; infinite beyond the range of timestamps */
int64
rule_add_time(int64 time, int64 microseconds)
{
	int64		result;

	if (is_infinite(time))
		return time;
	if (is_infinite(microseconds))
		return infinity_of_sign(microseconds);
	if (pg_add_s64_overflow(time, microseconds, &result) || !IS_VALID_TIMESTAMP(result))
		return infinity_of_sign(microseconds);
	return result;
}

static int64
add_days(int64 day, int64 amount)
{
	int64		result;

	if (pg_add_s64_overflow(day, amount, &result) || !IS_VALID_DATE(result))
		return infinity_of_sign(amount);
	return result;
}

/*
 * Months as ECMAScript's setters (and so CertLogic) count them: the day of
 * the month stays and runs over into the next month where there is no such
 * day, 31 January + 1 month = 2 or 3 March.
 */
static int64
add_months(int64 day, int64 amount)
{
	int			year,
				month,
				mday;
	int64		month_number;

	if (amount > MAX_MONTHS || amount < -MAX_MONTHS)
		return infinity_of_sign(amount);
	j2date((int) day + POSTGRES_EPOCH_JDATE, &year, &month, &mday);
	month_number = (int64) year * MONTHS_PER_YEAR + (month - 1) + amount;
	year = (int) floor_divide(month_number, MONTHS_PER_YEAR);
	month = (int) (month_number - (int64) year * MONTHS_PER_YEAR) + 1;
	if (!IS_VALID_JULIAN(year, month, 1))
		return infinity_of_sign(amount);
	return add_days(date2j(year, month, 1) - POSTGRES_EPOCH_JDATE, mday - 1);
}

static int64
microseconds_of(RuleUnit unit)
{
	switch (unit)
	{
		case RULE_MICROSECOND:
			return 1;
		case RULE_SECOND:
			return USECS_PER_SEC;
		case RULE_MINUTE:
			return USECS_PER_MINUTE;
		case RULE_HOUR:
			return USECS_PER_HOUR;
		default:
			return USECS_PER_DAY;
	}
}

/* time + amount units, where time is a date or a timestamp */
int64
rule_add_amount(int64 time, int64 amount, RuleUnit unit, bool of_date)
{
	int64		product,
				day,
				moved;

	if (is_infinite(time))
		return time;
	if (unit == RULE_YEAR)
		amount = (amount > MAX_MONTHS || amount < -MAX_MONTHS) ? amount : amount * MONTHS_PER_YEAR;
	if (unit < RULE_MONTH && of_date)
		return add_days(time, amount);
	if (unit < RULE_MONTH)
	{
		if (pg_mul_s64_overflow(amount, microseconds_of(unit), &product))
			return infinity_of_sign(amount);
		return rule_add_time(time, product);
	}
	if (of_date)
		return add_months(time, amount);

	day = floor_divide(time, USECS_PER_DAY);
	moved = add_months(day, amount);
	if (is_infinite(moved))
		return moved;
	return rule_add_time(time, (moved - day) * USECS_PER_DAY);
}

static pg_time_t
to_seconds(TimestampTz time)
{
	return (pg_time_t) (floor_divide(time, USECS_PER_SEC) + EPOCH_SECONDS);
}

/* microseconds that local time is ahead of UTC */
static int64
zone_offset(TimestampTz time, pg_tz *tz)
{
	pg_time_t	seconds = to_seconds(time);
	struct pg_tm *local = pg_localtime(&seconds, tz);

	return local ? (int64) local->tm_gmtoff * USECS_PER_SEC : 0;
}

/* The date that a calendar in the zone shows. */
int64
rule_local_day(TimestampTz time, pg_tz *tz)
{
	if (is_infinite(time))
		return time;
	return floor_divide(time + zone_offset(time, tz), USECS_PER_DAY);
}

/* The next change of the zone's offset after time, or infinity. */
static TimestampTz
next_offset_change(TimestampTz time, pg_tz *tz)
{
	pg_time_t	seconds = to_seconds(time),
				boundary;
	long int	before,
				after;
	int			before_dst,
				after_dst;

	if (pg_next_dst_boundary(&seconds, &before, &before_dst, &boundary,
							 &after, &after_dst, tz) <= 0)
		return RULE_INFINITY;
	return ((int64) boundary - EPOCH_SECONDS) * USECS_PER_SEC;
}

/*
 * The first instant after "start" whose local day is "threshold" or a later
 * one, given that the day at start is an earlier one.
 */
static TimestampTz
first_instant_of_day(TimestampTz start, int64 threshold, pg_tz *tz)
{
	for (;;)
	{
		TimestampTz midnight = threshold * USECS_PER_DAY - zone_offset(start, tz);
		TimestampTz change = next_offset_change(start, tz);

		if (midnight < change)
			return midnight;
		if (rule_local_day(change, tz) >= threshold)
			return change;
		start = change;
	}
}

/*
 * The first instant after "time" that a change of offset takes to a day
 * before "threshold".  Clocks that go back at midnight repeat part of a day;
 * Alaska repeated a whole one.
 */
static TimestampTz
first_return_before_day(TimestampTz time, int64 threshold, pg_tz *tz)
{
	TimestampTz change = time;

	for (;;)
	{
		change = next_offset_change(change, tz);
		if (change - MAX_ZONE_OFFSET > time)
			return RULE_INFINITY;
		if (rule_local_day(change, tz) < threshold)
			return change;
	}
}

/*
 * The first instant after "time" at which (local day >= threshold) is not
 * what it is at "time".
 */
TimestampTz
rule_day_flip(RuleZone *zone, TimestampTz time, int64 threshold)
{
	int64		day;

	if (is_infinite(time) || !IS_VALID_DATE(threshold))
		return RULE_INFINITY;
	day = rule_zone_day(zone, time);
	if (day < threshold)
	{
		TimestampTz midnight = threshold * USECS_PER_DAY;

		if (midnight - zone->offset < zone->change)
			return midnight - zone->offset;
		return first_instant_of_day(Max(midnight - MAX_ZONE_OFFSET, time), threshold, zone->tz);
	}
	if (day > threshold + 1 || zone->change - MAX_ZONE_OFFSET > time)
		return RULE_INFINITY;
	return first_return_before_day(time, threshold, zone->tz);
}

/* The first instant after "time" with another local day. */
TimestampTz
rule_next_day_change(TimestampTz time, pg_tz *tz)
{
	int64		day;

	if (is_infinite(time))
		return RULE_INFINITY;
	day = rule_local_day(time, tz);
	return Min(first_instant_of_day(time, day + 1, tz),
			   first_return_before_day(time, day, tz));
}

/* rule_local_day of an instant that mostly lies in the same day as the last. */
int64
rule_zone_day(RuleZone *zone, TimestampTz time)
{
	if (time < zone->from || time >= zone->until)
	{
		zone->day = rule_local_day(time, zone->tz);
		zone->until = rule_next_day_change(time, zone->tz);
		zone->offset = zone_offset(time, zone->tz);
		zone->change = next_offset_change(time, zone->tz);
		zone->from = time;
	}
	return zone->day;
}

/* Microseconds that a clock in the zone shows since midnight; time is finite. */
int64
rule_local_time(TimestampTz time, pg_tz *tz)
{
	int64		local = time + zone_offset(time, tz);

	return local - floor_divide(local, USECS_PER_DAY) * USECS_PER_DAY;
}

/* The first instant after "time" at which a clock does not just go on. */
TimestampTz
rule_next_time_break(TimestampTz time, pg_tz *tz)
{
	TimestampTz midnight = rule_add_time(time, USECS_PER_DAY - rule_local_time(time, tz));

	return Min(midnight, next_offset_change(time, tz));
}

/*
 * The first instant after "time" at which (time of day >= threshold) is not
 * what it is at "time".
 */
TimestampTz
rule_time_flip(TimestampTz time, int64 threshold, pg_tz *tz)
{
	bool		reached = rule_local_time(time, tz) >= threshold;

	if (threshold <= 0 || threshold >= USECS_PER_DAY)
		return RULE_INFINITY;
	for (;;)
	{
		TimestampTz clock_end = rule_next_time_break(time, tz);
		TimestampTz strikes = rule_add_time(time, threshold - rule_local_time(time, tz));

		if (!reached && strikes > time && strikes < clock_end)
			return strikes;
		if (is_infinite(clock_end) || (rule_local_time(clock_end, tz) >= threshold) != reached)
			return clock_end;
		time = clock_end;
	}
}

/* ISO: Monday is 1, Sunday 7; the day is finite. */
int
rule_weekday(int64 day)
{
	int64		since = day + 5;	/* since a Monday, as 2000-01-01 was a
									 * Saturday */

	return (int) (since - floor_divide(since, WEEK_DAYS) * WEEK_DAYS) + 1;
}

TimestampTz
rule_next_utc_midnight(TimestampTz time)
{
	if (is_infinite(time))
		return RULE_INFINITY;
	return (floor_divide(time, USECS_PER_DAY) + 1) * USECS_PER_DAY;
}

/* n digits as a number, or -1 */
static int
parse_digits(const char **cursor, const char *end, int n)
{
	int			value = 0;

	if (end - *cursor < n)
		return -1;
	while (n-- > 0)
	{
		char		digit = *(*cursor)++;

		if (!lexer_is_digit(digit))
			return -1;
		value = value * 10 + (digit - '0');
	}
	return value;
}

static bool
parse_char(const char **cursor, const char *end, char expected)
{
	if (*cursor >= end || **cursor != expected)
		return false;
	(*cursor)++;
	return true;
}

/* YYYY-MM-DD, a day that exists */
static bool
parse_day(const char **cursor, const char *end, int64 *day)
{
	int			year,
				month,
				mday;

	if ((year = parse_digits(cursor, end, 4)) < 1 ||
		!parse_char(cursor, end, '-') ||
		(month = parse_digits(cursor, end, 2)) < 1 || month > 12 ||
		!parse_char(cursor, end, '-') ||
		(mday = parse_digits(cursor, end, 2)) < 1 ||
		mday > day_tab[isleap(year)][month - 1])
		return false;
	*day = date2j(year, month, mday) - POSTGRES_EPOCH_JDATE;
	return true;
}

/* up to six digits after the point, as microseconds */
static int
parse_fraction(const char **cursor, const char *end)
{
	int			value = 0,
				digits = 0;

	while (*cursor < end && lexer_is_digit(**cursor) && digits < 6)
	{
		value = value * 10 + (*(*cursor)++ - '0');
		digits++;
	}
	if (digits == 0)
		return -1;
	for (; digits < 6; digits++)
		value *= 10;
	return value;
}

/* HH:MM[:SS[.ffffff]] */
static bool
parse_clock(const char **cursor, const char *end, int64 *microseconds)
{
	int			hour,
				minute,
				second = 0,
				fraction = 0;

	if ((hour = parse_digits(cursor, end, 2)) < 0 || hour > 23 ||
		!parse_char(cursor, end, ':') ||
		(minute = parse_digits(cursor, end, 2)) < 0 || minute > 59)
		return false;
	if (parse_char(cursor, end, ':'))
	{
		if ((second = parse_digits(cursor, end, 2)) < 0 || second > 59)
			return false;
		if (parse_char(cursor, end, '.') && (fraction = parse_fraction(cursor, end)) < 0)
			return false;
	}
	*microseconds = hour * USECS_PER_HOUR + minute * USECS_PER_MINUTE +
		second * USECS_PER_SEC + fraction;
	return true;
}

/* Z, +HH, +HHMM or +HH:MM */
static bool
parse_offset(const char **cursor, const char *end, int64 *microseconds)
{
	int			hour,
				minute = 0,
				sign;

	*microseconds = 0;
	if (parse_char(cursor, end, 'Z'))
		return true;
	if (parse_char(cursor, end, '+'))
		sign = 1;
	else if (parse_char(cursor, end, '-'))
		sign = -1;
	else
		return false;
	if ((hour = parse_digits(cursor, end, 2)) < 0 || hour > MAX_TZDISP_HOUR)
		return false;
	if (*cursor < end)
	{
		(void) parse_char(cursor, end, ':');
		if ((minute = parse_digits(cursor, end, 2)) < 0 || minute > 59)
			return false;
	}
	*microseconds = sign * (hour * USECS_PER_HOUR + minute * USECS_PER_MINUTE);
	return true;
}

static bool
parse_infinity(const char *str, int length, int64 *result)
{
	if (length == 8 && memcmp(str, "infinity", 8) == 0)
		*result = RULE_INFINITY;
	else if (length == 9 && memcmp(str, "-infinity", 9) == 0)
		*result = RULE_MINUS_INFINITY;
	else
		return false;
	return true;
}

/* An ISO 8601 date; independent of DateStyle. */
bool
rule_parse_date(const char *str, int length, int64 *result)
{
	const char *cursor = str;
	const char *end = str + length;

	if (parse_infinity(str, length, result))
		return true;
	return parse_day(&cursor, end, result) && cursor == end;
}

/* HH:MM[:SS[.ffffff]] */
bool
rule_parse_time(const char *str, int length, int64 *result)
{
	const char *cursor = str;
	const char *end = str + length;

	return parse_clock(&cursor, end, result) && cursor == end;
}

/*
 * An ISO 8601 date and time with its offset from UTC; independent of
 * DateStyle and TimeZone.
 */
bool
rule_parse_timestamptz(const char *str, int length, int64 *result)
{
	const char *cursor = str;
	const char *end = str + length;
	int64		day,
				clock,
				offset;

	if (parse_infinity(str, length, result))
		return true;
	if (!parse_day(&cursor, end, &day) ||
		(!parse_char(&cursor, end, 'T') && !parse_char(&cursor, end, ' ')) ||
		!parse_clock(&cursor, end, &clock) ||
		!parse_offset(&cursor, end, &offset) || cursor != end)
		return false;
	*result = day * USECS_PER_DAY + clock - offset;
	return true;
}

/* HH:MM:SS and, where there are any, six decimals */
char	   *
rule_format_time(int64 clock)
{
	char	   *str = psprintf("%02d:%02d:%02d", (int) (clock / USECS_PER_HOUR),
							   (int) (clock / USECS_PER_MINUTE % MINS_PER_HOUR),
							   (int) (clock / USECS_PER_SEC % SECS_PER_MINUTE));

	if (clock % USECS_PER_SEC != 0)
		str = psprintf("%s.%06d", str, (int) (clock % USECS_PER_SEC));

	return str;
}

/* YYYY-MM-DD; of a year that has not four digits the days since 2000, "@...". */
char	   *
rule_format_date(int64 day)
{
	int			year,
				month,
				mday;

	if (is_infinite(day))
		return pstrdup(day > 0 ? "infinity" : "-infinity");
	j2date((int) day + POSTGRES_EPOCH_JDATE, &year, &month, &mday);
	if (year < 1 || year > 9999)
		return psprintf("@" INT64_FORMAT, day);
	return psprintf("%04d-%02d-%02d", year, month, mday);
}

/*
 * As ISO 8601 in UTC, which rule_parse_timestamptz() reads; instants whose
 * year has not four digits as microseconds since 2000, "@...".
 */
char	   *
rule_format_timestamptz(int64 time)
{
	int64		day = floor_divide(time, USECS_PER_DAY);
	char	   *date;

	if (is_infinite(time))
		return pstrdup(time > 0 ? "infinity" : "-infinity");
	date = rule_format_date(day);
	if (*date == '@')
		return psprintf("@" INT64_FORMAT, time);
	return psprintf("%sT%sZ", date, rule_format_time(time - day * USECS_PER_DAY));
}

/*
 * A zone of the time zone database, or NULL.  Abbreviations are refused:
 * what they mean depends on a setting.
 */
pg_tz	   *
rule_find_zone(const char *name)
{
	pg_tz	   *tz;

	if (strcmp(name, "UTC") != 0 && strchr(name, '/') == NULL)
		return NULL;
	tz = pg_tzset(name);
	return (tz != NULL && pg_tz_acceptable(tz)) ? tz : NULL;
}
