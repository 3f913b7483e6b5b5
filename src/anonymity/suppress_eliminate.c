/*-------------------------------------------------------------------------
 *
 * suppress_eliminate.c
 *	  Decides which cells may be published, by exact Gaussian elimination.
 *
 * What is published is a system of linear equations in the inner cells (rows).
 * A primary cell can be recomputed exactly when its vector is a combination of
 * published ones.  Cells are taken in order; each is published unless it would
 * make some primary a combination of what is out already.  Once published, it
 * binds one of its rows: that row is from then on an expression in free rows,
 * and every vector that is watched (primaries, expressions of other bound
 * rows) has it replaced.  A primary whose vector becomes empty is exposed.
 *
 * The contributor of a singleton, who knows that one cell, is kept from
 * computing another primary: no two vectors with one direction may be a
 * singleton's and another's (suppress_watch.c).
 *
 * The method is Langsrud (2024), "Secondary cell suppression by Gaussian
 * elimination: an algorithm suitable for handling issues with zeros and
 * singletons"; the modular arithmetic and the hashes are ours.
 *
 * src/anonymity/suppress_eliminate.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "suppress_eliminate.h"
#include "suppress_watch.h"

#include "gf61.h"

#include "miscadmin.h"
#include "utils/memutils.h"

typedef struct Elimination
{
	SuppressTable *table;
	SuppressSystem *system;
	SuppressWatch *watch;		/* primaries and the expressions of bound rows */
	SuppressSum *sum;
	bool	   *alone;			/* rows at the least value outsiders allow */
	bool	   *related;		/* lone rows in a difference met so far */
} Elimination;

/* A cell in terms of the rows that are free now. */
static SuppressVector *
reduce_cell(Elimination *e, int32 c)
{
	SuppressTable *table = e->table;

	for (int64 i = table->start[c]; i < table->start[c + 1]; i++)
	{
		int32		row = SUPPRESS_ROW(table->members[i]);
		bool		minus = table->members[i] & 1;
		SuppressVector *expression = e->system->expression[row];

		if (e->system->state[row] == SUPPRESS_ROW_FREE)
			anonymity_suppress_sum_add(e->sum, row, minus ? GF61_MINUS_ONE : 1);
		else if (e->system->state[row] == SUPPRESS_ROW_BOUND && expression != NULL)
		{
			for (int32 j = 0; j < expression->n; j++)
				anonymity_suppress_sum_add(e->sum, expression->row[j],
										   minus ? gf61_neg(expression->value[j]) : expression->value[j]);
		}
	}
	return anonymity_suppress_sum_finish(e->sum);
}

/* ---- one candidate ---- */

static uint64
unit_inverse(uint64 value)
{
	return value == 1 || value == GF61_MINUS_ONE ? value : gf61_inverse(value);
}

/*
 * The row a candidate shall bind: not a lone one, if possible with the
 * coefficient 1 or -1, which keeps numbers small, and of these the one that
 * the fewest watched vectors hold.
 */
static int32
choose_pivot(Elimination *e, const SuppressVector *candidate)
{
	int32		best = -1;
	int			best_rank = -1;

	for (int32 i = 0; i < candidate->n; i++)
	{
		bool		unit = candidate->value[i] == 1 || candidate->value[i] == GF61_MINUS_ONE;
		int			rank = (e->alone[candidate->row[i]] ? 0 : 2) + (unit ? 1 : 0);

		if (rank > best_rank ||
			(rank == best_rank &&
			 e->watch->holders[candidate->row[i]].live < e->watch->holders[candidate->row[best]].live))
		{
			best = i;
			best_rank = rank;
		}
	}
	return best;
}

/*
 * The watched vector that becomes the expression of a row: a primary that is
 * this row alone, or a new one.
 */
