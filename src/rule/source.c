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

RuleExpr   *
rule_make_expr(RuleExprKind kind, RuleType type, const RulePath *path, int nargs,...)
{
	RuleExpr   *expr = palloc0(sizeof(RuleExpr));
	va_list		args;

	expr->kind = kind;
	expr->type = type;
	expr->path = path;
	expr->nargs = nargs;
	expr->args = palloc(sizeof(RuleExpr *) * (nargs + 1));
	va_start(args, nargs);
	for (int i = 0; i < nargs; i++)
		expr->args[i] = va_arg(args, RuleExpr *);
	va_end(args);
	return expr;
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
