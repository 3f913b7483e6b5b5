/*-------------------------------------------------------------------------
 *
 * training_problem.c
 *	  The best plan for a gap, out of as few of the trainings as prove it.
 *
 * Trainings that teach what is missing are collected first; then, as far as it
 * may pay, those that teach what these ask for, and so on.  It no longer pays
 * where what a plan costs at least, with what was not collected for nothing,
 * comes to the best plan found.
 *
 * src/competency/training_problem.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "competency/training_problem.h"
#include "miscadmin.h"

static inline double
price_of(const PlanProblem *problem, int training)
{
	return training_price(&problem->index->teaches->training[training], problem->minimise);
}

static void
want(PlanProblem *problem, int competency, int level)
{
	if (problem->wanted[competency] != 0 && problem->wanted[competency] <= level)
		return;
	problem->wanted[competency] = level;
	if (problem->nstack == problem->stack_room)
	{
		problem->stack_room *= 2;
		problem->stack = repalloc_array(problem->stack, int, problem->stack_room);
	}
	problem->stack[problem->nstack++] = competency;
}

static void
collect_training(PlanProblem *problem, int training)
{
	double		price = price_of(problem, training);

	if (problem->state[training] != TRAINING_UNSEEN || price == TRAINING_UNKNOWN)
		return;
	if (price >= problem->slack)
	{
		problem->state[training] = TRAINING_BARRED;
		return;
	}
	problem->state[training] = TRAINING_COLLECTED;
	if (problem->ntrainings == problem->trainings_room)
	{
		problem->trainings_room *= 2;
		problem->trainings = repalloc_array(problem->trainings, int, problem->trainings_room);
	}
	problem->trainings[problem->ntrainings++] = training;
}

/* Collect the teachers of what is wanted. */
static void
collect(PlanProblem *problem)
{
	const IndexLists *teachers = &problem->index->teachers;

	while (problem->nstack > 0)
	{
		int			c = problem->stack[--problem->nstack];
		int		   *next = &problem->next[c];

		CHECK_FOR_INTERRUPTS();
		for (; *next < teachers->start[c + 1] && teachers->entry[*next].level >= problem->wanted[c]; (*next)++)
			collect_training(problem, teachers->entry[*next].other);
	}
}

/* Want what the collected trainings ask for; false where all of it was wanted before. */
static bool
expand(PlanProblem *problem)
{
	const IndexLists *asked = &problem->index->asked;

	for (int i = 0; i < problem->ntrainings; i++)
	{
		if (problem->state[problem->trainings[i]] == TRAINING_BARRED)
			continue;
		index_each(j, asked, problem->trainings[i])
			if (asked->entry[j].level > problem->held[asked->entry[j].other])
			want(problem, asked->entry[j].other, asked->entry[j].level);
	}
	return problem->nstack > 0;
}

/* How many of the competencies they ask for the collected trainings wait for; -1 for the others. */
static int *
count_waiting(const PlanProblem *problem)
{
	const IndexLists *asked = &problem->index->asked;
	int			trainings = problem->index->teaches->trainings;
	int		   *waiting = palloc_array(int, Max(trainings, 1));

	memset(waiting, 0xFF, trainings * sizeof(int));
	for (int i = 0; i < problem->ntrainings; i++)
	{
		waiting[problem->trainings[i]] = 0;
		index_each(j, asked, problem->trainings[i])
			if (asked->entry[j].level > problem->held[asked->entry[j].other])
			waiting[problem->trainings[i]]++;
	}
	return waiting;
}

/* Raise a competency to a level: trainings that waited for it between the two no longer do. */
static void
raise_level(PlanProblem *problem, int competency, int level, int *waiting, int *queue, int *n)
{
	const IndexLists *askers = &problem->index->askers;
	int			before = problem->reach[competency];

	problem->reach[competency] = level;
	index_each(i, askers, competency)
	{
		int			training = askers->entry[i].other;

		if (askers->entry[i].level <= before)
			break;
		if (askers->entry[i].level <= level && waiting[training] > 0 && --waiting[training] == 0)
			queue[(*n)++] = training;
	}
}

/* What can be reached from what is held by the collected trainings. */
static void
reach_out(PlanProblem *problem)
{
	const IndexLists *taught = &problem->index->taught;
	int		   *waiting = count_waiting(problem);
	int		   *queue = palloc_array(int, Max(problem->ntrainings, 1));
	int			n = 0;

	memcpy(problem->reach, problem->held, problem->index->ncompetencies);
	for (int i = 0; i < problem->ntrainings; i++)
		if (waiting[problem->trainings[i]] == 0)
			queue[n++] = problem->trainings[i];
	for (int head = 0; head < n; head++)
	{
		CHECK_FOR_INTERRUPTS();
		index_each(i, taught, queue[head])
			if (taught->entry[i].level > problem->reach[taught->entry[i].other])
			raise_level(problem, taught->entry[i].other, taught->entry[i].level, waiting,
						queue, &n);
	}
	pfree(waiting);
	pfree(queue);
}

