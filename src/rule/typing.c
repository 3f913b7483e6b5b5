/*-------------------------------------------------------------------------
 *
 * typing.c
 *	  Types of expressions: literals take the type that is needed, everything
 *	  else must have it.
 *
 * src/rule/typing.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "utils/timestamp.h"

#include "json.h"
#include "typing.h"

static bool
coerce_literal(RuleSource *source, RuleExpr *expr, RuleType type)
{
	Datum		value;

	if (!rule_datum_from_json(expr->literal, type, &value))
	{
		rule_error(source, expr->path, NULL, "%s is no %s",
				   rule_json_show(expr->literal), rule_type_name(type));
		return false;
	}
	expr->type = type;
	expr->datum = value;
	if (type == RULE_INTEGER || type == RULE_TIMESTAMPTZ || type == RULE_TIME)
		expr->number = DatumGetInt64(value);
	else if (type == RULE_DATE)
		expr->number = rule_date_to_number(value);
	return true;
}

static const char *
mismatch_hint(RuleType a, RuleType b)
{
	if ((a == RULE_DATE && b == RULE_TIMESTAMPTZ) || (a == RULE_TIMESTAMPTZ && b == RULE_DATE))
		return "Take the calendar day of the instant: {\"day\": [instant, \"Area/City\"]}.";
	if (a == RULE_BOOLEAN && b != RULE_BOOLEAN)
		return "Compare the value, or ask {\"present\": {\"var\": ...}}.";
	return NULL;
}

/* Make the expression be of the type, if it is a literal or is so already. */
bool
rule_coerce(RuleSource *source, RuleExpr *expr, RuleType type)
{
	if (expr->type == type)
		return true;
	if (expr->type == RULE_ANY && expr->kind == EXPR_CONSTANT)
		return coerce_literal(source, expr, type);
	if (expr->type == RULE_ANY)
	{
		/* an "if" between literals */
		expr->type = type;
		return rule_coerce(source, expr->args[1], type) && rule_coerce(source, expr->args[2], type);
	}
	rule_error(source, expr->path, mismatch_hint(type, expr->type),
			   "this is of type %s, but %s is needed here",
			   rule_type_name(expr->type), rule_type_name(type));
	return false;
}

RuleExpr   *
rule_widen(RuleSource *source, RuleExpr *expr)
{
	if (expr->type == RULE_INTEGER)
		return rule_make_expr(EXPR_NUMERIC, RULE_NUMERIC, expr->path, 1, expr);
	return rule_coerce(source, expr, RULE_NUMERIC) ? expr : NULL;
}
