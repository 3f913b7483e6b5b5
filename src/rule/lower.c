/*-------------------------------------------------------------------------
 *
 * lower.c
 *	  From the typed tree to nodes.
 *
 * Negations are pushed down to the nodes' signs and disjunctions become
 * negated conjunctions of negations.  Comparisons of facts with constants,
 * with the clock or with each other become atoms; whatever does not fit such
 * a form becomes a RULE_COMPARE of two scalars.
 *
 * src/rule/lower.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "common/int.h"
#include "utils/builtins.h"

#include "lower.h"

/* base + offset, where offset counts days of a date, microseconds, or ones */
typedef enum LinearBase
{
	LINEAR_CONSTANT,
	LINEAR_FACT,
	LINEAR_NOW,
	LINEAR_TODAY,
	LINEAR_OTHER
} LinearBase;

typedef struct Linear
{
	LinearBase	base;
	int			fact;
	int			zone;			/* of LINEAR_TODAY */
	int64		offset;
} Linear;

static void emit_conjuncts(RuleEmitter *emitter, const RuleExpr *expr, int sign);
static void emit_value(RuleEmitter *emitter, const RuleExpr *expr);

/* ---- conjunctions ---- */

/* Take a node out; its children move up into its place. */
static void
remove_node(RuleEmitter *emitter, uint32 index)
{
	emitter->nodes.count--;
	memmove(&emitter->nodes.items[index], &emitter->nodes.items[index + 1],
			(emitter->nodes.count - index) * sizeof(RuleNode));
}

/* Is there, among the siblings from start on, a fused node over the fact? */
static bool
fold_guard(RuleEmitter *emitter, uint32 start, int fact)
{
	bool		found = false;

	for (uint32 i = start; i < emitter->nodes.count; i += emitter->nodes.items[i].size)
	{
		RuleNode   *node = &emitter->nodes.items[i];

		if (RULE_IS_ATOM(node->op) && node->op != RULE_PRESENT &&
			node->op != RULE_FACT_AT_LEAST && node->a == fact)
		{
			node->if_null = RULE_FALSE;
			found = true;
		}
	}
	return found;
}

/*
 * The conjunction from start on is complete: a guard beside fused nodes over
 * its fact becomes their value for NULL, and a nested conjunction of one
 * node becomes that node.
 */
static void
simplify_conjunction(RuleEmitter *emitter, uint32 start)
{
	if (rule_is_too_large(emitter))
		return;
	for (uint32 i = start; i < emitter->nodes.count;)
	{
		RuleNode   *node = &emitter->nodes.items[i];

		if (node->op == RULE_ALL && node->size == node[1].size + 1)
		{
			node[1].sign *= node->sign;
			node[1].if_null *= node->sign;
			remove_node(emitter, i);
		}
		i += emitter->nodes.items[i].size;
	}
	for (uint32 i = start; i < emitter->nodes.count;)
	{
		RuleNode   *node = &emitter->nodes.items[i];

		if (node->op == RULE_PRESENT && node->sign > 0 && fold_guard(emitter, start, node->a))
			remove_node(emitter, i);
		else
			i += node->size;
	}
}

/* The same for a node whose children are complete. */
static void
close_conjunction(RuleEmitter *emitter, uint32 index)
{
	simplify_conjunction(emitter, index + 1);
	rule_close_node(&emitter->nodes, index);
}

/* ---- comparisons ---- */

static Linear
linear_other(void)
{
	Linear		other = {.base = LINEAR_OTHER};

	return other;
}

static Linear
linear_form(const RuleExpr *expr)
{
	Linear		linear = {.base = LINEAR_OTHER,.fact = expr->fact,.zone = expr->zone};
	int64		step,
				amount;

	switch (expr->kind)
	{
		case EXPR_CONSTANT:
			if (expr->number == RULE_INFINITY || expr->number == RULE_MINUS_INFINITY)
				return linear;
			linear.base = LINEAR_CONSTANT;
			linear.offset = expr->number;
			return linear;
		case EXPR_FACT:
			linear.base = LINEAR_FACT;
			return linear;
		case EXPR_NOW:
			linear.base = LINEAR_NOW;
			return linear;
		case EXPR_DAY:
			if (expr->args[0]->kind == EXPR_NOW)
				linear.base = LINEAR_TODAY;
			return linear;
		case EXPR_PLUS_TIME:
			if (expr->unit >= RULE_MONTH || expr->args[1]->kind != EXPR_CONSTANT)
				return linear;
			linear = linear_form(expr->args[0]);
			step = expr->type == RULE_DATE ? 1 : rule_add_amount(0, 1, expr->unit, false);
			if (pg_mul_s64_overflow(expr->args[1]->number, step, &amount) ||
				pg_add_s64_overflow(linear.offset, amount, &linear.offset))
				return linear_other();
			return linear;
		default:
			return linear;
	}
}

