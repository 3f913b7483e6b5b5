/*-------------------------------------------------------------------------
 *
 * expression_number.c
 *	  Arithmetic: of integers, and of decimals where an operand is one or a
 *	  quotient is asked for.
 *
 * src/rule/expression_number.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "common/int.h"

#include "expression.h"
#include "json.h"
#include "typing.h"

static RuleExpr *
make_integer(const RulePath *path, int64 number)
{
	RuleExpr   *expr = rule_make_expr(EXPR_CONSTANT, RULE_INTEGER, path, 0);

	expr->number = number;
	expr->datum = Int64GetDatum(number);
	return expr;
}

/* Constants are folded, so that sums of parameters cost nothing. */
static RuleExpr *
fold_integers(RuleSource *source, const RuleOperands *operands, RuleExprKind kind,
			  const RuleExpr *a, const RuleExpr *b)
{
	int64		result;
	bool		overflow;

	if (kind == EXPR_ADD)
		overflow = pg_add_s64_overflow(a->number, b->number, &result);
	else if (kind == EXPR_SUBTRACT)
		overflow = pg_sub_s64_overflow(a->number, b->number, &result);
	else
		overflow = pg_mul_s64_overflow(a->number, b->number, &result);
	if (overflow)
	{
		rule_error(source, operands->path, NULL, "the result of \"%s\" is beyond bigint",
				   operands->operator);
		return NULL;
	}
	return make_integer(operands->path, result);
}

static RuleExprKind
arithmetic_kind(const char *operator)
{
	switch (*operator)
	{
		case '+':
			return EXPR_ADD;
		case '-':
			return EXPR_SUBTRACT;
		case '*':
			return EXPR_MULTIPLY;
		default:
			return EXPR_DIVIDE;
	}
}

/* Is it a decimal, or a literal that only a decimal can be? */
static bool
is_decimal(const RuleExpr *expr)
{
	Datum		ignored;

	if (expr->type == RULE_ANY && expr->kind == EXPR_CONSTANT)
		return expr->literal->type == jbvNumeric &&
			!rule_datum_from_json(expr->literal, RULE_INTEGER, &ignored);
	return expr->type == RULE_NUMERIC;
}

RuleExpr   *
rule_build_arithmetic(RuleSource *source, const RuleOperands *operands)
{
	RuleExpr  **args = rule_build_operands(source, operands, operands->count);
	RuleExprKind kind = arithmetic_kind(operands->operator);
	bool		decimal = (kind == EXPR_DIVIDE);
	RuleType	type;
	RuleExpr   *result;

	if (args == NULL)
		return NULL;
	for (int i = 0; i < operands->count; i++)
		decimal = decimal || is_decimal(args[i]);
	type = decimal ? RULE_NUMERIC : RULE_INTEGER;
	for (int i = 0; i < operands->count; i++)
	{
		if (decimal)
			args[i] = rule_widen(source, args[i]);
		if (args[i] == NULL || !rule_coerce(source, args[i], type))
			return NULL;
	}
	result = args[0];
	for (int i = 1; i < operands->count && result != NULL; i++)
	{
		if (!decimal && result->kind == EXPR_CONSTANT && args[i]->kind == EXPR_CONSTANT)
			result = fold_integers(source, operands, kind, result, args[i]);
		else
			result = rule_make_expr(kind, type, operands->path, 2, result, args[i]);
	}
	return result;
}
