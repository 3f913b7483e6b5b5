/*-------------------------------------------------------------------------
 *
 * training_problem.c
 *	  From a gap and a catalogue to a covering problem, and from its solution
 *	  to the rows of training_plan().
 *
 * src/competency/training_problem.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "competency/training_plan.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

typedef enum Minimise
{
	MINIMISE_COST,
	MINIMISE_HOURS,
	MINIMISE_TRAININGS
} Minimise;

/* A training teaches a competency of the gap, before trainings are put together. */
typedef struct Teaching
{
	int32		training;
	PlanEffect	effect;
} Teaching;

static Minimise
minimise_argument(text *argument)
{
	const char *what = text_to_cstring(argument);

	if (strcmp(what, "cost") == 0)
		return MINIMISE_COST;
	if (strcmp(what, "hours") == 0)
		return MINIMISE_HOURS;
	if (strcmp(what, "trainings") == 0)
		return MINIMISE_TRAININGS;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown aim of a training plan"),
			 errdetail("It is \"%s\".", what),
			 errhint("Use \"cost\", \"hours\" or \"trainings\".")));
}

static double
price_of(const CatalogTraining *training, Minimise minimise)
{
	if (minimise == MINIMISE_COST)
		return training->cost;
	if (minimise == MINIMISE_HOURS)
		return training->hours;
	return 1.0;
}

/* Who teaches what, by training; competencies that nobody teaches get no coordinate. */
static Teaching *
collect_teachings(PlanProblem *problem, const CompetencyView *gap,
				  const TrainingCatalog *catalog, Minimise minimise)
{
	int			capacity = 64;
	Teaching   *teachings = palloc_array(Teaching, capacity);

	problem->coordinates = palloc_array(PlanCoordinate, Max(gap->count, 1));
	for (int i = 0; i < gap->count; i++)
	{
		PlanCoordinate coordinate = {gap_at(gap, i), 0, 0};
		const CatalogPosting *end;
		const CatalogPosting *p = training_catalog_lookup(catalog, coordinate.gap.id, &end);

		CHECK_FOR_INTERRUPTS();
		for (; p < end && (*p & 0xF) > coordinate.gap.held; p++)
		{
			Teaching	teaching;

			teaching.training = (int32) (*p >> 4);
			if (price_of(&catalog->training[teaching.training], minimise) == TRAINING_UNKNOWN)
				continue;
			teaching.effect.coordinate = problem->ncoordinates;
			teaching.effect.closes = Min(*p & 0xF, coordinate.gap.needed) - coordinate.gap.held;
			coordinate.closable = Max(coordinate.closable, teaching.effect.closes);
			if (problem->neffects == capacity)
			{
				capacity *= 2;
				teachings = repalloc_array(teachings, Teaching, capacity);
			}
			teachings[problem->neffects++] = teaching;
		}
		if (coordinate.closable > 0)
			problem->coordinates[problem->ncoordinates++] = coordinate;
	}
	return teachings;
}

static int
compare_teachings(const void *a, const void *b)
{
	const Teaching *x = a;
	const Teaching *y = b;

	if (x->training != y->training)
		return x->training < y->training ? -1 : 1;
	return x->effect.coordinate < y->effect.coordinate ? -1 : 1;
}

/* Effect by effect; candidates with the same effects by price, then by training. */
static int
compare_candidates(const void *a, const void *b, void *arg)
{
	const PlanCandidate *x = a;
	const PlanCandidate *y = b;
	const PlanEffect *effects = arg;

	if (x->neffects != y->neffects)
		return x->neffects < y->neffects ? -1 : 1;
	for (int i = 0; i < x->neffects; i++)
	{
		const PlanEffect *s = &effects[x->first_effect + i];
		const PlanEffect *t = &effects[y->first_effect + i];

		if (s->coordinate != t->coordinate)
			return s->coordinate < t->coordinate ? -1 : 1;
		if (s->closes != t->closes)
			return s->closes < t->closes ? -1 : 1;
	}
	if (x->price != y->price)
		return x->price < y->price ? -1 : 1;
	return x->training - y->training;
}

static bool
same_effects(const PlanCandidate *x, const PlanCandidate *y, const PlanEffect *effects)
{
	if (x->neffects != y->neffects)
		return false;
	for (int i = 0; i < x->neffects; i++)
	{
		const PlanEffect *s = &effects[x->first_effect + i];
		const PlanEffect *t = &effects[y->first_effect + i];

		if (s->coordinate != t->coordinate || s->closes != t->closes)
			return false;
	}
	return true;
}

/* One candidate for each training, then of those with the same effects the cheapest. */
static void
make_candidates(PlanProblem *problem, Teaching *teachings, const TrainingCatalog *catalog,
				Minimise minimise)
{
	int			all = 0;

	qsort(teachings, problem->neffects, sizeof(Teaching), compare_teachings);
	problem->effects = palloc_array(PlanEffect, Max(problem->neffects, 1));
	problem->candidates = palloc_array(PlanCandidate, Max(problem->neffects, 1));
	for (int i = 0; i < problem->neffects; i++)
	{
		PlanCandidate *candidate;

		problem->effects[i] = teachings[i].effect;
		if (i == 0 || teachings[i].training != teachings[i - 1].training)
		{
			candidate = &problem->candidates[all++];
			candidate->training = teachings[i].training;
			candidate->price = price_of(&catalog->training[teachings[i].training], minimise);
			candidate->first_effect = i;
			candidate->neffects = 0;
			candidate->levels = 0;
		}
		candidate = &problem->candidates[all - 1];
		candidate->neffects++;
		candidate->levels += teachings[i].effect.closes;
	}

	qsort_arg(problem->candidates, all, sizeof(PlanCandidate), compare_candidates,
			  problem->effects);
	for (int i = 0; i < all; i++)
		if (i == 0 || !same_effects(&problem->candidates[i],
									&problem->candidates[problem->ncandidates - 1],
									problem->effects))
			problem->candidates[problem->ncandidates++] = problem->candidates[i];
}