/*
 * a >= b + strict as one node, where one side is a fact and the other the
 * clock or a constant: clock >= fact + c, or fact >= c, or the negation of
 * that.  False if c overflows.
 */
static bool
emit_against_fact(RuleEmitter *emitter, RuleOp op, Linear a, Linear b, bool strict,
				  RuleType type, int sign)
{
	bool		fact_is_a = (a.base == LINEAR_FACT);
	const Linear *fact = fact_is_a ? &a : &b;
	const Linear *other = fact_is_a ? &b : &a;
	bool		negate = (op != RULE_AT_LEAST) == fact_is_a;
	int64		c;
	RuleNode   *node;

	if (op != RULE_AT_LEAST)
	{
		/* clock + other >= fact + offset + strict */
		if (pg_sub_s64_overflow(fact->offset, other->offset, &c))
			return false;
	}
	else
	{
		/* fact + offset >= other + strict */
		if (pg_sub_s64_overflow(other->offset, fact->offset, &c))
			return false;
	}
	/* x >= y + strict is not (y >= x + 1 - strict) */
	if (pg_add_s64_overflow(c, negate ? !strict : strict, &c))
		return false;
	node = rule_add_node(&emitter->nodes, op, negate ? -sign : sign);
	node->a = fact->fact;
	node->c = c;
	node->d = other->zone;
	node->type = type;
	return true;
}

static RuleOp
op_against_fact(LinearBase other)
{
	switch (other)
	{
		case LINEAR_NOW:
			return RULE_REACHED;
		case LINEAR_TODAY:
			return RULE_DAY_REACHED;
		default:
			return RULE_AT_LEAST;
	}
}

/* a >= b, or a > b, with one fused node if there is one for it */
static bool
emit_fused_comparison(RuleEmitter *emitter, const RuleExpr *expr, int sign)
{
	Linear		a = linear_form(expr->args[0]);
	Linear		b = linear_form(expr->args[1]);
	bool		strict = (expr->kind == EXPR_ABOVE);
	RuleType	type = expr->args[0]->type;
	RuleNode   *node;
	int64		c;

	if (a.base == LINEAR_FACT && b.base == LINEAR_FACT)
	{
		/* a > b is not (b >= a), so that infinities need no thought */
		if (pg_sub_s64_overflow(strict ? a.offset : b.offset, strict ? b.offset : a.offset, &c))
			return false;
		node = rule_add_node(&emitter->nodes, RULE_FACT_AT_LEAST, strict ? -sign : sign);
		node->a = strict ? b.fact : a.fact;
		node->b = strict ? a.fact : b.fact;
		node->c = c;
		node->type = type;
		return true;
	}
	if (a.base == LINEAR_OTHER || b.base == LINEAR_OTHER ||
		(a.base != LINEAR_FACT && b.base != LINEAR_FACT))
		return false;
	return emit_against_fact(emitter, op_against_fact(a.base == LINEAR_FACT ? b.base : a.base),
							 a, b, strict, type, sign);
}

static void
emit_compare(RuleEmitter *emitter, RuleComparison comparison, const RuleExpr *a, const RuleExpr *b, int sign)
{
	uint32		index = emitter->nodes.count;
	RuleNode   *node = rule_add_node(&emitter->nodes, RULE_COMPARE, sign);

	node->type = a->type;
	node->c = comparison;
	emit_value(emitter, a);
	emit_value(emitter, b);
	rule_close_node(&emitter->nodes, index);
}

static void
emit_comparison(RuleEmitter *emitter, const RuleExpr *expr, int sign)
{
	if (!rule_is_whole(expr->args[0]->type) || !emit_fused_comparison(emitter, expr, sign))
		emit_compare(emitter, expr->kind == EXPR_ABOVE ? RULE_COMPARE_ABOVE : RULE_COMPARE_AT_LEAST,
					 expr->args[0], expr->args[1], sign);
}

static int
compare_numbers(const void *a, const void *b)
{
	int64		x = *(const int64 *) a;
	int64		y = *(const int64 *) b;

	return (x > y) - (x < y);
}

