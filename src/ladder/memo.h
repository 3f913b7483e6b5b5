/*-------------------------------------------------------------------------
 *
 * memo.h
 *	  Remembers the levels of answers that a call site has classified.
 *
 * src/ladder/memo.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_LADDER_MEMO_H
#define CIVIC_LADDER_MEMO_H

#include "compat.h"

#include "ladder/ladder.h"

/* A key is made of words; longer ones are not remembered. */
#define MEMO_WORDS	15

typedef struct MemoSlot
{
	ServiceLevel level;			/* 0, which is no level: empty */
	uint64		key[MEMO_WORDS];
} MemoSlot;

typedef struct LadderMemo LadderMemo;

extern LadderMemo *ladder_memo_create(MemoryContext context, FmgrInfo *flinfo,
									  int first_fact, int nfacts);
extern MemoSlot *ladder_memo_find(LadderMemo *memo, const NullableDatum *facts,
								  MemoSlot *scratch);

#endif							/* CIVIC_LADDER_MEMO_H */
