/*-------------------------------------------------------------------------
 *
 * gf61.h
 *	  Exact arithmetic modulo the prime 2^61 - 1.
 *
 * Elimination over whole numbers needs fractions that grow without bound;
 * modulo a large prime every step is exact in one machine word.  A linear
 * dependence over the rationals is also one modulo the prime, so nothing that
 * can be recomputed is ever missed unless a denominator is a multiple of it.
 *
 * src/anonymity/gf61.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_ANONYMITY_GF61_H
#define CIVIC_ANONYMITY_GF61_H

#define GF61_PRIME		UINT64CONST(0x1FFFFFFFFFFFFFFF)
#define GF61_MINUS_ONE	(GF61_PRIME - 1)

static inline uint64
gf61_fold(uint64 a)
{
	return a >= GF61_PRIME ? a - GF61_PRIME : a;
}

static inline uint64
gf61_add(uint64 a, uint64 b)
{
	return gf61_fold(a + b);
}

static inline uint64
gf61_sub(uint64 a, uint64 b)
{
	return a >= b ? a - b : a + GF61_PRIME - b;
}

static inline uint64
gf61_neg(uint64 a)
{
	return a == 0 ? 0 : GF61_PRIME - a;
}

static inline uint64
gf61_mul(uint64 a, uint64 b)
{
#ifdef HAVE_INT128
	uint128		product = (uint128) a * b;

	return gf61_fold(((uint64) product & GF61_PRIME) + (uint64) (product >> 61));
#else
	/* 2^61 = 1, hence 2^64 = 8: add up the four partial products */
	uint64		al = a & 0xFFFFFFFF,
				ah = a >> 32,
				bl = b & 0xFFFFFFFF,
				bh = b >> 32;
	uint64		low = al * bl;
	uint64		mid = al * bh + (low >> 32);
	uint64		mid2 = ah * bl + (mid & 0xFFFFFFFF);
	uint64		high = ah * bh + (mid >> 32) + (mid2 >> 32);

	low = (mid2 << 32) | (low & 0xFFFFFFFF);
	return gf61_fold(gf61_fold(low & GF61_PRIME) + ((high << 3) | (low >> 61)));
#endif
}

/* The same, quickly where the factor is 1 or -1. */
static inline uint64
gf61_scale(uint64 factor, uint64 value)
{
	if (factor == 1)
		return value;
	if (factor == GF61_MINUS_ONE)
		return gf61_neg(value);
	return gf61_mul(factor, value);
}

/* a^(p-2), the inverse of a value other than 0 */
static inline uint64
gf61_inverse(uint64 a)
{
	uint64		result = 1;

	for (uint64 e = GF61_PRIME - 2; e > 0; e >>= 1)
	{
		if (e & 1)
			result = gf61_mul(result, a);
		a = gf61_mul(a, a);
	}
	return result;
}

/* A fixed value for each number that looks random (splitmix64). */
static inline uint64
gf61_random(uint64 number)
{
	uint64		z = number * UINT64CONST(0x9E3779B97F4A7C15) + UINT64CONST(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64CONST(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64CONST(0x94D049BB133111EB);
	z = z ^ (z >> 31);
	return gf61_fold(z >> 3);
}

/* The signed whole number nearest to 0 that a value stands for. */
static inline int64
gf61_signed(uint64 a)
{
	return a > GF61_PRIME / 2 ? (int64) a - (int64) GF61_PRIME : (int64) a;
}

#endif							/* CIVIC_ANONYMITY_GF61_H */
