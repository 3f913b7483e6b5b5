/*-------------------------------------------------------------------------
 *
 * training_catalog.c
 *	  Building a training_catalog from a list of trainings, and reading it.
 *
 * src/competency/training_catalog.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "comparison.h"
#include "compat.h"

#include "competency/training_catalog.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#define LIST_FIRST_SIZE 1024

static TrainingList *
list_alloc(Size size)
{
	TrainingList *list = palloc0(size);

	wire_begin(list, size, &training_list_wire);
	return list;
}

/*
 * Add a training in place, or in a copy twice as large made in the current
 * context.  Without a list one is made; without a set nothing is added.
 */
TrainingList *
training_list_add(TrainingList *list, int64 id, double hours, double cost,
				  const CompetencyView *teaches)
{
	Size		size;
	TrainingRecord *record;

	if (list == NULL)
		list = list_alloc(LIST_FIRST_SIZE);
	if (teaches == NULL)
		return list;
	if (list->count >= TRAINING_MAX_TRAININGS ||
		list->postings > TRAINING_MAX_POSTINGS - teaches->count)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("training catalogue is too large"),
				 errdetail("There are more than %d trainings or %d competencies taught.",
						   TRAINING_MAX_TRAININGS, TRAINING_MAX_POSTINGS),
				 errhint("Make one catalogue for each group of trainings.")));

	size = TRAINING_RECORD_SIZE(teaches->count);
	if (offsetof(TrainingList, records) + list->used + size > VARSIZE(list))
	{
		TrainingList *larger = list_alloc(Max(mul_size(VARSIZE(list), 2),
											  add_size(VARSIZE(list), size)));
		int32		larger_size = VARSIZE(larger);

		memcpy(larger, list, offsetof(TrainingList, records) + list->used);
		SET_VARSIZE(larger, larger_size);
		list = larger;
	}
	Assert(offsetof(TrainingList, records) + list->used + size <= VARSIZE(list));
	record = (TrainingRecord *) (list->records + list->used);
	memset(record, 0, size);
	record->id = id;
	record->hours = hours;
	record->cost = cost;
	record->count = teaches->count;
	for (int i = 0; i < teaches->count; i++)
	{
		CompetencyEntry entry = competency_at(teaches, i);

		/* a training has no weights */
		record->entries[i] = competency_entry(competency_id(entry), competency_level(entry), 1);
	}
	list->count++;
	list->postings += teaches->count;
	list->used += size;
	return list;
}

static int
compare_records(const void *a, const void *b, void *arg)
{
	int64		x = (*(const TrainingRecord *const *) a)->id;
	int64		y = (*(const TrainingRecord *const *) b)->id;

	return (x > y) - (x < y);
}

static int
compare_postings(const void *a, const void *b, void *arg)
{
	uint64		x = *(const uint64 *) a;
	uint64		y = *(const uint64 *) b;

	return (x > y) - (x < y);
}

/* The records by id.  NULL after a soft error. */
static const TrainingRecord **
sorted_records(const TrainingList *list, Node *escontext)
{
	const TrainingRecord **records = palloc_array(const TrainingRecord *, Max(list->count, 1));
	const char *p = list->records;

	for (int i = 0; i < list->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		records[i] = (const TrainingRecord *) p;
		p += TRAINING_RECORD_SIZE(records[i]->count);
	}
	qsort_interruptible(records, list->count, sizeof(*records), compare_records, NULL);
	for (int i = 1; i < list->count; i++)
		if (records[i]->id == records[i - 1]->id)
			civic_ereturn(escontext, NULL,
						  (errcode(ERRCODE_UNIQUE_VIOLATION),
						   errmsg("training appears more than once"),
						   errdetail("Training %lld appears more than once.",
									 (long long) records[i]->id),
						   errhint("Put everything that a training teaches into one set, as competency_agg() does.")));
	return records;
}

/*
 * The postings in their order (competency, level from the highest, training),
 * each as one number: id 24 bits, 15 - level 4 bits, training index 32 bits.
 */
