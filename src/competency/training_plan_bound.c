/*-------------------------------------------------------------------------
 *
 * training_plan_bound.c
 *	  What a plan costs at least, by sets of trainings of which every plan has
 *	  one.
 *
 * The price to reach a fact is at least that of the dearest need of the action
 * that gives it, and its own.  Where the dearest goal has such a price, a cut
 * between what is free and that goal is a set of which every plan has one; its
 * cheapest price counts once, is taken off the prices of all in the set, and
 * the next cut is looked for (M. Helmert, C. Domshlak: Landmarks, critical
 * paths and abstractions, ICAPS 2009).
 *
 * src/competency/training_plan_bound.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "competency/training_plan.h"
#include "miscadmin.h"

/* Prices that add up to less than this part of one another are rounding. */
#define ROUNDING 1e-12

enum
{
	ZONE_NONE,
	ZONE_GOAL,					/* from here the goal is free */
	ZONE_BEFORE
};

PlanBound  *
training_bound_make(const PlanModel *model)
{
	PlanBound  *bound = palloc0(sizeof(PlanBound));
	int			actions = Max(model->nactions, 1);
	int			facts = Max(model->nfacts, 1);

	bound->model = model;
	bound->rest = palloc_array(double, actions);
	bound->reached = palloc_array(double, facts);
	bound->opened = palloc_array(double, actions);
	bound->last = palloc_array(int, actions);
	bound->support = palloc_array(int, facts);
	bound->waiting = palloc_array(int, actions);
	bound->heap_price = palloc_array(double, model->gives.start[model->nactions] + 1);
	bound->heap_fact = palloc_array(int, model->gives.start[model->nactions] + 1);
	bound->zone = palloc_array(uint8, facts);
	bound->stack = palloc_array(int, facts);
	bound->cut = palloc_array(int, actions);
	bound->branch = palloc_array(int, actions);
	return bound;
}

