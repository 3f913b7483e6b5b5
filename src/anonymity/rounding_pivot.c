/*-------------------------------------------------------------------------
 *
 * rounding_pivot.c
 *	  Area totals: pivotal rounding along the tree (Deville and Tille 1998).
 *
 * Two open blocks of one area fight: one of them is decided, the other takes
 * over what is left of both residues.  So at most one block of an area is
 * open when its parts are done, and whatever becomes of it above, the area's
 * total is off by less than the base.  Every coin is a keyed function of the
 * series, the block's area and the area it fights in, and the expectation of
 * every total is its true value.
 *
 * src/anonymity/rounding_pivot.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rounding.h"

#include "keys.h"
#include "miscadmin.h"

/* A block that is not decided yet, and the residue that stands for it. */
typedef struct Open
{
	int32		block;			/* -1: none */
	int64		residue;
} Open;

/* From 0 to below 1; once for a block in each area, and once (0) at the end. */
static double
coin(const RoundingTable *t, int32 b, int32 area_id)
{
	const RoundingBlock *block = &t->block[b];
	uint64		leaf = (uint64) (uint32) t->tree.id[block->area] << 32 | (uint32) area_id;
	uint64		word = anonymity_siphash(t->key, leaf) ^ (uint64) (uint32) block->series;

	return (double) (anonymity_siphash(t->key, word) >> 11) / (double) (UINT64CONST(1) << 53);
}

static void
raise_block(RoundingTable *t, int32 block)
{
	t->units[t->block[block].row]++;
}

/* One of open and other is decided; what comes back is what stays open. */
static Open
fight(RoundingTable *t, Open open, Open other, int32 area)
{
	int64		s = open.residue + other.residue;
	double		u = coin(t, other.block, t->tree.id[area]);
	Open		left = {-1, 0};

	if (s < t->base)
	{
		left = u * s < open.residue ? open : other;
		left.residue = s;
	}
	else if (s == t->base)
		raise_block(t, u * s < open.residue ? open.block : other.block);
	else
	{
		bool		raise_open = u * (2 * t->base - s) < t->base - other.residue;

		raise_block(t, raise_open ? open.block : other.block);
		left = raise_open ? other : open;
		left.residue = s - t->base;
	}
	return left;
}

static Open
meet(RoundingTable *t, Open a, Open b, int32 area)
{
	if (a.block < 0)
		return b;
	if (b.block < 0)
		return a;
	return fight(t, a, b, area);
}

/* A block's own residue joins those of the parts of its area. */
static void
join_block(RoundingTable *t, Open *open, int32 b)
{
	RoundingBlock *block = &t->block[b];
	Open		own = {b, rounding_residue(t, block->row)};

	if (own.residue == 0)
		return;
	open[block->area] = meet(t, open[block->area], own, block->area);
}

/* Whole areas hand on what is open; the outermost ones decide it. */
static void
close_areas(RoundingTable *t, Open *open)
{
	for (int32 area = t->tree.n - 1; area >= 0; area--)
	{
		int32		parent = t->tree.parent[area];
		Open		left = open[area];

		if (left.block < 0)
			continue;
		if (parent >= 0)
			open[parent] = meet(t, open[parent], left, parent);
		else if (coin(t, left.block, 0) * t->base < left.residue)
			raise_block(t, left.block);
	}
}

static void
pivot_series(RoundingTable *t, Open *open, int32 first, int32 last)
{
	for (int32 area = 0; area < t->tree.n; area++)
		open[area].block = -1;
	for (int32 b = first; b < last; b++)
		join_block(t, open, b);
	close_areas(t, open);
}

/* Put all rows at the base below the truth, and decide which totals rise from it. */
void
rounding_pivot(RoundingTable *t)
{
	Open	   *open = palloc_extended(mul_size(Max(t->tree.n, 1), sizeof(Open)), MCXT_ALLOC_HUGE);

	for (int32 row = 0; row < t->nrows; row++)
		t->units[row] = t->count[row] / t->base;
	for (int32 first = 0, last; first < t->nblocks; first = last)
	{
		CHECK_FOR_INTERRUPTS();
		last = rounding_series_end(t, first);
		pivot_series(t, open, first, last);
	}
	pfree(open);
}
