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

#include "bounds.h"
#include "json.h"
#include "kind.h"
#include "nearest.h"
#include "phrase.h"
#include "warning.h"

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

static const RulePath *
path_of_rule(int i)
{
	return rule_path_index(rule_path_key(NULL, "rules"), i);
}

/*
 * Other groups than the kind's may be used: those close to one are suspect.
 * What keeps a person out and stands in none is told to nobody but the person.
 */
static void
warn_of_groups(RuleSource *source, const RuleKind *kind)
{
	for (int i = 0; i < source->rule_count; i++)
	{
		const char *group = source->rules[i].group;
		const char *nearest = nearest_among(group, kind->groups);

		if (*group == '\0' && source->rules[i].blocking && kind->person != NULL)
			rule_warning(source, path_of_rule(i),
						 psprintf("Give it \"%s\", another part, or a group of its own.", kind->groups[0]),
						 "rule \"%s\" blocks and has no group: no part of the code shows it", source->rules[i].id);
		else if (nearest != NULL && !is_among(group, kind->groups))
			rule_warning(source, rule_path_key(path_of_rule(i), "group"),
						 psprintf("Perhaps \"%s\" is meant.", nearest),
						 "group \"%s\" means nothing to a ruleset of kind \"%s\"", group, kind->name);
	}
}

static void
warn_of_kind(RuleSource *source)
{
	RuleNearest nearest;
	const RuleKind *kind = rule_find_kind(source->kind);

	if (*source->kind == '\0')
		return;
	if (kind != NULL)
	{
		warn_of_outcomes(source, kind);
		warn_of_groups(source, kind);
		return;
	}
	rule_nearest_init(&nearest, source->kind);
	for (int i = 0; (kind = rule_kind(i)) != NULL; i++)
		rule_nearest_offer(&nearest, kind->name);
	rule_warning(source, rule_path_key(NULL, "kind"), rule_nearest_hint(&nearest, NULL),
				 "nothing decides by rulesets of kind \"%s\"", source->kind);
}

/* ---- rules that decide nothing ---- */

/* The rules that outcomes and outputs ask for, and those that these depend on. */
static uint64
rules_asked_for(const RuleSource *source)
{
	uint64		rules = 0;
	ListCell   *cell;

	foreach(cell, source->lines)
	{
		const RuleExpr *condition = ((const RuleSourceLine *) lfirst(cell))->condition;

		rules |= condition ? rule_rules_needed(source, condition) : 0;
	}
	for (int i = 0; i < source->output_count; i++)
	{
		const RuleOutput *output = &source->outputs[i];

		rules |= output->when ? rule_rules_needed(source, output->when) : 0;
		rules |= rule_rules_needed(source, output->value);
	}
	return rules;
}

/* Those that only warn are there for their texts. */
static void
warn_of_idle_rules(RuleSource *source)
{
	const RuleKind *kind = rule_find_kind(source->kind);
	const char *own_group = kind && kind->own_group ? kind->own_group : "";
	uint64		asked_for = rules_asked_for(source);

	for (int i = 0; i < source->rule_count; i++)
	{
		const RuleSourceRule *rule = &source->rules[i];

		if (rule->blocking && (asked_for >> i & 1) == 0 && (*own_group == '\0' || strcmp(rule->group, own_group) != 0))
			rule_warning(source, path_of_rule(i),
						 "Name it, its group or its severity in the \"if\" of an outcome, or give it severity \"warn\".",
						 "no outcome asks for rule \"%s\"", rule->id);
	}
}

/* ---- outcomes without a reason ---- */

/* What a condition is when all rules have passed and no fact is known. */
static int
truth_if_all_pass(const RuleExpr *expr)
{
	int			decisive = expr->kind == EXPR_AND ? RULE_FALSE : RULE_TRUE;
	bool		known = true;

	switch (expr->kind)
	{
		case EXPR_CONSTANT:
			return expr->number == RULE_TRUE ? RULE_TRUE : RULE_FALSE;
		case EXPR_PASSED:
			return RULE_TRUE;
		case EXPR_NOT:
			return -truth_if_all_pass(expr->args[0]);
		case EXPR_AND:
		case EXPR_OR:
			for (int i = 0; i < expr->nargs; i++)
			{
				int			truth = truth_if_all_pass(expr->args[i]);

				if (truth == decisive)
					return decisive;
				known = known && truth != RULE_UNKNOWN;
			}
			return known ? -decisive : RULE_UNKNOWN;
		default:
			return RULE_UNKNOWN;
	}
}