static int32
watch_row(Elimination *e, int32 row, uint64 factor)
{
	SuppressWatch *watch = e->watch;
	SuppressVector *unit;
	int32		own;

	for (int32 i = 0; i < watch->nchanged; i++)
	{
		Watched    *watched = &watch->watched[watch->changed[i]];

		if (watched->vector->n == 1 && watched->vector->value[0] == 1 && watched->row < 0)
			return watch->changed[i];
	}
	unit = anonymity_suppress_vector_alloc(1);
	unit->row[0] = row;
	unit->value[0] = 1;
	own = anonymity_suppress_watch_add(watch, unit, -1);
	watch->changed[watch->nchanged] = own;
	watch->factor[watch->nchanged++] = factor;
	return own;
}

/* The row of the pivot is from now on what the published candidate says. */
static void
bind_row(Elimination *e, SuppressVector *candidate, int32 pivot)
{
	int32		row = candidate->row[pivot];
	int32		own;

	Assert(pivot >= 0 && pivot < candidate->n);
	Assert(e->system->state[row] == SUPPRESS_ROW_FREE);
	/* one that is a constant needs no expression */
	if (candidate->n > 1)
	{
		own = watch_row(e, row, unit_inverse(candidate->value[pivot]));
		e->watch->watched[own].row = row;
	}
	anonymity_suppress_watch_apply(e->watch, candidate);
	anonymity_suppress_watch_forget_row(e->watch, row);
	e->system->state[row] = SUPPRESS_ROW_BOUND;
}

static void
refuse_required(Elimination *e, int32 c, int32 primary, const char *how)
{
	SuppressTable *table = e->table;

	ereport(ERROR,
			(errcode(SUPPRESS_ERRCODE_EXPOSED),
			 suppress_errcell(table->cell[primary]),
			 errmsg("required cell " INT64_FORMAT " would expose primary cell " INT64_FORMAT,
					table->cell[c], table->cell[primary]),
			 errdetail("%s", how),
			 errhint("Do not require that cell, or leave out cells that it can be compared with.")));
}

/* Is the candidate made up of lone rows only? */
static bool
only_lone_rows(Elimination *e, const SuppressVector *candidate)
{
	for (int32 i = 0; i < candidate->n; i++)
	{
		if (!e->alone[candidate->row[i]])
			return false;
	}
	return candidate->n > 0;
}

/*
 * A candidate of lone rows only is not published as a rule: a sum of m cells
 * that cannot be 0 is m when each of them is 1.  A difference of lone rows
 * tells nothing of that kind.  Several differences could add up to a sum, but
 * not when each row is in at most one of them.
 */
static bool
tells_lone_rows(Elimination *e, const SuppressVector *candidate)
{
	bool		plus = false;
	bool		minus = false;

	if (!only_lone_rows(e, candidate))
		return false;
	for (int32 i = 0; i < candidate->n; i++)
	{
		if (e->related[candidate->row[i]])
			return true;
		if (gf61_signed(candidate->value[i]) < 0)
			minus = true;
		else
			plus = true;
	}
	return !plus || !minus;
}

/*
 * The rows of a difference are not used in another, even if it turns out that
 * the first must not be published: as in Langsrud's program, whose sets can so
 * be compared with ours cell by cell.  It withholds little more.
 */
static void
relate_lone_rows(Elimination *e, const SuppressVector *candidate)
{
	if (!only_lone_rows(e, candidate))
		return;
	for (int32 i = 0; i < candidate->n; i++)
		e->related[candidate->row[i]] = true;
}

static void
refuse_lone(Elimination *e, int32 c, const char *how)
{
	ereport(ERROR,
			(errcode(SUPPRESS_ERRCODE_LONE),
			 errmsg("required cell " INT64_FORMAT " would expose cells of a single person",
					e->table->cell[c]),
			 errdetail("%s", how),
			 errhint("Do not require that cell, or leave out cells that it can be compared with.")));
}

