/*-------------------------------------------------------------------------
 *
 * comparison.h
 *	  The six comparison operators and the order support of a type.
 *
 * src/comparison.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_COMPARISON_H
#define CIVIC_COMPARISON_H

#include "compat.h"

#define CIVIC_COMPARISON(function, order, relation) \
	PG_FUNCTION_INFO_V1(function); \
	Datum \
	function(PG_FUNCTION_ARGS) \
	{ \
		PG_RETURN_BOOL(order(fcinfo) relation 0); \
	} \
	extern Datum function(PG_FUNCTION_ARGS)

/* Of a type whose order would mean nothing: prefix_eq and prefix_ne. */
#define CIVIC_EQUALITY(prefix, order) \
	CIVIC_COMPARISON(prefix##_eq, order, ==); \
	CIVIC_COMPARISON(prefix##_ne, order, !=)

/*
 * prefix_eq and so on, prefix_cmp, of "static int order(FunctionCallInfo)",
 * which compares its two arguments as qsort's functions do.
 */
#define CIVIC_COMPARISONS(prefix, order) \
	CIVIC_COMPARISON(prefix##_eq, order, ==); \
	CIVIC_COMPARISON(prefix##_ne, order, !=); \
	CIVIC_COMPARISON(prefix##_lt, order, <); \
	CIVIC_COMPARISON(prefix##_le, order, <=); \
	CIVIC_COMPARISON(prefix##_gt, order, >); \
	CIVIC_COMPARISON(prefix##_ge, order, >=); \
	PG_FUNCTION_INFO_V1(prefix##_cmp); \
	Datum \
	prefix##_cmp(PG_FUNCTION_ARGS) \
	{ \
		PG_RETURN_INT32(order(fcinfo)); \
	} \
	extern Datum prefix##_cmp(PG_FUNCTION_ARGS)

#endif							/* CIVIC_COMPARISON_H */
