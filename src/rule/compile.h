/*-------------------------------------------------------------------------
 *
 * compile.h
 *	  From the text of a ruleset to its typed trees and its stored form.
 *
 * src/rule/compile.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_COMPILE_H
#define CIVIC_RULE_COMPILE_H

#include "source.h"

/* Text to ruleset; NULL after a soft error. */
extern Ruleset *rule_compile(char *str, struct Node *escontext);

/* The JSON of a stored ruleset, and its typed trees, made again from its text. */
extern Jsonb *rule_json(const Ruleset *ruleset);
extern RuleSource *rule_source(const Ruleset *ruleset);

#endif							/* CIVIC_RULE_COMPILE_H */
