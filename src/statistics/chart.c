/*-------------------------------------------------------------------------
 *
 * chart.c
 *	  Control charts over a series: XmR, run chart, EWMA, outlier scores.
 *
 * All are window functions over the points of one series in order of time.  A
 * NULL is a missing point: it gets NULL, and its neighbours follow each other.
 *
 * src/statistics/chart.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "statistics/distribution.h"
#include "statistics/statistics.h"

#define MAX_POINTS 1000000

#define XMR_LIMIT 2.66			/* 3 / d2 for moving ranges of two */
#define XMR_SCREEN 3.267		/* D4: moving ranges above it are left out */
#define SHIFT_POINTS 7
#define TREND_POINTS 7
#define MAD_TO_SD 0.6745
#define TUKEY_FENCE 1.5

/* The known points of a series; index leads back to the row */
typedef struct Series
{
	int64		n;
	double	   *y;
	int64	   *row;
} Series;

static Series
read_series(WindowObject winobj, PartitionResult *result, int columns)
{
	Series		s = {0};

	s.y = statistics_partition_column(winobj, 0, result->rows);
	s.row = palloc_extended(Max(result->rows, 1) * sizeof(int64), MCXT_ALLOC_HUGE);
	for (int64 i = 0; i < result->rows; i++)
		if (!isnan(s.y[i]))
		{
			s.y[s.n] = s.y[i];
			s.row[s.n++] = i;
		}
	for (int64 i = 0; i < result->rows * columns; i++)
		result->cell[i] = NAN;
	result->computed = true;
	return s;
}

/* From the first value on, so that the mean of a flat line is that line */
static double
mean_of(const double *y, int64 n)
{
	double		sum = 0;

	for (int64 i = 0; i < n; i++)
		sum += y[i] - y[0];
	return n > 0 ? y[0] + sum / n : NAN;
}

/* Sample standard deviation; NaN below two points */
static double
sd_of(const double *y, int64 n)
{
	double		mean = mean_of(y, n);
	double		sum = 0;

	for (int64 i = 0; i < n; i++)
		sum += (y[i] - mean) * (y[i] - mean);
	return n > 1 ? sqrt(sum / (n - 1)) : NAN;
}

/* How many points set the limits: all of them when the argument is 0 */
static int64
baseline_points(WindowObject winobj, int argno, int64 n)
{
	int32		points = DatumGetInt32(statistics_window_argument(winobj, argno));

	if (points < 0 || points == 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("baseline is out of range"),
				 errdetail("It is %d points.", points),
				 errhint("It must be 0 for all points, or at least 2.")));
	return points == 0 ? n : Min(points, n);
}

/* XmR */

typedef enum XmrColumn
{
	XMR_MEAN, XMR_RANGE, XMR_LOWER, XMR_UPPER,
	XMR_OUTSIDE, XMR_SHIFT, XMR_TREND, XMR_TWO_OF_THREE,
	XMR_COLUMNS
} XmrColumn;

/* Mean moving range of the first n points, without those above the screen */
static double
screened_moving_range(const double *y, int64 n)
{
	double		sum = 0,
				screen;
	int64		kept = 0;

	for (int64 i = 1; i < n; i++)
		sum += fabs(y[i] - y[i - 1]);
	screen = XMR_SCREEN * sum / (n - 1);
	sum = 0;
	for (int64 i = 1; i < n; i++)
		if (fabs(y[i] - y[i - 1]) <= screen)
		{
			sum += fabs(y[i] - y[i - 1]);
			kept++;
		}
	return sum / kept;
}

/* Flag every point of each run of at least "length" equal signs (not 0) */
static void
flag_runs(PartitionResult *result, const Series *s, const int8 *sign, int64 n,
		  int length, int extend, XmrColumn column)
{
	int64		run = 0;

	for (int64 i = 0; i < n; i++)
	{
		if (sign[i] == 0)
			run = 0;
		else
			run = (i > 0 && sign[i] == sign[i - 1]) ? run + 1 : 1;
		if (run == length)
			for (int64 j = i - length + 1; j <= i + extend; j++)
				result->cell[s->row[j] * XMR_COLUMNS + column] = 1;
		else if (run > length)
			result->cell[s->row[i + extend] * XMR_COLUMNS + column] = 1;
	}
}

