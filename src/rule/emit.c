/*-------------------------------------------------------------------------
 *
 * emit.c
 *	  From the typed tree to the flat program.
 *
 * Negations are pushed down to the nodes' signs and disjunctions become
 * negated conjunctions of negations.  Comparisons of facts with constants,
 * with the clock or with each other become one node each; whatever does not
 * fit such a form becomes a RULE_COMPARE of two scalars.
 *
 * src/rule/emit.c
 *
 *-------------------------------------------------------------------------
 */
#include "compat.h"

#include "common/int.h"
#include "utils/builtins.h"

#include "compile.h"
#include "value.h"

typedef struct Emitter
{
	RuleNode   *nodes;
	uint32		node_count;
	uint32		node_space;
	StringInfoData pool;
} Emitter;

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

static void emit_conjuncts(Emitter *emitter, const RuleExpr *expr, int sign);
static void emit_value(Emitter *emitter, const RuleExpr *expr);

/* ---- nodes and pool ---- */

/*
 * Equality of conditions and "in" repeat an operand, so a short text may ask
 * for a huge program: everything that recurses stops here, rule_emit() tells.
 */
static bool
is_too_large(const Emitter *emitter)
{
	return emitter->node_count > RULE_MAX_NODES;
}

/* A new node without children, at the end. */
static RuleNode *
add_node(Emitter *emitter, RuleOp op, int sign)
{
	RuleNode   *node;

	if (emitter->node_count == emitter->node_space)
	{
		emitter->node_space *= 2;
		emitter->nodes = repalloc_huge(emitter->nodes, emitter->node_space * sizeof(RuleNode));
	}
	node = &emitter->nodes[emitter->node_count++];
	memset(node, 0, sizeof(RuleNode));
	node->op = op;
	node->sign = sign;
	node->size = 1;
	return node;
}

/* The children of a node end here. */
static void
close_node(Emitter *emitter, uint32 index)
{
	emitter->nodes[index].size = (uint16) (emitter->node_count - index);
}

/* Take a node out; its children move up into its place. */
static void
remove_node(Emitter *emitter, uint32 index)
{
	emitter->node_count--;
	memmove(&emitter->nodes[index], &emitter->nodes[index + 1],
			(emitter->node_count - index) * sizeof(RuleNode));
}

