/*-------------------------------------------------------------------------
 *
 * expression_list.c
 *	  Expressions over lists, which are facts or made of some: some, all,
 *	  reduce, and "in" with such a list.
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
	if (list->type != RULE_LIST || (list->kind != EXPR_FACT && list->kind != EXPR_LIST))
	{
		rule_error(source, rule_operand_path(operands, i),
				   "Declare a fact of type text[] or the like, or write {\"list\": [{\"var\": ...}, ...]}.",
				   "\"%s\" needs a list", operands->operator);
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

/*
 * {"list": [{"var": ...}, ...]}: facts of one type as a list.  What is absent
 * is no element, so that none needs a guard.
 */
RuleExpr   *
rule_build_list(RuleSource *source, const RuleOperands *operands)
{
	RuleExpr  **args = rule_build_operands(source, operands, operands->count);
	RuleExpr   *list;

	if (args == NULL)
		return NULL;
	list = rule_make_expr(EXPR_LIST, RULE_LIST, operands->path, 0);
	list->nfacts = operands->count;
	list->facts = palloc(operands->count);
	for (int i = 0; i < operands->count; i++)
	{
		if (args[i]->kind != EXPR_FACT || args[i]->fact >= source->fact_count || args[i]->type == RULE_LIST ||
			args[i]->type != args[0]->type)
		{
			rule_error(source, rule_operand_path(operands, i), "Write {\"var\": name} of facts of one type.",
					   "\"list\" needs facts that are no lists themselves");
			return NULL;
		}
		list->facts[i] = (uint8) args[i]->fact;
	}
	return list;
}

/* The operand that is looked at for each element. */
static RuleExpr *
build_body(RuleSource *source, const RuleOperands *operands, const RuleExpr *list)
{
	RuleExpr   *body;

	source->facts[RULE_CURRENT].type = rule_element_type(source, list);
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

/* The expression as an integer or as a numeric; NULL on error. */
static RuleExpr *
as_number(RuleSource *source, RuleExpr *expr, RuleType type)
{
	if (expr == NULL)
		return NULL;
	if (type == RULE_NUMERIC)
		return rule_widen(source, expr);
	return rule_coerce(source, expr, type) ? expr : NULL;
}

/*
 * {"reduce": [list, body, initial value]}: of whole numbers, or of decimals
 * where the list or the initial value has them
 */
RuleExpr   *
rule_build_reduce(RuleSource *source, const RuleOperands *operands)
{
	RuleExpr   *list = build_list(source, operands, 0);
	RuleExpr   *initial = rule_build_operand(source, operands, 2);
	RuleExpr   *body;
	RuleType	type;

	if (list == NULL || initial == NULL)
		return NULL;
	type = rule_element_type(source, list) == RULE_NUMERIC || initial->type == RULE_NUMERIC ?
		RULE_NUMERIC : RULE_INTEGER;
	source->facts[RULE_ACCUMULATOR].type = type;
	body = build_body(source, operands, list);
	source->facts[RULE_ACCUMULATOR].type = RULE_ANY;
	body = as_number(source, body, type);
	initial = as_number(source, initial, type);
	if (body == NULL || initial == NULL)
		return NULL;
	return rule_make_expr(EXPR_REDUCE, type, operands->path, 3, list, body, initial);
}

/* {"in": [value, list]}, where the list is a fact */
RuleExpr   *
rule_build_in_list(RuleSource *source, const RuleOperands *operands, RuleExpr *value)
{
	RuleExpr   *list = build_list(source, operands, 1);
	RuleExpr   *current;

	if (list == NULL || !rule_coerce(source, value, rule_element_type(source, list)))
		return NULL;
	current = rule_make_expr(EXPR_FACT, rule_element_type(source, list), operands->path, 0);
	current->fact = RULE_CURRENT;
	return make_some(operands, list, rule_make_expr(EXPR_EQUAL, RULE_BOOLEAN, operands->path, 2, current, value));
}
