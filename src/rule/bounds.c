/*-------------------------------------------------------------------------
 *
 * bounds.c
 *	  The values that a conjunction of comparisons leaves of what it compares.
 *
 * What is compared with constants is told apart by its form: a fact, the clock,
 * the weekday or the time of day somewhere, a sum.  Two times that are compared,
 * one of them with so much added, bound how long it is between them.
 *
 * src/rule/bounds.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "common/int.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "bounds.h"
#include "instant.h"

#define MOST_BOUNDS		64		/* in one condition; the rest is not looked at */

typedef struct Conjunction
{
	int			count;
	RuleBounds	bounds[MOST_BOUNDS];
} Conjunction;

static int
compare_constants(const RuleExpr *a, const RuleExpr *b)
{
	switch (a->type)
	{
		case RULE_NUMERIC:
			return DatumGetInt32(DirectFunctionCall2(numeric_cmp, a->datum, b->datum));
		case RULE_FLOAT:
			return DatumGetInt32(DirectFunctionCall2(btfloat8cmp, a->datum, b->datum));
		case RULE_TEXT:
			return strcmp(TextDatumGetCString(a->datum), TextDatumGetCString(b->datum));
		default:
			return (a->number > b->number) - (a->number < b->number);
	}
}

/* Are two expressions the same?  When in doubt they are not. */
static bool
is_same(const RuleExpr *a, const RuleExpr *b)
{
	if (a == b)
		return true;
	if (a->kind != b->kind || a->type != b->type || a->fact != b->fact || a->mask != b->mask ||
		a->unit != b->unit || a->zone != b->zone || a->nargs != b->nargs || a->nfacts != b->nfacts)
		return false;
	if (a->kind == EXPR_CONSTANT)
		return a->type != RULE_ANY && a->type != RULE_LIST && compare_constants(a, b) == 0;
	if (a->nfacts > 0 && memcmp(a->facts, b->facts, a->nfacts) != 0)
		return false;
	for (int i = 0; i < a->nargs; i++)
	{
		if (!is_same(a->args[i], b->args[i]))
			return false;
	}
	return true;
}

/* NULL when there are too many. */
static RuleBounds *
find_bounds(Conjunction *all, const RuleExpr *subject, const RuleExpr *base, bool by_calendar)
{
	RuleBounds *bounds;

	for (int i = 0; i < all->count; i++)
	{
		bounds = &all->bounds[i];
		if (bounds->by_calendar == by_calendar && is_same(bounds->subject, subject) &&
			(base == NULL ? bounds->base == NULL : bounds->base != NULL && is_same(bounds->base, base)))
			return bounds;
	}
	if (all->count == MOST_BOUNDS)
		return NULL;
	bounds = &all->bounds[all->count++];
	memset(bounds, 0, sizeof(RuleBounds));
	bounds->subject = subject;
	bounds->base = base;
	bounds->by_calendar = by_calendar;
	return bounds;
}

static void
raise_low(RuleBounds *bounds, const RuleExpr *value, bool open)
{
	int			order = bounds->low ? compare_constants(value, bounds->low) : 1;

	if (order > 0 || (order == 0 && open))
	{
		bounds->low = value;
		bounds->low_open = open;
	}
}

static void
lower_high(RuleBounds *bounds, const RuleExpr *value, bool open)
{
	int			order = bounds->high ? compare_constants(value, bounds->high) : -1;

	if (order < 0 || (order == 0 && open))
	{
		bounds->high = value;
		bounds->high_open = open;
	}
}

static void
bound(RuleBounds *bounds, const RuleExpr *value, bool from_below, bool open)
{
	if (bounds == NULL)
		return;
	if (from_below)
		raise_low(bounds, value, open);
	else
		lower_high(bounds, value, open);
}

/* A constant amount that is added to a time, in the least unit of its kind; NULL if it is none. */
static const RuleExpr *
amount_added(const RuleExpr *sum, bool *by_calendar)
{
	static const int64 lengths[] = {
		[RULE_MICROSECOND] = 1,[RULE_SECOND] = USECS_PER_SEC,[RULE_MINUTE] = USECS_PER_MINUTE,
		[RULE_HOUR] = USECS_PER_HOUR,[RULE_DAY] = USECS_PER_DAY,[RULE_MONTH] = 1,[RULE_YEAR] = MONTHS_PER_YEAR
	};
	const RuleExpr *amount = sum->kind == EXPR_PLUS_TIME ? sum->args[1] : NULL;
	RuleExpr   *result;

	if (amount == NULL || amount->kind != EXPR_CONSTANT || amount->type != RULE_INTEGER)
		return NULL;
	result = rule_make_expr(EXPR_CONSTANT, RULE_INTEGER, amount->path, 0);
	*by_calendar = (sum->unit == RULE_MONTH || sum->unit == RULE_YEAR);
	return pg_mul_s64_overflow(amount->number, lengths[sum->unit], &result->number) ? NULL : result;
}