/* The highest level that a training of known price teaches. */
static int
highest_taught(const PlanProblem *problem, int competency)
{
	index_each(i, &problem->index->teachers, competency)
		if (price_of(problem, problem->index->teachers.entry[i].other) != TRAINING_UNKNOWN)
		return problem->index->teachers.entry[i].level;
	return 0;
}

/* Whether everything is reached that may ever be. */
static bool
is_all_reached(const PlanProblem *problem)
{
	for (int i = 0; i < problem->gap->count; i++)
	{
		int			c = problem->competency[i];

		if (c >= 0 && problem->reach[c] < Min(gap_at(problem->gap, i).needed, highest_taught(problem, c)))
			return false;
	}
	return true;
}

/* Which level of each competency of the gap is to be reached: the highest that can be. */
static int
set_goals(PlanProblem *problem)
{
	int			goals = 0;

	for (;;)
	{
		collect(problem);
		reach_out(problem);
		if (is_all_reached(problem) || !expand(problem))
			break;
	}
	problem->goal = palloc0(Max(problem->gap->count, 1));
	for (int i = 0; i < problem->gap->count; i++)
	{
		GapEntry	entry = gap_at(problem->gap, i);
		int			c = problem->competency[i];

		if (c < 0 || problem->reach[c] <= problem->held[c])
			continue;
		problem->goal[i] = Min(entry.needed, problem->reach[c]);
		goals++;
	}
	return goals;
}

static int
compare_trainings(const void *a, const void *b)
{
	int			x = *(const int *) a;
	int			y = *(const int *) b;

	return (x > y) - (x < y);
}

/* Bar the trainings that cannot be in a better plan; gives what every plan costs at least. */
static double
bound_problem(PlanProblem *problem)
{
	PlanSearch *search = &problem->search;
	double		least;
	int		   *barred;
	int			nbarred;

	/*
	 * plans are told in the order of the catalogue, as far as prerequisites
	 * allow
	 */
	qsort(problem->trainings, problem->ntrainings, sizeof(int), compare_trainings);
	training_search_set_model(search, training_problem_model(problem));
	search->choice[0] = PLAN_BARRED;
	training_search_try(search);
	search->choice[0] = PLAN_TAKEN;
	least = training_lower_bound(search->bound, search->choice);
	barred = palloc_array(int, search->model->nactions);
	nbarred = training_search_bar(search, least, barred);
	for (int i = 0; i < nbarred; i++)
		problem->state[search->model->training[barred[i]]] = TRAINING_BARRED;
	pfree(barred);
	return least;
}

static void
problem_init(PlanProblem *problem, const CompetencyView *held)
{
	const TrainingIndex *index = problem->index;
	const CompetencyView *gap = problem->gap;

	problem->competency = palloc_array(int, Max(gap->count, 1));
	problem->held = palloc0(Max(index->ncompetencies, 1));
	problem->reach = palloc(Max(index->ncompetencies, 1));
	problem->wanted = palloc0(Max(index->ncompetencies, 1));
	problem->next = palloc_array(int, Max(index->ncompetencies, 1));
	memcpy(problem->next, index->teachers.start, index->ncompetencies * sizeof(int));
	problem->stack_room = problem->trainings_room = 64;
	problem->stack = palloc_array(int, problem->stack_room);
	problem->trainings = palloc_array(int, problem->trainings_room);
	problem->state = palloc0(Max(index->teaches->trainings, 1));
	problem->slack = INFINITY;
	for (int i = 0; held != NULL && i < held->count; i++)
	{
		CompetencyEntry entry = competency_at(held, i);
		int			c = training_index_find(index, competency_id(entry));

		if (c >= 0)
			problem->held[c] = competency_level(entry);
	}
	for (int i = 0; i < gap->count; i++)
	{
		GapEntry	entry = gap_at(gap, i);
		int			c = problem->competency[i] = training_index_find(index, entry.id);

		if (c < 0)
			continue;
		problem->held[c] = entry.held;
		want(problem, c, entry.held + 1);
	}
}

/* Index, aim and gap are set; held is NULL where only what the gap says is held. */
TrainingPlan *
training_problem_solve(PlanProblem *problem, const CompetencyView *held)
{
	PlanSearch *search = &problem->search;

	training_search_init(search);
	search->grain = problem->index->grain[problem->minimise];
	problem_init(problem, held);
	if (set_goals(problem) == 0)
	{
		search->best->total = 0;
		search->best->exact = true;
		return search->best;
	}
	for (;;)
	{
		double		least = bound_problem(problem);

		problem->slack = training_search_limit(search) - least;
		if (problem->slack <= 0)
		{
			search->best->bound = search->best->total;
			search->best->exact = true;
			return search->best;
		}
		if (!expand(problem))
			break;
		collect(problem);
	}
	search->choice[0] = PLAN_BARRED;
	training_search_finish(search);
	return search->best;
}
