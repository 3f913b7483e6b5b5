/*-------------------------------------------------------------------------
 *
 * warning.c
 *	  What is probably a mistake in a ruleset that is none as such: what is
 *	  declared and not used, conditions that do not depend on their facts,
 *	  names close to those that mean something.
 *
 * src/rule/warning.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "utils/fmgrprotos.h"

#include "instant.h"
#include "json.h"
#include "kind.h"
#include "nearest.h"
#include "phrase.h"
#include "warning.h"

/* What a condition may be compared with: facts, and the clock behind them. */
#define NOW_SLOT			RULE_SLOTS
#define BOUNDED_SLOTS		(RULE_SLOTS + 1)

/* The values of one fact that a conjunction leaves. */
typedef struct Bounds
{
	const RuleExpr *low;		/* constants; NULL if there is no bound */
	const RuleExpr *high;
	bool		low_open;
	bool		high_open;
} Bounds;

/* ---- what is not used ---- */

static bool
is_param_used(const RuleSource *source, const char *name)
{
	ListCell   *cell;

	foreach(cell, source->params_used)
	{
		if (strcmp(lfirst(cell), name) == 0)
			return true;
	}
	return false;
}

static void
warn_of_unused_params(RuleSource *source)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	key;

	if (source->params == NULL)
		return;
	iterator = JsonbIteratorInit(source->params->val.binary.data);
	while ((token = JsonbIteratorNext(&iterator, &key, true)) != WJB_DONE)
	{
		char	   *name = (token == WJB_KEY) ? rule_json_string(&key) : NULL;

		if (name != NULL && !is_param_used(source, name))
			rule_warning(source, rule_path_key(rule_path_key(NULL, "params"), name),
						 "Leave it out, or write {\"param\": ...} where it is meant.",
						 "parameter \"%s\" is not used", name);
	}
}

static void
warn_of_unused_facts(RuleSource *source)
{
	for (int i = 0; i < source->fact_count; i++)
	{
		if (!source->facts[i].used)
			rule_warning(source, rule_path_index(rule_path_key(NULL, "facts"), i),
						 "Leave it out, or write {\"var\": ...} where it is meant.",
						 "fact \"%s\" is not used", source->facts[i].name);
	}
}

static void
warn_of_unused_definitions(RuleSource *source)
{
	for (int i = 0; i < source->definition_count; i++)
	{
		if (!source->definitions[i].used)
			rule_warning(source, source->definitions[i].path,
						 "Leave it out, or write {\"definition\": ...} where it is meant.",
						 "definition \"%s\" is not used", source->definitions[i].name);
	}
}

/* ---- names that other rooms know ---- */

static bool
is_among(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
	{
		if (strcmp(*names, name) == 0)
			return true;
	}
	return false;
}

static const char *
nearest_among(const char *name, const char *const *names)
{
	RuleNearest nearest;

	rule_nearest_init(&nearest, name);
	for (; *names != NULL; names++)
		rule_nearest_offer(&nearest, *names);
	return nearest.best;
}

static void
warn_of_outcomes(RuleSource *source, const RuleKind *kind)
{
	for (int i = 0; i < list_length(source->lines); i++)
	{
		const RuleSourceLine *line = list_nth(source->lines, i);
		const char *name = source->names[line->outcome];
		const char *nearest = nearest_among(name, kind->outcomes);

		if (!is_among(name, kind->outcomes))
			rule_warning(source, rule_path_key(rule_path_index(rule_path_key(NULL, "outcomes"), i), "outcome"),
						 nearest ? psprintf("Perhaps \"%s\" is meant.", nearest) : NULL,
						 "outcome \"%s\" is none of a ruleset of kind \"%s\"", name, kind->name);
	}
}

/* Other groups than the kind's may be used: those close to one are suspect. */
static void
warn_of_groups(RuleSource *source, const RuleKind *kind)
{
	for (int i = 0; i < source->rule_count; i++)
	{
		const char *group = source->rules[i].group;
		const char *nearest = nearest_among(group, kind->groups);

		if (nearest != NULL && !is_among(group, kind->groups))
			rule_warning(source, rule_path_key(rule_path_index(rule_path_key(NULL, "rules"), i), "group"),
						 psprintf("Perhaps \"%s\" is meant.", nearest),
						 "group \"%s\" means nothing to a ruleset of kind \"%s\"", group, kind->name);
	}
}

