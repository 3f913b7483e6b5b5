/*-------------------------------------------------------------------------
 *
 * list.c
 *	  Facts that are lists: their SQL and JSON forms, and the two nodes that
 *	  walk one.
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
#include "utils/timestamp.h"

#include "compile.h"
#include "scene.h"

/* The elements of a list fact, and the scene in which each is looked at. */
typedef struct Walk
{
	Scene		scene;
	NullableDatum facts[RULE_SLOTS];
	Oid			element_type;
	Datum	   *elements;
	bool	   *nulls;
	int			count;
} Walk;

/* ---- declarations ---- */

/* "integer" and "integer[]" */
bool
rule_fact_type_from_name(const char *name, RuleType *type, bool *list)
{
	int			length = strlen(name);

	*list = length > 2 && strcmp(name + length - 2, "[]") == 0;
	return rule_type_from_name(*list ? pnstrdup(name, length - 2) : name, type);
}

const char *
rule_fact_type_name(RuleType type, bool list)
{
	return list ? psprintf("%s[]", rule_type_name(type)) : rule_type_name(type);
}

/* Does an argument of this SQL type fit a fact? */
bool
rule_fact_fits(RuleType type, bool list, Oid argument, uint8 *shift)
{
	bool		fits;

	if (!list)
		return rule_argument_fits(type, argument, shift);
	argument = get_element_type(getBaseType(argument));
	fits = OidIsValid(argument) && rule_argument_fits(type, argument, shift);
	*shift = 0;					/* elements are widened one by one */
	return fits;
}

/* ---- JSON ---- */

/* The type of the array that a JSON array becomes: the widest of its kind. */
static Oid
element_type_of(RuleType type)
{
	switch (type)
	{
		case RULE_BOOLEAN:
			return BOOLOID;
		case RULE_INTEGER:
			return INT8OID;
		case RULE_NUMERIC:
			return NUMERICOID;
		case RULE_FLOAT:
			return FLOAT8OID;
		case RULE_DATE:
			return DATEOID;
		case RULE_TIMESTAMPTZ:
			return TIMESTAMPTZOID;
		default:
			return TEXTOID;
	}
}

static bool
list_from_json(const JsonbValue *json, RuleType type, Datum *result)
{
	int			count = rule_json_is_array(json) ? rule_json_length(json) : -1;
	Datum	   *values = palloc(sizeof(Datum) * (count + 2));
	bool	   *nulls = palloc(count + 2);
	int			lower_bound = 1;
	Oid			element_type = element_type_of(type);
	int16		length;
	bool		by_value;
	char		align;

	for (int i = 0; i < count; i++)
	{
		const JsonbValue *element = rule_json_element(json, i);

		CHECK_FOR_INTERRUPTS();
		nulls[i] = (element->type == jbvNull);
		values[i] = (Datum) 0;
		if (!nulls[i] && !rule_datum_from_json(element, type, &values[i]))
			return false;
	}
	get_typlenbyvalalign(element_type, &length, &by_value, &align);
	if (count >= 0)
		*result = PointerGetDatum(construct_md_array(values, nulls, count > 0 ? 1 : 0, &count, &lower_bound,
													 element_type, length, by_value, align));
	return count >= 0;
}

/* A JSON value as a fact; false if it is not of the fact's type. */
bool
rule_fact_from_json(const JsonbValue *json, RuleType type, bool list, Datum *result)
{
	return list ? list_from_json(json, type, result) : rule_datum_from_json(json, type, result);
}

/* ---- evaluation ---- */

/* Take the list apart; an array of several dimensions is one list. */
static void
open_walk(Walk *walk, const Scene *scene, int fact)
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
static void
set_current(Walk *walk, int i)
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

/*
 * Does the condition hold for every element?  A conjunction, so it is false as
 * long as any false one is, and otherwise keeps until the first one changes.
 */
Answer
rule_evaluate_every(const Scene *scene, const RuleNode *node)
{
	Walk		walk;
	int			result = RULE_TRUE;
	TimestampTz first = DT_NOEND;
	TimestampTz last_false = DT_NOBEGIN;

	if (scene->facts[node->a].isnull)
		return rule_answer(RULE_UNKNOWN, DT_NOEND);
	open_walk(&walk, scene, node->a);
	for (int i = 0; i < walk.count; i++)
	{
		Answer		answer;

		set_current(&walk, i);
		answer = rule_evaluate_all(&walk.scene, node + 1, NEXT_NODE(node));
		result = Min(result, (int) answer.value);
		if (answer.value == RULE_FALSE)
			last_false = Max(last_false, answer.horizon);
		else
			first = Min(first, answer.horizon);
	}
	return rule_answer(result, result == RULE_FALSE ? last_false : first);
}

/*
 * Initial value, then the body for each element.  The accumulator is a whole
 * number, which does not move with the clock; what it was decided by may.
 */
void
rule_reduce_value(const Scene *scene, const RuleNode *node, RuleValue *value)
{
	const RuleNode *initial = node + 1;
	const RuleNode *body = NEXT_NODE(initial);
	Walk		walk;

	if (scene->facts[node->a].isnull)
	{
		value->null = true;
		return;
	}
	rule_evaluate_value(scene, initial, value);
	open_walk(&walk, scene, node->a);
	for (int i = 0; i < walk.count; i++)
	{
		TimestampTz until = value->until;

		set_current(&walk, i);
		walk.facts[RULE_ACCUMULATOR].isnull = value->null;
		walk.facts[RULE_ACCUMULATOR].value = value->null ? (Datum) 0 : Int64GetDatum(value->number);
		rule_evaluate_value(&walk.scene, body, value);
		value->until = Min(value->until, until);
	}
}
