/*-------------------------------------------------------------------------
 *
 * training_schedule_row.c
 *	  The rows of training_schedule().
 *
 * src/competency/training_schedule_row.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "competency/training_schedule.h"
#include "funcapi.h"
#include "lib/qunique.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/tuplestore.h"

#define SCHEDULE_MAX_CELLS	(64 * 1024 * 1024)	/* sessions times competencies */
#define WORTH_TOLERANCE 1e-6

/* Passes of the first choice over all persons in which each may choose anew. */
#define PASSES 5

enum
{
	ARG_NEED, ARG_HELD, ARG_STARTS, ARG_ENDS, ARG_SEATS, ARG_PRICE, ARG_TEACHES, ARG_ASKS, ARG_MONTH, ARG_MONEY, ARG_EARLIEST
};

typedef struct Column
{
	Datum	   *value;
	int			count;
} Column;

static Column
column_argument(FunctionCallInfo fcinfo, int argument, int expected)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argument);
	Oid			type = ARR_ELEMTYPE(array);
	bool		of_sets = type != INT4OID && type != DATEOID && type != FLOAT8OID;
	Column		column;
	bool	   *nulls;

	deconstruct_array(array, type, of_sets ? -1 : type == FLOAT8OID ? 8 : 4, !of_sets,
					  type == FLOAT8OID ? TYPALIGN_DOUBLE : TYPALIGN_INT, &column.value, &nulls, &column.count);
	for (int i = 0; i < column.count; i++)
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("a schedule is made of what is known"),
					 errdetail("Element %d of argument %d is null.", i + 1, argument + 1),
					 errhint("Leave out the person or the session, in all arrays.")));
	if (expected >= 0 && column.count != expected)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("arrays of persons, and those of sessions, have one element for each"),
				 errdetail("Argument %d has %d elements instead of %d.", argument + 1, column.count, expected),
				 errhint("Aggregate all of them over the same rows in the same order.")));
	return column;
}

static int
compare_ids(const void *a, const void *b)
{
	uint32		one = *(const uint32 *) a;
	uint32		other = *(const uint32 *) b;

	return one < other ? -1 : one > other;
}

/* The competencies that somebody needs or a session asks for. */
static void
number_competencies(SessionPool *pool, const Column *need, const Column *asks)
{
	const Column *sets[] = {need, asks};
	int			n = 0;

	for (int i = 0; i < 2; i++)
		for (int j = 0; j < sets[i]->count; j++)
			n += competency_view(sets[i]->value[j]).count;
	pool->competency = palloc_array(uint32, n + 1);
	n = 0;
	for (int i = 0; i < 2; i++)
		for (int j = 0; j < sets[i]->count; j++)
		{
			CompetencyView view = competency_view(sets[i]->value[j]);

			for (int k = 0; k < view.count; k++)
				pool->competency[n++] = competency_id(competency_at(&view, k));
		}
	qsort(pool->competency, n, sizeof(uint32), compare_ids);
	pool->ncompetencies = qunique(pool->competency, n, sizeof(uint32), compare_ids);
	if ((double) pool->ncompetencies * pool->nsessions > SCHEDULE_MAX_CELLS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many sessions and competencies for a schedule"),
				 errdetail("%d sessions and %d competencies.", pool->nsessions, pool->ncompetencies),
				 errhint("Leave out sessions that teach nobody anything.")));
}

/* The levels of a set by the pool's competencies. */
static void
put_levels(const SessionPool *pool, Datum set, uint8 *levels)
{
	CompetencyCursor cursor = competency_cursor(set);

	for (int c = 0; c < pool->ncompetencies; c++)
		levels[c] = competency_seek(&cursor, pool->competency[c]);
}

static void
put_asks(SessionPool *pool, const Column *asks)
{
	int			n = 0;

	for (int s = 0; s < pool->nsessions; s++)
		n += competency_view(asks->value[s]).count;
	pool->ask = palloc_array(SessionAsk, n + 1);
	pool->first_ask = palloc0_array(int, pool->nsessions + 2);
	n = 0;
	for (int s = 0; s < pool->nsessions; s++)
	{
		CompetencyCursor cursor = competency_cursor(asks->value[s]);

		for (int c = 0; c < pool->ncompetencies; c++)
		{
			uint8		level = competency_seek(&cursor, pool->competency[c]);

			if (level > 0)
				pool->ask[n++] = (SessionAsk)
			{
				.competency = c,.level = level
			};
		}
		pool->first_ask[s + 1] = n;
	}
}

