/*-------------------------------------------------------------------------
 *
 * jsonlogic_scalar.c
 *	  JsonLogic's comparisons, arithmetic and string operators.
 *
 * src/dialect/jsonlogic_scalar.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "jsonlogic.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

/* true is 1; false, null and the empty string are 0; no array is a number. */
static bool
to_number(const JsonbValue *value, Numeric *number)
{
	switch (value->type)
	{
		case jbvNull:
			*number = dialect_integer(0);
			return true;
		case jbvBool:
			*number = dialect_integer(value->val.boolean);
			return true;
		case jbvNumeric:
			*number = value->val.numeric;
			return true;
		case jbvString:
			return dialect_number_parse(value->val.string.val,
										value->val.string.len, number);
		default:
			return false;
	}
}

/* Two strings as text by their bytes, all else as numbers. */
static bool
order_of(DialectState *state, const DialectExpr *expr, const JsonbValue *a,
		 const JsonbValue *b, int *order)
{
	Numeric		x;
	Numeric		y;

	if (a->type == jbvString && b->type == jbvString)
	{
		*order = dialect_text_compare(a, b);
		return true;
	}
	if (!to_number(a, &x))
		return dialect_jsonlogic_not_a_number(state, expr, a);
	if (!to_number(b, &y))
		return dialect_jsonlogic_not_a_number(state, expr, b);
	*order = dialect_number_compare(x, y);
	return true;
}

/* Loosely equal: by order, except that null is equal to no text but "". */
static bool
loosely_equal(DialectState *state, const DialectExpr *expr, const JsonbValue *a,
			  const JsonbValue *b, bool *equal)
{
	int			order;

	if (a->type == jbvNull && b->type == jbvString)
		*equal = b->val.string.len == 0;
	else if (a->type == jbvString && b->type == jbvNull)
		*equal = a->val.string.len == 0;
	else
	{
		if (!order_of(state, expr, a, b, &order))
			return false;
		*equal = order == 0;
	}
	return true;
}

static bool
holds(DialectState *state, const DialectExpr *expr, const JsonbValue *a,
	  const JsonbValue *b, bool *result)
{
	JsonLogicComparison comparison = expr->op->variant;
	bool		equal;
	int			order;

	switch (comparison)
	{
		case JSONLOGIC_SAME:
		case JSONLOGIC_NOT_SAME:
			*result = dialect_equal(state, a, b) == (comparison == JSONLOGIC_SAME);
			return true;
		case JSONLOGIC_EQ:
		case JSONLOGIC_NE:
			if (!loosely_equal(state, expr, a, b, &equal))
				return false;
			*result = equal == (comparison == JSONLOGIC_EQ);
			return true;
		default:
			if (!order_of(state, expr, a, b, &order))
				return false;
			*result = (comparison == JSONLOGIC_LT && order < 0) ||
				(comparison == JSONLOGIC_LE && order <= 0) ||
				(comparison == JSONLOGIC_GT && order > 0) ||
				(comparison == JSONLOGIC_GE && order >= 0);
			return true;
	}
}

/* {"<": [a, b, c, ...]}: each pair of neighbours, up to the first that fails. */
bool
dialect_jsonlogic_compare(DialectState *state, const DialectExpr *expr,
						  const DialectScope *scope, JsonbValue *result)
{
	JsonbValue	left;
	JsonbValue	right;
	bool		so_far = true;

	if (!expr->listed || expr->nargs < 2)
		return dialect_jsonlogic_invalid_arguments(state, expr, NULL);
	if (!dialect_evaluate(state, expr->args, scope, &left))
		return false;
	for (int i = 1; i < expr->nargs && so_far; i++)
	{
		if (!dialect_evaluate(state, &expr->args[i], scope, &right) ||
			!holds(state, expr, &left, &right, &so_far))
			return false;
		left = right;
	}
	dialect_set_bool(result, so_far);
	return true;
}

static bool
apply_arithmetic(DialectState *state, const DialectExpr *expr,
				 Numeric a, const JsonbValue *b, Numeric *result)
{
	Numeric		number;

	if (!to_number(b, &number) ||
		!dialect_arithmetic(state, expr->op->variant, a, number, result))
		return dialect_jsonlogic_not_a_number(state, expr, b);
	return true;
}

/*
 * {"-": [a, b, c, ...]} from left to right.  Alone, an argument is taken from
 * 0 or divides 1; without any, a sum is 0 and a product 1.
 */
bool
dialect_jsonlogic_arithmetic(DialectState *state, const DialectExpr *expr,
							 const DialectScope *scope, JsonbValue *result)
{
	DialectArithmetic op = expr->op->variant;
	int			least = op == DIALECT_MODULO ? 2 :
	op == DIALECT_ADD || op == DIALECT_MULTIPLY ? 0 : 1;
	bool		identity_is_one = op == DIALECT_MULTIPLY || op == DIALECT_DIVIDE;
	JsonbValue *args;
	Numeric		number;
	int			nargs;
	int			i = 0;

	if (!dialect_jsonlogic_arguments(state, expr, scope, &args, &nargs))
		return false;
	if (nargs < least)
		return dialect_jsonlogic_invalid_arguments(state, expr, NULL);

	number = dialect_integer(identity_is_one ? 1 : 0);
	if (nargs > 1)
	{
		if (!to_number(args, &number))
			return dialect_jsonlogic_not_a_number(state, expr, args);
		i = 1;
	}
	for (; i < nargs; i++)
	{
		dialect_charge(state, 1, 0);
		if (!apply_arithmetic(state, expr, number, &args[i], &number))
			return false;
	}
	dialect_set_number(result, number);
	return true;
}

