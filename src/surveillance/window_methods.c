/*-------------------------------------------------------------------------
 *
 * window_methods.c
 *	  Detectors that compare a count with the periods just before it: EARS,
 *	  the negative-binomial window, and the fixed and WHO thresholds.
 *
 * Sums over a window are exact integers, so a window that slides gives what
 * one computed afresh would.
 *
 * src/surveillance/window_methods.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "surveillance/surveillance.h"

typedef struct WindowSums
{
	int			n;				/* usable counts */
	int64		sum;
	int128		squares;
} WindowSums;

/* Add up the usable counts of periods [from, to). */
static WindowSums
window_sums(const Grid *g, int from, int to)
{
	WindowSums	w = {0};

	for (int i = from; i < to; i++)
	{
		int64		y = g->y[i];

		if (!count_usable(y))
			continue;
		w.n++;
		w.sum += y;
		w.squares += (int128) y * y;
	}
	return w;
}

/* Sum of squared deviations from the mean: one rounding, at the end */
static double
squared_deviations(const WindowSums *w)
{
	return (double) (w->squares * w->n - (int128) w->sum * w->sum) / w->n;
}

static double
window_sd(const WindowSums *w, double min_sigma)
{
	return fmax(sqrt(squared_deviations(w) / (w->n - 1)), min_sigma);
}

/* ---- EARS ---- */

typedef struct EarsWindow
{
	double		mean;
	double		sd;
} EarsWindow;

static NoVerdict
ears_window(const Detector *d, const Grid *g, int now, EarsWindow *out)
{
	int			baseline = d->param[PARAM_BASELINE];
	int			to = now - (int) d->param[PARAM_LAG];
	WindowSums	w;

	if (to - baseline < 0)
		return NO_HISTORY;
	w = window_sums(g, to - baseline, to);
	if (w.n < baseline)
		return NO_GAP;
	out->mean = (double) w.sum / w.n;
	out->sd = window_sd(&w, d->param[PARAM_MIN_SIGMA]);
	return VERDICT_GIVEN;
}

/*
 * How far period "now" lay above its own window, in sd beyond the first; not
 * a number where neither count nor window vary.
 */
static NoVerdict
ears_excess(const Detector *d, const Grid *g, int now, double *excess)
{
	EarsWindow	w;
	NoVerdict	reason;

	if (now < 0)
		return NO_HISTORY;
	if ((reason = ears_window(d, g, now, &w)) != VERDICT_GIVEN)
		return reason;
	if (!count_usable(g->y[now]))
		return NO_GAP;
	*excess = (g->y[now] - w.mean) / w.sd - 1;
	if (isnan(*excess))
		return NO_VARIATION;
	*excess = fmax(0, *excess);
	return VERDICT_GIVEN;
}

NoVerdict
surveillance_judge_ears(const Detector *d, const Grid *g, int now, Run *run, Detection *out)
{
	EarsWindow	w;
	double		excess1,
				excess2;
	NoVerdict	reason;

	if ((reason = ears_window(d, g, now, &w)) != VERDICT_GIVEN)
		return reason;
	out->expected = w.mean;
	out->spread = w.sd;
	if (d->method != METHOD_EARS_C3)
	{
		out->family = FAMILY_NORMAL;
		out->upper = w.mean + d->quantile * w.sd;
		return VERDICT_GIVEN;
	}
	if ((reason = ears_excess(d, g, now - 2, &excess2)) != VERDICT_GIVEN ||
		(reason = ears_excess(d, g, now - 1, &excess1)) != VERDICT_GIVEN)
		return reason;
	out->upper = g->y[now] + w.sd * (d->quantile - (excess1 + excess2));
	if (isnan(out->upper))
		return NO_VARIATION;
	out->upper = fmax(0, out->upper);
	return VERDICT_GIVEN;
}

/* ---- negative-binomial window ---- */

/* A verdict needs this share of the baseline reported. */
#define NB_MIN_SHARE	0.5

/* A baseline without any event is taken to have had half of one. */
#define NB_FLOOR_EVENTS	0.5

/*
 * The day-of-week factor is pulled towards 1 as if so many times the
 * dispersion of events had been seen without any weekly rhythm; sparse or
 * noisy series thus have almost none.
 */
#define NB_WEEKDAY_PRIOR	30.0

#define WEEKDAYS	7

