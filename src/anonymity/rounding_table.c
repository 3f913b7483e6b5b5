/*-------------------------------------------------------------------------
 *
 * rounding_table.c
 *	  Unpacks the counts that are rounded together: puts areas and rows into
 *	  an order that does not depend on the caller's, checks that parts add up,
 *	  and lists for every row the published cells that it is part of.
 *
 * src/anonymity/rounding_table.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rounding.h"

#include "common/hashfn.h"
#include "miscadmin.h"

/* area << 32 | sum -> cell; one series at a time */
typedef struct CellEntry
{
	uint64		key;
	int32		cell;
	char		status;
} CellEntry;

#define SH_PREFIX cells
#define SH_ELEMENT_TYPE CellEntry
#define SH_KEY_TYPE uint64
#define SH_KEY key
#define SH_HASH_KEY(tb, key) murmurhash32((uint32) (key) ^ murmurhash32((uint32) ((key) >> 32)))
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* So many blocks on each side are neighbours at most. */
#define NEAR_MAX 64

/* What members are: their breakdown and the sums they belong to. */
typedef struct Members
{
	int32		n;
	int32	   *id;				/* ascending */
	int32	   *breakdown;
	int32	   *start;			/* sums of member i: sum[start[i] .. start[i +
								 * 1]) */
	int32	   *sum;
} Members;

