/*-------------------------------------------------------------------------
 *
 * judge.c
 *	  Let a detector judge one period: the method that it names, the alarm
 *	  and the score.
 *
 * src/surveillance/judge.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "utils/float.h"

#include "surveillance/surveillance.h"

/*
 * How far the count lies on the way from the expected value to the bound.
 * Where the bound is not above the expected value (sparse counts), the step
 * beyond the bound: in both cases above 1 exactly when there is an alarm.
 */
static double
exceedance(const Detection *v)
{
	if (isnan(v->expected))
		return NAN;
	if (v->upper > v->expected)
		return (v->observed - v->expected) / (v->upper - v->expected);
	return v->observed > v->upper ? 1 + v->observed - v->upper : 0;
}

static void
forget_numbers(Detection *v)
{
	v->expected = v->upper = v->score = v->spread = v->trend = get_float8_nan();
}

/* One form of zero and of "not known" each, so that equal is bytewise equal */
static double
canonical(double x)
{
	return isnan(x) ? get_float8_nan() : x + 0.0;
}

/* Who judges by a method; auto, which chooses among them, is below. */
static NoVerdict judge_auto(const Detector *d, const Grid *g, int now,
							Run *run, Detection *out);

static const DetectorJudge method_judge[N_METHODS] = {
	[METHOD_EARS_C1] = surveillance_judge_ears,
	[METHOD_EARS_C2] = surveillance_judge_ears,
	[METHOD_EARS_C3] = surveillance_judge_ears,
	[METHOD_BAYES] = surveillance_judge_bayes,
	[METHOD_RKI] = surveillance_judge_rki,
	[METHOD_NB_WINDOW] = surveillance_judge_nb_window,
	[METHOD_FARRINGTON] = surveillance_judge_farrington,
	[METHOD_FARRINGTON_FLEXIBLE] = surveillance_judge_farrington_flexible,
	[METHOD_CUSUM] = surveillance_judge_cusum,
	[METHOD_EWMA] = surveillance_judge_ewma,
	[METHOD_HISTORICAL_LIMITS] = surveillance_judge_historical_limits,
	[METHOD_ENDEMIC_CHANNEL] = surveillance_judge_endemic_channel,
	[METHOD_MOVING_PERCENTILE] = surveillance_judge_moving_percentile,
	[METHOD_CASE_THRESHOLD] = surveillance_judge_case_threshold,
	[METHOD_RATE_THRESHOLD] = surveillance_judge_rate_threshold,
	[METHOD_RATIO_THRESHOLD] = surveillance_judge_ratio_threshold,
	[METHOD_AUTO] = judge_auto,
};

/* The shortest histories, in periods, that auto trusts a method with */
#define AUTO_FARRINGTON_YEARS	4
#define AUTO_WINDOW_MIN			28
#define AUTO_BAYES_MIN			7

/* Of months, a year has too few for the windows and seasons of weeks. */
static void
fit_to_months(Detector *d)
{
	d->param[PARAM_WINDOW] = 1;
	d->param[PARAM_SEASONS] = 4;
	d->param[PARAM_EXCLUDE] = 6;
}

/*
 * The method that the history allows: Farrington's from four years of weeks
 * or months on, the window while it is shorter (of daily counts always), the
 * Bayes predictive bound of the first few periods.
 */
static NoVerdict
judge_auto(const Detector *d, const Grid *g, int now, Run *run, Detection *out)
{
	Detector	chosen;
	DetectorMethod method;
	int			years = 0;

	surveillance_detector_default(&chosen, METHOD_FARRINGTON_FLEXIBLE);
	if (d->every == EVERY_MONTH)
		fit_to_months(&chosen);
	while (years < chosen.param[PARAM_YEARS] &&
		   surveillance_grid_years_back(g, now, years + 1) - chosen.param[PARAM_WINDOW] >= 0)
		years++;
	if (d->every != EVERY_DAY && years >= AUTO_FARRINGTON_YEARS)
		method = METHOD_FARRINGTON_FLEXIBLE;
	else if (now >= AUTO_WINDOW_MIN + 2)
		method = METHOD_NB_WINDOW;
	else if (now >= AUTO_BAYES_MIN)
		method = METHOD_BAYES;
	else
		return NO_HISTORY;

	if (method == METHOD_FARRINGTON_FLEXIBLE)
		chosen.param[PARAM_YEARS] = years;
	else
		surveillance_detector_default(&chosen, method);
	chosen.every = d->every;
	if (method == METHOD_NB_WINDOW)
		chosen.param[PARAM_BASELINE] = Min(chosen.param[PARAM_BASELINE], now - chosen.param[PARAM_LAG]);
	else if (method == METHOD_BAYES)
	{
		chosen.param[PARAM_ALPHA] = 0.001;
		chosen.param[PARAM_WINDOW] = now;
	}
	out->method = method;
	return method_judge[method] (&chosen, g, now, run, out);
}

/* Judge period "now", with all of "out" set. */
void
surveillance_detector_judge(const Detector *d, const Grid *g, int now, Run *run, Detection *out)
{
	NoVerdict	reason;

	memset(out, 0, sizeof(*out));
	out->head = wire_head(&detection_wire);
	out->method = d->method;
	out->observed = get_float8_nan();
	forget_numbers(out);

	if (now < 0 || now >= g->n || g->y[now] == COUNT_MISSING)
		reason = NO_COUNT;
	else
	{
		out->observed = g->y[now];
		reason = !count_usable(g->y[now]) ? NO_NEGATIVE :
			method_judge[d->method] (d, g, now, run, out);
	}
	out->reason = reason;
	if (reason != VERDICT_GIVEN)
	{
		forget_numbers(out);
		out->family = FAMILY_NONE;
		out->alarm = false;
		return;
	}
	if (d->method != METHOD_CUSUM)
		out->alarm = out->observed > out->upper;
	if (isnan(out->score))
		out->score = exceedance(out);
	out->expected = canonical(out->expected);
	out->upper = canonical(out->upper);
	out->score = canonical(out->score);
	out->spread = canonical(out->spread);
	out->trend = canonical(out->trend);
}
