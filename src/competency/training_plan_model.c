/*-------------------------------------------------------------------------
 *
 * training_plan_model.c
 *	  Making the model of a plan smaller without losing its best plan.
 *
 * src/competency/training_plan_model.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "competency/training_plan.h"
#include "miscadmin.h"

/* The same pairs by the other side: for each item the keys it stands at, ascending. */
PlanLists
training_lists_turn(const PlanLists *lists, int nkeys, int nitems)
{
	PlanLists	turned;

	/*
	 * Two places ahead, so that filling moves each start to where the next
	 * begins.
	 */
	turned.start = palloc0_array(int, nitems + 2);
	turned.item = palloc_array(int, Max(lists->start[nkeys], 1));
	for (int i = 0; i < lists->start[nkeys]; i++)
		turned.start[lists->item[i] + 2]++;
	for (int i = 2; i < nitems + 2; i++)
		turned.start[i] += turned.start[i - 1];
	for (int key = 0; key < nkeys; key++)
		plan_each(i, lists, key)
			turned.item[turned.start[lists->item[i] + 1]++] = key;
	return turned;
}

/* Facts that a goal needs, directly or through actions that are not barred; and these actions. */
static void
mark_relevant(const PlanModel *model, const uint8 *choice, bool *facts, bool *actions)
{
	int		   *stack = palloc_array(int, Max(model->nfacts, 1));
	int			n = 0;

	for (int i = 0; i < model->ngoals; i++)
	{
		facts[model->goals[i]] = true;
		stack[n++] = model->goals[i];
	}
	while (n > 0)
	{
		int			fact = stack[--n];

		plan_each(g, &model->givers, fact)
		{
			int			action = model->givers.item[g];

			if (actions[action] || choice[action] == PLAN_BARRED)
				continue;
			actions[action] = true;
			plan_each(d, &model->needs, action)
			{
				int			need = model->needs.item[d];

				if (!facts[need])
				{
					facts[need] = true;
					stack[n++] = need;
				}
			}
		}
	}
	pfree(stack);
}

/* Copy the list of an action, its facts by their new numbers; facts that are left out have none. */
static void
copy_list(PlanLists *into, int action, const PlanLists *from, int old_action, const int *number)
{
	int			n = into->start[action];

	plan_each(i, from, old_action)
		if (number[from->item[i]] >= 0)
		into->item[n++] = number[from->item[i]];
	into->start[action + 1] = n;
}

static PlanLists
lists_alloc(int nkeys, int nitems)
{
	PlanLists	lists;

	lists.start = palloc0_array(int, nkeys + 1);
	lists.item = palloc_array(int, Max(nitems, 1));
	return lists;
}

/* What is left of a model without the barred actions and what only they need. */
PlanModel  *
training_model_restrict(const PlanModel *model, const uint8 *choice)
{
	PlanModel  *less = palloc0(sizeof(PlanModel));
	bool	   *facts = palloc0(Max(model->nfacts, 1));
	bool	   *actions = palloc0(Max(model->nactions, 1));
	int		   *number = palloc_array(int, Max(model->nfacts, 1));

	mark_relevant(model, choice, facts, actions);
	for (int f = 0; f < model->nfacts; f++)
		number[f] = facts[f] ? less->nfacts++ : -1;
	less->ngoals = model->ngoals;
	less->goals = palloc_array(int, Max(model->ngoals, 1));
	for (int i = 0; i < model->ngoals; i++)
		less->goals[i] = number[model->goals[i]];
	less->price = palloc_array(double, Max(model->nactions, 1));
	less->training = palloc_array(int32, Max(model->nactions, 1));
	less->needs = lists_alloc(model->nactions, model->needs.start[model->nactions]);
	less->gives = lists_alloc(model->nactions, model->gives.start[model->nactions]);
	for (int a = 0; a < model->nactions; a++)
		if (actions[a])
		{
			less->price[less->nactions] = model->price[a];
			less->training[less->nactions] = model->training[a];
			copy_list(&less->needs, less->nactions, &model->needs, a, number);
			copy_list(&less->gives, less->nactions, &model->gives, a, number);
			less->nactions++;
		}
	less->givers = training_lists_turn(&less->gives, less->nactions, less->nfacts);
	less->users = training_lists_turn(&less->needs, less->nactions, less->nfacts);
	return less;
}

