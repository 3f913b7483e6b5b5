/*-------------------------------------------------------------------------
 *
 * jsonlogic.c
 *	  civic.jsonlogic(rule, data): entry, operator table and control flow.
 *
 * The language is that of jsonlogic.com with the error rules and the newer
 * operators (val, exists, ??, try, throw) of json-logic's compatibility suite.
 *
 * src/rule/jsonlogic.c
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
jsonlogic_truthy(const JsonbValue *value)
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
jsonlogic_arguments(DialectState *state, const DialectExpr *expr,
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
jsonlogic_not_a_number(DialectState *state, const DialectExpr *expr,
					   const JsonbValue *given)
{
	return dialect_fail(state, ERRCODE_DATA_EXCEPTION, "NaN", expr->name, given,
						NAN_HINT);
}

bool
jsonlogic_invalid_arguments(DialectState *state, const DialectExpr *expr,
							const JsonbValue *given)
{
	return dialect_fail(state, ERRCODE_INVALID_PARAMETER_VALUE,
						"Invalid Arguments", expr->name, given, ARGUMENTS_HINT);
}

/* {"if": [condition, value, condition, value, ..., otherwise]}, also ?: */
static bool
eval_if(DialectState *state, const DialectExpr *expr, const DialectScope *scope,
		JsonbValue *result)
{
	int			i;

	if (!expr->listed)
		return jsonlogic_invalid_arguments(state, expr, NULL);
	for (i = 0; i + 1 < expr->nargs; i += 2)
	{
		if (!dialect_evaluate(state, &expr->args[i], scope, result))
			return false;
		if (jsonlogic_truthy(result))
			return dialect_evaluate(state, &expr->args[i + 1], scope, result);
	}
	if (i < expr->nargs)
		return dialect_evaluate(state, &expr->args[i], scope, result);
	result->type = jbvNull;
	return true;
}

/* and, or: the first argument of the truth it looks for, else the last one. */
static bool
eval_logical(DialectState *state, const DialectExpr *expr,
			 const DialectScope *scope, JsonbValue *result)
{
	bool		stop_at = expr->op->variant;

	if (!expr->listed)
		return jsonlogic_invalid_arguments(state, expr, NULL);
	dialect_set_bool(result, false);
	for (int i = 0; i < expr->nargs; i++)
	{
		if (!dialect_evaluate(state, &expr->args[i], scope, result))
			return false;
		if (jsonlogic_truthy(result) == stop_at)
			break;
	}
	return true;
}

/* !, !!: the truth of the first argument; none is false. */
static bool
eval_truth(DialectState *state, const DialectExpr *expr,
		   const DialectScope *scope, JsonbValue *result)
{
	bool		wanted = expr->op->variant;

	result->type = jbvNull;
	if (expr->nargs > 0 && !dialect_evaluate(state, expr->args, scope, result))
		return false;
	dialect_set_bool(result, jsonlogic_truthy(result) == wanted);
	return true;
}

/* {"??": [a, b, ...]}: the first that is not null. */
static bool
eval_coalesce(DialectState *state, const DialectExpr *expr,
			  const DialectScope *scope, JsonbValue *result)
{
	JsonbValue *items;
	int			n;

	result->type = jbvNull;
	if (expr->listed)
	{
		for (int i = 0; i < expr->nargs && result->type == jbvNull; i++)
		{
			if (!dialect_evaluate(state, &expr->args[i], scope, result))
				return false;
		}
		return true;
	}
	if (!jsonlogic_arguments(state, expr, scope, &items, &n))
		return false;
	for (int i = 0; i < n && result->type == jbvNull; i++)
		*result = items[i];
	return true;
}

/*
 * {"try": [expression, handler, ...]}: the first that does not fail.  A handler
 * sees the error of the one before it as its data, and the data two levels up.
 */
static bool
eval_try(DialectState *state, const DialectExpr *expr, const DialectScope *scope,
		 JsonbValue *result)
{
	JsonbValue	nothing = {.type = jbvNull};
	JsonbValue	error;
	DialectScope between = {&nothing, scope};
	DialectScope handler = {&error, &between};

	result->type = jbvNull;
	for (int i = 0; i < expr->nargs; i++)
	{
		if (dialect_evaluate(state, &expr->args[i], i > 0 ? &handler : scope, result))
			return true;
		error = state->error.payload;
	}
	return expr->nargs == 0;
}

