/*-------------------------------------------------------------------------
 *
 * training_plan.h
 *	  A gap and the trainings that may close it, as a covering problem.
 *
 * src/competency/training_plan.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_COMPETENCY_TRAINING_PLAN_H
#define CIVIC_COMPETENCY_TRAINING_PLAN_H

#include "competency/training_catalog.h"

#define PLAN_MAX_STATES 65536	/* for the exact plan */

/* A competency of the gap that some training teaches. */
typedef struct PlanCoordinate
{
	GapEntry	gap;
	uint8		closable;		/* levels that trainings can close, at least 1 */
	int32		stride;			/* weight of a level in the number of a state */
} PlanCoordinate;

/* So many levels of a competency, counted from the level held */
typedef struct PlanEffect
{
	int32		coordinate;
	uint8		closes;
} PlanEffect;

/* The cheapest training with these effects. */
typedef struct PlanCandidate
{
	int32		training;		/* index in the catalogue */
	double		price;
	int32		first_effect;
	int32		neffects;
	int32		levels;			/* over all effects */
} PlanCandidate;

typedef struct PlanProblem
{
	PlanCoordinate *coordinates;
	int			ncoordinates;
	PlanEffect *effects;
	int			neffects;
	PlanCandidate *candidates;
	int			ncandidates;
} PlanProblem;

typedef struct TrainingPlan
{
	int		   *steps;			/* candidates in the order of the plan */
	int			nsteps;
	double		total;			/* price */
	double		bound;			/* no plan is cheaper */
	bool		exact;
} TrainingPlan;

extern TrainingPlan *training_plan_solve(const PlanProblem *problem);

#endif							/* CIVIC_COMPETENCY_TRAINING_PLAN_H */
