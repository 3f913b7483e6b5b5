/*-------------------------------------------------------------------------
 *
 * suppress_repair.h
 *	  What else to withhold where a cell can be moved too little.
 *
 * src/anonymity/suppress_repair.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_ANONYMITY_SUPPRESS_REPAIR_H
#define CIVIC_ANONYMITY_SUPPRESS_REPAIR_H

#include "suppress_interval.h"

extern bool anonymity_suppress_repair(SuppressTable *table, const SuppressHoldings *holdings,
									  SuppressGoal goal, int32 primary, int nrepairs,
									  SuppressBounds *bounds);

#endif							/* CIVIC_ANONYMITY_SUPPRESS_REPAIR_H */
