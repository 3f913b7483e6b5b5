/*-------------------------------------------------------------------------
 *
 * training_plan_row.c
 *	  The rows of training_plan().
 *
 * src/competency/training_plan_row.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "competency/training_problem.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

/* Kept in fn_extra */
typedef struct TrainingPlanState
{
	CatalogCache teaches;
	CatalogCache asks;
	TrainingIndex *index;
} TrainingPlanState;

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

static int
taught_level(const TrainingIndex *index, int training, int competency)
{
	for (int i = index->taught.start[training]; i < index->taught.start[training + 1]; i++)
		if (index->taught.entry[i].other == competency)
			return index->taught.entry[i].level;
	return 0;
}

/* What a training closes of the levels that those before it left open, which it changes. */
static CompetencyGap *
closed_by(const TrainingIndex *index, int training, GapEntry *open, int nopen)
{
	CompetencyGap *closes = competency_gap_alloc(nopen);
	int			count = 0;

	for (int i = 0; i < nopen; i++)
	{
		int			level = Min(taught_level(index, training, training_index_find(index, open[i].id)),
								open[i].needed);

		if (level <= open[i].held)
			continue;
		closes->entries[count] = open[i];
		closes->entries[count++].needed = level;
		open[i].held = level;
	}
	SET_VARSIZE(closes, COMPETENCY_GAP_SIZE(count));
	return closes;
}

/* What is still open at the end. */
static CompetencyGap *
left_open(const GapEntry *open, int nopen)
{
	CompetencyGap *left = competency_gap_alloc(nopen);
	int			count = 0;

	for (int i = 0; i < nopen; i++)
		if (open[i].held < open[i].needed)
			left->entries[count++] = open[i];
	SET_VARSIZE(left, COMPETENCY_GAP_SIZE(count));
	return left;
}

static void
put_plan(ReturnSetInfo *rsinfo, const TrainingPlan *plan, const TrainingIndex *index,
		 const CompetencyView *gap)
{
	GapEntry   *open = palloc_array(GapEntry, Max(gap->count, 1));
	CompetencyGap *left;
	Datum		values[8];

	for (int i = 0; i < gap->count; i++)
		open[i] = gap_at(gap, i);
	values[5] = CStringGetTextDatum(plan->exact ? "exact" : "bounded");
	values[6] = Float8GetDatum(plan->total);
	values[7] = Float8GetDatum(plan->bound);
	for (int i = 0; i < plan->nsteps; i++)
		put_step(rsinfo, values, i + 1, closed_by(index, plan->steps[i], open, gap->count),
				 &index->teaches->training[plan->steps[i]]);
	left = left_open(open, gap->count);
	values[5] = CStringGetTextDatum("unclosable");
	if (VARSIZE(left) > COMPETENCY_GAP_SIZE(0))
		put_step(rsinfo, values, plan->nsteps + 1, left, NULL);
}

static TrainingCatalog *
empty_catalog(void)
{
	return training_catalog_build(training_list_add(NULL, 0, 0, 0, NULL), NULL);
}

/* The index of these two arguments; an argument without a number, -1, is NULL. */
static const TrainingIndex *
index_of(FunctionCallInfo fcinfo, int teaches, int asks)
{
	TrainingPlanState *state = fcinfo->flinfo->fn_extra;
	MemoryContext context = fcinfo->flinfo->fn_mcxt;

	if (state == NULL)
		fcinfo->flinfo->fn_extra = state = MemoryContextAllocZero(context, sizeof(TrainingPlanState));
	state->index = training_index_cached(state->index,
										 PG_ARGISNULL(teaches) ? empty_catalog() :
										 training_catalog_cached(PG_GETARG_DATUM(teaches), &state->teaches, context),
										 asks < 0 || PG_ARGISNULL(asks) ? NULL :
										 training_catalog_cached(PG_GETARG_DATUM(asks), &state->asks, context),
										 context);
	return state->index;
}

static void
plan_rows(FunctionCallInfo fcinfo, const TrainingIndex *index, Datum gap_value,
		  const CompetencyView *held, Minimise minimise)
{
	CompetencyView gap = gap_view(gap_value);
	PlanProblem problem = {.index = index,.minimise = minimise,.gap = &gap};

	put_plan((ReturnSetInfo *) fcinfo->resultinfo, training_problem_solve(&problem, held), index, &gap);
}

PG_FUNCTION_INFO_V1(training_plan);

/* training_plan(gap, catalog, minimise) */
Datum
training_plan(PG_FUNCTION_ARGS)
{
	Minimise	minimise = minimise_argument(PG_GETARG_TEXT_PP(2));

	InitMaterializedSRF(fcinfo, 0);
	plan_rows(fcinfo, index_of(fcinfo, 1, -1), PG_GETARG_DATUM(0), NULL, minimise);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(training_plan_with_prerequisites);

/* training_plan(need, held, teaches, asks, minimise) */
Datum
training_plan_with_prerequisites(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1) && !PG_ARGISNULL(4))
	{
		Minimise	minimise = minimise_argument(PG_GETARG_TEXT_PP(4));
		Datum		gap = DirectFunctionCall2(competency_set_gap, PG_GETARG_DATUM(0), PG_GETARG_DATUM(1));
		CompetencyView held = competency_view(PG_GETARG_DATUM(1));

		plan_rows(fcinfo, index_of(fcinfo, 2, 3), gap, &held, minimise);
	}
	return (Datum) 0;
}