static void *
allocate(Size n, Size size)
{
	return palloc_extended(mul_size(Max(n, 1), size), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

/* ---- areas ---- */

static int
compare_ids(const void *a, const void *b, void *arg)
{
	const int32 *id = arg;
	int32		x = id[*(const int32 *) a];
	int32		y = id[*(const int32 *) b];

	return (x > y) - (x < y);
}

/* The place of an id among places sorted by it, -1 if it is none of them. */
static int32
find_id(const int32 *id, const int32 *by_id, int32 n, int32 wanted)
{
	int32		low = 0,
				high = n;

	while (low < high)
	{
		int32		middle = low + (high - low) / 2;

		if (id[by_id[middle]] < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && id[by_id[low]] == wanted ? by_id[low] : -1;
}

int32
rounding_tree_find(const RoundingTree *tree, int32 id)
{
	return find_id(tree->id, tree->by_id, tree->n, id);
}

static int32 *
sort_by_id(const int32 *id, int32 n, const char *what)
{
	int32	   *by_id = allocate(n, sizeof(int32));

	for (int32 i = 0; i < n; i++)
		by_id[i] = i;
	qsort_arg(by_id, n, sizeof(int32), compare_ids, (void *) id);
	for (int32 i = 1; i < n; i++)
	{
		if (id[by_id[i]] == id[by_id[i - 1]])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s %d is given twice", what, id[by_id[i]])));
	}
	return by_id;
}

/* Where each area's parent is among those given, -1 for none. */
static int32 *
find_parents(const RoundingInput *input, const int32 *by_id)
{
	int32	   *parent = allocate(input->nareas, sizeof(int32));

	for (int32 i = 0; i < input->nareas; i++)
	{
		parent[i] = input->parent[i] == 0 ? -1 : find_id(input->area, by_id, input->nareas, input->parent[i]);
		if (input->parent[i] != 0 && parent[i] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("area %d has a parent that is not given", input->area[i]),
					 errdetail("The parent is %d.", input->parent[i]),
					 errhint("Give all areas up to the country.")));
	}
	return parent;
}

/* Put areas into pre-order, parts of one area by their ids. */
static void
order_tree(RoundingTree *tree, const RoundingInput *input)
{
	int32		n = input->nareas;
	int32	   *by_id = sort_by_id(input->area, n, "area");
	int32	   *parent = find_parents(input, by_id);
	int32	   *next = allocate(n, sizeof(int32));	/* the next part of the
													 * same area */
	int32	   *first = allocate(n + 1, sizeof(int32)); /* first part; of none
														 * at n */
	int32	   *place = allocate(n, sizeof(int32));
	int32		done = 0;

	for (int32 i = 0; i <= n; i++)
		first[i] = -1;
	for (int32 i = n - 1; i >= 0; i--)
	{
		int32	   *head = &first[parent[by_id[i]] < 0 ? n : parent[by_id[i]]];

		next[by_id[i]] = *head;
		*head = by_id[i];
	}
	for (int32 at = first[n]; at >= 0;)
	{
		place[at] = done;
		tree->id[done] = input->area[at];
		tree->parent[done++] = parent[at] < 0 ? -1 : place[parent[at]];
		if (first[at] >= 0)
		{
			at = first[at];
			continue;
		}
		while (at >= 0 && next[at] < 0)
		{
			tree->end[place[at]] = done;
			at = parent[at];
		}
		if (at >= 0)
		{
			tree->end[place[at]] = done;
			at = next[at];
		}
	}
	if (done < n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("areas lie in each other"),
				 errdetail("%d of %d areas lie in no outermost one.", n - done, n)));
	pfree(by_id);
	pfree(parent);
	pfree(next);
	pfree(first);
	pfree(place);
}

static void
build_tree(RoundingTree *tree, const RoundingInput *input)
{
	tree->n = input->nareas;
	tree->id = allocate(tree->n, sizeof(int32));
	tree->parent = allocate(tree->n, sizeof(int32));
	tree->end = allocate(tree->n, sizeof(int32));
	order_tree(tree, input);
	tree->by_id = sort_by_id(tree->id, tree->n, "area");
}

/* ---- members ---- */

static void
count_sums(Members *m, const RoundingInput *input, const int32 *by_id, bool fill)
{
	for (int32 i = 0; i < input->nsums; i++)
	{
		int32		place = find_id(m->id, by_id, m->n, input->sum_member[i]);

		if (place < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("sum %d is of a member that is not given", input->sum[i]),
					 errdetail("The member is %d.", input->sum_member[i])));
		if (fill)
			m->sum[m->start[place + 1]++] = input->sum[i];
		else
			m->start[place + 2]++;
	}
}

static void
list_sums(Members *m, const RoundingInput *input)
{
	int32	   *same = allocate(m->n, sizeof(int32));

	for (int32 i = 0; i < m->n; i++)
		same[i] = i;
	m->start = allocate((Size) m->n + 2, sizeof(int32));
	if (input->nsums == 0)
	{
		m->sum = allocate(m->n, sizeof(int32));
		for (int32 i = 0; i < m->n; i++)
		{
			m->sum[i] = m->id[i];
			m->start[i + 1] = i + 1;
		}
		return;
	}
	m->sum = allocate(input->nsums, sizeof(int32));
	/* counts two places on, starts one place on, which filling moves back */
	count_sums(m, input, same, false);
	for (int32 i = 0; i < m->n; i++)
		m->start[i + 2] += m->start[i + 1];
	count_sums(m, input, same, true);
	pfree(same);
}

static void
build_members(Members *m, const RoundingInput *input)
{
	int32	   *by_id = sort_by_id(input->member, input->nmembers, "member");

	m->n = input->nmembers;
	m->id = allocate(m->n, sizeof(int32));
	m->breakdown = allocate(m->n, sizeof(int32));
	for (int32 i = 0; i < m->n; i++)
	{
		m->id[i] = input->member[by_id[i]];
		m->breakdown[i] = input->breakdown[by_id[i]];
		if (m->id[i] <= 0 || m->breakdown[i] <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("members and breakdowns are numbered from 1"),
					 errdetail("Member %d is one of breakdown %d.", m->id[i], m->breakdown[i]),
					 errhint("Member 0 of a row is its total.")));
	}
	list_sums(m, input);
	pfree(by_id);
}

static int32
find_member(const Members *m, int32 wanted)
{
	int32		low = 0,
				high = m->n;

	while (low < high)
	{
		int32		middle = low + (high - low) / 2;

		if (m->id[middle] < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == m->n || m->id[low] != wanted)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("member %d of a row is not given", wanted)));
	return low;
}

/* ---- rows ---- */

typedef struct RowKey
{
	int32		series;
	int32		area;			/* place */
	int32		breakdown;
	int32		member;
	int32		origin;
} RowKey;