/* A time compared with another to which so much is added. */
static void
bound_by_amount(Conjunction *all, const RuleExpr *time, const RuleExpr *sum, bool from_below, bool open)
{
	bool		by_calendar = false;
	const RuleExpr *amount = amount_added(sum, &by_calendar);

	if (amount != NULL)
		bound(find_bounds(all, time, sum->args[0], by_calendar), amount, from_below, open);
}

/* What a comparison, or its negation, leaves. */
static void
bound_by_comparison(Conjunction *all, const RuleExpr *expr, bool positive)
{
	const RuleExpr *a = expr->args[0];
	const RuleExpr *b = expr->args[1];
	bool		open = (expr->kind == EXPR_ABOVE) == positive;

	if (a->type == RULE_BOOLEAN || (a->kind == EXPR_CONSTANT && b->kind == EXPR_CONSTANT))
		return;
	if (expr->kind == EXPR_EQUAL)
	{
		const RuleExpr *value = b->kind == EXPR_CONSTANT ? b : a;

		if (!positive || value->kind != EXPR_CONSTANT)
			return;
		bound(find_bounds(all, value == b ? a : b, NULL, false), value, true, false);
		bound(find_bounds(all, value == b ? a : b, NULL, false), value, false, false);
	}
	else if (b->kind == EXPR_CONSTANT)
		bound(find_bounds(all, a, NULL, false), b, positive, open);
	else if (a->kind == EXPR_CONSTANT)
		bound(find_bounds(all, b, NULL, false), a, !positive, open);
	else
	{
		bound_by_amount(all, a, b, positive, open);
		bound_by_amount(all, b, a, !positive, open);
	}
}

/* What a conjunction leaves: of a condition, or of its negation. */
static void
collect_bounds(Conjunction *all, const RuleExpr *expr, bool positive)
{
	switch (expr->kind)
	{
		case EXPR_NOT:
			collect_bounds(all, expr->args[0], !positive);
			break;
		case EXPR_AND:
		case EXPR_OR:
			for (int i = 0; (expr->kind == EXPR_AND) == positive && i < expr->nargs; i++)
				collect_bounds(all, expr->args[i], positive);
			break;
		case EXPR_AT_LEAST:
		case EXPR_ABOVE:
		case EXPR_EQUAL:
			bound_by_comparison(all, expr, positive);
			break;
		default:
			break;
	}
}

bool
rule_whole_range(const RuleSource *source, const RuleExpr *value, RuleRange *range)
{
	range->low = PG_INT64_MIN;
	range->high = PG_INT64_MAX;
	if (value->kind == EXPR_TIME)
	{
		range->low = 0;
		range->high = USECS_PER_DAY - 1;
		return true;
	}
	if (value->kind == EXPR_WEEKDAY)
	{
		range->low = 1;
		range->high = 7;
	}
	else if (value->kind == EXPR_FACT && value->type == RULE_INTEGER)
	{
		range->low = source->facts[value->fact].low;
		range->high = source->facts[value->fact].high;
	}
	return value->type == RULE_INTEGER;
}

static bool
leaves_no_whole(const RuleBounds *bounds, const RuleRange *range)
{
	int64		first = bounds->low ? bounds->low->number : range->low;
	int64		last = bounds->high ? bounds->high->number : range->high;

	if ((bounds->low && bounds->low_open && first == PG_INT64_MAX) ||
		(bounds->high && bounds->high_open && last == PG_INT64_MIN))
		return true;
	first = Max(first + (bounds->low && bounds->low_open), range->low);
	last = Min(last - (bounds->high && bounds->high_open), range->high);
	return first > last;
}

static bool
is_empty(const RuleSource *source, const RuleBounds *bounds, bool *beyond)
{
	static const RuleRange all = {PG_INT64_MIN, PG_INT64_MAX};
	RuleRange	range;
	int			order;

	*beyond = false;
	if (bounds->base == NULL && rule_whole_range(source, bounds->subject, &range))
	{
		*beyond = !leaves_no_whole(bounds, &all);
		return leaves_no_whole(bounds, &range);
	}
	if (bounds->low == NULL || bounds->high == NULL)
		return false;
	order = compare_constants(bounds->low, bounds->high);
	return order > 0 || (order == 0 && (bounds->low_open || bounds->high_open));
}

const RuleBounds *
rule_find_empty(const RuleSource *source, const RuleExpr *condition, bool positive, bool *beyond)
{
	Conjunction *all = palloc(sizeof(Conjunction));

	all->count = 0;
	collect_bounds(all, condition, positive);
	for (int i = 0; i < all->count; i++)
	{
		if (is_empty(source, &all->bounds[i], beyond))
			return &all->bounds[i];
	}
	return NULL;
}
