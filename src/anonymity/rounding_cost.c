/*-------------------------------------------------------------------------
 *
 * rounding_cost.c
 *	  How far published cells are off, and what a step of a row costs.
 *
 * src/anonymity/rounding_cost.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rounding.h"

#include <math.h>

/* What being off by base and more, or by more than the largest, costs on top. */
#define PENALTY 5
#define WALL 50

/* What the values that rows have now make of the cells. */
void
rounding_add_errors(RoundingTable *t, int32 from, int32 to)
{
	Assert(from >= 0 && to <= t->nrows);
	for (int32 row = from; row < to; row++)
	{
		for (int32 i = t->start[row]; i < t->start[row + 1]; i++)
			t->error[t->cell[i]] += t->units[row] * t->base - t->count[row];
	}
}

static inline double
beyond(double error, double limit)
{
	double		over = error - limit;

	return over > 0 ? over * over : 0;
}

static double
penalty(const RoundingTable *t, int64 error)
{
	double		e = fabs((double) error);

	return PENALTY * beyond(e, t->base - 1) + WALL * beyond(e, t->largest);
}

static double
step_cost(const RoundingTable *t, int64 error, int32 direction, RoundingPrice price)
{
	double		from = (double) error;
	double		to = from + direction * t->base;
	double		squares = price == ROUNDING_PENALTY ? 0 : to * to - from * from;

	return squares + penalty(t, error + direction * t->base) - penalty(t, error);
}

/* The errors whose steps are priced beforehand, on either side of 0. */
#define PRICED(t) (8 * (t)->base)

void
rounding_price_steps(RoundingTable *t)
{
	for (int i = 0; i < ROUNDING_PRICES * 2; i++)
	{
		t->step_cost[i] = palloc(sizeof(double) * (2 * PRICED(t) + 1));
		for (int32 e = -PRICED(t); e <= PRICED(t); e++)
			t->step_cost[i][e + PRICED(t)] = step_cost(t, e, i % 2 ? -1 : 1, i / 2);
	}
}

/*
 * How much more it costs to move a row one base up (1) or down (-1).  Totals
 * themselves cost nothing: they are bound, and drawn.
 */
double
rounding_shift_cost(const RoundingTable *t, int32 row, int32 direction, RoundingPrice price)
{
	const double *step = t->step_cost[price * 2 + (direction > 0 ? 0 : 1)] + PRICED(t);
	double		sum = 0;

	Assert(row >= 0 && row < t->nrows);
	Assert(direction == 1 || direction == -1);
	for (int32 i = t->start[row]; i < t->start[row + 1]; i++)
	{
		int64		e = t->error[t->cell[i]];

		if (t->kind[t->cell[i]] == ROUNDING_TOTAL)
			continue;
		sum += likely(e >= -PRICED(t) && e <= PRICED(t)) ? step[e] : step_cost(t, e, direction, price);
	}
	return sum;
}

void
rounding_shift(RoundingTable *t, int32 row, int64 units)
{
	Assert(row >= 0 && row < t->nrows);
	t->units[row] += units;
	Assert(t->units[row] >= 0);
	for (int32 i = t->start[row]; i < t->start[row + 1]; i++)
		t->error[t->cell[i]] += units * t->base;
}

/* The member of a strip, of those whose truth lies that way, that costs least to move; -1 if none does. */
int32
rounding_cheapest_member(RoundingTable *t, const RoundingStrip *strip, int32 direction)
{
	int32		best = -1;
	double		least = 0;

	Assert(direction == 1 || direction == -1);
	for (int32 row = strip->row; row < strip->row + strip->n; row++)
	{
		double		cost;

		if (rounding_way(t, row) != direction)
			continue;
		cost = rounding_shift_cost(t, row, direction, ROUNDING_ALL);
		if (best < 0 || cost < least)
		{
			best = row;
			least = cost;
		}
	}
	return best;
}