/* Two of three points in a row between two thirds of a limit and the limit */
static void
flag_two_of_three(PartitionResult *result, const Series *s, const int8 *near)
{
	for (int64 i = 0; i + 2 < s->n; i++)
		for (int sign = -1; sign <= 1; sign += 2)
		{
			int			hits = (near[i] == sign) + (near[i + 1] == sign) + (near[i + 2] == sign);

			for (int64 j = i; j < i + 3 && hits >= 2; j++)
				if (near[j] == sign)
					result->cell[s->row[j] * XMR_COLUMNS + XMR_TWO_OF_THREE] = 1;
		}
}

static inline int8
sign_of(double x)
{
	return (x > 0) - (x < 0);
}

static void
xmr_compute(WindowObject winobj, PartitionResult *result)
{
	Series		s = read_series(winobj, result, XMR_COLUMNS);
	int64		base = baseline_points(winobj, 1, s.n);
	double		mean = mean_of(s.y, base);
	double		range = base > 1 ? screened_moving_range(s.y, base) : NAN;
	double		half = XMR_LIMIT * range;
	int8	   *sign = palloc_extended(Max(s.n, 1), MCXT_ALLOC_HUGE);

	for (int64 i = 0; i < s.n; i++)
	{
		double	   *row = result->cell + s.row[i] * XMR_COLUMNS;

		row[XMR_MEAN] = mean;
		if (isnan(range))
			continue;			/* one point has no limits and no rules */
		row[XMR_RANGE] = range;
		row[XMR_LOWER] = mean - half;
		row[XMR_UPPER] = mean + half;
		row[XMR_OUTSIDE] = s.y[i] < mean - half || s.y[i] > mean + half;
		row[XMR_SHIFT] = row[XMR_TREND] = row[XMR_TWO_OF_THREE] = 0;
	}
	if (isnan(range))
		return;
	for (int64 i = 0; i < s.n; i++)
		sign[i] = sign_of(s.y[i] - mean);
	flag_runs(result, &s, sign, s.n, SHIFT_POINTS, 0, XMR_SHIFT);
	for (int64 i = 0; i + 1 < s.n; i++)
		sign[i] = sign_of(s.y[i + 1] - s.y[i]);
	flag_runs(result, &s, sign, s.n - 1, TREND_POINTS - 1, 1, XMR_TREND);
	for (int64 i = 0; i < s.n; i++)
	{
		double		distance = fabs(s.y[i] - mean);

		sign[i] = distance > half * 2 / 3 && distance <= half ? sign_of(s.y[i] - mean) : 0;
	}
	flag_two_of_three(result, &s, sign);
}

PG_FUNCTION_INFO_V1(statistics_xmr);

Datum
statistics_xmr(PG_FUNCTION_ARGS)
{
	WindowObject winobj = PG_WINDOW_OBJECT();
	PartitionResult *result = statistics_partition(winobj, XMR_COLUMNS, MAX_POINTS);

	if (!result->computed)
		xmr_compute(winobj, result);
	return statistics_partition_row(fcinfo, result, "ffffbbbb");
}

/* Run chart */

