/*-------------------------------------------------------------------------
 *
 * running_methods.c
 *	  Detectors that carry a sum from period to period: CUSUM and EWMA.
 *
 * A run holds what a series has reached before its next period, so stepping
 * through a series costs one step per period.  A period without a usable
 * count leaves the sum as it is.
 *
 * src/surveillance/running_methods.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "miscadmin.h"

#include "surveillance/surveillance.h"

/* ---- the in-control mean ---- */

#define WAVE_TERMS		3
#define WAVE_MAX_STEPS	25
#define WAVE_EPSILON	1e-8

static void
wave_terms(const Grid *g, int index, double *x)
{
	double		angle = 2 * M_PI / surveillance_periods_per_year(g->every) * (index + 1);

	x[0] = 1;
	x[1] = cos(angle);
	x[2] = sin(angle);
}

static double
wave_eta(const double *b, const double *x)
{
	return b[0] * x[0] + b[1] * x[1] + b[2] * x[2];
}

/*
 * Least squares by modified Gram-Schmidt: column[0..2] b = column[3], each of
 * n rows; the columns are destroyed.  False when they are not independent.
 */
static bool
solve_least_squares(double **column, int n, double *b)
{
	double		r[WAVE_TERMS][WAVE_TERMS + 1];

	for (int j = 0; j < WAVE_TERMS; j++)
	{
		double		norm = 0;

		for (int i = 0; i < n; i++)
			norm += column[j][i] * column[j][i];
		r[j][j] = sqrt(norm);
		if (!(r[j][j] > 0))
			return false;
		for (int i = 0; i < n; i++)
			column[j][i] /= r[j][j];
		for (int k = j + 1; k <= WAVE_TERMS; k++)
		{
			r[j][k] = 0;
			for (int i = 0; i < n; i++)
				r[j][k] += column[j][i] * column[k][i];
			for (int i = 0; i < n; i++)
				column[k][i] -= r[j][k] * column[j][i];
		}
	}
	for (int j = WAVE_TERMS - 1; j >= 0; j--)
	{
		b[j] = r[j][WAVE_TERMS];
		for (int k = j + 1; k < WAVE_TERMS; k++)
			b[j] -= r[j][k] * b[k];
		b[j] /= r[j][j];
	}
	return true;
}

/*
 * Set up one step of the regression from the means of the last one (at the
 * start: from the counts themselves) and return the deviance of those means.
 */
static double
wave_rows(const Grid *g, int train, const double *b, bool start, double **column, int *n)
{
	double		deviance = 0;

	*n = 0;
	for (int i = 0; i < train; i++)
	{
		double		y = g->y[i];
		double		x[WAVE_TERMS];
		double		eta,
					mu;

		if (!count_usable(g->y[i]))
			continue;
		wave_terms(g, i, x);
		eta = start ? log(y + 0.1) : wave_eta(b, x);
		mu = start ? y + 0.1 : exp(eta);
		deviance += 2 * ((y > 0 ? y * log(y / mu) : 0) - (y - mu));
		for (int j = 0; j < WAVE_TERMS; j++)
			column[j][*n] = sqrt(mu) * x[j];
		column[WAVE_TERMS][*n] = sqrt(mu) * (eta + (y - mu) / mu);
		(*n)++;
	}
	return deviance;
}

/*
 * Poisson regression of the first counts on one wave a year, iterated as R's
 * glm() does; false when it does not settle.
 */
static bool
wave_fit(const Grid *g, int train, double *b)
{
	double	   *column[WAVE_TERMS + 1];
	double		before = 0;
	bool		settled = false;

	for (int j = 0; j <= WAVE_TERMS; j++)
		column[j] = palloc(sizeof(double) * train);
	for (int step = 0; step <= WAVE_MAX_STEPS && !settled; step++)
	{
		int			n;
		double		after = wave_rows(g, train, b, step == 0, column, &n);

		if (!isfinite(after))
			break;
		settled = step > 0 && fabs(after - before) / (fabs(after) + 0.1) < WAVE_EPSILON;
		before = after;
		if (!settled && (n <= WAVE_TERMS || !solve_least_squares(column, n, b)))
			break;
	}
	for (int j = 0; j <= WAVE_TERMS; j++)
		pfree(column[j]);
	return settled;
}

/* At least this share of the training periods must be usable. */
#define TRAIN_MIN_SHARE	0.5

