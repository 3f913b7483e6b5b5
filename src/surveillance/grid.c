/*-------------------------------------------------------------------------
 *
 * grid.c
 *	  A series laid out as one count per period, without holes.
 *
 * A period in which nothing was reported holds COUNT_MISSING, never zero.
 *
 * src/surveillance/grid.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "common/int.h"
#include "utils/datetime.h"

#include "surveillance/surveillance.h"

/* 2000-01-03, the first Monday of PostgreSQL's calendar, whose day 0 is 2000-01-01 */
#define FIRST_MONDAY	2
#define DAYS_PER_MONTH_MEAN	30.4375

int
surveillance_periods_per_year(Every every)
{
	return every == EVERY_DAY ? 365 : every == EVERY_WEEK ? 52 : 12;
}

static int32
floor_div(int32 a, int32 b)
{
	return (a - ((a % b) + b) % b) / b;
}

/* The period that t lies in: weeks run from Monday, months by the calendar. */
int32
surveillance_period_of(int32 t, bool dated, Every every)
{
	int			year,
				month,
				day;

	if (!dated || every == EVERY_DAY)
		return t;
	if (every == EVERY_WEEK)
		return floor_div(t - FIRST_MONDAY, 7);
	j2date(t + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	return year * 12 + month - 1;
}

void
surveillance_grid_init(Grid *g, Every every, bool dated, MemoryContext context)
{
	memset(g, 0, sizeof(*g));
	g->context = context;
	g->every = every;
	g->dated = dated;
}

/* Make room for n periods. */
static void
grid_reserve(Grid *g, int n)
{
	if (n <= g->capacity)
		return;
	if (n > GRID_MAX_PERIODS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("series is too long"),
				 errdetail("Its first and last points are more than %d periods apart.", GRID_MAX_PERIODS),
				 errhint("Look for a wrong date, or choose a longer period (every=week, every=month).")));
	n = Max(n, Max(128, 2 * g->capacity));
	if (g->y == NULL)
		g->y = MemoryContextAlloc(g->context, mul_size(n, sizeof(int64)));
	else
		g->y = repalloc(g->y, mul_size(n, sizeof(int64)));
	if (g->population != NULL)
		g->population = repalloc(g->population, mul_size(n, sizeof(int32)));
	g->capacity = n;
}

static void
grid_set_population(Grid *g, int index, int32 population)
{
	Assert(index >= 0 && index < g->n);
	if (g->population == NULL)
		g->population = MemoryContextAllocZero(g->context,
											   mul_size(g->capacity, sizeof(int32)));
	g->population[index] = Max(g->population[index], population);
}

/* Append missing periods up to that of t. */
void
surveillance_grid_extend(Grid *g, int32 t)
{
	int32		period = surveillance_period_of(t, g->dated, g->every);
	int64		n;

	if (g->n == 0)
		g->first = period;
	n = (int64) period - g->first + 1;
	if (n > g->n)
	{
		grid_reserve(g, (int) Min(n, PG_INT32_MAX));
		for (; g->n < n; g->n++)
		{
			g->y[g->n] = COUNT_MISSING;
			if (g->population != NULL)
				g->population[g->n] = 0;
		}
	}
	Assert(g->n > 0 && g->n <= g->capacity);
	g->last_t = t;
}

/*
 * Add a point; t must not lie before the last period.  True when it opened a
 * new period, false when it changed the last one.
 */
bool
surveillance_grid_add(Grid *g, int32 t, int64 y, int32 population)
{
	int			before = g->n;

	surveillance_grid_extend(g, t);
	if (g->n == before && surveillance_period_of(t, g->dated, g->every) != g->first + g->n - 1)
		elog(ERROR, "points of a grid are out of order");
	if (y != COUNT_MISSING)
	{
		if (g->y[g->n - 1] == COUNT_MISSING)
			g->y[g->n - 1] = y;
		else
			surveillance_series_add_count(&g->y[g->n - 1], y);
	}
	if (population > 0)
		grid_set_population(g, g->n - 1, population);
	return g->n > before;
}

/* The grid of a series' points up to and including the period of "until" */
void
surveillance_grid_from_series(Grid *g, const Series *s, Every every, int32 until)
{
	int32		last = surveillance_period_of(until, s->dated, every);

	Assert(s->sorted);
	surveillance_grid_init(g, every, s->dated, CurrentMemoryContext);
	for (int i = 0; i < s->n; i++)
	{
		const SeriesPoint *p = &s->point[i];

		if (surveillance_period_of(p->t, s->dated, every) > last)
			break;
		surveillance_grid_add(g, p->t, p->y, p->population);
	}

	/*
	 * The day within the period decides where the same week of a past year
	 * lies.
	 */
	if (g->n > 0)
		surveillance_grid_extend(g, until);
}

/* The day that a period begins on, in days since PostgreSQL's epoch */
static int32
calendar_period_start(const Grid *g, int index)
{
	int32		period = g->first + index;

	Assert(g->dated);
	if (g->every == EVERY_DAY)
		return period;
	if (g->every == EVERY_WEEK)
		return period * 7 + FIRST_MONDAY;
	return date2j(period / 12, period % 12 + 1, 1) - POSTGRES_EPOCH_JDATE;
}

/*
 * The index of the period that many years before period "now": for dates the
 * same day of that year (weeks: the nearest one on the same weekday), for
 * numbered periods a whole number of years of periods.  May be negative.
 */
int
surveillance_grid_years_back(const Grid *g, int now, int years)
{
	int			year,
				month,
				day;
	int32		today;
	int32		back;

	if (!g->dated)
		return now - years * surveillance_periods_per_year(g->every);
	if (g->every == EVERY_MONTH)
		return now - years * 12;
	Assert(now >= 0 && now < g->n);
	today = calendar_period_start(g, now);
	if (g->every == EVERY_WEEK)
		today += g->last_t - (surveillance_period_of(g->last_t, true, EVERY_WEEK) * 7 + FIRST_MONDAY);
	j2date(today + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	/* 29 February of a common year is 1 March: date2j counts on. */
	back = date2j(year - years, month, day) - POSTGRES_EPOCH_JDATE;
	if (g->every == EVERY_DAY)
		return now - (today - back);
	return now - floor_div(today - back + 3, 7);
}

/* Where a period lies on a time axis on which periods are 1 apart */
double
surveillance_grid_day(const Grid *g, int index)
{
	if (g->dated && g->every == EVERY_MONTH)
		return (calendar_period_start(g, index) - calendar_period_start(g, 0)) / DAYS_PER_MONTH_MEAN;
	return index;
}

/* The weekday (0 to 6) of a period of one day */
int
surveillance_grid_weekday(const Grid *g, int index)
{
	int32		day = g->first + index - FIRST_MONDAY;

	Assert(g->every == EVERY_DAY);
	return day - 7 * floor_div(day, 7);
}
