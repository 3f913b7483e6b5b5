/*-------------------------------------------------------------------------
 *
 * nearest.c
 *	  The name that was perhaps meant, for hints: the one fewest letters away.
 *
 * src/rule/nearest.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "utils/varlena.h"

#include "nearest.h"

/* Longer names are not compared (the limit of varstr_levenshtein). */
#define MAX_COMPARED		255

/* So many letters of a name may be wrong: one in three, and one always. */
static int
near_enough(const char *name)
{
	return Max(1, (int) strlen(name) / 3);
}

void
rule_nearest_init(RuleNearest *nearest, const char *name)
{
	nearest->name = name;
	nearest->best = NULL;
	nearest->distance = near_enough(name) + 1;
}

void
rule_nearest_offer(RuleNearest *nearest, const char *candidate)
{
	int			length = strlen(nearest->name);
	int			other = strlen(candidate);
	int			distance;

	if (length > MAX_COMPARED || other > MAX_COMPARED || length == 0 || other == 0)
		return;
	distance = varstr_levenshtein_less_equal(nearest->name, length, candidate, other,
											 1, 1, 1, nearest->distance, true);
	if (distance < nearest->distance && distance < Max(length, other))
	{
		nearest->best = candidate;
		nearest->distance = distance;
	}
}

const char *
rule_nearest_hint(const RuleNearest *nearest, const char *hint)
{
	if (nearest->best == NULL)
		return hint;
	return psprintf("Perhaps \"%s\" is meant.%s%s", nearest->best, hint ? " " : "", hint ? hint : "");
}
