/*-------------------------------------------------------------------------
 *
 * nodes.c
 *	  A program that is being built: its nodes and its pool.
 *
 * src/rule/nodes.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "common/hashfn.h"
#include "utils/hsearch.h"

#include "nodes.h"

/* An entry of RuleEmitter.interned: the last that was added under a hash. */
typedef struct Interned
{
	uint64		hash;
	uint32		offset;
	uint32		length;
} Interned;

void
rule_emitter_init(RuleEmitter *emitter)
{
	HASHCTL		control = {.keysize = sizeof(uint64),.entrysize = sizeof(Interned),
	.hcxt = CurrentMemoryContext};

	memset(emitter, 0, sizeof(RuleEmitter));
	initStringInfo(&emitter->pool);
	emitter->interned = hash_create("rule pool", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* A new node without children, at the end. */
RuleNode   *
rule_add_node(RuleNodes *nodes, RuleOp op, int sign)
{
	RuleNode   *node;

	if (nodes->count == nodes->space)
	{
		nodes->space = Max(64, nodes->space * 2);
		nodes->items = nodes->items == NULL ? palloc(nodes->space * sizeof(RuleNode)) :
			repalloc(nodes->items, nodes->space * sizeof(RuleNode));
	}
	Assert(sign == 1 || sign == -1);
	node = &nodes->items[nodes->count++];
	memset(node, 0, sizeof(RuleNode));
	node->op = op;
	node->sign = sign;
	node->size = 1;
	return node;
}

/* The children of a node end here. */
void
rule_close_node(RuleNodes *nodes, uint32 index)
{
	Assert(index < nodes->count);
	nodes->items[index].size = (uint16) (nodes->count - index);
}

/* Put bytes into the pool, MAXALIGNed; its offset.  Equal bytes are put once. */
uint32
rule_pool_add(RuleEmitter *emitter, const void *data, int length)
{
	uint64		hash = DatumGetUInt64(hash_any_extended(data, length, 0));
	Interned   *entry;
	bool		found;

	entry = hash_search(emitter->interned, &hash, HASH_ENTER, &found);
	if (found && entry->length == (uint32) length &&
		memcmp(emitter->pool.data + entry->offset, data, length) == 0)
		return entry->offset;
	while (emitter->pool.len % MAXIMUM_ALIGNOF != 0)
		appendStringInfoChar(&emitter->pool, '\0');
	entry->offset = emitter->pool.len;
	entry->length = length;
	appendBinaryStringInfo(&emitter->pool, data, length);
	return entry->offset;
}
