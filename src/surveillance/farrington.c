/*-------------------------------------------------------------------------
 *
 * farrington.c
 *	  The Farrington detectors: a quasi-Poisson log-linear model of the past
 *	  years, fitted twice so that past outbreaks count less.
 *
 * src/surveillance/farrington.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "statistics/distribution.h"
#include "surveillance/loglinear.h"

/* A trend needs at least so many years. */
#define TREND_MIN_YEARS	3

/* What the model says about the judged period */
typedef struct Prediction
{
	double		eta;			/* log of the mean */
	double		se;				/* its standard error */
	double		dispersion;
	double		trend;			/* NaN: none kept */
} Prediction;

/* ---- which counts the model sees ---- */

static void
take_point(LogLinear *m, const Grid *g, int index, double t, int group, bool population)
{
	if (!count_usable(g->y[index]) || (population && g->population[index] <= 0))
		return;
	m->y[m->n] = g->y[index];
	m->t[m->n] = t;
	m->offset[m->n] = population ? log(g->population[index]) : 0;
	m->prior[m->n] = 1;
	m->group[m->n] = group;
	m->n++;
}

/* Classic: the windows around the same period of the past years */
static void
take_windows(LogLinear *m, const Grid *g, const Detector *d, int now)
{
	int			window = d->param[PARAM_WINDOW];

	m->groups = 1;
	for (int i = (int) d->param[PARAM_YEARS]; i >= 1; i--)
	{
		int			same = surveillance_grid_years_back(g, now, i);

		for (int k = same - window; k <= same + window; k++)
			take_point(m, g, k, k - now, 0, false);
	}
}

/*
 * The seasons of one year: the window around "same" is season 0, the
 * periods up to the next year's window are shared out among the others, the
 * first ones getting one more where it does not come out even.
 */
static void
take_year(LogLinear *m, const Grid *g, const Detector *d, int now, int same, int next)
{
	int			window = d->param[PARAM_WINDOW];
	int			seasons = d->param[PARAM_SEASONS];
	bool		population = d->param[PARAM_POPULATION] != 0;
	int			last = now - (int) d->param[PARAM_EXCLUDE] - 1;
	double		today = surveillance_grid_day(g, now);
	int			between = next - same - 2 * window - 1;
	int			length = seasons > 1 ? between / (seasons - 1) : 0;
	int			longer = seasons > 1 ? between % (seasons - 1) : 0;

	for (int k = same - window; k <= Min(last, same + window); k++)
		take_point(m, g, k, surveillance_grid_day(g, k) - today, 0, population);
	for (int s = 1, k = same + window + 1; s < seasons; s++)
		for (int left = length + (s <= longer ? 1 : 0); left > 0; left--, k++)
			if (k <= last)
				take_point(m, g, k, surveillance_grid_day(g, k) - today, s, population);
}

/* Flexible: all the past years but the last periods, with a seasonal factor */
static void
take_seasons(LogLinear *m, const Grid *g, const Detector *d, int now)
{
	int			window = d->param[PARAM_WINDOW];
	int			last = now - (int) d->param[PARAM_EXCLUDE] - 1;

	m->groups = d->param[PARAM_SEASONS];
	for (int i = (int) d->param[PARAM_YEARS]; i >= 1; i--)
		take_year(m, g, d, now, surveillance_grid_years_back(g, now, i), surveillance_grid_years_back(g, now, i - 1));
	/* the half window before the judged period belongs to its season */
	for (int k = now - window; k <= last; k++)
		take_point(m, g, k, surveillance_grid_day(g, k) - surveillance_grid_day(g, now), 0,
				   d->param[PARAM_POPULATION] != 0);
}

/* Does every season have a count, and so a level? */
static bool
seasons_filled(const LogLinear *m)
{
	bool		seen[MAX_SEASONS] = {false};

	for (int i = 0; i < m->n; i++)
		seen[m->group[i]] = true;
	for (int s = 0; s < m->groups; s++)
		if (!seen[s])
			return false;
	return m->n > 0;
}

/* ---- the model ---- */