/*
 * A person is told why by the rules that fail or are not decided: an outcome
 * other than the best that comes about though all have passed has no reason.
 */
static void
warn_of_silent_outcomes(RuleSource *source)
{
	const RuleKind *kind = rule_find_kind(source->kind);

	for (int i = 0; kind != NULL && kind->person != NULL && i < list_length(source->lines); i++)
	{
		const RuleSourceLine *line = list_nth(source->lines, i);
		const char *name = source->names[line->outcome];
		int			truth = line->condition ? truth_if_all_pass(line->condition) : RULE_TRUE;

		if (truth != RULE_FALSE && is_among(name, kind->outcomes + 1))
			rule_warning(source, rule_path_index(rule_path_key(NULL, "outcomes"), i),
						 "Write a rule for it, with its reason, and ask for that.",
						 "outcome \"%s\" can come about though no rule fails: nobody is told why", name);
		if (truth == RULE_TRUE)
			return;
	}
}

/* ---- conditions that do not depend on their facts ---- */

/* What a comparison is about. */
static const char *
subject_name(const RuleSource *source, const RuleExpr *subject)
{
	switch (subject->kind)
	{
		case EXPR_FACT:
			return psprintf("\"%s\"", source->facts[subject->fact].name);
		case EXPR_NOW:
			return "the clock";
		case EXPR_WEEKDAY:
			return "the weekday";
		case EXPR_TIME:
			return "the time of day";
		default:
			return "what is compared";
	}
}

/* Values that cannot be, as a hint; NULL where any may be. */
static const char *
range_hint(const RuleSource *source, const RuleExpr *value)
{
	RuleRange	range;

	if (value->type != RULE_INTEGER || !rule_whole_range(source, value, &range))
		return NULL;
	return psprintf("It lies between " INT64_FORMAT " and " INT64_FORMAT ".", range.low, range.high);
}

/* Warn when the condition, or else its negation, leaves something no value. */
static bool
warn_of_bounds(RuleSource *source, const RuleExpr *expr, bool positive)
{
	bool		beyond;
	const RuleBounds *empty = rule_find_empty(source, expr, positive, &beyond);
	const char *name;

	if (empty == NULL)
		return false;
	name = subject_name(source, empty->subject);
	if (empty->base != NULL)
		name = psprintf("the time from %s to %s", subject_name(source, empty->base), name);
	rule_warning(source, expr->path, beyond ? range_hint(source, empty->subject) : NULL,
				 positive ? "this cannot hold for any value of %s" : "this holds for every value of %s", name);
	return true;
}

/* x compared with x */
static bool
compares_with_itself(const RuleExpr *expr)
{
	return (expr->kind == EXPR_AT_LEAST || expr->kind == EXPR_ABOVE || expr->kind == EXPR_EQUAL) &&
		expr->args[0]->kind == EXPR_FACT && expr->args[1]->kind == EXPR_FACT &&
		expr->args[0]->fact == expr->args[1]->fact;
}

/* Does it compare who somebody is with persons that the text names? */
static bool
names_persons(const RuleSource *source, const RuleExpr *expr)
{
	const RuleKind *kind = rule_find_kind(source->kind);
	bool		compares = expr->kind == EXPR_AT_LEAST || expr->kind == EXPR_ABOVE || expr->kind == EXPR_EQUAL || expr->kind == EXPR_IN;

	for (int i = 0; compares && kind != NULL && kind->person != NULL && i < expr->nargs; i++)
	{
		const RuleExpr *arg = expr->args[i];

		if (arg->kind == EXPR_FACT && strcmp(source->facts[arg->fact].name, kind->person) == 0)
			return true;
	}
	return false;
}

/* Members of an "in" that its value cannot be. */
static void
warn_of_members(RuleSource *source, const RuleExpr *expr)
{
	const RuleExpr *subject = expr->args[0];
	RuleRange	range;

	if (!rule_whole_range(source, subject, &range))
		return;
	for (int i = 1; i < expr->nargs; i++)
	{
		if (expr->args[i]->number < range.low || expr->args[i]->number > range.high)
			rule_warning(source, expr->args[i]->path, range_hint(source, subject), "%s cannot be this value", subject_name(source, subject));
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
	if (names_persons(source, expr))
		rule_warning(source, expr->path, "Decide by what is so of people. Where one person is an exception, override the code: that takes two, ends, and is shown.",
					 "this singles out persons by name");
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
		const RulePath *path = rule_path_key(path_of_rule(i), key);
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
	warn_of_idle_rules(source);
	warn_of_silent_outcomes(source);
	warn_of_conditions(source);
}
