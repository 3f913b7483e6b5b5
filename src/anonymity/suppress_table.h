/*-------------------------------------------------------------------------
 *
 * suppress_table.h
 *	  The cells of a suppression problem unpacked: rows, members, order.
 *
 * A "row" is an inner cell: one unknown of an outsider's system of equations.
 *
 * src/anonymity/suppress_table.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_ANONYMITY_SUPPRESS_TABLE_H
#define CIVIC_ANONYMITY_SUPPRESS_TABLE_H

#include "suppress_problem.h"

/* A value whose inner cell has no cell of its own. */
#define SUPPRESS_UNKNOWN	PG_INT64_MIN

/* Cells and rows unpacked.  members[start[c] .. start[c+1]) are c's. */
typedef struct SuppressTable
{
	int			ncells;
	int			nrows;
	int64	   *cell;
	int64	   *value;
	int64	   *width;
	uint8	   *role;
	uint8	   *singleton;		/* SuppressSingleton */
	bool	   *suppressed;		/* the outcome */
	int64	   *start;			/* ncells + 1 entries */
	int32	   *members;		/* row * 2, + 1 when subtracted */
	int32	   *order;			/* cells that may be published, in turn */
	int			norder;
	int32	   *inner;			/* row -> number of the inner cell */
	int64	   *count;			/* row -> true value or SUPPRESS_UNKNOWN */
	Size		max_memory;
	MemoryContext context;
} SuppressTable;

#define SUPPRESS_ROW(member)	((member) >> 1)
#define SUPPRESS_SIGN(member)	(((member) & 1) ? -1 : 1)

/* Row -> the cells that hold it: cell[start[row] .. start[row + 1]) */
typedef struct SuppressHoldings
{
	int64	   *start;
	int32	   *cell;
} SuppressHoldings;

extern SuppressTable *anonymity_suppress_table_build(const SuppressProblem *problem,
													 Size max_memory);
extern SuppressTable *anonymity_suppress_table_cut(SuppressTable *whole,
												   const int32 *row, int32 nrows,
												   const int32 *cell, int32 ncells);
extern SuppressHoldings *anonymity_suppress_table_holdings(SuppressTable *table);
extern void anonymity_suppress_table_check_memory(SuppressTable *table);

#endif							/* CIVIC_ANONYMITY_SUPPRESS_TABLE_H */