static int
compare_rows(const void *a, const void *b)
{
	const RowKey *x = a;
	const RowKey *y = b;

	if (x->series != y->series)
		return x->series < y->series ? -1 : 1;
	if (x->area != y->area)
		return x->area < y->area ? -1 : 1;
	if (x->breakdown != y->breakdown)
		return x->breakdown < y->breakdown ? -1 : 1;
	return (x->member > y->member) - (x->member < y->member);
}

static void
check_count(int64 count)
{
	if (count < 0 || count > ROUNDING_COUNT_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("count is out of range"),
				 errdetail("It is " INT64_FORMAT ".", count),
				 errhint("Only counts of persons, from 0 to " INT64_FORMAT ", are rounded.",
						 ROUNDING_COUNT_MAX)));
}

static RowKey *
sort_rows(const RoundingTable *t, const RoundingInput *input, const Members *m)
{
	RowKey	   *key = allocate(input->nrows, sizeof(RowKey));

	for (int32 i = 0; i < input->nrows; i++)
	{
		int32		member = input->row_member[i];

		key[i].series = input->row_series[i];
		key[i].area = rounding_tree_find(&t->tree, input->row_area[i]);
		key[i].breakdown = member == 0 ? 0 : m->breakdown[find_member(m, member)];
		key[i].member = member;
		key[i].origin = i;
		check_count(input->row_count[i]);
		if (key[i].area < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("area %d of a row is not given", input->row_area[i])));
	}
	qsort(key, input->nrows, sizeof(RowKey), compare_rows);
	for (int32 i = 1; i < input->nrows; i++)
	{
		if (compare_rows(&key[i - 1], &key[i]) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("a count is given twice"),
					 errdetail("It is of series %d, area %d, member %d.", key[i].series,
							   t->tree.id[key[i].area], key[i].member)));
	}
	return key;
}

static void
start_block(RoundingTable *t, const RowKey *key, int32 row)
{
	RoundingBlock *block = &t->block[t->nblocks++];

	if (key->member != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("an area has members but no total"),
				 errdetail("It is area %d in series %d.", t->tree.id[key->area], key->series),
				 errhint("Give the total as member 0.")));
	block->area = key->area;
	block->series = key->series;
	block->row = row;
	block->strip = t->nstrips;
}

static void
start_strip(RoundingTable *t, const RowKey *key, int32 row)
{
	RoundingStrip *strip = &t->strips[t->nstrips++];

	strip->block = t->nblocks - 1;
	strip->breakdown = key->breakdown;
	strip->row = row;
	strip->n = 0;
}

static void
unpack_rows(RoundingTable *t, const RoundingInput *input, const RowKey *key)
{
	for (int32 row = 0; row < t->nrows; row++)
	{
		bool		new_block = row == 0 || key[row].series != key[row - 1].series ||
		key[row].area != key[row - 1].area;

		if (new_block)
			start_block(t, &key[row], row);
		else if (key[row].breakdown != key[row - 1].breakdown)
			start_strip(t, &key[row], row);
		t->origin[row] = key[row].origin;
		t->member[row] = key[row].member;
		t->count[row] = input->row_count[key[row].origin];
		t->strip[row] = -t->nblocks;
		if (!new_block)
		{
			t->strip[row] = t->nstrips - 1;
			t->strips[t->nstrips - 1].n++;
		}
	}
	t->block[t->nblocks].row = t->nrows;
	t->block[t->nblocks].strip = t->nstrips;
	t->block[t->nblocks].area = -1;
}

/* ---- what must add up ---- */

static void
refuse_sum(const RoundingTable *t, const RoundingBlock *block, int32 breakdown, int64 sum)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("the members of breakdown %d do not add up to their total", breakdown),
			 errdetail("In area %d, series %d, they are " INT64_FORMAT " of " INT64_FORMAT ".",
					   t->tree.id[block->area], block->series, sum, t->count[block->row]),
			 errhint("Every person is at one member of each breakdown; make unknown a member.")));
}

