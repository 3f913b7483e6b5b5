/*-------------------------------------------------------------------------
 *
 * loglinear.c
 *	  Quasi-Poisson log-linear regression on a factor and a time trend.
 *
 * One factor and one slope make the normal equations an arrow: taking the
 * weighted mean of t out of each group solves them in one pass over the
 * counts, so a step of the iteration costs O(n) and needs no matrix.
 *
 * Start, weights and the rule for stopping are those of R's glm(), so that
 * fits agree with published results beyond the tolerance of the iteration.
 *
 * src/surveillance/loglinear.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "statistics/distribution.h"
#include "surveillance/loglinear.h"

#define FIT_MAX_STEPS	25
#define FIT_EPSILON		1e-8

/*
 * Below this count y (log y - eta) loses nothing that the rule for stopping
 * could see, and saves a logarithm per count and step.
 */
#define DEVIANCE_SHORT_BELOW	1e5

#define N_VECTORS	8

void
surveillance_loglinear_init(LogLinear *m, int capacity)
{
	double	   *v = palloc(mul_size(capacity, N_VECTORS * sizeof(double)));

	memset(m, 0, sizeof(*m));
	m->memory = v;
	m->y = v;
	m->t = v + capacity;
	m->offset = v + 2 * capacity;
	m->prior = v + 3 * capacity;
	m->eta = v + 4 * capacity;
	m->mu = v + 5 * capacity;
	m->weight = v + 6 * capacity;
	m->group = (uint8 *) (v + 7 * capacity);
}

void
surveillance_loglinear_free(LogLinear *m)
{
	pfree(m->memory);
}

static double
deviance(const LogLinear *m, const double *ylogy)
{
	double		sum = 0;

	if (m->y_max < DEVIANCE_SHORT_BELOW)
	{
		for (int i = 0; i < m->n; i++)
			sum += m->prior[i] * (ylogy[i] - m->y[i] * m->eta[i] - (m->y[i] - m->mu[i]));
	}
	else
	{
		for (int i = 0; i < m->n; i++)
		{
			double		y = m->y[i];
			double		mu = m->mu[i];

			/* y log(y/mu) - (y - mu), without cancellation */
			sum += m->prior[i] * (y > 0 ? -y * statistics_dist_log1p_minus((mu - y) / y) : mu);
		}
	}
	return 2 * sum;
}

/* One step of iteratively reweighted least squares: new levels and slope */
static void
solve_arrow(LogLinear *m)
{
	double		group_z[MAX_SEASONS] = {0};
	double		cross = 0;

	memset(m->group_weight, 0, sizeof(m->group_weight));
	memset(m->group_t, 0, sizeof(m->group_t));
	m->spread_t = 0;
	for (int i = 0; i < m->n; i++)
	{
		double		w = m->prior[i] * m->mu[i];
		double		z = m->eta[i] - m->offset[i] + (m->y[i] - m->mu[i]) / m->mu[i];

		m->weight[i] = w;
		m->group_weight[m->group[i]] += w;
		m->group_t[m->group[i]] += w * m->t[i];
		group_z[m->group[i]] += w * z;
	}
	for (int g = 0; g < m->groups; g++)
	{
		m->group_t[g] /= m->group_weight[g];
		group_z[g] /= m->group_weight[g];
	}
	for (int i = 0; i < m->n && m->trend; i++)
	{
		double		dt = m->t[i] - m->group_t[m->group[i]];
		double		z = m->eta[i] - m->offset[i] + (m->y[i] - m->mu[i]) / m->mu[i];

		m->spread_t += m->weight[i] * dt * dt;
		cross += m->weight[i] * dt * (z - group_z[m->group[i]]);
	}
	m->slope = m->trend ? cross / m->spread_t : 0;
	for (int g = 0; g < m->groups; g++)
		m->level[g] = group_z[g] - m->slope * m->group_t[g];
}

