/*-------------------------------------------------------------------------
 *
 * suppress_table.c
 *	  Unpacks a suppression problem: numbers its rows, orders its cells and
 *	  checks that what it says is consistent.
 *
 * src/anonymity/suppress_table.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "suppress_table.h"

#include <math.h>

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/memutils.h"

/* inner cell -> row */
typedef struct InnerEntry
{
	int32		inner;
	int32		row;
	char		status;
} InnerEntry;

#define SH_PREFIX inner
#define SH_ELEMENT_TYPE InnerEntry
#define SH_KEY_TYPE int32
#define SH_KEY inner
#define SH_HASH_KEY(tb, key) murmurhash32((uint32) (key))
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* The entry of an inner cell, which number_rows() put there. */
static InnerEntry *
inner_entry(inner_hash *hash, int32 inner)
{
	InnerEntry *entry = inner_lookup(hash, inner);

	if (unlikely(entry == NULL))
		elog(ERROR, "inner cell %d has no row", inner);
	return entry;
}

/* Raise an error when the run holds more memory than it may. */
void
anonymity_suppress_table_check_memory(SuppressTable *table)
{
	if (MemoryContextMemAllocated(table->context, true) > table->max_memory)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("suppression needs more than %d MB of memory",
						(int) (table->max_memory / (1024 * 1024))),
				 errdetail("The problem has %d cells over %d inner cells.",
						   table->ncells, table->nrows),
				 errhint("Raise max_memory_mb, or publish fewer cells at the finest level.")));
}

static int
compare_inner(const void *a, const void *b)
{
	int32		x = *(const int32 *) a;
	int32		y = *(const int32 *) b;

	return x < y ? -1 : x > y;
}

/* Give every inner cell that is mentioned a row, in the order of numbers. */
static inner_hash *
number_rows(SuppressTable *table, const SuppressProblem *problem)
{
	inner_hash *hash = inner_create(CurrentMemoryContext, 1024, NULL);
	SuppressRecord *record = SUPPRESS_FIRST(problem);
	inner_iterator iterator;
	InnerEntry *entry;
	bool		found;
	int			n = 0;

	for (int c = 0; c < problem->ncells; c++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int32 i = 0; i < record->nmembers; i++)
			inner_insert(hash, abs(record->members[i]), &found);
		record = SUPPRESS_NEXT(record);
	}

	table->nrows = hash->members;
	table->inner = palloc_extended(sizeof(int32) * Max(table->nrows, 1), MCXT_ALLOC_HUGE);
	inner_start_iterate(hash, &iterator);
	while ((entry = inner_iterate(hash, &iterator)) != NULL)
		table->inner[n++] = entry->inner;
	Assert(n == table->nrows);
	qsort(table->inner, n, sizeof(int32), compare_inner);
	for (int32 row = 0; row < n; row++)
		inner_entry(hash, table->inner[row])->row = row;
	return hash;
}

/* Copy the members of one cell as rows, refusing one that is listed twice. */
static void
unpack_members(SuppressTable *table, inner_hash *hash, const SuppressRecord *record,
			   int c, int32 *last_cell)
{
	int32	   *member = table->members + table->start[c];

	for (int32 i = 0; i < record->nmembers; i++)
	{
		int32		number = record->members[i];
		int32		row = inner_entry(hash, abs(number))->row;

		Assert(row >= 0 && row < table->nrows);
		if (last_cell[row] == c)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("inner cell %d is listed twice in a cell", abs(number)),
					 errdetail("The cell is " INT64_FORMAT ".", record->cell),
					 errhint("List each inner cell once; join the members before aggregating.")));
		last_cell[row] = c;
		member[i] = row * 2 + (number < 0 ? 1 : 0);
	}
}

static void
unpack_cells(SuppressTable *table, const SuppressProblem *problem, inner_hash *hash)
{
	SuppressRecord *record = SUPPRESS_FIRST(problem);
	int32	   *last_cell = palloc_extended(sizeof(int32) * Max(table->nrows, 1),
											MCXT_ALLOC_HUGE);

	memset(last_cell, -1, sizeof(int32) * table->nrows);
	for (int row = 0; row < table->nrows; row++)
		table->count[row] = SUPPRESS_UNKNOWN;

	for (int c = 0; c < table->ncells; c++)
	{
		CHECK_FOR_INTERRUPTS();
		table->cell[c] = record->cell;
		table->value[c] = record->value;
		table->width[c] = record->width;
		table->role[c] = record->role;
		table->singleton[c] = record->singleton;
		unpack_members(table, hash, record, c, last_cell);
		/* a cell of one row tells that row's true value */
		if (record->nmembers == 1 && record->members[0] > 0)
			table->count[SUPPRESS_ROW(table->members[table->start[c]])] = record->value;
		record = SUPPRESS_NEXT(record);
	}
	pfree(last_cell);
}