static void
warn_of_kind(RuleSource *source)
{
	RuleNearest nearest;
	const RuleKind *kind;

	if (*source->kind == '\0')
		return;
	rule_nearest_init(&nearest, source->kind);
	for (int i = 0; (kind = rule_kind(i)) != NULL; i++)
	{
		rule_nearest_offer(&nearest, kind->name);
		if (strcmp(kind->name, source->kind) == 0)
		{
			warn_of_outcomes(source, kind);
			warn_of_groups(source, kind);
			return;
		}
	}
	rule_warning(source, rule_path_key(NULL, "kind"), rule_nearest_hint(&nearest, NULL),
				 "nothing decides by rulesets of kind \"%s\"", source->kind);
}

/* ---- conditions that do not depend on their facts ---- */

/* The fact or clock that an expression is; -1 if it is neither. */
static int
bounded_slot(const RuleExpr *expr)
{
	if (expr->kind == EXPR_NOW)
		return NOW_SLOT;
	return expr->kind == EXPR_FACT && expr->fact < RULE_MAX_FACTS ? expr->fact : -1;
}

static int
compare_constants(const RuleExpr *a, const RuleExpr *b)
{
	switch (a->type)
	{
		case RULE_NUMERIC:
			return DatumGetInt32(DirectFunctionCall2(numeric_cmp, a->datum, b->datum));
		case RULE_FLOAT:
			return DatumGetInt32(DirectFunctionCall2(btfloat8cmp, a->datum, b->datum));
		default:
			return (a->number > b->number) - (a->number < b->number);
	}
}

static bool
has_order(RuleType type)
{
	return type == RULE_INTEGER || type == RULE_NUMERIC || type == RULE_FLOAT ||
		type == RULE_DATE || type == RULE_TIMESTAMPTZ;
}

static void
raise_low(Bounds *bounds, const RuleExpr *value, bool open)
{
	int			order = bounds->low ? compare_constants(value, bounds->low) : 1;

	if (order > 0 || (order == 0 && open))
	{
		bounds->low = value;
		bounds->low_open = open;
	}
}

static void
lower_high(Bounds *bounds, const RuleExpr *value, bool open)
{
	int			order = bounds->high ? compare_constants(value, bounds->high) : -1;

	if (order < 0 || (order == 0 && open))
	{
		bounds->high = value;
		bounds->high_open = open;
	}
}

/* What a comparison, or its negation, leaves of the fact in it. */
static void
bound_by_comparison(Bounds *bounds, const RuleExpr *expr, bool positive)
{
	const RuleExpr *a = expr->args[0];
	const RuleExpr *b = expr->args[1];
	bool		open = (expr->kind == EXPR_ABOVE) == positive;

	if (!has_order(a->type))
		return;
	if (expr->kind == EXPR_EQUAL)
	{
		const RuleExpr *value = b->kind == EXPR_CONSTANT ? b : a;
		int			slot = bounded_slot(value == b ? a : b);

		if (!positive || slot < 0 || value->kind != EXPR_CONSTANT)
			return;
		raise_low(&bounds[slot], value, false);
		lower_high(&bounds[slot], value, false);
	}
	else if (bounded_slot(a) >= 0 && b->kind == EXPR_CONSTANT)
	{
		if (positive)
			raise_low(&bounds[bounded_slot(a)], b, open);
		else
			lower_high(&bounds[bounded_slot(a)], b, open);
	}
	else if (bounded_slot(b) >= 0 && a->kind == EXPR_CONSTANT)
	{
		if (positive)
			lower_high(&bounds[bounded_slot(b)], a, open);
		else
			raise_low(&bounds[bounded_slot(b)], a, open);
	}
}

/* What a conjunction leaves: of a condition, or of its negation. */
static void
collect_bounds(Bounds *bounds, const RuleExpr *expr, bool positive)
{
	switch (expr->kind)
	{
		case EXPR_NOT:
			collect_bounds(bounds, expr->args[0], !positive);
			break;
		case EXPR_AND:
		case EXPR_OR:
			for (int i = 0; (expr->kind == EXPR_AND) == positive && i < expr->nargs; i++)
				collect_bounds(bounds, expr->args[i], positive);
			break;
		case EXPR_AT_LEAST:
		case EXPR_ABOVE:
		case EXPR_EQUAL:
			bound_by_comparison(bounds, expr, positive);
			break;
		default:
			break;
	}
}

