/*-------------------------------------------------------------------------
 *
 * jsonlogic.c
 *	  civic.jsonlogic(rule, data): entry, operator table and control flow.
 *
 * The language is that of jsonlogic.com with the error rules and the newer
 * operators (val, exists, ??, try, throw) of json-logic's compatibility suite.
 *
 * src/dialect/jsonlogic.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "jsonlogic.h"

/* {"if": [condition, value, condition, value, ..., otherwise]}, also ?: */
static bool
eval_if(DialectState *state, const DialectExpr *expr, const DialectScope *scope,
		JsonbValue *result)
{
	int			i;

	if (!expr->listed)
		return dialect_jsonlogic_invalid_arguments(state, expr, NULL);
	for (i = 0; i + 1 < expr->nargs; i += 2)
	{
		if (!dialect_evaluate(state, &expr->args[i], scope, result))
			return false;
		if (dialect_jsonlogic_truthy(result))
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
		return dialect_jsonlogic_invalid_arguments(state, expr, NULL);
	dialect_set_bool(result, false);
	for (int i = 0; i < expr->nargs; i++)
	{
		if (!dialect_evaluate(state, &expr->args[i], scope, result))
			return false;
		if (dialect_jsonlogic_truthy(result) == stop_at)
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
	dialect_set_bool(result, dialect_jsonlogic_truthy(result) == wanted);
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
	if (!dialect_jsonlogic_arguments(state, expr, scope, &items, &n))
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
	{"var", dialect_jsonlogic_var, 0, false},
	{"val", dialect_jsonlogic_val, 0, false},
	{"exists", dialect_jsonlogic_exists, 0, false},
	{"missing", dialect_jsonlogic_missing, 0, false},
	{"missing_some", dialect_jsonlogic_missing_some, 0, false},
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
	{"==", dialect_jsonlogic_compare, JSONLOGIC_EQ, false},
	{"!=", dialect_jsonlogic_compare, JSONLOGIC_NE, false},
	{"===", dialect_jsonlogic_compare, JSONLOGIC_SAME, false},
	{"!==", dialect_jsonlogic_compare, JSONLOGIC_NOT_SAME, false},
	{"<", dialect_jsonlogic_compare, JSONLOGIC_LT, false},
	{"<=", dialect_jsonlogic_compare, JSONLOGIC_LE, false},
	{">", dialect_jsonlogic_compare, JSONLOGIC_GT, false},
	{">=", dialect_jsonlogic_compare, JSONLOGIC_GE, false},
	{"+", dialect_jsonlogic_arithmetic, DIALECT_ADD, false},
	{"-", dialect_jsonlogic_arithmetic, DIALECT_SUBTRACT, false},
	{"*", dialect_jsonlogic_arithmetic, DIALECT_MULTIPLY, false},
	{"/", dialect_jsonlogic_arithmetic, DIALECT_DIVIDE, false},
	{"%", dialect_jsonlogic_arithmetic, DIALECT_MODULO, false},
	{"max", dialect_jsonlogic_extreme, 1, false},
	{"min", dialect_jsonlogic_extreme, -1, false},
	{"cat", dialect_jsonlogic_cat, 0, false},
	{"substr", dialect_jsonlogic_substr, 0, false},
	{"map", dialect_jsonlogic_loop, JSONLOGIC_MAP, false},
	{"filter", dialect_jsonlogic_loop, JSONLOGIC_FILTER, false},
	{"all", dialect_jsonlogic_loop, JSONLOGIC_ALL, false},
	{"some", dialect_jsonlogic_loop, JSONLOGIC_SOME, false},
	{"none", dialect_jsonlogic_loop, JSONLOGIC_NONE, false},
	{"reduce", dialect_jsonlogic_reduce, 0, false},
	{"merge", dialect_jsonlogic_merge, 0, false},
	{"in", dialect_jsonlogic_in, 0, false},
};

static const Dialect jsonlogic = {
	"JsonLogic", operators, lengthof(operators), NULL
};

PG_FUNCTION_INFO_V1(dialect_jsonlogic);

/* jsonlogic(rule jsonb, data jsonb) returns jsonb */
Datum
dialect_jsonlogic(PG_FUNCTION_ARGS)
{
	return dialect_call(fcinfo, &jsonlogic);
}