static void
emit_in_numbers(RuleEmitter *emitter, int fact, const RuleExpr *const *constants, int count, int sign)
{
	int64	   *numbers = palloc(sizeof(int64) * count);
	int64		range;
	RuleNode   *node;

	for (int i = 0; i < count; i++)
		numbers[i] = constants[i]->number;
	qsort(numbers, count, sizeof(int64), compare_numbers);
	if (count == 1)
	{
		node = rule_add_node(&emitter->nodes, RULE_EQUAL, sign);
		node->c = numbers[0];
	}
	else if (!pg_sub_s64_overflow(numbers[count - 1], numbers[0], &range) && range < 64)
	{
		node = rule_add_node(&emitter->nodes, RULE_IN_BITS, sign);
		node->c = numbers[0];
		for (int i = 0; i < count; i++)
			node->d = (int64) ((uint64) node->d | UINT64CONST(1) << (numbers[i] - numbers[0]));
	}
	else
	{
		node = rule_add_node(&emitter->nodes, RULE_IN_NUMBERS, sign);
		node->c = count;
		node->d = rule_pool_add(emitter, numbers, sizeof(int64) * count);
	}
	node->a = fact;
	pfree(numbers);
}

static int
compare_texts(const void *a, const void *b)
{
	const text *x = *(const text *const *) a;
	const text *y = *(const text *const *) b;
	int			x_length = VARSIZE_ANY_EXHDR(x);
	int			y_length = VARSIZE_ANY_EXHDR(y);

	return x_length != y_length ? (x_length > y_length) - (x_length < y_length) :
		memcmp(VARDATA_ANY(x), VARDATA_ANY(y), x_length);
}

static void
emit_in_texts(RuleEmitter *emitter, int fact, const RuleExpr *const *constants, int count, int sign)
{
	const text **texts = palloc(sizeof(text *) * count);
	RuleText   *members = palloc(sizeof(RuleText) * count);
	RuleNode   *node;

	for (int i = 0; i < count; i++)
		texts[i] = DatumGetTextPP(constants[i]->datum);
	qsort(texts, count, sizeof(text *), compare_texts);
	for (int i = 0; i < count; i++)
	{
		members[i].length = VARSIZE_ANY_EXHDR(texts[i]);
		members[i].offset = rule_pool_add(emitter, VARDATA_ANY(texts[i]), members[i].length);
	}
	node = rule_add_node(&emitter->nodes, count == 1 ? RULE_TEXT_EQUAL : RULE_IN_TEXTS, sign);
	node->a = fact;
	node->c = count == 1 ? (int64) members[0].length : count;
	node->d = count == 1 ? members[0].offset : rule_pool_add(emitter, members, sizeof(RuleText) * count);
	pfree(texts);
	pfree(members);
}

/* value = any of the constants; one node if the value is a fact */
static void
emit_membership(RuleEmitter *emitter, const RuleExpr *value, RuleExpr **constants, int count, int sign)
{
	const RuleExpr *const *list = (const RuleExpr *const *) constants;
	bool		finite = true;
	uint32		index;

	for (int i = 0; rule_is_whole(value->type) && i < count; i++)
		finite = finite && linear_form(list[i]).base == LINEAR_CONSTANT;
	if (value->kind == EXPR_FACT && rule_is_whole(value->type) && finite)
	{
		emit_in_numbers(emitter, value->fact, list, count, sign);
		return;
	}
	if (value->kind == EXPR_FACT && value->type == RULE_TEXT)
	{
		emit_in_texts(emitter, value->fact, list, count, sign);
		return;
	}

	/* none of the inequalities holds for all */
	index = emitter->nodes.count;
	rule_add_node(&emitter->nodes, RULE_ALL, -sign);
	for (int i = 0; i < count; i++)
	{
		RuleExpr   *equal = rule_make_expr(EXPR_EQUAL, RULE_BOOLEAN, value->path, 2, value, list[i]);

		emit_conjuncts(emitter, equal, -1);
	}
	close_conjunction(emitter, index);
}

/* A condition as exactly one node. */
static void
emit_single(RuleEmitter *emitter, const RuleExpr *expr, int sign)
{
	uint32		index = emitter->nodes.count;

	rule_add_node(&emitter->nodes, RULE_ALL, 1);
	emit_conjuncts(emitter, expr, sign);
	close_conjunction(emitter, index);
}

static void
emit_if(RuleEmitter *emitter, const RuleExpr *test, const RuleExpr *then_branch,
		const RuleExpr *else_branch, int else_sign, int sign)
{
	uint32		index = emitter->nodes.count;

	rule_add_node(&emitter->nodes, RULE_IF, sign);
	emit_single(emitter, test, 1);
	emit_single(emitter, then_branch, 1);
	emit_single(emitter, else_branch, else_sign);
	rule_close_node(&emitter->nodes, index);
}