/* A cell must be worth what its members are worth. */
static void
check_values(const SuppressTable *table)
{
	for (int c = 0; c < table->ncells; c++)
	{
		int64		sum = 0;
		bool		known = true;

		CHECK_FOR_INTERRUPTS();
		for (int64 i = table->start[c]; i < table->start[c + 1] && known; i++)
		{
			int64		count = table->count[SUPPRESS_ROW(table->members[i])];

			known = count != SUPPRESS_UNKNOWN;
			/* counts are limited so that this cannot overflow */
			if (known)
				sum += SUPPRESS_SIGN(table->members[i]) * count;
		}
		if (known && sum != table->value[c])
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("cell " INT64_FORMAT " is not the sum of its inner cells", table->cell[c]),
					 errdetail("Its value is " INT64_FORMAT ", its inner cells add up to " INT64_FORMAT ".",
							   table->value[c], sum),
					 errhint("Take the value and the members of a cell from the same rows.")));
	}
}

/*
 * How much is summed over a cell's inner cells: the values, and the number, of
 * all cells that hold one of them, as often as they do.  Of equal cells the
 * one that more and larger totals build on is worth more.
 */
static double *
weigh_cells(const SuppressTable *table)
{
	double	   *row = palloc_extended(sizeof(double) * Max(table->nrows, 1),
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	double	   *weight = palloc_extended(sizeof(double) * Max(table->ncells, 1),
										 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	for (int32 c = 0; c < table->ncells; c++)
	{
		if (table->role[c] == SUPPRESS_HIDDEN)
			continue;
		for (int64 i = table->start[c]; i < table->start[c + 1]; i++)
			row[SUPPRESS_ROW(table->members[i])] += fabs((double) table->value[c]) + 1;
	}
	for (int32 c = 0; c < table->ncells; c++)
	{
		for (int64 i = table->start[c]; i < table->start[c + 1]; i++)
			weight[c] += row[SUPPRESS_ROW(table->members[i])];
	}
	pfree(row);
	return weight;
}

/* What decides about the order. */
typedef struct CandidateOrder
{
	const SuppressTable *table;
	double	   *weight;
} CandidateOrder;

/*
 * Required cells first, then from the largest value down; of equal values the
 * one that weighs more, then by number.  The order is the result.
 */
static int
compare_candidates(const void *a, const void *b, void *arg)
{
	const CandidateOrder *order = arg;
	const SuppressTable *table = order->table;
	int32		x = *(const int32 *) a;
	int32		y = *(const int32 *) b;

	if (table->role[x] != table->role[y])
		return table->role[x] == SUPPRESS_REQUIRED ? -1 : 1;
	if (table->value[x] != table->value[y])
		return table->value[x] > table->value[y] ? -1 : 1;
	if (order->weight[x] != order->weight[y])
		return order->weight[x] > order->weight[y] ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void
order_candidates(SuppressTable *table)
{
	CandidateOrder order = {table, weigh_cells(table)};

	table->norder = 0;
	for (int32 c = 0; c < table->ncells; c++)
	{
		if (table->role[c] == SUPPRESS_CANDIDATE || table->role[c] == SUPPRESS_REQUIRED)
			table->order[table->norder++] = c;
	}
	qsort_arg(table->order, table->norder, sizeof(int32), compare_candidates, &order);
	pfree(order.weight);
}

static void
allocate_cells(SuppressTable *table, Size n)
{
	n = Max(n, 1);
	table->cell = palloc_extended(sizeof(int64) * n, MCXT_ALLOC_HUGE);
	table->value = palloc_extended(sizeof(int64) * n, MCXT_ALLOC_HUGE);
	table->width = palloc_extended(sizeof(int64) * n, MCXT_ALLOC_HUGE);
	table->role = palloc_extended(sizeof(uint8) * n, MCXT_ALLOC_HUGE);
	table->singleton = palloc_extended(sizeof(uint8) * n, MCXT_ALLOC_HUGE);
	table->suppressed = palloc_extended(sizeof(bool) * n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	table->order = palloc_extended(sizeof(int32) * n, MCXT_ALLOC_HUGE);
	table->start = palloc_extended(sizeof(int64) * (n + 1), MCXT_ALLOC_HUGE);
	table->start[0] = 0;
}

/* Unpack a problem in a memory context of its own under the current one. */
SuppressTable *
anonymity_suppress_table_build(const SuppressProblem *problem, Size max_memory)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "suppression",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	SuppressTable *table = palloc0(sizeof(SuppressTable));
	SuppressRecord *record = SUPPRESS_FIRST(problem);
	inner_hash *hash;

	table->context = context;
	table->max_memory = max_memory;
	table->ncells = problem->ncells;
	allocate_cells(table, problem->ncells);
	for (int c = 0; c < problem->ncells; c++)
	{
		table->start[c + 1] = table->start[c] + record->nmembers;
		record = SUPPRESS_NEXT(record);
	}
	Assert((char *) record == (char *) problem->records + problem->used);
	table->members = palloc_extended(sizeof(int32) * Max(table->start[problem->ncells], 1),
									 MCXT_ALLOC_HUGE);

	hash = number_rows(table, problem);
	table->count = palloc_extended(sizeof(int64) * Max(table->nrows, 1), MCXT_ALLOC_HUGE);
	anonymity_suppress_table_check_memory(table);
	unpack_cells(table, problem, hash);
	inner_destroy(hash);
	check_values(table);
	order_candidates(table);
	anonymity_suppress_table_check_memory(table);
	MemoryContextSwitchTo(old);
	return table;
}

/* The place of a row among sorted ones, -1 if it is none of them. */
static int32
find_row(const int32 *row, int32 nrows, int32 wanted)
{
	int32		low = 0,
				high = nrows;

	while (low < high)
	{
		int32		middle = (low + high) / 2;

		if (row[middle] < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low < nrows && row[low] == wanted ? low : -1;
}

/*
 * A part of a table: the given rows and cells, in ascending order, with the
 * members outside left out.  Roles and what is suppressed stay.
 */
SuppressTable *
anonymity_suppress_table_cut(SuppressTable *whole, const int32 *row, int32 nrows,
							 const int32 *cell, int32 ncells)
{
	SuppressTable *cut = palloc0(sizeof(SuppressTable));
	int64		n = 0;

	cut->context = whole->context;
	cut->max_memory = whole->max_memory;
	cut->ncells = ncells;
	cut->nrows = nrows;
	cut->inner = palloc(sizeof(int32) * Max(nrows, 1));
	cut->count = palloc(sizeof(int64) * Max(nrows, 1));
	for (int32 i = 0; i < nrows; i++)
	{
		cut->inner[i] = whole->inner[row[i]];
		cut->count[i] = whole->count[row[i]];
	}
	allocate_cells(cut, ncells);
	for (int32 i = 0; i < ncells; i++)
		n += whole->start[cell[i] + 1] - whole->start[cell[i]];
	cut->members = palloc_extended(sizeof(int32) * Max(n, 1), MCXT_ALLOC_HUGE);
	n = 0;
	for (int32 i = 0; i < ncells; i++)
	{
		int32		c = cell[i];

		cut->cell[i] = whole->cell[c];
		cut->width[i] = whole->width[c];
		cut->role[i] = whole->role[c];
		cut->singleton[i] = whole->singleton[c];
		cut->suppressed[i] = whole->suppressed[c];
		cut->value[i] = 0;
		for (int64 j = whole->start[c]; j < whole->start[c + 1]; j++)
		{
			int32		member = whole->members[j];
			int32		place = find_row(row, nrows, SUPPRESS_ROW(member));

			if (place < 0)
				continue;
			cut->members[n++] = place * 2 + (member & 1);
			cut->value[i] += SUPPRESS_SIGN(member) * cut->count[place];
		}
		cut->start[i + 1] = n;
	}
	order_candidates(cut);
	return cut;
}

/* List for every row the cells that hold it. */
SuppressHoldings *
anonymity_suppress_table_holdings(SuppressTable *table)
{
	SuppressHoldings *holdings = palloc(sizeof(SuppressHoldings));
	int64		total = table->start[table->ncells];
	int64	   *start = palloc_extended(sizeof(int64) * (table->nrows + 2),
										MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	holdings->start = start;
	holdings->cell = palloc_extended(sizeof(int32) * Max(total, 1), MCXT_ALLOC_HUGE);
	/* counts two places on, starts one place on, which filling moves back */
	for (int64 i = 0; i < total; i++)
		start[SUPPRESS_ROW(table->members[i]) + 2]++;
	for (int32 row = 0; row < table->nrows; row++)
		start[row + 2] += start[row + 1];
	for (int32 c = 0; c < table->ncells; c++)
	{
		for (int64 i = table->start[c]; i < table->start[c + 1]; i++)
			holdings->cell[start[SUPPRESS_ROW(table->members[i]) + 1]++] = c;
	}
	anonymity_suppress_table_check_memory(table);
	return holdings;
}
