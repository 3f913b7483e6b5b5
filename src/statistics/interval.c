/*-------------------------------------------------------------------------
 *
 * interval.c
 *	  Confidence intervals of proportions, counts, differences and ratios.
 *
 * src/statistics/interval.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "statistics/distribution.h"
#include "statistics/interval.h"
#include "statistics/statistics.h"

/* The standard normal value that leaves (1 - confidence) / 2 above it */
double
statistics_interval_z(double confidence)
{
	return statistics_dist_normal_isf((1 - confidence) / 2);
}

/* Wilson 1927 */
Limits
statistics_interval_wilson(double x, double n, double confidence)
{
	double		z = statistics_interval_z(confidence);
	double		z2 = z * z;
	double		spread = z * sqrt(z2 + 4 * x * ((n - x) / n));
	double		twice = 2 * (n + z2);
	Limits		i = {(2 * x + z2 - spread) / twice, (2 * x + z2 + spread) / twice};

	/* the ends where the difference above would leave rounding noise */
	Assert(x >= 0 && n > 0 && x <= n);
	if (x == 0)
		i.lower = 0;
	if (x == n)
		i.upper = 1;
	return i;
}

/* Clopper and Pearson 1934 */
Limits
statistics_interval_clopper_pearson(double x, double n, double confidence)
{
	double		alpha = (1 - confidence) / 2;
	Limits		i = {0, 1};

	if (x > 0)
		i.lower = statistics_dist_beta_quantile(alpha, x, n - x + 1);
	if (x < n)
		i.upper = statistics_dist_beta_isf(alpha, x + 1, n - x);
	return i;
}

/* Beta posterior under Jeffreys' prior; closed at 0 and 1 (Brown, Cai, DasGupta 2001) */
static Limits
interval_jeffreys(double x, double n, double confidence)
{
	double		alpha = (1 - confidence) / 2;
	Limits		i = {0, 1};

	if (x > 0)
		i.lower = statistics_dist_beta_quantile(alpha, x + 0.5, n - x + 0.5);
	if (x < n)
		i.upper = statistics_dist_beta_isf(alpha, x + 0.5, n - x + 0.5);
	return i;
}

/* Agresti and Coull 1998, clipped to [0, 1] */
static Limits
interval_agresti_coull(double x, double n, double confidence)
{
	double		z = statistics_interval_z(confidence);
	double		size = n + z * z;
	double		p = (x + z * z / 2) / size;
	double		half = z * sqrt(p * (1 - p) / size);

	return (Limits)
	{
		fmax(0, p - half), fmin(1, p + half)
	};
}

/* Byar's approximation (Breslow and Day 1987); a limit below 0 is 0 */
Limits
statistics_interval_byar(double x, double confidence)
{
	double		z = statistics_interval_z(confidence);
	double		low = x > 0 ? 1 - 1 / (9 * x) - z / (3 * sqrt(x)) : 0;
	double		high = 1 - 1 / (9 * (x + 1)) + z / (3 * sqrt(x + 1));

	low = fmax(low, 0);
	return (Limits)
	{
		x		   *low * low * low,
					(x + 1) * high * high * high
	};
}

/* Garwood 1936, by the gamma distribution (twice it is a chi-square) */
Limits
statistics_interval_poisson_exact(double x, double confidence)
{
	double		alpha = (1 - confidence) / 2;

	return (Limits)
	{
		x > 0 ? statistics_dist_gamma_quantile(alpha, x, 1) : 0, statistics_dist_gamma_isf(alpha, x + 1, 1)
	};
}

/* The rule of Public Health England: exact for few events, else Byar */
Limits
statistics_interval_count(double x, double confidence)
{
	return x < INTERVAL_SMALL_COUNT ? statistics_interval_poisson_exact(x, confidence)
		: statistics_interval_byar(x, confidence);
}

static Datum
interval_row(FunctionCallInfo fcinfo, double lower, double upper)
{
	Datum		values[2];
	bool		nulls[2];

	statistics_set(values, nulls, 0, lower);
	statistics_set(values, nulls, 1, upper);
	return statistics_row(fcinfo, values, nulls);
}

/* Events and trials from arguments argno and argno + 1; false: no trials */
static bool
get_proportion(FunctionCallInfo fcinfo, int argno, double *x, double *n)
{
	*x = statistics_not_negative(PG_GETARG_FLOAT8(argno), "number of events");
	*n = statistics_not_negative(PG_GETARG_FLOAT8(argno + 1), "number of trials");
	if (*x > *n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there are more events than trials"),
				 errdetail("There are %g events in %g trials.", *x, *n),
				 errhint("Use rate_interval() for rates, whose events may exceed the population.")));
	return *n > 0;
}

