/*-------------------------------------------------------------------------
 *
 * training_problem_model.c
 *	  The model of a plan from the trainings collected so far.
 *
 * Competencies whose teachers are not collected yet are given for nothing by
 * the first action, which is no training: taken, it makes every plan possible
 * that more trainings may bring, so that a bound holds for these, too; barred,
 * only plans remain that need no others.
 *
 * src/competency/training_problem_model.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "competency/training_problem.h"
#include "port/pg_bitutils.h"

/* The facts of the model, by competency a bit for each level that is one. */
typedef struct FactNumbers
{
	uint16	   *levels;			/* of competencies */
	int		   *first;			/* of competencies: the number of its lowest
								 * fact */
	int			nfacts;
} FactNumbers;

static inline int
fact_number(const FactNumbers *facts, int competency, int level)
{
	return facts->first[competency] +
		pg_popcount32(facts->levels[competency] & ((1 << level) - 1));
}

static void
number_facts(const PlanProblem *problem, FactNumbers *facts)
{
	const TrainingIndex *index = problem->index;

	facts->levels = palloc0_array(uint16, Max(index->ncompetencies, 1));
	facts->first = palloc_array(int, Max(index->ncompetencies, 1));
	facts->nfacts = 0;
	for (int i = 0; i < problem->gap->count; i++)
		if (problem->goal[i] > 0)
			facts->levels[problem->competency[i]] |= 1 << problem->goal[i];
	for (int i = 0; i < problem->ntrainings; i++)
	{
		if (problem->state[problem->trainings[i]] == TRAINING_BARRED)
			continue;
		index_each(j, &index->asked, problem->trainings[i])
		{
			IndexEntry	asked = index->asked.entry[j];

			if (asked.level > problem->held[asked.other])
				facts->levels[asked.other] |= 1 << asked.level;
		}
	}
	for (int c = 0; c < index->ncompetencies; c++)
	{
		facts->first[c] = facts->nfacts;
		facts->nfacts += pg_popcount32(facts->levels[c]);
	}
}

/* Room for the lists of all collected trainings. */
static void
alloc_lists(const PlanProblem *problem, PlanModel *model, const FactNumbers *facts)
{
	const TrainingIndex *index = problem->index;
	int			needs = 0;
	int			gives = facts->nfacts;

	for (int i = 0; i < problem->ntrainings; i++)
	{
		int			training = problem->trainings[i];

		needs += index->asked.start[training + 1] - index->asked.start[training];
		index_each(j, &index->taught, training)
			gives += pg_popcount32(facts->levels[index->taught.entry[j].other]);
	}
	model->price = palloc_array(double, problem->ntrainings + 1);
	model->training = palloc_array(int32, problem->ntrainings + 1);
	model->needs.start = palloc0_array(int, problem->ntrainings + 2);
	model->needs.item = palloc_array(int, Max(needs, 1));
	model->gives.start = palloc0_array(int, problem->ntrainings + 2);
	model->gives.item = palloc_array(int, Max(gives, 1));
}

/* The first action: what nobody collected teaches is there. */
static void
put_rest(const PlanProblem *problem, PlanModel *model, const FactNumbers *facts)
{
	int			gives = 0;

	for (int c = 0; c < problem->index->ncompetencies; c++)
	{
		int			all = pg_popcount32(facts->levels[c]);
		int			wanted = problem->wanted[c];
		int			rest = all == 0 || wanted == 0 ? all : fact_number(facts, c, wanted) - facts->first[c];

		for (int i = 0; i < rest; i++)
			model->gives.item[gives++] = facts->first[c] + i;
	}
	model->gives.start[1] = gives;
	model->price[0] = 0;
	model->training[0] = -1;
	model->nactions = 1;
}

/* A training, with the facts that it needs and gives. */
static void
put_training(const PlanProblem *problem, PlanModel *model, const FactNumbers *facts, int training)
{
	const TrainingIndex *index = problem->index;
	int			action = model->nactions++;
	int			needs = model->needs.start[action];
	int			gives = model->gives.start[action];

	model->training[action] = training;
	model->price[action] = training_price(&index->teaches->training[training], problem->minimise);
	index_each(i, &index->asked, training)
	{
		IndexEntry	asked = index->asked.entry[i];

		if (asked.level > problem->held[asked.other])
			model->needs.item[needs++] = fact_number(facts, asked.other, asked.level);
	}
	index_each(i, &index->taught, training)
	{
		IndexEntry	taught = index->taught.entry[i];
		int			end = fact_number(facts, taught.other, taught.level + 1);

		for (int fact = facts->first[taught.other]; fact < end; fact++)
			model->gives.item[gives++] = fact;
	}
	model->needs.start[action + 1] = needs;
	model->gives.start[action + 1] = gives;
}

/* The model of the trainings that are collected and not barred. */
PlanModel  *
training_problem_model(const PlanProblem *problem)
{
	PlanModel  *model = palloc0(sizeof(PlanModel));
	FactNumbers facts;

	number_facts(problem, &facts);
	model->nfacts = facts.nfacts;
	alloc_lists(problem, model, &facts);
	put_rest(problem, model, &facts);
	for (int i = 0; i < problem->ntrainings; i++)
		if (problem->state[problem->trainings[i]] != TRAINING_BARRED)
			put_training(problem, model, &facts, problem->trainings[i]);
	model->givers = training_lists_turn(&model->gives, model->nactions, model->nfacts);
	model->users = training_lists_turn(&model->needs, model->nactions, model->nfacts);
	model->goals = palloc_array(int, Max(problem->gap->count, 1));
	for (int i = 0; i < problem->gap->count; i++)
		if (problem->goal[i] > 0)
			model->goals[model->ngoals++] =
				fact_number(&facts, problem->competency[i], problem->goal[i]);
	pfree(facts.levels);
	pfree(facts.first);
	return model;
}
