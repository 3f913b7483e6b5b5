/*-------------------------------------------------------------------------
 *
 * distribution_discrete.c
 *	  Poisson, binomial and negative binomial distributions.
 *
 * src/statistics/distribution_discrete.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <float.h>
#include <math.h>

#include "statistics/distribution.h"

#define MAX_COUNT 9007199254740992.0	/* 2^53: counts above are not exact */
#define SLACK (64 * DBL_EPSILON)	/* a tail within this of p reaches it */

/*
 * A short walk from 0 beats a search when it ends soon, has not underflowed
 * and the wanted tail is large beside the walk's rounding.
 */
#define WALK_REACH 60.0			/* mean + 6 sd */
#define WALK_MIN_TAIL 1e-9

typedef enum Family
{
	POISSON, BINOMIAL, NEGBIN
} Family;

/* One distribution of counts; "other" is the number of trials or the size. */
typedef struct Counts
{
	Family		family;
	double		mean;
	double		other;
	double		prob;			/* binomial only */
} Counts;

/* Both tails at a whole k */
static void
counts_tails(const Counts *c, double k, double *cdf, double *sf)
{
	if (k < 0)
		*cdf = 0, *sf = 1;
	else if (c->mean == 0 || isinf(k) || (c->family == BINOMIAL && k >= c->other))
		*cdf = 1, *sf = 0;
	else if (c->family == POISSON)
		statistics_dist_gamma_tails(k + 1, c->mean, sf, cdf);
	else if (c->family == BINOMIAL)
		statistics_dist_beta_tails(k + 1, c->other - k, c->prob, 1 - c->prob, sf, cdf);
	else
		statistics_dist_beta_tails(k + 1, c->other, c->mean / (c->mean + c->other),
								   c->other / (c->mean + c->other), sf, cdf);
}

/* The tail a quantile is to leave, and how near it counts as reached */
typedef struct Wanted
{
	double		tail;
	double		slack;
	bool		upper;
} Wanted;

/* Has the cdf come up to the wanted tail (or the sf down to it) at k? */
static bool
counts_reached(const Counts *c, double k, const Wanted *w)
{
	double		cdf,
				sf;

	counts_tails(c, k, &cdf, &sf);
	return w->upper ? sf <= w->tail + w->slack : cdf >= w->tail - w->slack;
}

static double
counts_variance(const Counts *c)
{
	if (c->family == BINOMIAL)
		return c->mean * (1 - c->prob);
	if (c->family == NEGBIN)
		return c->mean + c->mean * (c->mean / c->other);
	return c->mean;
}

static double
counts_skewness(const Counts *c, double sd)
{
	if (c->family == BINOMIAL)
		return (1 - 2 * c->prob) / sd;
	/* 1/sd for the Poisson, (2 variance/mean - 1)/sd for the other */
	return (2 * sd / c->mean * sd - 1) / sd;
}

/*
 * Sum the probabilities from 0 upwards until they reach p.  Returns -1 when
 * p falls so near a step that rounding could decide: the search then does.
 */
static double
counts_walk(const Counts *c, double p)
{
	double		pmf = c->family == POISSON ? exp(-c->mean)
	: exp(-c->other * log1p(c->mean / c->other));
	double		ratio = c->family == POISSON ? c->mean : c->mean / (c->mean + c->other);
	double		cdf = pmf;

	for (double k = 0; k < 2 * WALK_REACH; k++)
	{
		if (fabs(cdf - p) < 1e-13)
			return -1;
		if (cdf > p)
			return k;
		pmf *= (c->family == POISSON ? 1 : c->other + k) / (k + 1) * ratio;
		cdf += pmf;
	}
	return -1;
}

/* Bracket by doubling steps from a Cornish-Fisher guess, then bisect. */
static double
counts_search(const Counts *c, const Wanted *w)
{
	double		top = c->family == BINOMIAL ? c->other : MAX_COUNT;
	double		sd = sqrt(counts_variance(c));
	double		z = w->upper ? statistics_dist_normal_isf(w->tail) : statistics_dist_normal_quantile(w->tail);
	double		skew = counts_skewness(c, sd);
	double		guess = floor(c->mean + sd * (z + skew * (z * z - 1) / 6));
	double		lo,
				hi,
				step = 1;

	if (!(guess > 0))
		guess = 0;
	hi = fmin(guess, top);
	if (counts_reached(c, hi, w))
	{
		for (lo = hi - step; lo >= 0 && counts_reached(c, lo, w); lo = hi - step)
		{
			hi = lo;
			step *= 2;
		}
		lo = fmax(lo, -1);
	}
	else
	{
		do
		{
			if (hi >= top)
				return c->family == BINOMIAL ? top : INFINITY;
			lo = hi;
			hi = fmin(lo + step, top);
			step *= 2;
		} while (!counts_reached(c, hi, w));
	}
	while (hi - lo > 1)
	{
		double		middle = floor(lo + (hi - lo) / 2);

		if (middle <= lo || middle >= hi)
			break;				/* beyond 2^53 not every count is a double */
		if (counts_reached(c, middle, w))
			hi = middle;
		else
			lo = middle;
	}
	return hi;
}

