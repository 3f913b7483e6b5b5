/*-------------------------------------------------------------------------
 *
 * warning.h
 *	  What is probably a mistake in a ruleset that is none as such.
 *
 * src/rule/warning.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_WARNING_H
#define CIVIC_RULE_WARNING_H

#include "source.h"

/* Of a source without errors: source->warnings. */
extern void rule_find_warnings(RuleSource *source);

#endif							/* CIVIC_RULE_WARNING_H */
