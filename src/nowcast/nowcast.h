/*-------------------------------------------------------------------------
 *
 * nowcast.h
 *	  What has happened but was not reported yet: what the files share.
 *
 * Counts by (event day, delay) are a value (delays.c, delays_io.c).  A
 * question lays the last days out as a triangle, a row for each event day
 * and a column for each delay (triangle.c); a method completes its lower
 * right corner: chain_ladder.c, the default, or the two of published.c.
 * nowcast.c is where SQL calls them.
 *
 * src/nowcast/nowcast.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_NOWCAST_NOWCAST_H
#define CIVIC_NOWCAST_NOWCAST_H

#include "wire.h"

#include "utils/date.h"

/* Limits */
#define NOWCAST_MAX_DELAY	120 /* days from an event to its last report */
#define NOWCAST_MAX_CELLS	1000000 /* (day, delay) pairs in one value */
#define NOWCAST_MAX_COUNT	INT64CONST(1000000000000000)	/* a count, 1e15 */

/* delays: how many reports of each event day came after how many days. */
typedef struct DelayCell
{
	int64		n;				/* reports, less those withdrawn */
	int32		day;			/* of the event */
	int32		delay;			/* in days; the longest stands for longer ones */
} DelayCell;

typedef struct Delays
{
	int32		vl_len_;
	WireHead	head;
	int32		longest;		/* delay that is told apart */
	int32		n;				/* cells in use; the rest is slack */
	uint8		sorted;			/* by (day, delay), each once and none of them
								 * 0 */
	uint8		unused[7];		/* zero */
	DelayCell	cell[FLEXIBLE_ARRAY_MEMBER];
} Delays;

static const WireType delays_wire = {"delays", 1, 0};

#define DatumGetDelaysP(d)	((Delays *) wire_detoast(d, &delays_wire))
#define PG_GETARG_DELAYS_P(i) DatumGetDelaysP(PG_GETARG_DATUM(i))

extern Delays *nowcast_delays_alloc(int capacity, int longest);
extern Delays *nowcast_delays_append(Delays *d, DelayCell cell);
extern Delays *nowcast_delays_normal(const Delays *d);
extern bool nowcast_delays_check(const DelayCell *cell, int longest, struct Node *escontext);

/*
 * The last days before now, the first of them 0: reports by event day and
 * delay, as far as they have come by now.
 */
typedef struct Triangle
{
	int			days;			/* the last of them is now */
	int			longest;		/* delay */
	int			weekday;		/* of day 0, in an order of its own */
	double	   *n;				/* days * (longest + 1) */
} Triangle;

static inline double
triangle_n(const Triangle *t, int day, int delay)
{
	return t->n[day * (t->longest + 1) + delay];
}

/* The longest delay that a day can have shown at a time. */
static inline int
triangle_age(const Triangle *t, int now, int day)
{
	return Min(now - day, t->longest);
}

extern Triangle nowcast_triangle(const Delays *d, DateADT now, int days);
extern double nowcast_reported(const Triangle *t, int now, int day);

/* What a method says of one event day. */
typedef struct Nowcast
{
	double		reported;
	double		estimate;		/* the median */
	double		mean;
	double		lower;
	double		upper;
	double		share;			/* of the final count that should have come by
								 * now */
	const char *reason;			/* why there is no estimate, or NULL */
} Nowcast;

/* A method fills out[], one for each day from the youngest on: ages 0 to longest. */
typedef void (*NowcastMethod) (const Triangle *t, const Triangle *parent, double level, Nowcast *out);

extern void nowcast_chain_ladder(const Triangle *t, const Triangle *parent, double level, Nowcast *out);
extern void nowcast_lawless(const Triangle *t, const Triangle *parent, double level, Nowcast *out);
extern void nowcast_trunc(const Triangle *t, const Triangle *parent, double level, Nowcast *out);

#endif							/* CIVIC_NOWCAST_NOWCAST_H */
