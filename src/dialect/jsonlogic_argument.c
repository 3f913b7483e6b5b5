/*-------------------------------------------------------------------------
 *
 * jsonlogic_argument.c
 *	  What the operators of JsonLogic share: truth, arguments, and the errors
 *	  of wrong ones.
 *
 * src/dialect/jsonlogic_argument.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "jsonlogic.h"

#define NAN_HINT "Numbers, numeric strings, true, false and null are numbers; two strings are compared as text."
#define ARGUMENTS_HINT "The page on rule dialects lists each operator with the arguments it takes."

/* Empty arrays are falsy, empty objects and "0" are not. */
bool
dialect_jsonlogic_truthy(const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvNull:
			return false;
		case jbvBool:
			return value->val.boolean;
		case jbvNumeric:
			return !dialect_number_is_zero(value->val.numeric);
		case jbvString:
			return value->val.string.len > 0;
		default:
			return !dialect_is_array(value) || dialect_size(value) > 0;
	}
}

/*
 * The arguments of an operator that needs all of them.  Written without an
 * array, {"max": {"var": "list"}}, one argument may yield the whole list.
 */
bool
dialect_jsonlogic_arguments(DialectState *state, const DialectExpr *expr,
							const DialectScope *scope, JsonbValue **args, int *nargs)
{
	*nargs = expr->nargs;
	if (!dialect_evaluate_list(state, expr->args, expr->nargs, scope, args))
		return false;
	if (!expr->listed && dialect_is_array(*args))
		*nargs = dialect_items(state, *args, args);
	return true;
}

bool
dialect_jsonlogic_not_a_number(DialectState *state, const DialectExpr *expr,
							   const JsonbValue *given)
{
	return dialect_fail(state, ERRCODE_DATA_EXCEPTION, "NaN", expr->name, given,
						NAN_HINT);
}

bool
dialect_jsonlogic_invalid_arguments(DialectState *state, const DialectExpr *expr,
									const JsonbValue *given)
{
	return dialect_fail(state, ERRCODE_INVALID_PARAMETER_VALUE,
						"Invalid Arguments", expr->name, given, ARGUMENTS_HINT);
}
