/*-------------------------------------------------------------------------
 *
 * period.c
 *	  Where reporting periods start, end, and what they are called.
 *
 * Everything here is arithmetic on Julian days: a period is a span of local
 * dates, and only calendar.c knows at which instant a local date begins.
 *
 * src/calendar/period.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "calendar/period.h"
#include "utils/builtins.h"
#include "utils/datetime.h"

static const struct
{
	const char *name;
	PeriodUnit	unit;
}			unit_names[] = {
	{"day", PERIOD_DAY},
	{"iso_week", PERIOD_ISO_WEEK},
	{"epi_week", PERIOD_EPI_WEEK},
	{"month", PERIOD_MONTH},
	{"quarter", PERIOD_QUARTER},
	{"year", PERIOD_YEAR},
	{"financial_year", PERIOD_FINANCIAL_YEAR},
};

Period
calendar_period_parse(text *unit, int first_month)
{
	const char *name = VARDATA_ANY(unit);
	size_t		len = VARSIZE_ANY_EXHDR(unit);

	if (first_month < 1 || first_month > 12)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("first month %d is out of range", first_month),
				 errhint("Months are 1 to 12.")));
	for (size_t i = 0; i < lengthof(unit_names); i++)
	{
		if (len == strlen(unit_names[i].name) &&
			memcmp(name, unit_names[i].name, len) == 0)
			return (Period)
		{
			.unit = unit_names[i].unit,.first_month = first_month
		};
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unit \"%s\" not recognized", text_to_cstring(unit)),
			 errhint("Units are day, iso_week, epi_week, month, quarter, year and financial_year.")));
}

/* Floor of a / b, also for years before 1 */
static inline int
floor_div(int a, int b)
{
	return a / b - (a % b < 0);
}

/* The first day of the n-month period that holds the day */
static int
months_start(int jday, int length, int first_month)
{
	int			year,
				month,
				day,
				number;

	j2date(jday, &year, &month, &day);
	number = year * 12 + month - first_month;
	Assert(12 % length == 0 && first_month >= 1 && first_month <= 12);
	number = floor_div(number, length) * length + first_month - 1;
	return date2j(floor_div(number, 12), number - floor_div(number, 12) * 12 + 1, 1);
}

static int
months_in_unit(PeriodUnit unit)
{
	if (unit == PERIOD_MONTH)
		return 1;
	return unit == PERIOD_QUARTER ? 3 : 12;
}

/* The first day of the period that holds the day */
int
calendar_period_start(const Period *p, int jday)
{
	switch (p->unit)
	{
		case PERIOD_DAY:
			return jday;
		case PERIOD_ISO_WEEK:
			return jday - jday % 7; /* Julian day 0 is a Monday */
		case PERIOD_EPI_WEEK:
			return jday - (jday + 1) % 7;
		default:
			return months_start(jday, months_in_unit(p->unit), p->first_month);
	}
}

/* The first day of the period after the one that starts on the day given */
int
calendar_period_next(const Period *p, int start)
{
	switch (p->unit)
	{
		case PERIOD_DAY:
			return start + 1;
		case PERIOD_ISO_WEEK:
		case PERIOD_EPI_WEEK:
			return start + 7;
		default:
			/* a day in the middle of the following period */
			return calendar_period_start(p, start + 31 * months_in_unit(p->unit) + 10);
	}
}

/*
 * Both kinds of week belong to the year that has most of their days, which is
 * the year of their fourth day.
 */
static void
week_of_year(int start, int *year, int *week)
{
	int			month,
				day;

	j2date(start + 3, year, &month, &day);
	*week = (start + 3 - date2j(*year, 1, 1)) / 7 + 1;
}

/*
 * The name by which a report calls the period: 2026-11-21, 2026-W47,
 * 2026-E46, 2026-11, 2026-Q4, 2026, FY2026/27.
 */
void
calendar_put_period_name(const Period *p, int start, char *name)
{
	int			year,
				month,
				day,
				week,
				quarter;

	j2date(start, &year, &month, &day);
	switch (p->unit)
	{
		case PERIOD_DAY:
			snprintf(name, PERIOD_NAME_SIZE, "%04d-%02d-%02d", year, month, day);
			break;
		case PERIOD_ISO_WEEK:
		case PERIOD_EPI_WEEK:
			week_of_year(start, &year, &week);
			snprintf(name, PERIOD_NAME_SIZE, "%04d-%c%02d", year,
					 p->unit == PERIOD_ISO_WEEK ? 'W' : 'E', week);
			break;
		case PERIOD_MONTH:
			snprintf(name, PERIOD_NAME_SIZE, "%04d-%02d", year, month);
			break;
		case PERIOD_QUARTER:
			/* counted from the first month, in the year that starts there */
			quarter = floor_div(month - p->first_month, 3);
			year += floor_div(month - p->first_month, 12);
			quarter = (quarter + 4) % 4 + 1;
			snprintf(name, PERIOD_NAME_SIZE, p->first_month == 1 ? "%04d-Q%d" : "FY%04d-Q%d",
					 year, quarter);
			break;
		case PERIOD_YEAR:
			snprintf(name, PERIOD_NAME_SIZE, "%04d", year);
			break;
		case PERIOD_FINANCIAL_YEAR:
			if (p->first_month == 1)
				snprintf(name, PERIOD_NAME_SIZE, "FY%04d", year);
			else
				snprintf(name, PERIOD_NAME_SIZE, "FY%04d/%02d", year, (year + 1) % 100);
			break;
	}
}