static uint64 *
sorted_postings(const TrainingRecord **records, int count, int postings)
{
	uint64	   *keys = palloc_array(uint64, Max(postings, 1));
	int			n = 0;

	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < records[i]->count; j++)
		{
			CompetencyEntry entry = records[i]->entries[j];

			keys[n++] = (uint64) competency_id(entry) << 36 |
				(uint64) (COMPETENCY_MAX_LEVEL - competency_level(entry)) << 32 | (uint32) i;
		}
	}
	Assert(n == postings);
	qsort_interruptible(keys, n, sizeof(uint64), compare_postings, NULL);
	return keys;
}

static TrainingCatalog *
catalog_alloc(int trainings, int competencies, int postings)
{
	Size		size = offsetof(TrainingCatalog, training);
	TrainingCatalog *catalog;

	size = add_size(size, mul_size(trainings, sizeof(CatalogTraining)));
	size = add_size(size, mul_size(competencies + 1, sizeof(CatalogCompetency)));
	size = add_size(size, mul_size(postings, sizeof(CatalogPosting)));
	catalog = palloc0(size);
	wire_begin(catalog, size, &training_catalog_wire);
	catalog->trainings = trainings;
	catalog->competencies = competencies;
	catalog->postings = postings;
	return catalog;
}

/* Index a list.  NULL after a soft error. */
TrainingCatalog *
training_catalog_build(const TrainingList *list, Node *escontext)
{
	const TrainingRecord **records = sorted_records(list, escontext);
	uint64	   *keys;
	TrainingCatalog *catalog;
	CatalogCompetency *competencies;
	CatalogPosting *postings;
	int			ids = 0;

	if (records == NULL)
		return NULL;
	keys = sorted_postings(records, list->count, list->postings);
	for (int i = 0; i < list->postings; i++)
		ids += i == 0 || keys[i] >> 36 != keys[i - 1] >> 36;

	catalog = catalog_alloc(list->count, ids, list->postings);
	for (int i = 0; i < list->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		catalog->training[i].id = records[i]->id;
		catalog->training[i].hours = records[i]->hours;
		catalog->training[i].cost = records[i]->cost;
	}
	competencies = (CatalogCompetency *) catalog_competencies(catalog);
	postings = (CatalogPosting *) catalog_postings(catalog);
	ids = 0;
	for (int i = 0; i < list->postings; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (i == 0 || keys[i] >> 36 != keys[i - 1] >> 36)
		{
			competencies[ids].id = (uint32) (keys[i] >> 36);
			competencies[ids++].first_posting = i;
		}
		postings[i] = (CatalogPosting) ((uint32) keys[i] << 4 |
										(COMPETENCY_MAX_LEVEL - (keys[i] >> 32 & 0xF)));
	}
	Assert(ids == catalog->competencies);
	competencies[ids].first_posting = list->postings;
	pfree(keys);
	pfree(records);
	return catalog;
}

