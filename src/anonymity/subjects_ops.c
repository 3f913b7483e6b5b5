/*-------------------------------------------------------------------------
 *
 * subjects_ops.c
 *	  Questions to states, and their comparison.
 *
 * src/anonymity/subjects_ops.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "subjects.h"
#include "comparison.h"

#include "common/hashfn.h"
#include "common/int.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

/* The most contributors largest() and nk() add up. */
#define LARGEST_MAX 100

PG_FUNCTION_INFO_V1(anonymity_n_distinct);

/* n_distinct(state): reads the header alone, so it is cheap on stored states. */
Datum
anonymity_n_distinct(PG_FUNCTION_ARGS)
{
	Subjects   *head = (Subjects *) PG_DETOAST_DATUM_SLICE(PG_GETARG_DATUM(0), 0,
														   offsetof(Subjects, words) - VARHDRSZ);

	PG_RETURN_INT64(head->count);
}

PG_FUNCTION_INFO_V1(anonymity_reached);

/* reached(subject_gate) */
Datum
anonymity_reached(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(subjects_reached(PG_GETARG_SUBJECTS(0)));
}

PG_FUNCTION_INFO_V1(anonymity_contains);

/* k_set_contains(subject_set, bigint) */
Datum
anonymity_contains(PG_FUNCTION_ARGS)
{
	Subjects   *set = PG_GETARG_SUBJECTS(0);

	PG_RETURN_BOOL(anonymity_subjects_find(set, subjects_key(PG_GETARG_INT64(1))) != NULL);
}

PG_FUNCTION_INFO_V1(anonymity_changed);

/*
 * k_set_changed, k_sum_changed (state, state): how many subjects are in one of
 * them alone, or are in both with different sums.
 */
Datum
anonymity_changed(PG_FUNCTION_ARGS)
{
	Subjects   *a = PG_GETARG_SUBJECTS(0);
	Subjects   *b = PG_GETARG_SUBJECTS(1);
	int32		i = 0;
	int32		j = 0;
	int64		changed = 0;

	while (i < a->count && j < b->count)
	{
		const uint64 *x = subjects_entry(a, i);
		const uint64 *y = subjects_entry(b, j);

		CHECK_FOR_INTERRUPTS();
		if (x[0] != y[0] || (a->width == 2 && x[1] != y[1]))
			changed++;
		i += x[0] <= y[0];
		j += y[0] <= x[0];
	}
	PG_RETURN_INT64(changed + (a->count - i) + (b->count - j));
}

PG_FUNCTION_INFO_V1(anonymity_sums_subjects);

/* subjects(subject_sums): who contributed */
Datum
anonymity_sums_subjects(PG_FUNCTION_ARGS)
{
	Subjects   *sums = PG_GETARG_SUBJECTS(0);
	Size		size = offsetof(Subjects, words) + (Size) sums->count * sizeof(uint64);
	Subjects   *set = palloc(size);

	memcpy(set, sums, offsetof(Subjects, words));
	SET_VARSIZE(set, size);
	set->width = 1;
	for (int32 i = 0; i < sums->count; i++)
		*subjects_entry(set, i) = *subjects_entry(sums, i);
	PG_RETURN_SUBJECTS(set);
}

static void
sum_out_of_range(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("bigint out of range"),
			 errdetail("The contributions add up to more than a bigint holds."),
			 errhint("Add the values up in a larger unit.")));
}

PG_FUNCTION_INFO_V1(anonymity_total);

/*
 * total(subject_sums).  Positive and negative contributions are added apart,
 * so whether the total fits does not depend on their order.
 */
Datum
anonymity_total(PG_FUNCTION_ARGS)
{
	Subjects   *sums = PG_GETARG_SUBJECTS(0);
	uint64		positive = 0;
	uint64		negative = 0;
	uint64		difference;
	int64		total;

	for (int32 i = 0; i < sums->count; i++)
	{
		int64		sum = (int64) subjects_entry(sums, i)[1];
		uint64		size = sum < 0 ? -(uint64) sum : (uint64) sum;
		uint64	   *side = sum < 0 ? &negative : &positive;

		anonymity_subjects_check_interrupts(i);
		if (pg_add_u64_overflow(*side, size, side))
			sum_out_of_range();
	}
	difference = positive - negative;
	total = (int64) difference;
	if ((positive >= negative) != (total >= 0))
		sum_out_of_range();
	PG_RETURN_INT64(total);
}

/* What the contributions of a cell weigh, signs left out. */
typedef struct Weights
{
	int64		all;
	int64		largest[LARGEST_MAX];	/* falling; 0 beyond the last one */
} Weights;

static void
weigh(const Subjects *sums, int n, Weights *weights)
{
	uint64		all = 0;

	memset(weights, 0, sizeof(*weights));
	for (int32 i = 0; i < sums->count; i++)
	{
		int64		sum = (int64) subjects_entry(sums, i)[1];
		int64		size;
		int			at;

		anonymity_subjects_check_interrupts(i);
		if (sum == PG_INT64_MIN)
			sum_out_of_range();
		size = sum < 0 ? -sum : sum;
		if (pg_add_u64_overflow(all, (uint64) size, &all) || all > PG_INT64_MAX)
			sum_out_of_range();
		for (at = n; at > 0 && weights->largest[at - 1] < size; at--)
			if (at < n)
				weights->largest[at] = weights->largest[at - 1];
		if (at < n)
			weights->largest[at] = size;
	}
	weights->all = (int64) all;
}