static void
heap_push(PlanBound *bound, double price, int fact)
{
	int			at = bound->heap_size++;

	while (at > 0 && bound->heap_price[(at - 1) / 2] > price)
	{
		bound->heap_price[at] = bound->heap_price[(at - 1) / 2];
		bound->heap_fact[at] = bound->heap_fact[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	bound->heap_price[at] = price;
	bound->heap_fact[at] = fact;
}

static int
heap_pop(PlanBound *bound, double *price)
{
	int			fact = bound->heap_fact[0];
	double		moved = bound->heap_price[--bound->heap_size];
	int			moved_fact = bound->heap_fact[bound->heap_size];
	int			at = 0;

	*price = bound->heap_price[0];
	for (;;)
	{
		int			child = 2 * at + 1;

		if (child >= bound->heap_size)
			break;
		if (child + 1 < bound->heap_size && bound->heap_price[child + 1] < bound->heap_price[child])
			child++;
		if (bound->heap_price[child] >= moved)
			break;
		bound->heap_price[at] = bound->heap_price[child];
		bound->heap_fact[at] = bound->heap_fact[child];
		at = child;
	}
	bound->heap_price[at] = moved;
	bound->heap_fact[at] = moved_fact;
	return fact;
}

/* An action whose needs are all reached, for the price they took. */
static void
open_action(PlanBound *bound, int action, double price)
{
	const PlanModel *model = bound->model;

	bound->opened[action] = price;
	price += bound->rest[action];
	plan_each(g, &model->gives, action)
	{
		int			fact = model->gives.item[g];

		if (price < bound->reached[fact])
		{
			bound->reached[fact] = price;
			bound->support[fact] = action;
			heap_push(bound, price, fact);
		}
	}
}

/*
 * The price of every fact from the rests of prices: of several needs the
 * dearest counts, or their sum (which is no bound, but leads to good plans).
 * Facts are settled in the order of their prices (Knuth's form of Dijkstra's
 * algorithm).
 */
void
training_propagate(PlanBound *bound, const uint8 *choice, bool add)
{
	const PlanModel *model = bound->model;

	for (int f = 0; f < model->nfacts; f++)
		bound->reached[f] = INFINITY;
	bound->heap_size = 0;
	bound->steps += model->nactions;
	for (int a = 0; a < model->nactions; a++)
	{
		bound->waiting[a] = choice[a] == PLAN_BARRED ? -1 :
			model->needs.start[a + 1] - model->needs.start[a];
		bound->opened[a] = bound->waiting[a] == 0 ? 0 : add ? 0 : INFINITY;
		bound->last[a] = -1;
	}
	for (int a = 0; a < model->nactions; a++)
		if (bound->waiting[a] == 0)
			open_action(bound, a, 0);
	while (bound->heap_size > 0)
	{
		double		price;
		int			fact = heap_pop(bound, &price);

		if (price > bound->reached[fact])
			continue;			/* it was reached for less since */
		plan_each(u, &model->users, fact)
		{
			int			action = model->users.item[u];

			if (add)
				bound->opened[action] += price;
			bound->last[action] = fact;
			if (--bound->waiting[action] == 0)
				open_action(bound, action, add ? bound->opened[action] : price);
		}
	}
}

static int
dearest_goal(const PlanBound *bound)
{
	int			dearest = bound->model->goals[0];

	for (int i = 1; i < bound->model->ngoals; i++)
		if (bound->reached[bound->model->goals[i]] > bound->reached[dearest])
			dearest = bound->model->goals[i];
	return dearest;
}

/* Mark the facts from which the goal is reached by actions whose price is counted already. */
static void
mark_goal_zone(PlanBound *bound, int goal)
{
	const PlanModel *model = bound->model;
	int			n = 0;

	memset(bound->zone, ZONE_NONE, model->nfacts);
	bound->zone[goal] = ZONE_GOAL;
	bound->stack[n++] = goal;
	while (n > 0)
	{
		int			fact = bound->stack[--n];

		plan_each(g, &model->givers, fact)
		{
			int			action = model->givers.item[g];
			int			last = bound->last[action];

			if (bound->waiting[action] == 0 && bound->rest[action] == 0 && last >= 0 &&
				bound->zone[last] == ZONE_NONE)
			{
				bound->zone[last] = ZONE_GOAL;
				bound->stack[n++] = last;
			}
		}
	}
}

/* Into the cut where the action leads into the zone of the goal; else on to what it gives. */
static void
cross(PlanBound *bound, int action, int *n)
{
	const PlanModel *model = bound->model;

	plan_each(g, &model->gives, action)
		if (bound->zone[model->gives.item[g]] == ZONE_GOAL)
	{
		bound->cut[bound->ncut++] = action;
		return;
	}
	plan_each(g, &model->gives, action)
	{
		int			fact = model->gives.item[g];

		if (bound->zone[fact] == ZONE_NONE)
		{
			bound->zone[fact] = ZONE_BEFORE;
			bound->stack[(*n)++] = fact;
		}
	}
}

/* The actions that lead from what is there into the zone of the goal. */
static void
find_cut(PlanBound *bound)
{
	const PlanModel *model = bound->model;
	int			n = 0;

	bound->ncut = 0;
	for (int a = 0; a < model->nactions; a++)
		if (bound->waiting[a] == 0 && bound->last[a] < 0)
			cross(bound, a, &n);
	while (n > 0)
	{
		int			fact = bound->stack[--n];

		plan_each(u, &model->users, fact)
		{
			int			action = model->users.item[u];

			if (bound->waiting[action] == 0 && bound->last[action] == fact)
				cross(bound, action, &n);
		}
	}
}

/* Count the cheapest price of the cut, and take it off the prices of all in it. */
static double
count_cut(PlanBound *bound)
{
	double		least = INFINITY;

	for (int i = 0; i < bound->ncut; i++)
		least = Min(least, bound->rest[bound->cut[i]]);
	for (int i = 0; i < bound->ncut; i++)
	{
		double	   *rest = &bound->rest[bound->cut[i]];

		*rest -= least;
		if (*rest <= least * ROUNDING)
			*rest = 0;
	}
	if (bound->nbranch == 0 || bound->ncut < bound->nbranch)
	{
		memcpy(bound->branch, bound->cut, bound->ncut * sizeof(int));
		bound->nbranch = bound->ncut;
	}
	return least;
}

/*
 * What a plan still costs at least when the taken actions are paid for and the
 * barred ones are out of the question; infinite where there is none.  Leaves
 * the rests of prices that the bound does not count, and the smallest cut.
 */
double
training_lower_bound(PlanBound *bound, const uint8 *choice)
{
	const PlanModel *model = bound->model;
	double		counted = 0;

	for (int a = 0; a < model->nactions; a++)
		bound->rest[a] = choice[a] == PLAN_TAKEN ? 0 : model->price[a];
	bound->nbranch = 0;
	for (;;)
	{
		int			goal;

		CHECK_FOR_INTERRUPTS();
		training_propagate(bound, choice, false);
		goal = dearest_goal(bound);
		if (isinf(bound->reached[goal]))
			return INFINITY;
		if (bound->reached[goal] <= counted * ROUNDING)
			return counted;
		mark_goal_zone(bound, goal);
		find_cut(bound);
		counted += count_cut(bound);
	}
}

/*
 * Another bound, better where trainings close much at once: every goal is given
 * by an action, which shares its price among the goals that it gives.
 */
double
training_share_bound(const PlanBound *bound, const uint8 *choice)
{
	const PlanModel *model = bound->model;
	bool	   *is_goal = palloc0(Max(model->nfacts, 1));
	double		sum = 0;

	for (int i = 0; i < model->ngoals; i++)
		is_goal[model->goals[i]] = true;
	for (int i = 0; i < model->ngoals; i++)
	{
		double		least = INFINITY;

		plan_each(g, &model->givers, model->goals[i])
		{
			int			action = model->givers.item[g];
			int			shared = 0;

			if (choice[action] == PLAN_BARRED)
				continue;
			plan_each(f, &model->gives, action)
				shared += is_goal[model->gives.item[f]];
			least = Min(least, choice[action] == PLAN_TAKEN ? 0 : model->price[action] / shared);
		}
		sum += least;
	}
	pfree(is_goal);
	return sum;
}
