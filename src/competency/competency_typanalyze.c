/*-------------------------------------------------------------------------
 *
 * competency_typanalyze.c
 *	  ANALYZE of a competency_set column: how often each competency is held
 *	  at each level or above.
 *
 * Beside the statistics of any ordered type (null fraction, most common
 * values, histogram) the most common keys are stored, as for arrays
 * (STATISTIC_KIND_MCELEM).  A key is a competency at a level or above, as in
 * the GIN index.
 *
 * src/competency/competency_typanalyze.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "access/detoast.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_statistic.h"
#include "catalog/pg_type.h"
#include "commands/vacuum.h"
#include "competency/competency.h"
#include "miscadmin.h"

/* Entries to look at; a sample with more is thinned out evenly. */
#define ANALYZE_MAX_ENTRIES 4000000

/* Keys are kept for each unit of the statistics target, as for arrays. */
#define KEYS_PER_TARGET 10

/* How many rows of the sample hold a competency at this level or above. */
typedef struct KeyCount
{
	uint32		key;
	int32		rows;
} KeyCount;

/* What std_typanalyze() chose for the column. */
typedef struct StandardAnalysis
{
	AnalyzeAttrComputeStatsFunc compute_stats;
	void	   *extra_data;
} StandardAnalysis;

/* The entries of the sampled rows, without weights, in order. */
typedef struct EntrySample
{
	uint32	   *keys;
	int64		count;
	int			rows;
} EntrySample;

static int
compare_by_key(const void *a, const void *b)
{
	return competency_compare_words(&((const KeyCount *) a)->key, &((const KeyCount *) b)->key);
}

/* Most rows first; ties by key, so that a sample has one result. */
static int
compare_by_rows(const void *a, const void *b)
{
	int32		x = ((const KeyCount *) a)->rows;
	int32		y = ((const KeyCount *) b)->rows;

	return x != y ? (x < y ? 1 : -1) : compare_by_key(a, b);
}

/* Every how many rows to look at, so that the entries fit the limit. */
static int
sample_stride(VacAttrStats *stats, AnalyzeAttrFetchFunc fetch, int rows)
{
	int64		entries = 0;

	for (int i = 0; i < rows; i++)
	{
		bool		isnull;
		Datum		value = fetch(stats, i, &isnull);

		if (!isnull)
			entries += toast_raw_datum_size(value) / sizeof(CompetencyEntry);
	}
	return (int) (entries / ANALYZE_MAX_ENTRIES) + 1;
}

static EntrySample
collect_entries(VacAttrStats *stats, AnalyzeAttrFetchFunc fetch, int rows)
{
	EntrySample sample = {NULL, 0, 0};
	int			stride = sample_stride(stats, fetch, rows);
	int64		capacity = 1024;

	sample.keys = palloc_array(uint32, capacity);
	for (int i = 0; i < rows; i += stride)
	{
		bool		isnull;
		Datum		value = fetch(stats, i, &isnull);
		struct varlena *set;
		CompetencyView view;

		CHECK_FOR_INTERRUPTS();
		if (isnull)
			continue;
		set = PG_DETOAST_DATUM_PACKED(value);
		view = competency_view(PointerGetDatum(set));
		if (sample.count + view.count > capacity)
		{
			capacity = Max(capacity * 2, sample.count + view.count);
			sample.keys = repalloc_array(sample.keys, uint32, capacity);
		}
		for (int j = 0; j < view.count; j++)
		{
			CompetencyEntry entry = competency_at(&view, j);

			sample.keys[sample.count++] =
				competency_key(competency_id(entry), competency_level(entry));
		}
		sample.rows++;
		if ((Pointer) set != DatumGetPointer(value))
			pfree(set);
	}
	qsort(sample.keys, sample.count, sizeof(uint32), competency_compare_words);
	return sample;
}

/*
 * Count rows for each key.  Walking the entries from the end meets the levels
 * of a competency from the highest, so the count so far is the number of rows
 * at this level or above; levels that nobody stops at are filled in.
 */
