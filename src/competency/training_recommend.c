/*-------------------------------------------------------------------------
 *
 * training_recommend.c
 *	  The trainings that close most of a gap, exactly.
 *
 * Only the lists of the competencies in the gap are read, each from its
 * highest level down to the level held.  The scores are kept between calls,
 * because clearing one for every training would cost more than the answer.
 *
 * src/competency/training_recommend.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "competency/training_catalog.h"
#include "funcapi.h"
#include "lib/binaryheap.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

typedef enum RankBy
{
	BY_LEVELS,
	PER_HOUR,
	PER_COST
} RankBy;

/* What a training would do for the gap at hand */
typedef struct TrainingScore
{
	int32		levels;			/* levels closed */
	int32		points;			/* the same times the weight of each need */
} TrainingScore;

/*
 * Kept in fn_extra.  A call begins by clearing the scores of the call before
 * it, so one that an error broke off leaves nothing behind.
 */
typedef struct RecommendState
{
	CatalogCache cache;
	TrainingScore *scores;		/* 0 for all but the touched ones */
	int32	   *touched;		/* trainings with a score */
	int			ntouched;
	int			capacity;
} RecommendState;

typedef struct Ranking
{
	const TrainingCatalog *catalog;
	const TrainingScore *scores;
	RankBy		by;
} Ranking;

static RankBy
rank_by_argument(text *argument)
{
	const char *by = text_to_cstring(argument);

	if (strcmp(by, "levels") == 0)
		return BY_LEVELS;
	if (strcmp(by, "per hour") == 0)
		return PER_HOUR;
	if (strcmp(by, "per cost") == 0)
		return PER_COST;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown order of recommendations"),
			 errdetail("It is \"%s\".", by),
			 errhint("Use \"levels\", \"per hour\" or \"per cost\".")));
}

static double
price_of(const Ranking *ranking, int training)
{
	if (ranking->by == BY_LEVELS)
		return 1.0;
	if (ranking->by == PER_HOUR)
		return ranking->catalog->training[training].hours;
	return ranking->catalog->training[training].cost;
}

/*
 * Positive where a is the worse choice.  More points for the price are better;
 * a training of unknown price comes after all of known price; then more points,
 * more levels, the smaller id.
 */
static int
compare_choices(Datum a, Datum b, void *arg)
{
	const Ranking *ranking = arg;
	int			s = DatumGetInt32(a);
	int			t = DatumGetInt32(b);
	const TrainingScore *x = &ranking->scores[s];
	const TrainingScore *y = &ranking->scores[t];
	double		s_price = price_of(ranking, s);
	double		t_price = price_of(ranking, t);

	if ((s_price == TRAINING_UNKNOWN) != (t_price == TRAINING_UNKNOWN))
		return s_price == TRAINING_UNKNOWN ? 1 : -1;
	if (s_price != TRAINING_UNKNOWN && x->points * t_price != y->points * s_price)
		return x->points * t_price < y->points * s_price ? 1 : -1;
	if (x->points != y->points)
		return x->points < y->points ? 1 : -1;
	if (x->levels != y->levels)
		return x->levels < y->levels ? 1 : -1;
	return s - t;				/* trainings are in the order of their ids */
}

/* Room for the scores of this many trainings. */
static void
enlarge_state(RecommendState *state, int trainings, MemoryContext context)
{
	state->capacity = 0;
	state->ntouched = 0;
	if (state->scores != NULL)
		pfree(state->scores);
	state->scores = NULL;
	if (state->touched != NULL)
		pfree(state->touched);
	state->touched = NULL;
	state->touched = MemoryContextAlloc(context, mul_size(trainings, sizeof(int32)));
	state->scores = MemoryContextAllocZero(context, mul_size(trainings, sizeof(TrainingScore)));
	state->capacity = trainings;
}

/* The state of this call site, all scores 0, and its catalogue. */
static RecommendState *
prepare_state(FunctionCallInfo fcinfo, const TrainingCatalog **catalog)
{
	RecommendState *state = fcinfo->flinfo->fn_extra;
	MemoryContext context = fcinfo->flinfo->fn_mcxt;

	if (state == NULL)
	{
		state = MemoryContextAllocZero(context, sizeof(RecommendState));
		fcinfo->flinfo->fn_extra = state;
	}
	for (int i = 0; i < state->ntouched; i++)
		memset(&state->scores[state->touched[i]], 0, sizeof(TrainingScore));
	state->ntouched = 0;
	*catalog = training_catalog_cached(PG_GETARG_DATUM(1), &state->cache, context);
	if (state->capacity < (*catalog)->trainings)
		enlarge_state(state, (*catalog)->trainings, context);
	return state;
}

