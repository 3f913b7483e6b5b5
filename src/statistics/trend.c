/*-------------------------------------------------------------------------
 *
 * trend.c
 *	  The robust trend of a series: Theil-Sen slope with its interval.
 *
 * src/statistics/trend.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "statistics/interval.h"
#include "statistics/statistics.h"
#include "utils/array.h"

#define TREND_MAX_POINTS 4000	/* 8 million slopes, 64 MB */

typedef struct Point
{
	double		t;
	double		y;
} Point;

/* The pairs of two arrays in which neither value is NULL, ordered by t */
static Point *
read_points(ArrayType *times, ArrayType *values, int *count)
{
	Datum	   *t,
			   *y;
	bool	   *t_null,
			   *y_null;
	int			nt,
				ny;
	Point	   *point;

	deconstruct_array(times, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &t, &t_null, &nt);
	deconstruct_array(values, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &y, &y_null, &ny);
	if (nt != ny)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("times and values differ in number"),
				 errdetail("There are %d times and %d values.", nt, ny)));
	if (nt > TREND_MAX_POINTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many points for a Theil-Sen slope"),
				 errdetail("There are %d.", nt),
				 errhint("At most %d are allowed; take longer periods.", TREND_MAX_POINTS)));
	point = palloc(Max(nt, 1) * sizeof(Point));
	*count = 0;
	for (int i = 0; i < nt; i++)
		if (!t_null[i] && !y_null[i])
			point[(*count)++] = (Point)
		{
			statistics_finite(DatumGetFloat8(t[i]), "time"),
				statistics_finite(DatumGetFloat8(y[i]), "value")
		};
	/* t is the first field */
	statistics_sort(point, *count, sizeof(Point));
	return point;
}

/* The slopes of all pairs at different times, ascending */
static double *
all_slopes(const Point *p, int n, int64 *count)
{
	double	   *slope = palloc_extended(Max((Size) n * (n - 1) / 2, 1) * sizeof(double),
										MCXT_ALLOC_HUGE);

	*count = 0;
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = i + 1; j < n; j++)
			if (p[j].t > p[i].t)
				slope[(*count)++] = (p[j].y - p[i].y) / (p[j].t - p[i].t);
	}
	statistics_sort(slope, *count, sizeof(double));
	return slope;
}

/* Sum of g (g-1) (2g+5) over groups of equal values in a sorted array */
static double
tie_correction(const double *sorted, int n)
{
	double		sum = 0;

	for (int i = 0, j; i < n; i = j)
	{
		double		g;

		for (j = i; j < n && sorted[j] == sorted[i]; j++)
			;
		g = j - i;
		sum += g * (g - 1) * (2 * g + 5);
	}
	return sum;
}

/* Variance of Kendall's S under no trend, with ties in y (Kendall 1970) */
static double
kendall_variance(const Point *p, int n)
{
	double	   *y = palloc(n * sizeof(double));
	double	   *t = palloc(n * sizeof(double));
	double		ties_t,
				ties_y;

	for (int i = 0; i < n; i++)
	{
		y[i] = p[i].y;
		t[i] = p[i].t;
	}
	statistics_sort(y, n, sizeof(double));
	ties_t = tie_correction(t, n);
	ties_y = tie_correction(y, n);
	return fmax(0, ((double) n * (n - 1) * (2.0 * n + 5) - ties_t - ties_y) / 18);
}

/* Median of y - slope * t */
static double
median_intercept(const Point *p, int n, double slope)
{
	double	   *rest = palloc(n * sizeof(double));

	for (int i = 0; i < n; i++)
		rest[i] = p[i].y - slope * p[i].t;
	statistics_sort(rest, n, sizeof(double));
	return statistics_quantile7(rest, n, 0.5);
}

/* Sen 1968: the interval takes the slopes C/2 places from the middle */
PG_FUNCTION_INFO_V1(statistics_theil_sen);

Datum
statistics_theil_sen(PG_FUNCTION_ARGS)
{
	double		z = statistics_interval_z(statistics_confidence(PG_GETARG_FLOAT8(2)));
	int			n;
	Point	   *p = read_points(PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_ARRAYTYPE_P(1), &n);
	int64		slopes,
				lower,
				upper;
	double	   *slope;
	double		reach;
	double		out[5];

	slope = all_slopes(p, n, &slopes);
	if (slopes == 0)
		PG_RETURN_NULL();
	reach = z * sqrt(kendall_variance(p, n));
	lower = (int64) floor((slopes - reach) / 2) - 1;	/* counted from 0 */
	upper = (int64) ceil((slopes + reach) / 2);
	out[0] = statistics_quantile7(slope, slopes, 0.5);
	out[1] = median_intercept(p, n, out[0]);
	/* too few points for an interval of this confidence */
	out[2] = lower < 0 ? -INFINITY : slope[lower];
	out[3] = upper >= slopes ? INFINITY : slope[upper];
	out[4] = n;
	return statistics_columns(fcinfo, "ffffi", out);
}
