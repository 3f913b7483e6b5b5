/*-------------------------------------------------------------------------
 *
 * list.c
 *	  Walking a list: a fact that is one, or several facts.
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

/* The facts that a node walks; those that are absent are no elements. */
static void
gather_facts(RuleWalk *walk, const RuleScene *scene, const RuleNode *node)
{
	const uint8 *facts = (const uint8 *) scene->program->pool + node->d;

	walk->of_facts = true;
	walk->count = 0;
	for (int i = 0; i < node->c; i++)
	{
		Assert(facts[i] < rule_fact_count(scene->program));
		if (!scene->facts[facts[i]].isnull || !scene->program->facts[facts[i]].absent)
			walk->gathered[walk->count++] = facts[i];
	}
}

/* Take the array apart; one of several dimensions is one list. */
static void
open_array(RuleWalk *walk, const RuleScene *scene, int fact)
{
	ArrayType  *array = DatumGetArrayTypeP(scene->facts[fact].value);
	int16		length;
	bool		by_value;
	char		align;

	walk->of_facts = false;
	walk->element_type = ARR_ELEMTYPE(array);
	get_typlenbyvalalign(walk->element_type, &length, &by_value, &align);
	deconstruct_array(array, walk->element_type, length, by_value, align,
					  &walk->elements, &walk->nulls, &walk->count);
}

/* Get ready to walk the list of a node; false if the list is NULL. */
bool
rule_open_walk(RuleWalk *walk, const RuleScene *scene, const RuleNode *node)
{
	if (!node->b && scene->facts[node->a].isnull)
		return false;
	walk->scene = *scene;
	walk->scene.facts = walk->facts;
	memcpy(walk->facts, scene->facts, sizeof(NullableDatum) * rule_fact_count(scene->program));
	if (node->b)
		gather_facts(walk, scene, node);
	else
		open_array(walk, scene, node->a);
	return true;
}

/* The value of a fact as wide as an element is. */
static Datum
widened_fact(const RuleScene *scene, int fact)
{
	RuleType	type = scene->program->facts[fact].type;

	if (type == RULE_INTEGER)
		return Int64GetDatum(rule_integer_fact(scene, fact));
	if (type == RULE_FLOAT && scene->program->shift[fact] != 0)
		return Float8GetDatum(DatumGetFloat4(scene->facts[fact].value));
	return scene->facts[fact].value;
}

/* Element i becomes the current one, as wide as bigint or double precision. */
void
rule_set_current(RuleWalk *walk, int i)
{
	NullableDatum *current = &walk->facts[RULE_CURRENT];
	Datum		value;

	CHECK_FOR_INTERRUPTS();
	Assert(i >= 0 && i < walk->count);
	if (walk->of_facts)
	{
		*current = walk->facts[walk->gathered[i]];
		if (!current->isnull)
			current->value = widened_fact(&walk->scene, walk->gathered[i]);
		return;
	}
	value = walk->elements[i];
	current->isnull = walk->nulls[i];
	if (walk->element_type == INT2OID)
		value = Int64GetDatum(DatumGetInt16(value));
	else if (walk->element_type == INT4OID)
		value = Int64GetDatum(DatumGetInt32(value));
	else if (walk->element_type == FLOAT4OID)
		value = Float8GetDatum(DatumGetFloat4(value));
	current->value = value;
}
