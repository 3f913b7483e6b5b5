/*-------------------------------------------------------------------------
 *
 * subjects.c
 *	  A flat table of distinct subjects: adding, merging, sorting.
 *
 * src/anonymity/subjects.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "subjects.h"

#include "common/int.h"
#include "miscadmin.h"

/*
 * Tables are powers of two in bytes, as the allocator's chunks are, up to the
 * largest varlena.  Three quarters of a table are filled at most.
 */
#define SMALLEST_TABLE 64
/* Smaller ones grow fourfold: of very many, each growth is a walk through memory that is in no cache. */
#define FOURFOLD_BELOW 1024
#define LARGEST_TABLE ((Size) (MaxAllocSize & ~(Size) 15))


/* How far ahead of itself a merge asks for the memory it will touch. */
#define PREFETCH_DISTANCE 12

typedef struct KeySum
{
	uint64		key;
	uint64		sum;
} KeySum;

#define ST_SORT sort_keys
#define ST_ELEMENT_TYPE uint64
#define ST_COMPARE(a, b) ((*(a) > *(b)) - (*(a) < *(b)))
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

#define ST_SORT sort_key_sums
#define ST_ELEMENT_TYPE KeySum
#define ST_COMPARE(a, b) (((a)->key > (b)->key) - ((a)->key < (b)->key))
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

#define ST_SORT sort_list
#define ST_ELEMENT_TYPE SubjectEntry
#define ST_COMPARE(a, b) (((a)->subject > (b)->subject) - ((a)->subject < (b)->subject))
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* Is entry i taken?  Holds for both layouts. */
static inline bool
is_taken(const Subjects *s, uint32 i)
{
	return *subjects_entry(s, i) != 0 || (i == 0 && (s->head.flags & SUBJECTS_HAS_ZERO));
}

/* The entry of a table that holds the key or would take it. */
static inline uint64 *
table_entry(const Subjects *s, uint64 key)
{
	uint32		capacity = subjects_capacity(s);
	uint32		i;

	Assert(s->layout == SUBJECTS_TABLE);
	if (key == 0)
		return subjects_entry(s, 0);
	for (i = subjects_home(key, capacity);; i = (i + 1 < capacity) ? i + 1 : 1)
	{
		uint64	   *entry = subjects_entry(s, i);

		if (*entry == key || *entry == 0)
			return entry;
	}
}

/* How many subjects a table takes; one entry at least stays free. */
static inline int32
table_limit(const Subjects *s)
{
	uint32		usable = subjects_capacity(s) - 1;

	return (int32) (usable - usable / 4 - 1);
}

/* Bytes of a table that takes so many subjects; they fit by the types' limits. */
static Size
table_size(int32 subjects, int width)
{
	Size		entries = (Size) subjects + subjects / 3 + 4;
	Size		needed = offsetof(Subjects, words) + entries * width * sizeof(uint64);
	Size		size = SMALLEST_TABLE;

	StaticAssertStmt(((uint64) SUBJECT_SET_MAX + SUBJECT_SET_MAX / 3 + 4) * 8 < MaxAllocSize,
					 "the largest subject_set does not fit a varlena");
	StaticAssertStmt(((uint64) SUBJECT_SUMS_MAX + SUBJECT_SUMS_MAX / 3 + 4) * 16 < MaxAllocSize,
					 "the largest subject_sums does not fit a varlena");

	while (size < needed)
		size *= 2;
	return Min(size, LARGEST_TABLE);
}

/* An empty table with room for so many subjects, in the current context. */
Subjects   *
anonymity_subjects_new(int width, int32 k, int32 room)
{
	Size		size = table_size(room, width);
	Subjects   *s = palloc0(size);

	Assert(width == 1 || width == 2);
	Assert(k >= 0 && k <= SUBJECT_GATE_MAX && room >= 0);
	wire_begin(s, size, &subjects_wire);
	s->layout = SUBJECTS_TABLE;
	s->width = width;
	s->k = k;
	return s;
}

static void
copy_entry(uint64 *to, const uint64 *from, int width)
{
	to[0] = from[0];
	if (width == 2)
		to[1] = from[1];
}

/* A table with the same subjects as s, in either layout, and room for so many. */
static Subjects *
table_with_room(const Subjects *s, int32 room)
{
	Subjects   *table = anonymity_subjects_new(s->width, s->k, room);
	uint32		capacity = subjects_reached(s) ? 0 : subjects_capacity(s);

	for (uint32 i = 0; i < capacity; i++)
	{
		anonymity_subjects_check_interrupts(i);
		if (is_taken(s, i))
			copy_entry(table_entry(table, *subjects_entry(s, i)),
					   subjects_entry(s, i), s->width);
	}
	table->head = s->head;
	table->count = s->count;
	Assert(subjects_reached(table) || table->count <= table_limit(table));
	return table;
}

