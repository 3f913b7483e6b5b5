/*-------------------------------------------------------------------------
 *
 * suppress_eliminate.c
 *	  Decides which cells may be published, by exact Gaussian elimination.
 *
 * What is published is a system of linear equations in the inner cells (rows).
 * A primary cell can be recomputed exactly when its vector is a combination of
 * published ones.  Cells are taken in order; each is published unless it would
 * make some primary a combination of what is out already.  Once published, it
 * binds one of its rows: that row is from then on an expression in free rows,
 * and every vector that is watched (primaries, expressions of other bound
 * rows) has it replaced.  A primary whose vector becomes empty is exposed.
 *
 * Two linear hashes stand for each watched primary, so that what a candidate
 * would do is known before a vector is touched: a linear map changes the hash
 * as it changes the vector.  The ratio of the two hashes is the same for
 * proportional vectors; with it, the contributor of a singleton, who knows
 * that one cell, is kept from computing another primary.
 *
 * The method is Langsrud (2024), "Secondary cell suppression by Gaussian
 * elimination: an algorithm suitable for handling issues with zeros and
 * singletons"; the modular arithmetic and the hashes are ours.
 *
 * src/anonymity/suppress_eliminate.c
 *
 *-------------------------------------------------------------------------
 */
#include "suppress.h"

#include "gf61.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/memutils.h"

/* A vector that is kept up to date: a primary, a bound row, or both. */
typedef struct Watched
{
	SuppressVector *vector;
	uint64		hash1;
	uint64		hash2;
	uint64		key;			/* the key it stands under in keys */
	int32		cell;			/* the primary, or -1 */
	int32		row;			/* the row it is the expression of, or -1 */
	int32		seen;			/* last step that met it */
	int32		lost;			/* rows lost in that step */
	bool		keyed;			/* stands in keys */
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

/* Directions of the watched primaries. */
typedef struct KeyEntry
{
	uint64		key;
	int32		primaries;
	int32		singletons;
	char		status;
} KeyEntry;

#define SH_PREFIX keys
#define SH_ELEMENT_TYPE KeyEntry
#define SH_KEY_TYPE uint64
#define SH_KEY key
#define SH_HASH_KEY(tb, key) ((uint32) ((key) ^ ((key) >> 32)))
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

typedef struct Elimination
{
	SuppressTable *table;
	SuppressSystem *system;
	Watched    *watched;
	int32		nwatched;
	int32		allocated;
	Holders    *holders;		/* by row */
	keys_hash  *keys;			/* NULL: singletons are not looked after */
	int32		step;

	SuppressSum *sum;
	bool	   *alone;			/* rows at the least value outsiders allow */
	bool	   *related;		/* lone rows in a difference met so far */

	/* scratch: what the candidate under test would change */
	int32	   *changed;
	uint64	   *factor;
	uint64	   *scratch;
	int32		nchanged;
	int32		changed_allocated;
} Elimination;

static void
holders_add(Elimination *e, int32 row, int32 w)
{
	Holders    *h = &e->holders[row];

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

/* A cell in terms of the rows that are free now. */
static SuppressVector *
reduce_cell(Elimination *e, int32 c)
{
	SuppressTable *table = e->table;

	for (int64 i = table->start[c]; i < table->start[c + 1]; i++)
	{
		int32		row = SUPPRESS_ROW(table->members[i]);
		bool		minus = table->members[i] & 1;
		SuppressVector *expression = e->system->expression[row];

		if (e->system->state[row] == SUPPRESS_ROW_FREE)
			suppress_sum_add(e->sum, row, minus ? GF61_MINUS_ONE : 1);
		else if (e->system->state[row] == SUPPRESS_ROW_BOUND && expression != NULL)
		{
			for (int32 j = 0; j < expression->n; j++)
				suppress_sum_add(e->sum, expression->row[j],
								 minus ? gf61_neg(expression->value[j]) : expression->value[j]);
		}
	}
	return suppress_sum_finish(e->sum);
}

/* ---- watched vectors ---- */

static uint64
scaled(uint64 factor, uint64 value)
{
	if (factor == 1)
		return value;
	if (factor == GF61_MINUS_ONE)
		return gf61_neg(value);
	return gf61_mul(factor, value);
}

/*
 * Replace the vector of w by vector - factor * other, keeping the holders of
 * each row current.
 */
static void
watched_subtract(Elimination *e, int32 w, uint64 factor, const SuppressVector *other)
{
	SuppressVector *old = e->watched[w].vector;
	SuppressVector *new = suppress_vector_alloc(old->n + other->n);
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
			value = scaled(minus, other->value[j++]);
			holders_add(e, b, w);
		}
		else
		{
			value = gf61_add(old->value[i++], scaled(minus, other->value[j++]));
			if (value == 0)
			{
				e->holders[a].live--;
				continue;
			}
		}
		new->row[n] = Min(a, b);
		new->value[n++] = value;
	}

	fit = suppress_vector_alloc(n);
	memcpy(fit->value, new->value, sizeof(uint64) * n);
	memcpy(fit->row, new->row, sizeof(int32) * n);
	pfree(new);
	pfree(old);
	e->watched[w].vector = fit;
	if (e->watched[w].row >= 0)
		e->system->expression[e->watched[w].row] = fit;
}

