/*-------------------------------------------------------------------------
 *
 * rounding_again.c
 *	  A later release of the same counts: only what is due moves.
 *
 * An area is due when enough persons changed in it.  From the country down, a
 * due area whose total is off by the base or more gets one of its blocks moved
 * towards the truth: a due one, or else one that was within the step before and
 * still is.  Of the latter a move tells nothing but that; each is moved so once.
 * Members follow their totals, and those of due areas come nearer to the truth
 * in the same two ways.
 *
 * src/anonymity/rounding_again.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rounding.h"

#include "keys.h"
#include "miscadmin.h"

/* What is moved for one area may put another off. */
#define PASSES 3
/* Swaps in one strip; each lowers the cost, so there is an end anyway. */
#define SWAPS 100

typedef struct Candidate
{
	uint64		key;
	int32		block;
} Candidate;

typedef struct Again
{
	RoundingTable *t;
	int64	   *before;			/* units, by row */
	int64	   *was;			/* the truth then, by row */
	bool	   *moved;			/* without being due, by row */
	bool	   *due;			/* by area; of the series at hand */
	int32	   *total;			/* area -> cell of its total, or -1 */
	int32		first;			/* blocks of the series at hand */
	int32		last;
	Candidate  *candidate;		/* blocks of the area at hand, in keyed order */
	int32		ncandidates;
} Again;

/* ---- the series and the area at hand ---- */

static void
mark_due(Again *g, const RoundingInput *input, int32 series)
{
	memset(g->due, 0, g->t->tree.n);
	for (int32 i = 0; i < input->ndue; i++)
	{
		int32		area = rounding_tree_find(&g->t->tree, input->due_area[i]);

		if (input->due_series[i] == series && area >= 0)
			g->due[area] = true;
	}
}

static void
find_totals(Again *g)
{
	RoundingTable *t = g->t;

	for (int32 area = 0; area < t->tree.n; area++)
		g->total[area] = -1;
	for (int32 b = g->first; b < g->last; b++)
	{
		int32		i = t->start[t->block[b].row];

		for (int32 area = t->block[b].area; area >= 0; area = t->tree.parent[area])
			g->total[area] = t->cell[i++];
	}
}

static int
compare_candidates(const void *a, const void *b)
{
	const Candidate *x = a;
	const Candidate *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->block > y->block) - (x->block < y->block);
}

