/*-------------------------------------------------------------------------
 *
 * delays.c
 *	  Counts of reports by event day and delay, as a value that aggregates
 *	  build and merge.
 *
 * Cells are appended while rows come in; where room is wanting they are
 * sorted and those of one day and delay added up, and only when that frees
 * too little does the value grow.  So it never holds much more than its
 * (day, delay) pairs, and every split and order of the rows gives the same.
 *
 * src/nowcast/delays.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lexer.h"

#include "miscadmin.h"

#include "nowcast/nowcast.h"

#define delays_size(n)	add_size(offsetof(Delays, cell), mul_size(n, sizeof(DelayCell)))
#define delays_capacity(d)	((int) ((VARSIZE(d) - offsetof(Delays, cell)) / sizeof(DelayCell)))
#define DELAYS_FIRST_CAPACITY	32

Delays	   *
nowcast_delays_alloc(int capacity, int longest)
{
	Size		size = delays_size(capacity);
	Delays	   *d;

	if (longest < 1 || longest > NOWCAST_MAX_DELAY)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("longest delay cannot be %d days", longest),
				 errhint("It lies between 1 and %d; longer delays are counted with it.", NOWCAST_MAX_DELAY)));
	if (capacity > NOWCAST_MAX_CELLS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("delays have too many days"),
				 errdetail("A value holds at most %d pairs of day and delay.", NOWCAST_MAX_CELLS),
				 errhint("Leave out days that are long complete (delays_since).")));
	d = palloc0(size);
	wire_begin(d, size, &delays_wire);
	d->longest = longest;
	d->sorted = true;
	return d;
}

/* Refuse a cell that no value may have. */
bool
nowcast_delays_check(const DelayCell *cell, int longest, struct Node *escontext)
{
	if (cell->day < LEXER_FIRST_DATE || cell->day > LEXER_LAST_DATE)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
					   errmsg("day of an event is out of range"),
					   errhint("Days are from 0001-01-01 to 9999-12-31.")));
	if (cell->delay < 0 || cell->delay > longest)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					   errmsg("delay is out of range"),
					   errdetail("The delay is %d days.", cell->delay),
					   errhint("A delay lies between 0 and the longest, %d.", longest)));
	if (cell->n > NOWCAST_MAX_COUNT || cell->n < -NOWCAST_MAX_COUNT)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					   errmsg("count is out of range"),
					   errdetail("The count is " INT64_FORMAT ".", cell->n),
					   errhint("A count is at most " INT64_FORMAT ".", NOWCAST_MAX_COUNT)));
	return true;
}

static int
cell_cmp(const void *a, const void *b, void *arg)
{
	const DelayCell *x = a;
	const DelayCell *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return (x->delay > y->delay) - (x->delay < y->delay);
}

/* Sort the cells and add up those of one day and delay; none of them stays 0. */
static void
delays_fold(Delays *d)
{
	int			n = 0;

	if (d->sorted)
		return;
	qsort_interruptible(d->cell, d->n, sizeof(DelayCell), cell_cmp, NULL);
	for (int i = 0; i < d->n;)
	{
		DelayCell	sum = d->cell[i];

		while (++i < d->n && cell_cmp(&sum, &d->cell[i], NULL) == 0)
		{
			sum.n += d->cell[i].n;
			(void) nowcast_delays_check(&sum, d->longest, NULL);
		}
		if (sum.n != 0)
			d->cell[n++] = sum;
	}
	d->n = n;
	d->sorted = true;
}

static Delays *
delays_enlarge(const Delays *d)
{
	int			capacity = delays_capacity(d);
	Delays	   *larger = nowcast_delays_alloc(capacity < NOWCAST_MAX_CELLS ?
											  Min(NOWCAST_MAX_CELLS, Max(DELAYS_FIRST_CAPACITY, 2 * capacity)) :
											  capacity + 1, d->longest);

	memcpy(larger->cell, d->cell, d->n * sizeof(DelayCell));
	larger->n = d->n;
	larger->sorted = d->sorted;
	return larger;
}

/*
 * Append a cell.  The result is d itself while it has room, else a larger
 * copy in the current memory context, which the caller lets the executor
 * take over.
 */
Delays	   *
nowcast_delays_append(Delays *d, DelayCell cell)
{
	if (d->n == delays_capacity(d))
	{
		delays_fold(d);
		if (d->n >= delays_capacity(d) / 2)
			d = delays_enlarge(d);
	}
	if (cell.n == 0 || (d->n > 0 && cell_cmp(&d->cell[d->n - 1], &cell, NULL) >= 0))
		d->sorted = false;
	d->cell[d->n++] = cell;
	return d;
}