/* Watch a vector: that of a primary cell, or of a row about to be bound. */
static int32
watched_add(Elimination *e, SuppressVector *vector, int32 cell)
{
	Watched    *watched;

	if (e->nwatched == e->allocated)
	{
		e->allocated *= 2;
		e->watched = repalloc_huge(e->watched, sizeof(Watched) * e->allocated);
	}
	watched = &e->watched[e->nwatched];
	memset(watched, 0, sizeof(Watched));
	watched->vector = vector;
	watched->cell = cell;
	watched->row = -1;
	for (int32 i = 0; i < vector->n; i++)
		holders_add(e, vector->row[i], e->nwatched);
	return e->nwatched++;
}

/* ---- the directions of primaries ---- */

static uint64
direction(uint64 hash1, uint64 inverse2)
{
	return gf61_mul(hash1, inverse2);
}

static void
keys_remove(Elimination *e, const Watched *watched)
{
	KeyEntry   *entry = keys_lookup(e->keys, watched->key);

	entry->primaries--;
	entry->singletons -= watched->singleton;
	if (entry->primaries == 0)
		keys_delete(e->keys, watched->key);
}

/* Enter w under its key; true if a singleton meets another primary there. */
static bool
keys_add(Elimination *e, const Watched *watched)
{
	bool		found;
	KeyEntry   *entry = keys_insert(e->keys, watched->key, &found);

	if (!found)
		entry->primaries = entry->singletons = 0;
	entry->primaries++;
	entry->singletons += watched->singleton;
	return entry->primaries > 1 && entry->singletons > 0;
}

/* ---- one candidate ---- */

static uint64
unit_inverse(uint64 value)
{
	return value == 1 || value == GF61_MINUS_ONE ? value : gf61_inverse(value);
}

/*
 * The row a candidate shall bind: not a lone one, if possible with the
 * coefficient 1 or -1, which keeps numbers small, and of these the one that
 * the fewest watched vectors hold.
 */
static int32
choose_pivot(Elimination *e, const SuppressVector *candidate)
{
	int32		best = -1;
	int			best_rank = -1;

	for (int32 i = 0; i < candidate->n; i++)
	{
		bool		unit = candidate->value[i] == 1 || candidate->value[i] == GF61_MINUS_ONE;
		int			rank = (e->alone[candidate->row[i]] ? 0 : 2) + (unit ? 1 : 0);

		if (rank > best_rank ||
			(rank == best_rank &&
			 e->holders[candidate->row[i]].live < e->holders[candidate->row[best]].live))
		{
			best = i;
			best_rank = rank;
		}
	}
	return best;
}

