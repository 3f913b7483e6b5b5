/*-------------------------------------------------------------------------
 *
 * typing.h
 *	  Types of expressions.
 *
 * src/rule/typing.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_TYPING_H
#define CIVIC_RULE_TYPING_H

#include "source.h"

extern bool rule_coerce(RuleSource *source, RuleExpr *expr, RuleType type);

#endif							/* CIVIC_RULE_TYPING_H */