/*
 * Give counts far above their fitted mean (standardised Anscombe residual
 * s > threshold) the weight 1/s^2; weights sum to the number of counts.
 */
static void
reweight(LogLinear *m, double threshold)
{
	double		total = 0;

	for (int i = 0; i < m->n; i++)
	{
		double		root = cbrt(m->mu[i]);
		double		y_root = cbrt(m->y[i]);
		double		residual = 1.5 * (y_root * y_root / sqrt(root) - sqrt(m->mu[i]));
		double		s = residual / sqrt(m->dispersion * (1 - surveillance_loglinear_hat(m, i)));

		m->prior[i] = s > threshold ? 1 / (s * s) : 1;
		total += m->prior[i];
	}
	for (int i = 0; i < m->n; i++)
		m->prior[i] *= m->n / total;
}

/* Fit, weigh past outbreaks down, fit again; without the trend if it must be */
static bool
fit_twice(LogLinear *m, const Detector *d, bool trend)
{
	for (int i = 0; i < m->n; i++)
		m->prior[i] = 1;
	if (!surveillance_loglinear_fit(m, trend))
	{
		if (!trend)
			return false;
		trend = false;
		if (!surveillance_loglinear_fit(m, false))
			return false;
	}
	if (d->param[PARAM_REWEIGHT] == 0)
		return true;
	reweight(m, d->param[PARAM_REWEIGHT]);
	return surveillance_loglinear_fit(m, trend);
}

/* The dispersion that standard errors are made with */
static double
se_dispersion(const LogLinear *m, const Detector *d)
{
	if (d->param[PARAM_SE] == SE_PACKAGE && d->param[PARAM_REWEIGHT] != 0)
		return surveillance_loglinear_dispersion_package(m);
	return surveillance_loglinear_dispersion(m);
}

/*
 * A trend stays when it is significant, rests on three years, and does not
 * lead above every count seen.
 */
static bool
keep_trend(const LogLinear *m, const Detector *d, double offset)
{
	double		se = sqrt(se_dispersion(m, d) / m->spread_t);
	double		p = 2 * statistics_dist_t_sf(fabs(m->slope / se), surveillance_loglinear_df(m));

	return d->param[PARAM_YEARS] >= TREND_MIN_YEARS &&
		p < d->param[PARAM_TREND_P] &&
		exp(surveillance_loglinear_predict(m, 0, 0, offset)) <= m->y_max;
}

/* Fit the model and predict the judged period, which is t = 0 of season 0. */
static bool
predict(LogLinear *m, const Detector *d, double offset, Prediction *out)
{
	bool		classic = d->method == METHOD_FARRINGTON;
	double		dispersion;

	if (!fit_twice(m, d, d->param[PARAM_TREND_P] > 0))
		return false;
	if (m->trend && !keep_trend(m, d, offset) && !fit_twice(m, d, false))
		return false;
	dispersion = classic ? m->dispersion : se_dispersion(m, d);
	out->eta = surveillance_loglinear_predict(m, 0, 0, offset);
	out->se = sqrt(dispersion * surveillance_loglinear_variance(m, 0, 0));
	out->dispersion = m->dispersion;
	out->trend = m->trend ? m->slope : NAN;
	return true;
}

/* ---- the bound ---- */

/* Quantile of a power of the count, which is nearly normal */
static void
bound_by_power(const Detector *d, const Prediction *p, Detection *out)
{
	double		mean = exp(p->eta);
	double		se_mean = mean * p->se;
	double		tau = p->dispersion + se_mean * se_mean / mean;
	double		power;

	switch ((int) d->param[PARAM_POWER])
	{
		case POWER_NONE:
			power = 1;
			out->family = FAMILY_NORMAL;
			out->spread = sqrt(mean * tau);
			break;
		case POWER_HALF:
			power = 0.5;
			out->family = FAMILY_HALF;
			out->spread = sqrt(tau / 4);
			break;
		default:
			power = 2.0 / 3;
			out->family = FAMILY_TWO_THIRDS;
			out->spread = sqrt(4.0 / 9 * cbrt(mean) * tau);
	}
	out->expected = mean;
	out->upper = pow(pow(mean, power) + d->quantile * out->spread, 1 / power);
}

