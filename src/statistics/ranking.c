/*-------------------------------------------------------------------------
 *
 * ranking.c
 *	  Comparing a set of areas: ranks with intervals, the probability of being
 *	  among the worst quarter, shrunken rates, false discovery rates.
 *
 * All are window functions over the areas of one ranking.  An area without
 * population, or with a NULL, has no rate: it gets NULL and does not count.
 *
 * src/statistics/ranking.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "miscadmin.h"
#include "statistics/distribution.h"
#include "statistics/interval.h"
#include "statistics/statistics.h"

#define RANK_MAX_AREAS 5000		/* every pair is compared */
#define QUARTER_MAX_AREAS 2000
#define QUARTER_NODES 600		/* of the integration over rates */
#define MAX_ROWS 1000000
#define QUINTILES 5

typedef struct Area
{
	int64		row;
	double		events;
	double		population;
	double		rate;
} Area;

/* The rows that have a rate */
static Area *
read_areas(WindowObject winobj, int64 rows, int *count)
{
	double	   *events = statistics_partition_column(winobj, 0, rows);
	double	   *population = statistics_partition_column(winobj, 1, rows);
	Area	   *area = palloc_extended(Max(rows, 1) * sizeof(Area), MCXT_ALLOC_HUGE);

	*count = 0;
	for (int64 i = 0; i < rows; i++)
	{
		if (isnan(events[i]) || isnan(population[i]))
			continue;
		statistics_not_negative(events[i], "number of events");
		statistics_not_negative(population[i], "population");
		if (population[i] > 0)
			area[(*count)++] = (Area)
		{
			i, events[i], population[i], events[i] / population[i]
		};
	}
	pfree(events);
	pfree(population);
	return area;
}

static void
clear(PartitionResult *result, int columns)
{
	for (int64 i = 0; i < result->rows * columns; i++)
		result->cell[i] = NAN;
	result->computed = true;
}

static int
by_rate_descending(const void *a, const void *b)
{
	return statistics_compare_double(&((const Area *) b)->rate, &((const Area *) a)->rate);
}

/* Variance of a rate; half an event stands in for none */
static inline double
rate_variance(const Area *a)
{
	return fmax(a->events, 0.5) / a->population / a->population;
}

/*
 * Rank 1 is the highest rate.  The interval leaves out the places of areas
 * that differ significantly, each pair tested at the Bonferroni level.
 */
static void
rank_compute(WindowObject winobj, PartitionResult *result)
{
	double		confidence = statistics_confidence(
												   DatumGetFloat8(statistics_window_argument(winobj, 2)));
	int			n;
	Area	   *area = read_areas(winobj, result->rows, &n);
	double		pairs = fmax(1, n * (n - 1.0) / 2);
	double		z = statistics_dist_normal_isf((1 - confidence) / pairs / 2);
	int			rank = 1;

	clear(result, 4);
	qsort(area, n, sizeof(Area), by_rate_descending);
	for (int i = 0; i < n; i++)
	{
		double	   *row = result->cell + area[i].row * 4;
		int			higher = 0,
					lower = 0;

		CHECK_FOR_INTERRUPTS();
		if (i > 0 && area[i].rate < area[i - 1].rate)
			rank = i + 1;
		for (int j = 0; j < n; j++)
		{
			double		distance = area[j].rate - area[i].rate;
			double		limit = z * sqrt(rate_variance(&area[i]) + rate_variance(&area[j]));

			higher += distance > limit;
			lower += distance < -limit;
		}
		Assert(rank >= 1 && rank <= i + 1 && higher <= i && higher + lower < n);
		row[0] = rank;
		row[1] = higher + 1;
		row[2] = n - lower;
		row[3] = (rank - 1) * QUINTILES / n + 1;
	}
}

PG_FUNCTION_INFO_V1(statistics_rank_interval);