/* {"throw": type} or {"throw": object}: an error for try, or for the query. */
static bool
eval_throw(DialectState *state, const DialectExpr *expr,
		   const DialectScope *scope, JsonbValue *result)
{
	DialectError *error = &state->error;
	JsonbPair  *pair;

	result->type = jbvNull;
	/* {"throw": {"type": ...}} is meant as an object, unlike elsewhere */
	if (expr->nargs > 0 && expr->args->kind == DIALECT_OPERATION && !expr->args->op)
		*result = expr->args->source;
	else if (expr->nargs > 0 && !dialect_evaluate(state, expr->args, scope, result))
		return false;

	error->sqlstate = ERRCODE_RAISE_EXCEPTION;
	error->detail = psprintf("The rule threw %s.", dialect_describe(result));
	error->hint = NULL;
	if (dialect_size(result) >= 0 && !dialect_is_array(result))
		error->payload = *result;
	else
	{
		pair = palloc0(sizeof(JsonbPair));
		dialect_set_string(&pair->key, "type", 4);
		pair->value = *result;
		dialect_set_pairs(&error->payload, pair, 1);
	}
	return false;
}

/* {"preserve": anything}: what is written, not evaluated. */
static bool
eval_preserve(DialectState *state, const DialectExpr *expr,
			  const DialectScope *scope, JsonbValue *result)
{
	*result = expr->args->source;
	return true;
}

/* {"log": value}: the value; a pure function has nowhere to write a log. */
static bool
eval_log(DialectState *state, const DialectExpr *expr, const DialectScope *scope,
		 JsonbValue *result)
{
	result->type = jbvNull;
	return expr->nargs == 0 ||
		dialect_evaluate(state, expr->args, scope, result);
}

static const DialectOperator operators[] = {
	{"var", jsonlogic_var, 0, false},
	{"val", jsonlogic_val, 0, false},
	{"exists", jsonlogic_exists, 0, false},
	{"missing", jsonlogic_missing, 0, false},
	{"missing_some", jsonlogic_missing_some, 0, false},
	{"if", eval_if, 0, false},
	{"?:", eval_if, 0, false},
	{"and", eval_logical, false, false},
	{"or", eval_logical, true, false},
	{"!", eval_truth, false, false},
	{"!!", eval_truth, true, false},
	{"??", eval_coalesce, 0, false},
	{"try", eval_try, 0, false},
	{"throw", eval_throw, 0, false},
	{"preserve", eval_preserve, 0, true},
	{"log", eval_log, 0, false},
	{"==", jsonlogic_compare, JSONLOGIC_EQ, false},
	{"!=", jsonlogic_compare, JSONLOGIC_NE, false},
	{"===", jsonlogic_compare, JSONLOGIC_SAME, false},
	{"!==", jsonlogic_compare, JSONLOGIC_NOT_SAME, false},
	{"<", jsonlogic_compare, JSONLOGIC_LT, false},
	{"<=", jsonlogic_compare, JSONLOGIC_LE, false},
	{">", jsonlogic_compare, JSONLOGIC_GT, false},
	{">=", jsonlogic_compare, JSONLOGIC_GE, false},
	{"+", jsonlogic_arithmetic, DIALECT_ADD, false},
	{"-", jsonlogic_arithmetic, DIALECT_SUBTRACT, false},
	{"*", jsonlogic_arithmetic, DIALECT_MULTIPLY, false},
	{"/", jsonlogic_arithmetic, DIALECT_DIVIDE, false},
	{"%", jsonlogic_arithmetic, DIALECT_MODULO, false},
	{"max", jsonlogic_extreme, 1, false},
	{"min", jsonlogic_extreme, -1, false},
	{"cat", jsonlogic_cat, 0, false},
	{"substr", jsonlogic_substr, 0, false},
	{"map", jsonlogic_loop, JSONLOGIC_MAP, false},
	{"filter", jsonlogic_loop, JSONLOGIC_FILTER, false},
	{"all", jsonlogic_loop, JSONLOGIC_ALL, false},
	{"some", jsonlogic_loop, JSONLOGIC_SOME, false},
	{"none", jsonlogic_loop, JSONLOGIC_NONE, false},
	{"reduce", jsonlogic_reduce, 0, false},
	{"merge", jsonlogic_merge, 0, false},
	{"in", jsonlogic_in, 0, false},
};

static const Dialect jsonlogic = {
	"JsonLogic", operators, lengthof(operators), NULL
};

PG_FUNCTION_INFO_V1(rule_jsonlogic);

/* jsonlogic(rule jsonb, data jsonb) returns jsonb */
Datum
rule_jsonlogic(PG_FUNCTION_ARGS)
{
	return dialect_call(fcinfo, &jsonlogic);
}
