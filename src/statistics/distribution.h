/*-------------------------------------------------------------------------
 *
 * distribution.h
 *	  Probability distributions in plain C.
 *
 * Each family has
 *	  ..._cdf(x, ...)			P(X <= x)
 *	  ..._sf(x, ...)			P(X > x), accurate where the cdf rounds to 1
 *	  ..._quantile(p, ...)		smallest x with cdf >= p
 *	  ..._isf(q, ...)			the upper quantile: smallest x with sf <= q, for
 *								tails too small for quantile(1 - q)
 * All are pure: they neither raise nor allocate.  An argument outside its
 * domain (or NaN) gives NaN; callers check arguments and raise.  Relative
 * error is below 1e-12 while the result is a normal number and the
 * parameters are below 1e6; above, it grows with the conditioning of the
 * function itself (a last-digit change of x moves the result as much).
 *
 * src/statistics/distribution.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_STATISTICS_DISTRIBUTION_H
#define CIVIC_STATISTICS_DISTRIBUTION_H

/* Kernels */
extern double statistics_dist_log1p_minus(double x);	/* log(1 + x) - x */
extern double statistics_dist_gamma_kernel(double a, double x); /* x^a e^-x / Gamma(a+1) */
extern double statistics_dist_beta_kernel(double a, double b, double x, double y);	/* x^a y^b / B(a,b) */

/*
 * Regularised incomplete gamma P, Q and incomplete beta I_x(a,b); *lower and
 * *upper are each computed, not 1 minus the other, where that matters.  For
 * the beta the caller gives y = 1 - x as accurately as it knows it.
 */
extern void statistics_dist_gamma_tails(double a, double x, double *lower, double *upper);
extern void statistics_dist_beta_tails(double a, double b, double x, double y,
									   double *lower, double *upper);

/* Standard normal */
extern double statistics_dist_normal_cdf(double z);
extern double statistics_dist_normal_sf(double z);
extern double statistics_dist_normal_quantile(double p);
extern double statistics_dist_normal_isf(double q);

/* Student's t with df > 0 degrees of freedom */
extern double statistics_dist_t_cdf(double t, double df);
extern double statistics_dist_t_sf(double t, double df);
extern double statistics_dist_t_quantile(double p, double df);
extern double statistics_dist_t_isf(double q, double df);

/* Gamma with shape > 0 and scale > 0 (mean = shape * scale) */
extern double statistics_dist_gamma_cdf(double x, double shape, double scale);
extern double statistics_dist_gamma_sf(double x, double shape, double scale);
extern double statistics_dist_gamma_quantile(double p, double shape, double scale);
extern double statistics_dist_gamma_isf(double q, double shape, double scale);

/* Chi-square with df > 0 degrees of freedom */
extern double statistics_dist_chisq_cdf(double x, double df);
extern double statistics_dist_chisq_sf(double x, double df);
extern double statistics_dist_chisq_quantile(double p, double df);
extern double statistics_dist_chisq_isf(double q, double df);

/* Beta on [0, 1] with a > 0, b > 0 */
extern double statistics_dist_beta_cdf(double x, double a, double b);
extern double statistics_dist_beta_sf(double x, double a, double b);
extern double statistics_dist_beta_quantile(double p, double a, double b);
extern double statistics_dist_beta_isf(double q, double a, double b);

/*
 * Counts.  k is a count in a double (any value; the floor is taken), so that
 * every integer up to 2^53 fits.  Quantiles are whole numbers; cdf(k) is
 * compared with p with a slack of a few ulp, so quantile(cdf(k)) = k.
 */
extern double statistics_dist_poisson_pmf(double k, double mean);
extern double statistics_dist_poisson_cdf(double k, double mean);
extern double statistics_dist_poisson_sf(double k, double mean);
extern double statistics_dist_poisson_quantile(double p, double mean);
extern double statistics_dist_poisson_isf(double q, double mean);

/* n trials (whole, >= 0) with probability prob */
extern double statistics_dist_binomial_pmf(double k, double n, double prob);
extern double statistics_dist_binomial_cdf(double k, double n, double prob);
extern double statistics_dist_binomial_sf(double k, double n, double prob);
extern double statistics_dist_binomial_quantile(double p, double n, double prob);
extern double statistics_dist_binomial_isf(double q, double n, double prob);

/*
 * Negative binomial by mean >= 0 and size > 0: variance = mean + mean^2/size.
 * size = infinity is the Poisson.
 */
extern double statistics_dist_negbin_pmf(double k, double mean, double size);
extern double statistics_dist_negbin_cdf(double k, double mean, double size);
extern double statistics_dist_negbin_sf(double k, double mean, double size);
extern double statistics_dist_negbin_quantile(double p, double mean, double size);
extern double statistics_dist_negbin_isf(double q, double mean, double size);

/*
 * The size that gives variance = dispersion * mean; infinity (Poisson) when
 * dispersion <= 1.  This is the quasi-Poisson form of Farrington's bound.
 */
extern double statistics_dist_negbin_size(double mean, double dispersion);

#endif							/* CIVIC_STATISTICS_DISTRIBUTION_H */