/* The first block of the series at hand that lies in a place or after it. */
static int32
first_block(const Again *g, int32 area)
{
	int32		low = g->first,
				high = g->last;

	while (low < high)
	{
		int32		middle = low + (high - low) / 2;

		if (g->t->block[middle].area < area)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
list_candidates(Again *g, int32 area)
{
	RoundingTable *t = g->t;

	g->ncandidates = 0;
	for (int32 b = first_block(g, area); b < g->last && t->block[b].area < t->tree.end[area]; b++)
	{
		Candidate  *c = &g->candidate[g->ncandidates++];
		uint64		word = anonymity_siphash(t->key, (uint64) (uint32) t->tree.id[t->block[b].area] << 32 | (uint32) t->tree.id[area]);

		c->key = anonymity_siphash(t->key, word + (uint64) (uint32) t->block[b].series);
		c->block = b;
	}
	qsort(g->candidate, g->ncandidates, sizeof(Candidate), compare_candidates);
}

/* ---- totals ---- */

/* Do the truth then and the truth now both lie inside the step? */
static bool
inside_step(const Again *g, int32 row, int32 direction)
{
	const RoundingTable *t = g->t;
	int64		from = t->units[row] * t->base;
	int64		to = from + direction * t->base;
	int64		low = Min(from, to);
	int64		high = Max(from, to);

	return t->count[row] > low && t->count[row] < high && g->was[row] > low && g->was[row] < high;
}

static bool
within(const Again *g, int32 area, int32 direction)
{
	int64		e = g->t->error[g->total[area]] + direction * g->t->base;

	return llabs(e) < g->t->base;
}

/* A due block may move if all areas between are due, and none is worse off for it. */
static bool
due_may_move(const Again *g, int32 b, int32 area, int32 direction)
{
	const RoundingTable *t = g->t;

	if (rounding_way(t, t->block[b].row) != direction)
		return false;
	for (int32 a = t->block[b].area; a >= 0 && (a != area || a == t->block[b].area); a = t->tree.parent[a])
	{
		int64		e = t->error[g->total[a]];

		if (!g->due[a] || (!within(g, a, direction) && llabs(e + direction * t->base) >= llabs(e)))
			return false;
		if (a == area)
			break;
	}
	return true;
}

static bool
other_may_move(const Again *g, int32 b, int32 area, int32 direction)
{
	const RoundingTable *t = g->t;

	if (g->moved[t->block[b].row] || !inside_step(g, t->block[b].row, direction))
		return false;
	for (int32 a = t->block[b].area; a >= 0 && a != area; a = t->tree.parent[a])
	{
		if (!within(g, a, direction))
			return false;
	}
	return true;
}

/* Of the due ones that which is off most, of the others the first; -1: none. */
static int32
choose_block(Again *g, int32 area, int32 direction)
{
	RoundingTable *t = g->t;
	int32		best = -1;
	int64		most = 0;

	for (int32 i = 0; i < g->ncandidates; i++)
	{
		int32		b = g->candidate[i].block;
		int64		off = llabs(t->count[t->block[b].row] - t->units[t->block[b].row] * t->base);

		if (due_may_move(g, b, area, direction) && off > most)
		{
			best = b;
			most = off;
		}
	}
	for (int32 i = 0; i < g->ncandidates && best < 0; i++)
	{
		if (other_may_move(g, g->candidate[i].block, area, direction))
		{
			best = g->candidate[i].block;
			g->moved[t->block[best].row] = true;
		}
	}
	return best;
}

static bool
settle_total(Again *g, int32 area)
{
	RoundingTable *t = g->t;
	bool		any = false;

	list_candidates(g, area);
	for (;;)
	{
		int64		e = t->error[g->total[area]];
		int32		direction = e > 0 ? -1 : 1;
		int32		b = llabs(e) < t->base ? -1 : choose_block(g, area, direction);

		CHECK_FOR_INTERRUPTS();
		if (b < 0)
			return any;
		rounding_shift(t, t->block[b].row, direction);
		any = true;
	}
}

static void
settle_totals(Again *g)
{
	RoundingTable *t = g->t;
	bool		any = true;

	for (int pass = 0; pass < PASSES && any; pass++)
	{
		any = false;
		for (int32 area = 0; area < t->tree.n; area++)
		{
			if (g->due[area] && g->total[area] >= 0 && llabs(t->error[g->total[area]]) >= t->base)
				any |= settle_total(g, area);
		}
	}
}

/* ---- members ---- */

/* Members of a total that moved towards the truth: one of them lies that way. */
static void
follow_total(Again *g, const RoundingStrip *strip)
{
	RoundingTable *t = g->t;
	int32		total = t->block[strip->block].row;
	int64		off = t->units[total] - g->before[total];
	int32		direction = off > 0 ? 1 : -1;

	for (; off != 0; off -= direction)
	{
		int32		row = rounding_cheapest_member(t, strip, direction);

		if (row < 0)
			elog(ERROR, "no member of breakdown %d can follow its total", strip->breakdown);
		rounding_shift(t, row, direction);
	}
}

static double
swap_cost(RoundingTable *t, int32 a, int32 b, int32 direction)
{
	double		cost = rounding_shift_cost(t, a, direction, ROUNDING_ALL);

	rounding_shift(t, a, direction);
	cost += rounding_shift_cost(t, b, -direction, ROUNDING_ALL);
	rounding_shift(t, a, -direction);
	return cost;
}

/* The best swap of two members whose truths lie opposite ways; false: none helps. */
static bool
improve_strip(RoundingTable *t, const RoundingStrip *strip)
{
	int32		up = -1,
				down = -1;
	double		least = 0;

	for (int32 a = strip->row; a < strip->row + strip->n; a++)
	{
		for (int32 b = strip->row; b < strip->row + strip->n && rounding_way(t, a) > 0; b++)
		{
			double		cost;

			if (rounding_way(t, b) >= 0)
				continue;
			cost = swap_cost(t, a, b, 1);
			if (cost < least)
			{
				least = cost;
				up = a;
				down = b;
			}
		}
	}
	if (up < 0)
		return false;
	rounding_shift(t, up, 1);
	rounding_shift(t, down, -1);
	return true;
}

static void
settle_members(Again *g, int32 b)
{
	RoundingTable *t = g->t;
	const RoundingBlock *block = &t->block[b];
	bool		changed = t->units[block->row] != g->before[block->row];

	for (int32 s = block->strip; s < block[1].strip; s++)
	{
		if (changed)
			follow_total(g, &t->strips[s]);
		for (int i = 0; i < SWAPS && (changed || g->due[block->area]) && improve_strip(t, &t->strips[s]); i++)
			CHECK_FOR_INTERRUPTS();
	}
}

/* Does a row's move bring a cell nearer that is off by the base or more in this very area? */
static bool
helps_area(const Again *g, int32 row, int32 area, int32 direction)
{
	const RoundingTable *t = g->t;
	int32		n = t->start[row + 1] - t->start[row];
	int32		depth = 0,
				above = 0;

	for (int32 a = t->block[t->strips[t->strip[row]].block].area; a >= 0; a = t->tree.parent[a])
		depth++;
	for (int32 a = area; a >= 0; a = t->tree.parent[a])
		above++;
	/* a row's cells are listed area by area, as many in each */
	for (int32 i = t->start[row] + n / depth * (depth - above); i < t->start[row] + n / depth * (depth - above + 1); i++)
	{
		int64		e = t->error[t->cell[i]];

		if (llabs(e) >= t->base && (e > 0) == (direction < 0))
			return true;
	}
	return false;
}

/* Two members that were and are inside their steps change places, once each. */
static void
force_strip(Again *g, const RoundingStrip *strip, int32 area)
{
	RoundingTable *t = g->t;

	for (int32 a = strip->row; a < strip->row + strip->n; a++)
	{
		int32		direction = rounding_way(t, a);

		if (direction == 0 || g->moved[a] || !inside_step(g, a, direction) || !helps_area(g, a, area, direction))
			continue;
		for (int32 b = strip->row; b < strip->row + strip->n; b++)
		{
			if (rounding_way(t, b) != -direction || g->moved[b] || !inside_step(g, b, -direction) ||
				swap_cost(t, a, b, direction) >= 0)
				continue;
			rounding_shift(t, a, direction);
			rounding_shift(t, b, -direction);
			g->moved[a] = g->moved[b] = true;
			break;
		}
	}
}

static void
force_members(Again *g, int32 area)
{
	RoundingTable *t = g->t;

	list_candidates(g, area);
	for (int32 i = 0; i < g->ncandidates; i++)
	{
		const RoundingBlock *block = &t->block[g->candidate[i].block];

		CHECK_FOR_INTERRUPTS();
		for (int32 s = block->strip; s < block[1].strip; s++)
			force_strip(g, &t->strips[s], area);
	}
}

/* ---- all of it ---- */

static void
begin(Again *g, RoundingTable *t, const RoundingInput *input)
{
	memset(g, 0, sizeof(Again));
	g->t = t;
	g->before = palloc_extended(mul_size(Max(t->nrows, 1), sizeof(int64)), MCXT_ALLOC_HUGE);
	g->was = palloc_extended(mul_size(Max(t->nrows, 1), sizeof(int64)), MCXT_ALLOC_HUGE);
	g->moved = palloc_extended(mul_size(Max(t->nrows, 1), sizeof(bool)), MCXT_ALLOC_HUGE);
	g->due = palloc(Max(t->tree.n, 1));
	g->total = palloc(sizeof(int32) * Max(t->tree.n, 1));
	g->candidate = palloc_extended(mul_size(Max(t->nblocks, 1), sizeof(Candidate)), MCXT_ALLOC_HUGE);
	for (int32 row = 0; row < t->nrows; row++)
	{
		t->units[row] = g->before[row] = input->row_before[t->origin[row]] / t->base;
		g->was[row] = input->row_was[t->origin[row]];
		g->moved[row] = input->row_moved[t->origin[row]];
	}
	rounding_add_errors(t, 0, t->nrows);
}

static void
again_series(Again *g, const RoundingInput *input)
{
	RoundingTable *t = g->t;

	mark_due(g, input, t->block[g->first].series);
	find_totals(g);
	settle_totals(g);
	for (int32 b = g->first; b < g->last; b++)
		settle_members(g, b);
	for (int32 area = 0; area < t->tree.n; area++)
	{
		if (g->due[area] && g->total[area] >= 0)
			force_members(g, area);
	}
}

/* Move from what was published before to what is published now. */
void
rounding_again(RoundingTable *t, const RoundingInput *input)
{
	Again		g;

	begin(&g, t, input);
	while (g.last < t->nblocks)
	{
		g.first = g.last;
		g.last = rounding_series_end(t, g.first);
		again_series(&g, input);
	}
}