/* The value as everybody sees it: sorted, each pair once, without slack. */
Delays	   *
nowcast_delays_normal(const Delays *d)
{
	Delays	   *out = nowcast_delays_alloc(d->n, d->longest);

	memcpy(out->cell, d->cell, d->n * sizeof(DelayCell));
	out->n = d->n;
	out->sorted = d->sorted;
	delays_fold(out);
	SET_VARSIZE(out, delays_size(out->n));
	return out;
}

/* ---- aggregates ---- */

static void
check_in_aggregate(FunctionCallInfo fcinfo, const char *use)
{
	if (!AggCheckCallContext(fcinfo, NULL))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("this function of delays works inside an aggregate only"),
				 errhint("Use %s.", use)));
}

/* delays_trans(delays, event date, report date, longest int [, n bigint]) */
PG_FUNCTION_INFO_V1(delays_trans);

Datum
delays_trans(PG_FUNCTION_ARGS)
{
	int64		n = 1;
	DateADT		event,
				report;
	int			longest;
	DelayCell	cell;
	Delays	   *d;

	check_in_aggregate(fcinfo, "delays_agg(event, report, longest)");
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3) || (PG_NARGS() > 4 && PG_ARGISNULL(4)))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("days, longest delay and count of a report must not be null"),
				 errhint("Leave such rows out with FILTER.")));
	event = PG_GETARG_DATEADT(1);
	report = PG_GETARG_DATEADT(2);
	longest = PG_GETARG_INT32(3);
	if (PG_NARGS() > 4)
		n = PG_GETARG_INT64(4);
	d = PG_ARGISNULL(0) ? nowcast_delays_alloc(DELAYS_FIRST_CAPACITY, longest) : PG_GETARG_DELAYS_P(0);
	if (d->longest != longest)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("longest delay must be the same for all rows"),
				 errdetail("It was %d and is %d.", d->longest, longest)));
	if (DATE_NOT_FINITE(report))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
				 errmsg("day of a report must be finite")));
	if (report < event)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
				 errmsg("a report cannot come before its event"),
				 errhint("Leave such rows out with FILTER (WHERE report >= event).")));
	cell = (DelayCell)
	{
		n, event, (int32) Min((int64) report - event, longest)
	};
	(void) nowcast_delays_check(&cell, longest, NULL);
	PG_RETURN_POINTER(nowcast_delays_append(d, cell));
}

/* Append all cells of b to a, which may move. */
static Delays *
delays_append_all(Delays *a, const Delays *b)
{
	if (a->longest != b->longest)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("cannot merge delays of at most %d and of at most %d days", a->longest, b->longest)));
	for (int i = 0; i < b->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		a = nowcast_delays_append(a, b->cell[i]);
	}
	return a;
}

/* Combine two states, and the transition of delays_union: the left one is the aggregate's own. */
PG_FUNCTION_INFO_V1(delays_combine);

Datum
delays_combine(PG_FUNCTION_ARGS)
{
	Delays	   *right;

	check_in_aggregate(fcinfo, "delays_union(delays, delays)");
	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	right = PG_GETARG_DELAYS_P(1);
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(delays_append_all(nowcast_delays_alloc(Max(right->n, DELAYS_FIRST_CAPACITY), right->longest), right));
	PG_RETURN_POINTER(delays_append_all(PG_GETARG_DELAYS_P(0), right));
}

PG_FUNCTION_INFO_V1(delays_final);

Datum
delays_final(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(nowcast_delays_normal(PG_GETARG_DELAYS_P(0)));
}

/* ---- row functions ---- */

PG_FUNCTION_INFO_V1(delays_union);

Datum
delays_union(PG_FUNCTION_ARGS)
{
	Delays	   *a = PG_GETARG_DELAYS_P(0);
	Delays	   *b = PG_GETARG_DELAYS_P(1);
	Delays	   *both = nowcast_delays_alloc(Max(a->n, DELAYS_FIRST_CAPACITY), a->longest);

	PG_RETURN_POINTER(nowcast_delays_normal(delays_append_all(delays_append_all(both, a), b)));
}

/* delays_since(delays, date): the event days from that one on */
PG_FUNCTION_INFO_V1(delays_since);

Datum
delays_since(PG_FUNCTION_ARGS)
{
	Delays	   *d = PG_GETARG_DELAYS_P(0);
	DateADT		from = PG_GETARG_DATEADT(1);
	Delays	   *out = nowcast_delays_alloc(Max(d->n, DELAYS_FIRST_CAPACITY), d->longest);

	for (int i = 0; i < d->n; i++)
		if (d->cell[i].day >= from)
			out = nowcast_delays_append(out, d->cell[i]);
	PG_RETURN_POINTER(nowcast_delays_normal(out));
}
