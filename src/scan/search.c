/*-------------------------------------------------------------------------
 *
 * search.c
 *	  The windows of the counts that were seen: their ratios, and the
 *	  clusters that share no location.
 *
 * src/scan/search.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "miscadmin.h"

#include "scan/scan.h"

/* Ratios this near, relatively, are equal: the smaller circle is the cluster. */
#define SAME_RATIO 1e-10

/* A zone that grows: sums of each span. */
typedef struct Growth
{
	double	   *cases;
	double	   *baseline;
	double		population;
} Growth;

static void
growth_begin(const ScanMap *map, Growth *g)
{
	memset(g->cases, 0, map->spans * sizeof(double));
	memset(g->baseline, 0, map->spans * sizeof(double));
	g->population = 0;
}

static void
growth_add(const ScanMap *map, Growth *g, int location)
{
	const int64 *cases = map->cases + (Size) location * map->periods;
	const double *baseline = map->span_baseline + (Size) location * map->spans;

	Assert(location >= 0 && location < map->n);
	for (int s = 0; s < map->spans; s++)
	{
		for (int p = map->span[s].first; p <= map->span[s].last; p++)
			g->cases[s] += cases[p];
		g->baseline[s] += baseline[s];
	}
	g->population += map->population[location];
}

static Growth *
growth_make(const ScanMap *map)
{
	Growth	   *g = palloc(sizeof(Growth));

	g->cases = palloc(map->spans * sizeof(double));
	g->baseline = palloc(map->spans * sizeof(double));
	return g;
}

/*
 * The ratio of every window, rounded down to a float: enough to tell which
 * windows have to be looked at again.
 */
float	   *
scan_ratios(const ScanMap *map, const ScanZones *zones, const ScanOptions *options)
{
	Size		windows = (Size) zones->start[map->n] * map->spans;
	float	   *ratios = palloc_extended(Max(windows, 1) * sizeof(float), MCXT_ALLOC_HUGE);
	Growth	   *g = growth_make(map);

	for (int centre = 0; centre < map->n; centre++)
	{
		CHECK_FOR_INTERRUPTS();
		growth_begin(map, g);
		for (int i = zones->start[centre]; i < zones->start[centre + 1]; i++)
		{
			float	   *out = ratios + (Size) i * map->spans;

			growth_add(map, g, zones->member[i]);
			for (int s = 0; s < map->spans; s++)
				out[s] = zones->closed[i] && g->cases[s] >= options->min_cases ?
					scan_ratio(&map->total, g->cases[s], g->baseline[s]) : 0;
		}
	}
	return ratios;
}

/* Is a better than b? Higher; at the same height the smaller circle, the earlier centre, the earlier beginning. */
static bool
better(const ScanMap *map, const ScanCluster *a, const ScanCluster *b)
{
	if (fabs(a->llr - b->llr) > SAME_RATIO * Max(a->llr, b->llr))
		return a->llr > b->llr;
	if (a->size != b->size)
		return a->size < b->size;
	if (a->centre != b->centre)
		return a->centre < b->centre;
	return map->span[a->span].first < map->span[b->span].first;
}

/* The windows of one zone, whose sums are g, against the best so far. */
static void
take_better(const ScanMap *map, const Growth *g, const float *ratios, ScanCluster candidate, ScanCluster *best)
{
	for (int s = 0; s < map->spans; s++)
	{
		if (ratios[s] <= 0 || ratios[s] < best->llr * (1 - 1e-6))
			continue;
		candidate.span = s;
		candidate.observed = g->cases[s];
		candidate.baseline = g->baseline[s];
		candidate.llr = scan_ratio(&map->total, g->cases[s], g->baseline[s]);
		if (candidate.llr > 0 && better(map, &candidate, best))
			*best = candidate;
	}
}

/* Can any window of a centre be the best? Cheaper than building its zones. */
static bool
worth_building(const ScanMap *map, const ScanZones *zones, const float *ratios, int centre, double best)
{
	const float *end = ratios + (Size) zones->start[centre + 1] * map->spans;
	float		least = best * (1 - 1e-6);

	for (const float *r = ratios + (Size) zones->start[centre] * map->spans; r < end; r++)
		if (*r > 0 && *r >= least)
			return true;
	return false;
}

/* The best window without a location that is taken. */
static ScanCluster
best_window(const ScanMap *map, const ScanZones *zones, const float *ratios, const bool *taken, Growth *g)
{
	ScanCluster best = {.centre = -1};

	for (int centre = 0; centre < map->n; centre++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!worth_building(map, zones, ratios, centre, best.llr))
			continue;
		growth_begin(map, g);
		/* a larger circle has whatever a smaller one has */
		for (int i = zones->start[centre]; i < zones->start[centre + 1] && !taken[zones->member[i]]; i++)
		{
			ScanCluster candidate = {.centre = centre,.size = i - zones->start[centre] + 1,.radius = zones->radius[i]};

			growth_add(map, g, zones->member[i]);
			candidate.population = g->population;
			if (zones->closed[i])
				take_better(map, g, ratios + (Size) i * map->spans, candidate, &best);
		}
	}
	return best;
}

/* Up to options->clusters clusters, the highest first; gives how many there are. */
int
scan_clusters(const ScanMap *map, const ScanZones *zones, const ScanOptions *options,
			  const float *ratios, ScanCluster *found)
{
	bool	   *taken = palloc0(map->n * sizeof(bool));
	Growth	   *g = growth_make(map);
	int			n;

	for (n = 0; n < options->clusters; n++)
	{
		found[n] = best_window(map, zones, ratios, taken, g);
		if (found[n].centre < 0)
			break;
		Assert(found[n].size <= zones->start[found[n].centre + 1] - zones->start[found[n].centre]);
		for (int i = 0; i < found[n].size; i++)
			taken[zones->member[zones->start[found[n].centre] + i]] = true;
	}
	return n;
}
