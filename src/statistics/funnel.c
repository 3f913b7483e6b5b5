/*-------------------------------------------------------------------------
 *
 * funnel.c
 *	  Funnel plot limits, and the overdispersion of a set of areas.
 *
 * src/statistics/funnel.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <float.h>
#include <math.h>

#include "statistics/distribution.h"
#include "statistics/interval.h"
#include "statistics/statistics.h"

#define MAX_AREAS 100000
#define WINSORISE 0.1			/* Spiegelhalter 2005 */

/*
 * Where an area of this size may lie when its true proportion is the
 * benchmark's; dispersion multiplies the variance, tau2 adds to it.
 */
PG_FUNCTION_INFO_V1(statistics_funnel_proportion);

Datum
statistics_funnel_proportion(PG_FUNCTION_ARGS)
{
	double		p = statistics_probability(PG_GETARG_FLOAT8(0), "benchmark");
	double		n = statistics_not_negative(PG_GETARG_FLOAT8(1), "number of trials");
	double		z = statistics_interval_z(statistics_confidence(PG_GETARG_FLOAT8(2)));
	double		dispersion = statistics_not_negative(PG_GETARG_FLOAT8(3), "dispersion");
	double		tau2 = statistics_not_negative(PG_GETARG_FLOAT8(4), "tau2");
	double		half;
	double		limits[2];

	if (n == 0)
		PG_RETURN_NULL();
	half = z * sqrt(fmax(1, dispersion) * p * (1 - p) / n + tau2);
	limits[0] = fmax(0, p - half);
	limits[1] = fmin(1, p + half);
	return statistics_columns(fcinfo, "ff", limits);
}

/*
 * The shape at which the gamma distribution leaves tail on one side of e: the
 * count, between the whole ones too, whose exact limit is e.
 */
static double
shape_at_limit(double e, double tail, bool upper)
{
	double		sd = sqrt(e) + 1;
	double		lo = e,
				hi = e;

	if (upper)
		for (double step = sd; lo > 0; step *= 2)
		{
			double		p,
						q;

			lo = fmax(0, lo - step);
			if (lo == 0)
				break;
			statistics_dist_gamma_tails(lo, e, &p, &q);
			if (q < tail)
				break;
		}
	else
		for (double step = sd;; step *= 2)
		{
			double		p,
						q;

			hi += step;
			statistics_dist_gamma_tails(hi, e, &p, &q);
			if (p < tail)
				break;
		}
	for (int i = 0; i < 200 && hi - lo > 4 * DBL_EPSILON * hi; i++)
	{
		double		middle = (lo + hi) / 2,
					p,
					q;

		statistics_dist_gamma_tails(middle, e, &p, &q);
		/* q grows with the shape, p falls */
		if (upper ? q < tail : p > tail)
			lo = middle;
		else
			hi = middle;
	}
	return (lo + hi) / 2;
}

/*
 * Exact limits for an observed count, interpolated between whole counts by
 * the gamma distribution (Spiegelhalter 2005, appendix).
 */
PG_FUNCTION_INFO_V1(statistics_funnel_count);

Datum
statistics_funnel_count(PG_FUNCTION_ARGS)
{
	double		e = statistics_not_negative(PG_GETARG_FLOAT8(0), "expected number");
	double		tail = (1 - statistics_confidence(PG_GETARG_FLOAT8(1))) / 2;
	double		limits[2];

	if (e == 0)
		PG_RETURN_NULL();
	/* P(X <= o) = Q(o + 1, e), and P(X >= o) = P(o, e) */
	limits[0] = exp(-e) >= tail ? 0 : shape_at_limit(e, tail, true) - 1;
	limits[1] = shape_at_limit(e, tail, false);
	return statistics_columns(fcinfo, "ff", limits);
}

/* Mean square of z with both ends pulled in to its 10 % and 90 % quantiles */
static double
winsorised_dispersion(const double *z, const double *s, int64 rows, int64 *areas)
{
	double	   *sorted = palloc_extended(Max(rows, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	double		low,
				high,
				sum = 0;

	*areas = 0;
	for (int64 i = 0; i < rows; i++)
		if (!isnan(z[i]) && !isnan(s[i]))
			sorted[(*areas)++] = z[i];
	if (*areas == 0)
		return NAN;
	statistics_sort(sorted, *areas, sizeof(double));
	low = statistics_quantile7(sorted, *areas, WINSORISE);
	high = statistics_quantile7(sorted, *areas, 1 - WINSORISE);
	for (int64 i = 0; i < *areas; i++)
	{
		double		w = fmin(fmax(sorted[i], low), high);

		sum += w * w;
	}
	pfree(sorted);
	return sum / *areas;
}

/* Variance between areas by the method of moments (DerSimonian and Laird) */
static double
additive_variance(const double *z, const double *s, int64 rows, int64 areas, double phi)
{
	double		sum = 0,
				squares = 0,
				spread;

	for (int64 i = 0; i < rows; i++)
		if (!isnan(z[i]) && !isnan(s[i]))
		{
			double		w = 1 / (s[i] * s[i]);

			sum += w;
			squares += w * w;
		}
	spread = sum - squares / sum;
	return spread > 0 ? fmax(0, (areas * phi - (areas - 1)) / spread) : 0;
}

static void
overdispersion_compute(WindowObject winobj, PartitionResult *result)
{
	double	   *z = statistics_partition_column(winobj, 0, result->rows);
	double	   *s = statistics_partition_column(winobj, 1, result->rows);
	int64		areas;
	double		phi = winsorised_dispersion(z, s, result->rows, &areas);
	double		tau2;

	for (int64 i = 0; i < result->rows; i++)
		if (!isnan(s[i]))
			statistics_positive(s[i], "standard error");
	tau2 = areas > 0 ? additive_variance(z, s, result->rows, areas, phi) : NAN;
	for (int64 i = 0; i < result->rows; i++)
	{
		double	   *row = result->cell + i * 4;
		bool		known = !isnan(z[i]) && !isnan(s[i]);

		row[0] = phi;
		row[1] = tau2;
		row[2] = known ? z[i] / sqrt(fmax(1, phi)) : NAN;
		row[3] = known ? z[i] * (s[i] / sqrt(s[i] * s[i] + tau2)) : NAN;
	}
	result->computed = true;
}

PG_FUNCTION_INFO_V1(statistics_overdispersion);

Datum
statistics_overdispersion(PG_FUNCTION_ARGS)
{
	WindowObject winobj = PG_WINDOW_OBJECT();
	PartitionResult *result = statistics_partition(winobj, 4, MAX_AREAS);

	if (!result->computed)
		overdispersion_compute(winobj, result);
	return statistics_partition_row(fcinfo, result, "ffff");
}