/* The list that a node walks: one fact, or several. */
static void
set_list(RuleEmitter *emitter, uint32 index, const RuleExpr *list)
{
	RuleNode   *node = &emitter->nodes.items[index];

	if (list->kind != EXPR_LIST)
	{
		node->a = list->fact;
		return;
	}
	node->b = true;
	node->c = list->nfacts;
	node->d = rule_pool_add(emitter, list->facts, list->nfacts);
}

static void
emit_every(RuleEmitter *emitter, const RuleExpr *expr, int sign)
{
	uint32		index = emitter->nodes.count;

	rule_add_node(&emitter->nodes, RULE_EVERY, sign);
	set_list(emitter, index, expr->args[0]);
	emit_conjuncts(emitter, expr->args[1], 1);
	close_conjunction(emitter, index);
}

static bool
reads_clock(const RuleExpr *expr)
{
	if (expr->kind == EXPR_NOW)
		return true;
	for (int i = 0; i < expr->nargs; i++)
	{
		if (reads_clock(expr->args[i]))
			return true;
	}
	return false;
}

static void
emit_equal(RuleEmitter *emitter, const RuleExpr *expr, int sign)
{
	RuleExpr   *a = expr->args[0];
	RuleExpr   *b = expr->args[1];

	if (a->kind == EXPR_CONSTANT)
	{
		a = expr->args[1];
		b = expr->args[0];
	}
	if (a->type == RULE_BOOLEAN)
		emit_if(emitter, a, b, b, -1, sign);
	else if (a->kind == EXPR_FACT && b->kind == EXPR_CONSTANT &&
			 (a->type == RULE_TEXT || (rule_is_whole(a->type) && linear_form(b).base == LINEAR_CONSTANT)))
		emit_membership(emitter, a, &b, 1, sign);
	else if (rule_is_whole(a->type) && (reads_clock(a) || reads_clock(b)))
	{
		/* two comparisons that each flip at most once */
		uint32		index = emitter->nodes.count;

		rule_add_node(&emitter->nodes, RULE_ALL, sign);
		emit_comparison(emitter, rule_make_expr(EXPR_AT_LEAST, RULE_BOOLEAN, expr->path, 2, a, b), 1);
		emit_comparison(emitter, rule_make_expr(EXPR_AT_LEAST, RULE_BOOLEAN, expr->path, 2, b, a), 1);
		rule_close_node(&emitter->nodes, index);
	}
	else
		emit_compare(emitter, RULE_COMPARE_EQUAL, a, b, sign);
}

/* ---- conditions ---- */

static void
emit_leaf(RuleEmitter *emitter, const RuleExpr *expr, int sign)
{
	RuleNode   *node;

	switch (expr->kind)
	{
		case EXPR_CONSTANT:
			rule_add_node(&emitter->nodes, RULE_CONSTANT, sign)->c = expr->number;
			break;
		case EXPR_FACT:
			rule_add_node(&emitter->nodes, RULE_FACT, sign)->a = expr->fact;
			break;
		case EXPR_PRESENT:
			node = rule_add_node(&emitter->nodes, RULE_PRESENT, sign);
			node->a = expr->fact;
			node->if_null = -sign;
			break;
		case EXPR_PASSED:
			rule_add_node(&emitter->nodes, RULE_PASSED, sign)->c = (int64) expr->mask;
			break;
		case EXPR_IN:
			emit_membership(emitter, expr->args[0], expr->args + 1, expr->nargs - 1, sign);
			break;
		case EXPR_EQUAL:
			emit_equal(emitter, expr, sign);
			break;
		case EXPR_EVERY:
			emit_every(emitter, expr, sign);
			break;
		case EXPR_IF:
			emit_if(emitter, expr->args[0], expr->args[1], expr->args[2], 1, sign);
			break;
		default:
			emit_comparison(emitter, expr, sign);
	}
}

/* Nodes whose conjunction is the expression, or its negation. */
static void
emit_conjuncts(RuleEmitter *emitter, const RuleExpr *expr, int sign)
{
	RuleExprKind junction = expr->kind;

	if (rule_is_too_large(emitter))
		return;
	if (junction == EXPR_NOT)
		emit_conjuncts(emitter, expr->args[0], -sign);
	else if (junction != EXPR_AND && junction != EXPR_OR)
		emit_leaf(emitter, expr, sign);
	else
	{
		/* not all of the children's negations, or all of the children's */
		int			child_sign = (junction == EXPR_AND) ? 1 : -1;
		bool		nested = (child_sign != sign);
		uint32		index = emitter->nodes.count;

		if (nested)
			rule_add_node(&emitter->nodes, RULE_ALL, -1);
		for (int i = 0; i < expr->nargs; i++)
			emit_conjuncts(emitter, expr->args[i], child_sign);
		if (nested)
			close_conjunction(emitter, index);
	}
}

