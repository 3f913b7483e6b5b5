/*-------------------------------------------------------------------------
 *
 * season_methods.c
 *	  Detectors that compare a count with the same season of past years:
 *	  Bayes, RKI, historical limits, endemic channel, moving percentile.
 *
 * src/surveillance/season_methods.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "surveillance/surveillance.h"

/* The counts that a method compares with, and how many were not usable */
typedef struct Reference
{
	double	   *value;
	int			n;
	int			missing;
} Reference;

static void
reference_take(Reference *r, const Grid *g, int from, int to)
{
	for (int i = from; i <= to; i++)
	{
		if (i < g->n && count_usable(g->y[i]))
			r->value[r->n++] = g->y[i];
		else
			r->missing++;
	}
}

/*
 * The periods within "window" of the same period of each past year, and,
 * where asked, the last "window" periods of this one.
 */
static NoVerdict
reference_seasons(const Detector *d, const Grid *g, int now, bool current_year, Reference *r)
{
	int			years = d->param[PARAM_YEARS];
	int			window = d->param[PARAM_WINDOW];

	memset(r, 0, sizeof(*r));
	if (surveillance_grid_years_back(g, now, years) - window < 0)
		return NO_HISTORY;
	r->value = palloc(sizeof(double) * ((2 * window + 1) * years + window));
	if (current_year)
		reference_take(r, g, now - window, now - 1);
	for (int i = 1; i <= years; i++)
	{
		int			same = surveillance_grid_years_back(g, now, i);

		reference_take(r, g, same - window, same + window);
	}
	return r->n == 0 ? NO_GAP : VERDICT_GIVEN;
}

static void
mean_and_sd(const double *x, int n, double *mean, double *sd)
{
	double		sum = 0;
	double		squares = 0;

	for (int i = 0; i < n; i++)
		sum += x[i];
	*mean = sum / n;
	for (int i = 0; i < n; i++)
		squares += (x[i] - *mean) * (x[i] - *mean);
	*sd = sqrt(squares / (n - 1));
}

NoVerdict
surveillance_judge_bayes(const Detector *d, const Grid *g, int now, Run *run, Detection *out)
{
	Reference	r;
	NoVerdict	reason;
	double		sum = 0;

	reason = reference_seasons(d, g, now, d->param[PARAM_CURRENT_YEAR] != 0, &r);
	if (reason != VERDICT_GIVEN)
		return reason;
	for (int i = 0; i < r.n; i++)
		sum += r.value[i];
	out->expected = (sum + 0.5) / r.n;
	out->spread = (r.n + 1.0) / r.n;
	out->family = FAMILY_COUNT;
	out->upper = surveillance_count_upper(d->param[PARAM_ALPHA], out->expected, out->spread);
	return VERDICT_GIVEN;
}

/*
 * Up to this mean the institute takes the upper limit of the 95 % interval of
 * a Poisson count of floor(mean), else the normal distribution.  The limits
 * are those of Crow and Gardner 1959 (Biometrika 46:441, table 1).
 */
#define RKI_POISSON_UP_TO	20

static const double rki_poisson_limit[RKI_POISSON_UP_TO + 1] = {
	3.285, 5.323, 6.686, 8.102, 9.598, 11.177, 12.817, 13.765, 14.921, 16.768, 17.633,
	19.05, 20.335, 21.364, 22.945, 23.762, 25.4, 26.306, 27.735, 28.966, 30.017
};

NoVerdict
surveillance_judge_rki(const Detector *d, const Grid *g, int now, Run *run, Detection *out)
{
	Reference	r;
	NoVerdict	reason;
	double		sd;

	reason = reference_seasons(d, g, now, d->param[PARAM_CURRENT_YEAR] != 0, &r);
	if (reason == VERDICT_GIVEN && (r.missing > 0 || r.n < 2))
		reason = NO_GAP;
	if (reason != VERDICT_GIVEN)
		return reason;
	mean_and_sd(r.value, r.n, &out->expected, &sd);
	if (out->expected <= RKI_POISSON_UP_TO)
	{
		out->upper = rki_poisson_limit[(int) out->expected];
		return VERDICT_GIVEN;
	}
	out->spread = sd;
	out->family = FAMILY_NORMAL;
	out->upper = out->expected + 2 * sd;
	return VERDICT_GIVEN;
}

#define BLOCK_WEEKS		4

/* The sum of the four periods that end with "last"; false when one is missing */
static bool
block_sum(const Grid *g, int last, double *sum)
{
	*sum = 0;
	for (int i = last - BLOCK_WEEKS + 1; i <= last; i++)
	{
		if (i < 0 || i >= g->n || !count_usable(g->y[i]))
			return false;
		*sum += g->y[i];
	}
	return true;
}

/*
 * Judges the sum of the last four periods, which is also what the detection
 * reports as observed.
 */
NoVerdict
surveillance_judge_historical_limits(const Detector *d, const Grid *g, int now, Run *run, Detection *out)
{
	int			years = d->param[PARAM_YEARS];
	int			blocks = d->param[PARAM_BLOCKS];
	double		sum[MAX_YEARS * 11];
	int			n = 0;

	if (surveillance_grid_years_back(g, now, years) - blocks * BLOCK_WEEKS - (BLOCK_WEEKS - 1) < 0)
		return NO_HISTORY;
	if (!block_sum(g, now, &out->observed))
		return NO_GAP;
	for (int i = 1; i <= years; i++)
		for (int b = -blocks; b <= blocks; b++)
			if (!block_sum(g, surveillance_grid_years_back(g, now, i) + b * BLOCK_WEEKS, &sum[n++]))
				return NO_GAP;
	if (n < 2)
		return NO_HISTORY;
	mean_and_sd(sum, n, &out->expected, &out->spread);
	out->spread *= sqrt(1 + 1.0 / n);
	out->family = FAMILY_NORMAL;
	out->upper = out->expected + d->quantile * out->spread;
	return VERDICT_GIVEN;
}

NoVerdict
surveillance_judge_endemic_channel(const Detector *d, const Grid *g, int now, Run *run, Detection *out)
{
	Reference	r;
	NoVerdict	reason = reference_seasons(d, g, now, false, &r);

	if (reason == VERDICT_GIVEN && (r.n < 2 || r.missing > r.n))
		reason = NO_GAP;
	if (reason != VERDICT_GIVEN)
		return reason;
	mean_and_sd(r.value, r.n, &out->expected, &out->spread);
	out->family = FAMILY_NORMAL;
	out->upper = out->expected + d->param[PARAM_Z] * out->spread;
	return VERDICT_GIVEN;
}

static int
double_cmp(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

/* The value that a share p of the sorted x lies below, interpolated linearly */
static double
percentile(const double *x, int n, double p)
{
	double		at = p * (n - 1);
	int			i = (int) floor(at);

	return i + 1 < n ? x[i] + (at - i) * (x[i + 1] - x[i]) : x[n - 1];
}

NoVerdict
surveillance_judge_moving_percentile(const Detector *d, const Grid *g, int now, Run *run, Detection *out)
{
	Reference	r;
	NoVerdict	reason = reference_seasons(d, g, now, false, &r);

	if (reason == VERDICT_GIVEN && (r.n < 2 || r.missing > r.n))
		reason = NO_GAP;
	if (reason != VERDICT_GIVEN)
		return reason;
	qsort(r.value, r.n, sizeof(double), double_cmp);
	out->expected = percentile(r.value, r.n, 0.5);
	out->upper = percentile(r.value, r.n, d->param[PARAM_PERCENTILE]);
	return VERDICT_GIVEN;
}
