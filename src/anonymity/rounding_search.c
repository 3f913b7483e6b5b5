/*-------------------------------------------------------------------------
 *
 * rounding_search.c
 *	  Members under their totals: local search over what is rounded up.
 *
 * Every inner count stays at a multiple of the base next to its true value, so
 * a row is either down or up.  Moves change which rows are up without
 * touching what must add up; one is kept if the published cells come nearer to
 * the truth.  Area totals stay within base - 1 throughout.
 *
 * src/anonymity/rounding_search.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rounding.h"

#include <math.h>

#include "keys.h"
#include "miscadmin.h"

/* Neighbours looked at for a move's reverse. */
#define TRIES 6

/* Rounds of searching on where a member is off by too much. */
#define REPAIRS 200

/*
 * Heat in squares of the base.  The search never ends cold: whoever knows it
 * could work out what the best of few ways is.  From ANNEAL_FROM sweeps on it
 * begins hot.
 */
#define ANNEAL_FROM 100
#define HEAT_FIRST 50.0
#define HEAT 0.3

typedef struct Trial
{
	int32	   *row;
	int8	   *direction;
	int32		n;
	double		cost;
} Trial;

typedef struct Search
{
	RoundingTable *t;
	RoundingDraw draw;
	Trial		trial;
	double		heat;			/* how much more a move may well cost */
	int32		first;			/* blocks of the series at hand */
	int32		last;
	int32	   *movable;		/* its rows with a residue */
	int32		nmovable;
} Search;

/* ---- trials: moves that can be taken back ---- */

static void
trial_begin(Search *s)
{
	s->trial.n = 0;
	s->trial.cost = 0;
}

static void
trial_shift(Search *s, int32 row, int32 direction, RoundingPrice price)
{
	Trial	   *trial = &s->trial;

	trial->cost += rounding_shift_cost(s->t, row, direction, price);
	rounding_shift(s->t, row, direction);
	trial->row[trial->n] = row;
	trial->direction[trial->n++] = direction;
}

static void
trial_undo(Search *s)
{
	while (s->trial.n > 0)
	{
		s->trial.n--;
		rounding_shift(s->t, s->trial.row[s->trial.n], -s->trial.direction[s->trial.n]);
	}
	s->trial.cost = 0;
}

static bool
welcome(Search *s, double cost)
{
	if (cost <= 0)
		return cost < 0;
	return (double) (rounding_draw(&s->draw) >> 11) / (double) (UINT64CONST(1) << 53) < exp(-cost / s->heat);
}

/* ---- moves ---- */

/* A row of the strip that can go the given way, searched from a place drawn; -1: none. */
static int32
find_opposite(Search *s, const RoundingStrip *strip, int32 direction)
{
	int32		at = rounding_draw_below(&s->draw, strip->n);

	for (int32 i = 0; i < strip->n; i++, at = at + 1 == strip->n ? 0 : at + 1)
	{
		if (rounding_way(s->t, strip->row + at) == direction)
			return strip->row + at;
	}
	return -1;
}

/* Two rows of a strip change places; true if that is kept. */
static bool
swap_rows(Search *s, int32 a, int32 b)
{
	int32		direction = rounding_way(s->t, a);

	if (!s->t->overlapping)
	{
		double		cost = rounding_shift_cost(s->t, a, direction, ROUNDING_ALL) + rounding_shift_cost(s->t, b, -direction, ROUNDING_ALL);

		if (!welcome(s, cost))
			return false;
		rounding_shift(s->t, a, direction);
		rounding_shift(s->t, b, -direction);
		return true;
	}
	trial_begin(s);
	trial_shift(s, a, direction, ROUNDING_ALL);
	trial_shift(s, b, -direction, ROUNDING_ALL);
	if (welcome(s, s->trial.cost))
		return true;
	trial_undo(s);
	return false;
}

static const RoundingStrip *
find_strip(const RoundingTable *t, int32 block, int32 breakdown)
{
	for (int32 i = t->block[block].strip; i < t->block[block + 1].strip; i++)
	{
		if (t->strips[i].breakdown == breakdown)
			return &t->strips[i];
	}
	return NULL;
}

/* Members of a strip ascend. */
static int32
find_row(const RoundingTable *t, const RoundingStrip *strip, int32 member)
{
	int32		low = strip->row,
				high = strip->row + strip->n;

	while (low < high)
	{
		int32		middle = low + (high - low) / 2;

		if (t->member[middle] < member)
			low = middle + 1;
		else
			high = middle;
	}
	return low < strip->row + strip->n && t->member[low] == member ? low : -1;
}

