/*-------------------------------------------------------------------------
 *
 * suppress_vector.h
 *	  Sparse vectors over rows, modulo a prime.
 *
 * src/anonymity/suppress_vector.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_ANONYMITY_SUPPRESS_VECTOR_H
#define CIVIC_ANONYMITY_SUPPRESS_VECTOR_H

#include "compat.h"

/* A sparse vector over rows, rows ascending. */
typedef struct SuppressVector
{
	int32		n;
	int32	   *row;
	uint64		value[FLEXIBLE_ARRAY_MEMBER];	/* the rows lie behind */
} SuppressVector;

typedef struct SuppressSum SuppressSum;

extern SuppressVector *anonymity_suppress_vector_alloc(int32 n);
extern uint64 anonymity_suppress_vector_get(const SuppressVector *vector, int32 row);
extern void anonymity_suppress_vector_hash(const SuppressVector *vector, uint64 *hash1, uint64 *hash2);
extern SuppressSum *anonymity_suppress_sum_create(int32 nrows);
extern void anonymity_suppress_sum_add(SuppressSum *sum, int32 row, uint64 value);
extern SuppressVector *anonymity_suppress_sum_finish(SuppressSum *sum);

#endif							/* CIVIC_ANONYMITY_SUPPRESS_VECTOR_H */
