/*-------------------------------------------------------------------------
 *
 * suppress.c
 *	  civic.suppress(): which cells of a problem have to be withheld.
 *
 * First the elimination decides what must not be published because it could
 * be recomputed exactly.  Then a witness is sought for every primary cell: a
 * table that fits what is published and in which the cell lies far enough from
 * what it is.  Where none is found, a few cells more are withheld.
 *
 * The parts, each of which uses some of those before it:
 *	  suppress_problem.c	the SQL type and aggregate that collect the cells
 *	  suppress_table.c		the cells unpacked: rows, members, order
 *	  suppress_vector.c		sparse vectors modulo a prime
 *	  suppress_watch.c		vectors kept up to date, and what a change would do
 *	  suppress_eliminate.c	which cells may be published (exact elimination)
 *	  suppress_interval.c	how far a suppressed cell can be moved (witnesses)
 *	  suppress_repair.c		what else to withhold where it can be moved too little
 *
 * src/anonymity/suppress.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "suppress_repair.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

typedef struct Suppression
{
	SuppressTable *table;
	SuppressGoal goal;
	SuppressBounds *bounds;		/* by cell; NULL if none are asked for */
} Suppression;

static void
refuse_unprotected(const Suppression *s, int32 c)
{
	ereport(ERROR,
			(errcode(SUPPRESS_ERRCODE_NARROW),
			 suppress_errcell(s->table->cell[c]),
			 errmsg("primary cell " INT64_FORMAT " cannot be protected", s->table->cell[c]),
			 errdetail("With all that may be withheld, outsiders can still tell that it lies between %.0f and %.0f.",
					   s->bounds[c].low, s->bounds[c].high),
			 errhint("Ask for a smaller width, or require fewer cells.")));
}

static bool
protected_enough(const Suppression *s, int32 c)
{
	return anonymity_suppress_wide_enough(s->table, c, s->bounds[c], s->goal);
}

/* The primaries, each with its true value as its only witness. */
static int32 *
list_primaries(Suppression *s, int *n)
{
	SuppressTable *table = s->table;
	int32	   *primary = palloc_extended(sizeof(int32) * Max(table->ncells, 1), MCXT_ALLOC_HUGE);

	*n = 0;
	for (int32 c = 0; c < table->ncells; c++)
	{
		s->bounds[c].low = s->bounds[c].high = table->value[c];
		if (table->role[c] == SUPPRESS_PRIMARY)
			primary[(*n)++] = c;
	}
	return primary;
}

/* Withhold more for the primaries that were found no witness for. */
static void
repair_primaries(Suppression *s, const int32 *primary, int n)
{
	SuppressHoldings *holdings = NULL;
	int			nrepairs = 0;

	for (int i = 0; i < n; i++)
		nrepairs += !protected_enough(s, primary[i]);
	if (nrepairs > 0)
		holdings = anonymity_suppress_table_holdings(s->table);
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!protected_enough(s, primary[i]) &&
			!anonymity_suppress_repair(s->table, holdings, s->goal, primary[i], nrepairs, s->bounds))
			refuse_unprotected(s, primary[i]);
	}
}

static void
run_suppression(Suppression *s, bool singletons)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "suppression system",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);
	SuppressSystem *system = anonymity_suppress_eliminate(s->table, singletons);
	int32	   *primary;
	int			n;

	MemoryContextSwitchTo(old);
	if (s->bounds == NULL)
		return;
	primary = list_primaries(s, &n);
	MemoryContextSwitchTo(scratch);
	anonymity_suppress_intervals(s->table, system, s->goal, primary, n, s->bounds);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	repair_primaries(s, primary, n);
}

static void
emit(FunctionCallInfo fcinfo, const Suppression *s)
{
	const SuppressTable *table = s->table;
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int32 c = 0; c < table->ncells; c++)
	{
		Datum		values[4];
		bool		nulls[4] = {false};
		bool		bounded = s->bounds != NULL && table->role[c] == SUPPRESS_PRIMARY;

		CHECK_FOR_INTERRUPTS();
		if (table->role[c] == SUPPRESS_HIDDEN)
			continue;
		values[0] = Int64GetDatum(table->cell[c]);
		values[1] = BoolGetDatum(table->suppressed[c]);
		nulls[2] = !bounded || isinf(s->bounds[c].low);
		nulls[3] = !bounded || isinf(s->bounds[c].high);
		values[2] = Int64GetDatum(nulls[2] ? 0 : (int64) anonymity_suppress_whole_low(s->bounds[c]));
		values[3] = Int64GetDatum(nulls[3] ? 0 : (int64) anonymity_suppress_whole_high(s->bounds[c]));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
}