/* Two members change places in one block, and the other way about in a neighbour. */
static void
exchange(Search *s, int32 a, int32 b)
{
	RoundingTable *t = s->t;
	const RoundingStrip *strip = &t->strips[t->strip[a]];
	const RoundingBlock *block = &t->block[strip->block];
	int32		direction = rounding_way(t, a);
	int32		at = rounding_draw_below(&s->draw, block->near_n);

	for (int32 i = 0; i < Min(TRIES, block->near_n); i++, at = at + 1 == block->near_n ? 0 : at + 1)
	{
		const RoundingStrip *other = block->near + at == strip->block ? NULL :
		find_strip(t, block->near + at, strip->breakdown);
		int32		c = other == NULL ? -1 : find_row(t, other, t->member[a]);
		int32		d = c < 0 || rounding_way(t, c) != -direction ? -1 : find_row(t, other, t->member[b]);

		if (d < 0 || rounding_way(t, d) != direction)
			continue;
		trial_begin(s);
		trial_shift(s, a, direction, ROUNDING_ALL);
		trial_shift(s, b, -direction, ROUNDING_ALL);
		trial_shift(s, c, -direction, ROUNDING_ALL);
		trial_shift(s, d, direction, ROUNDING_ALL);
		if (!welcome(s, s->trial.cost))
			trial_undo(s);
		return;
	}
}

static void
move_member(Search *s, int32 row)
{
	int32		direction = rounding_way(s->t, row);
	int32		other = find_opposite(s, &s->t->strips[s->t->strip[row]], -direction);

	if (other >= 0 && !swap_rows(s, row, other))
		exchange(s, row, other);
}

/*
 * A total changes and one member of each breakdown with it; false if one
 * cannot.  Only being off by the base and more counts here: totals stay as they
 * were drawn where nothing is, or keyed choice would give way to what everybody
 * who knows the search can work out.
 */
static bool
flip_block(Search *s, int32 block, int32 direction)
{
	RoundingTable *t = s->t;

	if (rounding_way(t, t->block[block].row) != direction)
		return false;
	trial_shift(s, t->block[block].row, direction, ROUNDING_PENALTY);
	for (int32 i = t->block[block].strip; i < t->block[block + 1].strip; i++)
	{
		int32		row = rounding_cheapest_member(t, &t->strips[i], direction);

		if (row < 0)
			return false;
		trial_shift(s, row, direction, ROUNDING_PENALTY);
	}
	return true;
}

/* Is every total that the trial touched within base - 1? */
static bool
totals_bound(const Search *s)
{
	const RoundingTable *t = s->t;

	for (int32 i = 0; i < s->trial.n; i++)
	{
		int32		row = s->trial.row[i];

		for (int32 j = t->start[row]; t->member[row] == 0 && j < t->start[row + 1]; j++)
		{
			if (t->kind[t->cell[j]] == ROUNDING_TOTAL && llabs(t->error[t->cell[j]]) >= t->base)
				return false;
		}
	}
	return true;
}

/* Another block of the series for a total to go the other way: mostly near by. */
static int32
draw_partner(Search *s, int32 b)
{
	const RoundingBlock *block = &s->t->block[b];

	if (rounding_draw_below(&s->draw, 8) > 0)
		return block->near + rounding_draw_below(&s->draw, block->near_n);
	return s->first + rounding_draw_below(&s->draw, s->last - s->first);
}

static void
move_total(Search *s, int32 b)
{
	RoundingTable *t = s->t;
	int32		direction = rounding_way(t, t->block[b].row);

	trial_begin(s);
	if (flip_block(s, b, direction))
	{
		int32		partner;

		if (totals_bound(s) && s->trial.cost < 0)
			return;
		for (int32 i = 0; i < TRIES; i++)
		{
			partner = draw_partner(s, b);
			if (rounding_way(t, t->block[partner].row) == -direction)
			{
				if (flip_block(s, partner, -direction) && totals_bound(s) && s->trial.cost < 0)
					return;
				break;
			}
		}
	}
	trial_undo(s);
}

static void
move_row(Search *s, int32 row)
{
	if (s->t->strip[row] >= 0)
		move_member(s, row);
	else
		move_total(s, -1 - s->t->strip[row]);
}

/* ---- the start ---- */