/* Each breakdown that a series has at all must account for all persons. */
static void
check_blocks(const RoundingTable *t, const Members *m)
{
	int32		most = 0;
	int32	   *seen;			/* breakdown -> series + 1 that has it, by its
								 * first block */

	for (int32 i = 0; i < m->n; i++)
		most = Max(most, m->breakdown[i]);
	seen = allocate((Size) most + 1, sizeof(int32));
	for (int32 first = 0, last; first < t->nblocks; first = last)
	{
		memset(seen, 0, sizeof(int32) * ((Size) most + 1));
		last = rounding_series_end(t, first);
		for (int32 b = first; b < last; b++)
		{
			for (int32 s = t->block[b].strip; s < t->block[b + 1].strip; s++)
				seen[t->strips[s].breakdown] = 1;
		}
		for (int32 b = first; b < last; b++)
		{
			int32		s = t->block[b].strip;

			CHECK_FOR_INTERRUPTS();
			for (int32 breakdown = 1; breakdown <= most; breakdown++)
			{
				int64		sum = 0;

				if (!seen[breakdown])
					continue;
				if (s < t->block[b + 1].strip && t->strips[s].breakdown == breakdown)
				{
					for (int32 i = 0; i < t->strips[s].n; i++)
						sum += t->count[t->strips[s].row + i];
					s++;
				}
				if (sum != t->count[t->block[b].row])
					refuse_sum(t, &t->block[b], breakdown, sum);
			}
		}
	}
	pfree(seen);
}

/* ---- cells ---- */

typedef struct CellBuilder
{
	cells_hash *cells;
	int32		allocated;		/* entries of cell[] */
	int32		allocated_cells;
} CellBuilder;

static void
refuse_size(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("too many cells are rounded together"),
			 errhint("Round fewer periods or crossings at a time.")));
}

/* A quarter more, so that little is left over. */
static int32
grow(int32 allocated)
{
	if (allocated > PG_INT32_MAX / 5 * 4)
		refuse_size();
	return allocated + allocated / 4;
}

static void
make_room(RoundingTable *t, CellBuilder *b)
{
	if (t->ncells < b->allocated_cells)
		return;
	b->allocated_cells = grow(b->allocated_cells);
	t->kind = repalloc_huge(t->kind, mul_size(b->allocated_cells, sizeof(uint8)));
	t->error = repalloc_huge(t->error, mul_size(b->allocated_cells, sizeof(int64)));
}

static int32
cell_of(RoundingTable *t, CellBuilder *b, int32 area, int32 sum, RoundingKind kind)
{
	bool		found;
	CellEntry  *entry = cells_insert(b->cells, (uint64) area << 32 | (uint32) sum, &found);

	if (!found)
	{
		make_room(t, b);
		t->kind[t->ncells] = kind;
		t->error[t->ncells] = 0;
		entry->cell = t->ncells++;
	}
	return entry->cell;
}

static void
append_cell(RoundingTable *t, CellBuilder *b, int32 row, int32 cell)
{
	if (t->start[row + 1] == b->allocated)
	{
		b->allocated = grow(b->allocated);
		t->cell = repalloc_huge(t->cell, mul_size(b->allocated, sizeof(int32)));
	}
	t->cell[t->start[row + 1]++] = cell;
}

/* A total's sum is 0, a carried one's -1. */
static void
list_cells(RoundingTable *t, CellBuilder *b, const Members *m, int32 row, int32 area)
{
	int32		member = t->member[row] == 0 ? -1 : find_member(m, t->member[row]);

	t->start[row + 1] = t->start[row];
	for (; area >= 0; area = t->tree.parent[area])
	{
		CellEntry  *carried;

		if (member >= 0)
		{
			for (int32 i = m->start[member]; i < m->start[member + 1]; i++)
				append_cell(t, b, row, cell_of(t, b, area, m->sum[i], ROUNDING_MEMBER));
			continue;
		}
		append_cell(t, b, row, cell_of(t, b, area, 0, ROUNDING_TOTAL));
		carried = cells_lookup(b->cells, (uint64) area << 32 | (uint32) -1);
		if (carried != NULL)
			append_cell(t, b, row, carried->cell);
	}
}

