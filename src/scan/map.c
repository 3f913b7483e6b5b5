/*-------------------------------------------------------------------------
 *
 * map.c
 *	  Locations, counts and populations as SQL gives them, checked and put in
 *	  the order of the locations' codes.
 *
 * src/scan/map.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "scan/scan.h"

typedef struct Place
{
	char	   *code;
	int			position;		/* in the arrays */
} Place;

static int
place_order(const void *a, const void *b)
{
	return strcmp(((const Place *) a)->code, ((const Place *) b)->code);
}

/* The elements of an array without nulls, whose number must be "wanted" (or "or", if that is not 0). */
static int
elements(ArrayType *array, const char *name, int wanted, int or, Datum **out)
{
	Oid			type = ARR_ELEMTYPE(array);
	bool		is_text = type == TEXTOID;
	int			n;

	if (ARR_NDIM(array) > 1 || array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must be a list without nulls", name)));
	deconstruct_array(array, type, is_text ? -1 : 8, !is_text, is_text ? TYPALIGN_INT : TYPALIGN_DOUBLE, out, NULL, &n);
	if (n != wanted && (or == 0 || n != or))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s has %d elements", name, n),
				 or == 0 || or == wanted ? errdetail("There must be %d.", wanted) :
				 errdetail("There must be %d, or %d: the same in every period.", wanted, or),
				 errhint("Locations come one after another, each with its periods in order.")));
	return n;
}

static void
refuse(const char *name, const char *code, const char *why)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s of location \"%s\" cannot be used", name, code),
			 errdetail_internal("%s", why)));
}

static double
amount(Datum value, const char *name, const char *code, double least, double most)
{
	double		v = DatumGetFloat8(value);

	if (!(v >= least && v <= most))
		refuse(name, code, psprintf("%g does not lie between %g and %g.", v, least, most));
	return v;
}

static Place *
read_places(const ScanInput *in, int *n)
{
	Datum	   *code;
	Place	   *places;

	*n = ArrayGetNItems(ARR_NDIM(in->location), ARR_DIMS(in->location));
	if (*n > SCAN_MAX_LOCATIONS || in->periods > SCAN_MAX_PERIODS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a scan has too many locations or periods"),
				 errdetail("There are %d locations and %d periods; at most %d and %d.",
						   *n, in->periods, SCAN_MAX_LOCATIONS, SCAN_MAX_PERIODS)));
	(void) elements(in->location, "location", *n, 0, &code);
	places = palloc(Max(*n, 1) * sizeof(Place));
	for (int i = 0; i < *n; i++)
	{
		places[i].code = TextDatumGetCString(code[i]);
		places[i].position = i;
	}
	qsort(places, *n, sizeof(Place), place_order);
	for (int i = 1; i < *n; i++)
		if (strcmp(places[i].code, places[i - 1].code) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNIQUE_VIOLATION),
					 errmsg("location \"%s\" stands twice", places[i].code)));
	return places;
}

static ScanPoint
point_on_sphere(double longitude, double latitude)
{
	double		radian = M_PI / 180;
	ScanPoint	p = {
		cos(latitude * radian) * cos(longitude * radian),
		cos(latitude * radian) * sin(longitude * radian),
		sin(latitude * radian)
	};

	return p;
}

static void
read_points(const ScanInput *in, const Place *places, ScanMap *map)
{
	Datum	   *x,
			   *y;

	(void) elements(in->x, "x", map->n, 0, &x);
	(void) elements(in->y, "y", map->n, 0, &y);
	for (int i = 0; i < map->n; i++)
	{
		double		most = map->on_sphere ? 180 : 1e100;
		ScanPoint	p = {
			amount(x[places[i].position], "x", places[i].code, -most, most),
			amount(y[places[i].position], "y", places[i].code, map->on_sphere ? -90 : -most, map->on_sphere ? 90 : most),
			0
		};

		map->code[i] = places[i].code;
		map->point[i] = map->on_sphere ? point_on_sphere(p.x, p.y) : p;
	}
}

