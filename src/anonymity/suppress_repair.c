/*-------------------------------------------------------------------------
 *
 * suppress_repair.c
 *	  Gives a primary cell that can be narrowed down more room, by withholding
 *	  a few published cells around it.
 *
 * The rows around the primary are cut out as a table of their own; rows
 * outside are held, so what is possible inside is possible in the whole.  At
 * first all that is published there is withheld, which frees the primary
 * entirely.  Then cells are given back, the largest first and as many at once
 * as the primary's witnesses allow.  What is left cannot be given back.
 *
 * src/anonymity/suppress_repair.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "suppress_repair.h"

#include "miscadmin.h"
#include "utils/memutils.h"

/*
 * Rows in the first cut: more find cheaper repairs, but take longer, so these
 * are shared among the primaries to repair.  Growth, and most in the last.
 */
#define SHARED_ROWS		65536
#define LEAST_CUT		256
#define MOST_CUT		2048
#define CUT_GROWTH		4
#define LAST_CUT		16384

typedef struct Repair
{
	SuppressTable *whole;
	const SuppressHoldings *holdings;
	SuppressGoal goal;
	SuppressBounds *bounds;		/* by whole's cell */
	int32		primary;		/* in the whole */

	SuppressTable *cut;
	int32	   *cell;			/* cut's cell -> whole's */
	int32	   *failing;		/* cut's primaries that need room, r's first */
	int			nfailing;
	SuppressBounds *reached;	/* by cut's cell, in the last trial that held */
	int32	   *choice;			/* cut's published cells, in the order of
								 * giving back */
	int			nchoices;
	MemoryContext trial;		/* reset after each trial */
} Repair;

/* ---- the cut ---- */

/* The size of a cell's row list. */
static int64
cell_size(const SuppressTable *table, int32 c)
{
	return table->start[c + 1] - table->start[c];
}

static int
compare_size(const void *a, const void *b, void *arg)
{
	int64		x = cell_size(arg, *(const int32 *) a);
	int64		y = cell_size(arg, *(const int32 *) b);

	if (x != y)
		return x < y ? -1 : 1;
	return *(const int32 *) a < *(const int32 *) b ? -1 : 1;
}

static int
compare_numbers(const void *a, const void *b)
{
	int32		x = *(const int32 *) a;
	int32		y = *(const int32 *) b;

	return x < y ? -1 : x > y;
}

/* Sort and drop repetitions; returns how many are left. */
static int32
sort_unique(int32 *number, int32 n)
{
	int32		kept = 0;

	qsort(number, n, sizeof(int32), compare_numbers);
	for (int32 i = 0; i < n; i++)
	{
		if (kept == 0 || number[i] != number[kept - 1])
			number[kept++] = number[i];
	}
	return kept;
}

/* The cells that hold any of some rows, in order of number. */
static int32 *
cells_around(const Repair *r, const int32 *row, int32 nrows, int32 *ncells)
{
	const SuppressHoldings *h = r->holdings;
	int64		total = 0;
	int32	   *cell;
	int32		n = 0;

	for (int32 i = 0; i < nrows; i++)
		total += h->start[row[i] + 1] - h->start[row[i]];
	cell = palloc_extended(sizeof(int32) * Max(total, 1), MCXT_ALLOC_HUGE);
	for (int32 i = 0; i < nrows; i++)
	{
		for (int64 j = h->start[row[i]]; j < h->start[row[i] + 1]; j++)
			cell[n++] = h->cell[j];
	}
	*ncells = sort_unique(cell, n);
	return cell;
}

/*
 * The primary's rows and those that share a cell with it, smallest cells
 * first, up to a number of rows.
 */
static int32 *
rows_around(const Repair *r, int32 most, int32 *nrows)
{
	SuppressTable *table = r->whole;
	int32		own = (int32) cell_size(table, r->primary);
	int32	   *row = palloc_extended(sizeof(int32) * (Size) (own + most), MCXT_ALLOC_HUGE);
	int32		n = 0;
	int32		ncells;
	int32	   *cell;

	for (int64 i = table->start[r->primary]; i < table->start[r->primary + 1]; i++)
		row[n++] = SUPPRESS_ROW(table->members[i]);
	n = sort_unique(row, n);
	cell = cells_around(r, row, n, &ncells);
	qsort_arg(cell, ncells, sizeof(int32), compare_size, table);
	for (int32 i = 0; i < ncells; i++)
	{
		int64		size = cell_size(table, cell[i]);

		if (n + size > own + most)
			break;
		for (int64 j = table->start[cell[i]]; j < table->start[cell[i] + 1]; j++)
			row[n++] = SUPPRESS_ROW(table->members[j]);
		n = sort_unique(row, n);
	}
	*nrows = n;
	return row;
}

