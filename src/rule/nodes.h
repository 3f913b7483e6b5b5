/*-------------------------------------------------------------------------
 *
 * nodes.h
 *	  A program that is being built.
 *
 * src/rule/nodes.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_NODES_H
#define CIVIC_RULE_NODES_H

#include "program.h"

#include "lib/stringinfo.h"
#include "utils/hsearch.h"

typedef struct RuleNodes
{
	RuleNode   *items;
	uint32		count;
	uint32		space;
} RuleNodes;

typedef struct RuleEmitter
{
	RuleNodes	nodes;
	StringInfoData pool;
	HTAB	   *interned;		/* what the pool holds once only */
} RuleEmitter;

/*
 * Equality of conditions and "in" repeat an operand, so a short text may ask
 * for a huge program: everything that recurses stops here, rule_emit() tells.
 */
static inline bool
rule_is_too_large(const RuleEmitter *emitter)
{
	return emitter->nodes.count > RULE_MAX_NODES;
}

extern void rule_emitter_init(RuleEmitter *emitter);
extern RuleNode *rule_add_node(RuleNodes *nodes, RuleOp op, int sign);
extern void rule_close_node(RuleNodes *nodes, uint32 index);
extern uint32 rule_pool_add(RuleEmitter *emitter, const void *data, int length);

#endif							/* CIVIC_RULE_NODES_H */
