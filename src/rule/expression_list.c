/*-------------------------------------------------------------------------
 *
 * expression_list.c
 *	  Expressions over facts that are lists: some, all, reduce, and "in" with
 *	  such a fact.
 *
 * "some" is the negation of "all" of the negation, and x in list is some
 * current === x, so that the tree has one kind of walk for conditions.
 *
 * src/rule/expression_list.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "expression.h"
#include "json.h"
#include "typing.h"

/* The list fact that an operator walks; NULL on error. */
static RuleExpr *
build_list(RuleSource *source, const RuleOperands *operands, int i)
{
	RuleExpr   *list = rule_build_operand(source, operands, i);

	if (list == NULL)
		return NULL;
	if (list->kind != EXPR_FACT || list->type != RULE_LIST)
	{
		rule_error(source, rule_operand_path(operands, i), "Declare a fact of type text[] or the like.",
				   "\"%s\" needs a fact that is a list", operands->operator);
		return NULL;
	}
	if (source->facts[RULE_CURRENT].type != RULE_ANY)
	{
		rule_error(source, operands->path, "Give the inner one a rule of its own and refer to it.",
				   "a list cannot be walked while another one is");
		return NULL;
	}
	return list;
}

/* The operand that is looked at for each element. */
static RuleExpr *
build_body(RuleSource *source, const RuleOperands *operands, const RuleExpr *list)
{
	RuleExpr   *body;

	source->facts[RULE_CURRENT].type = source->facts[list->fact].type;
	body = rule_build_operand(source, operands, 1);
	source->facts[RULE_CURRENT].type = RULE_ANY;
	return body;
}

static RuleExpr *
negate(RuleExpr *condition)
{
	return rule_make_expr(EXPR_NOT, RULE_BOOLEAN, condition->path, 1, condition);
}

static RuleExpr *
make_some(const RuleOperands *operands, RuleExpr *list, RuleExpr *condition)
{
	return negate(rule_make_expr(EXPR_EVERY, RULE_BOOLEAN, operands->path, 2, list, negate(condition)));
}

/* {"some": [list, condition]}, {"all": [list, condition]} */
RuleExpr   *
rule_build_quantifier(RuleSource *source, const RuleOperands *operands)
{
	RuleExpr   *list = build_list(source, operands, 0);
	RuleExpr   *condition = list ? build_body(source, operands, list) : NULL;

	if (condition == NULL || !rule_coerce(source, condition, RULE_BOOLEAN))
		return NULL;
	if (strcmp(operands->operator, "some") == 0)
		return make_some(operands, list, condition);
	return rule_make_expr(EXPR_EVERY, RULE_BOOLEAN, operands->path, 2, list, condition);
}

/* {"reduce": [list, body, initial value]}, of whole numbers */
RuleExpr   *
rule_build_reduce(RuleSource *source, const RuleOperands *operands)
{
	RuleExpr   *list = build_list(source, operands, 0);
	RuleExpr   *initial = rule_build_operand(source, operands, 2);
	RuleExpr   *body;

	if (list == NULL || initial == NULL)
		return NULL;
	source->facts[RULE_ACCUMULATOR].type = RULE_INTEGER;
	body = build_body(source, operands, list);
	source->facts[RULE_ACCUMULATOR].type = RULE_ANY;
	if (body == NULL || !rule_coerce(source, body, RULE_INTEGER) || !rule_coerce(source, initial, RULE_INTEGER))
		return NULL;
	return rule_make_expr(EXPR_REDUCE, RULE_INTEGER, operands->path, 3, list, body, initial);
}

/* {"in": [value, list]}, where the list is a fact */
RuleExpr   *
rule_build_in_list(RuleSource *source, const RuleOperands *operands, RuleExpr *value)
{
	RuleExpr   *list = build_list(source, operands, 1);
	RuleExpr   *current;

	if (list == NULL || !rule_coerce(source, value, source->facts[list->fact].type))
		return NULL;
	current = rule_make_expr(EXPR_FACT, source->facts[list->fact].type, operands->path, 0);
	current->fact = RULE_CURRENT;
	return make_some(operands, list, rule_make_expr(EXPR_EQUAL, RULE_BOOLEAN, operands->path, 2, current, value));
}
