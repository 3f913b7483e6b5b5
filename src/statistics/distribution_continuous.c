/*-------------------------------------------------------------------------
 *
 * distribution_continuous.c
 *	  Normal, Student, gamma, chi-square and beta distributions.
 *
 * src/statistics/distribution_continuous.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <float.h>
#include <math.h>

#include "statistics/distribution.h"

#define MAX_STEPS 200			/* Newton needs about 6, bisection at most
								 * this */
#define LAST_STEP 1e-10			/* what is left after it is its square */
#define LOG_RANGE 700.0			/* exp() of more is not a normal number */

/* A probability and the tail it is measured in, the smaller one. */
typedef struct Target
{
	double		tail;
	bool		upper;
} Target;

static inline bool
is_probability(double p)
{
	return p >= 0 && p <= 1;
}

static inline Target
smaller_tail(double p, bool upper)
{
	Target		t = {p, upper};

	if (p > 0.5)
	{
		t.tail = 1 - p;
		t.upper = !upper;
	}
	return t;
}

/* Normal */

double
statistics_dist_normal_cdf(double z)
{
	return 0.5 * erfc(-z * M_SQRT1_2);
}

double
statistics_dist_normal_sf(double z)
{
	return 0.5 * erfc(z * M_SQRT1_2);
}

static double
polynomial(const double *c, int n, double x)
{
	double		sum = c[n - 1];

	for (int i = n - 2; i >= 0; i--)
		sum = sum * x + c[i];
	return sum;
}

/*
 * The rational approximations of Wichura (1988), algorithm AS 241 PPND16,
 * relative error about 1e-16.  The argument is the lower tail.
 */