/* A number for each location and period, from an array that may have one for each location. */
static double *
read_amounts(const ScanInput *in, ArrayType *array, const char *name, const Place *places, const ScanMap *map)
{
	double	   *amounts = palloc_extended(Max((Size) map->n * map->periods, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	Datum	   *value;
	int			each = elements(array, name, map->n * map->periods, map->n, &value) == map->n ? 1 : map->periods;

	for (int i = 0; i < map->n; i++)
		for (int p = 0; p < map->periods; p++)
			amounts[i * map->periods + p] =
				amount(value[places[i].position * each + (each == 1 ? 0 : p)], name, places[i].code, 0, 1e15);
	return amounts;
}

/* Cases, of which there must not be more than could be. */
static void
read_cases(const ScanInput *in, const Place *places, ScanMap *map)
{
	Datum	   *value;

	(void) elements(in->cases, "cases", map->n * map->periods, 0, &value);
	for (int i = 0; i < map->n; i++)
		for (int p = 0; p < map->periods; p++)
		{
			int64		c = DatumGetInt64(value[places[i].position * map->periods + p]);
			double		b = map->baseline[i * map->periods + p];

			if (c < 0 || c > PG_INT32_MAX)
				refuse("cases", places[i].code, psprintf("%lld is no number of cases.", (long long) c));
			if (map->total.model == SCAN_BERNOULLI && (c > b || b != floor(b)))
				refuse("cases", places[i].code, psprintf("%lld cases of %g trials: trials are whole and not fewer.", (long long) c, b));
			if (map->total.model == SCAN_POISSON && c > 0 && b == 0)
				refuse("cases", places[i].code, "There are cases where none is expected.");
			map->cases[i * map->periods + p] = c;
			map->total.cases += c;
			map->total.baseline += b;
		}
	if (map->total.cases > PG_INT32_MAX || (map->total.model == SCAN_BERNOULLI && map->total.baseline > SCAN_MAX_TRIALS))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a scan has too many cases or trials"),
				 errdetail("There are %.0f cases and %.0f trials; at most %d and %d.",
						   map->total.cases, map->total.baseline, PG_INT32_MAX, SCAN_MAX_TRIALS),
				 errhint("With many trials and few cases the Poisson model gives the same.")));
}

ScanMap    *
scan_map(const ScanInput *in)
{
	ScanMap    *map = palloc0(sizeof(ScanMap));
	Place	   *places = read_places(in, &map->n);
	double	   *people;

	map->periods = in->periods;
	map->on_sphere = in->on_sphere;
	map->total.model = in->model;
	map->code = palloc(Max(map->n, 1) * sizeof(char *));
	map->point = palloc(Max(map->n, 1) * sizeof(ScanPoint));
	map->population = palloc0(Max(map->n, 1) * sizeof(double));
	map->cases = palloc_extended(Max((Size) map->n * map->periods, 1) * sizeof(int64), MCXT_ALLOC_HUGE);
	read_points(in, places, map);
	people = read_amounts(in, in->population, "population", places, map);
	map->baseline = in->baseline == NULL ? people : read_amounts(in, in->baseline, "baseline", places, map);
	for (int i = 0; i < map->n; i++)
		for (int p = 0; p < map->periods; p++)
			map->population[i] += people[i * map->periods + p] / map->periods;
	read_cases(in, places, map);
	return map;
}

/*
 * Spans of time: all periods (max_duration 0), those that reach the last
 * period (prospective), or any.
 */
void
scan_set_spans(ScanMap *map, bool prospective, int max_duration)
{
	int			longest = max_duration == 0 ? map->periods : Min(max_duration, map->periods);
	int			shortest = max_duration == 0 ? longest : 1;

	map->span = palloc(((Size) map->periods * longest + 1) * sizeof(ScanSpan));
	for (int length = shortest; length <= longest; length++)
		for (int first = prospective ? map->periods - length : 0; first + length <= map->periods; first++)
		{
			map->span[map->spans].first = first;
			map->span[map->spans++].last = first + length - 1;
		}
	map->span_baseline = palloc_extended(Max((Size) map->n * map->spans, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	for (int i = 0; i < map->n; i++)
		for (int s = 0; s < map->spans; s++)
		{
			double		sum = 0;

			for (int p = map->span[s].first; p <= map->span[s].last; p++)
				sum += map->baseline[i * map->periods + p];
			map->span_baseline[(Size) i * map->spans + s] = sum;
		}
}
