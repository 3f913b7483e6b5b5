/*-------------------------------------------------------------------------
 *
 * guard.h
 *	  Which facts a condition reads, and which of them it makes sure of.
 *
 * src/rule/guard.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_GUARD_H
#define CIVIC_RULE_GUARD_H

#include "source.h"

extern void rule_check_guards(RuleSource *source, RuleExpr *condition);
extern void rule_facts_read(const RuleExpr *expr, RuleFactSet *set);

#endif							/* CIVIC_RULE_GUARD_H */
