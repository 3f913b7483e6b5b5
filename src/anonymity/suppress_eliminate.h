/*-------------------------------------------------------------------------
 *
 * suppress_eliminate.h
 *	  Which cells may be published: the exact elimination of an outsider's
 *	  system of equations.
 *
 * src/anonymity/suppress_eliminate.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_ANONYMITY_SUPPRESS_ELIMINATE_H
#define CIVIC_ANONYMITY_SUPPRESS_ELIMINATE_H

#include "suppress_table.h"
#include "suppress_vector.h"

/*
 * Secrets that cannot be kept have SQLSTATEs of their own, so that a caller
 * may leave such a cell out and try again.  Where the error is about one
 * primary cell, its number is in the error's COLUMN_NAME field.
 */
#define SUPPRESS_ERRCODE_EXPOSED	MAKE_SQLSTATE('S', 'U', '0', '0', '1')	/* a primary is known */
#define SUPPRESS_ERRCODE_LONE		MAKE_SQLSTATE('S', 'U', '0', '0', '2')	/* a sum of single
																			 * persons is known */
#define SUPPRESS_ERRCODE_NARROW		MAKE_SQLSTATE('S', 'U', '0', '0', '3')	/* a primary is known
																			 * too closely */
#define suppress_errcell(cell) \
	err_generic_string(PG_DIAG_COLUMN_NAME, psprintf(INT64_FORMAT, (int64) (cell)))

/* What outsiders can say about a row. */
typedef enum SuppressRowState
{
	SUPPRESS_ROW_FREE,			/* nothing by itself */
	SUPPRESS_ROW_ZERO,			/* it is zero */
	SUPPRESS_ROW_BOUND			/* what expression[] says, plus a constant */
} SuppressRowState;

typedef struct SuppressSystem
{
	uint8	   *state;			/* row -> SuppressRowState */
	SuppressVector **expression;	/* bound row -> in terms of free rows */
} SuppressSystem;

extern SuppressSystem *anonymity_suppress_eliminate(SuppressTable *table, bool singletons);
extern SuppressSystem *anonymity_suppress_bind(SuppressTable *table);

#endif							/* CIVIC_ANONYMITY_SUPPRESS_ELIMINATE_H */