static void
carry_errors(RoundingTable *t, CellBuilder *b, const RoundingInput *input, int32 series)
{
	for (int32 i = 0; i < input->ncarried; i++)
	{
		int32		area = rounding_tree_find(&t->tree, input->carried_area[i]);

		if (input->carried_series[i] == series && area >= 0)
		{
			/* first the cell, which may move the array */
			int32		cell = cell_of(t, b, area, -1, ROUNDING_CARRIED);

			t->error[cell] = input->carried[i];
		}
	}
}

static void
build_cells(RoundingTable *t, const RoundingInput *input, const Members *m)
{
	CellBuilder b = {cells_create(CurrentMemoryContext, 1024, NULL), 1024, 1024};

	t->cell = allocate(b.allocated, sizeof(int32));
	t->kind = allocate(b.allocated_cells, sizeof(uint8));
	t->error = allocate(b.allocated_cells, sizeof(int64));
	for (int32 i = 0; i < t->nblocks; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (i == 0 || t->block[i].series != t->block[i - 1].series)
		{
			cells_reset(b.cells);
			carry_errors(t, &b, input, t->block[i].series);
		}
		for (int32 row = t->block[i].row; row < t->block[i + 1].row; row++)
			list_cells(t, &b, m, row, t->block[i].area);
	}
	cells_destroy(b.cells);
}

/* Do two members of one strip ever count in the same cell? */
static bool
members_overlap(const Members *m)
{
	for (int32 i = 0; i < m->n; i++)
	{
		if (m->start[i + 1] - m->start[i] != 1 || m->sum[m->start[i]] != m->id[i])
			return true;
	}
	return false;
}

/* ---- neighbours ---- */

/* The blocks of a series that lie in an area: a range, since areas are in pre-order. */
static void
find_near(RoundingTable *t, int32 b, int32 first, int32 last)
{
	RoundingBlock *block = &t->block[b];
	int32		from = b,
				to = b + 1;

	for (int32 area = block->area; area >= 0 && to - from < 2; area = t->tree.parent[area])
	{
		while (from > first && b - from < NEAR_MAX && t->block[from - 1].area >= area)
			from--;
		while (to < last && to - b <= NEAR_MAX && t->block[to].area < t->tree.end[area])
			to++;
	}
	block->near = from;
	block->near_n = to - from;
}

static void
find_neighbours(RoundingTable *t)
{
	for (int32 first = 0, last; first < t->nblocks; first = last)
	{
		last = rounding_series_end(t, first);
		for (int32 b = first; b < last; b++)
			find_near(t, b, first, last);
	}
}

static void
allocate_rows(RoundingTable *t, int32 n)
{
	t->nrows = n;
	t->origin = allocate(n, sizeof(int32));
	t->member = allocate(n, sizeof(int32));
	t->strip = allocate(n, sizeof(int32));
	t->count = allocate(n, sizeof(int64));
	t->units = allocate(n, sizeof(int64));
	t->start = allocate((Size) n + 1, sizeof(int32));
	t->block = allocate((Size) n + 1, sizeof(RoundingBlock));
	t->strips = allocate(n, sizeof(RoundingStrip));
}

/* Unpack the input in a memory context of its own under the current one. */
RoundingTable *
rounding_table_build(const RoundingInput *input, int32 base, int32 largest, const uint64 key[2])
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "rounding",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	RoundingTable *t = palloc0(sizeof(RoundingTable));
	Members		members;
	RowKey	   *rows;

	t->context = context;
	t->base = base;
	t->largest = largest;
	memcpy(t->key, key, sizeof(t->key));
	build_tree(&t->tree, input);
	build_members(&members, input);
	rows = sort_rows(t, input, &members);
	allocate_rows(t, input->nrows);
	unpack_rows(t, input, rows);
	pfree(rows);
	t->block = repalloc_huge(t->block, mul_size((Size) t->nblocks + 1, sizeof(RoundingBlock)));
	check_blocks(t, &members);
	build_cells(t, input, &members);
	t->overlapping = members_overlap(&members);
	find_neighbours(t);
	rounding_price_steps(t);
	MemoryContextSwitchTo(old);
	return t;
}
