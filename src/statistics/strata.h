/*-------------------------------------------------------------------------
 *
 * strata.h
 *	  Events and population of an area by stratum (age band, age x sex).
 *
 * The state of standardised rates: pooled by stratum, so that states of parts
 * (wards, days, workers) merge into the state of the whole in any order.
 *
 * src/statistics/strata.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_STATISTICS_STRATA_H
#define CIVIC_STATISTICS_STRATA_H

#include "wire.h"

#define STRATA_MAX 10000		/* age x sex x group stays far below it */

typedef struct Stratum
{
	int32		number;
	int32		missing;		/* rows whose events or population are unknown */
	double		events;
	double		population;
	double		weight;			/* of the standard, or its rate */
} Stratum;

/* A flat varlena; room for more strata may follow the last one in use */
typedef struct Strata
{
	int32		vl_len_;
	WireHead	head;
	int32		count;
	int32		unused;			/* 0 */
	Stratum		stratum[FLEXIBLE_ARRAY_MEMBER]; /* ascending by number */
} Strata;

static const WireType strata_wire = {"strata", 1, 0};

#define STRATA_SIZE(n) (offsetof(Strata, stratum) + (Size) (n) * sizeof(Stratum))
#define STRATA_ROOM(s) ((int32) ((VARSIZE(s) - STRATA_SIZE(0)) / sizeof(Stratum)))
#define DatumGetStrataP(d) ((Strata *) wire_detoast(d, &strata_wire))
#define PG_GETARG_STRATA_P(n) DatumGetStrataP(PG_GETARG_DATUM(n))

extern Strata *statistics_strata_create(MemoryContext context, int32 room);
extern Strata *statistics_strata_add(Strata *s, const Stratum *add, MemoryContext context);

#endif							/* CIVIC_STATISTICS_STRATA_H */
