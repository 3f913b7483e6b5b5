/*-------------------------------------------------------------------------
 *
 * competency.h
 *	  Sets of competencies with levels, gaps between them, and how to walk both.
 *
 * src/competency/competency.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_COMPETENCY_COMPETENCY_H
#define CIVIC_COMPETENCY_COMPETENCY_H

#include "compat.h"
#include "lexer.h"
#include "wire.h"

#include "lib/stringinfo.h"
#include "nodes/nodes.h"

#define COMPETENCY_MAX_ID		0xFFFFFF	/* ids have 24 bits, from 1 */
#define COMPETENCY_MAX_LEVEL	15
#define COMPETENCY_MAX_WEIGHT	15
#define COMPETENCY_MAX_ENTRIES	65535

static const WireType competency_set_wire = {"competency_set", 1, 0};
static const WireType competency_gap_wire = {"competency_gap", 1, 0};

/*
 * An entry is one word: id (24 bits), level (4 bits), weight (4 bits).  Ids
 * take the high bits, so entries in the order of their words are in the order
 * of their ids.  Level and weight are 1 to 15: a level of 0 is not stored.
 */
typedef uint32 CompetencyEntry;

static inline CompetencyEntry
competency_entry(uint32 id, uint32 level, uint32 weight)
{
	Assert(id <= COMPETENCY_MAX_ID && level <= COMPETENCY_MAX_LEVEL && weight <= COMPETENCY_MAX_WEIGHT);
	return id << 8 | level << 4 | weight;
}

static inline uint32
competency_id(CompetencyEntry entry)
{
	return entry >> 8;
}

static inline uint32
competency_level(CompetencyEntry entry)
{
	return entry >> 4 & 0xF;
}

static inline uint32
competency_weight(CompetencyEntry entry)
{
	return entry & 0xF;
}

/* A set on disk: entries with strictly increasing ids and nothing else. */
typedef struct CompetencySet
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	WireHead	head;
	CompetencyEntry entries[FLEXIBLE_ARRAY_MEMBER];
} CompetencySet;

#define COMPETENCY_SET_SIZE(n) \
	add_size(offsetof(CompetencySet, entries), mul_size(n, sizeof(CompetencyEntry)))

/*
 * What an official lacks of one competency: 0 <= held < needed.  A gap on disk
 * is an array of these with strictly increasing ids.
 */
typedef struct GapEntry
{
	uint32		id;
	uint8		held;
	uint8		needed;
	uint8		weight;
	uint8		unused;			/* always 0 */
} GapEntry;

typedef struct CompetencyGap
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	WireHead	head;
	GapEntry	entries[FLEXIBLE_ARRAY_MEMBER];
} CompetencyGap;

#define COMPETENCY_GAP_SIZE(n) \
	add_size(offsetof(CompetencyGap, entries), mul_size(n, sizeof(GapEntry)))

/*
 * Values with a short header are not aligned and need not be copied to be
 * read: a view fetches entries with memcpy.
 */
typedef struct CompetencyView
{
	const char *data;
	int			count;
} CompetencyView;

static inline CompetencyView
competency_view(Datum set)
{
	Size		size;
	CompetencyView view;

	view.data = wire_packed(set, &competency_set_wire, &size);
	view.count = size / sizeof(CompetencyEntry);
	return view;
}

static inline CompetencyEntry
competency_at(const CompetencyView *view, int i)
{
	CompetencyEntry entry;

	Assert(i >= 0 && i < view->count);
	memcpy(&entry, view->data + i * sizeof(entry), sizeof(entry));
	return entry;
}

static inline CompetencyView
gap_view(Datum gap)
{
	Size		size;
	CompetencyView view;

	view.data = wire_packed(gap, &competency_gap_wire, &size);
	view.count = size / sizeof(GapEntry);
	return view;
}

static inline GapEntry
gap_at(const CompetencyView *view, int i)
{
	GapEntry	entry;

	Assert(i >= 0 && i < view->count);
	memcpy(&entry, view->data + i * sizeof(entry), sizeof(entry));
	return entry;
}

/* A reader that goes through a set once, asked for increasing ids. */
typedef struct CompetencyCursor
{
	CompetencyView view;
	int			next;
} CompetencyCursor;

static inline CompetencyCursor
competency_cursor(Datum set)
{
	CompetencyCursor cursor;

	cursor.view = competency_view(set);
	cursor.next = 0;
	return cursor;
}

/* The level of this competency, 0 where it is not in the set. */
static inline uint32
competency_seek(CompetencyCursor *cursor, uint32 id)
{
	while (cursor->next < cursor->view.count)
	{
		CompetencyEntry entry = competency_at(&cursor->view, cursor->next);

		Assert(cursor->next == 0 ||
			   competency_id(competency_at(&cursor->view, cursor->next - 1)) < competency_id(entry));
		if (competency_id(entry) == id)
			return competency_level(entry);
		if (competency_id(entry) > id)
			break;
		cursor->next++;
	}
	return 0;
}

/*
 * "Competency at this level or above" as one number: what the GIN index and
 * the statistics hold for each level from 1 to the level held (a thermometer),
 * and what a histogram counts for each number of missing levels.
 */
static inline uint32
competency_key(uint32 id, uint32 level)
{
	Assert(id <= COMPETENCY_MAX_ID && level <= COMPETENCY_MAX_LEVEL);
	return id << 4 | level;
}

/* Collects entries in any order; every way to make a set goes through it. */
typedef struct CompetencyBuilder
{
	CompetencyEntry *entries;
	int			count;
	int			capacity;
	bool		ordered;
} CompetencyBuilder;

extern void competency_builder_init(CompetencyBuilder *builder, int capacity);
extern bool competency_builder_add(CompetencyBuilder *builder, int64 id, int64 level,
								   int64 weight, Node *escontext);
extern CompetencySet *competency_builder_finish(CompetencyBuilder *builder, Node *escontext);

extern int	competency_compare_words(const void *a, const void *b);
extern bool competency_check(int64 id, int64 level, int64 weight, Node *escontext);
extern bool competency_check_count(int64 count, Node *escontext);
extern CompetencySet *competency_set_alloc(int count);
extern CompetencyGap *competency_gap_alloc(int count);
extern CompetencySet *competency_set_parse(Lexer *lexer);
extern CompetencySet *competency_set_from_text(const char *str, Node *escontext);
extern char *competency_set_print(char *buffer, const CompetencyView *view);
extern CompetencySet *competency_set_receive(StringInfo message, const WireType *type);
extern PGDLLEXPORT Datum competency_set_out(PG_FUNCTION_ARGS);
extern PGDLLEXPORT Datum competency_set_gap(PG_FUNCTION_ARGS);
extern PGDLLEXPORT Datum competency_set_send(PG_FUNCTION_ARGS);

/* More than any field of an entry may have, which competency_check() says better. */
static inline bool
competency_read_number(Lexer *lexer, int64 *number)
{
	return lexer_integer(lexer, 0, PG_UINT32_MAX, number);
}

/* Room for an entry in text: "16777215:15*15," and, of a gap, "16777215:14>15*15," */
#define COMPETENCY_TEXT_WIDTH	15
#define GAP_TEXT_WIDTH			18

#endif							/* CIVIC_COMPETENCY_COMPETENCY_H */
