/*-------------------------------------------------------------------------
 *
 * suppress_watch.h
 *	  Vectors that an elimination keeps up to date, by the rows they hold.
 *
 * src/anonymity/suppress_watch.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_ANONYMITY_SUPPRESS_WATCH_H
#define CIVIC_ANONYMITY_SUPPRESS_WATCH_H

#include "suppress_vector.h"

/* A vector that is kept up to date: a primary, a bound row, or both. */
typedef struct Watched
{
	SuppressVector *vector;
	uint64		hash1;
	uint64		hash2;
	uint64		key;			/* the direction it stands under */
	int32		cell;			/* the primary, or -1 */
	int32		row;			/* the row it is the expression of, or -1 */
	int32		seen;			/* last step that met it */
	int32		lost;			/* rows lost in that step */
	bool		keyed;			/* stands under its direction */
	bool		singleton;
} Watched;

/* Watched vectors that hold a row, some out of date. */
typedef struct Holders
{
	int32	   *watched;
	int32		n;
	int32		allocated;
	int32		live;
} Holders;

typedef struct SuppressWatch
{
	Watched    *watched;
	int32		nwatched;
	int32		allocated;
	Holders    *holders;		/* by row */
	struct directions_hash *directions; /* NULL: nobody looks at them */
	SuppressVector **expression;	/* by row; of bound rows, kept current */
	int32		step;

	/* scratch: what a change would touch, and by what factor */
	int32	   *changed;
	uint64	   *factor;
	uint64	   *scratch;
	int32		nchanged;
	int32		changed_allocated;
} SuppressWatch;

extern SuppressWatch *anonymity_suppress_watch_create(int32 nrows, SuppressVector **expression);
extern int32 anonymity_suppress_watch_add(SuppressWatch *watch, SuppressVector *vector, int32 cell);
extern void anonymity_suppress_watch_forget_row(SuppressWatch *watch, int32 row);
extern void anonymity_suppress_watch_collect(SuppressWatch *watch, int32 row);
extern void anonymity_suppress_watch_apply(SuppressWatch *watch, const SuppressVector *other);
extern int32 anonymity_suppress_watch_find_exposed(SuppressWatch *watch, uint64 hash1, uint64 hash2);
extern void anonymity_suppress_watch_change_hashes(SuppressWatch *watch, uint64 hash1, uint64 hash2);
extern void anonymity_suppress_watch_begin_directions(SuppressWatch *watch);
extern bool anonymity_suppress_watch_enter_direction(SuppressWatch *watch, int32 w, bool singleton);
extern void anonymity_suppress_watch_end_directions(SuppressWatch *watch);
extern int32 anonymity_suppress_watch_change_directions(SuppressWatch *watch);
extern void anonymity_suppress_watch_restore_directions(SuppressWatch *watch);

#endif							/* CIVIC_ANONYMITY_SUPPRESS_WATCH_H */