static void
changed_reserve(Elimination *e, int32 n)
{
	if (n <= e->changed_allocated)
		return;
	e->changed_allocated = n * 2;
	e->changed = repalloc_huge(e->changed, sizeof(int32) * e->changed_allocated);
	e->factor = repalloc_huge(e->factor, sizeof(uint64) * e->changed_allocated);
	e->scratch = repalloc_huge(e->scratch, sizeof(uint64) * e->changed_allocated);
}

/* Collect the watched vectors that hold a row, with the coefficient there. */
static void
collect_holders(Elimination *e, int32 row)
{
	Holders    *h = &e->holders[row];

	changed_reserve(e, h->n + 1);
	e->nchanged = 0;
	e->step++;
	for (int32 i = 0; i < h->n; i++)
	{
		int32		w = h->watched[i];
		uint64		coefficient;

		if (e->watched[w].seen == e->step)
			continue;
		e->watched[w].seen = e->step;
		coefficient = suppress_vector_get(e->watched[w].vector, row);
		if (coefficient == 0)
			continue;
		e->changed[e->nchanged] = w;
		e->factor[e->nchanged++] = coefficient;
	}
}

/* The primary that would be left with an empty vector, or -1. */
static int32
find_exposed(Elimination *e, uint64 hash1, uint64 hash2)
{
	for (int32 i = 0; i < e->nchanged; i++)
	{
		Watched    *watched = &e->watched[e->changed[i]];

		if (watched->cell >= 0 &&
			watched->hash1 == scaled(e->factor[i], hash1) &&
			watched->hash2 == scaled(e->factor[i], hash2))
			return watched->cell;
	}
	return -1;
}

/* Subtract factor * (hash1, hash2) from the hashes of the changed vectors. */
static void
change_hashes(Elimination *e, uint64 hash1, uint64 hash2)
{
	for (int32 i = 0; i < e->nchanged; i++)
	{
		Watched    *watched = &e->watched[e->changed[i]];

		watched->hash1 = gf61_sub(watched->hash1, scaled(e->factor[i], hash1));
		watched->hash2 = gf61_sub(watched->hash2, scaled(e->factor[i], hash2));
	}
}

/*
 * Give the changed primaries the keys of their changed hashes, with a single
 * division for all of them; scratch receives the old keys.  Returns a primary
 * that now has the direction of a singleton, or -1.
 */
static int32
change_keys(Elimination *e)
{
	uint64		product = 1;
	int32		met = -1;

	for (int32 i = 0; i < e->nchanged; i++)
	{
		Watched    *watched = &e->watched[e->changed[i]];

		if (!watched->keyed)
			continue;
		keys_remove(e, watched);
		e->scratch[i] = product;
		product = gf61_mul(product, watched->hash2);
	}
	product = gf61_inverse(product);
	for (int32 i = e->nchanged - 1; i >= 0; i--)
	{
		Watched    *watched = &e->watched[e->changed[i]];
		uint64		old = watched->key;

		if (!watched->keyed)
			continue;
		watched->key = direction(watched->hash1, gf61_mul(e->scratch[i], product));
		product = gf61_mul(product, watched->hash2);
		e->scratch[i] = old;
		if (keys_add(e, watched))
			met = watched->cell;
	}
	return met;
}

static void
restore_keys(Elimination *e)
{
	for (int32 i = 0; i < e->nchanged; i++)
	{
		if (e->watched[e->changed[i]].keyed)
			keys_remove(e, &e->watched[e->changed[i]]);
	}
	for (int32 i = 0; i < e->nchanged; i++)
	{
		Watched    *watched = &e->watched[e->changed[i]];

		if (!watched->keyed)
			continue;
		watched->key = e->scratch[i];
		keys_add(e, watched);
	}
}

