/*-------------------------------------------------------------------------
 *
 * series.c
 *	  Series of counts: (t, y) pairs with an optional population, as a value
 *	  that aggregates build and merge.
 *
 * Pairs are only appended while rows come in; sorting, and adding up pairs
 * with the same t, waits until the value leaves the aggregate.  So every
 * split of the rows, and every order, gives the same series.
 *
 * src/surveillance/series.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lexer.h"

#include "miscadmin.h"

#include "surveillance/surveillance.h"

#define series_size(n)	add_size(offsetof(Series, point), mul_size(n, sizeof(SeriesPoint)))
#define series_capacity(s)	((VARSIZE(s) - offsetof(Series, point)) / sizeof(SeriesPoint))
#define SERIES_FIRST_CAPACITY	16

Series	   *
surveillance_series_alloc(int capacity, bool dated)
{
	Size		size = series_size(capacity);
	Series	   *s;

	if (capacity > SERIES_MAX_POINTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("series has too many points"),
				 errdetail("A series holds at most %d.", SERIES_MAX_POINTS),
				 errhint("Add up the counts of a period before they go into a series.")));
	s = palloc0(size);
	wire_begin(s, size, &series_wire);
	s->dated = dated;
	s->sorted = true;
	return s;
}

/* Add to a count; a sum may go below zero, but not beyond what is exact. */
void
surveillance_series_add_count(int64 *sum, int64 y)
{
	int64		total = *sum + y;

	Assert(*sum != COUNT_MISSING && y != COUNT_MISSING);
	if (total > SERIES_MAX_COUNT || total < -SERIES_MAX_COUNT)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("count of one period is out of range"),
				 errdetail("The counts of that period add up to " INT64_FORMAT ".", total),
				 errhint("A count is at most " INT64_FORMAT ".", SERIES_MAX_COUNT)));
	*sum = total;
}

/* Refuse a point that no series may have. */
bool
surveillance_series_check_point(const SeriesPoint *p, bool dated, struct Node *escontext)
{
	if (dated && (p->t < LEXER_FIRST_DATE || p->t > LEXER_LAST_DATE))
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
					   errmsg("date out of range for a series"),
					   errhint("Dates are from 0001-01-01 to 9999-12-31.")));
	if (p->y != COUNT_MISSING && (p->y > SERIES_MAX_COUNT || p->y < -SERIES_MAX_COUNT))
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					   errmsg("count is out of range"),
					   errdetail("The count is " INT64_FORMAT ".", p->y),
					   errhint("A count is at most " INT64_FORMAT ".", SERIES_MAX_COUNT)));
	if (p->population < 0)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					   errmsg("population must not be negative"),
					   errdetail("The population is %d.", p->population),
					   errhint("Use null, or 0, where it is not known.")));
	return true;
}

/* A count that SQL gave: the number that means "missing" inside is none. */
int64
surveillance_series_given_count(int64 y)
{
	if (y == COUNT_MISSING)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("count is out of range"),
				 errdetail("The count is " INT64_FORMAT ".", y),
				 errhint("A count is at most " INT64_FORMAT "; null is one that was not reported.", SERIES_MAX_COUNT)));
	return y;
}

/* ---- building ---- */

/*
 * Append a point.  The result is s itself while it has room, else a larger
 * copy in the current memory context, which the caller lets the executor
 * take over.
 */
Series	   *
surveillance_series_append(Series *s, const SeriesPoint *p)
{
	if (s->n == (int) series_capacity(s))
	{
		Series	   *larger = surveillance_series_alloc(s->n < SERIES_MAX_POINTS ?
													   Min(SERIES_MAX_POINTS, Max(SERIES_FIRST_CAPACITY, 2 * s->n)) :
													   s->n + 1, s->dated);

		memcpy(larger->point, s->point, s->n * sizeof(SeriesPoint));
		larger->n = s->n;
		larger->sorted = s->sorted;
		s = larger;
	}
	Assert(s->n < (int) series_capacity(s));
	if (s->n > 0 && p->t <= s->point[s->n - 1].t)
		s->sorted = false;
	s->point[s->n++] = *p;
	return s;
}

static void
check_same_kind(const Series *a, const Series *b)
{
	if (a->n > 0 && b->n > 0 && a->dated != b->dated)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("cannot merge a series over dates with one over numbered periods")));
}

/* Append all points of b to a, which may move. */
static Series *
series_append_all(Series *a, const Series *b)
{
	check_same_kind(a, b);
	if (b->n > 0)
		a->dated = b->dated;
	for (int i = 0; i < b->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		a = surveillance_series_append(a, &b->point[i]);
	}
	return a;
}

static int
point_cmp(const void *a, const void *b, void *arg)
{
	int32		x = ((const SeriesPoint *) a)->t;
	int32		y = ((const SeriesPoint *) b)->t;

	return (x > y) - (x < y);
}

/*
 * The series as everybody sees it: sorted, each t once, without slack.  A
 * missing count adds nothing to a reported one; of several populations the
 * largest stands.
 */
