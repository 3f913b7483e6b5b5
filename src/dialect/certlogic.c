/*-------------------------------------------------------------------------
 *
 * certlogic.c
 *	  civic.certlogic(expr, data): the language of the EU's digital COVID
 *	  certificate rules, specification 1.3.
 *
 * A small, strict relative of JsonLogic: no coercion, integers only,
 * date-times.  What is truthy and what an operator takes differ on purpose, so
 * no operator is shared with JsonLogic.
 *
 * src/dialect/certlogic.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "certlogic.h"

typedef enum Comparison
{
	LESS,
	LESS_EQUAL,
	GREATER,
	GREATER_EQUAL
} Comparison;

/* Fails for what the caller knows to be wrong with the operation. */
static bool
fail(DialectState *state, const DialectExpr *expr, const JsonbValue *given,
	 const char *hint)
{
	return dialect_fail(state, ERRCODE_INVALID_PARAMETER_VALUE,
						"invalid operation", expr->name, given, hint);
}

bool
dialect_certlogic_is_integer(const JsonbValue *value)
{
	return value->type == jbvNumeric &&
		dialect_number_is_integer(value->val.numeric);
}

/*
 * The truth of a value as 1 or 0; -1 for what is neither: date-times and
 * numbers that are no integers.
 */
static int
truth(const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvNull:
			return 0;
		case jbvBool:
			return value->val.boolean;
		case jbvNumeric:
			return dialect_certlogic_is_integer(value) ?
				!dialect_number_is_zero(value->val.numeric) : -1;
		case jbvString:
			return value->val.string.len > 0;
		case jbvDatetime:
			return -1;
		default:
			return dialect_size(value) > 0;
	}
}

/* Evaluates an operand that must be truthy or falsy. */
static bool
evaluate_truth(DialectState *state, const DialectExpr *expr,
			   const DialectExpr *operand, const DialectScope *scope,
			   JsonbValue *value, bool *truthy)
{
	int			t;

	if (!dialect_evaluate(state, operand, scope, value))
		return false;
	t = truth(value);
	if (t < 0)
		return fail(state, expr, value,
					"Date-times and numbers that are not integers are neither true nor false.");
	*truthy = t;
	return true;
}

/* Has the operation an array of at least so many arguments? */
static bool
has_arguments(DialectState *state, const DialectExpr *expr, int least, int most)
{
	if (expr->listed && expr->nargs >= least && expr->nargs <= most)
		return true;
	return fail(state, expr, NULL,
				"civic.certlogic_check() tells what is wrong with an expression.");
}

/* {"var": "a.0.b"} */
static bool
eval_var(DialectState *state, const DialectExpr *expr, const DialectScope *scope,
		 JsonbValue *result)
{
	const JsonbValue *path = &expr->args->source;

	if (expr->listed || path->type != jbvString)
		return fail(state, expr, NULL, "The form is { \"var\": \"<path>\" }.");
	if (path->val.string.len == 0)
		*result = *scope->value;
	else if (!dialect_path(scope->value, path->val.string.val,
						   path->val.string.len, result))
		result->type = jbvNull;
	return true;
}

/* {"if": [guard, then, else]} */
static bool
eval_if(DialectState *state, const DialectExpr *expr, const DialectScope *scope,
		JsonbValue *result)
{
	bool		guard;

	if (!has_arguments(state, expr, 3, PG_INT32_MAX) ||
		!evaluate_truth(state, expr, expr->args, scope, result, &guard))
		return false;
	return dialect_evaluate(state, &expr->args[guard ? 1 : 2], scope, result);
}

/* {"and": [a, b, ...]}: the first that is falsy, else the last. */
static bool
eval_and(DialectState *state, const DialectExpr *expr, const DialectScope *scope,
		 JsonbValue *result)
{
	bool		truthy = true;

	if (!has_arguments(state, expr, 2, PG_INT32_MAX))
		return false;
	for (int i = 0; i < expr->nargs - 1 && truthy; i++)
	{
		if (!evaluate_truth(state, expr, &expr->args[i], scope, result, &truthy))
			return false;
	}
	if (!truthy)
		return true;
	return dialect_evaluate(state, &expr->args[expr->nargs - 1], scope, result);
}

