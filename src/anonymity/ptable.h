/*-------------------------------------------------------------------------
 *
 * ptable.h
 *	  Perturbation tables of the cell-key method, and how they are computed.
 *
 * src/anonymity/ptable.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_ANONYMITY_PTABLE_H
#define CIVIC_ANONYMITY_PTABLE_H

#include "compat.h"
#include "wire.h"

#define PTABLE_MAX_D 100
#define PTABLE_MAX_JS 100

/*
 * The type civic.ptable.  The three parameters say everything; the table is
 * computed from them when the value is made.
 *
 * upper holds, for each true count 0 .. ptable_last_row() and each noise -d .. d,
 * the probability of that noise or less.
 */
typedef struct PTable
{
	int32		vl_len_;		/* varlena header */
	WireHead	head;
	int32		d;				/* largest noise */
	int32		js;				/* no published value is 1 .. js */
	float8		v;				/* largest variance of the noise */
	float8		upper[FLEXIBLE_ARRAY_MEMBER];
} PTable;

static const WireType ptable_wire = {"ptable", 1, 0};

static inline int
ptable_noises(const PTable *table)
{
	return 2 * table->d + 1;
}

/* The least true count all of whose noises may be published; larger ones share its row. */
static inline int
ptable_last_row(int d, int js)
{
	return js == 0 ? d : d + js + 1;
}

static inline const float8 *
ptable_row(const PTable *table, int count)
{
	return table->upper + (Size) count * ptable_noises(table);
}

extern PTable *anonymity_ptable_make(int64 d, float8 v, int64 js, struct Node *escontext);

#define PG_GETARG_PTABLE(n) ((PTable *) wire_detoast(PG_GETARG_DATUM(n), &ptable_wire))

#endif							/* CIVIC_ANONYMITY_PTABLE_H */