/* Is there, among the siblings from start on, a fused node over the fact? */
static bool
fold_guard(Emitter *emitter, uint32 start, int fact)
{
	bool		found = false;

	for (uint32 i = start; i < emitter->node_count; i += emitter->nodes[i].size)
	{
		RuleNode   *node = &emitter->nodes[i];

		if (node->op >= RULE_FACT && node->op <= RULE_IN_TEXTS &&
			node->op != RULE_PRESENT && node->a == fact)
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
simplify_conjunction(Emitter *emitter, uint32 start)
{
	if (is_too_large(emitter))
		return;
	for (uint32 i = start; i < emitter->node_count;)
	{
		RuleNode   *node = &emitter->nodes[i];

		if (node->op == RULE_ALL && node->size == node[1].size + 1)
		{
			node[1].sign *= node->sign;
			node[1].if_null *= node->sign;
			remove_node(emitter, i);
		}
		i += emitter->nodes[i].size;
	}
	for (uint32 i = start; i < emitter->node_count;)
	{
		RuleNode   *node = &emitter->nodes[i];

		if (node->op == RULE_PRESENT && node->sign > 0 && fold_guard(emitter, start, node->a))
			remove_node(emitter, i);
		else
			i += node->size;
	}
}

/* The same for a node whose children are complete. */
static void
close_conjunction(Emitter *emitter, uint32 index)
{
	simplify_conjunction(emitter, index + 1);
	close_node(emitter, index);
}

/* Append to the pool at a MAXALIGNed offset. */
static uint32
pool_add(Emitter *emitter, const void *data, int length)
{
	while (emitter->pool.len % MAXIMUM_ALIGNOF != 0)
		appendStringInfoChar(&emitter->pool, '\0');
	appendBinaryStringInfo(&emitter->pool, data, length);
	return emitter->pool.len - length;
}

static uint32
pool_add_string(Emitter *emitter, const char *string)
{
	return pool_add(emitter, string, strlen(string) + 1);
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
			step = expr->type == RULE_DATE ? 1 : rule_add_amount(0, 1, expr->unit, expr->type);
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
emit_against_fact(Emitter *emitter, RuleOp op, Linear a, Linear b, bool strict,
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
	node = add_node(emitter, op, negate ? -sign : sign);
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
emit_fused_comparison(Emitter *emitter, const RuleExpr *expr, int sign)
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
		node = add_node(emitter, RULE_FACT_AT_LEAST, strict ? -sign : sign);
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
emit_compare(Emitter *emitter, RuleComparison comparison, const RuleExpr *a, const RuleExpr *b, int sign)
{
	uint32		index = emitter->node_count;
	RuleNode   *node = add_node(emitter, RULE_COMPARE, sign);

	node->type = a->type;
	node->c = comparison;
	emit_value(emitter, a);
	emit_value(emitter, b);
	close_node(emitter, index);
}

static bool
is_whole(RuleType type)
{
	return type == RULE_INTEGER || type == RULE_DATE || type == RULE_TIMESTAMPTZ;
}

static void
emit_comparison(Emitter *emitter, const RuleExpr *expr, int sign)
{
	if (!is_whole(expr->args[0]->type) || !emit_fused_comparison(emitter, expr, sign))
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
emit_in_numbers(Emitter *emitter, int fact, const RuleExpr *const *constants, int count, int sign)
{
	int64	   *numbers = palloc(sizeof(int64) * count);
	int64		range;
	RuleNode   *node;

	for (int i = 0; i < count; i++)
		numbers[i] = constants[i]->number;
	qsort(numbers, count, sizeof(int64), compare_numbers);
	if (count == 1)
	{
		node = add_node(emitter, RULE_EQUAL, sign);
		node->c = numbers[0];
	}
	else if (!pg_sub_s64_overflow(numbers[count - 1], numbers[0], &range) && range < 64)
	{
		node = add_node(emitter, RULE_IN_BITS, sign);
		node->c = numbers[0];
		for (int i = 0; i < count; i++)
			node->d = (int64) ((uint64) node->d | UINT64CONST(1) << (numbers[i] - numbers[0]));
	}
	else
	{
		node = add_node(emitter, RULE_IN_NUMBERS, sign);
		node->c = count;
		node->d = pool_add(emitter, numbers, sizeof(int64) * count);
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
emit_in_texts(Emitter *emitter, int fact, const RuleExpr *const *constants, int count, int sign)
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
		members[i].offset = pool_add(emitter, VARDATA_ANY(texts[i]), members[i].length);
	}
	node = add_node(emitter, count == 1 ? RULE_TEXT_EQUAL : RULE_IN_TEXTS, sign);
	node->a = fact;
	node->c = count == 1 ? (int64) members[0].length : count;
	node->d = count == 1 ? members[0].offset : pool_add(emitter, members, sizeof(RuleText) * count);
	pfree(texts);
	pfree(members);
}

/* value = any of the constants; one node if the value is a fact */
static void
emit_membership(Emitter *emitter, const RuleExpr *value, RuleExpr **constants, int count, int sign)
{
	const RuleExpr *const *list = (const RuleExpr *const *) constants;
	bool		finite = true;
	uint32		index;

	for (int i = 0; is_whole(value->type) && i < count; i++)
		finite = finite && linear_form(list[i]).base == LINEAR_CONSTANT;
	if (value->kind == EXPR_FACT && is_whole(value->type) && finite)
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
	index = emitter->node_count;
	add_node(emitter, RULE_ALL, -sign);
	for (int i = 0; i < count; i++)
	{
		RuleExpr   *equal = rule_make_expr(EXPR_EQUAL, RULE_BOOLEAN, value->path, 2, value, list[i]);

		emit_conjuncts(emitter, equal, -1);
	}
	close_conjunction(emitter, index);
}

/* A condition as exactly one node. */
static void
emit_single(Emitter *emitter, const RuleExpr *expr, int sign)
{
	uint32		index = emitter->node_count;

	add_node(emitter, RULE_ALL, 1);
	emit_conjuncts(emitter, expr, sign);
	close_conjunction(emitter, index);
}

static void
emit_if(Emitter *emitter, const RuleExpr *test, const RuleExpr *then_branch,
		const RuleExpr *else_branch, int else_sign, int sign)
{
	uint32		index = emitter->node_count;

	add_node(emitter, RULE_IF, sign);
	emit_single(emitter, test, 1);
	emit_single(emitter, then_branch, 1);
	emit_single(emitter, else_branch, else_sign);
	close_node(emitter, index);
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
emit_equal(Emitter *emitter, const RuleExpr *expr, int sign)
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
			 (a->type == RULE_TEXT || (is_whole(a->type) && linear_form(b).base == LINEAR_CONSTANT)))
		emit_membership(emitter, a, &b, 1, sign);
	else if (is_whole(a->type) && (reads_clock(a) || reads_clock(b)))
	{
		/* two comparisons that each flip at most once */
		uint32		index = emitter->node_count;

		add_node(emitter, RULE_ALL, sign);
		emit_comparison(emitter, rule_make_expr(EXPR_AT_LEAST, RULE_BOOLEAN, expr->path, 2, a, b), 1);
		emit_comparison(emitter, rule_make_expr(EXPR_AT_LEAST, RULE_BOOLEAN, expr->path, 2, b, a), 1);
		close_node(emitter, index);
	}
	else
		emit_compare(emitter, RULE_COMPARE_EQUAL, a, b, sign);
}

/* ---- conditions ---- */

static void
emit_leaf(Emitter *emitter, const RuleExpr *expr, int sign)
{
	switch (expr->kind)
	{
		case EXPR_CONSTANT:
			add_node(emitter, RULE_CONSTANT, sign)->c = expr->number;
			break;
		case EXPR_FACT:
			add_node(emitter, RULE_FACT, sign)->a = expr->fact;
			break;
		case EXPR_PRESENT:
			add_node(emitter, RULE_PRESENT, sign)->a = expr->fact;
			break;
		case EXPR_PASSED:
			add_node(emitter, RULE_PASSED, sign)->c = (int64) expr->mask;
			break;
		case EXPR_IN:
			emit_membership(emitter, expr->args[0], expr->args + 1, expr->nargs - 1, sign);
			break;
		case EXPR_EQUAL:
			emit_equal(emitter, expr, sign);
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
emit_conjuncts(Emitter *emitter, const RuleExpr *expr, int sign)
{
	RuleExprKind junction = expr->kind;

	if (is_too_large(emitter))
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
		uint32		index = emitter->node_count;

		if (nested)
			add_node(emitter, RULE_ALL, -1);
		for (int i = 0; i < expr->nargs; i++)
			emit_conjuncts(emitter, expr->args[i], child_sign);
		if (nested)
			close_conjunction(emitter, index);
	}
}

/* A whole condition; a disjunction at its top costs no node. */
static RuleList
emit_list(Emitter *emitter, const RuleExpr *expr)
{
	RuleList	list;
	int			sign = 1;

	list.start = (uint16) emitter->node_count;
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
	list.end = (uint16) emitter->node_count;
	return list;
}

/* ---- scalars ---- */

static void
emit_constant_value(Emitter *emitter, const RuleExpr *expr)
{
	RuleNode   *node;
	struct varlena *value;

	if (is_whole(expr->type))
	{
		add_node(emitter, RULE_VALUE_NUMBER, 1)->c = expr->number;
		return;
	}
	if (expr->type == RULE_FLOAT)
	{
		node = add_node(emitter, RULE_VALUE_FLOAT, 1);
		memcpy(&node->c, &expr->datum, sizeof(int64));
		return;
	}
	value = (struct varlena *) DatumGetPointer(expr->datum);
	node = add_node(emitter, RULE_VALUE_POOL, 1);
	node->c = pool_add(emitter, value, VARSIZE_ANY(value));
}

static void
emit_value(Emitter *emitter, const RuleExpr *expr)
{
	static const RuleOp ops[] = {
		[EXPR_FACT] = RULE_VALUE_FACT,
		[EXPR_NOW] = RULE_VALUE_NOW,
		[EXPR_IF] = RULE_VALUE_IF,
		[EXPR_ADD] = RULE_VALUE_ADD,
		[EXPR_SUBTRACT] = RULE_VALUE_SUBTRACT,
		[EXPR_MULTIPLY] = RULE_VALUE_MULTIPLY,
		[EXPR_PLUS_TIME] = RULE_VALUE_PLUS_TIME,
		[EXPR_DAY] = RULE_VALUE_DAY
	};
	uint32		index = emitter->node_count;
	RuleNode   *node;

	if (is_too_large(emitter))
		return;
	if (expr->kind == EXPR_CONSTANT)
	{
		emit_constant_value(emitter, expr);
		return;
	}
	node = add_node(emitter, ops[expr->kind], 1);
	node->type = expr->type;
	node->a = expr->fact;
	node->c = (expr->kind == EXPR_DAY) ? expr->zone : (int) expr->unit;
	for (int i = 0; i < expr->nargs; i++)
	{
		if (expr->kind == EXPR_IF && i == 0)
			emit_single(emitter, expr->args[0], 1);
		else
			emit_value(emitter, expr->args[i]);
	}
	close_node(emitter, index);
}

/* ---- the whole ---- */

/* The sections as they are collected before the varlena is put together. */
typedef struct Sections
{
	RuleFactSlot facts[RULE_MAX_FACTS];
	RuleSlot	rules[RULE_MAX_RULES];
	RuleOutcomeLine *lines;
	uint32		names[RULE_MAX_OUTCOMES];
	uint32		zones[RULE_MAX_ZONES];
	uint32		name;
	uint32		kind;
} Sections;

static void
emit_rule(Emitter *emitter, const RuleSourceRule *rule, RuleSlot *slot)
{
	RuleFactSet facts = {{0, 0}};

	rule_facts_read(rule->condition, &facts);
	slot->id = pool_add_string(emitter, rule->id);
	slot->group = pool_add_string(emitter, rule->group);
	slot->condition = emit_list(emitter, rule->condition);
	memcpy(slot->facts, facts.bits, sizeof(slot->facts));
	slot->blocking = rule->blocking;
	slot->on_unknown = rule->on_unknown;
}

static Sections *
emit_sections(Emitter *emitter, const RuleSource *source)
{
	Sections   *sections = palloc0(sizeof(Sections));
	ListCell   *cell;
	int			i = 0;

	sections->name = pool_add_string(emitter, source->name);
	sections->kind = pool_add_string(emitter, source->kind);
	for (i = 0; i < source->fact_count; i++)
	{
		sections->facts[i].name = pool_add_string(emitter, source->facts[i].name);
		sections->facts[i].type = source->facts[i].type;
		sections->facts[i].absent = source->facts[i].absent;
	}
	for (i = 0; i < source->rule_count; i++)
		emit_rule(emitter, &source->rules[i], &sections->rules[i]);
	sections->lines = palloc0(sizeof(RuleOutcomeLine) * (list_length(source->lines) + 1));
	i = 0;
	foreach(cell, source->lines)
	{
		const RuleSourceLine *line = lfirst(cell);

		sections->lines[i].condition = emit_list(emitter, line->condition);
		sections->lines[i++].outcome = line->outcome;
	}
	for (i = 0; i < source->name_count; i++)
		sections->names[i] = pool_add_string(emitter, source->names[i]);
	for (i = 0; i < source->zone_count; i++)
		sections->zones[i] = pool_add_string(emitter, source->zones[i]);
	return sections;
}

/* Append a section to the varlena being built; its offset. */
static uint32
append_section(StringInfo buffer, const void *data, Size size)
{
	while (buffer->len % MAXIMUM_ALIGNOF != 0)
		appendStringInfoChar(buffer, '\0');
	appendBinaryStringInfo(buffer, data, (int) size);
	return buffer->len - (int) size;
}

static Ruleset *
assemble(const Emitter *emitter, const RuleSource *source, const Sections *sections, const char *text)
{
	Ruleset		header = {0};
	StringInfoData buffer;
	Datum		digest;

	initStringInfo(&buffer);
	header.format = RULE_FORMAT;
	header.text_length = strlen(text);
	header.node_count = emitter->node_count;
	header.fact_count = source->fact_count;
	header.rule_count = source->rule_count;
	header.line_count = list_length(source->lines);
	header.name_count = source->name_count;
	header.zone_count = source->zone_count;
	header.name = sections->name;
	header.kind = sections->kind;
	header.uses_clock = source->uses_clock;
	digest = DirectFunctionCall1(sha256_bytea, PointerGetDatum(cstring_to_text(text)));
	memcpy(header.sha256, VARDATA_ANY(DatumGetPointer(digest)), RULE_SHA256_LENGTH);

	append_section(&buffer, &header, sizeof(header));
	header.nodes = append_section(&buffer, emitter->nodes, sizeof(RuleNode) * emitter->node_count);
	header.facts = append_section(&buffer, sections->facts, sizeof(RuleFactSlot) * source->fact_count);
	header.rules = append_section(&buffer, sections->rules, sizeof(RuleSlot) * source->rule_count);
	header.lines = append_section(&buffer, sections->lines, sizeof(RuleOutcomeLine) * header.line_count);
	header.names = append_section(&buffer, sections->names, sizeof(uint32) * source->name_count);
	header.zones = append_section(&buffer, sections->zones, sizeof(uint32) * source->zone_count);
	header.pool = append_section(&buffer, emitter->pool.data, emitter->pool.len);
	header.text = append_section(&buffer, text, header.text_length);
	SET_VARSIZE(&header, buffer.len);
	memcpy(buffer.data, &header, sizeof(header));
	return (Ruleset *) buffer.data;
}

/*
 * The stored form of a source without errors; text is the canonical text.
 * NULL if the program would be too large.
 */
Ruleset    *
rule_emit(const RuleSource *source, const char *text)
{
	Emitter		emitter = {.node_space = 64};
	Sections   *sections;

	emitter.nodes = palloc(sizeof(RuleNode) * emitter.node_space);
	initStringInfo(&emitter.pool);
	sections = emit_sections(&emitter, source);
	if (is_too_large(&emitter))
		return NULL;
	return assemble(&emitter, source, sections, text);
}