static void
bound_by_count(const Detector *d, const Prediction *p, Detection *out)
{
	double		mean = exp(p->eta);

	out->expected = mean;
	out->family = FAMILY_COUNT;
	out->spread = p->dispersion;
	if (d->param[PARAM_BOUND] == BOUND_MUAN)
		mean = exp(p->eta + d->quantile * p->se);
	out->upper = surveillance_count_upper(d->param[PARAM_ALPHA], mean, p->dispersion);
}

/* Are there enough recent cases to be worth a verdict? */
static NoVerdict
recent_cases(const Detector *d, const Grid *g, int now)
{
	int			periods = d->param[PARAM_MIN_PERIODS];
	int64		cases = 0;
	bool		missing = false;

	for (int i = Max(0, now - periods + 1); i <= now; i++)
	{
		if (count_usable(g->y[i]))
			cases += g->y[i];
		else
			missing = true;
	}
	if (cases >= d->param[PARAM_MIN_CASES])
		return VERDICT_GIVEN;
	return missing ? NO_GAP : NO_CASES;
}

/* At least this share of the counts a model should see must be usable. */
#define MODEL_MIN_SHARE	0.5

/* How many counts the model would see if none were missing */
static int
model_size(const Detector *d, const Grid *g, int now)
{
	int			window = d->param[PARAM_WINDOW];
	int			years = d->param[PARAM_YEARS];

	if (d->param[PARAM_SEASONS] > 1)
		return now - surveillance_grid_years_back(g, now, years) + window + 1;
	return (years + 1) * (2 * window + 1);
}

static NoVerdict
judge_model(const Detector *d, const Grid *g, int now, bool population,
			LogLinear *m, Detection *out)
{
	Prediction	p;

	if (!seasons_filled(m) ||
		m->n < MODEL_MIN_SHARE * (model_size(d, g, now) - (isnan(d->param[PARAM_EXCLUDE]) ? 0 : d->param[PARAM_EXCLUDE])))
		return NO_GAP;
	m->y_max = 0;
	for (int i = 0; i < m->n; i++)
		m->y_max = fmax(m->y_max, m->y[i]);
	if (m->y_max == 0)
		return NO_ZERO_BASELINE;
	if (!predict(m, d, population ? log(g->population[now]) : 0, &p))
		return NO_CONVERGENCE;
	out->trend = p.trend;
	if (d->method == METHOD_FARRINGTON || d->param[PARAM_BOUND] == BOUND_DELTA)
		bound_by_power(d, &p, out);
	else
		bound_by_count(d, &p, out);
	return isfinite(out->upper) ? VERDICT_GIVEN : NO_CONVERGENCE;
}

static NoVerdict
judge_by_model(const Detector *d, const Grid *g, int now,
			   void (*take) (LogLinear *, const Grid *, const Detector *, int),
			   Detection *out)
{
	int			years = d->param[PARAM_YEARS];
	int			window = d->param[PARAM_WINDOW];
	bool		population = d->param[PARAM_POPULATION] == 1;
	LogLinear	m;
	NoVerdict	reason;

	if (surveillance_grid_years_back(g, now, years) - window < 0)
		return NO_HISTORY;
	if ((reason = recent_cases(d, g, now)) != VERDICT_GIVEN)
		return reason;
	if (population && (g->population == NULL || g->population[now] <= 0))
		return NO_POPULATION;
	surveillance_loglinear_init(&m, model_size(d, g, now));
	take(&m, g, d, now);
	reason = judge_model(d, g, now, population, &m, out);
	surveillance_loglinear_free(&m);
	return reason;
}

NoVerdict
surveillance_judge_farrington(const Detector *d, const Grid *g, int now, Run *run, Detection *out)
{
	return judge_by_model(d, g, now, take_windows, out);
}

NoVerdict
surveillance_judge_farrington_flexible(const Detector *d, const Grid *g, int now, Run *run, Detection *out)
{
	return judge_by_model(d, g, now, take_seasons, out);
}
