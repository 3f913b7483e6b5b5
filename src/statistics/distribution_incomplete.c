/*-------------------------------------------------------------------------
 *
 * distribution_incomplete.c
 *	  Incomplete gamma and beta functions, on which every distribution rests.
 *
 * The prefactors are computed as saddle-point deviances (Loader 2000, "Fast
 * and Accurate Computation of Binomial Probabilities"), which keeps their
 * relative error near machine precision where exp(lgamma ...) would lose
 * log10(a) digits.  Series and continued fractions (DLMF 8.7.1, 8.9.2, 8.17)
 * serve moderate parameters; they need about sqrt(parameter) terms, so above
 * LARGE_PARAMETER the tail is integrated by a 32-point Gauss-Legendre rule
 * instead, relative to the density at its edge.
 *
 * src/statistics/distribution_incomplete.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <float.h>
#include <math.h>

#include "statistics/distribution.h"

#define LARGE_PARAMETER 3000.0
#define SERIES_SHAPE 100.0		/* below it the far end of the tail is not
								 * smooth enough to integrate */
#define MAX_TERMS 100000		/* never reached; keeps a bad case finite */
#define LN_SQRT_2PI 0.918938533204672741780329736406
#define NEGLIGIBLE 40.0			/* exp(-40) is below double precision */

/* The log of a density relative to its value at the edge of a tail. */
typedef struct TailShape
{
	double		edge_x;			/* the edge, and the distance ... */
	double		edge_y;			/* ... to the other end; 0 for the gamma */
	double		power_x;		/* exponents of x and y in the density */
	double		power_y;
	double		slope;			/* d log density / dt at the edge */
} TailShape;

/*
 * log(1 + x) - x without cancellation.  With r = x/(2+x),
 * log(1+x) = 2 atanh(r), and 2r - x = -x r.
 */
double
statistics_dist_log1p_minus(double x)
{
	double		r,
				r2,
				power,
				sum;

	if (x < -0.4 || x > 0.7)
		return log1p(x) - x;
	r = x / (2 + x);
	r2 = r * r;
	power = r2;
	sum = 0;
	for (int k = 3;; k += 2)
	{
		double		term = power / k;

		sum += term;
		if (!(term > sum * (DBL_EPSILON / 4)))
			break;				/* also for NaN */
		power *= r2;
	}
	return r * (2 * sum - x);
}

/* log Gamma(n+1) minus Stirling's formula for it */
static double
stirling_error(double n)
{
	double		n2;

	if (n < 15)
		return lgamma(n + 1) - (n + 0.5) * log(n) + n - LN_SQRT_2PI;
	n2 = n * n;
	return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - (1.0 / 1188 -
																 691.0 / 360360 / n2)
												   / n2) / n2) / n2) / n2) / n;
}

/* x log(x/mean) + mean - x: half the Poisson deviance, for x > 0 */
static double
half_deviance(double x, double mean)
{
	double		u = (mean - x) / x;

	if (isinf(u))
		return mean;
	if (u < -0.9)
		return x * log(x / mean) + mean - x;	/* u has lost mean's digits */
	return -x * statistics_dist_log1p_minus(u);
}

/* x^a e^-x / Gamma(a+1), for a >= 0 */
double
statistics_dist_gamma_kernel(double a, double x)
{
	if (a == 0)
		return exp(-x);
	if (x == 0 || isinf(x))
		return 0;
	return exp(-stirling_error(a) - half_deviance(a, x)) / sqrt(2 * M_PI * a);
}

/* x^a y^b / B(a,b), for a > 0, b > 0, x + y = 1 */
double
statistics_dist_beta_kernel(double a, double b, double x, double y)
{
	double		n = a + b;

	if (x <= 0 || y <= 0)
		return 0;
	return exp(stirling_error(n) - stirling_error(a) - stirling_error(b)
			   - half_deviance(a, n * x) - half_deviance(b, n * y))
		* sqrt(a / n * b / (2 * M_PI));
}

