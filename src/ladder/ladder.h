/*-------------------------------------------------------------------------
 *
 * ladder.h
 *	  Service levels: rungs of the published service ladders, and a level that
 *	  is known only to lie between two rungs.
 *
 * src/ladder/ladder.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_LADDER_LADDER_H
#define CIVIC_LADDER_LADDER_H

#include "compat.h"
#include "wire.h"

#include "nodes/nodes.h"

/*
 * Ladders and rungs are stored by number.  A ladder, or a rung above the top
 * one, may be added; none may be removed or renumbered.
 */
typedef enum LadderId
{
	LADDER_HCF = 1,
	LADDER_HOUSEHOLD_WATER,
	LADDER_HOUSEHOLD_SANITATION,
	LADDER_HOUSEHOLD_HYGIENE,
	LADDER_SCHOOL,
	LADDER_LAST = LADDER_SCHOOL
} LadderId;

#define LADDER_MAX_RUNGS	5

/* Pairs (lowest, highest) with lowest <= highest, and the number of one. */
#define LADDER_MAX_RANGES	(LADDER_MAX_RUNGS * (LADDER_MAX_RUNGS + 1) / 2)
#define LADDER_RANGE(lowest, highest)	((highest) * ((highest) + 1) / 2 + (lowest))

/* What ladder_label() calls a level that lies between two rungs. */
#define LADDER_INSUFFICIENT	"insufficient"

typedef struct Ladder
{
	const char *name;
	int			nrungs;
	const char *rungs[LADDER_MAX_RUNGS];	/* from the lowest */
} Ladder;

/*
 * A service level, passed by value: the ladder and the lowest and the highest
 * rung that the known answers allow.  The bytes lie so that the order of the
 * integers is the order of the type: ladder, lowest, highest.  There is room
 * for a version but not for a whole head: the highest byte is the version less
 * one.
 */
typedef int32 ServiceLevel;

#define SERVICE_LEVEL(ladder, lowest, highest) \
	((ServiceLevel) (((ladder) << 16) | ((lowest) << 8) | (highest)))
#define SERVICE_LEVEL_LADDER(level)		(((level) >> 16) & 0xff)
#define SERVICE_LEVEL_LOWEST(level)		(((level) >> 8) & 0xff)
#define SERVICE_LEVEL_HIGHEST(level)	((level) & 0xff)
#define SERVICE_LEVEL_IS_EXACT(level) \
	(SERVICE_LEVEL_LOWEST(level) == SERVICE_LEVEL_HIGHEST(level))

static const WireType service_level_wire = {"service_level", 1, 0};

static inline ServiceLevel
DatumGetServiceLevel(Datum datum)
{
	ServiceLevel level = DatumGetInt32(datum);

	if (unlikely((uint32) level >> 24 != 0))
		wire_refuse(&service_level_wire, (int) ((uint32) level >> 24) + 1);
	return level;
}

#define ServiceLevelGetDatum(level)		Int32GetDatum(level)
#define PG_GETARG_SERVICE_LEVEL(n)		DatumGetServiceLevel(PG_GETARG_DATUM(n))
#define PG_RETURN_SERVICE_LEVEL(level)	return ServiceLevelGetDatum(level)

/* ladders.c */
extern const Ladder *ladder_get(int ladder);
extern int	ladder_find(const char *name, size_t len);
extern int	ladder_find_rung(const Ladder *ladder, const char *name, size_t len);
extern char *ladder_names(void);
extern char *ladder_rung_names(const Ladder *ladder);
extern const char *ladder_label(const char *rung, const char *language);

/* service_level.c */
extern bool ladder_level_check(int ladder, int lowest, int highest,
							   Node *escontext);
extern bool ladder_level_parse(const char *str, size_t len,
							   ServiceLevel *level, Node *escontext);
extern char *ladder_level_text(ServiceLevel level);
extern int	ladder_level_target(int ladder, const char *name, size_t len);

#endif							/* CIVIC_LADDER_LADDER_H */
