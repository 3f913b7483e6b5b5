/*-------------------------------------------------------------------------
 *
 * training_plan.c
 *	  The cheapest trainings that together close a gap.
 *
 * A state of the dynamic programme says how many levels of each competency are
 * closed; there is a state for every combination.  Trainings may be taken in
 * any order, so from a state only those are tried that teach the first
 * competency still open.  Where there are too many states the plan is greedy,
 * and a lower bound says how far from the best it can be.
 *
 * src/competency/training_plan.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "competency/training_plan.h"
#include "miscadmin.h"

/* The first competency that is not closed; ncoordinates where all are. */
static int
first_open(const PlanProblem *problem, const uint8 *closed)
{
	int			i = 0;

	while (i < problem->ncoordinates && closed[i] == problem->coordinates[i].closable)
		i++;
	return i;
}

/* Levels that a candidate would still close. */
static int32
gain_of(const PlanProblem *problem, const PlanCandidate *candidate, const uint8 *closed)
{
	int32		gain = 0;

	for (int e = candidate->first_effect; e < candidate->first_effect + candidate->neffects; e++)
	{
		const PlanEffect *effect = &problem->effects[e];

		if (effect->closes > closed[effect->coordinate])
			gain += effect->closes - closed[effect->coordinate];
	}
	return gain;
}

/* The number of states, or more than the limit. */
static int64
count_states(const PlanProblem *problem)
{
	int64		states = 1;

	for (int i = 0; i < problem->ncoordinates && states <= PLAN_MAX_STATES; i++)
		states *= problem->coordinates[i].closable + 1;
	return states;
}

/*
 * For each competency the candidates that teach it, from lists[starts[i]] up to
 * lists[starts[i + 1]].
 */
static int *
list_candidates(const PlanProblem *problem, int **starts)
{
	int		   *lists = palloc_array(int, Max(problem->neffects, 1));
	int		   *next = palloc0_array(int, problem->ncoordinates + 2);

	/*
	 * Two places ahead, so that filling moves each start to where the next
	 * begins.
	 */
	for (int c = 0; c < problem->ncandidates; c++)
		for (int e = 0; e < problem->candidates[c].neffects; e++)
			next[problem->effects[problem->candidates[c].first_effect + e].coordinate + 2]++;
	for (int i = 2; i < problem->ncoordinates + 2; i++)
		next[i] += next[i - 1];
	for (int c = 0; c < problem->ncandidates; c++)
		for (int e = 0; e < problem->candidates[c].neffects; e++)
			lists[next[problem->effects[problem->candidates[c].first_effect + e].coordinate + 1]++] = c;
	*starts = next;
	return lists;
}

/* The best way known to a state */
typedef struct PlanReach
{
	double		price;			/* infinite where there is none yet */
	int32		steps;
	int32		from;
	int32		candidate;
} PlanReach;

/* Try to reach further states from this one with each candidate of a competency. */
static void
relax(const PlanProblem *problem, PlanReach *states, int here, const uint8 *closed,
	  const int *list, const int *list_end)
{
	for (; list < list_end; list++)
	{
		const PlanCandidate *candidate = &problem->candidates[*list];
		int			there = here;
		PlanReach  *target;
		double		price = states[here].price + candidate->price;

		for (int e = candidate->first_effect; e < candidate->first_effect + candidate->neffects; e++)
		{
			const PlanEffect *effect = &problem->effects[e];

			if (effect->closes > closed[effect->coordinate])
				there += (effect->closes - closed[effect->coordinate]) *
					problem->coordinates[effect->coordinate].stride;
		}
		target = &states[there];
		if (there != here &&
			(price < target->price ||
			 (price == target->price && states[here].steps + 1 < target->steps)))
		{
			target->price = price;
			target->steps = states[here].steps + 1;
			target->from = here;
			target->candidate = *list;
		}
	}
}

/* The next combination of levels, the first competency fastest. */
static void
next_state(const PlanProblem *problem, uint8 *closed)
{
	for (int i = 0; i < problem->ncoordinates; i++)
	{
		if (closed[i] < problem->coordinates[i].closable)
		{
			closed[i]++;
			return;
		}
		closed[i] = 0;
	}
}

static TrainingPlan *
plan_alloc(int steps)
{
	TrainingPlan *plan = palloc0(sizeof(TrainingPlan));

	plan->steps = palloc_array(int, Max(steps, 1));
	return plan;
}