static double
median_of(const double *y, int64 n)
{
	double	   *sorted = palloc_extended(Max(n, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	double		median;

	if (n == 0)
		return NAN;
	memcpy(sorted, y, n * sizeof(double));
	statistics_sort(sorted, n, sizeof(double));
	median = statistics_quantile7(sorted, n, 0.5);
	pfree(sorted);
	return median;
}

/*
 * Anhoej and Olesen 2014: points on the median are left out; a run too long
 * or too few crossings of the median are signals.
 */
static void
run_chart_compute(WindowObject winobj, PartitionResult *result)
{
	Series		s = read_series(winobj, result, 7);
	double		median = median_of(s.y, s.n);
	int			last = 0;
	int64		useful = 0,
				run = 0,
				longest = 0,
				crossings = 0;
	double		out[7];

	for (int64 i = 0; i < s.n; i++)
	{
		int			side = sign_of(s.y[i] - median);

		if (side == 0)
			continue;
		crossings += useful > 0 && side != last;
		run = side == last ? run + 1 : 1;
		longest = Max(longest, run);
		last = side;
		useful++;
	}
	out[0] = median;
	out[1] = useful;
	out[2] = longest;
	out[3] = useful > 0 ? rint(log2(useful) + 3) : NAN;
	out[4] = crossings;
	out[5] = useful > 0 ? statistics_dist_binomial_quantile(0.05, useful - 1, 0.5) : NAN;
	out[6] = useful > 0 && (longest > out[3] || crossings < out[5]);
	for (int64 i = 0; i < s.n; i++)
		memcpy(result->cell + s.row[i] * 7, out, sizeof(out));
}

PG_FUNCTION_INFO_V1(statistics_run_chart);

Datum
statistics_run_chart(PG_FUNCTION_ARGS)
{
	WindowObject winobj = PG_WINDOW_OBJECT();
	PartitionResult *result = statistics_partition(winobj, 7, MAX_POINTS);

	if (!result->computed)
		run_chart_compute(winobj, result);
	return statistics_partition_row(fcinfo, result, "fiiiiib");
}

/* EWMA */

static void
ewma_compute(WindowObject winobj, PartitionResult *result)
{
	Series		s = read_series(winobj, result, 4);
	double		lambda = statistics_positive(
											 DatumGetFloat8(statistics_window_argument(winobj, 1)), "lambda");
	double		width = statistics_positive(
											DatumGetFloat8(statistics_window_argument(winobj, 2)), "width");
	int64		base = baseline_points(winobj, 3, s.n);
	double		mean = mean_of(s.y, base);
	double		sd = sd_of(s.y, base);
	double		ewma = mean;

	statistics_probability(lambda, "lambda");
	for (int64 i = 0; i < s.n; i++)
	{
		double	   *row = result->cell + s.row[i] * 4;
		double		half = width * sd *
		sqrt(lambda / (2 - lambda) * -expm1(2 * (i + 1.0) * log1p(-lambda)));

		ewma += lambda * (s.y[i] - ewma);
		row[0] = ewma;
		row[1] = mean - half;
		row[2] = mean + half;
		row[3] = isnan(half) ? NAN : fabs(ewma - mean) > half;
	}
}

PG_FUNCTION_INFO_V1(statistics_ewma);

Datum
statistics_ewma(PG_FUNCTION_ARGS)
{
	WindowObject winobj = PG_WINDOW_OBJECT();
	PartitionResult *result = statistics_partition(winobj, 4, MAX_POINTS);

	if (!result->computed)
		ewma_compute(winobj, result);
	return statistics_partition_row(fcinfo, result, "fffb");
}

/* Outlier scores */

static void
outlier_compute(WindowObject winobj, PartitionResult *result)
{
	Series		s = read_series(winobj, result, 4);
	double		mean = mean_of(s.y, s.n);
	double		sd = sd_of(s.y, s.n);
	double		median = median_of(s.y, s.n);
	double	   *sorted = palloc_extended(Max(s.n, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	double		mad,
				q1,
				q3;

	if (s.n == 0)
		return;
	for (int64 i = 0; i < s.n; i++)
		sorted[i] = fabs(s.y[i] - median);
	mad = median_of(sorted, s.n);
	memcpy(sorted, s.y, s.n * sizeof(double));
	statistics_sort(sorted, s.n, sizeof(double));
	q1 = statistics_quantile7(sorted, s.n, 0.25);
	q3 = statistics_quantile7(sorted, s.n, 0.75);
	for (int64 i = 0; i < s.n; i++)
	{
		double	   *row = result->cell + s.row[i] * 4;

		/* a scale of 0 gives no score, not a score of 0 */
		row[0] = sd > 0 ? (s.y[i] - mean) / sd : NAN;
		row[1] = mad > 0 ? MAD_TO_SD * (s.y[i] - median) / mad : NAN;
		row[2] = q1 - TUKEY_FENCE * (q3 - q1);
		row[3] = q3 + TUKEY_FENCE * (q3 - q1);
	}
}

PG_FUNCTION_INFO_V1(statistics_outlier_scores);

Datum
statistics_outlier_scores(PG_FUNCTION_ARGS)
{
	WindowObject winobj = PG_WINDOW_OBJECT();
	PartitionResult *result = statistics_partition(winobj, 4, MAX_POINTS);

	if (!result->computed)
		outlier_compute(winobj, result);
	return statistics_partition_row(fcinfo, result, "ffff");
}
