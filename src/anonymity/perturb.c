/*-------------------------------------------------------------------------
 *
 * perturb.c
 *	  Published counts that are not the true ones: round5, ptable, perturb.
 *
 * src/anonymity/perturb.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lexer.h"

#include "ptable.h"
#include "comparison.h"

#include <math.h>

#include "common/hashfn.h"
#include "common/int.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/tuplestore.h"

static void
check_count(int64 count)
{
	if (count < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("count must not be negative"),
				 errdetail("It is " INT64_FORMAT ".", count),
				 errhint("Only counts of subjects are published this way.")));
}

PG_FUNCTION_INFO_V1(anonymity_round5);

/* round5(count, threshold): 0 stays, less than the threshold is null. */
Datum
anonymity_round5(PG_FUNCTION_ARGS)
{
	int64		count = PG_GETARG_INT64(0);
	int32		threshold = PG_GETARG_INT32(1);
	int64		rest = count % 5;

	check_count(count);
	if (threshold < 3)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("threshold is too low"),
				 errdetail("It is %d.", threshold),
				 errhint("A threshold is 3 or more, so that 0 is published for 0 alone.")));
	if (count == 0)
		PG_RETURN_INT64(0);
	if (count < threshold)
		PG_RETURN_NULL();
	PG_RETURN_INT64(count - rest + (rest > 2 ? 5 : 0));
}

PG_FUNCTION_INFO_V1(anonymity_perturb);

/* perturb(count, cell_key, ptable) */
Datum
anonymity_perturb(PG_FUNCTION_ARGS)
{
	int64		count = PG_GETARG_INT64(0);
	uint64		key = (uint64) PG_GETARG_INT64(1);
	PTable	   *table = PG_GETARG_PTABLE(2);
	const float8 *upper;
	double		u = ldexp((double) (key >> 11), -53);	/* 0 <= u < 1 */
	int			low = 0;
	int			high = ptable_noises(table) - 1;
	int64		published;

	check_count(count);
	upper = ptable_row(table, (int) Min(count, ptable_last_row(table->d, table->js)));
	while (low < high)			/* the first noise with u < upper */
	{
		int			middle = (low + high) / 2;

		if (u < upper[middle])
			high = middle;
		else
			low = middle + 1;
	}
	Assert(u >= 0 && u < 1 && low == high);
	if (pg_add_s64_overflow(count, low - table->d, &published))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("bigint out of range")));
	PG_RETURN_INT64(published);
}

PG_FUNCTION_INFO_V1(anonymity_ptable);

/* ptable(D, V, js) */
Datum
anonymity_ptable(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(anonymity_ptable_make(PG_GETARG_INT32(0), PG_GETARG_FLOAT8(1),
											PG_GETARG_INT32(2), NULL));
}

PG_FUNCTION_INFO_V1(anonymity_ptable_in);

/* Text form (D,V,js). */
Datum
anonymity_ptable_in(PG_FUNCTION_ARGS)
{
	Lexer		lexer = lexer_begin(PG_GETARG_CSTRING(0), "ptable", "(D,V,js), for example (5,3,2)", fcinfo->context);
	int64		d;
	double		v;
	int64		js;
	PTable	   *table;

	if (!lexer_next(&lexer, '(') || !lexer_integer(&lexer, PG_INT32_MIN, PG_INT32_MAX, &d) ||
		!lexer_next(&lexer, ',') || !lexer_decimal(&lexer, &v) ||
		!lexer_next(&lexer, ',') || !lexer_integer(&lexer, PG_INT32_MIN, PG_INT32_MAX, &js) ||
		!lexer_next(&lexer, ')') || *lexer.at != '\0')
	{
		lexer_fail(&lexer);
		PG_RETURN_NULL();
	}
	table = anonymity_ptable_make(d, v, js, fcinfo->context);
	if (table == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(table);
}

PG_FUNCTION_INFO_V1(anonymity_ptable_out);

Datum
anonymity_ptable_out(PG_FUNCTION_ARGS)
{
	PTable	   *table = PG_GETARG_PTABLE(0);
	char	   *v = float8out_internal(table->v);

	PG_RETURN_CSTRING(psprintf("(%d,%s,%d)", table->d, v, table->js));
}

PG_FUNCTION_INFO_V1(anonymity_ptable_recv);

Datum
anonymity_ptable_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int32		d;
	int32		js;
	float8		v;

	wire_receive(message, &ptable_wire);
	d = pq_getmsgint(message, 4);
	v = pq_getmsgfloat8(message);
	js = pq_getmsgint(message, 4);
	PG_RETURN_POINTER(anonymity_ptable_make(d, v, js, NULL));
}

PG_FUNCTION_INFO_V1(anonymity_ptable_send);

Datum
anonymity_ptable_send(PG_FUNCTION_ARGS)
{
	PTable	   *table = PG_GETARG_PTABLE(0);
	StringInfoData out;

	pq_begintypsend(&out);
	wire_send(&out, &ptable_wire);
	pq_sendint32(&out, table->d);
	pq_sendfloat8(&out, table->v);
	pq_sendint32(&out, table->js);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

PG_FUNCTION_INFO_V1(anonymity_ptable_rows);

/* ptable_rows(ptable): the possible outcomes of each true count. */
Datum
anonymity_ptable_rows(PG_FUNCTION_ARGS)
{
	PTable	   *table = PG_GETARG_PTABLE(0);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int count = 0; count <= ptable_last_row(table->d, table->js); count++)
	{
		const float8 *upper = ptable_row(table, count);
		float8		below = 0;

		for (int column = 0; column < ptable_noises(table); column++)
		{
			int			noise = column - table->d;
			Datum		values[3] = {
				Int32GetDatum(count),
				Int32GetDatum(count + noise),
				Float8GetDatum(upper[column] - below)
			};
			bool		nulls[3] = {false};

			if (upper[column] > below)
				tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
			below = upper[column];
		}
	}
	return (Datum) 0;
}

/* By D, then js, then V: the parameters make the table. */
static int
compare(FunctionCallInfo fcinfo)
{
	const PTable *a = PG_GETARG_PTABLE(0);
	const PTable *b = PG_GETARG_PTABLE(1);

	if (a->d != b->d)
		return a->d < b->d ? -1 : 1;
	if (a->js != b->js)
		return a->js < b->js ? -1 : 1;
	return (a->v > b->v) - (a->v < b->v);
}

CIVIC_COMPARISONS(anonymity_ptable, compare);

/* The bytes before upper are the parameters; V is above 0, so equal is equal bytes. */
#define PARAMETERS(table) ((unsigned char *) VARDATA(table))
#define PARAMETERS_SIZE (offsetof(PTable, upper) - VARHDRSZ)

PG_FUNCTION_INFO_V1(anonymity_ptable_hash);

Datum
anonymity_ptable_hash(PG_FUNCTION_ARGS)
{
	return hash_any(PARAMETERS(PG_GETARG_PTABLE(0)), PARAMETERS_SIZE);
}

PG_FUNCTION_INFO_V1(anonymity_ptable_hash_extended);

Datum
anonymity_ptable_hash_extended(PG_FUNCTION_ARGS)
{
	return hash_any_extended(PARAMETERS(PG_GETARG_PTABLE(0)), PARAMETERS_SIZE,
							 PG_GETARG_INT64(1));
}
