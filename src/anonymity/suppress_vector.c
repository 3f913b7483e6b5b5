/*-------------------------------------------------------------------------
 *
 * suppress_vector.c
 *	  Sparse vectors over rows, modulo the prime, and how to add them up.
 *
 * src/anonymity/suppress_vector.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "suppress_vector.h"

#include "gf61.h"

#include "port/pg_bitutils.h"
#include "utils/memutils.h"

/* A sum under way: values of the rows touched so far. */
struct SuppressSum
{
	uint64	   *value;			/* by row */
	uint64	   *touched;		/* one bit for each row */
	int32	   *rows;			/* those touched */
	int32		nrows;
};

SuppressVector *
anonymity_suppress_vector_alloc(int32 n)
{
	Size		size = offsetof(SuppressVector, value) + (Size) n * (sizeof(uint64) + sizeof(int32));
	SuppressVector *vector = palloc_extended(size, MCXT_ALLOC_HUGE);

	vector->n = n;
	vector->row = (int32 *) (vector->value + n);
	return vector;
}

/* The coefficient of a row, 0 if there is none. */
uint64
anonymity_suppress_vector_get(const SuppressVector *vector, int32 row)
{
	int32		low = 0,
				high = vector->n;

	while (low < high)
	{
		int32		middle = (low + high) / 2;

		if (vector->row[middle] < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low < vector->n && vector->row[low] == row ? vector->value[low] : 0;
}

/* Two linear hashes: those of a sum are the sums of the hashes. */
void
anonymity_suppress_vector_hash(const SuppressVector *vector, uint64 *hash1, uint64 *hash2)
{
	*hash1 = *hash2 = 0;
	for (int32 i = 0; i < vector->n; i++)
	{
		uint64		row = vector->row[i];

		*hash1 = gf61_add(*hash1, gf61_mul(vector->value[i], gf61_random(row * 2)));
		*hash2 = gf61_add(*hash2, gf61_mul(vector->value[i], gf61_random(row * 2 + 1)));
	}
}

SuppressSum *
anonymity_suppress_sum_create(int32 nrows)
{
	SuppressSum *sum = palloc(sizeof(SuppressSum));
	Size		n = Max(nrows, 1);

	sum->value = palloc_extended(sizeof(uint64) * n, MCXT_ALLOC_HUGE);
	sum->touched = palloc_extended(sizeof(uint64) * (n / 64 + 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	sum->rows = palloc_extended(sizeof(int32) * n, MCXT_ALLOC_HUGE);
	sum->nrows = 0;
	return sum;
}

void
anonymity_suppress_sum_add(SuppressSum *sum, int32 row, uint64 value)
{
	uint64		bit = UINT64CONST(1) << (row & 63);

	Assert(row >= 0);
	if ((sum->touched[row >> 6] & bit) != 0)
	{
		sum->value[row] = gf61_add(sum->value[row], value);
		return;
	}
	sum->touched[row >> 6] |= bit;
	sum->rows[sum->nrows++] = row;
	sum->value[row] = value;
}

static int
compare_rows(const void *a, const void *b)
{
	int32		x = *(const int32 *) a;
	int32		y = *(const int32 *) b;

	return x < y ? -1 : x > y;
}

/* Put the touched rows in order: by their bits when they lie close. */
static void
sort_rows(SuppressSum *sum)
{
	int32		low = PG_INT32_MAX,
				high = -1,
				n = 0;

	for (int32 i = 0; i < sum->nrows; i++)
	{
		low = Min(low, sum->rows[i] >> 6);
		high = Max(high, sum->rows[i] >> 6);
	}
	if (high - low > sum->nrows * 4)
	{
		qsort(sum->rows, sum->nrows, sizeof(int32), compare_rows);
		return;
	}
	for (int32 word = low; word <= high; word++)
	{
		for (uint64 bits = sum->touched[word]; bits != 0; bits &= bits - 1)
			sum->rows[n++] = word * 64 + pg_rightmost_one_pos64(bits);
	}
}

/* The sum as a vector; the next one can begin. */
SuppressVector *
anonymity_suppress_sum_finish(SuppressSum *sum)
{
	SuppressVector *vector;
	int32		n = 0;

	sort_rows(sum);
	for (int32 i = 0; i < sum->nrows; i++)
	{
		int32		row = sum->rows[i];

		Assert(i == 0 || sum->rows[i - 1] < row);
		sum->touched[row >> 6] = 0;
		if (sum->value[row] != 0)
			sum->rows[n++] = row;
	}
	sum->nrows = 0;

	vector = anonymity_suppress_vector_alloc(n);
	memcpy(vector->row, sum->rows, sizeof(int32) * n);
	for (int32 i = 0; i < n; i++)
		vector->value[i] = sum->value[vector->row[i]];
	return vector;
}
