/*-------------------------------------------------------------------------
 *
 * finite.c
 *	  Limits of a proportion of a finite population, part of which was seen.
 *
 * Of N units M have a property; of n taken without replacement x have it,
 * which is hypergeometric.  The limits are the least and the greatest M under
 * which as many, or as few, are not too unusual: exact, and no wider than
 * what was not seen.  Where all were seen nothing is left to chance.
 *
 * src/statistics/finite.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "miscadmin.h"

#include "statistics/distribution.h"
#include "statistics/statistics.h"

/* P(X = k): three binomial probabilities, so that no digits cancel (Loader 2000) */
static double
finite_pmf(double k, double n, double m, double population)
{
	double		prob = n / population;

	return statistics_dist_binomial_pmf(k, m, prob) *
		statistics_dist_binomial_pmf(n - k, population - m, prob) /
		statistics_dist_binomial_pmf(n, population, prob);
}

/* The sum of P(X = k), P(X = k + step), ... to the end of the range */
static double
finite_tail(double k, double step, double n, double m, double population)
{
	double		last = step > 0 ? fmin(n, m) : fmax(0, n + m - population);
	double		term = finite_pmf(k, n, m, population);
	double		sum = term;

	while (k != last && term > sum * 1e-17)
	{
		if (step > 0)
			term *= (m - k) * (n - k) / ((k + 1) * (population - m - n + k + 1));
		else
			term *= k * (population - m - n + k) / ((m - k + 1) * (n - k + 1));
		k += step;
		sum += term;
	}
	return sum;
}

/* P(X >= x), from the end that is nearer */
static double
finite_at_least(double x, double n, double m, double population)
{
	if (x <= fmax(0, n + m - population))
		return 1;
	if (x > fmin(n, m))
		return 0;
	if (x > n * m / population)
		return finite_tail(x, 1, n, m, population);
	return 1 - finite_tail(x - 1, -1, n, m, population);
}

/* A tail of exactly alpha, as small counts have, is not more than alpha whatever the last digit says */
#define FINITE_SLACK 1e-9

/* The least M under which x or more of n are seen with more than alpha */
static double
finite_least(double x, double n, double population, double alpha)
{
	double		below = x - 1,	/* too few: x cannot be seen at all */
				enough = population - (n - x);

	while (enough - below > 1)
	{
		double		m = floor((below + enough) / 2);

		CHECK_FOR_INTERRUPTS();
		if (finite_at_least(x, n, m, population) > alpha * (1 + FINITE_SLACK))
			enough = m;
		else
			below = m;
	}
	return enough;
}

static double
finite_whole(double value, const char *name)
{
	statistics_not_negative(value, name);
	if (value != floor(value) || value > 9007199254740992.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be a whole number", name),
				 errdetail("It is %g.", value),
				 errhint("Use wilson_interval() for what was not counted one by one.")));
	return value;
}

PG_FUNCTION_INFO_V1(statistics_finite_interval);

Datum
statistics_finite_interval(PG_FUNCTION_ARGS)
{
	double		x = finite_whole(PG_GETARG_FLOAT8(0), "number of events");
	double		n = finite_whole(PG_GETARG_FLOAT8(1), "number of trials");
	double		population = finite_whole(PG_GETARG_FLOAT8(2), "population");
	double		alpha = (1 - statistics_confidence(PG_GETARG_FLOAT8(3))) / 2;
	double		limits[2];

	if (x > n || n > population)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a part is larger than its whole"),
				 errdetail("There are %g events in %g trials of a population of %g.", x, n, population),
				 errhint("Use wilson_interval() where the population is not known.")));
	if (n == 0)
		PG_RETURN_NULL();
	limits[0] = finite_least(x, n, population, alpha) / population;
	limits[1] = (population - finite_least(n - x, n, population, alpha)) / population;
	return statistics_columns(fcinfo, "ff", limits);
}
