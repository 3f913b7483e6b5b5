/*-------------------------------------------------------------------------
 *
 * kind.h
 *	  The kinds of rulesets that other rooms decide by, for warnings.
 *
 * src/rule/kind.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_KIND_H
#define CIVIC_RULE_KIND_H

#include "compat.h"

typedef struct RuleKind
{
	const char *name;
	const char *const *outcomes;	/* NULL-terminated */
	const char *const *groups;	/* that mean something; others may be used */
} RuleKind;

/* The kinds in order; NULL behind the last. */
extern const RuleKind *rule_kind(int i);

#endif							/* CIVIC_RULE_KIND_H */