/* {"!": [a]} */
static bool
eval_not(DialectState *state, const DialectExpr *expr, const DialectScope *scope,
		 JsonbValue *result)
{
	bool		truthy;

	if (!has_arguments(state, expr, 1, PG_INT32_MAX) ||
		!evaluate_truth(state, expr, expr->args, scope, result, &truthy))
		return false;
	dialect_set_bool(result, !truthy);
	return true;
}

/* {"===": [a, b]} */
static bool
eval_equal(DialectState *state, const DialectExpr *expr,
		   const DialectScope *scope, JsonbValue *result)
{
	JsonbValue *args;

	if (!has_arguments(state, expr, 2, 2) ||
		!dialect_evaluate_list(state, expr->args, 2, scope, &args))
		return false;
	dialect_set_bool(result, dialect_equal(state, &args[0], &args[1]));
	return true;
}

/* {"in": [item, array]} */
static bool
eval_in(DialectState *state, const DialectExpr *expr, const DialectScope *scope,
		JsonbValue *result)
{
	JsonbValue *args;
	JsonbValue *items;
	bool		found = false;
	int			n;

	if (!has_arguments(state, expr, 2, 2) ||
		!dialect_evaluate_list(state, expr->args, 2, scope, &args))
		return false;
	if (!dialect_is_array(&args[1]))
		return fail(state, expr, &args[1], "The second operand must be an array.");
	n = dialect_items(state, &args[1], &items);
	dialect_charge(state, n, 0);
	for (int i = 0; i < n && !found; i++)
		found = dialect_equal(state, &args[0], &items[i]);
	dialect_set_bool(result, found);
	return true;
}

/* {"+": [a, b]} */
static bool
eval_plus(DialectState *state, const DialectExpr *expr, const DialectScope *scope,
		  JsonbValue *result)
{
	JsonbValue *args;
	Numeric		sum;

	if (!has_arguments(state, expr, 2, 2) ||
		!dialect_evaluate_list(state, expr->args, 2, scope, &args))
		return false;
	for (int i = 0; i < 2; i++)
	{
		if (!dialect_certlogic_is_integer(&args[i]))
			return fail(state, expr, &args[i], "Both operands must be integers.");
	}
	if (!dialect_arithmetic(state, DIALECT_ADD, args[0].val.numeric,
							args[1].val.numeric, &sum))
		return fail(state, expr, &args[0],
					"The operands and their sum must be within the range of a double.");
	dialect_set_number(result, sum);
	return true;
}

static bool
holds(Comparison comparison, int order)
{
	return comparison == LESS ? order < 0 :
		comparison == LESS_EQUAL ? order <= 0 :
		comparison == GREATER ? order > 0 : order >= 0;
}

/* {"<": [a, b]} or {"<": [a, b, c]} on integers */
static bool
eval_compare_integers(DialectState *state, const DialectExpr *expr,
					  const DialectScope *scope, JsonbValue *result)
{
	JsonbValue *args;
	bool		all = true;

	if (!has_arguments(state, expr, 2, 3) ||
		!dialect_evaluate_list(state, expr->args, expr->nargs, scope, &args))
		return false;
	for (int i = 0; i < expr->nargs; i++)
	{
		if (!dialect_certlogic_is_integer(&args[i]))
			return fail(state, expr, &args[i],
						"Operands must be integers; for date-times use after, before, not-after, not-before.");
	}
	for (int i = 1; i < expr->nargs; i++)
		all = all && holds(expr->op->variant,
						   dialect_number_compare(args[i - 1].val.numeric,
												  args[i].val.numeric));
	dialect_set_bool(result, all);
	return true;
}

/* {"before": [a, b]} or {"before": [a, b, c]} on date-times */
static bool
eval_compare_instants(DialectState *state, const DialectExpr *expr,
					  const DialectScope *scope, JsonbValue *result)
{
	JsonbValue *args;
	bool		all = true;

	if (!has_arguments(state, expr, 2, 3) ||
		!dialect_evaluate_list(state, expr->args, expr->nargs, scope, &args))
		return false;
	for (int i = 0; i < expr->nargs; i++)
	{
		if (args[i].type != jbvDatetime)
			return fail(state, expr, &args[i],
						"Operands must be date-times, which plusTime and dccDateOfBirth make.");
	}
	for (int i = 1; i < expr->nargs; i++)
	{
		int64		a = DatumGetInt64(args[i - 1].val.datetime.value);
		int64		b = DatumGetInt64(args[i].val.datetime.value);

		all = all && holds(expr->op->variant, (a > b) - (a < b));
	}
	dialect_set_bool(result, all);
	return true;
}

