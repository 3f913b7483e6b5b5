/*-------------------------------------------------------------------------
 *
 * training_problem.h
 *	  A need, what is held of it, and the trainings that may close the rest.
 *
 * src/competency/training_problem.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_COMPETENCY_TRAINING_PROBLEM_H
#define CIVIC_COMPETENCY_TRAINING_PROBLEM_H

#include "competency/training_plan.h"

typedef enum Minimise
{
	MINIMISE_COST,
	MINIMISE_HOURS,
	MINIMISE_TRAININGS
} Minimise;

/* A competency at a level, of a training; or a training, of a competency at a level. */
typedef struct IndexEntry
{
	int32		other;
	uint8		level;
} IndexEntry;

typedef struct IndexLists
{
	int		   *start;
	IndexEntry *entry;
} IndexLists;

/*
 * Two catalogues, of what trainings teach and of what they ask for, by
 * training and by competency.  It is kept as long as the catalogues are the
 * same bytes.
 */
typedef struct TrainingIndex
{
	MemoryContext context;
	TrainingCatalog *teaches;
	TrainingCatalog *asks;		/* NULL: no training asks for anything */
	int			ncompetencies;
	uint32	   *ids;			/* of the competencies of both, ascending */
	double		grain[3];		/* by Minimise: all prices are multiples of
								 * it, 0 where none is known */
	IndexLists	taught;			/* by training */
	IndexLists	asked;			/* by training */
	IndexLists	teachers;		/* by competency, highest level first */
	IndexLists	askers;			/* by competency, highest level first */
} TrainingIndex;

/* What is known of a training while a plan is looked for */
typedef enum TrainingState
{
	TRAINING_UNSEEN,
	TRAINING_COLLECTED,
	TRAINING_BARRED				/* in no plan that is better than the best
								 * known */
} TrainingState;

typedef struct PlanProblem
{
	const TrainingIndex *index;
	Minimise	minimise;
	const CompetencyView *gap;
	int		   *competency;		/* of the gap's entries, -1 where nobody
								 * teaches or asks for it */
	uint8	   *goal;			/* of the gap's entries: the level to reach, 0
								 * for none */
	uint8	   *held;			/* of competencies: the level */
	uint8	   *reach;			/* of competencies: the highest level that is
								 * known to be reached */
	uint8	   *wanted;			/* of competencies: the lowest level whose
								 * teachers are collected, 0 for none */
	int		   *next;			/* of competencies: teachers before it are
								 * collected */
	int		   *stack;			/* competencies whose teachers are to be
								 * collected */
	int			nstack;
	int			stack_room;
	uint8	   *state;			/* TrainingState of trainings */
	int		   *trainings;		/* the collected ones */
	int			ntrainings;
	int			trainings_room;
	double		slack;			/* trainings of this price are of no use */
	PlanSearch	search;
} PlanProblem;

extern TrainingIndex *training_index_cached(TrainingIndex *index, const TrainingCatalog *teaches,
											const TrainingCatalog *asks, MemoryContext context);
extern int	training_index_find(const TrainingIndex *index, uint32 id);

extern double training_price(const CatalogTraining *training, Minimise minimise);
extern PlanModel *training_problem_model(const PlanProblem *problem);
extern TrainingPlan *training_problem_solve(PlanProblem *problem, const CompetencyView *held);

#define index_each(i, lists, key) \
	for (int i = (lists)->start[key]; i < (lists)->start[(key) + 1]; i++)

#endif							/* CIVIC_COMPETENCY_TRAINING_PROBLEM_H */