/* The n largest together; they fit, as all of them do. */
static int64
weight_of_largest(const Weights *weights, int n)
{
	int64		together = 0;

	for (int i = 0; i < n; i++)
		together += weights->largest[i];
	return together;
}

static void
check_largest(int32 n)
{
	if (n < 1 || n > LARGEST_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("number of largest contributors is out of range"),
				 errdetail("n is %d.", n),
				 errhint("n is from 1 to %d.", LARGEST_MAX)));
}

PG_FUNCTION_INFO_V1(anonymity_total_abs);

/* total_abs(subject_sums) */
Datum
anonymity_total_abs(PG_FUNCTION_ARGS)
{
	Weights		weights;

	weigh(PG_GETARG_SUBJECTS(0), 1, &weights);
	PG_RETURN_INT64(weights.all);
}

PG_FUNCTION_INFO_V1(anonymity_largest);

/* largest(subject_sums, n) */
Datum
anonymity_largest(PG_FUNCTION_ARGS)
{
	int32		n = PG_GETARG_INT32(1);
	Weights		weights;

	check_largest(n);
	weigh(PG_GETARG_SUBJECTS(0), n, &weights);
	PG_RETURN_INT64(weight_of_largest(&weights, n));
}

/* The sign of part - percent of whole; in numeric, so that no rounding decides. */
static int
compare_percent(int64 part, Numeric percent, int64 whole)
{
	Datum		left = DirectFunctionCall2(numeric_mul,
										   NumericGetDatum(int64_to_numeric(part)),
										   NumericGetDatum(int64_to_numeric(100)));
	Datum		right = DirectFunctionCall2(numeric_mul,
											NumericGetDatum(percent),
											NumericGetDatum(int64_to_numeric(whole)));

	return DatumGetInt32(DirectFunctionCall2(numeric_cmp, left, right));
}

/* Raise unless 0 < percent <= 100. */
static void
check_percent(Numeric percent)
{
	Datum		value = NumericGetDatum(percent);

	if (!numeric_is_nan(percent) &&
		DatumGetBool(DirectFunctionCall2(numeric_gt, value,
										 NumericGetDatum(int64_to_numeric(0)))) &&
		DatumGetBool(DirectFunctionCall2(numeric_le, value,
										 NumericGetDatum(int64_to_numeric(100)))))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("percentage is out of range"),
			 errdetail("It is %s.", DatumGetCString(DirectFunctionCall1(numeric_out, value))),
			 errhint("A dominance rule's percentage is above 0 and at most 100.")));
}

PG_FUNCTION_INFO_V1(anonymity_p_percent);

/*
 * p_percent(subject_sums, p): could the second largest contributor estimate
 * the largest within p %?  True when what all others but the two hold is less
 * than p % of the largest.
 */
Datum
anonymity_p_percent(PG_FUNCTION_ARGS)
{
	Numeric		p = PG_GETARG_NUMERIC(1);
	Weights		weights;
	int64		others;

	check_percent(p);
	weigh(PG_GETARG_SUBJECTS(0), 2, &weights);
	others = weights.all - weights.largest[0] - weights.largest[1];
	PG_RETURN_BOOL(compare_percent(others, p, weights.largest[0]) < 0);
}

PG_FUNCTION_INFO_V1(anonymity_nk);

/* nk(subject_sums, n, k): do the n largest hold more than k % of the whole? */
Datum
anonymity_nk(PG_FUNCTION_ARGS)
{
	int32		n = PG_GETARG_INT32(1);
	Numeric		k = PG_GETARG_NUMERIC(2);
	Weights		weights;

	check_largest(n);
	check_percent(k);
	weigh(PG_GETARG_SUBJECTS(0), n, &weights);
	PG_RETURN_BOOL(compare_percent(weight_of_largest(&weights, n), k, weights.all) > 0);
}

/* Sorted states are equal when their bytes are. */
static int
compare(FunctionCallInfo fcinfo)
{
	Subjects   *a = PG_GETARG_SUBJECTS(0);
	Subjects   *b = PG_GETARG_SUBJECTS(1);
	Size		size_a = VARSIZE(a);
	Size		size_b = VARSIZE(b);
	int			order = memcmp(VARDATA(a), VARDATA(b), Min(size_a, size_b) - VARHDRSZ);

	if (order == 0)
		order = (size_a > size_b) - (size_a < size_b);
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return order;
}

CIVIC_EQUALITY(anonymity_subjects, compare);

PG_FUNCTION_INFO_V1(anonymity_subjects_hash);

Datum
anonymity_subjects_hash(PG_FUNCTION_ARGS)
{
	Subjects   *s = PG_GETARG_SUBJECTS(0);
	Datum		hash = hash_any((unsigned char *) VARDATA(s), VARSIZE(s) - VARHDRSZ);

	PG_FREE_IF_COPY(s, 0);
	return hash;
}

PG_FUNCTION_INFO_V1(anonymity_subjects_hash_extended);

Datum
anonymity_subjects_hash_extended(PG_FUNCTION_ARGS)
{
	Subjects   *s = PG_GETARG_SUBJECTS(0);
	Datum		hash = hash_any_extended((unsigned char *) VARDATA(s),
										 VARSIZE(s) - VARHDRSZ, PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(s, 0);
	return hash;
}
