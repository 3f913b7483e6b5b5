/*-------------------------------------------------------------------------
 *
 * chain_ladder.c
 *	  The default method: a weighted chain ladder that follows the calendar
 *	  of reporting and learns its error from its own earlier answers.
 *
 * The model.  Reports of event day t that come after x days number
 *		n(t, x) ~ level(t) * share(x) * effect(weekday of t + x)
 * Shares and effects are fitted by iterative proportional fitting, with
 * weights that fall with the age of the *report*, so that a change of the
 * pattern shows after days and not after the longest delay.  The level of a
 * young day is drawn towards that of the days around it, the more so the
 * less of it has come (a gamma prior, whose shape follows how much levels
 * differ from day to day).
 *
 * The error.  The same is asked again as of each of the last days, and
 * compared with what has come since: the ratio, half of it, corrects the
 * answer (a pattern that is changing), and its errors are the variance of
 * the negative binomial that gives the limits: a part in proportion to the
 * mean, of reports that come together, and a part in proportion to its
 * square, by age, of patterns that are not as before.  The idea of learning a
 * nowcast's dispersion from retrospective nowcasts is that of Johnson et
 * al., baselinenowcast, 2025; the weights, effects, prior and correction are
 * this file's.
 *
 * A day on which all but no reports came, where many were due, is an
 * outage: its cells are not read as zeros, and while it lasts there is no
 * estimate.  Reports that then come all at once do not enter the fit.
 *
 * src/nowcast/chain_ladder.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "miscadmin.h"

#include "nowcast/nowcast.h"
#include "statistics/distribution.h"

#define WEEK			7
#define SHARE_MEMORY	5.0		/* days after which a report's weight is 1/e,
								 * for shares */
#define EFFECT_MEMORY	35.0	/* the same for effects of weekdays */
#define LEVEL_MEMORY	4.0		/* days round a day that its level is drawn to */
#define RATIO_MEMORY	3.0		/* days that the correction remembers */
#define ERROR_MEMORY	10.0	/* days that the scatter remembers */
#define AGE_REACH		1.5		/* ages that learn from each other's scatter */
#define REPLAYS			21		/* earlier days that are asked again */
#define FIRST_ROUNDS	8		/* of fitting, from nothing */
#define NEXT_ROUNDS		3		/* of fitting, from the day before */
#define EFFECT_PRIOR	4.0		/* reports a weekday that say: no effect */
#define SHARE_PRIOR		0.05	/* reports that say: as the parent, or all
								 * alike */
#define PARENT_PRIOR	5.0		/* the same where there is a parent */
#define LEVEL_PRIOR		0.1		/* reports that are seen before any is */
#define LEAST_SHAPE		0.5
#define MOST_SHAPE		30.0
#define CLUMP_PRIOR		20.0	/* cells that say: reports come one by one */
#define RATIO_PRIOR		5.0		/* reports that say: no correction */
#define SIZE_PRIOR		0.6		/* replays that say: this size */
#define FIRST_SIZE		5.0
#define LEAST_SCATTER	0.004
#define ADDED_UP		300		/* quantiles beyond it are not found by adding
								 * up */
#define LEAST_COMPLETE	20		/* reports of complete days without which
								 * there is no estimate */

/* What an outage is, and what follows it */
#define OUTAGE_SHARE	0.25	/* of what is expected, at most ... */
#define OUTAGE_P		0.005	/* ... and as unlikely */
#define BACKLOG_SHARE	1.6
#define BACKLOG_P		0.05

typedef enum ReportDay
{
	REPORTED,
	OUTAGE,
	BACKLOG
} ReportDay;

typedef struct Pattern
{
	double		share[NOWCAST_MAX_DELAY + 1];
	double		effect[WEEK];
} Pattern;