static double
counts_inverse(const Counts *c, double p, bool upper)
{
	double		lower = upper ? 1 - p : p;
	Wanted		w = {p, SLACK * p, upper};

	if (!(p >= 0 && p <= 1))
		return NAN;
	if (lower == 0 || c->mean == 0)
		return 0;
	if (p == (upper ? 0 : 1))
		return c->family == BINOMIAL ? c->other : INFINITY;
	if (c->family != BINOMIAL && c->mean + 6 * sqrt(counts_variance(c)) < WALK_REACH &&
		p > WALK_MIN_TAIL && lower < 1 - WALK_MIN_TAIL)
	{
		double		k = counts_walk(c, lower);

		if (k >= 0)
			return k;
	}
	if (p > 0.5)
	{
		/* seek in the smaller tail; 1 - p has the rounding of p */
		w.tail = 1 - p;
		w.slack = SLACK * w.tail + DBL_EPSILON;
		w.upper = !upper;
	}
	return counts_search(c, &w);
}

static double
counts_cdf(const Counts *c, double k)
{
	double		cdf,
				sf;

	if (isnan(k))
		return NAN;
	counts_tails(c, floor(k), &cdf, &sf);
	return cdf;
}

static double
counts_sf(const Counts *c, double k)
{
	double		cdf,
				sf;

	if (isnan(k))
		return NAN;
	counts_tails(c, floor(k), &cdf, &sf);
	return sf;
}

static inline bool
is_count(double k)
{
	return k >= 0 && floor(k) == k && !isinf(k);
}

/* Poisson */

static inline bool
poisson_init(Counts *c, double mean)
{
	*c = (Counts)
	{
		.family = POISSON,.mean = mean
	};
	return mean >= 0 && !isinf(mean);
}

double
statistics_dist_poisson_pmf(double k, double mean)
{
	if (!(mean >= 0) || isinf(mean) || isnan(k))
		return NAN;
	return is_count(k) ? statistics_dist_gamma_kernel(k, mean) : 0;
}

double
statistics_dist_poisson_cdf(double k, double mean)
{
	Counts		c;

	return poisson_init(&c, mean) ? counts_cdf(&c, k) : NAN;
}

double
statistics_dist_poisson_sf(double k, double mean)
{
	Counts		c;

	return poisson_init(&c, mean) ? counts_sf(&c, k) : NAN;
}

double
statistics_dist_poisson_quantile(double p, double mean)
{
	Counts		c;

	return poisson_init(&c, mean) ? counts_inverse(&c, p, false) : NAN;
}

double
statistics_dist_poisson_isf(double q, double mean)
{
	Counts		c;

	return poisson_init(&c, mean) ? counts_inverse(&c, q, true) : NAN;
}

/* Binomial */

static inline bool
binomial_init(Counts *c, double n, double prob)
{
	*c = (Counts)
	{
		.family = BINOMIAL,.mean = n * prob,.other = n,.prob = prob
	};
	return is_count(n) && prob >= 0 && prob <= 1;
}

double
statistics_dist_binomial_pmf(double k, double n, double prob)
{
	Counts		c;

	if (!binomial_init(&c, n, prob) || isnan(k))
		return NAN;
	if (!is_count(k) || k > n)
		return 0;
	if (k == 0)
		return exp(n * log1p(-prob));
	if (k == n)
		return pow(prob, n);
	/* the kernel is k (n-k) / n times the probability */
	return statistics_dist_beta_kernel(k, n - k, prob, 1 - prob) * (n / k / (n - k));
}

double
statistics_dist_binomial_cdf(double k, double n, double prob)
{
	Counts		c;

	return binomial_init(&c, n, prob) ? counts_cdf(&c, k) : NAN;
}

double
statistics_dist_binomial_sf(double k, double n, double prob)
{
	Counts		c;

	return binomial_init(&c, n, prob) ? counts_sf(&c, k) : NAN;
}

double
statistics_dist_binomial_quantile(double p, double n, double prob)
{
	Counts		c;

	return binomial_init(&c, n, prob) ? counts_inverse(&c, p, false) : NAN;
}

double
statistics_dist_binomial_isf(double q, double n, double prob)
{
	Counts		c;

	return binomial_init(&c, n, prob) ? counts_inverse(&c, q, true) : NAN;
}

/* Negative binomial */

static inline bool
negbin_init(Counts *c, double mean, double size)
{
	*c = (Counts)
	{
		.family = isinf(size) ? POISSON : NEGBIN,.mean = mean,.other = size
	};
	return mean >= 0 && !isinf(mean) && size > 0;
}

double
statistics_dist_negbin_size(double mean, double dispersion)
{
	return dispersion > 1 ? mean / (dispersion - 1) : INFINITY;
}

double
statistics_dist_negbin_pmf(double k, double mean, double size)
{
	Counts		c;
	double		total = mean + size;

	if (!negbin_init(&c, mean, size) || isnan(k))
		return NAN;
	if (!is_count(k))
		return 0;
	if (mean == 0)
		return k == 0;
	if (c.family == POISSON)
		return statistics_dist_gamma_kernel(k, mean);
	if (k == 0)
		return exp(-size * log1p(mean / size));
	return statistics_dist_beta_kernel(size, k, size / total, mean / total) / k;
}

double
statistics_dist_negbin_cdf(double k, double mean, double size)
{
	Counts		c;

	return negbin_init(&c, mean, size) ? counts_cdf(&c, k) : NAN;
}

double
statistics_dist_negbin_sf(double k, double mean, double size)
{
	Counts		c;

	return negbin_init(&c, mean, size) ? counts_sf(&c, k) : NAN;
}

double
statistics_dist_negbin_quantile(double p, double mean, double size)
{
	Counts		c;

	return negbin_init(&c, mean, size) ? counts_inverse(&c, p, false) : NAN;
}

double
statistics_dist_negbin_isf(double q, double mean, double size)
{
	Counts		c;

	return negbin_init(&c, mean, size) ? counts_inverse(&c, q, true) : NAN;
}