static void
check_argument(int64 value, int64 least, const char *name)
{
	if (value < least)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be " INT64_FORMAT " or more", name, least),
				 errdetail("It is " INT64_FORMAT ".", value)));
}

PG_FUNCTION_INFO_V1(suppress);

/* problem, width, upper, singletons, max_memory_mb */
Datum
suppress(PG_FUNCTION_ARGS)
{
	SuppressProblem *problem = PG_GETARG_SUPPRESS_PROBLEM(0);
	Suppression s = {0};
	MemoryContext old;

	s.goal.width = PG_GETARG_INT64(1);
	s.goal.upper = PG_GETARG_INT64(2);
	check_argument(s.goal.width, 0, "width");
	check_argument(s.goal.upper, 0, "upper");
	check_argument(PG_GETARG_INT32(4), 1, "max_memory_mb");

	s.table = anonymity_suppress_table_build(problem, (Size) PG_GETARG_INT32(4) * 1024 * 1024);
	old = MemoryContextSwitchTo(s.table->context);
	if (s.goal.width > 0 || s.goal.upper > 0)
		s.bounds = palloc_extended(sizeof(SuppressBounds) * Max(s.table->ncells, 1), MCXT_ALLOC_HUGE);
	run_suppression(&s, PG_GETARG_BOOL(3));
	MemoryContextSwitchTo(old);

	emit(fcinfo, &s);
	MemoryContextDelete(s.table->context);
	return (Datum) 0;
}

/* The place of a cell in the table, which is in the order of numbers. */
static int32
find_cell(const SuppressTable *table, int64 number)
{
	int32		low = 0,
				high = table->ncells;

	while (low < high)
	{
		int32		middle = (low + high) / 2;

		if (table->cell[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == table->ncells || table->cell[low] != number)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the problem has no cell " INT64_FORMAT, number)));
	return low;
}

/* Take over what somebody decided to withhold. */
static void
set_suppressed(SuppressTable *table, ArrayType *numbers)
{
	Datum	   *number;
	bool	   *null;
	int			n;

	deconstruct_array(numbers, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &number, &null, &n);
	for (int32 c = 0; c < table->ncells; c++)
		table->suppressed[c] = table->role[c] == SUPPRESS_PRIMARY || table->role[c] == SUPPRESS_HIDDEN;
	for (int i = 0; i < n; i++)
	{
		if (!null[i])
			table->suppressed[find_cell(table, DatumGetInt64(number[i]))] = true;
	}
}

PG_FUNCTION_INFO_V1(suppression_witness);

/* problem, suppressed, cell, value */
Datum
suppression_witness(PG_FUNCTION_ARGS)
{
	SuppressProblem *problem = PG_GETARG_SUPPRESS_PROBLEM(0);
	SuppressTable *table = anonymity_suppress_table_build(problem, (Size) 1024 * 1024 * 1024);
	MemoryContext old = MemoryContextSwitchTo(table->context);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	SuppressGoal goal = {0, PG_GETARG_INT64(3)};
	double	   *moved = palloc_extended(sizeof(double) * Max(table->nrows, 1), MCXT_ALLOC_HUGE);
	bool		found;

	set_suppressed(table, PG_GETARG_ARRAYTYPE_P(1));
	found = anonymity_suppress_witness(table, anonymity_suppress_bind(table), goal,
									   find_cell(table, PG_GETARG_INT64(2)), moved);
	MemoryContextSwitchTo(old);

	InitMaterializedSRF(fcinfo, 0);
	for (int32 row = 0; found && row < table->nrows; row++)
	{
		Datum		values[2];
		bool		nulls[2] = {false};

		values[0] = Int32GetDatum(table->inner[row]);
		values[1] = Float8GetDatum(rint(moved[row] * 1e6) / 1e6);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	MemoryContextDelete(table->context);
	return (Datum) 0;
}