/* The primary that publishing the candidate would disclose, or -1. */
static int32
find_disclosed(Elimination *e, int32 c, const SuppressVector *candidate, int32 pivot)
{
	uint64		inverse = unit_inverse(candidate->value[pivot]);
	uint64		hash1;
	uint64		hash2;
	int32		disclosed;

	anonymity_suppress_vector_hash(candidate, &hash1, &hash2);
	anonymity_suppress_watch_collect(e->watch, candidate->row[pivot]);
	for (int32 i = 0; i < e->watch->nchanged; i++)
		e->watch->factor[i] = gf61_scale(inverse, e->watch->factor[i]);

	disclosed = anonymity_suppress_watch_find_exposed(e->watch, hash1, hash2);
	if (disclosed >= 0 && e->table->role[c] == SUPPRESS_REQUIRED)
		refuse_required(e, c, disclosed, "The primary cell can be computed from the required cells.");
	if (disclosed >= 0)
		return disclosed;
	anonymity_suppress_watch_change_hashes(e->watch, hash1, hash2);
	if (e->watch->directions == NULL || (disclosed = anonymity_suppress_watch_change_directions(e->watch)) < 0)
		return -1;
	if (e->table->role[c] == SUPPRESS_REQUIRED)
		refuse_lone(e, c, "The only contributor of a primary cell could compute another.");
	anonymity_suppress_watch_change_hashes(e->watch, gf61_neg(hash1), gf61_neg(hash2));
	anonymity_suppress_watch_restore_directions(e->watch);
	return disclosed;
}

/* Publish a cell if that discloses nothing; false if it has to be withheld. */
static bool
try_publish(Elimination *e, int32 c)
{
	SuppressVector *candidate = reduce_cell(e, c);
	int32		pivot = choose_pivot(e, candidate);
	bool		publish = true;

	if (tells_lone_rows(e, candidate))
	{
		publish = false;
		if (e->table->role[c] == SUPPRESS_REQUIRED)
			refuse_lone(e, c, "What it adds to the other required cells is a sum of such cells only.");
	}
	else if (pivot >= 0)
	{
		relate_lone_rows(e, candidate);
		publish = find_disclosed(e, c, candidate, pivot) < 0;
		if (publish)
			bind_row(e, candidate, pivot);
	}
	pfree(candidate);
	return publish;
}

/* ---- zeros ---- */

/* Is this a published zero that says that each of its rows is zero? */
static bool
fixes_zero(const SuppressTable *table, int32 c)
{
	if (table->value[c] != 0)
		return false;
	for (int64 i = table->start[c]; i < table->start[c + 1]; i++)
	{
		if (table->members[i] & 1)
			return false;
	}
	return true;
}

/* The primary that has no row left when those of c are zero, or -1. */
static int32
find_emptied(Elimination *e, int32 c)
{
	SuppressTable *table = e->table;
	int32		step = ++e->watch->step;

	for (int64 i = table->start[c]; i < table->start[c + 1]; i++)
	{
		int32		row = SUPPRESS_ROW(table->members[i]);
		Holders    *h = &e->watch->holders[row];

		if (e->system->state[row] == SUPPRESS_ROW_ZERO)
			continue;
		for (int32 j = 0; j < h->n; j++)
		{
			Watched    *watched = &e->watch->watched[h->watched[j]];

			if (watched->seen != step)
			{
				watched->seen = step;
				watched->lost = 0;
			}
			if (++watched->lost == watched->vector->n)
				return watched->cell;
		}
	}
	return -1;
}

/* Publish a zero: counts are not negative, so all of its rows are zero. */
static bool
try_publish_zero(Elimination *e, int32 c)
{
	SuppressTable *table = e->table;
	int32		exposed = find_emptied(e, c);
	SuppressVector *unit;

	if (exposed >= 0)
	{
		if (table->role[c] == SUPPRESS_REQUIRED)
			refuse_required(e, c, exposed, "The required cell is zero, so all that it sums are zero.");
		return false;
	}
	unit = anonymity_suppress_vector_alloc(1);
	unit->value[0] = 1;
	for (int64 i = table->start[c]; i < table->start[c + 1]; i++)
	{
		int32		row = SUPPRESS_ROW(table->members[i]);

		if (e->system->state[row] == SUPPRESS_ROW_ZERO)
			continue;
		unit->row[0] = row;
		anonymity_suppress_watch_collect(e->watch, row);
		anonymity_suppress_watch_apply(e->watch, unit);
		e->system->state[row] = SUPPRESS_ROW_ZERO;
	}
	pfree(unit);
	return true;
}

/* ---- the run ---- */

