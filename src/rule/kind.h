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
	const char *const *outcomes;	/* NULL-terminated; where rules decide
									 * about persons the best first */
	const char *const *groups;	/* that mean something; others may be used */
	const char *person;			/* the fact that says who it is, where rules
								 * decide about persons; else NULL */
	const char *own_group;		/* whose rules the kind itself asks for, not
								 * the outcomes; NULL if none */
} RuleKind;

/* The kinds in order; NULL behind the last. */
extern const RuleKind *rule_kind(int i);

/* That of a name; NULL if there is none. */
extern const RuleKind *rule_find_kind(const char *name);

#endif							/* CIVIC_RULE_KIND_H */
