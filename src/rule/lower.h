/*-------------------------------------------------------------------------
 *
 * lower.h
 *	  From the typed tree to nodes.
 *
 * src/rule/lower.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_LOWER_H
#define CIVIC_RULE_LOWER_H

#include "nodes.h"
#include "source.h"

extern RuleList rule_lower(RuleEmitter *emitter, const RuleExpr *condition);
extern RuleList rule_lower_value(RuleEmitter *emitter, const RuleExpr *value);

#endif							/* CIVIC_RULE_LOWER_H */
