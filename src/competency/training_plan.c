/*-------------------------------------------------------------------------
 *
 * training_plan.c
 *	  The cheapest trainings that together reach all goals, by branch and bound.
 *
 * A node of the search has taken some actions and barred others.  Every plan
 * below it has one of the actions of each cut that training_plan_bound.c
 * finds, so its children take one of the smallest cut each and bar those taken
 * before.  An action may be taken before it is open: it is paid for, and is
 * used once its needs are there.  Circles of prerequisites need no care: an
 * action gives nothing before its needs are there.
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

/* Plans whose prices differ by less than this part of them are as good as each other. */
#define PRICE_TOLERANCE 1e-9

/* A plan that costs this much or more is not better than the best known. */
double
training_search_limit(const PlanSearch *search)
{
	double		total = search->best->total;

	if (isinf(total))
		return INFINITY;
	return total - Max(search->grain - PRICE_TOLERANCE * Max(total, 1), PRICE_TOLERANCE * Max(total, 1e-3));
}

/*
 * The chosen actions one after the other, each open when it is reached: their
 * number, or -1 where they do not reach all goals.  Without order they are
 * counted only.
 */
static int
order_actions(const PlanModel *model, const int *chosen, int n, int *order)
{
	bool	   *there = palloc0(Max(model->nfacts, 1));
	bool	   *done = palloc0(Max(n, 1));
	int			count = 0;
	bool		more = true;
	bool		complete = true;

	while (more)
	{
		more = false;
		for (int i = 0; i < n; i++)
		{
			bool		open = !done[i];

			if (open)
				plan_each(d, &model->needs, chosen[i])
					open = open && there[model->needs.item[d]];
			if (!open)
				continue;
			done[i] = more = true;
			plan_each(g, &model->gives, chosen[i])
				there[model->gives.item[g]] = true;
			if (order != NULL)
				order[count] = chosen[i];
			count++;
		}
	}
	for (int i = 0; i < model->ngoals; i++)
		complete = complete && there[model->goals[i]];
	pfree(there);
	pfree(done);
	return complete ? count : -1;
}

/* Leave out, the dearest first, actions without which the goals are reached all the same. */
static int
drop_needless(const PlanModel *model, int *chosen, int n)
{
	bool	   *kept = palloc0(Max(model->nactions, 1));

	for (;;)
	{
		int			at = -1;
		int			tried;

		for (int i = 0; i < n; i++)
			if (!kept[chosen[i]] &&
				(at < 0 || model->price[chosen[i]] > model->price[chosen[at]]))
				at = i;
		if (at < 0)
			break;
		tried = chosen[at];
		memmove(&chosen[at], &chosen[at + 1], (n - at - 1) * sizeof(int));
		if (order_actions(model, chosen, n - 1, NULL) >= 0)
		{
			n--;
			continue;
		}
		memmove(&chosen[at + 1], &chosen[at], (n - at - 1) * sizeof(int));
		chosen[at] = tried;
		kept[tried] = true;
	}
	pfree(kept);
	return n;
}

/* The actions by which the last propagation reached the goals, ascending. */
static int
collect_support(const PlanBound *bound, int *chosen)
{
	const PlanModel *model = bound->model;
	bool	   *in = palloc0(Max(model->nactions, 1));
	int		   *stack = palloc_array(int, model->needs.start[model->nactions] + model->ngoals + 1);
	int			n = 0,
				count = 0;

	for (int i = 0; i < model->ngoals; i++)
		stack[n++] = model->goals[i];
	while (n > 0)
	{
		int			action = bound->support[stack[--n]];

		if (in[action])
			continue;
		in[action] = true;
		plan_each(d, &model->needs, action)
			stack[n++] = model->needs.item[d];
	}
	for (int a = 0; a < model->nactions; a++)
		if (in[a])
			chosen[count++] = a;
	pfree(in);
	pfree(stack);
	return count;
}

/* Whether the last propagation found a way to each goal. */
static bool
reaches_goals(const PlanBound *bound)
{
	for (int i = 0; i < bound->model->ngoals; i++)
		if (isinf(bound->reached[bound->model->goals[i]]))
			return false;
	return true;
}

static void
keep_plan(PlanSearch *search, const int *chosen, int n, double total)
{
	int		   *order = palloc_array(int, Max(n, 1));

	order_actions(search->model, chosen, n, order);
	if (search->best->steps != NULL)
		pfree(search->best->steps);
	search->best->steps = palloc_array(int32, Max(n, 1));
	search->best->nsteps = n;
	search->best->total = total;
	for (int i = 0; i < n; i++)
		search->best->steps[i] = search->model->training[order[i]];
	pfree(order);
}