Datum
statistics_rank_interval(PG_FUNCTION_ARGS)
{
	WindowObject winobj = PG_WINDOW_OBJECT();
	PartitionResult *result = statistics_partition(winobj, 4, RANK_MAX_AREAS);

	if (!result->computed)
		rank_compute(winobj, result);
	return statistics_partition_row(fcinfo, result, "iiii");
}

/*
 * For each area, the probability that fewer than k of the others exceed a
 * value, given the probability of each to exceed it: a Poisson-binomial,
 * leaving one out by convolving what stands before it and after it.
 */
static void
leave_one_out(const double *p, int n, int k, double *prefix, double *suffix, double *out)
{
	memset(prefix, 0, k * sizeof(double));
	prefix[0] = 1;
	for (int i = 0; i + 1 < n; i++)
	{
		double	   *now = prefix + (Size) i * k;
		double	   *next = now + k;

		next[0] = now[0] * (1 - p[i]);
		for (int c = 1; c < k; c++)
			next[c] = now[c] * (1 - p[i]) + now[c - 1] * p[i];
	}
	memset(suffix, 0, k * sizeof(double));
	suffix[0] = 1;
	for (int i = n - 1; i >= 0; i--)
	{
		const double *before = prefix + (Size) i * k;
		double		cumulated = 0;

		out[i] = 0;
		for (int c = 0; c < k; c++)
		{
			cumulated += suffix[c];
			out[i] += before[k - 1 - c] * cumulated;
		}
		for (int c = k - 1; c > 0; c--)
			suffix[c] = suffix[c] * (1 - p[i]) + suffix[c - 1] * p[i];
		suffix[0] *= 1 - p[i];
	}
}

/* Posterior of a rate under Jeffreys' prior */
static inline double
posterior_cdf(const Area *a, double rate)
{
	return statistics_dist_gamma_cdf(rate, a->events + 0.5, 1 / a->population);
}

/* Rates at which to evaluate: quantiles of every area's posterior, thinned */
static double *
quarter_nodes(const Area *area, int n, int *count)
{
	int			each = Max(3, QUARTER_NODES / n);
	int			all = each * n;
	double	   *node = palloc(all * sizeof(double));
	int			step = Max(1, all / QUARTER_NODES);

	for (int i = 0; i < n; i++)
		for (int j = 0; j < each; j++)
			node[i * each + j] = statistics_dist_gamma_quantile((j + 0.5) / each, area[i].events + 0.5,
																1 / area[i].population);
	statistics_sort(node, all, sizeof(double));
	for (*count = 0; *count * step < all; (*count)++)
		node[*count] = node[*count * step];
	return node;
}

/*
 * The probability of each area to be among the k highest (and lowest) true
 * rates, integrated over its own posterior by the trapezoid rule.
 */
static void
quarter_compute(WindowObject winobj, PartitionResult *result)
{
	int			n,
				nodes;
	Area	   *area = read_areas(winobj, result->rows, &n);
	int			k = (n + 3) / 4;
	double	   *node,
			   *work;
	double	   *above,
			   *below,
			   *last,
			   *now[2],
			   *previous[2];

	clear(result, 2);
	if (n == 0)
		return;
	node = quarter_nodes(area, n, &nodes);
	work = palloc0(sizeof(double) * ((Size) n * (k + 7) + k));
	above = work + (Size) n * k + k;
	below = above + n;
	last = below + n;			/* the cdf at the node before */
	for (int side = 0; side < 2; side++)
	{
		now[side] = last + n + side * n;
		previous[side] = last + n * (3 + side);
	}
	for (int i = 0; i < n; i++)
		result->cell[area[i].row * 2] = result->cell[area[i].row * 2 + 1] = 0;
	for (int g = 0; g <= nodes; g++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < n && g < nodes; i++)
		{
			below[i] = posterior_cdf(&area[i], node[g]);
			above[i] = 1 - below[i];
		}
		if (g < nodes)
		{
			leave_one_out(above, n, k, work, work + (Size) n * k, now[0]);
			leave_one_out(below, n, k, work, work + (Size) n * k, now[1]);
		}
		for (int i = 0; i < n; i++)
		{
			double		mass = (g < nodes ? below[i] : 1) - last[i];

			for (int side = 0; side < 2; side++)
			{
				/* beyond the outermost nodes the value there is taken */
				double		height = g == 0 ? now[side][i]
				: (now[side][i] + previous[side][i]) / 2;

				result->cell[area[i].row * 2 + side] += mass * height;
				previous[side][i] = now[side][i];
			}
			last[i] = below[i];
		}
	}
}

