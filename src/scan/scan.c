/*-------------------------------------------------------------------------
 *
 * scan.c
 *	  scan(): the clusters of a map, with how likely they are by chance.
 *
 * src/scan/scan.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"
#include "utils/float.h"

#include "scan/scan.h"

/* Arguments of scan(), in their order. */
enum
{
	ARG_LOCATION, ARG_X, ARG_Y, ARG_CASES, ARG_POPULATION, ARG_BASELINE, ARG_PERIODS, ARG_MODEL, ARG_ANALYSIS,
	ARG_POPULATION_SHARE, ARG_MAX_DURATION, ARG_MIN_CASES, ARG_CLUSTERS, ARG_REPLICAS, ARG_SEED, ARG_DISTANCE, ARG_TIES,
	N_ARGS
};

static const char *const arg_name[N_ARGS] = {
	"location", "x", "y", "cases", "population", "baseline", "periods", "model", "analysis",
	"population_share", "max_duration", "min_cases", "clusters", "replicas", "seed", "distance", "ties"
};

#define N_COLUMNS 14

typedef enum Analysis
{
	SPATIAL,
	PROSPECTIVE,
	RETROSPECTIVE
} Analysis;

/* Which of some words an argument is. */
static int
word_of(FunctionCallInfo fcinfo, int arg, const char *const *words, int n)
{
	char	   *said = text_to_cstring(PG_GETARG_TEXT_PP(arg));
	StringInfoData allowed;

	for (int i = 0; i < n; i++)
		if (strcmp(said, words[i]) == 0)
			return i;
	initStringInfo(&allowed);
	for (int i = 0; i < n; i++)
		appendStringInfo(&allowed, "%s%s", i == 0 ? "" : ", ", words[i]);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("\"%s\" is no %s of a scan", said, arg_name[arg]),
			 errhint("These are: %s.", allowed.data)));
}

static int
whole_of(FunctionCallInfo fcinfo, int arg, int least, int most)
{
	int			value = PG_GETARG_INT32(arg);

	if (value < least || value > most)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of a scan cannot be %d", arg_name[arg], value),
				 errhint("It lies between %d and %d.", least, most)));
	return value;
}

static double
share_of(FunctionCallInfo fcinfo, int arg)
{
	double		value = PG_GETARG_FLOAT8(arg);

	if (!(value > 0 && value <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of a scan cannot be %g", arg_name[arg], value),
				 errhint("It is above 0 and at most 1; circles to a half of the population are usual.")));
	return value;
}

static void
refuse_nulls(FunctionCallInfo fcinfo)
{
	for (int i = 0; i < N_ARGS; i++)
		if (PG_ARGISNULL(i) && i != ARG_BASELINE && i != ARG_MAX_DURATION)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%s of a scan must not be null", arg_name[i])));
}

static ScanMap *
read_map(FunctionCallInfo fcinfo)
{
	static const char *const models[] = {"poisson", "bernoulli"};
	static const char *const distances[] = {"planar", "sphere"};
	ScanInput	in = {
		.location = PG_GETARG_ARRAYTYPE_P(ARG_LOCATION),
		.x = PG_GETARG_ARRAYTYPE_P(ARG_X),
		.y = PG_GETARG_ARRAYTYPE_P(ARG_Y),
		.cases = PG_GETARG_ARRAYTYPE_P(ARG_CASES),
		.population = PG_GETARG_ARRAYTYPE_P(ARG_POPULATION),
		.baseline = PG_ARGISNULL(ARG_BASELINE) ? NULL : PG_GETARG_ARRAYTYPE_P(ARG_BASELINE),
		.periods = whole_of(fcinfo, ARG_PERIODS, 1, SCAN_MAX_PERIODS),
		.model = word_of(fcinfo, ARG_MODEL, models, 2) == 0 ? SCAN_POISSON : SCAN_BERNOULLI,
		.on_sphere = word_of(fcinfo, ARG_DISTANCE, distances, 2) == 1
	};

	return scan_map(&in);
}

