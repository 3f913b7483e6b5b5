/*-------------------------------------------------------------------------
 *
 * fact.c
 *	  The types of facts, which may be lists: their names, which arguments fit
 *	  them, and their values in JSON.
 *
 * src/rule/fact.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/lsyscache.h"

#include "fact.h"

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
		case RULE_TIME:
			return TIMEOID;
		default:
			return TEXTOID;
	}
}

/* The elements of a JSON array; NULL if it is none. */
static const JsonbContainer *
list_container(const JsonbValue *json)
{
	const JsonbContainer *container;

	if (json->type != jbvBinary)
		return NULL;
	container = json->val.binary.data;
	return JsonContainerIsArray(container) && !JsonContainerIsScalar(container) ? container : NULL;
}

static bool
list_from_json(const JsonbValue *json, RuleType type, Datum *result)
{
	const JsonbContainer *container = list_container(json);
	int			count = container ? (int) JsonContainerSize(container) : -1;
	Datum	   *values = palloc(sizeof(Datum) * (count + 2));
	bool	   *nulls = palloc(count + 2);
	int			lower_bound = 1;
	Oid			element_type = element_type_of(type);
	int16		length;
	bool		by_value;
	char		align;

	for (int i = 0; i < count; i++)
	{
		const JsonbValue *element = getIthJsonbValueFromContainer(unconstify(JsonbContainer *, container), i);

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
