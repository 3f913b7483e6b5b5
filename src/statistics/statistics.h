/*-------------------------------------------------------------------------
 *
 * statistics.h
 *	  What the SQL-callable functions of this room share: checked arguments,
 *	  composite results, and partitions read into arrays.
 *
 * src/statistics/statistics.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_STATISTICS_STATISTICS_H
#define CIVIC_STATISTICS_STATISTICS_H

#include "compat.h"

#include "windowapi.h"

#define STATISTICS_MAX_COLUMNS 12

/* Checked arguments; each raises 22023 with the value and what is allowed */
extern double statistics_not_negative(double value, const char *name);
extern double statistics_finite(double value, const char *name);
extern double statistics_positive(double value, const char *name);
extern double statistics_probability(double value, const char *name);
extern double statistics_confidence(double confidence);

/* A row of the function's result type; the descriptor is kept in fn_extra */
extern Datum statistics_row(FunctionCallInfo fcinfo, Datum *values, bool *nulls);

/*
 * The same from numbers, one letter of kinds a column: f float8, i int4,
 * b boolean.  NaN, which no result is, stands for NULL.
 */
extern Datum statistics_columns(FunctionCallInfo fcinfo, const char *kinds,
								const double *columns);

/* A float8 column of such a row */
extern void statistics_set(Datum *values, bool *nulls, int column, double value);

/*
 * Window functions that need their whole partition compute it at the first
 * row into an array of rows x columns kept with the partition.
 */
typedef struct PartitionResult
{
	bool		computed;
	int64		rows;
	double		cell[FLEXIBLE_ARRAY_MEMBER];
} PartitionResult;

extern PartitionResult *statistics_partition(WindowObject winobj, int columns, int64 limit);
extern double *statistics_partition_column(WindowObject winobj, int argno, int64 rows);
extern Datum statistics_partition_row(FunctionCallInfo fcinfo, PartitionResult *result,
									  const char *kinds);

/* An argument that is the same for all rows, read at the first one */
extern Datum statistics_window_argument(WindowObject winobj, int argno);

extern void statistics_sort(void *base, size_t n, size_t size);
extern int	statistics_compare_double(const void *a, const void *b);
extern double statistics_quantile7(const double *sorted, int64 n, double p);

#endif							/* CIVIC_STATISTICS_STATISTICS_H */
