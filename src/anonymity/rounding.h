/*-------------------------------------------------------------------------
 *
 * rounding.h
 *	  The parts of additive rounding and what they share.
 *
 *	  rounding_table.c		the counts unpacked: areas, rows, published cells
 *	  rounding_cost.c		how far cells are off, what a step costs
 *	  rounding_pivot.c		area totals: keyed pivotal rounding on the tree
 *	  rounding_search.c		members under their totals: local search
 *	  rounding_again.c		a later release, which moves only what is due
 *	  rounding.c			the functions that SQL calls
 *
 * A "row" is an inner count: of one series (an indicator in a period) in one
 * finest area, either the total or one member of a breakdown.  A "block" is
 * all rows of a series in an area, a "strip" those of one breakdown in a
 * block, which add up to the block's total.  A "cell" is a published sum of
 * rows.  Rounded values are kept in units of the base.
 *
 * src/anonymity/rounding.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_ANONYMITY_ROUNDING_H
#define CIVIC_ANONYMITY_ROUNDING_H

#include "compat.h"

#include "utils/memutils.h"

/* Errors have SQLSTATEs of their own, so that a publication can tell them. */
#define ROUNDING_ERRCODE_LARGEST	MAKE_SQLSTATE('R', 'D', '0', '0', '1')	/* a member is off by
																			 * too much */

#define ROUNDING_BASE_MAX 1000
/* The largest count: sums of counts stay far from overflow. */
#define ROUNDING_COUNT_MAX INT64CONST(1000000000000)

typedef struct RoundingTree
{
	int32		n;				/* areas, in pre-order: a parent before its
								 * parts */
	int32	   *id;
	int32	   *parent;			/* place, or -1 */
	int32	   *end;			/* one past the last area that lies in it */
	int32	   *by_id;			/* places in the order of ids */
} RoundingTree;

typedef struct RoundingBlock
{
	int32		area;			/* place in the tree */
	int32		series;
	int32		row;			/* its total; members follow */
	int32		strip;			/* first strip; the next block's ends them */
	int32		near;			/* blocks of the smallest area with others in
								 * it */
	int32		near_n;
} RoundingBlock;

typedef struct RoundingStrip
{
	int32		block;
	int32		breakdown;
	int32		row;			/* first row */
	int32		n;
} RoundingStrip;

typedef enum RoundingKind
{
	ROUNDING_TOTAL,				/* of an area: bound by base - 1 */
	ROUNDING_MEMBER,
	ROUNDING_CARRIED			/* a total with those of earlier periods */
} RoundingKind;

/* What counts as the cost of a move. */
typedef enum RoundingPrice
{
	ROUNDING_ALL,				/* squares of errors, and the penalty */
	ROUNDING_PENALTY			/* being off by the base and more */
} RoundingPrice;

#define ROUNDING_PRICES 2

typedef struct RoundingTable
{
	MemoryContext context;
	int32		base;
	int32		largest;		/* no member is to be off by more */
	uint64		key[2];
	RoundingTree tree;

	int32		nrows;
	int32	   *origin;			/* place in the caller's arrays */
	int32	   *member;			/* 0 is the total */
	int32	   *strip;			/* of the total of block b: -1 - b */
	int64	   *count;
	int64	   *units;			/* the rounded value divided by the base */

	int32		nblocks;
	RoundingBlock *block;		/* one more than nblocks, for its ends */
	int32		nstrips;
	RoundingStrip *strips;
	bool		overlapping;	/* do two members of a strip share a cell? */

	int32		ncells;
	int64	   *error;			/* rounded less true */
	uint8	   *kind;			/* RoundingKind */
	int32	   *start;			/* row -> its cells: cell[start[r] .. start[r
								 * + 1]) */
	int32	   *cell;
	double	   *step_cost[ROUNDING_PRICES * 2]; /* what a step up, down costs
												 * at an error */
} RoundingTable;

/* What the caller's arrays hold. */
typedef struct RoundingInput
{
	int32		nareas;
	const int32 *area;
	const int32 *parent;		/* 0: none */
	int32		nmembers;
	const int32 *member;
	const int32 *breakdown;
	int32		nsums;			/* 0: each member is published by itself */
	const int32 *sum_member;
	const int32 *sum;
	int32		nrows;
	const int32 *row_area;
	const int32 *row_series;
	const int32 *row_member;
	const int64 *row_count;
	int32		ncarried;
	const int32 *carried_area;
	const int32 *carried_series;
	const int64 *carried;
	const int64 *row_before;	/* again: what was published, what was true */
	const int64 *row_was;
	const bool *row_moved;		/* again: already moved without being due */
	int32		ndue;
	const int32 *due_area;
	const int32 *due_series;
} RoundingInput;

/* A stream of numbers that depends on the key alone (splitmix64). */
typedef struct RoundingDraw
{
	uint64		state;
} RoundingDraw;

static inline uint64
rounding_draw(RoundingDraw *draw)
{
	uint64		x = (draw->state += UINT64CONST(0x9E3779B97F4A7C15));

	x = (x ^ (x >> 30)) * UINT64CONST(0xBF58476D1CE4E5B9);
	x = (x ^ (x >> 27)) * UINT64CONST(0x94D049BB133111EB);
	return x ^ (x >> 31);
}

/* From 0 to n - 1. */
static inline int32
rounding_draw_below(RoundingDraw *draw, int32 n)
{
	return (int32) (((rounding_draw(draw) >> 32) * (uint64) n) >> 32);
}

static inline int64
rounding_residue(const RoundingTable *t, int32 row)
{
	return t->count[row] % t->base;
}

/* One past the last block of a block's series. */
static inline int32
rounding_series_end(const RoundingTable *t, int32 first)
{
	int32		last = first;

	while (last < t->nblocks && t->block[last].series == t->block[first].series)
		last++;
	return last;
}

/* Which way a row's truth lies: 1 up, -1 down, 0 where it stands. */
static inline int32
rounding_way(const RoundingTable *t, int32 row)
{
	int64		rounded = t->units[row] * t->base;

	return (rounded < t->count[row]) - (rounded > t->count[row]);
}

extern RoundingTable *rounding_table_build(const RoundingInput *input, int32 base, int32 largest,
										   const uint64 key[2]);
extern int32 rounding_tree_find(const RoundingTree *tree, int32 id);
extern void rounding_pivot(RoundingTable *table);
extern void rounding_search(RoundingTable *table, int32 sweeps);
extern void rounding_again(RoundingTable *table, const RoundingInput *input);
extern void rounding_add_errors(RoundingTable *table, int32 from, int32 to);
extern void rounding_shift(RoundingTable *table, int32 row, int64 units);
extern void rounding_price_steps(RoundingTable *table);
extern double rounding_shift_cost(const RoundingTable *table, int32 row, int32 direction,
								  RoundingPrice price);
extern int32 rounding_cheapest_member(RoundingTable *t, const RoundingStrip *strip, int32 direction);

#endif							/* CIVIC_ANONYMITY_ROUNDING_H */