/* Whether the facts of one list are all in another; both ascending. */
static bool
is_part(const PlanLists *lists, int part, int whole)
{
	int			w = lists->start[whole];

	plan_each(p, lists, part)
	{
		while (w < lists->start[whole + 1] && lists->item[w] < lists->item[p])
			w++;
		if (w == lists->start[whole + 1] || lists->item[w] != lists->item[p])
			return false;
	}
	return true;
}

/* Gives all that another gives, asks for no more and costs no more; the first of two alike. */
static bool
dominates(const PlanModel *model, int better, int action)
{
	return better != action && model->price[better] <= model->price[action] &&
		is_part(&model->gives, action, better) && is_part(&model->needs, better, action) &&
		(better < action || model->price[better] < model->price[action] ||
		 !is_part(&model->gives, better, action) || !is_part(&model->needs, action, better));
}

/* Bar actions in whose place another can be taken in every plan; true where there were any. */
bool
training_bar_dominated(const PlanModel *model, uint8 *choice)
{
	bool		barred = false;

	for (int a = 0; a < model->nactions; a++)
	{
		int			rarest = -1;

		CHECK_FOR_INTERRUPTS();
		plan_each(g, &model->gives, a)
		{
			int			fact = model->gives.item[g];

			if (rarest < 0 || model->givers.start[fact + 1] - model->givers.start[fact] <
				model->givers.start[rarest + 1] - model->givers.start[rarest])
				rarest = fact;
		}
		if (rarest < 0)
			continue;
		plan_each(b, &model->givers, rarest)
			if (choice[model->givers.item[b]] != PLAN_BARRED &&
				dominates(model, model->givers.item[b], a))
		{
			choice[a] = PLAN_BARRED;
			barred = true;
			break;
		}
	}
	return barred;
}

/*
 * The price of the cheapest chain of actions from each action, its own price
 * included, to a goal.
 */
static double *
price_chains(const PlanModel *model, const uint8 *choice)
{
	double	   *chain = palloc_array(double, Max(model->nactions, 1));
	double	   *from = palloc_array(double, Max(model->nfacts, 1));
	int		   *queue = palloc_array(int, Max(model->nfacts, 1));
	bool	   *queued = palloc0(Max(model->nfacts, 1));
	int			head = 0,
				n = 0;

	for (int a = 0; a < model->nactions; a++)
		chain[a] = INFINITY;
	for (int f = 0; f < model->nfacts; f++)
		from[f] = INFINITY;
	for (int i = 0; i < model->ngoals; i++)
	{
		from[model->goals[i]] = 0;
		queue[n++] = model->goals[i];
		queued[model->goals[i]] = true;
	}
	/* a ring: each fact stands in it at most once */
	for (int left = n; left > 0; left--)
	{
		int			fact = queue[head];

		CHECK_FOR_INTERRUPTS();
		head = (head + 1) % model->nfacts;
		queued[fact] = false;
		plan_each(g, &model->givers, fact)
		{
			int			action = model->givers.item[g];

			if (choice[action] == PLAN_BARRED || from[fact] + model->price[action] >= chain[action])
				continue;
			chain[action] = from[fact] + model->price[action];
			plan_each(d, &model->needs, action)
			{
				int			need = model->needs.item[d];

				if (chain[action] >= from[need])
					continue;
				from[need] = chain[action];
				if (!queued[need])
				{
					queued[need] = true;
					queue[n % model->nfacts] = need;
					n = (n + 1) % model->nfacts;
					left++;
				}
			}
		}
	}
	pfree(from);
	pfree(queue);
	pfree(queued);
	return chain;
}

/*
 * Bar actions by which no plan under the limit goes: what is needed before the
 * action and the chain from it to a goal share no action where none is taken
 * in vain.
 */
void
training_bar_detours(PlanBound *bound, uint8 *choice, double limit)
{
	const PlanModel *model = bound->model;
	double	   *chain = price_chains(model, choice);

	memcpy(bound->rest, model->price, model->nactions * sizeof(double));
	training_propagate(bound, choice, false);
	for (int a = 0; a < model->nactions; a++)
		if (bound->opened[a] + chain[a] >= limit)
			choice[a] = PLAN_BARRED;
	pfree(chain);
}