static Analysis
read_spans(FunctionCallInfo fcinfo, ScanMap *map)
{
	static const char *const analyses[] = {"spatial", "prospective", "retrospective"};
	Analysis	analysis = word_of(fcinfo, ARG_ANALYSIS, analyses, 3);

	if ((analysis == SPATIAL) != PG_ARGISNULL(ARG_MAX_DURATION))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_duration belongs to a scan in space and time, and to no other"),
				 errhint("It is the longest cluster in periods; half of the periods are usual.")));
	scan_set_spans(map, analysis == PROSPECTIVE,
				   analysis == SPATIAL ? 0 : whole_of(fcinfo, ARG_MAX_DURATION, 1, SCAN_MAX_PERIODS));
	return analysis;
}

static Datum
members_of(const ScanMap *map, const ScanZones *zones, const ScanCluster *c)
{
	Datum	   *member = palloc(c->size * sizeof(Datum));

	for (int i = 0; i < c->size; i++)
		member[i] = CStringGetTextDatum(map->code[zones->member[zones->start[c->centre] + i]]);
	return PointerGetDatum(construct_array(member, c->size, TEXTOID, -1, false, TYPALIGN_INT));
}

static void
put_cluster(ReturnSetInfo *out, const ScanMap *map, const ScanZones *zones, const ScanOptions *options,
			Analysis analysis, const ScanCluster *c, int rank)
{
	double		e = scan_expected(&map->total, c->baseline);
	double		p = (1.0 + c->as_high) / (1.0 + options->replicas);
	bool		nulls[N_COLUMNS] = {false};
	Datum		values[N_COLUMNS] = {
		Int32GetDatum(rank),
		CStringGetTextDatum(map->code[c->centre]),
		members_of(map, zones, c),
		Float8GetDatum(c->radius),
		Int32GetDatum(map->span[c->span].first + 1),
		Int32GetDatum(map->span[c->span].last + 1),
		Float8GetDatum(c->population),
		Int64GetDatum((int64) c->observed),
		Float8GetDatum(e),
		Float8GetDatum(c->observed / e),
		Float8GetDatum(c->observed == map->total.cases ? get_float8_infinity() :
					   (c->observed / e) / ((map->total.cases - c->observed) / (map->total.cases - e))),
		Float8GetDatum(c->llr),
		Float8GetDatum(p),
		Float8GetDatum(1 / p)
	};

	nulls[N_COLUMNS - 2] = options->replicas == 0;
	nulls[N_COLUMNS - 1] = options->replicas == 0 || analysis != PROSPECTIVE;
	tuplestore_putvalues(out->setResult, out->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(scan_scan);
Datum
scan_scan(PG_FUNCTION_ARGS)
{
	static const char *const ties[] = {"together", "single"};
	ScanOptions options;
	ScanMap    *map;
	ScanZones  *zones;
	Analysis	analysis;
	ScanCluster *found;
	float	   *ratios;
	int			n;

	refuse_nulls(fcinfo);
	options.population_share = share_of(fcinfo, ARG_POPULATION_SHARE);
	options.min_cases = whole_of(fcinfo, ARG_MIN_CASES, 1, 1000000);
	options.clusters = whole_of(fcinfo, ARG_CLUSTERS, 1, SCAN_MAX_CLUSTERS);
	options.replicas = whole_of(fcinfo, ARG_REPLICAS, 0, SCAN_MAX_REPLICAS);
	options.seed = PG_GETARG_INT64(ARG_SEED);
	options.ties_together = word_of(fcinfo, ARG_TIES, ties, 2) == 0;
	map = read_map(fcinfo);
	analysis = read_spans(fcinfo, map);
	InitMaterializedSRF(fcinfo, 0);
	if (map->total.cases == 0)
		return (Datum) 0;

	zones = scan_zones(map, &options);
	found = palloc0(options.clusters * sizeof(ScanCluster));
	ratios = scan_ratios(map, zones, &options);
	n = scan_clusters(map, zones, &options, ratios, found);
	pfree(ratios);
	if (n > 0 && options.replicas > 0)
		scan_replicas(map, zones, &options, found, n);
	for (int i = 0; i < n; i++)
		put_cluster((ReturnSetInfo *) fcinfo->resultinfo, map, zones, &options, analysis, &found[i], i + 1);
	return (Datum) 0;
}