static void
number_states(PlanProblem *problem)
{
	int64		stride = 1;

	for (int i = 0; i < problem->ncoordinates && stride <= PLAN_MAX_STATES; i++)
	{
		problem->coordinates[i].stride = (int32) stride;
		stride *= problem->coordinates[i].closable + 1;
	}
}

/* The columns that all rows of a plan share are set beforehand. */
static void
put_step(ReturnSetInfo *rsinfo, Datum *values, int step, CompetencyGap *closes,
		 const CatalogTraining *training)
{
	bool		nulls[8] = {false, false, false, false, false, false, false, false};

	values[0] = Int32GetDatum(step);
	values[2] = PointerGetDatum(closes);
	if (training != NULL)
	{
		values[1] = Int64GetDatum(training->id);
		values[3] = Float8GetDatum(training->hours);
		values[4] = Float8GetDatum(training->cost);
	}
	nulls[1] = training == NULL;
	nulls[3] = training == NULL || training->hours == TRAINING_UNKNOWN;
	nulls[4] = training == NULL || training->cost == TRAINING_UNKNOWN;
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* What a step closes of the levels that the steps before it left open. */
static CompetencyGap *
closed_by(const PlanProblem *problem, const PlanCandidate *candidate, uint8 *closed)
{
	CompetencyGap *closes = competency_gap_alloc(candidate->neffects);
	int			count = 0;

	for (int e = candidate->first_effect; e < candidate->first_effect + candidate->neffects; e++)
	{
		const PlanEffect *effect = &problem->effects[e];
		GapEntry	entry = problem->coordinates[effect->coordinate].gap;

		if (effect->closes <= closed[effect->coordinate])
			continue;
		entry.needed = entry.held + effect->closes;
		entry.held += closed[effect->coordinate];
		closes->entries[count++] = entry;
		closed[effect->coordinate] = effect->closes;
	}
	SET_VARSIZE(closes, COMPETENCY_GAP_SIZE(count));
	return closes;
}

/* What no training closes. */
static CompetencyGap *
left_open(const PlanProblem *problem, const CompetencyView *gap)
{
	CompetencyGap *open = competency_gap_alloc(gap->count);
	int			count = 0;
	int			c = 0;

	for (int i = 0; i < gap->count; i++)
	{
		GapEntry	entry = gap_at(gap, i);

		if (c < problem->ncoordinates && problem->coordinates[c].gap.id == entry.id)
			entry.held += problem->coordinates[c++].closable;
		if (entry.held < entry.needed)
			open->entries[count++] = entry;
	}
	SET_VARSIZE(open, COMPETENCY_GAP_SIZE(count));
	return open;
}

static void
put_plan(FunctionCallInfo fcinfo, const PlanProblem *problem, const TrainingPlan *plan,
		 const TrainingCatalog *catalog, const CompetencyView *gap)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	uint8	   *closed = palloc0(Max(problem->ncoordinates, 1));
	CompetencyGap *open = left_open(problem, gap);
	Datum		values[8];

	InitMaterializedSRF(fcinfo, 0);
	values[5] = CStringGetTextDatum(plan->exact ? "exact" : "greedy");
	values[6] = Float8GetDatum(plan->total);
	values[7] = Float8GetDatum(plan->bound);
	for (int i = 0; i < plan->nsteps; i++)
	{
		const PlanCandidate *candidate = &problem->candidates[plan->steps[i]];

		put_step(rsinfo, values, i + 1, closed_by(problem, candidate, closed),
				 &catalog->training[candidate->training]);
	}
	if (VARSIZE(open) > COMPETENCY_GAP_SIZE(0))
		put_step(rsinfo, values, plan->nsteps + 1, open, NULL);
}

PG_FUNCTION_INFO_V1(training_plan);

/* training_plan(gap, catalog, minimise) */
Datum
training_plan(PG_FUNCTION_ARGS)
{
	CompetencyView gap = gap_view(PG_GETARG_DATUM(0));
	Minimise	minimise = minimise_argument(PG_GETARG_TEXT_PP(2));
	CatalogCache *cache = fcinfo->flinfo->fn_extra;
	const TrainingCatalog *catalog;
	PlanProblem problem = {0};
	Teaching   *teachings;

	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(CatalogCache));
		fcinfo->flinfo->fn_extra = cache;
	}
	catalog = training_catalog_cached(PG_GETARG_DATUM(1), cache, fcinfo->flinfo->fn_mcxt);
	teachings = collect_teachings(&problem, &gap, catalog, minimise);
	make_candidates(&problem, teachings, catalog, minimise);
	number_states(&problem);
	put_plan(fcinfo, &problem, training_plan_solve(&problem), catalog, &gap);
	return (Datum) 0;
}
