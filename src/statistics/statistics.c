/*-------------------------------------------------------------------------
 *
 * statistics.c
 *	  Checked arguments, composite results and partitions as arrays.
 *
 * src/statistics/statistics.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "access/htup_details.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "statistics/statistics.h"

static void
refuse(double value, const char *name, const char *allowed)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s is out of range", name),
			 errdetail("It is %g.", value),
			 errhint("It must be %s.", allowed)));
}

double
statistics_not_negative(double value, const char *name)
{
	if (!(value >= 0) || isinf(value))
		refuse(value, name, "a finite number that is not negative");
	return value;
}

double
statistics_finite(double value, const char *name)
{
	if (isnan(value) || isinf(value))
		refuse(value, name, "a finite number");
	return value;
}

double
statistics_positive(double value, const char *name)
{
	if (!(value > 0) || isinf(value))
		refuse(value, name, "a finite number above 0");
	return value;
}

double
statistics_probability(double value, const char *name)
{
	if (!(value >= 0 && value <= 1))
		refuse(value, name, "from 0 to 1");
	return value;
}

double
statistics_confidence(double confidence)
{
	if (!(confidence > 0 && confidence < 1))
		refuse(confidence, "confidence", "between 0 and 1, for example 0.95");
	return confidence;
}

Datum
statistics_row(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	TupleDesc	desc = fcinfo->flinfo->fn_extra;

	if (desc == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		desc = BlessTupleDesc(desc);
		fcinfo->flinfo->fn_extra = desc;
		MemoryContextSwitchTo(old);
	}
	return HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
}

void
statistics_set(Datum *values, bool *nulls, int column, double value)
{
	nulls[column] = isnan(value);
	values[column] = Float8GetDatum(nulls[column] ? 0 : value);
}

Datum
statistics_columns(FunctionCallInfo fcinfo, const char *kinds, const double *columns)
{
	Datum		values[STATISTICS_MAX_COLUMNS];
	bool		nulls[STATISTICS_MAX_COLUMNS];

	for (int i = 0; kinds[i] != '\0'; i++)
	{
		statistics_set(values, nulls, i, columns[i]);
		if (!nulls[i] && kinds[i] == 'i')
			values[i] = Int32GetDatum((int32) columns[i]);
		else if (!nulls[i] && kinds[i] == 'b')
			values[i] = BoolGetDatum(columns[i] != 0);
	}
	return statistics_row(fcinfo, values, nulls);
}

PartitionResult *
statistics_partition(WindowObject winobj, int columns, int64 limit)
{
	int64		rows = WinGetPartitionRowCount(winobj);
	PartitionResult *result;

	if (rows > limit)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many rows in one partition"),
				 errdetail("There are " INT64_FORMAT ".", rows),
				 errhint("At most " INT64_FORMAT " are allowed.", limit)));
	result = WinGetPartitionLocalMemory(winobj, offsetof(PartitionResult, cell) +
										rows * columns * sizeof(double));
	result->rows = rows;
	return result;
}

/* One argument of every row; NULL is NaN, NaN and infinity are refused */
double	   *
statistics_partition_column(WindowObject winobj, int argno, int64 rows)
{
	double	   *column = palloc_extended(Max(rows, 1) * sizeof(double), MCXT_ALLOC_HUGE);

	for (int64 i = 0; i < rows; i++)
	{
		bool		isnull,
					isout;
		Datum		value = WinGetFuncArgInPartition(winobj, argno, i, WINDOW_SEEK_HEAD,
													 false, &isnull, &isout);

		if (i % 4096 == 0)
			CHECK_FOR_INTERRUPTS();
		column[i] = isnull ? NAN : statistics_finite(DatumGetFloat8(value),
													 "a value of the partition");
	}
	return column;
}

/* The current row of the result; all NULL is no row */
Datum
statistics_partition_row(FunctionCallInfo fcinfo, PartitionResult *result, const char *kinds)
{
	int			columns = strlen(kinds);
	double	   *row = result->cell + WinGetCurrentPosition(PG_WINDOW_OBJECT()) * columns;
	int			known = 0;

	for (int i = 0; i < columns; i++)
		known += !isnan(row[i]);
	if (known == 0)
		PG_RETURN_NULL();
	return statistics_columns(fcinfo, kinds, row);
}

Datum
statistics_window_argument(WindowObject winobj, int argno)
{
	bool		isnull;
	Datum		value = WinGetFuncArgCurrent(winobj, argno, &isnull);

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument %d must not be null", argno + 1)));
	return value;
}

int
statistics_compare_double(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

static int
compare_double(const void *a, const void *b, void *arg)
{
	return statistics_compare_double(a, b);
}

/* Sort numbers, or structs that begin with one; a cancel request is seen in between. */
void
statistics_sort(void *base, size_t n, size_t size)
{
	qsort_interruptible(base, n, size, compare_double, NULL);
}

/* The quantile by linear interpolation (type 7 of Hyndman and Fan 1996) */
double
statistics_quantile7(const double *sorted, int64 n, double p)
{
	double		h = (n - 1) * p;
	int64		i = (int64) h;

	if (i + 1 >= n)
		return sorted[n - 1];
	return sorted[i] + (h - i) * (sorted[i + 1] - sorted[i]);
}
