/*-------------------------------------------------------------------------
 *
 * value.c
 *	  The types of facts: their names, which arguments fit them, and their
 *	  values in JSON.
 *
 * src/rule/value.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lexer.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/float.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "value.h"

typedef struct RuleTypeName
{
	const char *name;
	RuleType	type;
} RuleTypeName;

/* The first name of a type is the one messages use. */
static const RuleTypeName type_names[] = {
	{"boolean", RULE_BOOLEAN},
	{"integer", RULE_INTEGER},
	{"smallint", RULE_INTEGER},
	{"bigint", RULE_INTEGER},
	{"int", RULE_INTEGER},
	{"numeric", RULE_NUMERIC},
	{"double precision", RULE_FLOAT},
	{"real", RULE_FLOAT},
	{"text", RULE_TEXT},
	{"date", RULE_DATE},
	{"timestamptz", RULE_TIMESTAMPTZ},
	{"time", RULE_TIME},
	{"timestamp with time zone", RULE_TIMESTAMPTZ}
};

bool
rule_type_from_name(const char *name, RuleType *type)
{
	for (int i = 0; i < (int) lengthof(type_names); i++)
	{
		if (strcmp(type_names[i].name, name) == 0)
		{
			*type = type_names[i].type;
			return true;
		}
	}
	return false;
}

const char *
rule_type_name(RuleType type)
{
	for (int i = 0; i < (int) lengthof(type_names); i++)
	{
		if (type_names[i].type == type)
			return type_names[i].name;
	}
	return type == RULE_LIST ? "list" : "constant";
}

/* The whole numbers that a fact declared by this name of a type may have. */
void
rule_type_range(const char *name, int64 *low, int64 *high)
{
	*low = PG_INT64_MIN;
	*high = PG_INT64_MAX;
	if (strcmp(name, "smallint") == 0)
	{
		*low = PG_INT16_MIN;
		*high = PG_INT16_MAX;
	}
	else if (strcmp(name, "integer") == 0 || strcmp(name, "int") == 0)
	{
		*low = PG_INT32_MIN;
		*high = PG_INT32_MAX;
	}
}

/*
 * Does an argument of this SQL type fit a fact?  *shift is 64 less its width
 * where several widths do.
 */
bool
rule_argument_fits(RuleType declared, Oid argument, uint8 *shift)
{
	*shift = 0;
	argument = getBaseType(argument);
	switch (argument)
	{
		case BOOLOID:
			return declared == RULE_BOOLEAN;
		case INT2OID:
			*shift = 48;
			return declared == RULE_INTEGER;
		case INT4OID:
			*shift = 32;
			return declared == RULE_INTEGER;
		case INT8OID:
			return declared == RULE_INTEGER;
		case NUMERICOID:
			return declared == RULE_NUMERIC;
		case FLOAT4OID:
			*shift = 32;
			return declared == RULE_FLOAT;
		case FLOAT8OID:
			return declared == RULE_FLOAT;
		case TEXTOID:
		case VARCHAROID:
			return declared == RULE_TEXT;
		case DATEOID:
			*shift = 32;
			return declared == RULE_DATE;
		case TIMESTAMPTZOID:
			return declared == RULE_TIMESTAMPTZ;
		case TIMEOID:
			return declared == RULE_TIME;
		default:
			return false;
	}
}

/* The whole number that a numeric is; false if it is none. */
bool
rule_numeric_to_int64(Numeric numeric, int64 *result)
{
	const char *str = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(numeric)));

	if (!lexer_read_integer(&str, PG_INT64_MIN, PG_INT64_MAX, result))
		return false;
	if (*str == '.')
		str += 1 + strspn(str + 1, "0");
	return *str == '\0';
}

int64
rule_date_to_number(Datum date)
{
	DateADT		day = DatumGetDateADT(date);

	if (DATE_IS_NOBEGIN(day))
		return RULE_MINUS_INFINITY;
	if (DATE_IS_NOEND(day))
		return RULE_INFINITY;
	return day;
}

static DateADT
number_to_date(int64 number)
{
	if (number == RULE_MINUS_INFINITY)
		return DATEVAL_NOBEGIN;
	if (number == RULE_INFINITY)
		return DATEVAL_NOEND;
	return (DateADT) number;
}

/* A float that a JSON number may stand for; false if it is beyond them. */
static bool
float_from_numeric(Numeric numeric, Datum *result)
{
	char	   *str = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(numeric)));
	double		value = strtod(str, NULL);

	*result = Float8GetDatum(value);
	return !isinf(value);
}

/*
 * A JSON scalar as a value of the type: integers as bigint, floats as double
 * precision.  False if it is no such value.
 */
bool
rule_datum_from_json(const JsonbValue *json, RuleType type, Datum *result)
{
	int64		number;

	switch (type)
	{
		case RULE_BOOLEAN:
			if (json->type != jbvBool)
				return false;
			*result = BoolGetDatum(json->val.boolean);
			return true;
		case RULE_INTEGER:
			if (json->type != jbvNumeric || !rule_numeric_to_int64(json->val.numeric, &number))
				return false;
			*result = Int64GetDatum(number);
			return true;
		case RULE_NUMERIC:
			if (json->type != jbvNumeric)
				return false;
			*result = NumericGetDatum(json->val.numeric);
			return true;
		case RULE_FLOAT:
			return json->type == jbvNumeric && float_from_numeric(json->val.numeric, result);
		case RULE_TEXT:
			if (json->type != jbvString)
				return false;
			*result = PointerGetDatum(cstring_to_text_with_len(json->val.string.val,
															   json->val.string.len));
			return true;
		case RULE_DATE:
			if (json->type != jbvString ||
				!rule_parse_date(json->val.string.val, json->val.string.len, &number))
				return false;
			*result = DateADTGetDatum(number_to_date(number));
			return true;
		case RULE_TIMESTAMPTZ:
			if (json->type != jbvString ||
				!rule_parse_timestamptz(json->val.string.val, json->val.string.len, &number))
				return false;
			*result = TimestampTzGetDatum(number);
			return true;
		case RULE_TIME:
			if (json->type != jbvString ||
				!rule_parse_time(json->val.string.val, json->val.string.len, &number))
				return false;
			*result = TimeADTGetDatum(number);
			return true;
		case RULE_ANY:
		case RULE_LIST:
			break;
	}
	return false;
}
