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

/* The expression as a numeric, which an integer becomes; NULL on error. */
extern RuleExpr *rule_widen(RuleSource *source, RuleExpr *expr);
extern bool rule_coerce(RuleSource *source, RuleExpr *expr, RuleType type);

#endif							/* CIVIC_RULE_TYPING_H */
