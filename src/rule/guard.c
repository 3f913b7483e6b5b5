/*-------------------------------------------------------------------------
 *
 * guard.c
 *	  Refuses conditions that read a fact which may be absent without first
 *	  making sure that it is there.
 *
 * A fact that is declared "absent" and is NULL never happened; comparing it
 * would mislead.  A read is guarded where the surrounding condition can only
 * matter when present(fact) holds: beside it in "and", behind its negation in
 * "or", in the right branch of "if".  Then an absent fact never makes
 * anything unknown.
 *
 * src/rule/guard.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "miscadmin.h"

#include "guard.h"
#include "json.h"

static const RuleFactSet no_facts = {{0, 0}};

static RuleFactSet
set_union(RuleFactSet a, RuleFactSet b)
{
	a.bits[0] |= b.bits[0];
	a.bits[1] |= b.bits[1];
	return a;
}

static RuleFactSet
set_intersection(RuleFactSet a, RuleFactSet b)
{
	a.bits[0] &= b.bits[0];
	a.bits[1] &= b.bits[1];
	return a;
}

static void
set_add(RuleFactSet *set, int fact)
{
	set->bits[fact / 64] |= UINT64CONST(1) << (fact % 64);
}

static bool
set_has(const RuleFactSet *set, int fact)
{
	return (set->bits[fact / 64] >> (fact % 64)) & 1;
}

static RuleFactSet facts_implied(RuleExpr *expr, bool value);

/* Of a conjunction that is true, or a disjunction that is false: of any. */
static RuleFactSet
junction_implies(RuleExpr *expr, bool value)
{
	RuleFactSet set = facts_implied(expr->args[0], value);

	for (int i = 1; i < expr->nargs; i++)
	{
		RuleFactSet child = facts_implied(expr->args[i], value);

		set = (expr->kind == EXPR_AND) == value ? set_union(set, child) : set_intersection(set, child);
	}
	return set;
}

static RuleFactSet
compute_implied(RuleExpr *expr, bool value)
{
	RuleFactSet set = no_facts;

	switch (expr->kind)
	{
		case EXPR_PRESENT:
			if (value)
				set_add(&set, expr->fact);
			return set;
		case EXPR_NOT:
			return facts_implied(expr->args[0], !value);
		case EXPR_AND:
		case EXPR_OR:
			return junction_implies(expr, value);
		case EXPR_IF:
			return set_intersection(set_union(facts_implied(expr->args[0], true),
											  facts_implied(expr->args[1], value)),
									set_union(facts_implied(expr->args[0], false),
											  facts_implied(expr->args[2], value)));
		default:
			return set;
	}
}

/* The facts that must be present when the condition is "value". */
static RuleFactSet
facts_implied(RuleExpr *expr, bool value)
{
	if (!expr->implied_known[value])
	{
		expr->implied[value] = compute_implied(expr, value);
		expr->implied_known[value] = true;
	}
	return expr->implied[value];
}

static void
check_read(RuleSource *source, const RuleExpr *expr, RuleFactSet guarded)
{
	const RuleSourceFact *fact = &source->facts[expr->fact];

	if (fact->absent && !set_has(&guarded, expr->fact))
		rule_error(source, expr->path,
				   psprintf("Put {\"present\": {\"var\": \"%s\"}} beside it in an \"and\", "
							"or its negation in an \"or\"; or declare that NULL means \"unknown\".",
							fact->name),
				   "fact \"%s\" may be absent and is read without a guard", fact->name);
}

/* For each member of a conjunction or disjunction, what the others make sure of. */
static RuleFactSet *
guarded_by_siblings(RuleExpr *expr)
{
	RuleFactSet *others = palloc0(sizeof(RuleFactSet) * expr->nargs);
	RuleFactSet before = no_facts;
	RuleFactSet after = no_facts;
	bool		value = (expr->kind == EXPR_AND);

	for (int i = 0; i < expr->nargs; i++)
	{
		others[i] = before;
		before = set_union(before, facts_implied(expr->args[i], value));
	}
	for (int i = expr->nargs - 1; i >= 0; i--)
	{
		others[i] = set_union(others[i], after);
		after = set_union(after, facts_implied(expr->args[i], value));
	}
	return others;
}

static void
check(RuleSource *source, RuleExpr *expr, RuleFactSet guarded)
{
	RuleFactSet *others = NULL;

	CHECK_FOR_INTERRUPTS();
	if (expr->kind == EXPR_AND || expr->kind == EXPR_OR)
		others = guarded_by_siblings(expr);
	for (int i = 0; i < expr->nargs; i++)
	{
		RuleFactSet inner = guarded;

		if (others != NULL)
			inner = set_union(guarded, others[i]);
		else if (expr->kind == EXPR_IF && i > 0)
			inner = set_union(guarded, facts_implied(expr->args[0], i == 1));
		check(source, expr->args[i], inner);
	}
	if (expr->kind == EXPR_FACT)
		check_read(source, expr, guarded);
}

void
rule_check_guards(RuleSource *source, RuleExpr *condition)
{
	check(source, condition, no_facts);
}

/* Every fact the expression looks at, present() included. */
void
rule_facts_read(const RuleExpr *expr, RuleFactSet *set)
{
	for (int i = 0; i < expr->nargs; i++)
		rule_facts_read(expr->args[i], set);
	if (expr->kind == EXPR_FACT || expr->kind == EXPR_PRESENT)
		set_add(set, expr->fact);
	for (int i = 0; i < expr->nfacts; i++)
		set_add(set, expr->facts[i]);
}
