/*-------------------------------------------------------------------------
 *
 * training_index.c
 *	  What trainings teach and ask for, by training and by competency.
 *
 * src/competency/training_index.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "competency/training_problem.h"
#include "utils/memutils.h"

/* The place of a competency among those of the index, -1 where it is not there. */
int
training_index_find(const TrainingIndex *index, uint32 id)
{
	int			low = 0,
				high = index->ncompetencies;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (index->ids[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < index->ncompetencies && index->ids[low] == id ? low : -1;
}

static void
merge_ids(TrainingIndex *index)
{
	const CatalogCompetency *a = catalog_competencies(index->teaches);
	const CatalogCompetency *b = index->asks == NULL ? NULL : catalog_competencies(index->asks);
	int			na = index->teaches->competencies;
	int			nb = index->asks == NULL ? 0 : index->asks->competencies;
	int			i = 0,
				j = 0;

	index->ids = palloc_array(uint32, Max(na + nb, 1));
	while (i < na || j < nb)
	{
		uint32		id = j == nb || (i < na && a[i].id < b[j].id) ? a[i].id : b[j].id;

		if (i < na && a[i].id == id)
			i++;
		if (j < nb && b[j].id == id)
			j++;
		Assert(index->ncompetencies == 0 || index->ids[index->ncompetencies - 1] < id);
		index->ids[index->ncompetencies++] = id;
	}
}

/* For each training of a catalogue its number in the index, -1 where that does not have it. */
static int32 *
number_trainings(const TrainingIndex *index, const TrainingCatalog *catalog)
{
	int32	   *numbers = palloc_array(int32, Max(catalog->trainings, 1));
	int			j = 0;

	for (int i = 0; i < catalog->trainings; i++)
	{
		while (j < index->teaches->trainings &&
			   index->teaches->training[j].id < catalog->training[i].id)
			j++;
		numbers[i] = j < index->teaches->trainings &&
			index->teaches->training[j].id == catalog->training[i].id ? j : -1;
	}
	return numbers;
}

static IndexLists
lists_alloc(int keys, int entries)
{
	IndexLists	lists;

	lists.start = MemoryContextAllocExtended(CurrentMemoryContext, mul_size(keys + 2, sizeof(int)),
											 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	lists.entry = MemoryContextAllocExtended(CurrentMemoryContext,
											 mul_size(Max(entries, 1), sizeof(IndexEntry)),
											 MCXT_ALLOC_HUGE);
	return lists;
}

/* The trainings of each competency, in the catalogue's order. */
static IndexLists
list_by_competency(const TrainingIndex *index, const TrainingCatalog *catalog)
{
	IndexLists	lists = lists_alloc(index->ncompetencies, catalog == NULL ? 0 : catalog->postings);
	int32	   *numbers;
	int			c = 0,
				n = 0;

	if (catalog == NULL)
		return lists;
	numbers = number_trainings(index, catalog);
	for (int i = 0; i < index->ncompetencies; i++)
	{
		const CatalogCompetency *competencies = catalog_competencies(catalog);

		if (c < catalog->competencies && competencies[c].id == index->ids[i])
		{
			for (uint32 p = competencies[c].first_posting; p < competencies[c + 1].first_posting; p++)
			{
				CatalogPosting posting = catalog_postings(catalog)[p];

				if (numbers[posting >> 4] < 0)
					continue;
				Assert(n < catalog->postings);
				lists.entry[n].other = numbers[posting >> 4];
				lists.entry[n++].level = posting & 0xF;
			}
			c++;
		}
		lists.start[i + 1] = n;
	}
	Assert(c == catalog->competencies);
	pfree(numbers);
	return lists;
}

/* The same by training. */
static IndexLists
list_by_training(const TrainingIndex *index, const IndexLists *by_competency)
{
	int			trainings = index->teaches->trainings;
	int			n = by_competency->start[index->ncompetencies];
	IndexLists	lists = lists_alloc(trainings, n);

	/*
	 * Two places ahead, so that filling moves each start to where the next
	 * begins.
	 */
	for (int i = 0; i < n; i++)
		lists.start[by_competency->entry[i].other + 2]++;
	for (int i = 2; i < trainings + 2; i++)
		lists.start[i] += lists.start[i - 1];
	for (int c = 0; c < index->ncompetencies; c++)
		for (int i = by_competency->start[c]; i < by_competency->start[c + 1]; i++)
		{
			IndexEntry *entry = &lists.entry[lists.start[by_competency->entry[i].other + 1]++];

			entry->other = c;
			entry->level = by_competency->entry[i].level;
		}
	return lists;
}

/* In what is minimised; TRAINING_UNKNOWN where it is. */
double
training_price(const CatalogTraining *training, Minimise minimise)
{
	if (minimise == MINIMISE_COST)
		return training->cost;
	if (minimise == MINIMISE_HOURS)
		return training->hours;
	return 1.0;
}

/* The greatest amount of which all prices are multiples, in hundredths; 0 where there is none. */
static double
find_grain(const TrainingCatalog *catalog, Minimise minimise)
{
	int64		grain = 0;

	for (int i = 0; i < catalog->trainings; i++)
	{
		double		price = training_price(&catalog->training[i], minimise);
		int64		rest;

		if (price == TRAINING_UNKNOWN)
			continue;
		if (price > 1e9 || fabs(price * 100 - rint(price * 100)) > 1e-6)
			return 0;
		rest = (int64) rint(price * 100);
		while (rest != 0)
		{
			int64		last = grain % rest;

			grain = rest;
			rest = last;
		}
	}
	return grain / 100.0;
}

static TrainingCatalog *
copy_catalog(const TrainingCatalog *catalog)
{
	TrainingCatalog *copy = palloc(VARSIZE(catalog));

	memcpy(copy, catalog, VARSIZE(catalog));
	return copy;
}

static TrainingIndex *
training_index_make(const TrainingCatalog *teaches, const TrainingCatalog *asks,
					MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "training index", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	TrainingIndex *index = palloc0(sizeof(TrainingIndex));

	index->context = context;
	index->teaches = copy_catalog(teaches);
	index->asks = asks == NULL ? NULL : copy_catalog(asks);
	for (Minimise minimise = MINIMISE_COST; minimise <= MINIMISE_TRAININGS; minimise++)
		index->grain[minimise] = find_grain(teaches, minimise);
	merge_ids(index);
	index->teachers = list_by_competency(index, index->teaches);
	index->askers = list_by_competency(index, index->asks);
	index->taught = list_by_training(index, &index->teachers);
	index->asked = list_by_training(index, &index->askers);
	MemoryContextSwitchTo(old);
	return index;
}

static bool
same_catalog(const TrainingCatalog *a, const TrainingCatalog *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return VARSIZE(a) == VARSIZE(b) && memcmp(a, b, VARSIZE(a)) == 0;
}

/* The index of two catalogues: the one that there is if it is of the same, else a new one. */
TrainingIndex *
training_index_cached(TrainingIndex *index, const TrainingCatalog *teaches,
					  const TrainingCatalog *asks, MemoryContext context)
{
	if (index != NULL && same_catalog(index->teaches, teaches) && same_catalog(index->asks, asks))
		return index;
	if (index != NULL)
		MemoryContextDelete(index->context);
	return training_index_make(teaches, asks, context);
}