static Datum
proportion_interval(FunctionCallInfo fcinfo, Limits (*method) (double, double, double))
{
	double		x,
				n;
	double		confidence = statistics_confidence(PG_GETARG_FLOAT8(2));
	Limits		i;

	if (!get_proportion(fcinfo, 0, &x, &n))
		PG_RETURN_NULL();
	i = method(x, n, confidence);
	return interval_row(fcinfo, i.lower, i.upper);
}

PG_FUNCTION_INFO_V1(statistics_wilson_interval);

Datum
statistics_wilson_interval(PG_FUNCTION_ARGS)
{
	return proportion_interval(fcinfo, statistics_interval_wilson);
}

PG_FUNCTION_INFO_V1(statistics_clopper_pearson_interval);

Datum
statistics_clopper_pearson_interval(PG_FUNCTION_ARGS)
{
	return proportion_interval(fcinfo, statistics_interval_clopper_pearson);
}

PG_FUNCTION_INFO_V1(statistics_jeffreys_interval);

Datum
statistics_jeffreys_interval(PG_FUNCTION_ARGS)
{
	return proportion_interval(fcinfo, interval_jeffreys);
}

PG_FUNCTION_INFO_V1(statistics_agresti_coull_interval);

Datum
statistics_agresti_coull_interval(PG_FUNCTION_ARGS)
{
	return proportion_interval(fcinfo, interval_agresti_coull);
}

static Datum
count_interval(FunctionCallInfo fcinfo, Limits (*method) (double, double))
{
	double		x = statistics_not_negative(PG_GETARG_FLOAT8(0), "number of events");
	Limits		i = method(x, statistics_confidence(PG_GETARG_FLOAT8(1)));

	return interval_row(fcinfo, i.lower, i.upper);
}

PG_FUNCTION_INFO_V1(statistics_byar_interval);

Datum
statistics_byar_interval(PG_FUNCTION_ARGS)
{
	return count_interval(fcinfo, statistics_interval_byar);
}

PG_FUNCTION_INFO_V1(statistics_poisson_exact_interval);

Datum
statistics_poisson_exact_interval(PG_FUNCTION_ARGS)
{
	return count_interval(fcinfo, statistics_interval_poisson_exact);
}

PG_FUNCTION_INFO_V1(statistics_count_interval);

Datum
statistics_count_interval(PG_FUNCTION_ARGS)
{
	return count_interval(fcinfo, statistics_interval_count);
}

static Datum
estimate_row(FunctionCallInfo fcinfo, double estimate, double lower, double upper)
{
	Datum		values[3];
	bool		nulls[3];

	statistics_set(values, nulls, 0, estimate);
	statistics_set(values, nulls, 1, lower);
	statistics_set(values, nulls, 2, upper);
	return statistics_row(fcinfo, values, nulls);
}

PG_FUNCTION_INFO_V1(statistics_rate_interval);

Datum
statistics_rate_interval(PG_FUNCTION_ARGS)
{
	double		x = statistics_not_negative(PG_GETARG_FLOAT8(0), "number of events");
	double		n = statistics_not_negative(PG_GETARG_FLOAT8(1), "population");
	double		per = statistics_positive(PG_GETARG_FLOAT8(2), "per");
	Limits		i = statistics_interval_count(x, statistics_confidence(PG_GETARG_FLOAT8(3)));

	if (n == 0)
		PG_RETURN_NULL();
	return estimate_row(fcinfo, x / n * per, i.lower / n * per, i.upper / n * per);
}

/* Newcombe 1998, method 10: the Wilson limits of both, squared and added */
PG_FUNCTION_INFO_V1(statistics_newcombe_difference);

Datum
statistics_newcombe_difference(PG_FUNCTION_ARGS)
{
	double		x1,
				n1,
				x2,
				n2,
				p1,
				p2,
				confidence = statistics_confidence(PG_GETARG_FLOAT8(4));
	bool		some1 = get_proportion(fcinfo, 0, &x1, &n1);
	bool		some2 = get_proportion(fcinfo, 2, &x2, &n2);
	Limits		a,
				b;

	if (!some1 || !some2)
		PG_RETURN_NULL();
	p1 = x1 / n1;
	p2 = x2 / n2;
	a = statistics_interval_wilson(x1, n1, confidence);
	b = statistics_interval_wilson(x2, n2, confidence);
	return estimate_row(fcinfo, p1 - p2,
						p1 - p2 - hypot(p1 - a.lower, b.upper - p2),
						p1 - p2 + hypot(a.upper - p1, p2 - b.lower));
}