/* Sessions with their prices, days and months. */
static void
put_sessions(FunctionCallInfo fcinfo, SessionPool *pool, SessionStock *stock, int npersons)
{
	Column		ends = column_argument(fcinfo, ARG_ENDS, pool->nsessions);
	Column		starts = column_argument(fcinfo, ARG_STARTS, pool->nsessions);
	Column		seats = column_argument(fcinfo, ARG_SEATS, pool->nsessions);
	Column		price = column_argument(fcinfo, ARG_PRICE, pool->nsessions);
	bool		budgeted = !PG_ARGISNULL(ARG_MONTH) && !PG_ARGISNULL(ARG_MONEY);
	Column		month = budgeted ? column_argument(fcinfo, ARG_MONTH, pool->nsessions) : starts;
	Column		money = budgeted ? column_argument(fcinfo, ARG_MONEY, -1) : starts;
	double		sum = 0;
	double		all = 0;
	int			last = 0;

	pool->nmonths = budgeted ? money.count : 0;
	pool->starts = palloc_array(int, pool->nsessions + 1);
	pool->ends = palloc_array(int, pool->nsessions + 1);
	pool->month = palloc_array(int, pool->nsessions + 1);
	pool->price = palloc_array(double, pool->nsessions + 1);
	stock->seats = palloc_array(int, pool->nsessions + 1);
	stock->money = palloc_array(double, pool->nmonths + 1);
	for (int m = 0; m < pool->nmonths; m++)
	{
		stock->money[m] = DatumGetFloat8(money.value[m]);
		if (isnan(stock->money[m]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("money of a month is a number"),
					 errdetail("That of month %d is NaN.", m + 1),
					 errhint("Give Infinity where a month has no limit.")));
	}
	stock->money[pool->nmonths] = INFINITY;
	for (int s = 0; s < pool->nsessions; s++)
	{
		int			of_month = budgeted ? DatumGetInt32(month.value[s]) - 1 : -1;

		pool->starts[s] = DatumGetDateADT(starts.value[s]);
		pool->ends[s] = DatumGetDateADT(ends.value[s]);
		pool->price[s] = DatumGetFloat8(price.value[s]);
		stock->seats[s] = Max(DatumGetInt32(seats.value[s]), 0);
		pool->month[s] = of_month < 0 || of_month >= pool->nmonths ? pool->nmonths : of_month;
		if (pool->ends[s] < pool->starts[s] || DATE_NOT_FINITE(pool->starts[s]) || DATE_NOT_FINITE(pool->ends[s]) ||
			!(pool->price[s] >= 0 && pool->price[s] <= 1e12))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("a session ends no earlier than it begins, and costs 0 to 1e12"),
					 errdetail("Session %d does not.", s + 1),
					 errhint("Leave it out, or correct its days and price.")));
		sum += pool->price[s];
		all += pool->price[s] * Min(stock->seats[s], npersons);
		last = Max(last, pool->ends[s]);
	}
	pool->price_worth = 0.5 / (1 + sum);
	/* levels are told from what is below half of one, whatever is rounded */
	pool->level_worth = 2 * (1 + (pool->earliest ? last + 1 : all));
}

static double
worth_of(ScheduleResult *results, int npersons)
{
	double		worth = 0;

	for (int p = 0; p < npersons; p++)
		worth += results[p].best.worth;
	return worth;
}

/* One after the other takes what is best of what is left, and may choose anew while that helps. */
static void
serve_in_turn(const SessionPool *pool, SessionStock *stock, const ScheduledPerson *persons, int npersons,
			  ScheduleResult *results)
{
	for (int p = 0; p < npersons; p++)
	{
		schedule_find(pool, stock, &persons[p], &results[p]);
		schedule_take(pool, stock, &results[p].best);
	}
	for (int pass = 0, moved = 1; pass < PASSES && moved > 0 && npersons > 1; pass++)
	{
		moved = 0;
		for (int p = 0; p < npersons; p++)
		{
			ScheduleResult again;

			schedule_give_back(pool, stock, &results[p].best);
			schedule_find(pool, stock, &persons[p], &again);
			if (again.best.worth < results[p].best.worth - WORTH_TOLERANCE)
			{
				results[p] = again;
				moved++;
			}
			schedule_take(pool, stock, &results[p].best);
		}
	}
	for (int p = 0; p < npersons; p++)
		schedule_give_back(pool, stock, &results[p].best);
}

/* The best choice of all, where the schedules can be listed; results hold a choice that is possible. */
static bool
share_listed(const SessionPool *pool, SessionStock *stock, const ScheduledPerson *persons, int npersons,
			 ScheduleResult *results, double *bound)
{
	ScheduleList *lists = palloc_array(ScheduleList, npersons);
	int		   *chosen = palloc_array(int, npersons);
	int			count = 0;
	bool		exact;

	for (int p = 0; p < npersons; p++)
	{
		if (!schedule_list_all(pool, stock, &persons[p], SCHEDULE_MAX_COUNT - count, &lists[p]))
			return false;
		count += lists[p].count;
		lists[p].item = repalloc_array(lists[p].item, Schedule, lists[p].count + 1);
		chosen[p] = lists[p].count++;
		lists[p].item[chosen[p]] = results[p].best;
	}
	exact = schedule_share(pool, stock, lists, npersons, chosen, bound);
	for (int p = 0; p < npersons; p++)
		results[p].best = lists[p].item[chosen[p]];
	return exact;
}

