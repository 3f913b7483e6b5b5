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

/*
 * The facts as words: which are NULL, then for each other one its value, or
 * its length and its bytes, so that equal words are equal facts.  Returns the
 * number of words, 0 where they do not fit.
 */
static int
make_key(const LadderMemo *memo, const NullableDatum *facts, uint64 *key)
{
	int			n = 1;

	key[0] = 0;
	for (int i = 0; i < memo->nfacts; i++)
	{
		struct varlena *value = (struct varlena *) DatumGetPointer(facts[i].value);
		Size		size;
		int			words;

		if (facts[i].isnull)
		{
			key[0] |= UINT64CONST(1) << i;
			continue;
		}
		if (n >= MEMO_WORDS)
			return 0;
		if (memo->by_value[i])
		{
			key[n++] = (uint64) facts[i].value;
			continue;
		}
		if (VARATT_IS_EXTERNAL(value) || VARATT_IS_COMPRESSED(value))
			return 0;
		size = VARSIZE_ANY_EXHDR(value);
		if (size > MEMO_WORDS * sizeof(uint64))
			return 0;
		words = (size + sizeof(uint64) - 1) / sizeof(uint64);
		if (n + 1 + words > MEMO_WORDS)
			return 0;
		key[n] = size;
		if (words > 0)
			key[n + words] = 0; /* pads the last one */
		memcpy(&key[n + 1], VARDATA_ANY(value), size);
		n += 1 + words;
	}
	return n;
}

/*
 * Its highest bits are the slot: a difference anywhere in the words gets there,
 * as multiplying by an odd number loses none and moves it upwards.
 */
static inline uint64
hash_words(const uint64 *words, int n)
{
	uint64		hash = 0;

	for (int i = 0; i < n; i++)
		hash = (hash ^ words[i]) * UINT64CONST(0x9e3779b97f4a7c15);
	return hash;
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
	MemoSlot   *slot;
	int			n;

	scratch->level = 0;
	if (memo == NULL || memo->given_up)
		return scratch;
	n = make_key(memo, facts, scratch->key);
	if (n == 0)
		return scratch;

	slot = &memo->slots[hash_words(scratch->key, n) >> (64 - MEMO_SLOT_BITS)];
	memo->tries++;
	if (slot->level != 0 && same_words(slot->key, scratch->key, n))
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
	memcpy(slot->key, scratch->key, n * sizeof(uint64));
	slot->level = 0;
	return slot;
}
