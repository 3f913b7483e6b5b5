/*-------------------------------------------------------------------------
 *
 * replica.c
 *	  How high the highest window gets by chance: cases thrown anew, as often
 *	  as asked, by a seed.
 *
 * Only replicas that reach the lowest cluster matter, so each window has a
 * bar, the cases with which it does, and most windows cost one comparison.
 *
 * src/scan/replica.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "common/pg_prng.h"
#include "miscadmin.h"

#include "scan/scan.h"

/* Where cases fall: cells are locations x periods. */
typedef struct Urn
{
	pg_prng_state random;
	int			cells;
	/* Poisson: the alias method of Vose 1991 */
	double	   *stay;
	int		   *alias;
	/* Bernoulli: the cell of each trial, shuffled as far as cases are drawn */
	int		   *trial;
	int64		trials;
} Urn;

static void
urn_alias(Urn *urn, const double *weight, double sum)
{
	int		   *small = palloc(urn->cells * sizeof(int));
	int		   *large = palloc(urn->cells * sizeof(int));
	int			nsmall = 0,
				nlarge = 0;

	urn->stay = palloc(urn->cells * sizeof(double));
	urn->alias = palloc(urn->cells * sizeof(int));
	for (int i = 0; i < urn->cells; i++)
	{
		urn->stay[i] = weight[i] / sum * urn->cells;
		urn->alias[i] = i;
		if (urn->stay[i] < 1)
			small[nsmall++] = i;
		else
			large[nlarge++] = i;
	}
	while (nsmall > 0 && nlarge > 0)
	{
		int			s = small[--nsmall];
		int			l = large[nlarge - 1];

		urn->alias[s] = l;
		urn->stay[l] -= 1 - urn->stay[s];
		if (urn->stay[l] < 1)
		{
			nlarge--;
			small[nsmall++] = l;
		}
	}
	/* what is left is full, but for rounding; a cell without weight never is */
	while (nsmall > 0)
		if (weight[small[--nsmall]] > 0)
			urn->stay[small[nsmall]] = 1;
	while (nlarge > 0)
		urn->stay[large[--nlarge]] = 1;
	pfree(small);
	pfree(large);
}

static void
urn_trials(Urn *urn, const double *weight, double sum)
{
	int64		t = 0;

	urn->trials = (int64) sum;
	urn->trial = palloc_extended(Max(urn->trials, 1) * sizeof(int), MCXT_ALLOC_HUGE);
	for (int i = 0; i < urn->cells; i++)
		for (int64 k = (int64) weight[i]; k > 0; k--)
			urn->trial[t++] = i;
}

static Urn *
urn_make(const ScanMap *map, int64 seed)
{
	Urn		   *urn = palloc0(sizeof(Urn));

	pg_prng_seed(&urn->random, (uint64) seed);
	urn->cells = map->n * map->periods;
	if (map->total.model == SCAN_POISSON)
		urn_alias(urn, map->baseline, map->total.baseline);
	else
		urn_trials(urn, map->baseline, map->total.baseline);
	return urn;
}

/* A cell for one case: by weight, or a trial that no case of this replica has yet. */
static int
urn_draw(Urn *urn, int64 drawn)
{
	int64		other;
	int			cell;

	if (urn->trial == NULL)
	{
		cell = pg_prng_uint64_range(&urn->random, 0, urn->cells - 1);
		return pg_prng_double(&urn->random) < urn->stay[cell] ? cell : urn->alias[cell];
	}
	other = pg_prng_uint64_range(&urn->random, drawn, urn->trials - 1);
	cell = urn->trial[other];
	urn->trial[other] = urn->trial[drawn];
	urn->trial[drawn] = cell;
	return cell;
}

/* Cases of a replica as sums of each span, location by location. */
static void
throw_cases(const ScanMap *map, Urn *urn, int32 *cell, int32 *sums)
{
	int64		cases = (int64) map->total.cases;

	memset(cell, 0, urn->cells * sizeof(int32));
	for (int64 i = 0; i < cases; i++)
	{
		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		cell[urn_draw(urn, i)]++;
	}
	for (int l = 0; l < map->n; l++, cell += map->periods)
		for (int s = 0; s < map->spans; s++)
		{
			int32		sum = 0;

			for (int p = map->span[s].first; p <= map->span[s].last; p++)
				sum += cell[p];
			*sums++ = sum;
		}
}

/* Of each window the fewest cases with which it reaches the lowest cluster, and its baseline, roughly. */
typedef struct Bars
{
	int32	   *cases;
	float	   *baseline;
} Bars;