/* max, min: of numbers only. */
bool
dialect_jsonlogic_extreme(DialectState *state, const DialectExpr *expr,
						  const DialectScope *scope, JsonbValue *result)
{
	JsonbValue *args;
	int			nargs;

	if (!dialect_jsonlogic_arguments(state, expr, scope, &args, &nargs))
		return false;
	if (nargs == 0)
		return dialect_jsonlogic_invalid_arguments(state, expr, NULL);
	for (int i = 0; i < nargs; i++)
	{
		if (args[i].type != jbvNumeric)
			return dialect_jsonlogic_invalid_arguments(state, expr, &args[i]);
		if (i == 0 || dialect_number_compare(args[i].val.numeric, result->val.numeric) *
			expr->op->variant > 0)
			*result = args[i];
	}
	return true;
}

/* Appends a value as text: null is empty, arrays are their items' texts. */
void
dialect_jsonlogic_append_text(DialectState *state, StringInfo str, const JsonbValue *value)
{
	int			before = str->len;

	check_stack_depth();
	if (value->type == jbvString)
		appendBinaryStringInfo(str, value->val.string.val, value->val.string.len);
	else if (value->type == jbvBool)
		appendStringInfoString(str, value->val.boolean ? "true" : "false");
	else if (value->type == jbvNumeric)
	{
		Datum		number = DirectFunctionCall1(numeric_trim_scale,
												 NumericGetDatum(value->val.numeric));

		appendStringInfoString(str, DatumGetCString(DirectFunctionCall1(numeric_out, number)));
	}
	else if (dialect_is_array(value))
	{
		JsonbValue *items;
		int			n = dialect_items(state, value, &items);

		for (int i = 0; i < n; i++)
			dialect_jsonlogic_append_text(state, str, &items[i]);
		before = str->len;
	}
	else if (value->type != jbvNull)
	{
		Jsonb	   *jb = dialect_result(state, value);

		(void) JsonbToCString(str, &jb->root, VARSIZE(jb));
	}
	dialect_charge(state, 1, str->len - before);
}

/* {"cat": [a, b, ...]} */
bool
dialect_jsonlogic_cat(DialectState *state, const DialectExpr *expr,
					  const DialectScope *scope, JsonbValue *result)
{
	JsonbValue *args;
	StringInfoData str;
	int			nargs;

	if (!dialect_jsonlogic_arguments(state, expr, scope, &args, &nargs))
		return false;
	initStringInfo(&str);
	for (int i = 0; i < nargs; i++)
		dialect_jsonlogic_append_text(state, &str, &args[i]);
	dialect_set_string(result, str.data, str.len);
	return true;
}

/* A position or length in characters; others than numbers are an error. */
static bool
to_characters(DialectState *state, const DialectExpr *expr,
			  const JsonbValue *value, int64 *n)
{
	Numeric		number;

	if (!to_number(value, &number))
		return dialect_jsonlogic_not_a_number(state, expr, value);
	*n = dialect_number_clamp(number, PG_INT32_MAX);
	return true;
}

/*
 * {"substr": [text, start, length]}: a negative start counts from the end, a
 * negative length leaves so many characters off the end.
 */
bool
dialect_jsonlogic_substr(DialectState *state, const DialectExpr *expr,
						 const DialectScope *scope, JsonbValue *result)
{
	JsonbValue *args;
	StringInfoData str;
	int			nargs;
	int64		size;
	int64		start = 0;
	int64		length;
	int64		end;
	int			from;

	if (!dialect_jsonlogic_arguments(state, expr, scope, &args, &nargs))
		return false;
	if (nargs == 0)
		return dialect_jsonlogic_invalid_arguments(state, expr, NULL);
	initStringInfo(&str);
	dialect_jsonlogic_append_text(state, &str, args);
	size = pg_mbstrlen_with_len(str.data, str.len);

	if (nargs > 1 && !to_characters(state, expr, &args[1], &start))
		return false;
	length = size;
	if (nargs > 2 && args[2].type != jbvNull &&
		!to_characters(state, expr, &args[2], &length))
		return false;

	start = Min(start < 0 ? Max(start + size, 0) : start, size);
	end = Min(length < 0 ? size + length : start + length, size);
	end = Max(end, start);
	from = pg_mbcharcliplen(str.data, str.len, start);
	dialect_set_string(result, str.data + from,
					   pg_mbcharcliplen(str.data + from, str.len - from, end - start));
	return true;
}
