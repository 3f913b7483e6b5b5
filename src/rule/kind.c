/*-------------------------------------------------------------------------
 *
 * kind.c
 *	  The kinds of rulesets that other rooms decide by, for warnings.
 *
 * The rooms themselves refuse a ruleset that they cannot decide by, but only
 * when they are asked to.  Their tests hold this list against theirs.
 *
 * src/rule/kind.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "kind.h"

static const char *const colours[] = {"green", "yellow", "red", "grey", NULL};
static const char *const parts[] = {"work", "health", "residency", NULL};

static const char *const facility[] = {"no_service", "limited", "basic", "advanced", NULL};
static const char *const water[] = {"surface_water", "unimproved", "limited", "basic", "safely_managed", NULL};
static const char *const sanitation[] = {"open_defecation", "unimproved", "limited", "basic", "safely_managed", NULL};
static const char *const hygiene[] = {"no_facility", "limited", "basic", NULL};

/* Rules of this group say what answers may be; a ladder refuses others. */
static const char answers[] = "answers";

/* A ladder's rules stand in the group of the level that they are needed for. */
static const RuleKind kinds[] = {
	{"access_code", colours, parts, "worker_id", NULL},
	{"hcf", facility, facility, NULL, answers},
	{"household_water", water, water, NULL, answers},
	{"household_sanitation", sanitation, sanitation, NULL, answers},
	{"household_hygiene", hygiene, hygiene, NULL, answers},
	{"school", facility, facility, NULL, answers}
};

const RuleKind *
rule_kind(int i)
{
	return i < (int) lengthof(kinds) ? &kinds[i] : NULL;
}

const RuleKind *
rule_find_kind(const char *name)
{
	for (int i = 0; i < (int) lengthof(kinds); i++)
	{
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	}
	return NULL;
}