/* The ratio of a window that reached its bar, if it is above the best so far: exactly then. */
static double
raised(const ScanMap *map, const ScanZones *zones, const Bars *bars, int centre, int last, int span, double cases, double best)
{
	double		baseline = 0;

	if (scan_ratio(&map->total, cases, bars->baseline[(Size) last * map->spans + span]) < best * (1 - 1e-4))
		return best;
	for (int i = zones->start[centre]; i <= last; i++)
		baseline += map->span_baseline[(Size) zones->member[i] * map->spans + span];
	return Max(best, scan_ratio(&map->total, cases, baseline));
}

/* The highest ratio of a replica, or 0 if none reaches its bar. */
static double
highest(const ScanMap *map, const ScanZones *zones, const Bars *bars, const int32 *sums, int32 *grown)
{
	double		best = 0;
	int			spans = map->spans;

	for (int centre = 0; centre < map->n; centre++)
	{
		memset(grown, 0, spans * sizeof(int32));
		for (int i = zones->start[centre]; i < zones->start[centre + 1]; i++)
		{
			const int32 *more = sums + (Size) zones->member[i] * spans;
			const int32 *bar = bars->cases + (Size) i * spans;
			int			reached = 0;

			for (int s = 0; s < spans; s++)
			{
				grown[s] += more[s];
				reached |= grown[s] >= bar[s];
			}
			if (unlikely(reached))
				for (int s = 0; s < spans; s++)
					if (grown[s] >= bar[s])
						best = raised(map, zones, bars, centre, i, s, grown[s], best);
		}
	}
	return best;
}

/* The same with one span, which is most of what is asked. */
static double
highest_in_space(const ScanMap *map, const ScanZones *zones, const Bars *bars, const int32 *sums)
{
	double		best = 0;

	for (int centre = 0; centre < map->n; centre++)
	{
		int32		grown = 0;

		for (int i = zones->start[centre]; i < zones->start[centre + 1]; i++)
		{
			grown += sums[zones->member[i]];
			if (unlikely(grown >= bars->cases[i]))
				best = raised(map, zones, bars, centre, i, 0, grown, best);
		}
	}
	return best;
}

/* The bar of every window for a ratio of llr. A circle's baseline grows, so its bar never falls. */
static Bars
set_bars(const ScanMap *map, const ScanZones *zones, const ScanOptions *options, double llr)
{
	Size		windows = (Size) zones->start[map->n] * map->spans;
	Bars		bars = {
		palloc_extended(windows * sizeof(int32), MCXT_ALLOC_HUGE),
		palloc_extended(windows * sizeof(float), MCXT_ALLOC_HUGE)
	};
	Size		w = 0;
	double	   *baseline = palloc(map->spans * sizeof(double));
	int		   *least = palloc(map->spans * sizeof(int));
	int			n;
	double	   *limits = scan_ratio_limits(&map->total, llr, map->total.baseline, &n);

	for (int centre = 0; centre < map->n; centre++)
	{
		CHECK_FOR_INTERRUPTS();
		memset(baseline, 0, map->spans * sizeof(double));
		memset(least, 0, map->spans * sizeof(int));
		for (int i = zones->start[centre]; i < zones->start[centre + 1]; i++)
			for (int s = 0; s < map->spans; s++, w++)
			{
				baseline[s] += map->span_baseline[(Size) zones->member[i] * map->spans + s];
				while (least[s] < n && limits[least[s]] < baseline[s])
					least[s]++;
				bars.baseline[w] = baseline[s];
				bars.cases[w] = zones->closed[i] && least[s] < n ? Max(least[s], Max(options->min_cases, 1)) : PG_INT32_MAX;
			}
	}
	pfree(limits);
	pfree(baseline);
	pfree(least);
	return bars;
}

/*
 * Counts in found[].as_high the replicas whose highest window is as high as
 * each cluster.
 */
void
scan_replicas(const ScanMap *map, const ScanZones *zones, const ScanOptions *options,
			  ScanCluster *found, int nfound)
{
	Urn		   *urn = urn_make(map, options->seed);
	int32	   *cell = palloc(urn->cells * sizeof(int32));
	int32	   *sums = palloc_extended((Size) map->n * map->spans * sizeof(int32), MCXT_ALLOC_HUGE);
	int32	   *grown = palloc(map->spans * sizeof(int32));
	Bars		bars = set_bars(map, zones, options, found[nfound - 1].llr * (1 - 1e-9));

	for (int r = 0; r < options->replicas; r++)
	{
		double		top;

		CHECK_FOR_INTERRUPTS();
		throw_cases(map, urn, cell, sums);
		top = map->spans == 1 ? highest_in_space(map, zones, &bars, sums) :
			highest(map, zones, &bars, sums, grown);
		/* rounding makes no replica lower than what it equals */
		for (int i = 0; i < nfound; i++)
			found[i].as_high += top >= found[i].llr * (1 - 1e-10);
	}
}