static void
update_means(LogLinear *m)
{
	for (int i = 0; i < m->n; i++)
	{
		m->eta[i] = m->level[m->group[i]] + m->slope * m->t[i] + m->offset[i];
		m->mu[i] = exp(m->eta[i]);
	}
}

/* Start at the counts themselves, as R does; returns sum-ready y log y. */
static double *
start_at_counts(LogLinear *m)
{
	double	   *ylogy = palloc(sizeof(double) * m->n);
	bool		seen[MAX_SEASONS] = {false};

	m->used_groups = 0;
	m->y_max = 0;
	for (int i = 0; i < m->n; i++)
	{
		double		y = m->y[i];

		ylogy[i] = y > 0 ? y * log(y) : 0;
		m->mu[i] = y + 0.1;
		m->eta[i] = log(m->mu[i]);
		m->y_max = fmax(m->y_max, y);
		if (!seen[m->group[i]])
			m->used_groups++;
		seen[m->group[i]] = true;
	}
	return ylogy;
}

/* Residual degrees of freedom */
int
surveillance_loglinear_df(const LogLinear *m)
{
	return m->n - m->used_groups - (m->trend ? 1 : 0);
}

/*
 * The dispersion as R's summary() has it: with the weights of the last step,
 * which differ from the final means within the tolerance of the iteration.
 */
static double
last_step_dispersion(const LogLinear *m)
{
	double		sum = 0;

	for (int i = 0; i < m->n; i++)
	{
		double		r = (m->y[i] - m->mu[i]) / m->mu[i];

		sum += m->weight[i] * r * r;
	}
	return sum / surveillance_loglinear_df(m);
}

/* Fit; false when the iteration does not settle or has no finite answer. */
bool
surveillance_loglinear_fit(LogLinear *m, bool trend)
{
	double	   *ylogy = start_at_counts(m);
	double		before = deviance(m, ylogy);
	bool		settled = false;

	m->trend = trend;
	for (int step = 0; step < FIT_MAX_STEPS && !settled; step++)
	{
		double		after;

		solve_arrow(m);
		update_means(m);
		after = deviance(m, ylogy);
		if (!isfinite(after))
			break;
		settled = fabs(after - before) / (fabs(after) + 0.1) < FIT_EPSILON;
		before = after;
	}
	pfree(ylogy);
	if (!settled || surveillance_loglinear_df(m) < 1)
		return false;
	m->dispersion = last_step_dispersion(m);
	if (!isfinite(m->dispersion))
		return false;
	m->dispersion = fmax(1, m->dispersion);
	return true;
}

/* Pearson's chi-square over the degrees of freedom */
double
surveillance_loglinear_dispersion(const LogLinear *m)
{
	double		sum = 0;

	for (int i = 0; i < m->n; i++)
	{
		double		off = m->y[i] - m->mu[i];

		sum += m->prior[i] * off * off / m->mu[i];
	}
	return sum / surveillance_loglinear_df(m);
}

/*
 * What R's surveillance takes for it: it overwrites the working weights of
 * the fit by the prior ones, so the squared residuals lack a factor mu.
 */
double
surveillance_loglinear_dispersion_package(const LogLinear *m)
{
	double		sum = 0;

	for (int i = 0; i < m->n; i++)
	{
		double		r = (m->y[i] - m->mu[i]) / m->mu[i];

		sum += m->prior[i] * r * r;
	}
	return sum / surveillance_loglinear_df(m);
}

/* Leverage of a count */
double
surveillance_loglinear_hat(const LogLinear *m, int i)
{
	return m->weight[i] * surveillance_loglinear_variance(m, m->group[i], m->t[i]);
}

double
surveillance_loglinear_predict(const LogLinear *m, int group, double t, double offset)
{
	return m->level[group] + m->slope * t + offset;
}

/* Variance of the linear predictor at a group and time, over the dispersion */
double
surveillance_loglinear_variance(const LogLinear *m, int group, double t)
{
	double		dt = t - m->group_t[group];

	return 1 / m->group_weight[group] + (m->trend ? dt * dt / m->spread_t : 0);
}
