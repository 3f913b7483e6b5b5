/*-------------------------------------------------------------------------
 *
 * suppress_interval.c
 *	  Shows that a suppressed cell cannot be narrowed down: finds other tables
 *	  that outsiders could not tell from the true one.
 *
 * After the elimination every bound row is an expression in free rows.  Moving
 * free rows and letting the bound ones follow changes nothing that is
 * published; as long as no row falls below zero the result is another table
 * that fits, a witness.  The smallest and largest value that a primary cell
 * takes in the witnesses met are bounds that nobody can get inside of.
 *
 * Witnesses are found by the simplex method, always started from the true
 * table (nearly all rows can still move there), in the rows around a cell
 * first and then in larger regions with all others held, so that the cost does
 * not grow with the table.  Witnesses may be missed, which suppresses more than
 * needed, but are never made up.
 *
 * src/anonymity/suppress_interval.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "suppress_interval.h"

#include <math.h>

#include "gf61.h"

#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

/* Expressions whose coefficients are not such fractions are held. */
#define MAX_NUMERATOR	(1 << 20)
#define MAX_DENOMINATOR	64

/* Free rows in the first region, growth, and most in the last. */
#define FIRST_REGION	10
#define REGION_GROWTH	3
#define LAST_REGION		810
#define MAX_TABLEAU		(4 * 1024 * 1024)

/* Pivots without progress before Bland's rule, and in one drive at most. */
#define STALLED_PIVOTS	24
#define MAX_PIVOTS		1000

#define TOLERANCE		1e-7
#define NOISE			1e-11
#define ROUNDING		1e-6

#define NOT_HERE		PG_INT32_MAX

/* Lists by row: entry[start[row] .. start[row + 1]) */
typedef struct RowLists
{
	int64	   *start;
	int32	   *entry;
} RowLists;

typedef struct Search
{
	const SuppressTable *table;
	const SuppressSystem *system;
	SuppressGoal goal;
	SuppressBounds *bounds;		/* by cell */
	double	   *now;			/* cell -> value in the present witness */
	double	   *moved;			/* row -> value in the present witness */
	bool	   *held;			/* free rows that are never moved */
	RowLists	followers;		/* free row -> bound rows that follow it */
	float8	   *coefficient;	/* of each follower */
	RowLists	primaries;		/* row -> primary cells, times 2, + 1 if
								 * subtracted */
	double	   *witness;		/* where search_cell() leaves one, or NULL */

	/* the region: how each of its bound rows follows each of its free rows */
	int32	   *place;			/* row -> basic index, -1 - column, NOT_HERE */
	int32	   *basic;
	int32		nbasic;
	int32	   *column;
	int32		ncolumns;
	double	   *tableau;		/* column after column */
	double	   *objective;		/* by column */
	int32	   *filled;			/* scratch of pivot() */
} Search;

#define COLUMN(s, k)	((s)->tableau + (Size) (k) * (s)->nbasic)

/*
 * The bounds as whole numbers: outsiders know that values are whole.  Rounding
 * of the search must not hide a value that was reached.
 */
double
anonymity_suppress_whole_low(SuppressBounds bounds)
{
	return ceil(bounds.low - ROUNDING);
}

double
anonymity_suppress_whole_high(SuppressBounds bounds)
{
	return floor(bounds.high + ROUNDING);
}

/* Do the bounds give a primary the protection it needs? */
bool
anonymity_suppress_wide_enough(const SuppressTable *table, int32 c, SuppressBounds bounds,
							   SuppressGoal goal)
{
	int64		width = table->width[c] != SUPPRESS_DEFAULT_WIDTH ? table->width[c] : goal.width;

	if (table->width[c] == 0)
		return true;			/* asks for no interval */
	return anonymity_suppress_whole_high(bounds) - anonymity_suppress_whole_low(bounds) >= width &&
		anonymity_suppress_whole_high(bounds) >= goal.upper;
}

static bool
done(const Search *s, int32 c)
{
	return anonymity_suppress_wide_enough(s->table, c, s->bounds[c], s->goal);
}

/* ---- preparation ---- */

