/*-------------------------------------------------------------------------
 *
 * suppress_watch.c
 *	  Keeps vectors up to date while rows are replaced, and knows in advance
 *	  what a replacement would do to them.
 *
 * Two linear hashes stand for each vector, so that what a change would do is
 * known before a vector is touched: a linear map changes the hash as it
 * changes the vector.  The ratio of the two hashes is a vector's direction:
 * it is the same for proportional vectors.
 *
 * src/anonymity/suppress_watch.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "suppress_watch.h"

#include "gf61.h"

#include "common/hashfn.h"
#include "utils/memutils.h"

/* Watched primaries by direction. */
typedef struct Direction
{
	uint64		key;
	int32		primaries;
	int32		singletons;
	char		status;
} Direction;

#define SH_PREFIX directions
#define SH_ELEMENT_TYPE Direction
#define SH_KEY_TYPE uint64
#define SH_KEY key
#define SH_HASH_KEY(tb, key) ((uint32) ((key) ^ ((key) >> 32)))
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* expression[row] is kept current for the rows that get one. */
SuppressWatch *
anonymity_suppress_watch_create(int32 nrows, SuppressVector **expression)
{
	SuppressWatch *watch = palloc0(sizeof(SuppressWatch));

	watch->expression = expression;
	watch->holders = palloc_extended(sizeof(Holders) * Max(nrows, 1),
									 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	watch->allocated = 1024;
	watch->watched = palloc(sizeof(Watched) * watch->allocated);
	watch->changed_allocated = 64;
	watch->changed = palloc(sizeof(int32) * watch->changed_allocated);
	watch->factor = palloc(sizeof(uint64) * watch->changed_allocated);
	watch->scratch = palloc(sizeof(uint64) * watch->changed_allocated);
	return watch;
}

/* ---- vectors ---- */

static void
holders_add(SuppressWatch *watch, int32 row, int32 w)
{
	Holders    *h = &watch->holders[row];

	if (h->n == h->allocated)
	{
		h->allocated = h->allocated == 0 ? 4 : h->allocated * 2;
		h->watched = h->watched == NULL ?
			palloc(sizeof(int32) * h->allocated) :
			repalloc_huge(h->watched, sizeof(int32) * h->allocated);
	}
	h->watched[h->n++] = w;
	h->live++;
}

/*
 * Replace the vector of w by vector - factor * other, keeping the holders of
 * each row current.
 */
static void
watched_subtract(SuppressWatch *watch, int32 w, uint64 factor, const SuppressVector *other)
{
	SuppressVector *old = watch->watched[w].vector;
	SuppressVector *new = anonymity_suppress_vector_alloc(old->n + other->n);
	SuppressVector *fit;
	uint64		minus = gf61_neg(factor);
	int32		n = 0,
				i = 0,
				j = 0;

	while (i < old->n || j < other->n)
	{
		int32		a = i < old->n ? old->row[i] : PG_INT32_MAX;
		int32		b = j < other->n ? other->row[j] : PG_INT32_MAX;
		uint64		value;

		if (a < b)
			value = old->value[i++];
		else if (b < a)
		{
			value = gf61_scale(minus, other->value[j++]);
			holders_add(watch, b, w);
		}
		else
		{
			value = gf61_add(old->value[i++], gf61_scale(minus, other->value[j++]));
			if (value == 0)
			{
				watch->holders[a].live--;
				continue;
			}
		}
		new->row[n] = Min(a, b);
		new->value[n++] = value;
	}

	fit = anonymity_suppress_vector_alloc(n);
	memcpy(fit->value, new->value, sizeof(uint64) * n);
	memcpy(fit->row, new->row, sizeof(int32) * n);
	pfree(new);
	pfree(old);
	watch->watched[w].vector = fit;
	if (watch->watched[w].row >= 0)
		watch->expression[watch->watched[w].row] = fit;
}

/* Watch a vector: that of a primary cell, or of a row about to be bound. */
int32
anonymity_suppress_watch_add(SuppressWatch *watch, SuppressVector *vector, int32 cell)
{
	Watched    *watched;

	if (watch->nwatched == watch->allocated)
	{
		watch->allocated *= 2;
		watch->watched = repalloc_huge(watch->watched, sizeof(Watched) * watch->allocated);
	}
	watched = &watch->watched[watch->nwatched];
	memset(watched, 0, sizeof(Watched));
	watched->vector = vector;
	watched->cell = cell;
	watched->row = -1;
	for (int32 i = 0; i < vector->n; i++)
		holders_add(watch, vector->row[i], watch->nwatched);
	return watch->nwatched++;
}

/* Nothing holds a row any more, since it has been replaced everywhere. */
void
anonymity_suppress_watch_forget_row(SuppressWatch *watch, int32 row)
{
	if (watch->holders[row].watched != NULL)
		pfree(watch->holders[row].watched);
	memset(&watch->holders[row], 0, sizeof(Holders));
}

/* ---- a change ---- */

static void
changed_reserve(SuppressWatch *watch, int32 n)
{
	if (n <= watch->changed_allocated)
		return;
	watch->changed_allocated = n * 2;
	watch->changed = repalloc_huge(watch->changed, sizeof(int32) * watch->changed_allocated);
	watch->factor = repalloc_huge(watch->factor, sizeof(uint64) * watch->changed_allocated);
	watch->scratch = repalloc_huge(watch->scratch, sizeof(uint64) * watch->changed_allocated);
}

/* Collect the watched vectors that hold a row, with the coefficient there. */
void
anonymity_suppress_watch_collect(SuppressWatch *watch, int32 row)
{
	Holders    *h = &watch->holders[row];

	changed_reserve(watch, h->n + 1);
	watch->nchanged = 0;
	watch->step++;
	for (int32 i = 0; i < h->n; i++)
	{
		int32		w = h->watched[i];
		uint64		coefficient;

		if (watch->watched[w].seen == watch->step)
			continue;
		watch->watched[w].seen = watch->step;
		coefficient = anonymity_suppress_vector_get(watch->watched[w].vector, row);
		if (coefficient == 0)
			continue;
		watch->changed[watch->nchanged] = w;
		watch->factor[watch->nchanged++] = coefficient;
	}
}

/* Subtract factor * other from each vector collected. */
void
anonymity_suppress_watch_apply(SuppressWatch *watch, const SuppressVector *other)
{
	for (int32 i = 0; i < watch->nchanged; i++)
		watched_subtract(watch, watch->changed[i], watch->factor[i], other);
}

/* The primary that would be left with an empty vector, or -1. */
int32
anonymity_suppress_watch_find_exposed(SuppressWatch *watch, uint64 hash1, uint64 hash2)
{
	for (int32 i = 0; i < watch->nchanged; i++)
	{
		Watched    *watched = &watch->watched[watch->changed[i]];

		if (watched->cell >= 0 &&
			watched->hash1 == gf61_scale(watch->factor[i], hash1) &&
			watched->hash2 == gf61_scale(watch->factor[i], hash2))
			return watched->cell;
	}
	return -1;
}

/* Subtract factor * (hash1, hash2) from the hashes of the changed vectors. */
void
anonymity_suppress_watch_change_hashes(SuppressWatch *watch, uint64 hash1, uint64 hash2)
{
	for (int32 i = 0; i < watch->nchanged; i++)
	{
		Watched    *watched = &watch->watched[watch->changed[i]];

		watched->hash1 = gf61_sub(watched->hash1, gf61_scale(watch->factor[i], hash1));
		watched->hash2 = gf61_sub(watched->hash2, gf61_scale(watch->factor[i], hash2));
	}
}

/* ---- directions ---- */

static uint64
direction(uint64 hash1, uint64 inverse2)
{
	return gf61_mul(hash1, inverse2);
}

static void
direction_leave(SuppressWatch *watch, const Watched *watched)
{
	Direction  *entry = directions_lookup(watch->directions, watched->key);

	if (unlikely(entry == NULL))
		elog(ERROR, "a watched vector was not entered under its direction");
	entry->primaries--;
	entry->singletons -= watched->singleton;
	if (entry->primaries == 0)
		directions_delete(watch->directions, watched->key);
}

/* Enter w under its key; true if a singleton meets another primary there. */
static bool
direction_enter(SuppressWatch *watch, const Watched *watched)
{
	bool		found;
	Direction  *entry = directions_insert(watch->directions, watched->key, &found);

	if (!found)
		entry->primaries = entry->singletons = 0;
	entry->primaries++;
	entry->singletons += watched->singleton;
	return entry->primaries > 1 && entry->singletons > 0;
}

/* Stop watching a vector that another one stands for. */
static void
watched_drop(SuppressWatch *watch, Watched *watched)
{
	for (int32 i = 0; i < watched->vector->n; i++)
		watch->holders[watched->vector->row[i]].live--;
	pfree(watched->vector);
	watched->vector = anonymity_suppress_vector_alloc(0);
	watched->cell = -1;
}

void
anonymity_suppress_watch_begin_directions(SuppressWatch *watch)
{
	watch->directions = directions_create(CurrentMemoryContext, Max(watch->nwatched, 16), NULL);
}

void
anonymity_suppress_watch_end_directions(SuppressWatch *watch)
{
	directions_destroy(watch->directions);
	watch->directions = NULL;
}

/*
 * Compute the hashes of w and enter it.  If another vector has its direction
 * already that one stands for both: w is no longer watched, and the result is
 * false.
 */
bool
anonymity_suppress_watch_enter_direction(SuppressWatch *watch, int32 w, bool singleton)
{
	Watched    *watched = &watch->watched[w];

	anonymity_suppress_vector_hash(watched->vector, &watched->hash1, &watched->hash2);
	watched->key = direction(watched->hash1, gf61_inverse(watched->hash2));
	if (directions_lookup(watch->directions, watched->key) != NULL)
	{
		watched_drop(watch, watched);
		return false;
	}
	watched->keyed = true;
	watched->singleton = singleton;
	direction_enter(watch, watched);
	return true;
}

/*
 * Give the changed primaries the keys of their changed hashes, with a single
 * division for all of them; scratch receives the old keys.  Returns a primary
 * that now has the direction of a singleton, or -1.
 */
int32
anonymity_suppress_watch_change_directions(SuppressWatch *watch)
{
	uint64		product = 1;
	int32		met = -1;

	for (int32 i = 0; i < watch->nchanged; i++)
	{
		Watched    *watched = &watch->watched[watch->changed[i]];

		if (!watched->keyed)
			continue;
		direction_leave(watch, watched);
		watch->scratch[i] = product;
		product = gf61_mul(product, watched->hash2);
	}
	product = gf61_inverse(product);
	for (int32 i = watch->nchanged - 1; i >= 0; i--)
	{
		Watched    *watched = &watch->watched[watch->changed[i]];
		uint64		old = watched->key;

		if (!watched->keyed)
			continue;
		watched->key = direction(watched->hash1, gf61_mul(watch->scratch[i], product));
		product = gf61_mul(product, watched->hash2);
		watch->scratch[i] = old;
		if (direction_enter(watch, watched))
			met = watched->cell;
	}
	return met;
}

void
anonymity_suppress_watch_restore_directions(SuppressWatch *watch)
{
	for (int32 i = 0; i < watch->nchanged; i++)
	{
		if (watch->watched[watch->changed[i]].keyed)
			direction_leave(watch, &watch->watched[watch->changed[i]]);
	}
	for (int32 i = 0; i < watch->nchanged; i++)
	{
		Watched    *watched = &watch->watched[watch->changed[i]];

		if (!watched->keyed)
			continue;
		watched->key = watch->scratch[i];
		direction_enter(watch, watched);
	}
}
