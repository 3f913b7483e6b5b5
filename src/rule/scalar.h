/*-------------------------------------------------------------------------
 *
 * scalar.h
 *	  Scalar values of expressions, and comparing them.
 *
 * src/rule/scalar.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_SCALAR_H
#define CIVIC_RULE_SCALAR_H

#include "scene.h"

extern int64 rule_whole_fact(const RuleScene *scene, int fact, RuleType type);

/* The next change of what moves with a day or is a time of day. */
extern TimestampTz rule_next_change(const RuleScene *scene, const RuleValue *value, RuleType type);
extern RuleAnswer rule_evaluate_compare(const RuleScene *scene, const RuleNode *node);
extern void rule_evaluate_value(const RuleScene *scene, const RuleNode *node, RuleValue *value);

#endif							/* CIVIC_RULE_SCALAR_H */
