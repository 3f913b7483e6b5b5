/*-------------------------------------------------------------------------
 *
 * suppress_interval.h
 *	  How far a suppressed cell can be moved without changing what is
 *	  published, and who sees it moved.
 *
 * src/anonymity/suppress_interval.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_ANONYMITY_SUPPRESS_INTERVAL_H
#define CIVIC_ANONYMITY_SUPPRESS_INTERVAL_H

#include "suppress_eliminate.h"

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

extern void anonymity_suppress_intervals(SuppressTable *table, const SuppressSystem *system,
										 SuppressGoal goal, const int32 *cells, int ncells,
										 SuppressBounds *bounds);
extern bool anonymity_suppress_witness(SuppressTable *table, const SuppressSystem *system,
									   SuppressGoal goal, int32 c, double *witness);
extern double anonymity_suppress_whole_low(SuppressBounds bounds);
extern double anonymity_suppress_whole_high(SuppressBounds bounds);
extern bool anonymity_suppress_wide_enough(const SuppressTable *table, int32 c,
										   SuppressBounds bounds, SuppressGoal goal);

#endif							/* CIVIC_ANONYMITY_SUPPRESS_INTERVAL_H */
