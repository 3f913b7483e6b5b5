/*-------------------------------------------------------------------------
 *
 * certlogic_time.c
 *	  CertLogic's date-times: read, shift, write.
 *
 * The specification defines shifting by ECMAScript's UTC setters: the day of
 * the month overflows into the next month (2020-01-31 + 1 month is 2020-03-02,
 * 2020-02-29 + 1 year is 2021-03-01), unlike PostgreSQL's intervals.  Neither
 * time zones of the session nor leap seconds play a part.
 *
 * src/dialect/certlogic_time.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lexer.h"

#include "certlogic.h"
#include "datatype/timestamp.h"
#include "utils/datetime.h"

#define MS_PER_MINUTE	INT64CONST(60000)
#define MS_PER_HOUR		(60 * MS_PER_MINUTE)
#define MS_PER_DAY		(24 * MS_PER_HOUR)

/* Instants have four-digit years, as their texts do. */
#define MAX_YEAR		9999
/* More than any amount of any unit between two such years. */
#define MAX_AMOUNT		INT64CONST(100000000)

typedef struct Reader
{
	const char *p;
	const char *end;
} Reader;

static bool
read_char(Reader *r, char c)
{
	if (r->p >= r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

/* Exactly so many digits, at most max. */
static bool
read_digits(Reader *r, int ndigits, int max, int *value)
{
	*value = 0;
	for (int i = 0; i < ndigits; i++)
	{
		if (r->p >= r->end || !lexer_is_digit(*r->p))
			return false;
		*value = *value * 10 + (*r->p++ - '0');
	}
	return *value <= max;
}

static int
count_digits(const Reader *r)
{
	int			n = 0;

	while (r->p + n < r->end && lexer_is_digit(r->p[n]))
		n++;
	return n;
}

static int
days_in_month(int year, int month)
{
	bool		leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return day_tab[leap][month - 1];
}

/* The instant of a day that may lie outside its month. */
static int64
instant_of_day(int year, int month, int day)
{
	return ((int64) date2j(year, month, 1) + day - 1 - UNIX_EPOCH_JDATE) * MS_PER_DAY;
}

/* YYYY, YYYY-MM or YYYY-MM-DD; a partial date is its last day. */
static bool
read_date(Reader *r, int64 *instant, bool *partial)
{
	int			year;
	int			month = 12;
	int			day = 31;

	*partial = true;
	if (!read_digits(r, 4, MAX_YEAR, &year))
		return false;
	if (read_char(r, '-'))
	{
		if (!read_digits(r, 2, 12, &month) || month < 1)
			return false;
		day = days_in_month(year, month);
		if (read_char(r, '-'))
		{
			if (!read_digits(r, 2, day, &day) || day < 1)
				return false;
			*partial = false;
		}
	}
	*instant = instant_of_day(year, month, day);
	return true;
}

/* hh:mm:ss and any number of decimals, of which three count. */
static bool
read_time(Reader *r, int64 *instant)
{
	int			hour;
	int			minute;
	int			second;

	if (!read_digits(r, 2, 23, &hour) || !read_char(r, ':') ||
		!read_digits(r, 2, 59, &minute) || !read_char(r, ':') ||
		!read_digits(r, 2, 59, &second))
		return false;
	*instant += hour * MS_PER_HOUR + minute * MS_PER_MINUTE + second * 1000;
	if (read_char(r, '.'))
	{
		int			weight = 100;

		if (count_digits(r) == 0)
			return false;
		for (; count_digits(r) > 0; r->p++, weight /= 10)
			*instant += (*r->p - '0') * weight;
	}
	return true;
}

/* Z, or a sign with h, hh, hmm, hhmm, h:mm or hh:mm, or nothing, which is Z. */
static bool
read_offset(Reader *r, int64 *instant)
{
	int			sign;
	int			ndigits;
	int			hours;
	int			minutes = 0;

	if (r->p == r->end || read_char(r, 'Z'))
		return true;
	if (read_char(r, '+'))
		sign = 1;
	else if (read_char(r, '-'))
		sign = -1;
	else
		return false;

	ndigits = count_digits(r);
	if (ndigits < 1 || ndigits > 4)
		return false;
	if (!read_digits(r, ndigits > 2 ? ndigits - 2 : ndigits, 23, &hours))
		return false;
	if ((ndigits > 2 || read_char(r, ':')) && !read_digits(r, 2, 59, &minutes))
		return false;
	*instant -= sign * (hours * MS_PER_HOUR + minutes * MS_PER_MINUTE);
	return true;
}

/*
 * Reads a date, or unless dates_only a date and time, as the specification
 * lists them.  A day that the month does not have is refused.
 */
bool
dialect_certlogic_parse_instant(const char *str, int len, bool dates_only, int64 *instant)
{
	Reader		r = {str, str + len};
	bool		partial;

	if (!read_date(&r, instant, &partial))
		return false;
	if (r.p == r.end)
		return true;
	return !dates_only && !partial && read_char(&r, 'T') &&
		read_time(&r, instant) && read_offset(&r, instant) && r.p == r.end;
}

/* Adds an amount of "year", "month", "day" or "hour"; false if out of range. */
bool
dialect_certlogic_plus_time(int64 instant, int64 amount, const char *unit, int64 *result)
{
	int64		day_number;
	int64		ms_of_day;
	int64		month_number;
	int			year;
	int			month;
	int			day;

	if (amount < -MAX_AMOUNT || amount > MAX_AMOUNT)
		return false;
	if (strcmp(unit, "hour") == 0)
		*result = instant + amount * MS_PER_HOUR;
	else if (strcmp(unit, "day") == 0)
		*result = instant + amount * MS_PER_DAY;
	else
	{
		day_number = instant / MS_PER_DAY;
		ms_of_day = instant % MS_PER_DAY;
		if (ms_of_day < 0)
		{
			day_number--;
			ms_of_day += MS_PER_DAY;
		}
		j2date(day_number + UNIX_EPOCH_JDATE, &year, &month, &day);
		month_number = year * INT64CONST(12) + (month - 1) +
			(strcmp(unit, "year") == 0 ? 12 * amount : amount);
		if (month_number < 0 || month_number > MAX_YEAR * 12 + 11)
			return false;
		*result = instant_of_day(month_number / 12, month_number % 12 + 1, day) + ms_of_day;
	}
	return *result >= instant_of_day(0, 1, 1) &&
		*result < instant_of_day(MAX_YEAR + 1, 1, 1);
}

/* As ECMAScript's toISOString() writes it. */
char	   *
dialect_certlogic_format_instant(int64 instant)
{
	int64		first = instant_of_day(0, 1, 1);
	int64		since_first = instant - first;
	int64		ms = since_first % MS_PER_DAY;
	int			year;
	int			month;
	int			day;

	j2date(since_first / MS_PER_DAY + date2j(0, 1, 1), &year, &month, &day);
	return psprintf("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month, day,
					(int) (ms / MS_PER_HOUR), (int) (ms / MS_PER_MINUTE % 60),
					(int) (ms / 1000 % 60), (int) (ms % 1000));
}
