/*-------------------------------------------------------------------------
 *
 * suppress_problem.h
 *	  The SQL type that collects the cells of a suppression problem.
 *
 * src/anonymity/suppress_problem.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_ANONYMITY_SUPPRESS_PROBLEM_H
#define CIVIC_ANONYMITY_SUPPRESS_PROBLEM_H

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

#endif							/* CIVIC_ANONYMITY_SUPPRESS_PROBLEM_H */