/* log density at distance t into the tail; t < 0 runs towards x = 0 */
static double
tail_log_density(const TailShape *s, double t)
{
	double		h = t * s->slope + s->power_x * statistics_dist_log1p_minus(t / s->edge_x);

	if (s->edge_y > 0)
		h += s->power_y * statistics_dist_log1p_minus(-t / s->edge_y);
	return h;
}

/*
 * The integral of the relative density from the edge over at most "room" in
 * direction sign; the mode lies on the other side of the edge.
 */
static double
tail_integral(const TailShape *s, double sign, double room)
{
	static const double node[16][2] = {
		{0.997263861849481564, 0.0070186100094700966},
		{0.985611511545268335, 0.0162743947309056706},
		{0.964762255587506431, 0.0253920653092620595},
		{0.934906075937739689, 0.0342738629130214331},
		{0.896321155766052124, 0.0428358980222266807},
		{0.849367613732569970, 0.0509980592623761762},
		{0.794483795967942407, 0.0586840934785355471},
		{0.732182118740289680, 0.0658222227763618468},
		{0.663044266930215201, 0.0723457941088485062},
		{0.587715757240762329, 0.0781938957870703065},
		{0.506899908932229390, 0.0833119242269467552},
		{0.421351276130635345, 0.0876520930044038111},
		{0.331868602282127650, 0.0911738786957638847},
		{0.239287362252137075, 0.0938443990808045656},
		{0.144471961582796493, 0.0956387200792748594},
		{0.0483076656877383162, 0.0965400885147278006},
	};
	double		slope = fmax(-sign * s->slope, 0);
	double		curvature = s->power_x / (s->edge_x * s->edge_x);
	double		length;
	double		sum = 0;

	if (s->edge_y > 0)
		curvature += s->power_y / (s->edge_y * s->edge_y);
	curvature = fmax(curvature, 0);

	/* where slope * t + curvature * t^2 / 2 = NEGLIGIBLE, then further out */
	length = 2 * NEGLIGIBLE /
		(slope + sqrt(slope * slope + 2 * curvature * NEGLIGIBLE));
	/* a length that is rounded to 0 does not grow */
	while (length > 0 && length < room && tail_log_density(s, sign * length) > 3 - NEGLIGIBLE)
		length *= 1.25;
	length = fmin(length, room);

	for (int i = 0; i < 16; i++)
	{
		double		near_t = length * (1 - node[i][0]) / 2;
		double		far_t = length * (1 + node[i][0]) / 2;

		sum += node[i][1] * (exp(tail_log_density(s, sign * near_t)) +
							 exp(tail_log_density(s, sign * far_t)));
	}
	return sum * length / 2;
}

/* P(a,x) by DLMF 8.7.1, for x not far above a */
static double
gamma_series(double a, double x)
{
	double		term = 1;
	double		sum = 1;

	for (int n = 1; n < MAX_TERMS; n++)
	{
		term *= x / (a + n);
		sum += term;
		if (term < sum * DBL_EPSILON / 4)
			break;
	}
	return statistics_dist_gamma_kernel(a, x) * sum;
}

/* Q(a,x) by the continued fraction DLMF 8.9.2, for x above a and above 1 */
static double
gamma_fraction(double a, double x)
{
	double		b = x + 1 - a;
	double		c = 1 / DBL_MIN;
	double		d = 1 / b;
	double		h = d;

	for (int n = 1; n < MAX_TERMS; n++)
	{
		double		an = -n * (n - a);
		double		step;

		b += 2;
		d = 1 / (an * d + b);
		c = b + an / c;
		step = c * d;
		h *= step;
		if (fabs(step - 1) < DBL_EPSILON)
			break;
	}
	return statistics_dist_gamma_kernel(a, x) * a * h;
}

/* P or Q, whichever lies beyond x seen from the mode a - 1, for large a */
static double
gamma_quadrature(double a, double x, double sign)
{
	TailShape	shape = {.edge_x = x,.power_x = a - 1};
	double		kernel = statistics_dist_gamma_kernel(a, x);
	double		edge = kernel * (a / x);

	if (kernel == 0)
		return 0;				/* a / x may be infinite */
	shape.slope = (a - 1 - x) / x;
	return edge * tail_integral(&shape, sign, sign < 0 ? x : INFINITY);
}