/* Raise as many members as their total needs, drawn by their residues. */
static void
start_strip(RoundingTable *t, RoundingDraw *draw, const RoundingStrip *strip)
{
	int64		need = t->units[t->block[strip->block].row];
	int64		left = 0;

	for (int32 row = strip->row; row < strip->row + strip->n; row++)
	{
		need -= t->units[row];
		left += rounding_residue(t, row);
	}
	for (; need > 0; need--)
	{
		int64		u = (int64) ((double) left * ((double) (rounding_draw(draw) >> 11) / (double) (UINT64CONST(1) << 53)));

		for (int32 row = strip->row; row < strip->row + strip->n; row++)
		{
			int64		r = rounding_way(t, row) > 0 ? rounding_residue(t, row) : 0;

			if (u < r)
			{
				t->units[row]++;
				left -= r;
				break;
			}
			u -= r;
		}
	}
}

static Size
most_strips(const RoundingTable *t)
{
	int32		most = 0;

	for (int32 b = 0; b < t->nblocks; b++)
		most = Max(most, t->block[b + 1].strip - t->block[b].strip);
	return most;
}

static void
search_begin(Search *s, RoundingTable *t)
{
	memset(s, 0, sizeof(Search));
	s->t = t;
	s->movable = palloc_extended(mul_size(Max(t->nrows, 1), sizeof(int32)), MCXT_ALLOC_HUGE);
	/* a trial moves two totals and a member of each of their strips at most */
	s->trial.row = palloc(sizeof(int32) * (most_strips(t) * 2 + 4));
	s->trial.direction = palloc(sizeof(int8) * (most_strips(t) * 2 + 4));
}

/* A series is searched by itself, so that others beside it change nothing. */
static void
begin_series(Search *s)
{
	RoundingTable *t = s->t;

	s->draw.state = anonymity_siphash(t->key, (uint64) (uint32) t->block[s->first].series);
	for (int32 i = t->block[s->first].strip; i < t->block[s->last].strip; i++)
		start_strip(t, &s->draw, &t->strips[i]);
	rounding_add_errors(t, t->block[s->first].row, t->block[s->last].row);
	s->nmovable = 0;
	for (int32 row = t->block[s->first].row; row < t->block[s->last].row; row++)
	{
		if (rounding_residue(t, row) > 0)
			s->movable[s->nmovable++] = row;
	}
}

static void
sweep(Search *s)
{
	for (int32 i = 0; i < s->nmovable; i++)
	{
		if ((i & 1023) == 0)
			CHECK_FOR_INTERRUPTS();
		move_row(s, s->movable[rounding_draw_below(&s->draw, s->nmovable)]);
	}
}

/* ---- members that are off by too much ---- */

static bool
too_far(const RoundingTable *t, int32 row)
{
	for (int32 i = t->start[row]; i < t->start[row + 1]; i++)
	{
		if (t->kind[t->cell[i]] == ROUNDING_MEMBER && llabs(t->error[t->cell[i]]) > t->largest)
			return true;
	}
	return false;
}

/* The movable rows of such cells. */
static void
list_far_rows(Search *s)
{
	RoundingTable *t = s->t;

	s->nmovable = 0;
	for (int32 row = t->block[s->first].row; row < t->block[s->last].row; row++)
	{
		if (rounding_residue(t, row) > 0 && too_far(t, row))
			s->movable[s->nmovable++] = row;
	}
}

static void
refuse_error(const Search *s)
{
	ereport(ERROR,
			(errcode(ROUNDING_ERRCODE_LARGEST),
			 errmsg("members cannot be rounded to within %d", s->t->largest),
			 errdetail("A member of series %d stays off by more.", s->t->block[s->first].series),
			 errhint("Break down by fewer or coarser members, or allow a larger error.")));
}

static void
repair(Search *s)
{
	for (int32 i = 0; i < REPAIRS; i++)
	{
		list_far_rows(s);
		if (s->nmovable == 0)
			return;
		sweep(s);
	}
	refuse_error(s);
}

static void
search_series(Search *s, int32 sweeps)
{
	double		square = (double) s->t->base * s->t->base;

	begin_series(s);
	s->heat = square * HEAT;
	for (int32 i = 0; i < sweeps; i++)
	{
		if (sweeps >= ANNEAL_FROM)
			s->heat = square * HEAT_FIRST * pow(HEAT / HEAT_FIRST, (double) i / (sweeps - 1));
		sweep(s);
	}
	repair(s);
}

/* Decide the members, totals being decided. */
void
rounding_search(RoundingTable *t, int32 sweeps)
{
	Search		s;

	search_begin(&s, t);
	while (s.last < t->nblocks)
	{
		s.first = s.last;
		s.last = rounding_series_end(t, s.first);
		search_series(&s, sweeps);
	}
	pfree(s.movable);
	pfree(s.trial.row);
	pfree(s.trial.direction);
}
