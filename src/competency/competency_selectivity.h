/*-------------------------------------------------------------------------
 *
 * competency_selectivity.h
 *	  How common keys are in a column, from its statistics.
 *
 * src/competency/competency_selectivity.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_COMPETENCY_COMPETENCY_SELECTIVITY_H
#define CIVIC_COMPETENCY_COMPETENCY_SELECTIVITY_H

#include "utils/lsyscache.h"
#include "utils/selfuncs.h"

/* The frequencies of keys: of the listed ones, and a guess for the others. */
typedef struct KeyFrequencies
{
	AttStatsSlot slot;
	int			count;
	double		unlisted;
} KeyFrequencies;

extern bool competency_frequencies(VariableStatData *vardata, KeyFrequencies *stats);
extern double competency_key_frequency(const KeyFrequencies *stats, uint32 key);

#endif							/* CIVIC_COMPETENCY_COMPETENCY_SELECTIVITY_H */