/* The row of the pivot is from now on what the published candidate says. */
static void
bind_row(Elimination *e, SuppressVector *candidate, int32 pivot)
{
	int32		row = candidate->row[pivot];
	int32		own = -1;

	/* a primary that is this row alone becomes its expression */
	for (int32 i = 0; i < e->nchanged && own < 0; i++)
	{
		Watched    *watched = &e->watched[e->changed[i]];

		if (watched->vector->n == 1 && watched->vector->value[0] == 1 && watched->row < 0)
			own = e->changed[i];
	}
	if (own < 0 && candidate->n > 1)
	{
		SuppressVector *unit = suppress_vector_alloc(1);

		unit->row[0] = row;
		unit->value[0] = 1;
		own = watched_add(e, unit, -1);
		e->changed[e->nchanged] = own;
		e->factor[e->nchanged++] = unit_inverse(candidate->value[pivot]);
	}
	if (own >= 0)
		e->watched[own].row = row;
	for (int32 i = 0; i < e->nchanged; i++)
		watched_subtract(e, e->changed[i], e->factor[i], candidate);

	e->system->state[row] = SUPPRESS_ROW_BOUND;
	if (e->holders[row].watched != NULL)
		pfree(e->holders[row].watched);
	memset(&e->holders[row], 0, sizeof(Holders));
}

static void
refuse_required(Elimination *e, int32 c, int32 primary, const char *how)
{
	SuppressTable *table = e->table;

	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("required cell " INT64_FORMAT " would expose primary cell " INT64_FORMAT,
					table->cell[c], table->cell[primary]),
			 errdetail("%s", how),
			 errhint("Do not require that cell, or leave out cells that it can be compared with.")));
}

/* Is the candidate made up of lone rows only? */
static bool
only_lone_rows(Elimination *e, const SuppressVector *candidate)
{
	for (int32 i = 0; i < candidate->n; i++)
	{
		if (!e->alone[candidate->row[i]])
			return false;
	}
	return candidate->n > 0;
}

/*
 * A candidate of lone rows only is not published as a rule: a sum of m cells
 * that cannot be 0 is m when each of them is 1.  A difference of lone rows
 * tells nothing of that kind.  Several differences could add up to a sum, but
 * not when each row is in at most one of them.
 */
static bool
tells_lone_rows(Elimination *e, const SuppressVector *candidate)
{
	bool		plus = false;
	bool		minus = false;

	if (!only_lone_rows(e, candidate))
		return false;
	for (int32 i = 0; i < candidate->n; i++)
	{
		if (e->related[candidate->row[i]])
			return true;
		if (gf61_signed(candidate->value[i]) < 0)
			minus = true;
		else
			plus = true;
	}
	return !plus || !minus;
}

/*
 * The rows of a difference are not used in another, even if it turns out that
 * the first must not be published: as in Langsrud's program, whose sets can so
 * be compared with ours cell by cell.  It withholds little more.
 */
static void
relate_lone_rows(Elimination *e, const SuppressVector *candidate)
{
	if (!only_lone_rows(e, candidate))
		return;
	for (int32 i = 0; i < candidate->n; i++)
		e->related[candidate->row[i]] = true;
}

static void
refuse_lone(Elimination *e, int32 c)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("required cell " INT64_FORMAT " would expose cells of a single person",
					e->table->cell[c]),
			 errdetail("What it adds to the other required cells is a sum of such cells only."),
			 errhint("Do not require that cell, or leave out cells that it can be compared with.")));
}

/* The primary that publishing the candidate would disclose, or -1. */
static int32
find_disclosed(Elimination *e, int32 c, const SuppressVector *candidate, int32 pivot)
{
	uint64		inverse = unit_inverse(candidate->value[pivot]);
	uint64		hash1;
	uint64		hash2;
	int32		disclosed;

	suppress_vector_hash(candidate, &hash1, &hash2);
	collect_holders(e, candidate->row[pivot]);
	for (int32 i = 0; i < e->nchanged; i++)
		e->factor[i] = scaled(inverse, e->factor[i]);

	disclosed = find_exposed(e, hash1, hash2);
	if (disclosed >= 0 && e->table->role[c] == SUPPRESS_REQUIRED)
		refuse_required(e, c, disclosed, "The primary cell can be computed from the required cells.");
	if (disclosed >= 0)
		return disclosed;
	change_hashes(e, hash1, hash2);
	if (e->keys == NULL || (disclosed = change_keys(e)) < 0)
		return -1;
	if (e->table->role[c] == SUPPRESS_REQUIRED)
		refuse_required(e, c, disclosed, "The only contributor of another cell can compute it.");
	change_hashes(e, gf61_neg(hash1), gf61_neg(hash2));
	restore_keys(e);
	return disclosed;
}

