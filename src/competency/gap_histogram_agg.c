/*-------------------------------------------------------------------------
 *
 * gap_histogram_agg.c
 *	  The aggregates gap_hist and gap_hist_union.
 *
 * src/competency/gap_histogram_agg.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "common/int.h"
#include "competency/gap_histogram.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"

#define FIRST_SLOTS 64

/* The slot of a key, or the free one where it belongs.  Slots are a power of two, never all in use. */
static GapCell *
find_slot(GapHistogram *histogram, uint32 key)
{
	uint32		mask = histogram->slots - 1;
	uint32		i = (uint32) ((key * UINT64CONST(0x9E3779B97F4A7C15)) >> 32) & mask;

	Assert(key != 0);
	Assert((histogram->slots & mask) == 0 && histogram->count < histogram->slots);
	while (histogram->cells[i].key != key && histogram->cells[i].key != 0)
		i = (i + 1) & mask;
	return &histogram->cells[i];
}

static void
add_people(int64 *sum, int64 people)
{
	if (pg_add_s64_overflow(*sum, people, sum))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("bigint out of range"),
				 errdetail("A gap histogram counts more people than a bigint holds."),
				 errhint("Merge fewer histograms.")));
}

/* A hash table of this size with the cells of another histogram. */
static GapHistogram *
hashed_histogram(const GapHistogram *other, uint32 slots)
{
	GapHistogram *histogram = gap_histogram_alloc(slots);
	uint32		places = other->slots > 0 ? other->slots : other->count;

	Assert(other->count < slots);
	histogram->slots = slots;
	histogram->count = other->count;
	histogram->people = other->people;
	histogram->short_people = other->short_people;
	for (uint32 i = 0; i < places; i++)
		if (other->cells[i].key != 0)
			*find_slot(histogram, other->cells[i].key) = other->cells[i];
	return histogram;
}

/* Count people in place, or in a table twice as large, made in the current context. */
static GapHistogram *
add_to_cell(GapHistogram *histogram, uint32 key, int64 people)
{
	GapCell    *cell = find_slot(histogram, key);

	Assert(people > 0);
	if (cell->key == 0)
	{
		if (histogram->count >= GAP_HISTOGRAM_MAX_CELLS)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("gap histogram has too many cells"),
					 errdetail("There are %u.", histogram->count),
					 errhint("Group by fewer competencies: a histogram holds at most %d pairs of competency and missing levels.",
							 GAP_HISTOGRAM_MAX_CELLS)));
		if (histogram->count >= histogram->slots / 4 * 3)
		{
			histogram = hashed_histogram(histogram, histogram->slots * 2);
			cell = find_slot(histogram, key);
		}
		cell->key = key;
		histogram->count++;
	}
	add_people(&cell->people, people);
	return histogram;
}

static void
count_people(GapHistogram *histogram, int64 people, int64 short_people)
{
	add_people(&histogram->people, people);
	add_people(&histogram->short_people, short_people);
}

/* A hash table that may be changed in place: the first argument, or a new one. */
static GapHistogram *
state_argument(FunctionCallInfo fcinfo)
{
	GapHistogram *state;
	GapHistogram empty = {0};

	if (PG_ARGISNULL(0))
		return hashed_histogram(&empty, FIRST_SLOTS);
	state = DatumGetGapHistogramP(PG_GETARG_DATUM(0));
	if (state->slots > 0 && AggCheckCallContext(fcinfo, NULL))
		return state;
	return hashed_histogram(state, Max(FIRST_SLOTS, pg_nextpower2_32(state->count * 2 + 1)));
}

static Datum
unchanged_state(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

PG_FUNCTION_INFO_V1(gap_hist_add);

/* (state, have, need); a person with a NULL of either does not count. */
Datum
gap_hist_add(PG_FUNCTION_ARGS)
{
	GapHistogram *state;
	CompetencyCursor have;
	CompetencyView need;
	bool		is_short = false;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return unchanged_state(fcinfo);
	state = state_argument(fcinfo);
	have = competency_cursor(PG_GETARG_DATUM(1));
	need = competency_view(PG_GETARG_DATUM(2));
	for (int i = 0; i < need.count; i++)
	{
		CompetencyEntry entry = competency_at(&need, i);
		uint32		id = competency_id(entry);
		uint32		held = competency_seek(&have, id);

		if (held < competency_level(entry))
		{
			state = add_to_cell(state, competency_key(id, competency_level(entry) - held), 1);
			is_short = true;
		}
	}
	count_people(state, 1, is_short);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(gap_hist_merge);

/* (state, state): the combine function, and the transition of gap_hist_union. */
Datum
gap_hist_merge(PG_FUNCTION_ARGS)
{
	GapHistogram *state;
	GapHistogram *other;
	uint32		places;

	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	state = state_argument(fcinfo);
	other = DatumGetGapHistogramP(PG_GETARG_DATUM(1));
	places = other->slots > 0 ? other->slots : other->count;
	for (uint32 i = 0; i < places; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (other->cells[i].key != 0)
			state = add_to_cell(state, other->cells[i].key, other->cells[i].people);
	}
	count_people(state, other->people, other->short_people);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(gap_hist_final);

Datum
gap_hist_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(gap_histogram_sorted(PG_GETARG_DATUM(0)));
}
