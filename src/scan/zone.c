/*-------------------------------------------------------------------------
 *
 * zone.c
 *	  Circles round each location, as the order in which its neighbours enter.
 *
 * src/scan/zone.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "scan/scan.h"

#define EARTH_RADIUS_KM 6371.0088	/* mean radius, IUGG */

/* Locations this near to one distance, relatively, are at the same. */
#define SAME_DISTANCE 1e-12

typedef struct Neighbour
{
	double		measure;		/* grows with the distance */
	int			location;
} Neighbour;

/* The nearest first; at one distance by code, which is the order of the locations. */
static inline int
neighbour_order(const Neighbour *a, const Neighbour *b)
{
	if (a->measure != b->measure)
		return a->measure < b->measure ? -1 : 1;
	return a->location < b->location ? -1 : a->location > b->location;
}

#define ST_SORT sort_neighbours
#define ST_ELEMENT_TYPE Neighbour
#define ST_COMPARE(a, b) neighbour_order(a, b)
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/* Square of the distance in the plane, or of the chord on a sphere of radius 1: both grow with the distance. */
static double
measure(const ScanMap *map, int a, int b)
{
	double		dx = map->point[b].x - map->point[a].x;
	double		dy = map->point[b].y - map->point[a].y;
	double		dz = map->point[b].z - map->point[a].z;

	return dx * dx + dy * dy + dz * dz;
}

static double
distance(const ScanMap *map, double m)
{
	return map->on_sphere ? 2 * EARTH_RADIUS_KM * asin(Min(1, sqrt(m) / 2)) : sqrt(m);
}

/* All locations in the order in which they enter circles round a centre, which enters first. */
static void
neighbours_of(const ScanMap *map, int centre, Neighbour *out)
{
	for (int i = 0; i < map->n; i++)
	{
		out[i].location = i;
		out[i].measure = i == centre ? -1 : measure(map, centre, i);
	}
	sort_neighbours(out, map->n);
	Assert(out[0].location == centre);
	out[0].measure = 0;
}

static bool
same_distance(const Neighbour *a, const Neighbour *b)
{
	return b->measure - a->measure <= SAME_DISTANCE * b->measure;
}

/* How many neighbours enter before the population passes the cap. */
static int
zone_length(const ScanMap *map, const ScanOptions *options, const Neighbour *order, double cap)
{
	double		people = 0;
	int			length = 0;

	while (length < map->n)
	{
		int			group = 1;

		if (options->ties_together)
			while (length + group < map->n && same_distance(&order[length], &order[length + group]))
				group++;
		for (int i = 0; i < group; i++)
			people += map->population[order[length + i].location];
		if (people > cap)
			break;
		length += group;
	}
	return length;
}

/* Makes room for "more" members after "used". */
static void
grow(ScanZones *zones, int64 used, int more, int64 *room)
{
	if (used + more <= *room)
		return;
	*room = Max(*room * 2, used + more);
	zones->member = repalloc_huge(zones->member, *room * sizeof(int));
	zones->closed = repalloc_huge(zones->closed, *room * sizeof(bool));
	zones->radius = repalloc_huge(zones->radius, *room * sizeof(double));
}

static void
refuse_windows(int64 zones, int spans)
{
	if (zones * spans > SCAN_MAX_WINDOWS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a scan has too many windows"),
				 errdetail("There are more than %lld of circles and times.", (long long) SCAN_MAX_WINDOWS),
				 errhint("Take a smaller population_share or max_duration.")));
}

ScanZones  *
scan_zones(const ScanMap *map, const ScanOptions *options)
{
	ScanZones  *zones = palloc(sizeof(ScanZones));
	Neighbour  *order = MemoryContextAllocHuge(CurrentMemoryContext, map->n * sizeof(Neighbour));
	int64		used = 0;
	int64		room = Max(map->n, 1024);
	double		cap = 0;

	for (int i = 0; i < map->n; i++)
		cap += map->population[i];
	/* sums in another order are the same population */
	cap *= options->population_share * (1 + 1e-12);
	zones->start = palloc_extended((map->n + 1) * sizeof(int), MCXT_ALLOC_HUGE);
	zones->member = palloc_extended(room * sizeof(int), MCXT_ALLOC_HUGE);
	zones->closed = palloc_extended(room * sizeof(bool), MCXT_ALLOC_HUGE);
	zones->radius = palloc_extended(room * sizeof(double), MCXT_ALLOC_HUGE);
	for (int centre = 0; centre < map->n; centre++)
	{
		int			length;

		CHECK_FOR_INTERRUPTS();
		neighbours_of(map, centre, order);
		length = zone_length(map, options, order, cap);
		grow(zones, used, length, &room);
		zones->start[centre] = used;
		for (int i = 0; i < length; i++, used++)
		{
			zones->member[used] = order[i].location;
			zones->radius[used] = distance(map, order[i].measure);
			zones->closed[used] = !options->ties_together || i + 1 == length || !same_distance(&order[i], &order[i + 1]);
		}
		refuse_windows(used, map->spans);
	}
	zones->start[map->n] = used;
	pfree(order);
	return zones;
}