static KeyCount *
count_keys(const EntrySample *sample, int *nkeys)
{
	int64		capacity = 1024;
	KeyCount   *counts = palloc_array(KeyCount, capacity);
	int64		i = sample->count;

	*nkeys = 0;
	while (i > 0)
	{
		uint32		id = sample->keys[i - 1] >> 4;
		int32		rows = 0;

		if (*nkeys + COMPETENCY_MAX_LEVEL > capacity)
		{
			capacity *= 2;
			counts = repalloc_array(counts, KeyCount, capacity);
		}
		for (uint32 level = sample->keys[i - 1] & 0xF; level > 0; level--)
		{
			KeyCount	count;

			while (i > 0 && sample->keys[i - 1] == competency_key(id, level))
			{
				rows++;
				i--;
			}
			count.key = competency_key(id, level);
			count.rows = rows;
			counts[(*nkeys)++] = count;
		}
	}
	return counts;
}

/* Put the most common keys in the first free slot, in the order of the keys. */
static void
store_keys(VacAttrStats *stats, KeyCount *counts, int nkeys, int rows)
{
	int			slot = 0;
	Datum	   *values;
	float4	   *numbers;
	MemoryContext old;

	while (slot < STATISTIC_NUM_SLOTS && stats->stakind[slot] != 0)
		slot++;
	if (slot == STATISTIC_NUM_SLOTS || nkeys == 0)
		return;

	qsort(counts, nkeys, sizeof(KeyCount), compare_by_rows);
	nkeys = Min(nkeys, civic_statistics_target(stats) * KEYS_PER_TARGET);
	if (nkeys == 0)
		return;

	old = MemoryContextSwitchTo(stats->anl_context);
	values = palloc_array(Datum, nkeys);
	numbers = palloc_array(float4, nkeys + 2);
	MemoryContextSwitchTo(old);

	/* Behind the frequencies stand the lowest and the highest of them. */
	numbers[nkeys] = (float4) counts[nkeys - 1].rows / rows;
	numbers[nkeys + 1] = (float4) counts[0].rows / rows;
	qsort(counts, nkeys, sizeof(KeyCount), compare_by_key);
	for (int i = 0; i < nkeys; i++)
	{
		values[i] = Int32GetDatum((int32) counts[i].key);
		numbers[i] = (float4) counts[i].rows / rows;
	}

	stats->stakind[slot] = STATISTIC_KIND_MCELEM;
	stats->staop[slot] = Int4EqualOperator;
	stats->stacoll[slot] = InvalidOid;
	stats->stanumbers[slot] = numbers;
	stats->numnumbers[slot] = nkeys + 2;
	stats->stavalues[slot] = values;
	stats->numvalues[slot] = nkeys;
	stats->statypid[slot] = INT4OID;
	stats->statyplen[slot] = sizeof(int32);
	stats->statypbyval[slot] = true;
	stats->statypalign[slot] = TYPALIGN_INT;
}

static void
compute_competency_stats(VacAttrStats *stats, AnalyzeAttrFetchFunc fetch, int rows,
						 double total_rows)
{
	StandardAnalysis *standard = stats->extra_data;
	EntrySample sample;
	KeyCount   *counts;
	int			nkeys;

	stats->extra_data = standard->extra_data;
	standard->compute_stats(stats, fetch, rows, total_rows);
	stats->extra_data = standard;
	if (!stats->stats_valid)
		return;

	sample = collect_entries(stats, fetch, rows);
	counts = count_keys(&sample, &nkeys);
	store_keys(stats, counts, nkeys, sample.rows);
}

PG_FUNCTION_INFO_V1(competency_set_typanalyze);

Datum
competency_set_typanalyze(PG_FUNCTION_ARGS)
{
	VacAttrStats *stats = (VacAttrStats *) PG_GETARG_POINTER(0);
	StandardAnalysis *standard;

	if (!std_typanalyze(stats))
		PG_RETURN_BOOL(false);
	standard = palloc(sizeof(StandardAnalysis));
	standard->compute_stats = stats->compute_stats;
	standard->extra_data = stats->extra_data;
	stats->compute_stats = compute_competency_stats;
	stats->extra_data = standard;
	PG_RETURN_BOOL(true);
}