/* Sums per weekday; all in the first without a weekly rhythm */
static int
nb_window_sums(const Grid *g, int from, int to, bool weekly, WindowSums *day)
{
	int			weekday = weekly ? surveillance_grid_weekday(g, from) : 0;
	int			n = 0;

	memset(day, 0, WEEKDAYS * sizeof(WindowSums));
	for (int i = from; i < to; i++)
	{
		int64		y = g->y[i];

		if (count_usable(y))
		{
			day[weekday].n++;
			day[weekday].sum += y;
			day[weekday].squares += (int128) y * y;
			n++;
		}
		if (weekly && ++weekday == WEEKDAYS)
			weekday = 0;
	}
	return n;
}

/* What the window says about one weekday */
typedef struct NbWeekday
{
	double		expected;
	double		own;			/* share of the factor that its own counts
								 * make */
} NbWeekday;

/*
 * Expected counts per weekday, given a dispersion, and from them a better
 * dispersion: the variance around the expected counts over their size.
 */
static double
nb_window_fit(const WindowSums *day, int days, int n, double mean, double dispersion,
			  NbWeekday *fit)
{
	double		chi2 = 0;
	double		used = 1;

	for (int i = 0; i < days; i++)
	{
		double		usual = day[i].n * mean;
		double		prior = NB_WEEKDAY_PRIOR * dispersion;
		double		off;

		fit[i].own = days > 1 ? usual / (usual + prior) : 0;
		fit[i].expected = mean;
		if (days > 1)
			fit[i].expected *= (day[i].sum + prior) / (usual + prior);
		if (day[i].n == 0)
			continue;
		off = (double) day[i].sum / day[i].n - fit[i].expected;
		chi2 += (squared_deviations(&day[i]) + day[i].n * off * off) / fit[i].expected;
		used += fit[i].own * (days - 1) / days;
	}
	return fmax(1, chi2 / (n - used));
}

NoVerdict
surveillance_judge_nb_window(const Detector *d, const Grid *g, int now, Run *run, Detection *out)
{
	int			baseline = d->param[PARAM_BASELINE];
	int			to = now - (int) d->param[PARAM_LAG];
	bool		weekly = d->param[PARAM_DAY_OF_WEEK] != 0 && d->every == EVERY_DAY;
	int			days = weekly ? WEEKDAYS : 1;
	int			today = weekly ? surveillance_grid_weekday(g, now) : 0;
	WindowSums	day[WEEKDAYS];
	NbWeekday	fit[WEEKDAYS];
	int64		sum = 0;
	double		mean;
	int			n;

	if (to - baseline < 0)
		return NO_HISTORY;
	n = nb_window_sums(g, to - baseline, to, weekly, day);
	if (n <= days || n < baseline * NB_MIN_SHARE)
		return NO_GAP;
	for (int i = 0; i < days; i++)
		sum += day[i].sum;

	mean = fmax(sum, NB_FLOOR_EVENTS) / n;
	out->spread = nb_window_fit(day, days, n, mean, 1, fit);
	if (out->spread > 1)
		out->spread = nb_window_fit(day, days, n, mean, out->spread, fit);
	out->expected = fit[today].expected;

	/* The mean and the weekday's factor are uncertain themselves. */
	out->spread *= 1 + 1.0 / n;
	if (fit[today].own > 0)
		out->spread += out->spread * fit[today].own * fit[today].own * mean / (day[today].n * out->expected);
	out->family = FAMILY_COUNT;
	out->upper = surveillance_count_upper(d->param[PARAM_ALPHA], out->expected, out->spread);
	return VERDICT_GIVEN;
}

/* ---- thresholds: U is the largest count that does not yet reach them ---- */

NoVerdict
surveillance_judge_case_threshold(const Detector *d, const Grid *g, int now, Run *run, Detection *out)
{
	out->upper = d->param[PARAM_CASES] - 1;
	return VERDICT_GIVEN;
}

NoVerdict
surveillance_judge_rate_threshold(const Detector *d, const Grid *g, int now, Run *run, Detection *out)
{
	if (g->population == NULL || g->population[now] <= 0)
		return NO_POPULATION;
	out->upper = ceil(d->param[PARAM_PER_100000] * g->population[now] / 100000.0) - 1;
	return VERDICT_GIVEN;
}

NoVerdict
surveillance_judge_ratio_threshold(const Detector *d, const Grid *g, int now, Run *run, Detection *out)
{
	int			periods = d->param[PARAM_PERIODS];
	WindowSums	w;

	if (now - periods < 0)
		return NO_HISTORY;
	w = window_sums(g, now - periods, now);
	if (w.n < periods)
		return NO_GAP;
	if (w.sum == 0)
		return NO_ZERO_BASELINE;
	out->expected = (double) w.sum / w.n;
	out->upper = ceil(d->param[PARAM_TIMES] * w.sum / w.n) - 1;
	return VERDICT_GIVEN;
}