/* One earlier day's answer: for each age, and for each day ahead. */
typedef struct Replay
{
	double		expected[NOWCAST_MAX_DELAY + 1];
	double		observed[NOWCAST_MAX_DELAY + 1];
	double		part[NOWCAST_MAX_DELAY + 1];	/* of the rest that could have
												 * come by now */
	double		ahead_expected[NOWCAST_MAX_DELAY + 1];
	double		ahead_observed[NOWCAST_MAX_DELAY + 1];
} Replay;

/*
 * Errors of cells against what was expected: the variance of a cell is
 * clump * e + scatter * e^2, and sums with two weights tell the two apart.
 */
typedef struct Moments
{
	double		error[2];		/* sums of the squared error: as it is, and
								 * over e + 1/2 */
	double		mean[2];		/* the same of e */
	double		square[2];		/* the same of e^2 */
} Moments;

typedef struct ChainLadder
{
	const Triangle *t;
	const Pattern *parent;		/* or NULL */
	ReportDay  *kind;			/* by report day */
	bool	   *counted;		/* by report day: its cells are told, as of
								 * the day asked */
	double	   *level;			/* by event day */
	double	   *near_level;		/* by event day: what the days around say */
	double	   *share_weight;	/* by age of the report */
	double	   *effect_weight;
	double	   *near_weight;	/* by distance of days */
	double	   *ratio_weight;	/* by age of the report */
	double	   *weight;			/* by report day, of the fit at hand: for
								 * shares */
	double	   *slow_weight;	/* the same for effects */
	double	   *due_weight;		/* for shares, times the weekday's effect */
	double	   *seen_level;		/* weighted reports by event day */
	double	   *due;			/* sums of the model, by event day or by
								 * report day */
	double		seen_share[NOWCAST_MAX_DELAY + 1];	/* by delay */
	double		seen_effect[WEEK];	/* by weekday */
	double		shape;			/* of the prior of levels */
	Pattern		pattern;
	Replay		replay[REPLAYS + 1];	/* by days ago */
	double		clump;			/* reports that come together: variance over
								 * mean of a cell */
	Moments		moments;		/* of cells one day ahead, which say so */
	double		scatter_over;	/* one day ahead: sum of (error^2 - expected) */
	double		scatter_under;	/* sum of expected^2 */
	double		low_expected;	/* reports of the last days that had all but
								 * none */
	double		low_observed;
	int			low_days;
} ChainLadder;

static inline int
weekday(const Triangle *t, int day)
{
	return (t->weekday + day) % WEEK;
}

static double *
falling_weights(int n, double memory)
{
	double	   *w = palloc(sizeof(double) * n);

	for (int i = 0; i < n; i++)
		w[i] = exp(-i / memory);
	return w;
}

/* ---- fitting ---- */

/*
 * What a fit compares the model with: sums of the cells, which stay while the
 * rounds go on, each report day with its weight; outages and backlogs have
 * none.
 */
static void
weigh_cells(ChainLadder *l, int now)
{
	const Triangle *t = l->t;

	memset(l->seen_share, 0, sizeof(l->seen_share));
	memset(l->seen_effect, 0, sizeof(l->seen_effect));
	for (int day = 0; day <= now; day++)
	{
		bool		read = l->kind[day] == REPORTED;

		l->weight[day] = read ? l->share_weight[now - day] : 0;
		l->slow_weight[day] = read ? l->effect_weight[now - day] : 0;
	}
	for (int day = 0; day <= now; day++)
	{
		l->seen_level[day] = 0;
		for (int x = triangle_age(t, now, day); x >= 0; x--)
		{
			double		n = triangle_n(t, day, x);

			if (n == 0)
				continue;
			l->seen_level[day] += l->weight[day + x] * n;
			l->seen_share[x] += l->weight[day + x] * n;
			l->seen_effect[weekday(t, day + x)] += l->slow_weight[day + x] * n;
		}
	}
}

/* The inner loop of a fit: sums that do not wait for each other. */
static inline void
add_product(double *sum, const double *a, double b, int n)
{
	for (int i = 0; i < n; i++)
		sum[i] += a[i] * b;
}