/* Publish a cell if that discloses nothing; false if it has to be withheld. */
static bool
try_publish(Elimination *e, int32 c)
{
	SuppressVector *candidate = reduce_cell(e, c);
	int32		pivot = choose_pivot(e, candidate);
	bool		publish = true;

	if (tells_lone_rows(e, candidate))
	{
		publish = false;
		if (e->table->role[c] == SUPPRESS_REQUIRED)
			refuse_lone(e, c);
	}
	else if (pivot >= 0)
	{
		relate_lone_rows(e, candidate);
		publish = find_disclosed(e, c, candidate, pivot) < 0;
		if (publish)
			bind_row(e, candidate, pivot);
	}
	pfree(candidate);
	return publish;
}

/* ---- zeros ---- */

/* Is this a published zero that says that each of its rows is zero? */
static bool
fixes_zero(const SuppressTable *table, int32 c)
{
	if (table->value[c] != 0)
		return false;
	for (int64 i = table->start[c]; i < table->start[c + 1]; i++)
	{
		if (table->members[i] & 1)
			return false;
	}
	return true;
}

/* The primary that has no row left when those of c are zero, or -1. */
static int32
find_emptied(Elimination *e, int32 c)
{
	SuppressTable *table = e->table;
	int32		step = ++e->step;

	for (int64 i = table->start[c]; i < table->start[c + 1]; i++)
	{
		int32		row = SUPPRESS_ROW(table->members[i]);
		Holders    *h = &e->holders[row];

		if (e->system->state[row] == SUPPRESS_ROW_ZERO)
			continue;
		for (int32 j = 0; j < h->n; j++)
		{
			Watched    *watched = &e->watched[h->watched[j]];

			if (watched->seen != step)
			{
				watched->seen = step;
				watched->lost = 0;
			}
			if (++watched->lost == watched->vector->n)
				return watched->cell;
		}
	}
	return -1;
}

/* Publish a zero: counts are not negative, so all of its rows are zero. */
static bool
try_publish_zero(Elimination *e, int32 c)
{
	SuppressTable *table = e->table;
	int32		exposed = find_emptied(e, c);
	SuppressVector *unit;

	if (exposed >= 0)
	{
		if (table->role[c] == SUPPRESS_REQUIRED)
			refuse_required(e, c, exposed, "The required cell is zero, so all that it sums are zero.");
		return false;
	}
	unit = suppress_vector_alloc(1);
	unit->value[0] = 1;
	for (int64 i = table->start[c]; i < table->start[c + 1]; i++)
	{
		int32		row = SUPPRESS_ROW(table->members[i]);

		if (e->system->state[row] == SUPPRESS_ROW_ZERO)
			continue;
		unit->row[0] = row;
		collect_holders(e, row);
		for (int32 j = 0; j < e->nchanged; j++)
			watched_subtract(e, e->changed[j], e->factor[j], unit);
		e->system->state[row] = SUPPRESS_ROW_ZERO;
	}
	pfree(unit);
	return true;
}

/* ---- the run ---- */