double
statistics_dist_normal_quantile(double p)
{
	static const double a[8] = {3.3871328727963666080e0, 1.3314166789178437745e2,
		1.9715909503065514427e3, 1.3731693765509461125e4, 4.5921953931549871457e4,
	6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3};
	static const double b[8] = {1.0, 4.2313330701600911252e1,
		6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
	3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3};
	static const double c[8] = {1.42343711074968357734e0, 4.63033784615654529590e0,
		5.76949722146069140550e0, 3.64784832476320460504e0, 1.27045825245236838258e0,
	2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
	static const double d[8] = {1.0, 2.05319162663775882187e0,
		1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
	1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9};
	static const double e[8] = {6.65790464350110377720e0, 5.46378491116411436990e0,
		1.78482653991729133580e0, 2.96560571828504891230e-1, 2.65321895265761230930e-2,
	1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
	static const double f[8] = {1.0, 5.99832206555887937690e-1,
		1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
	1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15};
	double		q = p - 0.5;
	double		r;
	double		z;

	if (!is_probability(p))
		return NAN;
	if (p == 0 || p == 1)
		return p == 0 ? -INFINITY : INFINITY;
	if (fabs(q) <= 0.425)
	{
		r = 0.180625 - q * q;
		return q * polynomial(a, 8, r) / polynomial(b, 8, r);
	}
	r = sqrt(-log(q < 0 ? p : 1 - p));
	if (r <= 5)
		z = polynomial(c, 8, r - 1.6) / polynomial(d, 8, r - 1.6);
	else
		z = polynomial(e, 8, r - 5) / polynomial(f, 8, r - 5);
	return q < 0 ? -z : z;
}

double
statistics_dist_normal_isf(double q)
{
	return 0 - statistics_dist_normal_quantile(q);	/* never a negative 0 */
}

/* Gamma, with unit scale inside */

double
statistics_dist_gamma_cdf(double x, double shape, double scale)
{
	double		lower,
				upper;

	if (!(scale > 0))
		return NAN;
	statistics_dist_gamma_tails(shape, x / scale, &lower, &upper);
	return lower;
}

double
statistics_dist_gamma_sf(double x, double shape, double scale)
{
	double		lower,
				upper;

	if (!(scale > 0))
		return NAN;
	statistics_dist_gamma_tails(shape, x / scale, &lower, &upper);
	return upper;
}

/* A first guess: Wilson and Hilferty's cube, or the leading term near 0 */
static double
gamma_guess(double shape, Target t)
{
	double		z = statistics_dist_normal_quantile(t.tail);
	double		cube = 1 - 1 / (9 * shape) + (t.upper ? -z : z) / (3 * sqrt(shape));

	if (cube > 0.2)
		return shape * cube * cube * cube;
	return exp((log(t.upper ? 1 - t.tail : t.tail) + lgamma(shape + 1)) / shape);
}

/*
 * Newton's method for log(tail) as a function of log(x), on which a tail is
 * close to a straight line; a step that leaves the bracket bisects it.
 */
static double
gamma_solve(double shape, Target t)
{
	double		lo = -LOG_RANGE,
				hi = LOG_RANGE,
				u = log(gamma_guess(shape, t));

	if (t.tail == 0)
		return t.upper ? INFINITY : 0;
	if (!(u > lo && u < hi))
		u = (u <= lo) ? lo : 0;
	for (int i = 0; i < MAX_STEPS; i++)
	{
		double		x = exp(u);
		double		lower,
					upper,
					tail,
					density,
					step;

		statistics_dist_gamma_tails(shape, x, &lower, &upper);
		tail = t.upper ? upper : lower;
		if ((tail > t.tail) == t.upper)
			lo = u;
		else
			hi = u;
		density = statistics_dist_gamma_kernel(shape, x) * shape;
		step = log(tail / t.tail) * tail / density;
		if (!t.upper)
			step = -step;
		/* x (1 + step) keeps the digits that exp(u + step) would round off */
		if (fabs(step) < LAST_STEP)
			return x + x * step;
		if (!(u + step > lo && u + step < hi))
			step = (lo + hi) / 2 - u;
		u += step;
		if (hi - lo < DBL_EPSILON)
			break;
	}
	return exp(u);
}

static double
gamma_inverse(double p, bool upper, double shape, double scale)
{
	if (!is_probability(p) || !(shape > 0) || !(scale > 0) || isinf(shape))
		return NAN;
	return scale * gamma_solve(shape, smaller_tail(p, upper));
}

double
statistics_dist_gamma_quantile(double p, double shape, double scale)
{
	return gamma_inverse(p, false, shape, scale);
}

double
statistics_dist_gamma_isf(double q, double shape, double scale)
{
	return gamma_inverse(q, true, shape, scale);
}

/* Chi-square */

double
statistics_dist_chisq_cdf(double x, double df)
{
	return statistics_dist_gamma_cdf(x, df / 2, 2);
}

double
statistics_dist_chisq_sf(double x, double df)
{
	return statistics_dist_gamma_sf(x, df / 2, 2);
}

double
statistics_dist_chisq_quantile(double p, double df)
{
	return statistics_dist_gamma_quantile(p, df / 2, 2);
}

double
statistics_dist_chisq_isf(double q, double df)
{
	return statistics_dist_gamma_isf(q, df / 2, 2);
}

/* Beta */

double
statistics_dist_beta_cdf(double x, double a, double b)
{
	double		lower,
				upper;

	statistics_dist_beta_tails(a, b, x, 1 - x, &lower, &upper);
	return lower;
}

double
statistics_dist_beta_sf(double x, double a, double b)
{
	double		lower,
				upper;

	statistics_dist_beta_tails(a, b, x, 1 - x, &lower, &upper);
	return upper;
}

/* A first guess of log(x / (1-x)): normal on the logit scale, or leading term */
static double
beta_guess(double a, double b, Target t)
{
	if (Min(a, b) >= 1)
	{
		double		z = statistics_dist_normal_quantile(t.tail);

		return log(a / b) + (t.upper ? -z : z) * sqrt(1 / a + 1 / b);
	}
	if (t.upper)
		return -(log(t.tail * b) + lgamma(a) + lgamma(b) - lgamma(a + b)) / b;
	return (log(t.tail * a) + lgamma(a) + lgamma(b) - lgamma(a + b)) / a;
}

/*
 * As gamma_solve, in the logit of x, whose density is the beta kernel.  Gives
 * both x and 1 - x, for the sake of the end that would round.
 */
static void
beta_solve(double a, double b, Target t, double *x, double *y)
{
	double		lo = -LOG_RANGE,
				hi = LOG_RANGE,
				u = beta_guess(a, b, t);

	if (t.tail == 0)
	{
		*x = t.upper ? 1 : 0;
		*y = 1 - *x;
		return;
	}
	u = fmax(lo + 1, fmin(hi - 1, u));
	for (int i = 0; i < MAX_STEPS; i++)
	{
		double		lower,
					upper,
					tail,
					step;

		*x = 1 / (1 + exp(-u));
		*y = 1 / (1 + exp(u));
		statistics_dist_beta_tails(a, b, *x, *y, &lower, &upper);
		tail = t.upper ? upper : lower;
		if ((tail > t.tail) == t.upper)
			lo = u;
		else
			hi = u;
		step = log(tail / t.tail) * tail / statistics_dist_beta_kernel(a, b, *x, *y);
		if (!t.upper)
			step = -step;
		if (fabs(step) < LAST_STEP)
		{
			double		change = *x * *y * step;

			*x += change;
			*y -= change;
			return;
		}
		if (!(u + step > lo && u + step < hi))
			step = (lo + hi) / 2 - u;
		u += step;
		if (hi - lo < DBL_EPSILON)
			return;
	}
}

static double
beta_inverse(double p, bool upper, double a, double b)
{
	double		x,
				y;

	if (!is_probability(p) || !(a > 0) || !(b > 0) || isinf(a) || isinf(b))
		return NAN;
	beta_solve(a, b, smaller_tail(p, upper), &x, &y);
	return x;
}

double
statistics_dist_beta_quantile(double p, double a, double b)
{
	return beta_inverse(p, false, a, b);
}

double
statistics_dist_beta_isf(double q, double a, double b)
{
	return beta_inverse(q, true, a, b);
}

/* Student: P(T > t) = I(df/2, 1/2) at df / (df + t^2), halved */

double
statistics_dist_t_sf(double t, double df)
{
	double		lower,
				upper,
				ratio = t / df * t;

	if (!(df > 0))
		return NAN;
	if (isinf(df) || isinf(t))
		return statistics_dist_normal_sf(t);
	if (isinf(ratio))
		ratio = DBL_MAX;
	statistics_dist_beta_tails(df / 2, 0.5, 1 / (1 + ratio), ratio / (1 + ratio), &lower, &upper);
	return t < 0 ? 0.5 + 0.5 * upper : 0.5 * lower;
}

double
statistics_dist_t_cdf(double t, double df)
{
	return statistics_dist_t_sf(-t, df);
}

double
statistics_dist_t_isf(double q, double df)
{
	Target		t = {2 * q, false};
	double		x,
				y,
				abs_t;

	if (!is_probability(q) || !(df > 0))
		return NAN;
	if (isinf(df))
		return statistics_dist_normal_isf(q);
	if (q == 0.5)
		return 0;
	if (q > 0.5)
		t.tail = 2 * (1 - q);
	if (t.tail > 0.5)
	{
		t.tail = fabs(1 - 2 * q);
		t.upper = true;
	}
	beta_solve(df / 2, 0.5, t, &x, &y);
	abs_t = sqrt(df) * sqrt(y / x);
	return q > 0.5 ? -abs_t : abs_t;
}

double
statistics_dist_t_quantile(double p, double df)
{
	return 0 - statistics_dist_t_isf(p, df);
}