/* Learn mean and sd from the first periods, or take the mean as given. */
static NoVerdict
run_train(const Detector *d, const Grid *g, int now, Run *run)
{
	int			train = d->param[PARAM_TRAIN];
	int			n = 0;
	double		sum = 0;
	double		squares = 0;

	if (d->param[PARAM_MEAN] > 0)
	{
		run->mean = d->param[PARAM_MEAN];
		run->sd = sqrt(run->mean);
		run->trained = true;
		return VERDICT_GIVEN;
	}
	if (now < train)
		return NO_HISTORY;
	for (int i = 0; i < train; i++)
		if (count_usable(g->y[i]))
		{
			sum += g->y[i];
			n++;
		}
	if (n < 2 || n < train * TRAIN_MIN_SHARE)
		return NO_GAP;
	if (sum == 0)
		return NO_ZERO_BASELINE;
	run->mean = sum / n;
	for (int i = 0; i < train; i++)
		if (count_usable(g->y[i]))
			squares += (g->y[i] - run->mean) * (g->y[i] - run->mean);
	run->sd = sqrt(squares / (n - 1));
	if (d->param[PARAM_HARMONIC] == 1 && !wave_fit(g, train, run->harmonic))
		return NO_CONVERGENCE;
	run->next = train;
	run->trained = true;
	return VERDICT_GIVEN;
}

/* ---- CUSUM ---- */

/* What one period should be compared with */
typedef struct CusumModel
{
	double		mean;
	double		spread;			/* variance / mean; residuals only */
} CusumModel;

static NoVerdict
cusum_model(const Detector *d, const Detector *residuals, const Grid *g, int now,
			const Run *run, CusumModel *out)
{
	Detection	model;
	NoVerdict	reason;

	out->spread = 1;
	out->mean = run->mean;
	if (residuals != NULL)
	{
		reason = residuals->method == METHOD_NB_WINDOW ?
			surveillance_judge_nb_window(residuals, g, now, NULL, &model) :
			surveillance_judge_farrington_flexible(residuals, g, now, NULL, &model);
		if (reason != VERDICT_GIVEN)
			return reason;
		out->mean = model.expected;
		out->spread = model.spread;
	}
	else if (d->param[PARAM_HARMONIC] == 1)
	{
		double		x[WAVE_TERMS];

		wave_terms(g, now, x);
		out->mean = exp(wave_eta(run->harmonic, x));
	}
	return VERDICT_GIVEN;
}

/* A count as a nearly normal deviate */
static double
cusum_deviate(const Detector *d, const CusumModel *m, double y)
{
	if (d->param[PARAM_RESIDUALS] != RESIDUALS_NONE)
		return (y - m->mean) / sqrt(m->spread * m->mean);
	switch ((int) d->param[PARAM_TRANSFORM])
	{
		case TRANSFORM_ROSSI:
			return (y - 3 * m->mean + 2 * sqrt(y * m->mean)) / (2 * sqrt(m->mean));
		case TRANSFORM_ANSCOMBE:
			return 1.5 * (pow(y, 2.0 / 3) - pow(m->mean, 2.0 / 3)) / pow(m->mean, 1.0 / 6);
		default:
			return (y - m->mean) / sqrt(m->mean);
	}
}

/*
 * The count whose deviate is q: the least that raises the alarm when q is
 * what the sum still lacks.  Below 0 every count does.
 */
static double
cusum_count(const Detector *d, const CusumModel *m, double q)
{
	double		mean = m->mean;
	double		root;

	if (d->param[PARAM_RESIDUALS] != RESIDUALS_NONE)
		return mean + q * sqrt(m->spread * mean);
	switch ((int) d->param[PARAM_TRANSFORM])
	{
		case TRANSFORM_ROSSI:
			root = 4 * mean + 2 * sqrt(mean) * q;
			root = root > 0 ? sqrt(root) - sqrt(mean) : -1;
			return root >= 0 ? root * root : -1;
		case TRANSFORM_ANSCOMBE:
			root = pow(mean, 2.0 / 3) + 2.0 / 3 * pow(mean, 1.0 / 6) * q;
			return root >= 0 ? pow(root, 1.5) : -1;
		default:
			return mean + q * sqrt(mean);
	}
}

/* The sum after a period */
static double
cusum_next(const Detector *d, const CusumModel *m, double level, double y)
{
	return fmax(0, level + cusum_deviate(d, m, y) - d->param[PARAM_K]);
}

