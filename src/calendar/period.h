/*-------------------------------------------------------------------------
 *
 * period.h
 *	  Reporting periods as spans of Julian days, without time zones.
 *
 * src/calendar/period.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_CALENDAR_PERIOD_H
#define CIVIC_CALENDAR_PERIOD_H

typedef enum PeriodUnit
{
	PERIOD_DAY,
	PERIOD_ISO_WEEK,
	PERIOD_EPI_WEEK,
	PERIOD_MONTH,
	PERIOD_QUARTER,
	PERIOD_YEAR,
	PERIOD_FINANCIAL_YEAR
} PeriodUnit;

typedef struct Period
{
	PeriodUnit	unit;
	int			first_month;	/* of the year, 1-12; moves quarters and years */
} Period;

#define PERIOD_NAME_SIZE 32

extern Period calendar_period_parse(text *unit, int first_month);
extern int	calendar_period_start(const Period *p, int jday);
extern int	calendar_period_next(const Period *p, int start);
extern void calendar_put_period_name(const Period *p, int start, char *name);

#endif							/* CIVIC_CALENDAR_PERIOD_H */