/* A copy that may be changed. */
Subjects   *
anonymity_subjects_table(const Subjects *s)
{
	return table_with_room(s, subjects_reached(s) ? 0 : s->count);
}

/*
 * Make sure that so many more subjects fit without growing on the way.
 *
 * A merge must reserve before it begins: entries come in the order of keys,
 * and a table that is too small would fill from its front into one long
 * cluster, which takes quadratic time.
 */
static void
reserve(Subjects **state, int32 more)
{
	Subjects   *s = *state;
	int64		wanted = Min((int64) s->count + more, subjects_max(s->width));

	if (s->k > 0)
		wanted = Min(wanted, s->k);
	if (wanted > table_limit(s))
		*state = table_with_room(s, (int32) wanted);
}

/*
 * Add a subject, or to a subject's sum.  *state is a table; it is replaced by
 * a larger one in the current context when it is full, and the old one is left
 * alone (the executor owns it).
 */
SubjectsStatus
anonymity_subjects_add(Subjects **state, uint64 key, int64 value)
{
	Subjects   *s = *state;
	uint64	   *entry;

	Assert(s->width == 2 || value == 0);
	if (subjects_reached(s))
		return SUBJECTS_OK;

	entry = table_entry(s, key);
	if (key == 0 ? (s->head.flags & SUBJECTS_HAS_ZERO) != 0 : *entry == key)
	{
		int64		sum;

		if (s->width == 1)
			return SUBJECTS_OK;
		if (pg_add_s64_overflow((int64) entry[1], value, &sum))
			return SUBJECTS_OVERFLOW;
		entry[1] = (uint64) sum;
		return SUBJECTS_OK;
	}

	/* The subject that fills a gate need not be kept. */
	if (s->k > 0 && s->count + 1 == s->k)
	{
		s->count++;
		return SUBJECTS_OK;
	}
	if (s->count >= table_limit(s) || s->count >= subjects_max(s->width))
	{
		if (s->count >= subjects_max(s->width))
			return SUBJECTS_FULL;
		reserve(state, VARSIZE(s) < FOURFOLD_BELOW ? 2 * s->count : 1);
		s = *state;
		entry = table_entry(s, key);
	}
	entry[0] = key;
	if (s->width == 2)
		entry[1] = (uint64) value;
	if (key == 0)
		s->head.flags |= SUBJECTS_HAS_ZERO;
	s->count++;
	return SUBJECTS_OK;
}

/* Add all of another state of the same type and threshold to a table. */
SubjectsStatus
anonymity_subjects_merge_into(Subjects **state, const Subjects *other)
{
	uint32		entries = subjects_capacity(other);

	Assert((*state)->width == other->width && (*state)->k == other->k);
	if (subjects_reached(*state))
		return SUBJECTS_OK;
	if (subjects_reached(other))
	{
		(*state)->count = (*state)->k;
		return SUBJECTS_OK;
	}

	reserve(state, other->count);
	for (uint32 i = 0; i < entries; i++)
	{
		const uint64 *entry = subjects_entry(other, i);
		SubjectsStatus status;

		anonymity_subjects_check_interrupts(i);
		if (i + PREFETCH_DISTANCE < entries)
		{
			uint64		key = *subjects_entry(other, i + PREFETCH_DISTANCE);

			subjects_prefetch(*state, (*state)->width, subjects_capacity(*state), key);
		}
		if (!is_taken(other, i))
			continue;
		status = anonymity_subjects_add(state, entry[0], other->width == 2 ? (int64) entry[1] : 0);
		if (status != SUBJECTS_OK)
			return status;
	}
	return SUBJECTS_OK;
}

static void
sort_entries(Subjects *s, uint32 first, uint32 end)
{
	if (s->width == 1)
		sort_keys(subjects_entry(s, first), end - first);
	else
		sort_key_sums((KeySum *) subjects_entry(s, first), end - first);
}

/*
 * Copy the entries of a table in the order of their keys; returns how many.
 *
 * A cluster, that is the taken entries between two free ones, holds the keys
 * whose home lies in it.  So clusters follow each other in the order of keys,
 * and only the inside of each is sorted.  Entries that wrapped around the end
 * (their home lies behind them) belong to the last cluster.
 */
