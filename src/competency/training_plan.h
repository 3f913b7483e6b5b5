/*-------------------------------------------------------------------------
 *
 * training_plan.h
 *	  Which trainings to take: the model of a plan and its search.
 *
 * A fact is "this competency at this level or above" that somebody does not
 * hold yet and that a goal or a prerequisite asks for.  An action is a
 * training: once all the facts it needs are there it gives others, for good.
 * A plan is a set of actions that can be taken one after the other and gives
 * all goals.
 *
 * src/competency/training_plan.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_COMPETENCY_TRAINING_PLAN_H
#define CIVIC_COMPETENCY_TRAINING_PLAN_H

#include "competency/training_catalog.h"

/*
 * Steps of the search, each of which looks at one action, after which a plan
 * is given with a bound instead: some 50 ms.
 */
#define PLAN_MAX_STEPS	500000

/* Lists of numbers, one for each key: from item[start[key]] to item[start[key + 1]]. */
typedef struct PlanLists
{
	int		   *start;
	int		   *item;
} PlanLists;

#define plan_each(i, lists, key) \
	for (int i = (lists)->start[key]; i < (lists)->start[(key) + 1]; i++)

typedef struct PlanModel
{
	int			nfacts;
	int			nactions;
	int			ngoals;
	int		   *goals;			/* facts */
	double	   *price;			/* of actions */
	int32	   *training;		/* of actions: index in the catalogue */
	PlanLists	needs;			/* action: facts */
	PlanLists	gives;			/* action: facts */
	PlanLists	givers;			/* fact: actions */
	PlanLists	users;			/* fact: actions */
} PlanModel;

typedef enum PlanChoice
{
	PLAN_OPEN,
	PLAN_TAKEN,					/* paid for, whether or not it can be taken
								 * yet */
	PLAN_BARRED
} PlanChoice;

/* What is worked out over a model again and again, in room that is made once. */
typedef struct PlanBound
{
	const PlanModel *model;
	double	   *rest;			/* of actions: price that is not counted yet */
	double	   *reached;		/* of facts: least price to reach it, infinite
								 * where there is no way */
	double	   *opened;			/* of actions: least price to reach all it
								 * needs */
	int		   *last;			/* of actions: the need that was reached last,
								 * -1 without needs */
	int		   *support;		/* of facts: the action by which it is reached
								 * at that price */
	int		   *waiting;		/* of actions: needs not reached yet */
	double	   *heap_price;
	int		   *heap_fact;
	int			heap_size;
	uint8	   *zone;			/* of facts */
	int		   *stack;			/* of facts */
	int		   *cut;			/* actions of which every plan has one */
	int			ncut;
	int		   *branch;			/* the smallest such set found by
								 * training_lower_bound() */
	int			nbranch;
	int64		steps;			/* what was done so far */
} PlanBound;

typedef struct TrainingPlan
{
	int32	   *steps;			/* trainings in an order in which each is open */
	int			nsteps;
	double		total;			/* price; infinite before there is a plan */
	double		bound;			/* no plan is cheaper */
	bool		exact;
} TrainingPlan;

typedef struct PlanSearch
{
	const PlanModel *model;
	PlanBound  *bound;
	uint8	   *choice;			/* PlanChoice of each action */
	double		grain;			/* prices of plans are multiples of it; 0
								 * where none is known */
	int64		steps;
	double		given_up;		/* what is not searched costs at least this */
	TrainingPlan *best;
} PlanSearch;

extern PlanBound *training_bound_make(const PlanModel *model);
extern void training_propagate(PlanBound *bound, const uint8 *choice, bool add);
extern double training_lower_bound(PlanBound *bound, const uint8 *choice);
extern double training_share_bound(const PlanBound *bound, const uint8 *choice);

extern PlanLists training_lists_turn(const PlanLists *lists, int nkeys, int nitems);
extern PlanModel *training_model_restrict(const PlanModel *model, const uint8 *choice);
extern bool training_bar_dominated(const PlanModel *model, uint8 *choice);
extern void training_bar_detours(PlanBound *bound, uint8 *choice, double limit);

extern void training_search_init(PlanSearch *search);
extern void training_search_set_model(PlanSearch *search, const PlanModel *model);
extern void training_search_try(PlanSearch *search);
extern double training_search_limit(const PlanSearch *search);
extern int	training_search_bar(PlanSearch *search, double least, int *barred);
extern void training_search_finish(PlanSearch *search);

#endif							/* CIVIC_COMPETENCY_TRAINING_PLAN_H */