static int
compare_values(const void *a, const void *b, void *arg)
{
	const Repair *r = arg;
	int32		x = *(const int32 *) a;
	int32		y = *(const int32 *) b;
	int64		xvalue = r->whole->value[r->cell[x]];
	int64		yvalue = r->whole->value[r->cell[y]];

	if (xvalue != yvalue)
		return xvalue > yvalue ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* Is a primary without its witnesses, and all of it inside the cut? */
static bool
fails_inside(const Repair *r, int32 c)
{
	int32		w = r->cell[c];

	return r->whole->role[w] == SUPPRESS_PRIMARY &&
		cell_size(r->whole, w) == cell_size(r->cut, c) &&
		!anonymity_suppress_wide_enough(r->whole, w, r->bounds[w], r->goal);
}

/* Cut the surroundings of the primary out of the whole. */
static void
make_cut(Repair *r, int32 most)
{
	SuppressTable *whole = r->whole;
	int32		nrows;
	int32	   *row = rows_around(r, most, &nrows);
	int32		ncells;

	r->cell = cells_around(r, row, nrows, &ncells);
	r->cut = anonymity_suppress_table_cut(whole, row, nrows, r->cell, ncells);
	r->choice = palloc(sizeof(int32) * ncells);
	r->failing = palloc(sizeof(int32) * ncells);
	r->reached = palloc(sizeof(SuppressBounds) * ncells);
	for (int32 c = 0; c < ncells; c++)
	{
		int32		w = r->cell[c];

		if (fails_inside(r, c))
			r->failing[r->nfailing++] = c;
		/* a shown zero holds its rows down; giving it up gains nothing */
		if (!whole->suppressed[w] && whole->role[w] == SUPPRESS_CANDIDATE && whole->value[w] > 0)
			r->choice[r->nchoices++] = c;
	}
	qsort_arg(r->choice, r->nchoices, sizeof(int32), compare_values, r);
}

/* ---- giving back ---- */

/* Have all of them their witnesses with what is withheld in the cut now? */
static bool
protected_now(Repair *r)
{
	SuppressTable *cut = r->cut;
	MemoryContext old = MemoryContextSwitchTo(r->trial);
	SuppressBounds *bounds = palloc(sizeof(SuppressBounds) * cut->ncells);
	bool		held = true;

	for (int32 c = 0; c < cut->ncells; c++)
		bounds[c].low = bounds[c].high = cut->value[c];
	anonymity_suppress_intervals(cut, anonymity_suppress_bind(cut), r->goal, r->failing, r->nfailing, bounds);
	for (int i = 0; i < r->nfailing; i++)
		held &= anonymity_suppress_wide_enough(cut, r->failing[i], bounds[r->failing[i]], r->goal);
	if (held)
		memcpy(r->reached, bounds, sizeof(SuppressBounds) * cut->ncells);
	MemoryContextSwitchTo(old);
	MemoryContextReset(r->trial);
	return held;
}

static void
set_withheld(Repair *r, int from, int to, bool withheld)
{
	for (int i = from; i < to; i++)
		r->cut->suppressed[r->choice[i]] = withheld;
}

/* Give back choices [from, to), in halves if that is too much at once. */
static void
give_back(Repair *r, int from, int to)
{
	CHECK_FOR_INTERRUPTS();
	if (from >= to)
		return;
	set_withheld(r, from, to, false);
	if (protected_now(r))
		return;
	set_withheld(r, from, to, true);
	if (to - from > 1)
	{
		int			middle = from + (to - from) / 2;

		give_back(r, from, middle);
		give_back(r, middle, to);
	}
}

/* Protect the primary within one cut; false if the cut is too small for it. */
static bool
repair_in_cut(Repair *r, int32 most)
{
	make_cut(r, most);
	if (!protected_now(r))
	{
		set_withheld(r, 0, r->nchoices, true);
		if (!protected_now(r))
			return false;
		give_back(r, 0, r->nchoices);
	}
	for (int i = 0; i < r->nchoices; i++)
	{
		if (r->cut->suppressed[r->choice[i]])
			r->whole->suppressed[r->cell[r->choice[i]]] = true;
	}
	for (int i = 0; i < r->nfailing; i++)
		r->bounds[r->cell[r->failing[i]]] = r->reached[r->failing[i]];
	return true;
}

/*
 * Withhold what it takes to give a primary its witnesses, and its neighbours
 * without any theirs: one of about nrepairs such calls.  Bounds are updated;
 * false if it cannot be done.
 */
bool
anonymity_suppress_repair(SuppressTable *table, const SuppressHoldings *holdings, SuppressGoal goal,
						  int32 primary, int nrepairs, SuppressBounds *bounds)
{
	int32		first = Min(Max(SHARED_ROWS / nrepairs, LEAST_CUT), MOST_CUT);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "suppression repair",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	bool		repaired = false;

	for (int32 most = first; !repaired && most <= LAST_CUT; most *= CUT_GROWTH)
	{
		Repair		r = {0};

		r.whole = table;
		r.holdings = holdings;
		r.goal = goal;
		r.bounds = bounds;
		r.primary = primary;
		r.trial = AllocSetContextCreate(context, "suppression trial", ALLOCSET_DEFAULT_SIZES);
		repaired = repair_in_cut(&r, most);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return repaired;
}
