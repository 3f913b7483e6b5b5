/*-------------------------------------------------------------------------
 *
 * rounding.c
 *	  civic.round_counts() and civic.round_again(): additive rounding.
 *
 * src/anonymity/rounding.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rounding.h"

#include "catalog/pg_type.h"
#include "keys.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* Keeps the coins apart from pseudonyms and cell keys of the same salt. */
#define ROUNDING_LABEL "pgcivic rounding 1"

static void
refuse_array(const char *name, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("array \"%s\" cannot be taken", name),
			 errdetail("%s", detail),
			 errhint("Arrays have one dimension, no NULL, and belong together element by element.")));
}

/* The elements of an array argument; of one that is NULL none. */
static const void *
get_array(FunctionCallInfo fcinfo, int n, const char *name, int32 *length, int32 wanted)
{
	ArrayType  *array;

	*length = 0;
	if (PG_ARGISNULL(n))
	{
		if (wanted > 0)
			refuse_array(name, "It is NULL.");
		return NULL;
	}
	array = PG_GETARG_ARRAYTYPE_P(n);
	*length = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	if (ARR_NDIM(array) > 1)
		refuse_array(name, "It has more than one dimension.");
	if (array_contains_nulls(array))
		refuse_array(name, "It contains a NULL.");
	if (wanted >= 0 && *length != wanted)
		refuse_array(name, psprintf("It has %d elements, not %d.", *length, wanted));
	/* ARR_DATA_PTR compares signs */
	return (const char *) array +
		(ARR_HASNULL(array) ? (Size) array->dataoffset : ARR_OVERHEAD_NONULLS(ARR_NDIM(array)));
}

#define ANY_LENGTH (-1)

/* The arguments that both functions begin with. */
static void
get_input(FunctionCallInfo fcinfo, RoundingInput *in)
{
	int32		n;

	memset(in, 0, sizeof(RoundingInput));
	in->area = get_array(fcinfo, 0, "area", &in->nareas, ANY_LENGTH);
	in->parent = get_array(fcinfo, 1, "parent", &n, in->nareas);
	in->member = get_array(fcinfo, 2, "member", &in->nmembers, ANY_LENGTH);
	in->breakdown = get_array(fcinfo, 3, "breakdown", &n, in->nmembers);
	in->row_area = get_array(fcinfo, 4, "row_area", &in->nrows, ANY_LENGTH);
	in->row_series = get_array(fcinfo, 5, "row_series", &n, in->nrows);
	in->row_member = get_array(fcinfo, 6, "row_member", &n, in->nrows);
	in->row_count = get_array(fcinfo, 7, "row_count", &n, in->nrows);
}

static int32
get_base(FunctionCallInfo fcinfo, int n)
{
	int32		base = PG_ARGISNULL(n) ? 0 : PG_GETARG_INT32(n);

	if (base < 2 || base > ROUNDING_BASE_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("base is out of range"),
				 errdetail("It is %d.", base),
				 errhint("A base is from 2 to %d; from 4 on readers are left with three values or more.",
						 ROUNDING_BASE_MAX)));
	return base;
}

/* The key of the coins: of the secret, and of the label that says what is rounded. */
static void
get_key(FunctionCallInfo fcinfo, int n, uint64 key[2])
{
	bytea	   *secret;
	text	   *label;
	char	   *message;

	if (PG_ARGISNULL(n) || PG_ARGISNULL(n + 1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("counts cannot be rounded without a key and a label")));
	secret = PG_GETARG_BYTEA_PP(n);
	label = PG_GETARG_TEXT_PP(n + 1);
	anonymity_check_salt(secret);
	message = psprintf("%s %s", ROUNDING_LABEL, text_to_cstring(label));
	anonymity_hmac(secret, message, strlen(message), key);
	pfree(message);
}

/* By default no member of a breakdown is off by twice the base or more. */
static int32
get_largest(FunctionCallInfo fcinfo, int n, int32 base)
{
	int32		largest = PG_ARGISNULL(n) ? 2 * base - 1 : PG_GETARG_INT32(n);

	if (largest < base - 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("largest must be %d or more", base - 1),
				 errdetail("It is %d.", largest)));
	return largest;
}