/* A residue as the simple fraction it stands for; 0 if it is none. */
static double
simple_fraction(uint64 value)
{
	uint64		multiple = 0;

	for (int denominator = 1; denominator <= MAX_DENOMINATOR; denominator++)
	{
		int64		numerator;

		multiple = gf61_add(multiple, value);
		numerator = gf61_signed(multiple);
		if (numerator > -MAX_NUMERATOR && numerator < MAX_NUMERATOR)
			return (double) numerator / denominator;
	}
	return 0;
}

/* Turn counts by row into starts; returns the total. */
static int64
lists_start(int64 *start, int32 nrows)
{
	int64		total = 0;

	for (int32 row = 0; row <= nrows; row++)
	{
		int64		n = start[row];

		start[row] = total;
		total += n;
	}
	return total;
}

/* Filling moved each start to its end, which is the next one's start. */
static void
lists_filled(int64 *start, int32 nrows)
{
	memmove(start + 1, start, sizeof(int64) * nrows);
	start[0] = 0;
}

static void
list_followers(Search *s)
{
	int32		nrows = s->table->nrows;
	int64	   *start = palloc_extended(sizeof(int64) * (nrows + 1),
										MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	int64		total;

	for (int32 row = 0; row < nrows; row++)
	{
		SuppressVector *v = s->system->expression[row];

		for (int32 i = 0; v != NULL && i < v->n; i++)
			start[v->row[i]]++;
	}
	total = lists_start(start, nrows);
	s->followers.entry = palloc_extended(sizeof(int32) * Max(total, 1), MCXT_ALLOC_HUGE);
	s->coefficient = palloc_extended(sizeof(float8) * Max(total, 1), MCXT_ALLOC_HUGE);
	for (int32 row = 0; row < nrows; row++)
	{
		SuppressVector *v = s->system->expression[row];

		for (int32 i = 0; v != NULL && i < v->n; i++)
		{
			double		fraction = simple_fraction(v->value[i]);

			s->followers.entry[start[v->row[i]]] = row;
			s->coefficient[start[v->row[i]]++] = fraction;
			if (fraction == 0)
				s->held[v->row[i]] = true;
		}
	}
	lists_filled(start, nrows);
	s->followers.start = start;
}

static void
list_primaries(Search *s)
{
	const SuppressTable *table = s->table;
	int64	   *start = palloc_extended(sizeof(int64) * (table->nrows + 1),
										MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	int64		total = 0;

	for (int32 c = 0; c < table->ncells; c++)
	{
		if (table->role[c] != SUPPRESS_PRIMARY)
			continue;
		for (int64 i = table->start[c]; i < table->start[c + 1]; i++)
			start[SUPPRESS_ROW(table->members[i])]++;
	}
	total = lists_start(start, table->nrows);
	s->primaries.entry = palloc_extended(sizeof(int32) * Max(total, 1), MCXT_ALLOC_HUGE);
	for (int32 c = 0; c < table->ncells; c++)
	{
		if (table->role[c] != SUPPRESS_PRIMARY)
			continue;
		for (int64 i = table->start[c]; i < table->start[c + 1]; i++)
			s->primaries.entry[start[SUPPRESS_ROW(table->members[i])]++] =
				c * 2 + (table->members[i] & 1);
	}
	lists_filled(start, table->nrows);
	s->primaries.start = start;
}

static Search *
search_begin(SuppressTable *table, const SuppressSystem *system, SuppressGoal goal,
			 SuppressBounds *bounds)
{
	Search	   *s = palloc0(sizeof(Search));
	Size		n = Max(table->nrows, 1);

	s->table = table;
	s->system = system;
	s->goal = goal;
	s->bounds = bounds;
	s->now = palloc_extended(sizeof(double) * Max(table->ncells, 1), MCXT_ALLOC_HUGE);
	s->moved = palloc_extended(sizeof(double) * n, MCXT_ALLOC_HUGE);
	s->held = palloc_extended(sizeof(bool) * n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	s->place = palloc_extended(sizeof(int32) * n, MCXT_ALLOC_HUGE);
	s->basic = palloc_extended(sizeof(int32) * n, MCXT_ALLOC_HUGE);
	s->filled = palloc_extended(sizeof(int32) * n, MCXT_ALLOC_HUGE);
	s->column = palloc(sizeof(int32) * LAST_REGION);
	s->objective = palloc(sizeof(double) * LAST_REGION);
	s->tableau = palloc_extended(sizeof(double) * MAX_TABLEAU, MCXT_ALLOC_HUGE);
	for (int32 row = 0; row < table->nrows; row++)
	{
		if (table->count[row] == SUPPRESS_UNKNOWN)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("inner cell %d has no cell of its own", table->inner[row]),
					 errdetail("Its value is needed to tell how far outsiders can narrow down a cell."),
					 errhint("Add a cell with the role hidden that has this inner cell alone, or ask for width 0.")));
		s->place[row] = NOT_HERE;
		s->moved[row] = table->count[row];
	}
	for (int32 c = 0; c < table->ncells; c++)
		s->now[c] = table->value[c];
	list_followers(s);
	list_primaries(s);
	anonymity_suppress_table_check_memory(table);
	return s;
}

/* ---- a region ---- */

static void
region_add_column(Search *s, int32 row)
{
	if (s->system->state[row] != SUPPRESS_ROW_FREE || s->held[row] || s->place[row] != NOT_HERE)
		return;
	s->place[row] = -1 - s->ncolumns;
	s->column[s->ncolumns++] = row;
}

/* The free rows that a row depends on, or itself. */
static void
region_add_row(Search *s, int32 row, int32 most)
{
	SuppressVector *v = s->system->expression[row];

	if (s->ncolumns < most)
		region_add_column(s, row);
	for (int32 i = 0; v != NULL && i < v->n && s->ncolumns < most; i++)
		region_add_column(s, v->row[i]);
}

/* Give the bound rows that follow the region's free rows their places. */
static void
region_place_rows(Search *s)
{
	s->nbasic = 0;
	for (int32 k = 0; k < s->ncolumns; k++)
	{
		int32		row = s->column[k];

		for (int64 i = s->followers.start[row]; i < s->followers.start[row + 1]; i++)
		{
			int32		bound = s->followers.entry[i];

			if (s->place[bound] != NOT_HERE)
				continue;
			s->basic[s->nbasic] = bound;
			s->place[bound] = s->nbasic++;
		}
	}
}

static void
region_fill(Search *s)
{
	memset(s->tableau, 0, sizeof(double) * s->nbasic * s->ncolumns);
	for (int32 k = 0; k < s->ncolumns; k++)
	{
		int32		row = s->column[k];

		for (int64 i = s->followers.start[row]; i < s->followers.start[row + 1]; i++)
			COLUMN(s, k)[s->place[s->followers.entry[i]]] = s->coefficient[i];
	}
}

/* Let a row go, back to its true value: the next search starts from there. */
static void
region_release(Search *s, int32 row)
{
	s->place[row] = NOT_HERE;
	s->moved[row] = s->table->count[row];
	for (int64 i = s->primaries.start[row]; i < s->primaries.start[row + 1]; i++)
	{
		int32		c = s->primaries.entry[i] / 2;

		s->now[c] = s->table->value[c];
	}
}

static void
region_end(Search *s)
{
	for (int32 k = 0; k < s->ncolumns; k++)
		region_release(s, s->column[k]);
	for (int32 i = 0; i < s->nbasic; i++)
		region_release(s, s->basic[i]);
	s->ncolumns = s->nbasic = 0;
}

/*
 * Gather at most so many free rows around a cell, nearest first.  Returns
 * false if the tableau would be too large; *whole: nothing was left out.
 */
static bool
region_begin(Search *s, int32 c, int32 most, bool *whole)
{
	const SuppressTable *table = s->table;
	int32		looked = 0;

	s->ncolumns = s->nbasic = 0;
	for (int64 i = table->start[c]; i < table->start[c + 1]; i++)
		region_add_row(s, SUPPRESS_ROW(table->members[i]), most);
	while (looked < s->ncolumns && s->ncolumns < most)
	{
		int32		row = s->column[looked++];

		for (int64 i = s->followers.start[row]; i < s->followers.start[row + 1]; i++)
			region_add_row(s, s->followers.entry[i], most);
	}
	*whole = s->ncolumns < most;
	region_place_rows(s);
	if ((Size) s->nbasic * s->ncolumns > MAX_TABLEAU)
	{
		region_end(s);
		return false;
	}
	region_fill(s);
	return true;
}

/* ---- moving ---- */

static void
move_row(Search *s, int32 row, double delta)
{
	s->moved[row] += delta;
	for (int64 i = s->primaries.start[row]; i < s->primaries.start[row + 1]; i++)
	{
		int32		entry = s->primaries.entry[i];

		s->now[entry / 2] += (entry & 1) ? -delta : delta;
	}
}

static void
note_bounds(Search *s, int32 row)
{
	for (int64 i = s->primaries.start[row]; i < s->primaries.start[row + 1]; i++)
	{
		int32		c = s->primaries.entry[i] / 2;

		s->bounds[c].low = Min(s->bounds[c].low, s->now[c]);
		s->bounds[c].high = Max(s->bounds[c].high, s->now[c]);
	}
}

/* Move a free row by delta, and the bound rows with it. */
static void
move_column(Search *s, int32 k, double delta)
{
	double	   *column = COLUMN(s, k);

	move_row(s, s->column[k], delta);
	for (int32 i = 0; i < s->nbasic; i++)
	{
		if (column[i] != 0)
			move_row(s, s->basic[i], column[i] * delta);
	}
	note_bounds(s, s->column[k]);
	for (int32 i = 0; i < s->nbasic; i++)
	{
		if (column[i] != 0)
			note_bounds(s, s->basic[i]);
	}
}

/*
 * How far a free row can be moved up (direction 1) or down (-1), and the bound
 * row that stops it, -1 if it is its own zero.
 */
static double
longest_move(Search *s, int32 k, int direction, bool first_eligible, int32 *blocking)
{
	double	   *column = COLUMN(s, k);
	double		longest = direction > 0 ? get_float8_infinity() : s->moved[s->column[k]];

	*blocking = -1;
	for (int32 i = 0; i < s->nbasic; i++)
	{
		double		change = column[i] * direction;
		double		room;

		if (change > -TOLERANCE)
			continue;
		room = Max(s->moved[s->basic[i]], 0) / -change;
		if (room < longest - TOLERANCE ||
			(room < longest + TOLERANCE && *blocking >= 0 &&
			 (first_eligible ? s->basic[i] < s->basic[*blocking] :
			  change < column[*blocking] * direction)))
			*blocking = i;
		longest = Min(longest, room);
	}
	return longest;
}

/* Exchange a bound row for a free one. */
static void
pivot(Search *s, int32 at, int32 k)
{
	double	   *entering = COLUMN(s, k);
	double		inverse = 1.0 / entering[at];
	int32		swap = s->basic[at];
	int32		n = 0;

	for (int32 i = 0; i < s->nbasic; i++)
	{
		if (entering[i] != 0 && i != at)
			s->filled[n++] = i;
	}
	for (int32 l = 0; l < s->ncolumns; l++)
	{
		double	   *column = COLUMN(s, l);
		double		factor = -column[at] * inverse;

		if (factor == 0 || l == k)
			continue;
		column[at] = factor;
		for (int32 j = 0; j < n; j++)
		{
			int32		i = s->filled[j];

			column[i] += factor * entering[i];
			if (fabs(column[i]) < NOISE)
				column[i] = 0;
		}
	}
	for (int32 j = 0; j < n; j++)
		entering[s->filled[j]] *= inverse;
	entering[at] = inverse;

	s->basic[at] = s->column[k];
	s->column[k] = swap;
	s->place[s->basic[at]] = at;
	s->place[swap] = -1 - k;
}

/* How a cell changes with each free row. */
static void
set_objective(Search *s, int32 c, int direction)
{
	const SuppressTable *table = s->table;

	memset(s->objective, 0, sizeof(double) * s->ncolumns);
	for (int64 i = table->start[c]; i < table->start[c + 1]; i++)
	{
		int32		place = s->place[SUPPRESS_ROW(table->members[i])];
		int			sign = SUPPRESS_SIGN(table->members[i]) * direction;

		if (place == NOT_HERE)
			continue;
		if (place < 0)
			s->objective[-1 - place] += sign;
		else
		{
			for (int32 k = 0; k < s->ncolumns; k++)
				s->objective[k] += sign * COLUMN(s, k)[place];
		}
	}
}

/* A free row can be moved without end: what moves with it has no bound. */
static void
note_ray(Search *s, int32 k, int direction)
{
	double	   *column = COLUMN(s, k);

	for (int32 i = -1; i < s->nbasic; i++)
	{
		int32		row = i < 0 ? s->column[k] : s->basic[i];

		if (i >= 0 && column[i] == 0)
			continue;
		for (int64 j = s->primaries.start[row]; j < s->primaries.start[row + 1]; j++)
		{
			int32		c = s->primaries.entry[j] / 2;
			double		change = 0;

			for (int64 m = s->table->start[c]; m < s->table->start[c + 1]; m++)
			{
				int32		place = s->place[SUPPRESS_ROW(s->table->members[m])];
				int			sign = SUPPRESS_SIGN(s->table->members[m]) * direction;

				if (place == -1 - k)
					change += sign;
				else if (place != NOT_HERE && place >= 0)
					change += sign * column[place];
			}
			if (change > TOLERANCE)
				s->bounds[c].high = get_float8_infinity();
			if (change < -TOLERANCE)
				s->bounds[c].low = -get_float8_infinity();
		}
	}
}

/* The free row to move next, -1 if none would help. */
static int32
choose_column(const Search *s, bool first_eligible)
{
	int32		best = -1;

	for (int32 k = 0; k < s->ncolumns; k++)
	{
		double		gain = s->objective[k];

		if (fabs(gain) < TOLERANCE || (gain < 0 && s->moved[s->column[k]] < TOLERANCE))
			continue;
		if (best < 0 ||
			(first_eligible ? s->column[k] < s->column[best] :
			 fabs(gain) > fabs(s->objective[best])))
			best = k;
	}
	return best;
}

/* Drive a cell up (direction 1) or down (-1) until it is protected. */
static void
drive(Search *s, int32 c, int direction)
{
	int			stalled = 0;

	for (int n = 0; n < MAX_PIVOTS && !done(s, c); n++)
	{
		bool		first_eligible = stalled > STALLED_PIVOTS;
		int32		k;
		int			way;
		double		length;
		int32		blocking;

		if (n % 64 == 0)
			CHECK_FOR_INTERRUPTS();
		set_objective(s, c, direction);
		k = choose_column(s, first_eligible);
		if (k < 0)
			return;
		way = s->objective[k] > 0 ? 1 : -1;
		length = longest_move(s, k, way, first_eligible, &blocking);
		if (isinf(length))
		{
			note_ray(s, k, way);
			move_column(s, k, s->goal.upper / fabs(s->objective[k]) * way);
			return;
		}
		move_column(s, k, length * way);
		if (blocking >= 0)
			pivot(s, blocking, k);
		stalled = length > TOLERANCE ? 0 : stalled + 1;
	}
}

static void
search_cell(Search *s, int32 c)
{
	bool		whole = false;

	for (int32 most = FIRST_REGION; !whole && most <= LAST_REGION && !done(s, c);
		 most *= REGION_GROWTH)
	{
		if (!region_begin(s, c, most, &whole))
			return;
		drive(s, c, 1);
		if (!done(s, c))
			drive(s, c, -1);
		if (s->witness != NULL)
			memcpy(s->witness, s->moved, sizeof(double) * s->table->nrows);
		region_end(s);
	}
}

/* Widen the bounds of cells until they meet the goal or no way is found. */
void
anonymity_suppress_intervals(SuppressTable *table, const SuppressSystem *system, SuppressGoal goal,
							 const int32 *cells, int ncells, SuppressBounds *bounds)
{
	Search	   *s = search_begin(table, system, goal, bounds);

	for (int i = 0; i < ncells; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!done(s, cells[i]))
			search_cell(s, cells[i]);
	}
}

/*
 * A table in which a cell has the goal's upper value or more: witness[]
 * receives the value of each row.  False if none is found.
 */
bool
anonymity_suppress_witness(SuppressTable *table, const SuppressSystem *system, SuppressGoal goal,
						   int32 c, double *witness)
{
	SuppressBounds *bounds = palloc_extended(sizeof(SuppressBounds) * table->ncells, MCXT_ALLOC_HUGE);
	Search	   *s = search_begin(table, system, goal, bounds);

	for (int32 i = 0; i < table->ncells; i++)
		bounds[i].low = bounds[i].high = table->value[i];
	for (int32 row = 0; row < table->nrows; row++)
		witness[row] = table->count[row];
	s->witness = witness;
	search_cell(s, c);
	return bounds[c].high >= goal.upper - TOLERANCE;
}
