/*-------------------------------------------------------------------------
 *
 * jsonlogic_array.c
 *	  JsonLogic's loops over arrays, merge and in.
 *
 * src/dialect/jsonlogic_array.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "jsonlogic.h"

/* What the body of a loop sees: an item, around it its place, then the data. */
typedef struct LoopScope
{
	DialectScope item;
	DialectScope place;
	JsonbValue	place_value;
	JsonbPair	index;
} LoopScope;

static void
loop_init(LoopScope *loop, const DialectScope *outer)
{
	memset(loop, 0, sizeof(LoopScope));
	dialect_set_string(&loop->index.key, "index", 5);
	dialect_set_pairs(&loop->place_value, &loop->index, 1);
	loop->place.value = &loop->place_value;
	loop->place.outer = outer;
	loop->item.outer = &loop->place;
}

static void
loop_step(LoopScope *loop, JsonbValue *item, int index)
{
	loop->item.value = item;
	dialect_set_number(&loop->index.value, dialect_integer(index));
}

/*
 * The array that a loop goes over.  What the data lack is an empty array to
 * map, filter and reduce, and an error to all, some and none; so are null
 * written in the rule, and what is no array.
 */
static bool
loop_items(DialectState *state, const DialectExpr *expr, const DialectScope *scope,
		   bool absent_is_empty, JsonbValue **items, int *n)
{
	JsonbValue	source;
	const DialectExpr *written = expr->args;

	*n = 0;
	if (!expr->listed || expr->nargs < 2)
		return dialect_jsonlogic_invalid_arguments(state, expr, NULL);
	if (!dialect_evaluate(state, written, scope, &source))
		return false;
	if (dialect_is_array(&source))
	{
		*n = dialect_items(state, &source, items);
		return true;
	}
	if (source.type == jbvNull && absent_is_empty && written->kind != DIALECT_LITERAL)
		return true;
	return dialect_jsonlogic_invalid_arguments(state, expr, &source);
}

static bool
is_written_null(const DialectExpr *expr)
{
	return expr->kind == DIALECT_LITERAL && expr->source.type == jbvNull;
}

/* map, filter, all, some, none: {"map": [array, body]} */
bool
dialect_jsonlogic_loop(DialectState *state, const DialectExpr *expr,
					   const DialectScope *scope, JsonbValue *result)
{
	JsonLogicLoop kind = expr->op->variant;
	bool		makes_array = kind == JSONLOGIC_MAP || kind == JSONLOGIC_FILTER;
	LoopScope	loop;
	JsonbValue *items;
	JsonbValue *kept = NULL;
	JsonbValue	value;
	int			n;
	int			nkept = 0;

	if (!loop_items(state, expr, scope, makes_array, &items, &n))
		return false;
	if (makes_array)
	{
		if (is_written_null(&expr->args[1]))
			return dialect_jsonlogic_invalid_arguments(state, expr, &expr->args[1].source);
		dialect_charge(state, 0, (int64) n * sizeof(JsonbValue));
		kept = palloc(mul_size(sizeof(JsonbValue), Max(n, 1)));
	}

	loop_init(&loop, scope);
	for (int i = 0; i < n; i++)
	{
		loop_step(&loop, &items[i], i);
		dialect_charge(state, 1, 0);
		if (!dialect_evaluate(state, &expr->args[1], &loop.item, &value))
			return false;
		if (kind == JSONLOGIC_MAP)
			kept[nkept++] = value;
		else if (dialect_jsonlogic_truthy(&value) != (kind == JSONLOGIC_ALL))
		{
			/* filter has found another one, the others their answer */
			if (kind != JSONLOGIC_FILTER)
			{
				dialect_set_bool(result, kind == JSONLOGIC_SOME);
				return true;
			}
			kept[nkept++] = items[i];
		}
	}

	if (makes_array)
		dialect_set_array(result, kept, nkept);
	else
		dialect_set_bool(result, kind == JSONLOGIC_NONE ||
						 (kind == JSONLOGIC_ALL && n > 0));
	return true;
}