/* The trainings that teach a competency: from the result up to *end. */
const CatalogPosting *
training_catalog_lookup(const TrainingCatalog *catalog, uint32 id, const CatalogPosting **end)
{
	const CatalogCompetency *competencies = catalog_competencies(catalog);
	const CatalogPosting *postings = catalog_postings(catalog);
	int			low = 0,
				high = catalog->competencies;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (competencies[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == catalog->competencies || competencies[low].id != id)
	{
		*end = postings;
		return postings;
	}
	Assert(competencies[low].first_posting < competencies[low + 1].first_posting &&
		   competencies[low + 1].first_posting <= (uint32) catalog->postings);
	*end = postings + competencies[low + 1].first_posting;
	return postings + competencies[low].first_posting;
}

/* The way back: the trainings with what they teach, by id. */
TrainingList *
training_list_from_catalog(const TrainingCatalog *catalog)
{
	const CatalogCompetency *competencies = catalog_competencies(catalog);
	const CatalogPosting *postings = catalog_postings(catalog);
	uint32	   *first = palloc0_array(uint32, catalog->trainings + 2);
	CompetencyEntry *entries = palloc_array(CompetencyEntry, Max(catalog->postings, 1));
	TrainingList *list = training_list_add(NULL, 0, 0, 0, NULL);

	/*
	 * Two places ahead, so that filling moves each start to where the next
	 * begins.
	 */
	for (int i = 0; i < catalog->postings; i++)
	{
		Assert((int) (postings[i] >> 4) < catalog->trainings);
		first[(postings[i] >> 4) + 2]++;
	}
	for (int i = 2; i < catalog->trainings + 2; i++)
		first[i] += first[i - 1];
	for (int c = 0; c < catalog->competencies; c++)
	{
		CHECK_FOR_INTERRUPTS();
		for (uint32 p = competencies[c].first_posting; p < competencies[c + 1].first_posting; p++)
			entries[first[(postings[p] >> 4) + 1]++] =
				competency_entry(competencies[c].id, postings[p] & 0xF, 1);
	}
	for (int i = 0; i < catalog->trainings; i++)
	{
		CompetencyView teaches = {(char *) (entries + first[i]), (int) (first[i + 1] - first[i])};

		CHECK_FOR_INTERRUPTS();
		list = training_list_add(list, catalog->training[i].id, catalog->training[i].hours,
								 catalog->training[i].cost, &teaches);
	}
	return list;
}

/*
 * The catalogue of an argument.  A value that lies flat in memory is used as
 * it is; one that must be detoasted is detoasted again only when the argument
 * is another value.  What a pointer into memory points to may change unseen,
 * so it is not remembered.
 */
const TrainingCatalog *
training_catalog_cached(Datum value, CatalogCache *cache, MemoryContext context)
{
	struct varlena *raw = (struct varlena *) DatumGetPointer(value);
	MemoryContext old;

	if (!VARATT_IS_EXTENDED(raw) ||
		(VARATT_IS_EXTERNAL(raw) && !VARATT_IS_EXTERNAL_ONDISK(raw)))
		return DatumGetTrainingCatalogP(value);
	if (cache->raw != NULL && VARSIZE_ANY(cache->raw) == VARSIZE_ANY(raw) &&
		memcmp(cache->raw, raw, VARSIZE_ANY(raw)) == 0)
		return cache->catalog;

	if (cache->raw != NULL)
	{
		pfree(cache->raw);
		cache->raw = NULL;
		pfree(cache->catalog);
	}
	old = MemoryContextSwitchTo(context);
	cache->catalog = DatumGetTrainingCatalogP(value);
	cache->raw = palloc(VARSIZE_ANY(raw));
	memcpy(cache->raw, raw, VARSIZE_ANY(raw));
	MemoryContextSwitchTo(old);
	return cache->catalog;
}

/* Catalogues of the same trainings are the same bytes; their order has no meaning. */
static int
training_catalog_order(FunctionCallInfo fcinfo)
{
	struct varlena *x = PG_GETARG_VARLENA_PP(0);
	struct varlena *y = PG_GETARG_VARLENA_PP(1);
	Size		x_size = VARSIZE_ANY_EXHDR(x);
	Size		y_size = VARSIZE_ANY_EXHDR(y);
	int			result = memcmp(VARDATA_ANY(x), VARDATA_ANY(y), Min(x_size, y_size));

	if (result == 0)
		result = (x_size > y_size) - (x_size < y_size);
	PG_FREE_IF_COPY(x, 0);
	PG_FREE_IF_COPY(y, 1);
	return result;
}

CIVIC_COMPARISONS(training_catalog, training_catalog_order);

PG_FUNCTION_INFO_V1(training_catalog_trainings);

Datum
training_catalog_trainings(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(DatumGetTrainingCatalogP(PG_GETARG_DATUM(0))->trainings);
}

PG_FUNCTION_INFO_V1(training_catalog_each);

Datum
training_catalog_each(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	TrainingCatalog *catalog = DatumGetTrainingCatalogP(PG_GETARG_DATUM(0));
	TrainingList *list = training_list_from_catalog(catalog);
	const char *p = list->records;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < list->count; i++)
	{
		const TrainingRecord *record = (const TrainingRecord *) p;
		CompetencySet *teaches = competency_set_alloc(record->count);
		Datum		values[4];
		bool		nulls[4] = {false, false, false, false};

		CHECK_FOR_INTERRUPTS();
		memcpy(teaches->entries, record->entries, record->count * sizeof(CompetencyEntry));
		values[0] = Int64GetDatum(record->id);
		values[1] = PointerGetDatum(teaches);
		values[2] = Float8GetDatum(record->hours);
		values[3] = Float8GetDatum(record->cost);
		nulls[2] = record->hours == TRAINING_UNKNOWN;
		nulls[3] = record->cost == TRAINING_UNKNOWN;
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		pfree(teaches);
		p += TRAINING_RECORD_SIZE(record->count);
	}
	return (Datum) 0;
}
