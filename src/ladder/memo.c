/*-------------------------------------------------------------------------
 *
 * memo.c
 *	  Remembers the levels of answers that a call site has classified.
 *
 * Coded answers repeat: six million households give some hundred different
 * combinations of a few answers, and finding one again costs a fraction of
 * evaluating the rules.  A level depends on nothing but the answers, so it may
 * be remembered as long as the ruleset is the same.
 *
 * The table is direct-mapped: a new combination takes the slot of an old one.
 *
 * src/ladder/memo.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "ladder/memo.h"

#define MEMO_SLOT_BITS	10

/* A call site that seldom finds what it looks for gives up. */
#define MEMO_TRIAL		8192

struct LadderMemo
{
	uint32		tries;
	uint32		found;
	bool		given_up;
	int			nfacts;
	bool		by_value[MEMO_WORDS];
	MemoSlot	slots[1 << MEMO_SLOT_BITS];
};

/* NULL if the facts are too many for a key. */
LadderMemo *
ladder_memo_create(MemoryContext context, FmgrInfo *flinfo, int first_fact,
				   int nfacts)
{
	LadderMemo *memo;

	if (nfacts >= MEMO_WORDS)
		return NULL;
	memo = MemoryContextAllocZero(context, sizeof(LadderMemo));
	memo->nfacts = nfacts;
	for (int i = 0; i < nfacts; i++)
		memo->by_value[i] = get_typbyval(get_fn_expr_argtype(flinfo,
															 first_fact + i));
	return memo;
}

/* A key that is being made, and its hash. */
typedef struct KeyMaker
{
	uint64	   *key;
	int			n;
	uint64		hash;
} KeyMaker;

/*
 * The highest bits of the hash are the slot: a difference anywhere in the
 * words gets there, as multiplying by an odd number loses none and moves it
 * upwards.
 */
static inline void
add_word(KeyMaker *maker, uint64 word)
{
	Assert(maker->n < MEMO_WORDS);
	maker->key[maker->n++] = word;
	maker->hash = (maker->hash ^ word) * UINT64CONST(0x9e3779b97f4a7c15);
}

/* The length and the bytes; false where they do not fit. */
static inline bool
add_bytes(KeyMaker *maker, const char *bytes, Size size)
{
	const char *end = bytes + size;
	uint64		word = 0;

	if (size > (MEMO_WORDS - 2 - maker->n) * sizeof(word))
		return false;
	add_word(maker, size);
	for (; end - bytes >= (ptrdiff_t) sizeof(word); bytes += sizeof(word))
	{
		memcpy(&word, bytes, sizeof(word));
		add_word(maker, word);
	}
	if (bytes == end)
		return true;
	for (word = 0; bytes < end; bytes++)
		word = word << 8 | (unsigned char) *bytes;
	add_word(maker, word);
	return true;
}

/*
 * The facts as words: which are NULL, then for each other one its value, or
 * its length and its bytes, so that equal words are equal facts.  False where
 * they do not fit.
 */
static bool
make_key(const LadderMemo *memo, const NullableDatum *facts, KeyMaker *maker)
{
	uint64		nulls = 0;

	for (int i = 0; i < memo->nfacts; i++)
		nulls |= (uint64) facts[i].isnull << i;
	add_word(maker, nulls);
	for (int i = 0; i < memo->nfacts; i++)
	{
		struct varlena *value = (struct varlena *) DatumGetPointer(facts[i].value);

		if (facts[i].isnull)
			continue;
		if (maker->n >= MEMO_WORDS - 1)
			return false;
		if (memo->by_value[i])
			add_word(maker, (uint64) facts[i].value);
		else if (VARATT_IS_EXTERNAL(value) || VARATT_IS_COMPRESSED(value) ||
				 !add_bytes(maker, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)))
			return false;
	}
	return true;
}

static inline bool
same_words(const uint64 *a, const uint64 *b, int n)
{
	for (int i = 0; i < n; i++)
	{
		if (a[i] != b[i])
			return false;
	}
	return true;
}

/*
 * The slot of the facts: with their level, or with level 0 and their key for
 * the caller to set the level.  Where they cannot be remembered it is scratch,
 * with level 0.
 */
MemoSlot   *
ladder_memo_find(LadderMemo *memo, const NullableDatum *facts,
				 MemoSlot *scratch)
{
	KeyMaker	maker = {.key = scratch->key};
	MemoSlot   *slot;

	scratch->level = 0;
	if (memo == NULL || memo->given_up || !make_key(memo, facts, &maker))
		return scratch;

	slot = &memo->slots[maker.hash >> (64 - MEMO_SLOT_BITS)];
	memo->tries++;
	if (slot->level != 0 && same_words(slot->key, scratch->key, maker.n))
	{
		memo->found++;
		return slot;
	}
	if (memo->tries >= MEMO_TRIAL)
	{
		memo->given_up = memo->found < memo->tries / 2;
		memo->tries = 0;
		memo->found = 0;
	}
	memcpy(slot->key, scratch->key, maker.n * sizeof(uint64));
	slot->level = 0;
	return slot;
}