Series	   *
surveillance_series_normal(Series *s)
{
	Series	   *out = surveillance_series_alloc(s->n, s->n > 0 && s->dated);
	int			n = 0;

	memcpy(out->point, s->point, s->n * sizeof(SeriesPoint));
	if (s->sorted)
	{
		out->n = s->n;
		return out;
	}
	qsort_interruptible(out->point, s->n, sizeof(SeriesPoint), point_cmp, NULL);
	for (int i = 0; i < s->n; i++)
	{
		SeriesPoint *p = &out->point[i];
		SeriesPoint *last = n > 0 ? &out->point[n - 1] : NULL;

		if (last == NULL || last->t != p->t)
		{
			out->point[n++] = *p;
			continue;
		}
		last->population = Max(last->population, p->population);
		if (last->y == COUNT_MISSING)
			last->y = p->y;
		else if (p->y != COUNT_MISSING)
			surveillance_series_add_count(&last->y, p->y);
	}
	out->n = n;
	SET_VARSIZE(out, series_size(n));
	return out;
}

/* ---- aggregates ---- */

/* A point from SQL's arguments t, y and perhaps population */
static SeriesPoint
point_from_args(FunctionCallInfo fcinfo, int first, bool dated)
{
	SeriesPoint p = {COUNT_MISSING, 0, 0};

	if (PG_ARGISNULL(first))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("period of a count must not be null")));
	p.t = dated ? PG_GETARG_DATEADT(first) : PG_GETARG_INT32(first);
	if (!PG_ARGISNULL(first + 1))
		p.y = surveillance_series_given_count(PG_GETARG_INT64(first + 1));
	if (PG_NARGS() > first + 2 && !PG_ARGISNULL(first + 2))
		p.population = PG_GETARG_INT32(first + 2);
	(void) surveillance_series_check_point(&p, dated, NULL);
	return p;
}

static Datum
series_transition(FunctionCallInfo fcinfo, bool dated)
{
	SeriesPoint p;
	Series	   *s;

	if (!AggCheckCallContext(fcinfo, NULL))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("a series' transition function works inside an aggregate only"),
				 errhint("Use series_agg(t, y).")));
	p = point_from_args(fcinfo, 1, dated);
	s = PG_ARGISNULL(0) ? surveillance_series_alloc(SERIES_FIRST_CAPACITY, dated) : PG_GETARG_SERIES_P(0);
	PG_RETURN_POINTER(surveillance_series_append(s, &p));
}

PG_FUNCTION_INFO_V1(series_date_trans);

Datum
series_date_trans(PG_FUNCTION_ARGS)
{
	return series_transition(fcinfo, true);
}

PG_FUNCTION_INFO_V1(series_int_trans);

Datum
series_int_trans(PG_FUNCTION_ARGS)
{
	return series_transition(fcinfo, false);
}

/*
 * Combine two states, and the transition of series_union: the left one is
 * the aggregate's own and grows in place.
 */
PG_FUNCTION_INFO_V1(series_combine);

Datum
series_combine(PG_FUNCTION_ARGS)
{
	Series	   *right;

	if (!AggCheckCallContext(fcinfo, NULL))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("a series' combine function works inside an aggregate only"),
				 errhint("Use series_union(series, series).")));
	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	right = PG_GETARG_SERIES_P(1);
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(series_append_all(surveillance_series_alloc(Max(right->n, SERIES_FIRST_CAPACITY), right->dated), right));
	PG_RETURN_POINTER(series_append_all(PG_GETARG_SERIES_P(0), right));
}

PG_FUNCTION_INFO_V1(series_final);

Datum
series_final(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(surveillance_series_normal(PG_GETARG_SERIES_P(0)));
}

/* ---- row functions ---- */

PG_FUNCTION_INFO_V1(series_union);

Datum
series_union(PG_FUNCTION_ARGS)
{
	Series	   *a = PG_GETARG_SERIES_P(0);
	Series	   *b = PG_GETARG_SERIES_P(1);
	Series	   *both = surveillance_series_alloc(a->n + b->n, a->dated);

	both = series_append_all(series_append_all(both, a), b);
	PG_RETURN_POINTER(surveillance_series_normal(both));
}

/* Is t of the kind that the series counts in? */
void
surveillance_series_check_kind(const Series *s, bool dated)
{
	if (s->n > 0 && s->dated != dated)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 s->dated ? errmsg("this series is over dates, not numbered periods") :
				 errmsg("this series is over numbered periods, not dates")));
}

/* The points with t from the given one on */
static Datum
series_since(Series *s, int32 from)
{
	Series	   *out = surveillance_series_alloc(s->n, s->dated);

	for (int i = 0; i < s->n; i++)
		if (s->point[i].t >= from)
			out = surveillance_series_append(out, &s->point[i]);
	PG_RETURN_POINTER(surveillance_series_normal(out));
}

PG_FUNCTION_INFO_V1(series_since_date);

Datum
series_since_date(PG_FUNCTION_ARGS)
{
	Series	   *s = PG_GETARG_SERIES_P(0);

	surveillance_series_check_kind(s, true);
	return series_since(s, PG_GETARG_DATEADT(1));
}

PG_FUNCTION_INFO_V1(series_since_int);

Datum
series_since_int(PG_FUNCTION_ARGS)
{
	Series	   *s = PG_GETARG_SERIES_P(0);

	surveillance_series_check_kind(s, false);
	return series_since(s, PG_GETARG_INT32(1));
}