/* Is nothing left between the bounds, or of the values the fact may have? */
static bool
is_empty(const Bounds *bounds, const RuleSourceFact *fact)
{
	const RuleExpr *low = bounds->low;
	const RuleExpr *high = bounds->high;

	if (fact != NULL && fact->type == RULE_INTEGER)
	{
		int64		first = low ? low->number : fact->low;
		int64		last = high ? high->number : fact->high;

		if ((low && bounds->low_open && first == PG_INT64_MAX) ||
			(high && bounds->high_open && last == PG_INT64_MIN))
			return true;
		first = Max(first + (low && bounds->low_open), fact->low);
		last = Min(last - (high && bounds->high_open), fact->high);
		return first > last;
	}
	if (low != NULL && high != NULL)
	{
		int			order = compare_constants(low, high);

		return order > 0 || (order == 0 && (bounds->low_open || bounds->high_open));
	}
	return false;
}

/* The range of the fact's type, where it is that which leaves nothing. */
static const char *
range_hint(const Bounds *bounds, const RuleSourceFact *fact)
{
	RuleSourceFact wide = {.type = RULE_INTEGER,.low = PG_INT64_MIN,.high = PG_INT64_MAX};

	if (fact == NULL || fact->type != RULE_INTEGER || (bounds != NULL && is_empty(bounds, &wide)))
		return NULL;
	return psprintf("It lies between " INT64_FORMAT " and " INT64_FORMAT ".", fact->low, fact->high);
}

/* Warn when the condition, or else its negation, leaves a fact no value. */
static bool
warn_of_bounds(RuleSource *source, const RuleExpr *expr, bool positive)
{
	Bounds		bounds[BOUNDED_SLOTS] = {{0}};

	collect_bounds(bounds, expr, positive);
	for (int i = 0; i < BOUNDED_SLOTS; i++)
	{
		const RuleSourceFact *fact = i == NOW_SLOT ? NULL : &source->facts[i];

		if ((bounds[i].low == NULL && bounds[i].high == NULL) || !is_empty(&bounds[i], fact))
			continue;
		rule_warning(source, expr->path, range_hint(&bounds[i], fact),
					 positive ? "this cannot hold for any value of %s%s%s" : "this holds for every value of %s%s%s",
					 fact ? "\"" : "", fact ? fact->name : "the clock", fact ? "\"" : "");
		return true;
	}
	return false;
}

/* x compared with x */
static bool
compares_with_itself(const RuleExpr *expr)
{
	return (expr->kind == EXPR_AT_LEAST || expr->kind == EXPR_ABOVE || expr->kind == EXPR_EQUAL) &&
		expr->args[0]->kind == EXPR_FACT && expr->args[1]->kind == EXPR_FACT &&
		expr->args[0]->fact == expr->args[1]->fact;
}

/* Members of an "in" that the fact cannot be. */
static void
warn_of_members(RuleSource *source, const RuleExpr *expr)
{
	int			slot = bounded_slot(expr->args[0]);
	const RuleSourceFact *fact = slot >= 0 && slot != NOW_SLOT ? &source->facts[slot] : NULL;

	for (int i = 1; fact != NULL && fact->type == RULE_INTEGER && i < expr->nargs; i++)
	{
		if (expr->args[i]->number < fact->low || expr->args[i]->number > fact->high)
			rule_warning(source, expr->args[i]->path, range_hint(NULL, fact), "\"%s\" cannot be this value", fact->name);
	}
}

static void check_condition(RuleSource *source, const RuleExpr *expr, bool whole);

/* Of a junction, a negation, an "if": what is in it. */
static void
check_parts(RuleSource *source, const RuleExpr *expr)
{
	bool		junction = expr->kind == EXPR_AND || expr->kind == EXPR_OR;

	for (int i = 0; i < expr->nargs; i++)
	{
		const RuleExpr *arg = expr->args[i];

		if (arg->kind == EXPR_CONSTANT && arg->type == RULE_BOOLEAN &&
			(junction || expr->kind == EXPR_NOT || (expr->kind == EXPR_IF && i == 0)))
			rule_warning(source, arg->path, NULL, "a part of this condition is constant");
		else if (arg->type == RULE_BOOLEAN)
			check_condition(source, arg, !(junction && arg->kind == expr->kind));
		else
			check_parts(source, arg);
	}
}

/*
 * Warn of a condition that does not depend on its facts.  "whole" is false for
 * a part of a junction that has been looked at as one.
 */
