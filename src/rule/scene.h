/*-------------------------------------------------------------------------
 *
 * scene.h
 *	  What one evaluation reads and keeps: list.c walks in it, scalar.c makes
 *	  values in it, evaluate.c conditions.
 *
 * src/rule/scene.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_SCENE_H
#define CIVIC_RULE_SCENE_H

#include "program.h"

/* A truth value and its horizon; small enough for two registers. */
typedef struct RuleAnswer
{
	int64		value;
	TimestampTz horizon;
} RuleAnswer;

struct RuleScene;

/* Kleene's conjunction of the sibling nodes from node to end. */
typedef RuleAnswer (*RuleConditions) (const struct RuleScene *scene, const RuleNode *node,
									  const RuleNode *end);

typedef struct RuleScene
{
	const RuleProgram *program;
	const NullableDatum *facts;
	TimestampTz clock;
	RuleConditions conditions;	/* evaluates a condition inside a value */
	uint64		fail;			/* of the rules evaluated so far */
	uint64		unknown;
} RuleScene;

/* Where siblings follow each other */
#define NEXT_NODE(node)		((node) + (node)->size)

static inline RuleAnswer
rule_answer(int value, TimestampTz horizon)
{
	RuleAnswer	result = {value, horizon};

	return result;
}

static inline int
rule_truth(bool condition)
{
	return condition ? RULE_TRUE : RULE_FALSE;
}

/* An integer argument has any width: sign-extend it from its own. */
static inline int64
rule_integer_fact(const RuleScene *scene, int fact)
{
	uint8		shift = scene->program->shift[fact];

	Assert(fact < RULE_SLOTS && shift < 64 && !scene->facts[fact].isnull);
	return (int64) (((uint64) scene->facts[fact].value) << shift) >> shift;
}

#endif							/* CIVIC_RULE_SCENE_H */