static uint32
copy_sorted(Subjects *to, const Subjects *table)
{
	uint32		capacity = subjects_capacity(table);
	uint32		n = 0;
	uint32		cluster;

	if (table->head.flags & SUBJECTS_HAS_ZERO)
		copy_entry(subjects_entry(to, n++), subjects_entry(table, 0), table->width);

	cluster = n;
	for (uint32 i = 1; i < capacity; i++)
	{
		const uint64 *entry = subjects_entry(table, i);

		anonymity_subjects_check_interrupts(i);
		if (*entry == 0)
		{
			sort_entries(to, cluster, n);
			cluster = n;
		}
		else if (subjects_home(*entry, capacity) <= i)
			copy_entry(subjects_entry(to, n++), entry, table->width);
	}
	for (uint32 i = 1; i < capacity && *subjects_entry(table, i) != 0; i++)
	{
		const uint64 *entry = subjects_entry(table, i);

		if (subjects_home(*entry, capacity) > i)
			copy_entry(subjects_entry(to, n++), entry, table->width);
	}
	sort_entries(to, cluster, n);
	return n;
}

/* The form that SQL sees: a dense copy in the order of keys, without slack. */
Subjects   *
anonymity_subjects_sorted(const Subjects *s)
{
	int32		entries = subjects_reached(s) ? 0 : s->count;
	Size		size = offsetof(Subjects, words) + (Size) entries * s->width * sizeof(uint64);
	Subjects   *sorted = palloc(size);

	memcpy(sorted, s, offsetof(Subjects, words));
	SET_VARSIZE(sorted, size);
	sorted->layout = SUBJECTS_SORTED;
	if (subjects_reached(s))
		sorted->head.flags = 0;
	else if (s->layout == SUBJECTS_SORTED)
		memcpy(sorted->words, s->words, size - offsetof(Subjects, words));
	else
	{
		uint32		copied PG_USED_FOR_ASSERTS_ONLY = copy_sorted(sorted, s);

		Assert(copied == (uint32) entries);
	}
	return sorted;
}

/* The subjects of a state in SQL's order of bigint; as many as its entries. */
SubjectEntry *
anonymity_subjects_list(const Subjects *s)
{
	int32		entries = subjects_reached(s) ? 0 : s->count;
	SubjectEntry *list = palloc_extended(mul_size(sizeof(SubjectEntry), Max(entries, 1)),
										 MCXT_ALLOC_HUGE);
	uint32		capacity = subjects_capacity(s);
	int32		n = 0;

	for (uint32 i = 0; i < capacity && n < entries; i++)
	{
		const uint64 *entry = subjects_entry(s, i);

		anonymity_subjects_check_interrupts(i);
		if (!is_taken(s, i))
			continue;
		list[n].subject = subjects_id(entry[0]);
		list[n].sum = s->width == 2 ? (int64) entry[1] : 0;
		n++;
	}
	Assert(n == entries);
	sort_list(list, entries);
	return list;
}

/* The entry of a key in a sorted state, or NULL. */
const uint64 *
anonymity_subjects_find(const Subjects *sorted, uint64 key)
{
	uint32		low = 0;
	uint32		high = subjects_capacity(sorted);

	Assert(sorted->layout == SUBJECTS_SORTED);
	while (low < high)
	{
		uint32		middle = low + (high - low) / 2;
		const uint64 *entry = subjects_entry(sorted, middle);

		if (*entry == key)
			return entry;
		if (*entry < key)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* A state from an argument: whole, and sorted whatever it was. */
Subjects   *
anonymity_subjects_detoast(Datum value)
{
	Subjects   *s = wire_detoast(value, &subjects_wire);

	return s->layout == SUBJECTS_TABLE ? anonymity_subjects_sorted(s) : s;
}

/* Raise, softly where that is asked for, what adding or merging met. */
bool
anonymity_subjects_check(SubjectsStatus status, int width, struct Node *escontext)
{
	switch (status)
	{
		case SUBJECTS_OK:
			return true;
		case SUBJECTS_FULL:
			civic_ereturn(escontext, false,
						  (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						   errmsg("too many subjects in one state"),
						   errdetail("A state of this type holds at most %d subjects.",
									 subjects_max(width)),
						   errhint("Aggregate parts that share no subject, such as provinces, and add up their counts.")));
		case SUBJECTS_OVERFLOW:
			civic_ereturn(escontext, false,
						  (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						   errmsg("bigint out of range"),
						   errdetail("The values of one subject add up to more than a bigint holds."),
						   errhint("Add the values up in a larger unit.")));
	}
	return false;
}

/* Raise, softly where that is asked for, unless k may be a gate's threshold. */
bool
anonymity_subjects_check_k(int64 k, struct Node *escontext)
{
	if (k >= 1 && k <= SUBJECT_GATE_MAX)
		return true;
	civic_ereturn(escontext, false,
				  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				   errmsg("threshold is out of range"),
				   errdetail("k is " INT64_FORMAT ".", k),
				   errhint("k is a number of subjects from 1 to %d.", SUBJECT_GATE_MAX)));
}