static void
check_condition(RuleSource *source, const RuleExpr *expr, bool whole)
{
	if (expr->kind == EXPR_CONSTANT)
		return;
	if (compares_with_itself(expr))
		rule_warning(source, expr->path, NULL, "\"%s\" is compared with itself", source->facts[expr->args[0]->fact].name);
	else if (whole && (warn_of_bounds(source, expr, true) || warn_of_bounds(source, expr, false)))
		return;
	if (expr->kind == EXPR_IN)
		warn_of_members(source, expr);
	check_parts(source, expr);
}

static void
warn_of_condition(RuleSource *source, const RuleExpr *expr)
{
	if (expr == NULL)
		return;
	if (expr->kind == EXPR_CONSTANT)
		rule_warning(source, expr->path, NULL, "this condition is always %s", expr->number == RULE_TRUE ? "true" : "false");
	check_condition(source, expr, true);
}

static void
warn_of_conditions(RuleSource *source)
{
	ListCell   *cell;

	for (int i = 0; i < source->definition_count; i++)
	{
		if (source->definitions[i].value->type == RULE_BOOLEAN)
			warn_of_condition(source, source->definitions[i].value);
	}
	for (int i = 0; i < source->rule_count; i++)
	{
		warn_of_condition(source, source->rules[i].when);
		warn_of_condition(source, source->rules[i].assertion);
	}
	for (int i = 0; i < source->output_count; i++)
	{
		warn_of_condition(source, source->outputs[i].when);
		if (source->outputs[i].type == RULE_BOOLEAN)
			warn_of_condition(source, source->outputs[i].value);
	}
	foreach(cell, source->lines)
		warn_of_condition(source, ((const RuleSourceLine *) lfirst(cell))->condition);
}

/* ---- texts ---- */

/* Does the name in a text stand for something, which then is used? */
static bool
is_text_name(RuleSource *source, char *name, RuleNearest *nearest)
{
	bool		found = strcmp(name, RULE_FLIPS_AT) == 0;

	rule_nearest_init(nearest, name);
	rule_nearest_offer(nearest, RULE_FLIPS_AT);
	for (int i = 0; i < source->fact_count; i++)
	{
		bool		same = strcmp(source->facts[i].name, name) == 0;

		source->facts[i].used = source->facts[i].used || same;
		found = found || same;
		rule_nearest_offer(nearest, source->facts[i].name);
	}
	for (int i = 0; i < source->definition_count; i++)
	{
		bool		same = strcmp(source->definitions[i].name, name) == 0;

		source->definitions[i].used = source->definitions[i].used || same;
		found = found || same;
		rule_nearest_offer(nearest, source->definitions[i].name);
	}
	if (!found && source->params != NULL && rule_json_member(source->params, name) != NULL)
	{
		source->params_used = lappend(source->params_used, name);
		found = true;
	}
	return found;
}

static void
warn_of_text(RuleSource *source, const char *str, const RulePath *path)
{
	char	   *name;

	while ((name = rule_next_placeholder(&str, NULL)) != NULL)
	{
		RuleNearest nearest;

		if (!is_text_name(source, name, &nearest))
			rule_warning(source, path,
						 rule_nearest_hint(&nearest, "Write \"{{\" for a brace, or the name of a fact, a definition, a parameter, or flips_at."),
						 "{%s} stands for nothing", name);
	}
}

static void
warn_of_texts(RuleSource *source, const char *key)
{
	JsonbValue *rules = rule_json_member(&source->root, "rules");

	for (int i = 0; i < source->rule_count; i++)
	{
		const RulePath *path = rule_path_key(rule_path_index(rule_path_key(NULL, "rules"), i), key);
		JsonbValue *texts = rule_json_member(rule_json_element(rules, i), key);
		JsonbIterator *iterator;
		JsonbIteratorToken token;
		JsonbValue	value;
		char	   *language = NULL;

		if (texts == NULL)
			continue;
		iterator = JsonbIteratorInit(texts->val.binary.data);
		while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
		{
			if (token == WJB_KEY)
				language = rule_json_string(&value);
			else if (token == WJB_VALUE)
				warn_of_text(source, rule_json_string(&value), rule_path_key(path, language));
		}
	}
}

void
rule_find_warnings(RuleSource *source)
{
	warn_of_kind(source);
	warn_of_texts(source, "reason");
	warn_of_texts(source, "action");
	warn_of_unused_facts(source);
	warn_of_unused_params(source);
	warn_of_unused_definitions(source);
	warn_of_conditions(source);
}
