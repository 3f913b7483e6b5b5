/*-------------------------------------------------------------------------
 *
 * read.h
 *	  The sections of a ruleset's JSON, checked.
 *
 * src/rule/read.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_READ_H
#define CIVIC_RULE_READ_H

#include "source.h"

/* Read everything; what is wrong is in source->errors. */
extern RuleSource *rule_read(Jsonb *json);

#endif							/* CIVIC_RULE_READ_H */