static Elimination *
elimination_begin(SuppressTable *table)
{
	Elimination *e = palloc0(sizeof(Elimination));
	Size		n = Max(table->nrows, 1);

	e->table = table;
	e->system = palloc(sizeof(SuppressSystem));
	e->system->state = palloc_extended(n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	e->system->expression = palloc_extended(sizeof(SuppressVector *) * n,
											MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	e->holders = palloc_extended(sizeof(Holders) * n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	e->alone = palloc_extended(sizeof(bool) * n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	e->related = palloc_extended(sizeof(bool) * n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	e->sum = suppress_sum_create(table->nrows);
	e->allocated = 1024;
	e->watched = palloc(sizeof(Watched) * e->allocated);
	e->changed_allocated = 64;
	e->changed = palloc(sizeof(int32) * e->changed_allocated);
	e->factor = palloc(sizeof(uint64) * e->changed_allocated);
	e->scratch = palloc(sizeof(uint64) * e->changed_allocated);
	return e;
}

/* Stop watching a vector that another one stands for. */
static void
watched_drop(Elimination *e, Watched *watched)
{
	for (int32 i = 0; i < watched->vector->n; i++)
		e->holders[watched->vector->row[i]].live--;
	pfree(watched->vector);
	watched->vector = suppress_vector_alloc(0);
	watched->cell = -1;
}

/*
 * Enter the watched cells under their directions.  Cells that are the same to
 * begin with (a parent and its only child) are one secret: the first stands
 * for all, and a singleton does not disclose itself by meeting its double.
 *
 * The contributor of a singleton knows its value; where that is 1, everybody
 * knows it who sees that zeros are shown, so such rows are lone.
 */
static void
enter_watched(Elimination *e, bool singletons)
{
	SuppressTable *table = e->table;

	e->keys = keys_create(CurrentMemoryContext, Max(e->nwatched, 16), NULL);
	for (int32 w = 0; w < e->nwatched; w++)
	{
		Watched    *watched = &e->watched[w];
		int32		c = watched->cell;

		CHECK_FOR_INTERRUPTS();
		if (watched->vector->n == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("primary cell " INT64_FORMAT " is already exposed", table->cell[c]),
					 errdetail("All of its inner cells are known to be zero.")));
		suppress_vector_hash(watched->vector, &watched->hash1, &watched->hash2);
		watched->key = direction(watched->hash1, gf61_inverse(watched->hash2));
		if (keys_lookup(e->keys, watched->key) != NULL)
		{
			watched_drop(e, watched);
			continue;
		}
		watched->keyed = true;
		watched->singleton = table->singleton[c] && table->value[c] != 1;
		keys_add(e, watched);
		if (singletons && watched->vector->n == 1 && table->value[c] <= 1 &&
			(table->singleton[c] || table->value[c] == 0))
			e->alone[watched->vector->row[0]] = true;
	}
	if (!singletons)
	{
		keys_destroy(e->keys);
		e->keys = NULL;
	}
}

/* Take the cells in turn that are not suppressed yet. */
static SuppressSystem *
elimination_run(Elimination *e, bool singletons)
{
	SuppressTable *table = e->table;

	for (int i = 0; i < table->norder; i++)
	{
		int32		c = table->order[i];

		CHECK_FOR_INTERRUPTS();
		if (!table->suppressed[c] && fixes_zero(table, c))
			table->suppressed[c] = !try_publish_zero(e, c);
	}
	enter_watched(e, singletons);
	for (int i = 0; i < table->norder; i++)
	{
		int32		c = table->order[i];

		CHECK_FOR_INTERRUPTS();
		if (!table->suppressed[c] && !fixes_zero(table, c))
			table->suppressed[c] = !try_publish(e, c);
		if (i % 1024 == 0)
			suppress_table_check_memory(table);
	}
	return e->system;
}

/* Decide for every cell whether it is suppressed. */
SuppressSystem *
suppress_eliminate(SuppressTable *table, bool singletons)
{
	Elimination *e = elimination_begin(table);

	for (int32 c = 0; c < table->ncells; c++)
	{
		CHECK_FOR_INTERRUPTS();
		table->suppressed[c] = table->role[c] == SUPPRESS_PRIMARY ||
			table->role[c] == SUPPRESS_HIDDEN;
		if (table->role[c] == SUPPRESS_PRIMARY)
			watched_add(e, reduce_cell(e, c), c);
	}
	return elimination_run(e, singletons);
}

/*
 * The system of what is published already, with nothing left to decide.  Less
 * is published than when it was decided, so nothing needs to be watched.
 */
SuppressSystem *
suppress_bind(SuppressTable *table)
{
	return elimination_run(elimination_begin(table), false);
}
