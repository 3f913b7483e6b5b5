/*-------------------------------------------------------------------------
 *
 * distribution_sql.c
 *	  The distributions as SQL functions: arguments checked, then passed on.
 *
 * src/statistics/distribution_sql.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "statistics/distribution.h"
#include "statistics/statistics.h"

static double
not_nan(double x)
{
	if (isnan(x))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a distribution has no value at NaN")));
	return x;
}

static double
trials(double n)
{
	statistics_not_negative(n, "number of trials");
	if (floor(n) != n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("number of trials must be whole"),
				 errdetail("It is %g.", n)));
	return n;
}

/* df and size may be infinite: the limits are the normal and the Poisson */
static double
positive_or_infinite(double value, const char *name)
{
	return isinf(value) && value > 0 ? value : statistics_positive(value, name);
}

#define POINT not_nan(PG_GETARG_FLOAT8(0))
#define PROBABILITY statistics_probability(PG_GETARG_FLOAT8(0), "probability")
#define ARG(check, n, name) check(PG_GETARG_FLOAT8(n), name)

/* One SQL function: its C name, the distribution's function, the arguments. */
#define DISTRIBUTION(sql, function, ...) \
PG_FUNCTION_INFO_V1(sql); \
Datum \
sql(PG_FUNCTION_ARGS) \
{ \
	PG_RETURN_FLOAT8(function(__VA_ARGS__)); \
}

DISTRIBUTION(statistics_normal_cdf, statistics_dist_normal_cdf, POINT)
DISTRIBUTION(statistics_normal_survival, statistics_dist_normal_sf, POINT)
DISTRIBUTION(statistics_normal_quantile, statistics_dist_normal_quantile, PROBABILITY)

#define T_PARAMETERS ARG(positive_or_infinite, 1, "degrees of freedom")
DISTRIBUTION(statistics_t_cdf, statistics_dist_t_cdf, POINT, T_PARAMETERS)
DISTRIBUTION(statistics_t_survival, statistics_dist_t_sf, POINT, T_PARAMETERS)
DISTRIBUTION(statistics_t_quantile, statistics_dist_t_quantile, PROBABILITY, T_PARAMETERS)

#define CHISQ_PARAMETERS ARG(statistics_positive, 1, "degrees of freedom")
DISTRIBUTION(statistics_chisq_cdf, statistics_dist_chisq_cdf, POINT, CHISQ_PARAMETERS)
DISTRIBUTION(statistics_chisq_survival, statistics_dist_chisq_sf, POINT, CHISQ_PARAMETERS)
DISTRIBUTION(statistics_chisq_quantile, statistics_dist_chisq_quantile, PROBABILITY, CHISQ_PARAMETERS)

#define GAMMA_PARAMETERS \
	ARG(statistics_positive, 1, "shape"), ARG(statistics_positive, 2, "scale")
DISTRIBUTION(statistics_gamma_cdf, statistics_dist_gamma_cdf, POINT, GAMMA_PARAMETERS)
DISTRIBUTION(statistics_gamma_survival, statistics_dist_gamma_sf, POINT, GAMMA_PARAMETERS)
DISTRIBUTION(statistics_gamma_quantile, statistics_dist_gamma_quantile, PROBABILITY, GAMMA_PARAMETERS)

#define BETA_PARAMETERS \
	ARG(statistics_positive, 1, "a"), ARG(statistics_positive, 2, "b")
DISTRIBUTION(statistics_beta_cdf, statistics_dist_beta_cdf, POINT, BETA_PARAMETERS)
DISTRIBUTION(statistics_beta_survival, statistics_dist_beta_sf, POINT, BETA_PARAMETERS)
DISTRIBUTION(statistics_beta_quantile, statistics_dist_beta_quantile, PROBABILITY, BETA_PARAMETERS)

#define POISSON_PARAMETERS ARG(statistics_not_negative, 1, "mean")
DISTRIBUTION(statistics_poisson_pmf, statistics_dist_poisson_pmf, POINT, POISSON_PARAMETERS)
DISTRIBUTION(statistics_poisson_cdf, statistics_dist_poisson_cdf, POINT, POISSON_PARAMETERS)
DISTRIBUTION(statistics_poisson_survival, statistics_dist_poisson_sf, POINT, POISSON_PARAMETERS)
DISTRIBUTION(statistics_poisson_quantile, statistics_dist_poisson_quantile, PROBABILITY, POISSON_PARAMETERS)

#define BINOMIAL_PARAMETERS \
	trials(PG_GETARG_FLOAT8(1)), ARG(statistics_probability, 2, "probability of an event")
DISTRIBUTION(statistics_binomial_pmf, statistics_dist_binomial_pmf, POINT, BINOMIAL_PARAMETERS)
DISTRIBUTION(statistics_binomial_cdf, statistics_dist_binomial_cdf, POINT, BINOMIAL_PARAMETERS)
DISTRIBUTION(statistics_binomial_survival, statistics_dist_binomial_sf, POINT, BINOMIAL_PARAMETERS)
DISTRIBUTION(statistics_binomial_quantile, statistics_dist_binomial_quantile, PROBABILITY, BINOMIAL_PARAMETERS)

#define NEGBIN_PARAMETERS \
	ARG(statistics_not_negative, 1, "mean"), ARG(positive_or_infinite, 2, "size")
DISTRIBUTION(statistics_negbin_pmf, statistics_dist_negbin_pmf, POINT, NEGBIN_PARAMETERS)
DISTRIBUTION(statistics_negbin_cdf, statistics_dist_negbin_cdf, POINT, NEGBIN_PARAMETERS)
DISTRIBUTION(statistics_negbin_survival, statistics_dist_negbin_sf, POINT, NEGBIN_PARAMETERS)
DISTRIBUTION(statistics_negbin_quantile, statistics_dist_negbin_quantile, PROBABILITY, NEGBIN_PARAMETERS)

PG_FUNCTION_INFO_V1(statistics_negbin_size);

Datum
statistics_negbin_size(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(statistics_dist_negbin_size(ARG(statistics_positive, 0, "mean"),
												 ARG(statistics_positive, 1, "dispersion")));
}
