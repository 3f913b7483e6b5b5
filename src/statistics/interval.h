/*-------------------------------------------------------------------------
 *
 * interval.h
 *	  Confidence intervals of proportions and counts, for use from C.
 *
 * Arguments are checked by the caller: 0 <= x <= n, n > 0, 0 < confidence < 1.
 *
 * src/statistics/interval.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_STATISTICS_INTERVAL_H
#define CIVIC_STATISTICS_INTERVAL_H

typedef struct Limits
{
	double		lower;
	double		upper;
} Limits;

/* Below this many events Public Health England takes exact limits */
#define INTERVAL_SMALL_COUNT 10

extern double statistics_interval_z(double confidence);
extern Limits statistics_interval_wilson(double x, double n, double confidence);
extern Limits statistics_interval_clopper_pearson(double x, double n, double confidence);
extern Limits statistics_interval_byar(double x, double confidence);
extern Limits statistics_interval_poisson_exact(double x, double confidence);
extern Limits statistics_interval_count(double x, double confidence);

#endif							/* CIVIC_STATISTICS_INTERVAL_H */
