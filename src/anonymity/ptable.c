/*-------------------------------------------------------------------------
 *
 * ptable.c
 *	  Computes perturbation tables: noise of largest entropy.
 *
 * For a true count i > 0 the published count i + v has a noise v of -d .. d
 * and is 0 or more than js.  Among all distributions with mean 0 and variance
 * at most V the one of largest entropy is p(v) ~ exp(a v - b v^2) with b >= 0
 * (Fraser and Wooton 2005; Giessing 2016).  a and b minimise the convex
 * function log sum exp(a v - b (v^2 - V)): Newton's method finds them.
 *
 * src/anonymity/ptable.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "ptable.h"

#include <math.h>

/* Newton's method takes about ten steps; near impossible tables take more. */
#define MAX_STEPS 200
#define TOLERANCE 1e-12
/* What the objective, of the order of 1, may seem to rise near its least. */
#define ROUNDING 1e-14
#define SHORTEST_STEP 1e-6

/* The noises a row may use, divided by d so that their size does not matter. */
typedef struct Support
{
	int			n;
	double		x[2 * PTABLE_MAX_D + 1];
	double		variance;		/* the bound, in the same unit */
} Support;

/* Moments of p(x) ~ exp(a x - b x^2) on a support; m[i] is the mean of x^i. */
typedef struct Moments
{
	double		objective;		/* log sum exp(a x - b (x^2 - variance)) */
	double		m[5];
} Moments;

static void
moments_at(const Support *support, double a, double b, Moments *moments)
{
	double		largest = -HUGE_VAL;

	for (int i = 0; i < support->n; i++)
		largest = Max(largest, a * support->x[i] - b * support->x[i] * support->x[i]);

	memset(moments, 0, sizeof(*moments));
	for (int i = 0; i < support->n; i++)
	{
		double		x = support->x[i];
		double		weight = exp(a * x - b * x * x - largest);

		for (int power = 0; power < 5; power++)
		{
			moments->m[power] += weight;
			weight *= x;
		}
	}
	moments->objective = largest + log(moments->m[0]) + b * support->variance;
	for (int power = 4; power >= 0; power--)
		moments->m[power] /= moments->m[0];
}

/*
 * Find a and b, or a alone with b = 0; false when that does not converge.
 * Gradient and Hessian are the means and covariances of x and x^2.
 */
static bool
solve(const Support *support, bool with_variance, double *a, double *b)
{
	Moments		at;

	*a = *b = 0;
	moments_at(support, *a, *b, &at);
	for (int step = 0; step < MAX_STEPS; step++)
	{
		double		ga = at.m[1];
		double		gb = with_variance ? support->variance - at.m[2] : 0;
		double		haa = at.m[2] - at.m[1] * at.m[1];
		double		hab = with_variance ? at.m[1] * at.m[2] - at.m[3] : 0;
		double		hbb = with_variance ? at.m[4] - at.m[2] * at.m[2] : 1;
		double		determinant = haa * hbb - hab * hab;
		double		da = (hab * gb - hbb * ga) / determinant;
		double		db = (hab * ga - haa * gb) / determinant;
		double		slope = ga * da + gb * db;
		double		length = 1;
		Moments		next;

		if (fabs(ga) < TOLERANCE && fabs(gb) < TOLERANCE)
			return true;
		if (!isfinite(da) || !isfinite(db))
			return false;
		for (;; length /= 2)
		{
			moments_at(support, *a + length * da, *b + length * db, &next);
			if (next.objective <= at.objective + 1e-4 * length * slope + ROUNDING ||
				length < SHORTEST_STEP)
				break;
		}
		*a += length * da;
		*b += length * db;
		at = next;
	}
	return false;
}

/* The noises allowed for a true count. */
static void
row_support(const PTable *table, int count, Support *support)
{
	support->n = 0;
	support->variance = table->v / ((double) table->d * table->d);
	for (int v = -table->d; v <= table->d; v++)
	{
		int			published = count + v;

		if (published == 0 || published > table->js)
			support->x[support->n++] = (double) v / table->d;
	}
}

/*
 * The least variance a mean of 0 allows, in the unit of the counts: all weight
 * on the two noises next to 0, or on 0 itself.  -1 when no mean is 0.
 */
