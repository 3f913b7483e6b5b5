/*-------------------------------------------------------------------------
 *
 * subjects.h
 *	  A flat table of distinct subjects: the state of the k-aggregates.
 *
 * One varlena serves three SQL types: subject_set (who is in a cell),
 * subject_gate (are there at least k of them; k > 0) and subject_sums (what
 * each of them contributed; two words an entry).
 *
 * A subject is stored as its mixed key (subjects_key), a bijection of the
 * bigint whose high bits are uniform, and every layout is in the order of the
 * keys.  So merging walks both sides forwards, and a working table is sorted
 * already but for the inside of its clusters.
 *
 * src/anonymity/subjects.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_ANONYMITY_SUBJECTS_H
#define CIVIC_ANONYMITY_SUBJECTS_H

#include "compat.h"
#include "wire.h"

#include "miscadmin.h"
#include "utils/memutils.h"

/* The most subjects a state holds: what fits into the largest varlena. */
#define SUBJECT_SET_MAX 100000000
#define SUBJECT_SUMS_MAX 50000000
/* The largest threshold of a gate. */
#define SUBJECT_GATE_MAX 10000

/*
 * Layouts; they stand on disk, so their numbers stay.  SORTED is what SQL
 * sees: dense, no slack, equal states are equal bytes.  TABLE is what a
 * transition function changes in place: linear probing, entry 0 kept for key 0.
 */
#define SUBJECTS_SORTED 1
#define SUBJECTS_TABLE 2

typedef struct Subjects
{
	int32		vl_len_;		/* varlena header: the whole allocation */
	WireHead	head;			/* flags: SUBJECTS_HAS_ZERO */
	uint8		layout;
	uint8		width;			/* words an entry: 1 key, or 2 key and sum */
	uint16		k;				/* a gate's threshold, 0 for the other types */
	int32		count;			/* distinct subjects; a gate stops at k */
	uint64		words[FLEXIBLE_ARRAY_MEMBER];
} Subjects;

/* Does the subject with key 0 belong to it? */
#define SUBJECTS_HAS_ZERO 0x1

/* The three types lie alike; what is common to them does not know which it has. */
static const WireType subjects_wire = {"subject_set/subject_gate/subject_sums", 1, SUBJECTS_HAS_ZERO};
static const WireType subject_set_wire = {"subject_set", 1, SUBJECTS_HAS_ZERO};
static const WireType subject_gate_wire = {"subject_gate", 1, SUBJECTS_HAS_ZERO};
static const WireType subject_sums_wire = {"subject_sums", 1, SUBJECTS_HAS_ZERO};

StaticAssertDecl(SUBJECT_GATE_MAX <= PG_UINT16_MAX, "the field of a gate's threshold");

#define SUBJECTS_PER_INTERRUPT_CHECK 65536

/* A subject as people see it. */
typedef struct SubjectEntry
{
	int64		subject;
	int64		sum;			/* 0 where the state has no sums */
} SubjectEntry;

typedef enum SubjectsStatus
{
	SUBJECTS_OK,
	SUBJECTS_FULL,				/* more subjects than the type holds */
	SUBJECTS_OVERFLOW			/* a subject's sum left bigint */
} SubjectsStatus;

/*
 * subjects_key and subjects_id are each other's inverse: an xor-shift by half
 * the word undoes itself, and the two multipliers have the product 1.
 */
static inline uint64
subjects_key(int64 subject)
{
	uint64		x = (uint64) subject;

	return (x ^ (x >> 32)) * UINT64CONST(0x9E3779B97F4A7C15);
}

static inline int64
subjects_id(uint64 key)
{
	uint64		x = key * UINT64CONST(0xF1DE83E19937733D);

	return (int64) (x ^ (x >> 32));
}

/* A full gate: its entries mean nothing any more, and SORTED has none. */
static inline bool
subjects_reached(const Subjects *s)
{
	return s->k > 0 && s->count >= s->k;
}

static inline uint64 *
subjects_entry(const Subjects *s, uint32 i)
{
	Assert(s->width == 1 || s->width == 2);
	return (uint64 *) s->words + ((Size) i << (s->width - 1));
}

/* Entries there is room for; in SORTED all of them are taken. */
static inline uint32
subjects_capacity(const Subjects *s)
{
	return (VARSIZE(s) - offsetof(Subjects, words)) / (sizeof(uint64) * s->width);
}

/* Where a key's search begins in a table: never falling as the key rises. */
static inline uint32
subjects_home(uint64 key, uint32 capacity)
{
	Assert(capacity > 1);
	return 1 + (uint32) (((key >> 32) * (capacity - 1)) >> 32);
}

/* Between entries: seldom, as a check costs as much as an entry. */
static inline void
anonymity_subjects_check_interrupts(uint32 i)
{
	if (i % SUBJECTS_PER_INTERRUPT_CHECK == 0)
		CHECK_FOR_INTERRUPTS();
}

/* Ask for the memory of a key's entry in a table; reads nothing of the table. */
static inline void
subjects_prefetch(const Subjects *table, int width, uint32 capacity, uint64 key)
{
#if defined(__GNUC__)
	__builtin_prefetch(table->words + (Size) subjects_home(key, capacity) * width, 1);
#endif
}

static inline int32
subjects_max(int width)
{
	return width == 1 ? SUBJECT_SET_MAX : SUBJECT_SUMS_MAX;
}

extern Subjects *anonymity_subjects_new(int width, int32 k, int32 room);
extern SubjectsStatus anonymity_subjects_add(Subjects **state, uint64 key, int64 value);
extern SubjectsStatus anonymity_subjects_merge_into(Subjects **state, const Subjects *other);
extern Subjects *anonymity_subjects_table(const Subjects *s);
extern Subjects *anonymity_subjects_sorted(const Subjects *s);
extern SubjectEntry *anonymity_subjects_list(const Subjects *s);
extern const uint64 *anonymity_subjects_find(const Subjects *sorted, uint64 key);
extern Subjects *anonymity_subjects_detoast(Datum value);
extern bool anonymity_subjects_check(SubjectsStatus status, int width, struct Node *escontext);
extern bool anonymity_subjects_check_k(int64 k, struct Node *escontext);

#define PG_GETARG_SUBJECTS(n) anonymity_subjects_detoast(PG_GETARG_DATUM(n))
#define PG_RETURN_SUBJECTS(s) PG_RETURN_POINTER(s)

#endif							/* CIVIC_ANONYMITY_SUBJECTS_H */