/* Levels that fit the cells, given the pattern. */
static void
fit_levels(ChainLadder *l, int now)
{
	for (int day = 0; day <= now; day++)
		l->due_weight[day] = l->weight[day] * l->pattern.effect[weekday(l->t, day)];
	memset(l->due, 0, sizeof(double) * (now + 1));
	for (int x = 0; x <= l->t->longest; x++)
		add_product(l->due, l->due_weight + x, l->pattern.share[x], now + 1 - x);
	for (int day = 0; day <= now; day++)
		l->level[day] = l->due[day] > 0 ? Max(l->seen_level[day], 0) / l->due[day] : 0;
}

/* Shares that fit the cells, given levels and effects; they sum to one, and levels follow. */
static void
fit_shares(ChainLadder *l, int now)
{
	int			longest = l->t->longest;
	double		prior = l->parent ? PARENT_PRIOR : SHARE_PRIOR,
				due[NOWCAST_MAX_DELAY + 1] = {0},
				sum = 0;

	for (int day = 0; day <= now; day++)
		add_product(due, l->due_weight + day, l->level[day], Min(longest, now - day) + 1);
	for (int x = 0; x <= longest; x++)
	{
		double		seen = l->seen_share[x] + prior * (l->parent ? l->parent->share[x] : 1.0 / (longest + 1));

		l->pattern.share[x] = Max(seen, 0) / (due[x] + prior);
		sum += l->pattern.share[x];
	}
	for (int x = 0; x <= longest; x++)
		l->pattern.share[x] /= sum;
	for (int day = 0; day <= now; day++)
		l->level[day] *= sum;
}

/* Effects of weekdays that fit the cells, their mean one. */
static void
fit_effects(ChainLadder *l, int now)
{
	double		due[WEEK],
				sum = 0;

	for (int i = 0; i < WEEK; i++)
		due[i] = EFFECT_PRIOR;
	memset(l->due, 0, sizeof(double) * (now + 1));
	for (int x = 0; x <= l->t->longest; x++)
		add_product(l->due + x, l->level, l->pattern.share[x], now + 1 - x);
	for (int day = 0; day <= now; day++)
		due[weekday(l->t, day)] += l->slow_weight[day] * l->due[day];
	for (int i = 0; i < WEEK; i++)
	{
		double		prior = EFFECT_PRIOR * (l->parent ? l->parent->effect[i] : 1);

		l->pattern.effect[i] = Max(l->seen_effect[i] + prior, 0) / due[i];
		sum += l->pattern.effect[i];
	}
	for (int i = 0; i < WEEK; i++)
		l->pattern.effect[i] *= WEEK / sum;
}

static void
fit(ChainLadder *l, int now, int rounds)
{
	CHECK_FOR_INTERRUPTS();
	weigh_cells(l, now);
	for (int i = 0; i < rounds; i++)
	{
		fit_levels(l, now);
		fit_shares(l, now);
		fit_effects(l, now);
	}
}

static void
start_pattern(ChainLadder *l)
{
	if (l->parent)
		l->pattern = *l->parent;
	else
	{
		for (int x = 0; x <= l->t->longest; x++)
			l->pattern.share[x] = 1.0 / (l->t->longest + 1);
		for (int i = 0; i < WEEK; i++)
			l->pattern.effect[i] = 1;
	}
}

/* ---- levels of young days ---- */

/* The share of a day's reports that comes after from to to days. */
static double
share_between(const ChainLadder *l, int day, int from, int to)
{
	double		sum = 0;

	for (int x = from; x <= to; x++)
		sum += l->pattern.share[x] * l->pattern.effect[weekday(l->t, day + x)];
	return sum;
}

/* The share that has been told by now: not that of an outage which lasts. */
static double
share_told(const ChainLadder *l, int now, int day)
{
	double		sum = 0;

	for (int x = triangle_age(l->t, now, day); x >= 0; x--)
		if (l->counted[day + x])
			sum += l->pattern.share[x] * l->pattern.effect[weekday(l->t, day + x)];
	return sum;
}