static double
least_variance(const PTable *table, const Support *support)
{
	double		below = -HUGE_VAL;
	double		above = HUGE_VAL;

	for (int i = 0; i < support->n; i++)
	{
		if (support->x[i] <= 0)
			below = Max(below, support->x[i]);
		if (support->x[i] >= 0)
			above = Min(above, support->x[i]);
	}
	if (isinf(below) || isinf(above))
		return -1;
	return fabs(below * above) * table->d * table->d;
}

static bool
impossible(const PTable *table, int count, double least, struct Node *escontext)
{
	if (least < 0)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					   errmsg("no perturbation table has these parameters"),
					   errdetail("With D = %d and js = %d the noise of a true count of %d cannot have mean 0.",
								 table->d, table->js, count),
					   errhint("Raise D or lower js.")));
	civic_ereturn(escontext, false,
				  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				   errmsg("no perturbation table has these parameters"),
				   errdetail("With D = %d and js = %d the noise of a true count of %d has a variance above %g; V is %g.",
							 table->d, table->js, count, least, table->v),
				   errhint("Raise V or lower js.")));
}

/* Compute the row of one true count; false after a soft error. */
static bool
fill_row(PTable *table, int count, struct Node *escontext)
{
	float8	   *upper = table->upper + (Size) count * ptable_noises(table);
	Support		support;
	Moments		moments;
	double		a;
	double		b;
	double		least;
	double		sum = 0;
	double		below = 0;

	row_support(table, count, &support);
	least = least_variance(table, &support);
	if (least < 0 || table->v <= least)
		return impossible(table, count, least, escontext);
	if (!solve(&support, false, &a, &b))
		return impossible(table, count, least, escontext);
	moments_at(&support, a, b, &moments);
	if (moments.m[2] > support.variance && !solve(&support, true, &a, &b))
		return impossible(table, count, least, escontext);

	for (int i = 0; i < support.n; i++)
		sum += exp(a * support.x[i] - b * support.x[i] * support.x[i]);
	for (int v = -table->d, i = 0; v <= table->d; v++)
	{
		if (i < support.n && support.x[i] == (double) v / table->d)
		{
			below += exp(a * support.x[i] - b * support.x[i] * support.x[i]) / sum;
			i++;
		}
		/* No rounding at the end: what is certain is exactly 1. */
		upper[v + table->d] = i == support.n ? 1 : Min(below, 1);
	}
	return true;
}

/* 0 stays 0. */
static void
fill_row_zero(PTable *table)
{
	for (int v = -table->d; v <= table->d; v++)
		table->upper[v + table->d] = v < 0 ? 0 : 1;
}

static bool
check_parameters(int64 d, float8 v, int64 js, struct Node *escontext)
{
	/* The variance of large counts when all their noises are equally likely. */
	double		most = (double) d * (d + 1) / 3;

	if (d >= 1 && d <= PTABLE_MAX_D && js >= 0 && js <= PTABLE_MAX_JS && v > 0 && v <= most)
		return true;
	civic_ereturn(escontext, false,
				  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				   errmsg("parameters of a perturbation table are out of range"),
				   errdetail("D is " INT64_FORMAT ", V is %g, js is " INT64_FORMAT ".", d, v, js),
				   errhint("D is from 1 to %d, js from 0 to %d, V above 0 and at most D (D + 1) / 3.",
						   PTABLE_MAX_D, PTABLE_MAX_JS)));
}

/* A table from its parameters; NULL after a soft error. */
PTable	   *
anonymity_ptable_make(int64 d, float8 v, int64 js, struct Node *escontext)
{
	PTable	   *table;
	Size		size;

	if (!check_parameters(d, v, js, escontext))
		return NULL;
	size = add_size(offsetof(PTable, upper),
					mul_size(mul_size(ptable_last_row(d, js) + 1, 2 * d + 1), sizeof(float8)));
	table = palloc0(size);
	wire_begin(table, size, &ptable_wire);
	table->d = d;
	table->js = js;
	table->v = v;

	fill_row_zero(table);
	for (int count = 1; count <= ptable_last_row(d, js); count++)
		if (!fill_row(table, count, escontext))
			return NULL;
	return table;
}