static Elimination *
elimination_begin(SuppressTable *table)
{
	Elimination *e = palloc0(sizeof(Elimination));
	Size		n = Max(table->nrows, 1);

	e->table = table;
	e->system = palloc(sizeof(SuppressSystem));
	e->system->state = palloc_extended(n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	e->system->expression = palloc_extended(sizeof(SuppressVector *) * n,
											MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	e->watch = anonymity_suppress_watch_create(table->nrows, e->system->expression);
	e->alone = palloc_extended(sizeof(bool) * n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	e->related = palloc_extended(sizeof(bool) * n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	e->sum = anonymity_suppress_sum_create(table->nrows);
	return e;
}

/*
 * Enter the watched cells under their directions.  Cells that are the same to
 * begin with (a parent and its only child) are one secret: the first stands
 * for all, and a singleton does not disclose itself by meeting its double.
 *
 * One who is alone in a cell knows its value.  A single person's 1 is lone:
 * who sees that zeros are shown knows that such a cell is at least 1.
 */
static void
enter_watched(Elimination *e, bool singletons)
{
	SuppressTable *table = e->table;

	anonymity_suppress_watch_begin_directions(e->watch);
	for (int32 w = 0; w < e->watch->nwatched; w++)
	{
		Watched    *watched = &e->watch->watched[w];
		int32		c = watched->cell;
		bool		knows;

		CHECK_FOR_INTERRUPTS();
		if (watched->vector->n == 0)
			ereport(ERROR,
					(errcode(SUPPRESS_ERRCODE_EXPOSED),
					 suppress_errcell(table->cell[c]),
					 errmsg("primary cell " INT64_FORMAT " is already exposed", table->cell[c]),
					 errdetail("All of its inner cells are known to be zero.")));
		knows = table->singleton[c] == SUPPRESS_ALONE || (table->singleton[c] == SUPPRESS_ONE && table->value[c] != 1);
		if (!anonymity_suppress_watch_enter_direction(e->watch, w, knows))
			continue;
		if (singletons && watched->vector->n == 1 && table->value[c] <= 1 &&
			(table->singleton[c] != SUPPRESS_SEVERAL || table->value[c] == 0))
			e->alone[watched->vector->row[0]] = true;
	}
	if (!singletons)
		anonymity_suppress_watch_end_directions(e->watch);
}

/* Take the cells in turn that are not suppressed yet. */
static SuppressSystem *
elimination_run(Elimination *e, bool singletons)
{
	SuppressTable *table = e->table;

	for (int i = 0; i < table->norder; i++)
	{
		int32		c = table->order[i];

		CHECK_FOR_INTERRUPTS();
		if (!table->suppressed[c] && fixes_zero(table, c))
			table->suppressed[c] = !try_publish_zero(e, c);
	}
	enter_watched(e, singletons);
	for (int i = 0; i < table->norder; i++)
	{
		int32		c = table->order[i];

		CHECK_FOR_INTERRUPTS();
		if (!table->suppressed[c] && !fixes_zero(table, c))
			table->suppressed[c] = !try_publish(e, c);
		if (i % 1024 == 0)
			anonymity_suppress_table_check_memory(table);
	}
	return e->system;
}

/* Decide for every cell whether it is suppressed. */
SuppressSystem *
anonymity_suppress_eliminate(SuppressTable *table, bool singletons)
{
	Elimination *e = elimination_begin(table);

	for (int32 c = 0; c < table->ncells; c++)
	{
		CHECK_FOR_INTERRUPTS();
		table->suppressed[c] = table->role[c] == SUPPRESS_PRIMARY ||
			table->role[c] == SUPPRESS_HIDDEN;
		if (table->role[c] == SUPPRESS_PRIMARY)
			anonymity_suppress_watch_add(e->watch, reduce_cell(e, c), c);
	}
	return elimination_run(e, singletons);
}

/*
 * The system of what is published already, with nothing left to decide.  Less
 * is published than when it was decided, so nothing needs to be watched.
 */
SuppressSystem *
anonymity_suppress_bind(SuppressTable *table)
{
	return elimination_run(elimination_begin(table), false);
}