static void
set_instant(JsonbValue *result, int64 instant)
{
	result->type = jbvDatetime;
	result->val.datetime.value = Int64GetDatum(instant);
	result->val.datetime.typid = InvalidOid;
	result->val.datetime.typmod = -1;
	result->val.datetime.tz = 0;
}

/* Evaluates an operand that must be the text of a date (and time). */
static bool
evaluate_instant(DialectState *state, const DialectExpr *expr,
				 const DialectScope *scope, bool dates_only, int64 *instant)
{
	JsonbValue	str;

	if (!dialect_evaluate(state, expr->args, scope, &str))
		return false;
	if (str.type != jbvString ||
		!dialect_certlogic_parse_instant(str.val.string.val, str.val.string.len,
										 dates_only, instant))
		return fail(state, expr, &str, dates_only ?
					"A date of birth is a string YYYY, YYYY-MM or YYYY-MM-DD." :
					"A date-time is a string YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with optional decimals and offset.");
	return true;
}

bool
dialect_certlogic_is_time_unit(const JsonbValue *value)
{
	static const char *const units[] = {"year", "month", "day", "hour"};

	for (int i = 0; value->type == jbvString && i < (int) lengthof(units); i++)
	{
		if (value->val.string.len == (int) strlen(units[i]) &&
			memcmp(value->val.string.val, units[i], value->val.string.len) == 0)
			return true;
	}
	return false;
}

/* {"plusTime": [text, amount, unit]}; amount and unit are literals */
static bool
eval_plus_time(DialectState *state, const DialectExpr *expr,
			   const DialectScope *scope, JsonbValue *result)
{
	const JsonbValue *amount;
	const JsonbValue *unit;
	int64		instant;

	if (!has_arguments(state, expr, 3, PG_INT32_MAX))
		return false;
	amount = &expr->args[1].source;
	unit = &expr->args[2].source;
	if (!dialect_certlogic_is_integer(amount))
		return fail(state, expr, amount, "The amount must be written as an integer.");
	if (!dialect_certlogic_is_time_unit(unit))
		return fail(state, expr, unit, "The unit must be year, month, day or hour.");
	if (!evaluate_instant(state, expr, scope, false, &instant))
		return false;
	if (!dialect_certlogic_plus_time(instant,
									 dialect_number_clamp(amount->val.numeric, PG_INT32_MAX),
									 pnstrdup(unit->val.string.val, unit->val.string.len),
									 &instant))
		return fail(state, expr, amount, "The result must lie in the years 0 to 9999.");
	set_instant(result, instant);
	return true;
}

/* {"dccDateOfBirth": [text]}: the last date that a partial one may mean */
static bool
eval_date_of_birth(DialectState *state, const DialectExpr *expr,
				   const DialectScope *scope, JsonbValue *result)
{
	int64		instant;

	if (!has_arguments(state, expr, 1, PG_INT32_MAX) ||
		!evaluate_instant(state, expr, scope, true, &instant))
		return false;
	set_instant(result, instant);
	return true;
}

