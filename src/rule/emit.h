/*-------------------------------------------------------------------------
 *
 * emit.h
 *	  The stored form of a ruleset.
 *
 * src/rule/emit.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_EMIT_H
#define CIVIC_RULE_EMIT_H

#include "source.h"

extern Ruleset *rule_emit(const RuleSource *source, const char *str);

#endif							/* CIVIC_RULE_EMIT_H */