/*
 * A whole condition, NULL for true; a disjunction at its top costs no node.
 */
RuleList
rule_lower(RuleEmitter *emitter, const RuleExpr *expr)
{
	RuleList	list;
	int			sign = 1;

	list.start = (uint16) emitter->nodes.count;
	list.sign = 1;
	if (expr != NULL)
	{
		for (; expr->kind == EXPR_NOT; expr = expr->args[0])
			sign = -sign;
		if ((expr->kind == EXPR_AND && sign < 0) || (expr->kind == EXPR_OR && sign > 0))
		{
			sign = -sign;
			list.sign = -1;
		}
		emit_conjuncts(emitter, expr, sign);
		simplify_conjunction(emitter, list.start);
	}
	list.end = (uint16) emitter->nodes.count;
	return list;
}

/* ---- scalars ---- */

static void
emit_constant_value(RuleEmitter *emitter, const RuleExpr *expr)
{
	RuleNode   *node;
	struct varlena *value;

	if (rule_is_whole(expr->type))
	{
		rule_add_node(&emitter->nodes, RULE_VALUE_NUMBER, 1)->c = expr->number;
		return;
	}
	if (expr->type == RULE_FLOAT)
	{
		node = rule_add_node(&emitter->nodes, RULE_VALUE_FLOAT, 1);
		memcpy(&node->c, &expr->datum, sizeof(int64));
		return;
	}
	value = (struct varlena *) DatumGetPointer(expr->datum);
	node = rule_add_node(&emitter->nodes, RULE_VALUE_POOL, 1);
	node->c = rule_pool_add(emitter, value, VARSIZE_ANY(value));
}

static void
emit_reduce(RuleEmitter *emitter, const RuleExpr *expr)
{
	uint32		index = emitter->nodes.count;

	rule_add_node(&emitter->nodes, RULE_VALUE_REDUCE, 1)->type = expr->type;
	set_list(emitter, index, expr->args[0]);
	emit_value(emitter, expr->args[2]);
	emit_value(emitter, expr->args[1]);
	rule_close_node(&emitter->nodes, index);
}

static void
emit_value(RuleEmitter *emitter, const RuleExpr *expr)
{
	static const RuleOp ops[] = {
		[EXPR_FACT] = RULE_VALUE_FACT,
		[EXPR_NOW] = RULE_VALUE_NOW,
		[EXPR_IF] = RULE_VALUE_IF,
		[EXPR_ADD] = RULE_VALUE_ADD,
		[EXPR_SUBTRACT] = RULE_VALUE_SUBTRACT,
		[EXPR_MULTIPLY] = RULE_VALUE_MULTIPLY,
		[EXPR_PLUS_TIME] = RULE_VALUE_PLUS_TIME,
		[EXPR_DAY] = RULE_VALUE_DAY,
		[EXPR_DIVIDE] = RULE_VALUE_DIVIDE,
		[EXPR_NUMERIC] = RULE_VALUE_NUMERIC,
		[EXPR_WEEKDAY] = RULE_VALUE_WEEKDAY,
		[EXPR_TIME] = RULE_VALUE_TIME,
		[EXPR_DAYS] = RULE_VALUE_DAYS
	};
	uint32		index = emitter->nodes.count;
	RuleNode   *node;

	if (rule_is_too_large(emitter))
		return;
	if (expr->kind == EXPR_CONSTANT)
	{
		emit_constant_value(emitter, expr);
		return;
	}
	if (expr->kind == EXPR_REDUCE)
	{
		emit_reduce(emitter, expr);
		return;
	}
	node = rule_add_node(&emitter->nodes, ops[expr->kind], 1);
	node->type = expr->type;
	node->a = expr->fact;
	node->c = (expr->kind == EXPR_DAY || expr->kind == EXPR_TIME) ? expr->zone : (int) expr->unit;
	for (int i = 0; i < expr->nargs; i++)
	{
		if (expr->kind == EXPR_IF && i == 0)
			emit_single(emitter, expr->args[0], 1);
		else
			emit_value(emitter, expr->args[i]);
	}
	rule_close_node(&emitter->nodes, index);
}

/* A value by itself; its node is the first of the list. */
RuleList
rule_lower_value(RuleEmitter *emitter, const RuleExpr *expr)
{
	RuleList	list;

	list.start = (uint16) emitter->nodes.count;
	list.sign = 1;
	emit_value(emitter, expr);
	list.end = (uint16) emitter->nodes.count;
	return list;
}