/* Which report days are told as of now: an outage's are once its backlog came. */
static void
mark_counted(ChainLadder *l, int now)
{
	bool		caught_up = false;

	for (int day = now; day >= 0; day--)
	{
		if (l->kind[day] == BACKLOG)
			caught_up = true;
		l->counted[day] = l->kind[day] != OUTAGE || caught_up;
	}
}

/*
 * What the days around each young day say of its level, and how far levels
 * differ from that: the shape of the prior.
 */
static void
prepare_levels(ChainLadder *l, int now)
{
	const Triangle *t = l->t;
	int			first = Max(now - t->longest, 0);
	double	   *seen = palloc(sizeof(double) * (now + 1)),
			   *told = palloc(sizeof(double) * (now + 1)),
				over = 0,
				under = 0;

	mark_counted(l, now);
	for (int day = 0; day <= now; day++)
	{
		seen[day] = nowcast_reported(t, now, day);
		told[day] = share_told(l, now, day);
	}
	for (int day = first; day <= now; day++)
	{
		double		reports = LEVEL_PRIOR,
					shares = LEVEL_PRIOR;

		for (int other = 0; other <= now; other++)
		{
			double		w = other == day ? 0 : l->near_weight[abs(other - day)];

			reports += w * seen[other];
			shares += w * told[other];
		}
		l->near_level[day] = reports / shares;
		if (told[day] > 0.2)
		{
			double		mean = l->near_level[day] * told[day];

			over += (seen[day] - mean) * (seen[day] - mean) - l->clump * mean;
			under += mean * mean;
		}
	}
	l->shape = over > 0 ? Min(Max(under / over, LEAST_SHAPE), MOST_SHAPE) : MOST_SHAPE;
	pfree(seen);
	pfree(told);
}

/* The level of a young day: its own reports and the days around it. */
static double
level_of(const ChainLadder *l, int now, int day)
{
	return (l->shape + nowcast_reported(l->t, now, day) / l->clump) /
		(l->shape / l->near_level[day] + share_told(l, now, day) / l->clump);
}

/* ---- asking earlier days again ---- */

/*
 * The cells of one report day, by age, against what was expected of them.
 * That more or less came in all is a pattern that is changing and not reports
 * that come together: expected are parts of what came.
 */
static void
note_errors(Moments *m, const Triangle *t, int report_day, const double *expected)
{
	double		sum = 0,
				came = 0;

	for (int x = 1; x <= t->longest && x <= report_day; x++)
	{
		sum += expected[x];
		came += triangle_n(t, report_day - x, x);
	}
	if (came <= 0)
		return;
	for (int x = 1; x <= t->longest && x <= report_day; x++)
	{
		double		e = expected[x] * came / sum,
					error = triangle_n(t, report_day - x, x) - e;

		for (int i = 0; i < 2; i++)
		{
			double		w = i == 0 ? 1 : 1 / (e + 0.5);

			m->error[i] += w * error * error;
			m->mean[i] += w * e * (1 - expected[x] / sum);
			m->square[i] += w * e * e;
		}
	}
}

/*
 * How many reports come together, at least one; a few cells say nothing yet.
 * Two equations, error = clump * mean + scatter * square.  The first has the
 * more of squares, so the determinant is negative; where it leaves scatter
 * none, all is the clump's.
 */
static double
clump_of(const Moments *m)
{
	double		determinant = m->mean[0] * m->square[1] - m->mean[1] * m->square[0],
				scatter = m->mean[0] * m->error[1] - m->mean[1] * m->error[0],	/* times determinant */
				clump;

	if (m->mean[1] <= 0)
		return 1;
	clump = determinant < 0 && scatter < 0 ?
		(m->error[0] * m->square[1] - m->error[1] * m->square[0]) / determinant :
		m->error[1] / m->mean[1];
	return Max((clump * m->mean[1] + CLUMP_PRIOR) / (m->mean[1] + CLUMP_PRIOR), 1);
}

