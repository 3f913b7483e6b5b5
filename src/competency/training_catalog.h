/*-------------------------------------------------------------------------
 *
 * training_catalog.h
 *	  A catalogue of trainings as one value, indexed by what they teach.
 *
 * src/competency/training_catalog.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_COMPETENCY_TRAINING_CATALOG_H
#define CIVIC_COMPETENCY_TRAINING_CATALOG_H

#include "competency/competency.h"

#define TRAINING_MAX_TRAININGS	1000000
#define TRAINING_MAX_POSTINGS	16000000
#define TRAINING_MAX_AMOUNT		1e15	/* hours or cost */
#define TRAINING_UNKNOWN		(-1.0)	/* hours or cost that nobody gave */

/* One training as it comes in: a header and the competencies it teaches. */
typedef struct TrainingRecord
{
	int64		id;
	double		hours;
	double		cost;
	int32		count;
	int32		unused;			/* always 0 */
	CompetencyEntry entries[FLEXIBLE_ARRAY_MEMBER];
} TrainingRecord;

#define TRAINING_RECORD_SIZE(n) \
	TYPEALIGN(8, add_size(offsetof(TrainingRecord, entries), mul_size(n, sizeof(CompetencyEntry))))

/* Trainings in the order they came, with room for more behind them. */
typedef struct TrainingList
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	WireHead	head;
	int32		count;
	int32		postings;		/* competencies taught, over all trainings */
	int32		used;			/* bytes of records */
	int32		unused;			/* always 0 */
	char		records[FLEXIBLE_ARRAY_MEMBER];
} TrainingList;

static const WireType training_list_wire = {"training_list", 1, 0};

#define DatumGetTrainingListP(d) ((TrainingList *) wire_detoast(d, &training_list_wire))

typedef struct CatalogTraining
{
	int64		id;
	double		hours;
	double		cost;
} CatalogTraining;

/* The postings of a competency go up to the first one of the next. */
typedef struct CatalogCompetency
{
	uint32		id;
	uint32		first_posting;
} CatalogCompetency;

/* A training that teaches a competency: index << 4 | level; highest level first. */
typedef uint32 CatalogPosting;

/*
 * Trainings by id; behind them the competencies by id and one more that ends
 * the last; behind those the postings.
 */
typedef struct TrainingCatalog
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	WireHead	head;
	int32		trainings;
	int32		competencies;
	int32		postings;
	int32		unused;			/* always 0 */
	CatalogTraining training[FLEXIBLE_ARRAY_MEMBER];
} TrainingCatalog;

static const WireType training_catalog_wire = {"training_catalog", 1, 0};

#define DatumGetTrainingCatalogP(d) ((TrainingCatalog *) wire_detoast(d, &training_catalog_wire))

static inline const CatalogCompetency *
catalog_competencies(const TrainingCatalog *catalog)
{
	return (const CatalogCompetency *) (catalog->training + catalog->trainings);
}

static inline const CatalogPosting *
catalog_postings(const TrainingCatalog *catalog)
{
	return (const CatalogPosting *) (catalog_competencies(catalog) + catalog->competencies + 1);
}

/* A catalogue that had to be detoasted, kept between calls. */
typedef struct CatalogCache
{
	struct varlena *raw;
	TrainingCatalog *catalog;
} CatalogCache;

extern TrainingList *training_list_add(TrainingList *list, int64 id, double hours, double cost,
									   const CompetencyView *teaches);
extern TrainingList *training_list_from_catalog(const TrainingCatalog *catalog);
extern TrainingCatalog *training_catalog_build(const TrainingList *list, Node *escontext);
extern const TrainingCatalog *training_catalog_cached(Datum value, CatalogCache *cache,
													  MemoryContext context);
extern const CatalogPosting *training_catalog_lookup(const TrainingCatalog *catalog, uint32 id,
													 const CatalogPosting **end);

#endif							/* CIVIC_COMPETENCY_TRAINING_CATALOG_H */