/* A choice for all persons; gives what none is better than. */
static double
serve(const SessionPool *pool, SessionStock *stock, const ScheduledPerson *persons, int npersons,
	  ScheduleResult *results, bool *exact)
{
	double		bound = 0;
	double		shared = -INFINITY;

	/* each as if alone */
	for (int p = 0; p < npersons; p++)
	{
		schedule_find(pool, stock, &persons[p], &results[p]);
		bound += results[p].bound;
	}
	if (npersons > 1)
		serve_in_turn(pool, stock, persons, npersons, results);
	*exact = worth_of(results, npersons) <= bound + WORTH_TOLERANCE;
	if (!*exact && npersons > 1)
		*exact = share_listed(pool, stock, persons, npersons, results, &shared);
	return *exact ? worth_of(results, npersons) : Max(bound, shared);
}

/* What all sessions taken cost, or the last day of them. */
static double
total_of(const SessionPool *pool, const ScheduleResult *results, int npersons)
{
	double		total = 0;

	for (int p = 0; p < npersons; p++)
		for (int i = 0; i < results[p].best.nsessions; i++)
		{
			int			session = results[p].best.sessions[i];

			total = pool->earliest ? Max(total, pool->ends[session]) : total + pool->price[session];
		}
	return total;
}

static void
put_rows(ReturnSetInfo *rsinfo, const SessionPool *pool, const ScheduleResult *results, int npersons, double bound,
		 bool exact)
{
	Datum		values[7];
	bool		nulls[7] = {true, true, false, false, false, false, false};
	double		total = total_of(pool, results, npersons);
	int			missing = 0;
	double		bound_missing = floor(bound / pool->level_worth);
	double		bound_total = Max(bound - bound_missing * pool->level_worth, 0);
	bool		any = false;

	/*
	 * beside whole levels a plan is worth less than half of one: what is more
	 * is rounded, or says that the next is missing too
	 */
	if (bound_total > pool->level_worth / 2)
	{
		bound_missing++;
		bound_total = 0;
	}

	for (int p = 0; p < npersons; p++)
		missing += results[p].best.missing;
	if (pool->earliest)
		bound_total = floor(bound_total + WORTH_TOLERANCE);
	values[2] = Int32GetDatum(missing);
	values[3] = Float8GetDatum(total);
	values[4] = CStringGetTextDatum(exact ? "exact" : "bounded");
	values[5] = Int32GetDatum((int32) bound_missing);
	values[6] = Float8GetDatum(exact ? total : bound_total);
	for (int p = 0; p < npersons; p++)
		for (int i = 0; i < results[p].best.nsessions; i++)
		{
			values[0] = Int32GetDatum(p + 1);
			values[1] = Int32GetDatum(results[p].best.sessions[i] + 1);
			nulls[0] = nulls[1] = false;
			any = true;
			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		}
	if (!any)
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(training_schedule);

/* training_schedule(need[], held[], starts[], ends[], seats[], price[], teaches[], asks[], month[], money[], earliest) */
Datum
training_schedule(PG_FUNCTION_ARGS)
{
	SessionPool pool = {0};
	SessionStock stock;
	Column		need,
				held,
				teaches,
				asks;
	ScheduledPerson *persons;
	ScheduleResult *results;
	double		bound;
	bool		exact;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i <= ARG_EARLIEST; i++)
		if (i != ARG_MONTH && i != ARG_MONEY && PG_ARGISNULL(i))
			return (Datum) 0;
	need = column_argument(fcinfo, ARG_NEED, -1);
	held = column_argument(fcinfo, ARG_HELD, need.count);
	teaches = column_argument(fcinfo, ARG_TEACHES, -1);
	pool.nsessions = teaches.count;
	asks = column_argument(fcinfo, ARG_ASKS, pool.nsessions);
	pool.earliest = PG_GETARG_BOOL(ARG_EARLIEST);
	if (pool.earliest && need.count > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the earliest end is an aim for one person"),
				 errdetail("There are %d.", need.count),
				 errhint("Ask for one after the other.")));
	put_sessions(fcinfo, &pool, &stock, need.count);
	number_competencies(&pool, &need, &asks);
	put_asks(&pool, &asks);
	pool.teaches = palloc0((size_t) pool.nsessions * pool.ncompetencies + 1);
	for (int s = 0; s < pool.nsessions; s++)
		put_levels(&pool, teaches.value[s], pool.teaches + (size_t) s * pool.ncompetencies);
	persons = palloc_array(ScheduledPerson, need.count + 1);
	results = palloc0_array(ScheduleResult, need.count + 1);
	for (int p = 0; p < need.count; p++)
	{
		persons[p].held = palloc0(pool.ncompetencies + 1);
		persons[p].need = palloc0(pool.ncompetencies + 1);
		put_levels(&pool, held.value[p], persons[p].held);
		put_levels(&pool, need.value[p], persons[p].need);
	}
	bound = serve(&pool, &stock, persons, need.count, results, &exact);
	put_rows((ReturnSetInfo *) fcinfo->resultinfo, &pool, results, need.count, bound, exact);
	return (Datum) 0;
}