/* Score every training that closes a level of the gap. */
static void
score_trainings(RecommendState *state, const TrainingCatalog *catalog, Datum gap)
{
	CompetencyView lacking = gap_view(gap);

	for (int i = 0; i < lacking.count; i++)
	{
		GapEntry	entry = gap_at(&lacking, i);
		const CatalogPosting *end;
		const CatalogPosting *p = training_catalog_lookup(catalog, entry.id, &end);

		CHECK_FOR_INTERRUPTS();
		for (; p < end && (*p & 0xF) > entry.held; p++)
		{
			TrainingScore *score = &state->scores[*p >> 4];
			int32		closed = (int32) Min(*p & 0xF, entry.needed) - entry.held;

			if (score->levels == 0)
				state->touched[state->ntouched++] = (int32) (*p >> 4);
			score->levels += closed;
			score->points += closed * entry.weight;
		}
	}
}

/* Worse than the worst chosen, by points for the price alone: what nearly all trainings are. */
static inline bool
is_plainly_worse(const Ranking *ranking, int training, int worst)
{
	double		price = price_of(ranking, training);
	double		worst_price = price_of(ranking, worst);

	return price != TRAINING_UNKNOWN && worst_price != TRAINING_UNKNOWN &&
		ranking->scores[training].points * worst_price < ranking->scores[worst].points * price;
}

/* The k best, the worst of them first. */
static binaryheap *
choose_best(const RecommendState *state, int k, Ranking *ranking)
{
	binaryheap *best = binaryheap_allocate(Max(Min(k, state->ntouched), 1), compare_choices, ranking);
	int			worst = 0;

	for (int i = 0; i < state->ntouched; i++)
	{
		Datum		training = Int32GetDatum(state->touched[i]);

		if (i < k)
			binaryheap_add(best, training);
		else if (is_plainly_worse(ranking, state->touched[i], worst))
			continue;
		else if (compare_choices(training, binaryheap_first(best), ranking) < 0)
			binaryheap_replace_first(best, training);
		worst = DatumGetInt32(binaryheap_first(best));
	}
	return best;
}

static void
put_choice(ReturnSetInfo *rsinfo, const CatalogTraining *training, const TrainingScore *score,
		   int rank)
{
	Datum		values[6];
	bool		nulls[6] = {false, false, false, false, false, false};

	values[0] = Int32GetDatum(rank);
	values[1] = Int64GetDatum(training->id);
	values[2] = Int32GetDatum(score->levels);
	values[3] = Int32GetDatum(score->points);
	values[4] = Float8GetDatum(training->hours);
	values[5] = Float8GetDatum(training->cost);
	nulls[4] = training->hours == TRAINING_UNKNOWN;
	nulls[5] = training->cost == TRAINING_UNKNOWN;
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(training_recommend);

/* recommend(gap, catalog, k, by) */
Datum
training_recommend(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	int32		k = PG_GETARG_INT32(2);
	Ranking		ranking;
	RecommendState *state;
	binaryheap *best;
	int32	   *chosen;
	int			nchosen;

	if (k < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("number of recommendations must be positive"),
				 errdetail("It is %d.", k),
				 errhint("Use 1 or more.")));
	ranking.by = rank_by_argument(PG_GETARG_TEXT_PP(3));
	InitMaterializedSRF(fcinfo, 0);

	state = prepare_state(fcinfo, &ranking.catalog);
	ranking.scores = state->scores;
	score_trainings(state, ranking.catalog, PG_GETARG_DATUM(0));
	best = choose_best(state, k, &ranking);

	nchosen = Min(k, state->ntouched);
	chosen = palloc_array(int32, Max(nchosen, 1));
	for (int i = nchosen - 1; i >= 0; i--)
		chosen[i] = DatumGetInt32(binaryheap_remove_first(best));
	for (int i = 0; i < nchosen; i++)
		put_choice(rsinfo, &ranking.catalog->training[chosen[i]], &state->scores[chosen[i]], i + 1);
	return (Datum) 0;
}