/*
 * The largest whole count that does not reach the limit, -1 when even no
 * case at all does.  The inverse may be one off where it rounds; the sum
 * itself decides.
 */
static double
cusum_upper(const Detector *d, const CusumModel *m, double level)
{
	double		h = d->param[PARAM_H];
	double		upper = fmax(-1, ceil(cusum_count(d, m, h + d->param[PARAM_K] - level)) - 1);

	if (cusum_next(d, m, level, upper + 1) < h)
		return upper + 1;
	if (upper >= 0 && cusum_next(d, m, level, upper) >= h)
		return upper - 1;
	return upper;
}

/* Bring the run up to, but not into, period "now". */
static void
cusum_advance(const Detector *d, const Detector *residuals, const Grid *g, int now, Run *run)
{
	for (; run->next < now; run->next++)
	{
		CusumModel	m;

		CHECK_FOR_INTERRUPTS();
		if (!count_usable(g->y[run->next]) ||
			cusum_model(d, residuals, g, run->next, run, &m) != VERDICT_GIVEN)
			continue;
		run->level = cusum_next(d, &m, run->level, g->y[run->next]);
		if (d->param[PARAM_RESET] != 0 && run->level >= d->param[PARAM_H])
			run->level = 0;
	}
}

NoVerdict
surveillance_judge_cusum(const Detector *d, const Grid *g, int now, Run *run, Detection *out)
{
	Detector	model;
	Detector   *residuals = NULL;
	CusumModel	m;
	NoVerdict	reason;
	double		level;

	if (d->param[PARAM_RESIDUALS] != RESIDUALS_NONE)
	{
		residuals = &model;
		surveillance_detector_default(residuals, d->param[PARAM_RESIDUALS] == RESIDUALS_NB_WINDOW ?
									  METHOD_NB_WINDOW : METHOD_FARRINGTON_FLEXIBLE);
		residuals->every = d->every;
	}
	else if (!run->trained && (reason = run_train(d, g, now, run)) != VERDICT_GIVEN)
		return reason;
	cusum_advance(d, residuals, g, now, run);
	if ((reason = cusum_model(d, residuals, g, now, run, &m)) != VERDICT_GIVEN)
		return reason;

	level = cusum_next(d, &m, run->level, out->observed);
	out->expected = m.mean;
	out->score = level / d->param[PARAM_H];
	out->upper = cusum_upper(d, &m, run->level);
	out->alarm = level >= d->param[PARAM_H];
	return VERDICT_GIVEN;
}

/* ---- EWMA ---- */

/* Half-width of the limits after some steps, in counts */
static double
ewma_width(const Detector *d, const Run *run, double steps)
{
	double		lambda = d->param[PARAM_LAMBDA];

	return d->param[PARAM_LIMIT] * run->sd *
		sqrt(lambda / (2 - lambda) * (1 - pow(1 - lambda, 2 * steps)));
}

static void
ewma_advance(const Detector *d, const Grid *g, int now, Run *run)
{
	double		lambda = d->param[PARAM_LAMBDA];

	for (; run->next < now; run->next++)
	{
		double		width = ewma_width(d, run, run->steps + 1);

		if (!count_usable(g->y[run->next]))
			continue;
		run->steps++;
		run->level = lambda * g->y[run->next] + (1 - lambda) * run->level;
		if (d->param[PARAM_RESET] != 0 && run->level > run->mean + width)
		{
			run->level = run->mean;
			run->steps = 0;
		}
	}
}

NoVerdict
surveillance_judge_ewma(const Detector *d, const Grid *g, int now, Run *run, Detection *out)
{
	double		lambda = d->param[PARAM_LAMBDA];
	double		width;
	NoVerdict	reason;

	if (!run->trained)
	{
		if ((reason = run_train(d, g, now, run)) != VERDICT_GIVEN)
			return reason;
		run->level = run->mean;
	}
	if (run->sd == 0)
		return NO_VARIATION;
	ewma_advance(d, g, now, run);
	width = ewma_width(d, run, run->steps + 1);
	out->expected = run->mean;
	out->spread = run->sd;
	out->score = (lambda * (out->observed - run->mean) + (1 - lambda) * (run->level - run->mean)) / width;
	/* the count that would carry the average to its limit */
	out->upper = run->mean + (width - (1 - lambda) * (run->level - run->mean)) / lambda;
	return VERDICT_GIVEN;
}