void
statistics_dist_gamma_tails(double a, double x, double *lower, double *upper)
{
	if (!(a > 0) || isnan(x) || isinf(a))
		*lower = *upper = NAN;
	else if (x <= 0)
		*lower = 0, *upper = 1;
	else if (isinf(x))
		*lower = 1, *upper = 0;
	else if (x > fmax(a, 1))
	{
		*upper = a > LARGE_PARAMETER ? gamma_quadrature(a, x, 1) : gamma_fraction(a, x);
		*lower = 1 - *upper;
	}
	else if (a > LARGE_PARAMETER && x <= a - 1)
	{
		*lower = gamma_quadrature(a, x, -1);
		*upper = 1 - *lower;
	}
	else if (a > LARGE_PARAMETER)
	{
		*upper = gamma_quadrature(a, x, 1);
		*lower = 1 - *upper;
	}
	else
	{
		*lower = gamma_series(a, x);
		*upper = 1 - *lower;
	}
}

/*
 * I_x(a,b) = x^a y^b / (a B(a,b)) * sum of (a+b)_n x^n / (a+1)_n (DLMF
 * 8.17.8), all terms positive
 */
static double
beta_series(double a, double b, double x, double y)
{
	double		term = 1;
	double		sum = 1;

	for (int n = 0; n < MAX_TERMS; n++)
	{
		term *= (a + b + n) / (a + 1 + n) * x;
		sum += term;
		if (term < sum * DBL_EPSILON / 4)
			break;
	}
	return statistics_dist_beta_kernel(a, b, x, y) / a * sum;
}

/* I_x(a,b) by the continued fraction DLMF 8.17.22, for x below the mean */
static double
beta_fraction(double a, double b, double x, double y)
{
	double		c = 1;
	double		d = 1 / (1 - (a + b) * x / (a + 1));
	double		h = d;

	for (int m = 1; m < MAX_TERMS; m++)
	{
		double		e = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double		step;

		d = 1 / (1 + e * d);
		c = 1 + e / c;
		h *= d * c;
		e = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 / (1 + e * d);
		c = 1 + e / c;
		step = d * c;
		h *= step;
		if (fabs(step - 1) < DBL_EPSILON)
			break;
	}
	return statistics_dist_beta_kernel(a, b, x, y) / a * h;
}

static double
beta_quadrature(double a, double b, double x, double y)
{
	TailShape	shape = {.edge_x = x,.edge_y = y,.power_x = a - 1,.power_y = b - 1};
	double		edge = statistics_dist_beta_kernel(a, b, x, y) / x / y;

	if (edge == 0)
		return 0;
	shape.slope = (a - 1) / x - (b - 1) / y;
	return edge * tail_integral(&shape, -1, x);
}

/* Both tails when x is not above the mean a / (a + b) */
static void
beta_tails_below_mean(double a, double b, double x, double y, double *lower, double *upper)
{
	if (a + b <= LARGE_PARAMETER)
		*lower = beta_fraction(a, b, x, y);
	else if (a < SERIES_SHAPE)
		*lower = beta_series(a, b, x, y);
	else if (b < 3 && a * y < 3)
	{
		/* too near the singular end x = 1 for the rule: take the other side */
		*upper = beta_series(b, a, y, x);
		*lower = 1 - *upper;
		return;
	}
	else
		*lower = beta_quadrature(a, b, x, y);
	*upper = 1 - *lower;
}

void
statistics_dist_beta_tails(double a, double b, double x, double y, double *lower, double *upper)
{
	if (!(a > 0) || !(b > 0) || isinf(a) || isinf(b) || isnan(x) || isnan(y))
		*lower = *upper = NAN;
	else if (x <= 0)
		*lower = 0, *upper = 1;
	else if (y <= 0)
		*lower = 1, *upper = 0;
	else if (x * b > y * a)
		beta_tails_below_mean(b, a, y, x, upper, lower);
	else
		beta_tails_below_mean(a, b, x, y, lower, upper);
}