/*
 * The reports that came on a day, of events so many days before or more.
 * What was taken back is no silence.
 */
static double
reports_of(const Triangle *t, int report_day, int youngest)
{
	double		came = 0;

	for (int x = youngest; x <= t->longest && x <= report_day; x++)
		came += Max(triangle_n(t, report_day - x, x), 0);
	return came;
}

/*
 * Is this day an outage, or the backlog of one?  Judged by what was expected
 * of it, with the scatter of such expectations; days one after the other that
 * had all but none are judged together (each errs by itself).
 */
static void
judge_report_day(ChainLadder *l, int day, double observed, double expected)
{
	double		square = expected * expected,
				scatter = (l->scatter_over + 0.1 * square) / (l->scatter_under + square + 1e-9),
				size = 1 / Min(Max(scatter, 0.05), 1);

	if (expected <= 0)
		return;
	if (observed < OUTAGE_SHARE * expected)
	{
		l->low_expected += expected;
		l->low_observed += observed;
		l->low_days++;
	}
	else
		l->low_expected = l->low_observed = l->low_days = 0;
	if (l->low_days > 0 && statistics_dist_negbin_cdf(l->low_observed, l->low_expected, l->low_days * size) < OUTAGE_P)
		for (int i = 0; i < l->low_days; i++)
			l->kind[day - i] = OUTAGE;
	else if (l->kind[day - 1] != REPORTED && observed > BACKLOG_SHARE * expected &&
			 statistics_dist_negbin_sf(observed, expected, size) < BACKLOG_P)
		l->kind[day] = BACKLOG;
	else
	{
		l->scatter_over += (observed - expected) * (observed - expected) - expected;
		l->scatter_under += square;
	}
}

/*
 * The same of the days before the first that is asked again: one of these
 * must not begin in an outage that it takes for the pattern.  They lie far
 * enough back to be compared with their weekday in the weeks around.
 */
static void
judge_old_report_days(ChainLadder *l, int until)
{
	const Triangle *t = l->t;
	double	   *came = palloc0(sizeof(double) * t->days);

	for (int day = 0; day < t->days; day++)
		came[day] = reports_of(t, day, 0);
	/* earlier days lack reports of events before the first */
	for (int day = t->longest; day <= until; day++)
	{
		double		sum = 0;
		int			weeks = 0;

		for (int other = day % WEEK; other < t->days; other += WEEK)
			if (other != day && other >= t->longest)
			{
				sum += came[other];
				weeks++;
			}
		if (day > 0 && weeks > 0)
			judge_report_day(l, day, came[day], sum / weeks);
	}
	pfree(came);
	l->scatter_over = l->scatter_under = 0;
}

static void
replay(ChainLadder *l, int ago)
{
	const Triangle *t = l->t;
	int			now = t->days - 1,
				then = now - ago;
	Replay	   *r = &l->replay[ago];
	double		next[NOWCAST_MAX_DELAY + 1];	/* expected of the day after */

	memset(r, 0, sizeof(Replay));
	memset(next, 0, sizeof(next));
	for (int age = 0; age < t->longest && age <= then; age++)
	{
		int			day = then - age,
					last = Min(age + ago, t->longest);
		double		level = level_of(l, then, day),
					rest = level * share_between(l, day, age + 1, t->longest);

		for (int x = age + 1; x <= last; x++)
		{
			double		expected = level * l->pattern.share[x] * l->pattern.effect[weekday(t, day + x)];

			r->expected[age] += expected;
			r->observed[age] += triangle_n(t, day, x);
			r->ahead_expected[x - age] += expected;
			r->ahead_observed[x - age] += triangle_n(t, day, x);
			if (x == age + 1)
				next[x] = expected;
		}
		r->part[age] = rest > 0 ? r->expected[age] / rest : 0;
	}
	judge_report_day(l, then + 1, reports_of(t, then + 1, 1), r->ahead_expected[1]);
	if (l->kind[then] == REPORTED && l->kind[then + 1] == REPORTED)
		note_errors(&l->moments, t, then + 1, next);
	l->clump = clump_of(&l->moments);
}

