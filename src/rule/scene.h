/*-------------------------------------------------------------------------
 *
 * scene.h
 *	  What one evaluation reads and keeps; shared by evaluate.c (conditions)
 *	  and scalar.c (values and their comparison).
 *
 * src/rule/scene.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_SCENE_H
#define CIVIC_RULE_SCENE_H

#include "value.h"

typedef struct Scene
{
	const RuleProgram *program;
	const NullableDatum *facts;
	TimestampTz clock;
	uint64		fail;			/* of the rules evaluated so far */
	uint64		unknown;
} Scene;

/* A truth value and its horizon; small enough for two registers. */
typedef struct Answer
{
	int64		value;
	TimestampTz horizon;
} Answer;

/* Where siblings follow each other */
#define NEXT_NODE(node)		((node) + (node)->size)

static inline Answer
rule_answer(int value, TimestampTz horizon)
{
	Answer		result = {value, horizon};

	return result;
}

static inline int
rule_truth(bool condition)
{
	return condition ? RULE_TRUE : RULE_FALSE;
}

/* An integer argument has any width: sign-extend it from its own. */
static inline int64
rule_integer_fact(const Scene *scene, int fact)
{
	uint8		shift = scene->program->shift[fact];

	return (int64) (((uint64) scene->facts[fact].value) << shift) >> shift;
}

/* evaluate.c */
extern Answer rule_evaluate_all(const Scene *scene, const RuleNode *node, const RuleNode *end);

/* scalar.c */
extern int64 rule_whole_fact(const Scene *scene, int fact, RuleType type);
extern Answer rule_evaluate_compare(const Scene *scene, const RuleNode *node);
extern void rule_evaluate_value(const Scene *scene, const RuleNode *node, RuleValue *value);

/* list.c */
extern Answer rule_evaluate_every(const Scene *scene, const RuleNode *node);
extern void rule_reduce_value(const Scene *scene, const RuleNode *node, RuleValue *value);

#endif							/* CIVIC_RULE_SCENE_H */
