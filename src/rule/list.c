/*-------------------------------------------------------------------------
 *
 * list.c
 *	  Walking a fact that is a list.
 *
 * While a list is walked, its element and the accumulator of "reduce" stand
 * in two slots behind the declared facts.  So whatever reads a fact reads them
 * too, and the horizons come about as everywhere.
 *
 * src/rule/list.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/lsyscache.h"

#include "list.h"

/* Take the list apart; an array of several dimensions is one list. */
void
rule_open_walk(RuleWalk *walk, const RuleScene *scene, int fact)
{
	ArrayType  *array = DatumGetArrayTypeP(scene->facts[fact].value);
	int16		length;
	bool		by_value;
	char		align;

	walk->scene = *scene;
	walk->scene.facts = walk->facts;
	memcpy(walk->facts, scene->facts, sizeof(NullableDatum) * rule_fact_count(scene->program));
	walk->element_type = ARR_ELEMTYPE(array);
	get_typlenbyvalalign(walk->element_type, &length, &by_value, &align);
	deconstruct_array(array, walk->element_type, length, by_value, align,
					  &walk->elements, &walk->nulls, &walk->count);
}

/* Element i becomes the current one, as wide as bigint or double precision. */
void
rule_set_current(RuleWalk *walk, int i)
{
	NullableDatum *current = &walk->facts[RULE_CURRENT];
	Datum		value = walk->elements[i];

	CHECK_FOR_INTERRUPTS();
	current->isnull = walk->nulls[i];
	if (walk->element_type == INT2OID)
		value = Int64GetDatum(DatumGetInt16(value));
	else if (walk->element_type == INT4OID)
		value = Int64GetDatum(DatumGetInt32(value));
	else if (walk->element_type == FLOAT4OID)
		value = Float8GetDatum(DatumGetFloat4(value));
	current->value = value;
}
