/*-------------------------------------------------------------------------
 *
 * source.c
 *	  A ruleset that is being read: making the nodes of its trees, finding its
 *	  rules.
 *
 * src/rule/source.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "nearest.h"
#include "source.h"

/* A node over args, which it keeps. */
RuleExpr   *
rule_make_expr_list(RuleExprKind kind, RuleType type, const RulePath *path,
					int nargs, RuleExpr **args)
{
	RuleExpr   *expr = palloc0(sizeof(RuleExpr));

	expr->kind = kind;
	expr->type = type;
	expr->path = path;
	expr->nargs = nargs;
	expr->args = args;
	expr->size = (kind != EXPR_CONSTANT);
	for (int i = 0; i < nargs; i++)
	{
		expr->height = Max(expr->height, args[i]->height);
		expr->size = Min(expr->size + args[i]->size, RULE_MAX_TREE + 1);
	}
	expr->height++;
	return expr;
}

RuleExpr   *
rule_make_expr(RuleExprKind kind, RuleType type, const RulePath *path, int nargs,...)
{
	RuleExpr  **nodes = palloc(sizeof(RuleExpr *) * (nargs + 1));
	va_list		args;

	va_start(args, nargs);
	for (int i = 0; i < nargs; i++)
		nodes[i] = va_arg(args, RuleExpr *);
	va_end(args);
	return rule_make_expr_list(kind, type, path, nargs, nodes);
}

/* The type of the elements of a list, which is a fact or made of some. */
RuleType
rule_element_type(const RuleSource *source, const RuleExpr *list)
{
	return source->facts[list->kind == EXPR_LIST ? list->facts[0] : list->fact].type;
}

uint64
rule_rules_needed(const RuleSource *source, const RuleExpr *expr)
{
	uint64		rules = 0;

	if (expr->kind == EXPR_PASSED)
	{
		rules = expr->mask;
		for (int i = 0; i < source->rule_count; i++)
		{
			if (expr->mask >> i & 1)
				rules |= source->rules[i].rules;
		}
	}
	for (int i = 0; i < expr->nargs; i++)
		rules |= rule_rules_needed(source, expr->args[i]);
	return rules;
}

int
rule_find_rule(const RuleSource *source, const char *id)
{
	for (int i = 0; i < source->rule_count; i++)
	{
		if (strcmp(source->rules[i].id, id) == 0)
			return i;
	}
	return -1;
}

const RuleOutput *
rule_find_output(const RuleSource *source, const char *name)
{
	for (int i = 0; i < source->output_count; i++)
	{
		if (strcmp(source->outputs[i].name, name) == 0)
			return &source->outputs[i];
	}
	return NULL;
}

/* A hint that names the nearest fact. */
const char *
rule_fact_hint(const RuleSource *source, const char *name, const char *hint)
{
	RuleNearest nearest;

	rule_nearest_init(&nearest, name);
	for (int i = 0; i < source->fact_count; i++)
		rule_nearest_offer(&nearest, source->facts[i].name);
	return rule_nearest_hint(&nearest, hint);
}

/* The same of rules. */
const char *
rule_id_hint(const RuleSource *source, const char *id, const char *hint)
{
	RuleNearest nearest;

	rule_nearest_init(&nearest, id);
	for (int i = 0; i < source->rule_count; i++)
		rule_nearest_offer(&nearest, source->rules[i].id);
	return rule_nearest_hint(&nearest, hint);
}

/* The same of definitions. */
const char *
rule_definition_hint(const RuleSource *source, const char *name, const char *hint)
{
	RuleNearest nearest;

	rule_nearest_init(&nearest, name);
	for (int i = 0; i < source->definition_count; i++)
		rule_nearest_offer(&nearest, source->definitions[i].name);
	return rule_nearest_hint(&nearest, hint);
}