/* The arguments of a rate ratio; false: a rate has no population */
static bool
get_rates(FunctionCallInfo fcinfo, double *x1, double *n1, double *x2, double *n2)
{
	*x1 = statistics_not_negative(PG_GETARG_FLOAT8(0), "number of events");
	*n1 = statistics_not_negative(PG_GETARG_FLOAT8(1), "population");
	*x2 = statistics_not_negative(PG_GETARG_FLOAT8(2), "number of events");
	*n2 = statistics_not_negative(PG_GETARG_FLOAT8(3), "population");
	return *n1 > 0 && *n2 > 0;
}

/*
 * Given x1 + x2, x1 is binomial and its odds are the ratio times n1/n2:
 * Clopper-Pearson limits of the odds.  Each end of a limit is computed as a
 * beta quantile of its own, so that odds near 0 and infinity keep their digits.
 */
PG_FUNCTION_INFO_V1(statistics_rate_ratio);

Datum
statistics_rate_ratio(PG_FUNCTION_ARGS)
{
	double		x1,
				n1,
				x2,
				n2,
				confidence = statistics_confidence(PG_GETARG_FLOAT8(4)),
				alpha = (1 - confidence) / 2,
				ratio = NAN,
				lower = 0,
				upper = INFINITY;

	if (!get_rates(fcinfo, &x1, &n1, &x2, &n2))
		PG_RETURN_NULL();
	if (x1 > 0 || x2 > 0)
		ratio = x1 / n1 / (x2 / n2);
	if (x1 > 0)
		lower = statistics_dist_beta_quantile(alpha, x1, x2 + 1) /
			statistics_dist_beta_isf(alpha, x2 + 1, x1) * (n2 / n1);
	if (x2 > 0)
		upper = statistics_dist_beta_isf(alpha, x1 + 1, x2) /
			statistics_dist_beta_quantile(alpha, x2, x1 + 1) * (n2 / n1);
	return estimate_row(fcinfo, ratio, lower, upper);
}

/* The large-sample interval; none when either count is 0 */
PG_FUNCTION_INFO_V1(statistics_rate_ratio_lognormal);

Datum
statistics_rate_ratio_lognormal(PG_FUNCTION_ARGS)
{
	double		x1,
				n1,
				x2,
				n2,
				confidence = statistics_confidence(PG_GETARG_FLOAT8(4)),
				ratio,
				factor;

	if (!get_rates(fcinfo, &x1, &n1, &x2, &n2) || (x1 == 0 && x2 == 0))
		PG_RETURN_NULL();
	ratio = x1 / n1 / (x2 / n2);
	if (x1 == 0 || x2 == 0)
		return estimate_row(fcinfo, ratio, NAN, NAN);
	factor = exp(statistics_interval_z(confidence) * sqrt(1 / x1 + 1 / x2));
	return estimate_row(fcinfo, ratio, ratio / factor, ratio * factor);
}

/* P(X <= o), P(X >= o) and the two-sided mid-p of an observed count */
PG_FUNCTION_INFO_V1(statistics_poisson_test);

Datum
statistics_poisson_test(PG_FUNCTION_ARGS)
{
	double		o = statistics_not_negative(PG_GETARG_FLOAT8(0), "number of events");
	double		e = statistics_not_negative(PG_GETARG_FLOAT8(1), "expected number");
	double		low = statistics_dist_poisson_cdf(o, e);
	double		high = statistics_dist_poisson_sf(ceil(o) - 1, e);
	double		half = statistics_dist_poisson_pmf(o, e) / 2;
	Datum		values[4];
	bool		nulls[4];

	statistics_set(values, nulls, 0, low);
	statistics_set(values, nulls, 1, high);
	statistics_set(values, nulls, 2, fmin(1, 2 * fmin(low, high)));
	statistics_set(values, nulls, 3,
				   fmin(1, 2 * fmin(statistics_dist_poisson_cdf(o - 1, e) + half,
									statistics_dist_poisson_sf(o, e) + half)));
	return statistics_row(fcinfo, values, nulls);
}
