/*-------------------------------------------------------------------------
 *
 * call.h
 *	  Call sites: programs kept there; see rule.h for what other rooms use.
 *
 * src/rule/call.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_CALL_H
#define CIVIC_RULE_CALL_H

#include "program.h"

/* A stored ruleset of any format, ready to be evaluated. */
extern RuleProgram *rule_open(const Ruleset *stored);

#endif							/* CIVIC_RULE_CALL_H */