/* {"reduce": [array, body, start]}: the body sees current and accumulator. */
bool
dialect_jsonlogic_reduce(DialectState *state, const DialectExpr *expr,
						 const DialectScope *scope, JsonbValue *result)
{
	LoopScope	loop;
	JsonbPair	pairs[2];
	JsonbValue	step;
	JsonbValue *items;
	int			n;

	if (!loop_items(state, expr, scope, true, &items, &n))
		return false;
	result->type = jbvNull;
	if (expr->nargs > 2 && !dialect_evaluate(state, &expr->args[2], scope, result))
		return false;

	memset(pairs, 0, sizeof(pairs));
	dialect_set_string(&pairs[0].key, "current", 7);
	dialect_set_string(&pairs[1].key, "accumulator", 11);
	dialect_set_pairs(&step, pairs, 2);
	loop_init(&loop, scope);
	for (int i = 0; i < n; i++)
	{
		pairs[0].value = items[i];
		pairs[1].value = *result;
		loop_step(&loop, &step, i);
		dialect_charge(state, 1, 0);
		if (!dialect_evaluate(state, &expr->args[1], &loop.item, result))
			return false;
	}
	return true;
}

/* {"merge": [a, b, ...]}: one array of all items; what is no array is one. */
bool
dialect_jsonlogic_merge(DialectState *state, const DialectExpr *expr,
						const DialectScope *scope, JsonbValue *result)
{
	JsonbValue *args;
	JsonbValue *merged;
	int			nargs;
	int64		total = 0;
	int			n = 0;

	if (!dialect_jsonlogic_arguments(state, expr, scope, &args, &nargs))
		return false;
	for (int i = 0; i < nargs; i++)
		total += dialect_is_array(&args[i]) ? dialect_size(&args[i]) : 1;
	dialect_charge(state, total, total * sizeof(JsonbValue));
	merged = palloc(mul_size(sizeof(JsonbValue), Max(total, 1)));
	for (int i = 0; i < nargs; i++)
	{
		JsonbValue *items = &args[i];
		int			count = 1;

		if (dialect_is_array(&args[i]))
			count = dialect_items(state, &args[i], &items);
		memcpy(merged + n, items, sizeof(JsonbValue) * count);
		n += count;
	}
	dialect_set_array(result, merged, n);
	return true;
}

/* Does the text contain the part?  In UTF-8, bytes match where characters do. */
static bool
contains(DialectState *state, const char *str, int len, const char *part,
		 int partlen)
{
	const char *last = str + Max(len - partlen, 0);

	if (partlen == 0 || partlen > len)
		return partlen == 0;
	for (; str <= last; str++)
	{
		str = memchr(str, part[0], last - str + 1);

		if (str == NULL)
			return false;
		dialect_charge(state, 1 + partlen / 1024, 0);
		if (memcmp(str, part, partlen) == 0)
			return true;
	}
	return false;
}

/* {"in": [item, array]} or {"in": [part, text]}, where 1 is part of "21" */
bool
dialect_jsonlogic_in(DialectState *state, const DialectExpr *expr,
					 const DialectScope *scope, JsonbValue *result)
{
	JsonbValue *args;
	JsonbValue *items;
	StringInfoData part;
	int			nargs;
	int			n;
	bool		found = false;

	if (!dialect_jsonlogic_arguments(state, expr, scope, &args, &nargs))
		return false;
	if (nargs >= 2 && dialect_is_array(&args[1]))
	{
		n = dialect_items(state, &args[1], &items);
		dialect_charge(state, n, 0);
		for (int i = 0; i < n && !found; i++)
			found = dialect_equal(state, &args[0], &items[i]);
	}
	else if (nargs >= 2 && args[1].type == jbvString &&
			 args[0].type != jbvNull && dialect_size(&args[0]) < 0)
	{
		initStringInfo(&part);
		dialect_jsonlogic_append_text(state, &part, &args[0]);
		found = contains(state, args[1].val.string.val, args[1].val.string.len,
						 part.data, part.len);
	}
	dialect_set_bool(result, found);
	return true;
}