/* Rounded counts in the caller's order. */
static Datum
make_result(RoundingTable *t)
{
	int32		n = t->nrows;
	Datum	   *value = palloc_extended(mul_size(Max(n, 1), sizeof(Datum)), MCXT_ALLOC_HUGE);
	ArrayType  *result;

	for (int32 row = 0; row < n; row++)
		value[t->origin[row]] = Int64GetDatum(t->units[row] * t->base);
	MemoryContextDelete(t->context);
	result = construct_array(value, n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
	pfree(value);
	PG_RETURN_ARRAYTYPE_P(result);
}

PG_FUNCTION_INFO_V1(anonymity_round_counts);

/*
 * area, parent, member, breakdown, row_area, row_series, row_member,
 * row_count, base, key, label, sum_member, sum, carried_area,
 * carried_series, carried, sweeps, largest
 */
Datum
anonymity_round_counts(PG_FUNCTION_ARGS)
{
	RoundingInput in;
	RoundingTable *table;
	MemoryContext old;
	uint64		key[2];
	int32		base = get_base(fcinfo, 8);
	int32		sweeps = PG_ARGISNULL(16) ? 0 : PG_GETARG_INT32(16);
	int32		n;

	get_input(fcinfo, &in);
	get_key(fcinfo, 9, key);
	in.sum_member = get_array(fcinfo, 11, "sum_member", &in.nsums, ANY_LENGTH);
	in.sum = get_array(fcinfo, 12, "sum", &n, in.nsums);
	in.carried_area = get_array(fcinfo, 13, "carried_area", &in.ncarried, ANY_LENGTH);
	in.carried_series = get_array(fcinfo, 14, "carried_series", &n, in.ncarried);
	in.carried = get_array(fcinfo, 15, "carried", &n, in.ncarried);
	if (sweeps < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("sweeps must not be negative")));

	table = rounding_table_build(&in, base, get_largest(fcinfo, 17, base), key);
	old = MemoryContextSwitchTo(table->context);
	rounding_pivot(table);
	rounding_search(table, sweeps);
	MemoryContextSwitchTo(old);
	return make_result(table);
}

/* What was published before has to be a state that this function gave. */
static void
check_before(const RoundingInput *in, int32 base)
{
	for (int32 i = 0; i < in->nrows; i++)
	{
		if (in->row_before[i] < 0 || in->row_before[i] > ROUNDING_COUNT_MAX || in->row_before[i] % base != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("what was published before is no multiple of the base"),
					 errdetail("It is " INT64_FORMAT ", the base %d.", in->row_before[i], base)));
	}
}

/* Members published before must add up to their totals, or what follows would not either. */
static void
check_additive(const RoundingTable *t, const RoundingInput *in)
{
	for (int32 i = 0; i < t->nstrips; i++)
	{
		const RoundingStrip *strip = &t->strips[i];
		int64		sum = 0;

		for (int32 row = strip->row; row < strip->row + strip->n; row++)
			sum += in->row_before[t->origin[row]];
		if (sum != in->row_before[t->origin[t->block[strip->block].row]])
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("what was published before does not add up"),
					 errdetail("In area %d, series %d, breakdown %d.", t->tree.id[t->block[strip->block].area],
							   t->block[strip->block].series, strip->breakdown),
					 errhint("Give every row of the state, those without persons now as well.")));
	}
}

PG_FUNCTION_INFO_V1(anonymity_round_again);

/*
 * area, parent, member, breakdown, row_area, row_series, row_member,
 * row_count, base, key, label, row_before, row_was, row_moved, due_area,
 * due_series, sum_member, sum, largest
 */
Datum
anonymity_round_again(PG_FUNCTION_ARGS)
{
	RoundingInput in;
	RoundingTable *table;
	MemoryContext old;
	uint64		key[2];
	int32		base = get_base(fcinfo, 8);
	int32		n;

	get_input(fcinfo, &in);
	get_key(fcinfo, 9, key);
	in.row_before = get_array(fcinfo, 11, "row_before", &n, in.nrows);
	in.row_was = get_array(fcinfo, 12, "row_was", &n, in.nrows);
	in.row_moved = get_array(fcinfo, 13, "row_moved", &n, in.nrows);
	in.due_area = get_array(fcinfo, 14, "due_area", &in.ndue, ANY_LENGTH);
	in.due_series = get_array(fcinfo, 15, "due_series", &n, in.ndue);
	in.sum_member = get_array(fcinfo, 16, "sum_member", &in.nsums, ANY_LENGTH);
	in.sum = get_array(fcinfo, 17, "sum", &n, in.nsums);
	check_before(&in, base);

	table = rounding_table_build(&in, base, get_largest(fcinfo, 18, base), key);
	check_additive(table, &in);
	old = MemoryContextSwitchTo(table->context);
	rounding_again(table, &in);
	MemoryContextSwitchTo(old);
	return make_result(table);
}