/*
 * How much more than expected came lately, as it could be known so many days
 * ago; half of it, on the scale of logarithms: a change is seen before it is
 * over, and chance is halved too.
 */
static double
correction(const ChainLadder *l, int replays, int ago)
{
	int			now = l->t->days - 1;
	double		expected = RATIO_PRIOR,
				observed = RATIO_PRIOR;

	for (int older = replays; older > ago; older--)
	{
		const Replay *r = &l->replay[older];

		if (l->kind[now - older] != REPORTED)
			continue;
		for (int ahead = 1; ahead <= older - ago && ahead <= l->t->longest; ahead++)
		{
			double		w = l->ratio_weight[older - ago - ahead];

			if (l->kind[now - older + ahead] == REPORTED)
			{
				expected += w * r->ahead_expected[ahead];
				observed += w * r->ahead_observed[ahead];
			}
		}
	}
	return sqrt(Max(observed, 1) / expected);
}

/* The scatter of earlier answers at each age: over and under are sums as in judge_report_day. */
static void
learn_scatter(const ChainLadder *l, int replays, double *over, double *under)
{
	int			now = l->t->days - 1;

	for (int ago = replays; ago >= 1; ago--)
	{
		const Replay *r = &l->replay[ago];
		double		factor = correction(l, replays, ago),
					w = exp(-ago / ERROR_MEMORY);

		if (l->kind[now - ago] != REPORTED)
			continue;
		for (int age = 0; age < l->t->longest && age <= now - ago; age++)
		{
			double		expected = r->expected[age] * factor,
						error = r->observed[age] - expected;

			over[age] += w * r->part[age] * (error * error - l->clump * expected);
			under[age] += w * r->part[age] * expected * expected;
		}
	}
}

/* ---- the answer ---- */

/*
 * The median of what is still to come, and limits between which a share level
 * of it lies: a number that is as likely as not beyond a limit is half within
 * ("mid-p"), else limits of small numbers would hold more than they say.
 * Nearly all by adding up probabilities once.
 */
static void
limits(double mean, double size, double level, double *lower, double *median, double *upper)
{
	double		tail = (1 - level) / 2,
				odds = mean / (mean + size),
				term = pow(size / (mean + size), size),
				middle = term / 2,	/* below k, and half of k */
				cdf = term;
	int			k = 0;

	*lower = *median = *upper = -1;
	for (k = 0; k < ADDED_UP && *upper < 0; k++)
	{
		double		next = (size + k) / (k + 1) * odds * term;

		if (*lower < 0 && middle >= tail - 1e-12)
			*lower = k;
		if (*median < 0 && cdf >= 0.5 - 1e-12)
			*median = k;
		if (cdf + next / 2 >= 1 - tail - 1e-12)
			*upper = k;
		middle = cdf + next / 2;
		cdf += next;
		term = next;
	}
	if (*lower < 0)
		*lower = statistics_dist_negbin_quantile(tail, mean, size);
	if (*median < 0)
		*median = statistics_dist_negbin_quantile(0.5, mean, size);
	if (*upper < 0)
		*upper = statistics_dist_negbin_quantile(1 - tail, mean, size);
}