PG_FUNCTION_INFO_V1(statistics_quarter_probability);

Datum
statistics_quarter_probability(PG_FUNCTION_ARGS)
{
	WindowObject winobj = PG_WINDOW_OBJECT();
	PartitionResult *result = statistics_partition(winobj, 2, QUARTER_MAX_AREAS);

	if (!result->computed)
		quarter_compute(winobj, result);
	return statistics_partition_row(fcinfo, result, "ff");
}

/* Global empirical Bayes by the method of moments (Marshall 1991) */
static void
shrink_compute(WindowObject winobj, PartitionResult *result)
{
	int			n;
	Area	   *area = read_areas(winobj, result->rows, &n);
	double		events = 0,
				population = 0,
				spread = 0,
				mean,
				variance;

	clear(result, 4);
	for (int i = 0; i < n; i++)
	{
		events += area[i].events;
		population += area[i].population;
	}
	mean = events / population;
	for (int i = 0; i < n; i++)
		spread += area[i].population * (area[i].rate - mean) * (area[i].rate - mean);
	variance = fmax(0, spread / population - mean / (population / n));
	for (int i = 0; i < n; i++)
	{
		double	   *row = result->cell + area[i].row * 4;
		double		weight = variance == 0 ? 0
		: variance / (variance + mean / area[i].population);

		row[0] = mean;
		row[1] = variance;
		row[2] = weight;
		row[3] = mean + weight * (area[i].rate - mean);
	}
}

PG_FUNCTION_INFO_V1(statistics_shrunken_rate);

Datum
statistics_shrunken_rate(PG_FUNCTION_ARGS)
{
	WindowObject winobj = PG_WINDOW_OBJECT();
	PartitionResult *result = statistics_partition(winobj, 4, MAX_ROWS);

	if (!result->computed)
		shrink_compute(winobj, result);
	return statistics_partition_row(fcinfo, result, "ffff");
}

typedef struct RowValue
{
	double		value;
	int64		row;
} RowValue;

/* Benjamini and Hochberg 1995: smallest p * m / rank of this or a larger p */
static void
false_discovery_compute(WindowObject winobj, PartitionResult *result)
{
	double	   *p = statistics_partition_column(winobj, 0, result->rows);
	RowValue   *sorted = palloc_extended(Max(result->rows, 1) * sizeof(RowValue), MCXT_ALLOC_HUGE);
	int64		n = 0;
	double		q = 1;

	clear(result, 1);
	for (int64 i = 0; i < result->rows; i++)
		if (!isnan(p[i]))
			sorted[n++] = (RowValue)
		{
			statistics_probability(p[i], "p-value"), i
		};
	/* value is the first field */
	statistics_sort(sorted, n, sizeof(RowValue));
	for (int64 i = n - 1; i >= 0; i--)
	{
		q = fmin(q, sorted[i].value * n / (i + 1));
		result->cell[sorted[i].row] = q;
	}
}

PG_FUNCTION_INFO_V1(statistics_benjamini_hochberg);

Datum
statistics_benjamini_hochberg(PG_FUNCTION_ARGS)
{
	WindowObject winobj = PG_WINDOW_OBJECT();
	PartitionResult *result = statistics_partition(winobj, 1, MAX_ROWS);
	double		q;

	if (!result->computed)
		false_discovery_compute(winobj, result);
	q = result->cell[WinGetCurrentPosition(winobj)];
	if (isnan(q))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(q);
}