/* {"reduce": [array, body, start]}: the body sees current and accumulator only */
static bool
eval_reduce(DialectState *state, const DialectExpr *expr,
			const DialectScope *scope, JsonbValue *result)
{
	JsonbValue	source;
	JsonbValue	step;
	JsonbValue *items = NULL;
	DialectScope body = {&step, NULL};
	int			n = 0;

	if (!has_arguments(state, expr, 3, PG_INT32_MAX) ||
		!dialect_evaluate(state, expr->args, scope, &source))
		return false;
	if (dialect_is_array(&source))
		n = dialect_items(state, &source, &items);
	else if (source.type != jbvNull)
		return fail(state, expr, &source, "The first operand must be an array or null.");
	if (!dialect_evaluate(state, &expr->args[2], scope, result))
		return false;

	for (int i = 0; i < n; i++)
	{
		/* not reused: the body may keep what it sees in the accumulator */
		JsonbPair  *pairs = palloc0(2 * sizeof(JsonbPair));

		dialect_charge(state, 1, 2 * sizeof(JsonbPair));
		dialect_set_string(&pairs[0].key, "current", 7);
		pairs[0].value = items[i];
		dialect_set_string(&pairs[1].key, "accumulator", 11);
		pairs[1].value = *result;
		dialect_set_pairs(&step, pairs, 2);
		if (!dialect_evaluate(state, &expr->args[1], &body, result))
			return false;
	}
	return true;
}

/* {"extractFromUVCI": [text, index]}: a part between /, # and : */
static bool
eval_extract(DialectState *state, const DialectExpr *expr,
			 const DialectScope *scope, JsonbValue *result)
{
	static const char prefix[] = "URN:UVCI:";
	const JsonbValue *index;
	JsonbValue	str;
	const char *p;
	const char *end;
	int64		skip;

	if (!has_arguments(state, expr, 2, PG_INT32_MAX) ||
		!dialect_evaluate(state, expr->args, scope, &str))
		return false;
	index = &expr->args[1].source;
	if (str.type != jbvString && str.type != jbvNull)
		return fail(state, expr, &str, "The first operand must be a string or null.");
	if (!dialect_certlogic_is_integer(index))
		return fail(state, expr, index, "The index must be written as an integer.");

	result->type = jbvNull;
	skip = dialect_number_clamp(index->val.numeric, PG_INT32_MAX);
	if (str.type == jbvNull || skip < 0)
		return true;
	p = str.val.string.val;
	end = p + str.val.string.len;

	if (end - p >= (int) strlen(prefix) && memcmp(p, prefix, strlen(prefix)) == 0)
		p += strlen(prefix);
	for (;; p++)
	{
		const char *start = p;

		while (p < end && *p != '/' && *p != '#' && *p != ':')
			p++;
		if (skip-- == 0)
		{
			dialect_set_string(result, start, p - start);
			return true;
		}
		if (p >= end)
			return true;
	}
}

static const DialectOperator operators[] = {
	{"var", eval_var, 0, false},
	{"if", eval_if, 0, false},
	{"and", eval_and, 0, false},
	{"!", eval_not, 0, false},
	{"===", eval_equal, 0, false},
	{"in", eval_in, 0, false},
	{"+", eval_plus, 0, false},
	{"<", eval_compare_integers, LESS, false},
	{"<=", eval_compare_integers, LESS_EQUAL, false},
	{">", eval_compare_integers, GREATER, false},
	{">=", eval_compare_integers, GREATER_EQUAL, false},
	{"before", eval_compare_instants, LESS, false},
	{"not-after", eval_compare_instants, LESS_EQUAL, false},
	{"after", eval_compare_instants, GREATER, false},
	{"not-before", eval_compare_instants, GREATER_EQUAL, false},
	{"plusTime", eval_plus_time, 0, false},
	{"dccDateOfBirth", eval_date_of_birth, 0, false},
	{"reduce", eval_reduce, 0, false},
	{"extractFromUVCI", eval_extract, 0, false},
};

/* Strings, booleans and integers may be written; null and objects may not. */
static bool
check_literal(DialectState *state, const JsonbValue *literal)
{
	if (literal->type == jbvString || literal->type == jbvBool ||
		dialect_certlogic_is_integer(literal))
		return true;
	return dialect_fail(state, ERRCODE_INVALID_PARAMETER_VALUE,
						"invalid expression", NULL, literal,
						"Literals are strings, integers and booleans.");
}

const Dialect dialect_certlogic_dialect = {
	"CertLogic", operators, lengthof(operators), check_literal
};

PG_FUNCTION_INFO_V1(dialect_certlogic);

/* certlogic(expr jsonb, data jsonb) returns jsonb */
Datum
dialect_certlogic(PG_FUNCTION_ARGS)
{
	return dialect_call(fcinfo, &dialect_certlogic_dialect);
}