static void
answer(ChainLadder *l, int replays, double level, Nowcast *out)
{
	const Triangle *t = l->t;
	int			now = t->days - 1;
	double		over[NOWCAST_MAX_DELAY + 1] = {0},
				under[NOWCAST_MAX_DELAY + 1] = {0},
				factor = correction(l, replays, 0);

	learn_scatter(l, replays, over, under);
	for (int age = 0; age <= t->longest; age++)
	{
		int			day = now - age;
		double		told = share_told(l, now, day),
					rest = share_between(l, day, age + 1, t->longest),
					mean = level_of(l, now, day) * rest * factor,
					o = 0,
					u = 1e-9,
					lower,
					median,
					upper;

		for (int other = 0; other < t->longest; other++)
		{
			double		w = exp(-abs(other - age) / AGE_REACH);

			o += w * over[other];
			u += w * under[other];
		}
		o += SIZE_PRIOR * mean * mean / FIRST_SIZE;
		u += SIZE_PRIOR * mean * mean;
		limits(mean, 1 / (Max(o / u, LEAST_SCATTER) + (l->clump - 1) / Max(mean, 1e-9)), level, &lower, &median, &upper);
		out[age].mean = out[age].reported + mean;
		out[age].lower = out[age].reported + lower;
		out[age].estimate = out[age].reported + median;
		out[age].upper = out[age].reported + upper;
		out[age].share = told + rest > 0 ? told / (told + rest) : 1;
	}
}

/* Reports of days that are complete. */
static double
complete_reports(const Triangle *t)
{
	double		sum = 0;

	for (int day = 0; day < t->days - t->longest; day++)
		sum += nowcast_reported(t, t->days - 1, day);
	return sum;
}

static void
no_estimate(const Triangle *t, const char *reason, Nowcast *out)
{
	for (int age = 0; age <= t->longest; age++)
		out[age].reason = reason;
}

static ChainLadder *
chain_ladder(const Triangle *t, const Pattern *parent)
{
	ChainLadder *l = palloc(sizeof(ChainLadder));

	l->t = t;
	l->parent = parent;
	l->kind = palloc0(sizeof(ReportDay) * t->days);
	l->counted = palloc0(sizeof(bool) * t->days);
	l->level = palloc0(sizeof(double) * t->days);
	l->near_level = palloc0(sizeof(double) * t->days);
	l->share_weight = falling_weights(t->days, SHARE_MEMORY);
	l->effect_weight = falling_weights(t->days, EFFECT_MEMORY);
	l->near_weight = falling_weights(t->days, LEVEL_MEMORY);
	l->ratio_weight = falling_weights(REPLAYS + 1, RATIO_MEMORY);
	l->weight = palloc0(sizeof(double) * t->days);
	l->slow_weight = palloc0(sizeof(double) * t->days);
	l->due_weight = palloc0(sizeof(double) * t->days);
	l->seen_level = palloc0(sizeof(double) * t->days);
	l->due = palloc0(sizeof(double) * t->days);
	l->clump = 1;
	memset(&l->moments, 0, sizeof(l->moments));
	l->scatter_over = l->scatter_under = 0;
	l->low_expected = l->low_observed = l->low_days = 0;
	start_pattern(l);
	return l;
}

void
nowcast_chain_ladder(const Triangle *t, const Triangle *parent, double level, Nowcast *out)
{
	ChainLadder *l;
	Pattern    *inherited = NULL;
	int			now = t->days - 1,
				replays = Min(REPLAYS, now - 3);

	if (complete_reports(parent ? parent : t) < LEAST_COMPLETE)
	{
		no_estimate(t, "too_few", out);
		return;
	}
	if (parent)
	{
		l = chain_ladder(parent, NULL);
		fit(l, now, FIRST_ROUNDS);
		inherited = &l->pattern;
	}
	l = chain_ladder(t, inherited);
	judge_old_report_days(l, now - replays);
	for (int ago = replays; ago >= 1; ago--)
	{
		fit(l, now - ago, ago == replays ? FIRST_ROUNDS : NEXT_ROUNDS);
		prepare_levels(l, now - ago);
		replay(l, ago);
	}
	if (l->kind[now] == OUTAGE)
	{
		no_estimate(t, "no_reports", out);
		return;
	}
	start_pattern(l);
	fit(l, now, FIRST_ROUNDS);
	prepare_levels(l, now);
	answer(l, replays, level, out);
}