/* Look for a plan that goes on from what is taken, if not the best; keep it if it is the best so far. */
void
training_search_try(PlanSearch *search)
{
	const PlanModel *model = search->model;
	int		   *chosen;
	int			n;
	double		total = 0;

	for (int a = 0; a < model->nactions; a++)
		search->bound->rest[a] = search->choice[a] == PLAN_TAKEN ? 0 : model->price[a];
	training_propagate(search->bound, search->choice, true);
	if (!reaches_goals(search->bound))
		return;
	chosen = palloc_array(int, Max(model->nactions, 1));
	n = collect_support(search->bound, chosen);
	n = drop_needless(model, chosen, n);
	for (int i = 0; i < n; i++)
		total += model->price[chosen[i]];
	if (total < training_search_limit(search))
		keep_plan(search, chosen, n, total);
	pfree(chosen);
}

/*
 * Bar the open actions with which the bound comes to the best plan; gives how
 * many, and which.
 */
int
training_search_bar(PlanSearch *search, double least, int *barred)
{
	int			n = 0;

	for (int a = 0; a < search->model->nactions; a++)
		if (search->choice[a] == PLAN_OPEN && least + search->bound->rest[a] >= training_search_limit(search))
		{
			search->choice[a] = PLAN_BARRED;
			barred[n++] = a;
		}
	return n;
}

/* The smallest cut, what is likely to be in a good plan first. */
static int *
copy_branch(const PlanSearch *search, int *n)
{
	const PlanBound *bound = search->bound;
	int		   *branch = palloc_array(int, bound->nbranch);

	*n = bound->nbranch;
	memcpy(branch, bound->branch, *n * sizeof(int));
	for (int i = 1; i < *n; i++)
		for (int j = i; j > 0 && bound->rest[branch[j]] < bound->rest[branch[j - 1]]; j--)
		{
			int			swap = branch[j];

			branch[j] = branch[j - 1];
			branch[j - 1] = swap;
		}
	return branch;
}

/* known: what every plan from here on costs at least, as is known already. */
static void
explore(PlanSearch *search, double paid, double known)
{
	double		least;			/* by cuts */
	int		   *branch;
	int			nbranch;
	int		   *barred;
	int			nbarred;

	check_stack_depth();
	if (search->steps + search->bound->steps > PLAN_MAX_STEPS)
	{
		search->given_up = Min(search->given_up, known);
		return;
	}
	known = Max(known, paid + training_share_bound(search->bound, search->choice));
	if (known >= training_search_limit(search))
		return;
	least = paid + training_lower_bound(search->bound, search->choice);
	known = Max(known, least);
	if (least >= training_search_limit(search))
		return;
	branch = copy_branch(search, &nbranch);
	barred = palloc_array(int, Max(search->model->nactions, 1));
	nbarred = training_search_bar(search, least, barred);
	training_search_try(search);
	for (int i = 0; i < nbranch; i++)
	{
		if (search->choice[branch[i]] != PLAN_OPEN)
			continue;
		search->choice[branch[i]] = PLAN_TAKEN;
		explore(search, paid + search->model->price[branch[i]], known);
		search->choice[branch[i]] = PLAN_BARRED;
		barred[nbarred++] = branch[i];
	}
	for (int i = 0; i < nbarred; i++)
		search->choice[barred[i]] = PLAN_OPEN;
	pfree(branch);
	pfree(barred);
}

void
training_search_set_model(PlanSearch *search, const PlanModel *model)
{
	if (search->bound != NULL)
		search->steps += search->bound->steps;
	search->model = model;
	search->bound = training_bound_make(model);
	search->choice = palloc0(Max(model->nactions, 1));
}

void
training_search_init(PlanSearch *search)
{
	search->best = palloc0(sizeof(TrainingPlan));
	search->best->total = search->given_up = INFINITY;
}

/* Make the model smaller by what the best plan known costs; gives what every plan costs at least. */
static double
reduce(PlanSearch *search)
{
	double		least;
	int		   *barred;

	training_bar_detours(search->bound, search->choice, training_search_limit(search));
	training_search_set_model(search, training_model_restrict(search->model, search->choice));
	least = training_lower_bound(search->bound, search->choice);
	if (least >= training_search_limit(search))
		return least;
	barred = palloc_array(int, Max(search->model->nactions, 1));
	if (training_search_bar(search, least, barred) > 0)
		training_search_set_model(search, training_model_restrict(search->model, search->choice));
	if (training_bar_dominated(search->model, search->choice))
		training_search_set_model(search, training_model_restrict(search->model, search->choice));
	pfree(barred);
	return least;
}

/* The least multiple of the grain that is no less, but for rounding. */
static double
round_up(double price, double grain)
{
	return grain > 0 ? ceil(price / grain - PRICE_TOLERANCE * Max(price / grain, 1)) * grain : price;
}

/* Search the model, all of whose goals can be reached, and say how good the best plan is. */
void
training_search_finish(PlanSearch *search)
{
	TrainingPlan *best = search->best;
	double		least;

	least = reduce(search);
	if (least < training_search_limit(search))
		explore(search, 0, least);
	best->exact = search->given_up >= training_search_limit(search);
	best->bound = best->exact ? best->total : round_up(search->given_up, search->grain);
}