/* Every training leads to a state of a higher number, so one pass in their order suffices. */
static TrainingPlan *
plan_exact(const PlanProblem *problem, int nstates)
{
	PlanReach  *states = palloc_array(PlanReach, nstates);
	uint8	   *closed = palloc0(Max(problem->ncoordinates, 1));
	int		   *starts;
	int		   *lists = list_candidates(problem, &starts);
	TrainingPlan *plan;
	int			state = nstates - 1;

	for (int i = 0; i < nstates; i++)
		states[i].price = INFINITY;
	states[0].price = 0;
	states[0].steps = 0;
	for (int i = 0; i < nstates - 1; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!isinf(states[i].price))
		{
			int			open = first_open(problem, closed);

			relax(problem, states, i, closed, lists + starts[open], lists + starts[open + 1]);
		}
		next_state(problem, closed);
	}

	plan = plan_alloc(states[state].steps);
	plan->nsteps = states[state].steps;
	plan->total = plan->bound = states[state].price;
	plan->exact = true;
	for (int i = plan->nsteps - 1; i >= 0; i--)
	{
		plan->steps[i] = states[state].candidate;
		state = states[state].from;
	}
	return plan;
}

/* The price that greedy paid for each level of each competency; [0] is not used. */
typedef double LevelPrices[COMPETENCY_MAX_LEVEL + 1];

/* Close what a candidate closes, and share its price evenly among the levels gained. */
static void
take(const PlanProblem *problem, const PlanCandidate *candidate, int32 gain, uint8 *closed,
	 LevelPrices * paid)
{
	for (int e = candidate->first_effect; e < candidate->first_effect + candidate->neffects; e++)
	{
		const PlanEffect *effect = &problem->effects[e];

		while (closed[effect->coordinate] < effect->closes)
			paid[effect->coordinate][++closed[effect->coordinate]] = candidate->price / gain;
	}
}

/*
 * No plan is cheaper than the greedy one divided by the most that greedy paid
 * for the levels of one training, as a multiple of that training's price: with
 * prices of levels so reduced no training is cheaper than its levels together
 * (they are a feasible solution of the dual of the covering problem).
 */
static double
bound_from_prices(const PlanProblem *problem, const LevelPrices * paid, double total)
{
	double		most = 1.0;

	for (int c = 0; c < problem->ncandidates; c++)
	{
		const PlanCandidate *candidate = &problem->candidates[c];
		double		levels = 0;

		for (int e = candidate->first_effect; e < candidate->first_effect + candidate->neffects; e++)
			for (int level = 1; level <= problem->effects[e].closes; level++)
				levels += paid[problem->effects[e].coordinate][level];
		/* greedy takes what is free first, and pays nothing for its levels */
		if (candidate->price > 0)
			most = Max(most, levels / candidate->price);
	}
	return total / most;
}

/* Whether a gain for its price beats another; equal ones fall to the greater gain. */
static bool
better_bargain(int32 gain, double price, int32 best_gain, double best_price)
{
	if (gain * best_price != best_gain * price)
		return gain * best_price > best_gain * price;
	return gain > best_gain;
}

static TrainingPlan *
plan_greedy(const PlanProblem *problem)
{
	uint8	   *closed = palloc0(Max(problem->ncoordinates, 1));
	LevelPrices *paid = palloc_array(LevelPrices, Max(problem->ncoordinates, 1));
	TrainingPlan *plan = plan_alloc(problem->ncandidates);

	while (first_open(problem, closed) < problem->ncoordinates)
	{
		int			best = -1;
		int32		best_gain = 0;

		for (int c = 0; c < problem->ncandidates; c++)
		{
			int32		gain = gain_of(problem, &problem->candidates[c], closed);

			CHECK_FOR_INTERRUPTS();
			if (gain > 0 &&
				(best < 0 || better_bargain(gain, problem->candidates[c].price,
											best_gain, problem->candidates[best].price)))
			{
				best = c;
				best_gain = gain;
			}
		}
		take(problem, &problem->candidates[best], best_gain, closed, paid);
		plan->steps[plan->nsteps++] = best;
		plan->total += problem->candidates[best].price;
	}
	plan->bound = bound_from_prices(problem, paid, plan->total);
	return plan;
}

TrainingPlan *
training_plan_solve(const PlanProblem *problem)
{
	int64		states = count_states(problem);

	if (states <= PLAN_MAX_STATES)
		return plan_exact(problem, (int) states);
	return plan_greedy(problem);
}
