/*-------------------------------------------------------------------------
 *
 * suppress.h
 *	  The parts of complementary suppression and what they share.
 *
 *	  suppress_problem.c	the SQL type and aggregate that collect the cells
 *	  suppress_table.c		the cells unpacked: rows, members, order
 *	  suppress_vector.c		sparse vectors modulo a prime
 *	  suppress_watch.c		vectors kept up to date, and what a change would do
 *	  anonymity_suppress_eliminate.c	which cells may be published (exact elimination)
 *	  suppress_interval.c	how far a suppressed cell can be moved (witnesses)
 *	  anonymity_suppress_repair.c		what else to withhold where it can be moved too little
 *	  suppress.c			the function that SQL calls
 *
 * A "row" is an inner cell: one unknown of an outsider's system of equations.
 *
 * src/anonymity/suppress.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_ANONYMITY_SUPPRESS_H
#define CIVIC_ANONYMITY_SUPPRESS_H

#include "compat.h"
#include "wire.h"

typedef enum SuppressRole
{
	SUPPRESS_CANDIDATE,			/* published if that exposes no primary */
	SUPPRESS_PRIMARY,			/* never published, needs protection */
	SUPPRESS_REQUIRED,			/* always published */
	SUPPRESS_HIDDEN				/* never published, needs no protection */
} SuppressRole;

#define SUPPRESS_ROLES 4

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

/* A width of "whatever the call to suppress() asks for". */
#define SUPPRESS_DEFAULT_WIDTH	(-1)

/* What is known of a cell's contributors. */
typedef enum SuppressSingleton
{
	SUPPRESS_SEVERAL,			/* or nothing */
	SUPPRESS_ONE,				/* one person, who counts for 1 */
	SUPPRESS_ALONE,				/* one, who knows that the value is his */
	SUPPRESS_SINGLETONS
} SuppressSingleton;

/* One cell as the SQL value keeps it; records are padded to 8 bytes. */
typedef struct SuppressRecord
{
	int64		cell;
	int64		value;
	int64		width;			/* or SUPPRESS_DEFAULT_WIDTH */
	uint8		role;			/* SuppressRole */
	uint8		singleton;		/* SuppressSingleton */
	uint16		unused;			/* 0 */
	int32		nmembers;
	int32		members[FLEXIBLE_ARRAY_MEMBER]; /* inner cells, negative when
												 * subtracted */
} SuppressRecord;

/* The SQL type civic.suppression_problem: records, and room for more. */
typedef struct SuppressProblem
{
	int32		vl_len_;		/* varlena header, counts the slack too */
	WireHead	head;
	int32		ncells;
	int32		used;			/* bytes of records */
	char		records[FLEXIBLE_ARRAY_MEMBER];
} SuppressProblem;

static const WireType suppress_problem_wire = {"suppression_problem", 1, 0};

#define PG_GETARG_SUPPRESS_PROBLEM(n) \
	((SuppressProblem *) wire_detoast(PG_GETARG_DATUM(n), &suppress_problem_wire))

#define SUPPRESS_RECORD_SIZE(nmembers) \
	TYPEALIGN64(8, offsetof(SuppressRecord, members) + sizeof(int32) * (Size) (nmembers))

#define SUPPRESS_FIRST(problem)	((SuppressRecord *) (problem)->records)
#define SUPPRESS_NEXT(record) \
	((SuppressRecord *) ((char *) (record) + SUPPRESS_RECORD_SIZE((record)->nmembers)))

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

/* The smallest and largest value of a cell in any witness met. */
typedef struct SuppressBounds
{
	double		low;
	double		high;			/* infinity: there is no bound */
} SuppressBounds;

/* What the bounds of every primary have to reach. */
typedef struct SuppressGoal
{
	int64		width;			/* high - low at least, unless its own says so */
	int64		upper;			/* high at least */
} SuppressGoal;

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
extern SuppressSystem *anonymity_suppress_eliminate(SuppressTable *table, bool singletons);
extern SuppressSystem *anonymity_suppress_bind(SuppressTable *table);
extern void anonymity_suppress_intervals(SuppressTable *table, const SuppressSystem *system,
										 SuppressGoal goal, const int32 *cells, int ncells,
										 SuppressBounds *bounds);
extern bool anonymity_suppress_witness(SuppressTable *table, const SuppressSystem *system,
									   SuppressGoal goal, int32 c, double *witness);
extern double anonymity_suppress_whole_low(SuppressBounds bounds);
extern double anonymity_suppress_whole_high(SuppressBounds bounds);
extern bool anonymity_suppress_wide_enough(const SuppressTable *table, int32 c,
										   SuppressBounds bounds, SuppressGoal goal);
extern bool anonymity_suppress_repair(SuppressTable *table, const SuppressHoldings *holdings,
									  SuppressGoal goal, int32 primary, int nrepairs,
									  SuppressBounds *bounds);

#endif							/* CIVIC_ANONYMITY_SUPPRESS_H */
