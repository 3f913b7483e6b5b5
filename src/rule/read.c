/*-------------------------------------------------------------------------
 *
 * read.c
 *	  The sections of a ruleset's JSON, checked.
 *
 * src/rule/read.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lexer.h"

#include "miscadmin.h"

#include "expression.h"
#include "fact.h"
#include "guard.h"
#include "json.h"
#include "nearest.h"
#include "read.h"
#include "typing.h"

/* The texts a rule may have in several languages are kept in the JSON. */
static const char *const ruleset_keys[] = {
	"name", "version", "kind", "description", "facts", "params", "definitions", "rules",
	"outcomes", "outputs", "zone", "tests", NULL
};
static const char *const fact_keys[] = {"name", "type", "null", "description", NULL};
static const char *const definition_keys[] = {"name", "type", "value", "description", NULL};
static const char *const rule_keys[] = {
	"id", "group", "severity", "when", "assert", "on_unknown", "reason",
	"action", "description", NULL
};
static const char *const outcome_keys[] = {"if", "outcome", "description", NULL};
static const char *const output_keys[] = {"name", "type", "when", "value", "values", "description", NULL};
static const char *const test_keys[] = {"name", "at", "facts", "expect", NULL};
static const char *const expect_keys[] = {"outcome", "fail", "unknown", "valid_until", "outputs", NULL};

typedef void (*MemberReader) (RuleSource *source, const JsonbValue *json, const RulePath *path, int index);

/* "a, b, c" of a NULL-terminated list */
static char *
join_names(const char *const *names)
{
	StringInfoData buffer;

	initStringInfo(&buffer);
	for (; *names != NULL; names++)
		appendStringInfo(&buffer, "%s%s", buffer.len > 0 ? ", " : "", *names);
	return buffer.data;
}

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

/* A hint that names the nearest of the names. */
static const char *
hint_among(const char *name, const char *const *names, const char *hint)
{
	RuleNearest nearest;

	rule_nearest_init(&nearest, name);
	for (; *names != NULL; names++)
		rule_nearest_offer(&nearest, *names);
	return rule_nearest_hint(&nearest, hint);
}

/* Is this an object with no other keys than these? */
static bool
check_object(RuleSource *source, const JsonbValue *json, const RulePath *path, const char *const *keys)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	key;

	if (!rule_json_is_object(json))
	{
		rule_error(source, path, psprintf("Its keys are %s.", join_names(keys)),
				   "this must be an object, not %s", rule_json_show(json));
		return false;
	}
	iterator = JsonbIteratorInit(json->val.binary.data);
	while ((token = JsonbIteratorNext(&iterator, &key, true)) != WJB_DONE)
	{
		char	   *name = (token == WJB_KEY) ? rule_json_string(&key) : NULL;

		if (name != NULL && !is_among(name, keys))
			rule_error(source, rule_path_key(path, name),
					   hint_among(name, keys, psprintf("The keys here are %s.", join_names(keys))),
					   "there is no key \"%s\"", name);
	}
	return true;
}

/* A string member, or NULL with an error if it is required or no string. */
static char *
read_string(RuleSource *source, const JsonbValue *object, const RulePath *path,
			const char *key, bool required)
{
	JsonbValue *member = rule_json_member(object, key);
	char	   *str = rule_json_string(member);

	if (member == NULL && required)
		rule_error(source, path, NULL, "\"%s\" is missing", key);
	else if (member != NULL && str == NULL)
		rule_error(source, rule_path_key(path, key), NULL,
				   "\"%s\" must be a string, not %s", key, rule_json_show(member));
	return str;
}

/* A name of limited length; "" if it is missing or wrong. */
static const char *
read_name(RuleSource *source, const JsonbValue *object, const RulePath *path,
		  const char *key, bool required, int max_length)
{
	char	   *name = read_string(source, object, path, key, required);

	if (name == NULL)
		return "";
	if (*name == '\0' || strlen(name) > (size_t) max_length)
		rule_error(source, rule_path_key(path, key), NULL,
				   "\"%s\" must have 1 to %d bytes", key, max_length);
	return name;
}

/* Which of the words a member is; the first if it is missing or wrong. */
static int
read_choice(RuleSource *source, const JsonbValue *object, const RulePath *path,
			const char *key, bool required, const char *const *words)
{
	char	   *word = read_string(source, object, path, key, required);

	for (int i = 0; word != NULL && words[i] != NULL; i++)
	{
		if (strcmp(words[i], word) == 0)
			return i;
	}
	if (word != NULL)
		rule_error(source, rule_path_key(path, key),
				   hint_among(word, words, psprintf("It is one of %s.", join_names(words))),
				   "\"%s\" cannot be \"%s\"", key, word);
	return 0;
}

/* Each element of an array member, at most so many. */
static void
read_array(RuleSource *source, const JsonbValue *object, const RulePath *path, const char *key,
		   int min_count, int max_count, MemberReader read)
{
	JsonbValue *array = rule_json_member(object, key);
	const RulePath *array_path = rule_path_key(path, key);
	int			count;

	if (array == NULL && min_count == 0)
		return;
	if (!rule_json_is_array(array))
	{
		rule_error(source, array ? array_path : path, NULL,
				   array ? "\"%s\" must be an array" : "\"%s\" is missing", key);
		return;
	}
	count = rule_json_length(array);
	if (count < min_count || count > max_count)
	{
		rule_error(source, array_path, NULL, "\"%s\" must have %d to %d elements, not %d",
				   key, min_count, max_count, count);
		return;
	}
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		read(source, rule_json_element(array, i), rule_path_index(array_path, i), i);
	}
}

static void
read_fact(RuleSource *source, const JsonbValue *json, const RulePath *path, int index)
{
	static const char *const null_meanings[] = {"unknown", "absent", NULL};
	static const char *const types[] = {
		"boolean", "smallint", "integer", "bigint", "numeric", "real", "double precision",
		"text", "date", "timestamptz", "time", NULL
	};
	RuleSourceFact *fact = &source->facts[index];
	char	   *type;

	/* a slot for each, so that what refers to it is checked too */
	fact->name = "";
	fact->type = RULE_ANY;
	source->fact_count = index + 1;
	if (!check_object(source, json, path, fact_keys))
		return;
	fact->name = read_name(source, json, path, "name", true, RULE_MAX_NAME);
	fact->absent = read_choice(source, json, path, "null", true, null_meanings) == 1;
	type = read_string(source, json, path, "type", true);
	if (type != NULL && !rule_fact_type_from_name(type, &fact->type, &fact->list))
		rule_error(source, rule_path_key(path, "type"),
				   hint_among(type, types, "Types are boolean, smallint, integer, bigint, numeric, real, "
							  "double precision, text, date, timestamptz and time, and lists of them such as text[]."),
				   "\"%s\" is no type of a fact", type);
	if (type != NULL)
		rule_type_range(type, &fact->low, &fact->high);
	if (strcmp(fact->name, source->facts[RULE_CURRENT].name) == 0 ||
		strcmp(fact->name, source->facts[RULE_ACCUMULATOR].name) == 0)
		rule_error(source, rule_path_key(path, "name"), "It names what a list is walked by.",
				   "\"%s\" cannot be the name of a fact", fact->name);
	for (int i = 0; i < index; i++)
	{
		if (*fact->name != '\0' && strcmp(source->facts[i].name, fact->name) == 0)
			rule_error(source, rule_path_key(path, "name"), NULL,
					   "fact \"%s\" is declared twice", fact->name);
	}
}

/* {"en": "...", "ms": "..."}: texts by language */
static void
check_texts(RuleSource *source, const JsonbValue *rule, const RulePath *path, const char *key)
{
	JsonbValue *texts = rule_json_member(rule, key);
	const RulePath *texts_path = rule_path_key(path, key);
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	value;
	char	   *language = NULL;

	if (texts == NULL)
		return;
	if (!rule_json_is_object(texts))
	{
		rule_error(source, texts_path, "Write the texts by language: {\"en\": \"...\"}.",
				   "\"%s\" must be an object", key);
		return;
	}
	iterator = JsonbIteratorInit(texts->val.binary.data);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			language = rule_json_string(&value);
		else if (token == WJB_VALUE && value.type != jbvString)
			rule_error(source, rule_path_key(texts_path, language), NULL, "the text must be a string");
	}
}

/* The type of a value, by name; RULE_ANY if there is none or it is wrong. */
static RuleType
read_value_type(RuleSource *source, const JsonbValue *json, const RulePath *path, bool required)
{
	static const char *const types[] = {
		"boolean", "integer", "numeric", "text", "date", "timestamptz", "time", NULL
	};
	RuleType	type = RULE_ANY;

	if (required || rule_json_member(json, "type") != NULL)
		(void) rule_type_from_name(types[read_choice(source, json, path, "type", required, types)], &type);
	return type;
}

static bool
is_taken(const RuleSource *source, const char *name)
{
	for (int i = 0; i < source->definition_count; i++)
	{
		if (strcmp(source->definitions[i].name, name) == 0)
			return true;
	}
	for (int i = 0; i < RULE_SLOTS; i++)
	{
		if ((i < source->fact_count || i >= RULE_MAX_FACTS) && strcmp(source->facts[i].name, name) == 0)
			return true;
	}
	return false;
}

/* The tree of a definition; it is typed by itself, as it has several users. */
static RuleExpr *
read_definition_value(RuleSource *source, const JsonbValue *json, const RulePath *path)
{
	JsonbValue *value = rule_json_member(json, "value");
	const RulePath *value_path = rule_path_key(path, "value");
	RuleType	type = read_value_type(source, json, path, false);
	RuleExpr   *expr;

	if (value == NULL)
	{
		rule_error(source, path, NULL, "\"value\" is missing");
		return NULL;
	}
	expr = rule_expression(source, value, value_path);
	if (expr == NULL || (type != RULE_ANY && !rule_coerce(source, expr, type)))
		return NULL;
	if (expr->type == RULE_ANY || expr->type == RULE_LIST || expr->kind == EXPR_CONSTANT)
	{
		rule_error(source, value_path,
				   "Give a choice between constants a \"type\"; a constant stands in \"params\", a list is named where it is walked.",
				   "a definition must be a condition or a value made of facts");
		return NULL;
	}
	return expr;
}

static void
read_definition(RuleSource *source, const JsonbValue *json, const RulePath *path, int index)
{
	RuleDefinition *definition = &source->definitions[index];

	definition->name = "";
	definition->path = path;
	if (check_object(source, json, path, definition_keys))
	{
		source->definitions_met = 0;
		definition->value = read_definition_value(source, json, path);
		definition->definitions = source->definitions_met | UINT64CONST(1) << index;
		definition->name = read_name(source, json, path, "name", true, RULE_MAX_NAME);
		if (*definition->name != '\0' && is_taken(source, definition->name))
			rule_error(source, rule_path_key(path, "name"), NULL,
					   "\"%s\" is the name of a fact or of another definition", definition->name);
	}
	source->definition_count = index + 1;
}

/* not when, or assert */
static RuleExpr *
read_rule_condition(RuleSource *source, RuleSourceRule *rule, const JsonbValue *json, const RulePath *path)
{
	JsonbValue *when = rule_json_member(json, "when");
	JsonbValue *assertion = rule_json_member(json, "assert");
	RuleExpr   *result = NULL;
	RuleExpr   *guard = NULL;

	if (assertion == NULL)
		rule_error(source, path, NULL, "\"assert\" is missing");
	else
		result = rule_condition(source, assertion, rule_path_key(path, "assert"));
	if (when != NULL)
		guard = rule_condition(source, when, rule_path_key(path, "when"));
	if (result == NULL || (when != NULL && guard == NULL))
		return NULL;
	rule->assertion = result;
	rule->when = guard;
	if (guard != NULL)
		result = rule_make_expr(EXPR_OR, RULE_BOOLEAN, path, 2,
								rule_make_expr(EXPR_NOT, RULE_BOOLEAN, path, 1, guard), result);
	rule_check_guards(source, result);
	return result;
}

static void
read_rule(RuleSource *source, const JsonbValue *json, const RulePath *path, int index)
{
	static const char *const severities[] = {"block", "warn", NULL};
	static const char *const on_unknowns[] = {"unknown", "fail", "pass", NULL};
	RuleSourceRule *rule = &source->rules[index];

	rule->id = "";
	rule->group = "";
	if (check_object(source, json, path, rule_keys))
	{
		source->definitions_met = 0;
		rule->condition = read_rule_condition(source, rule, json, path);
		rule->definitions = source->definitions_met;
		rule->rules = rule->condition ? rule_rules_needed(source, rule->condition) : 0;
		rule->group = read_name(source, json, path, "group", false, RULE_MAX_NAME);
		rule->blocking = read_choice(source, json, path, "severity", false, severities) == 0;
		rule->on_unknown = (RuleOnUnknown) read_choice(source, json, path, "on_unknown", false, on_unknowns);
		check_texts(source, json, path, "reason");
		check_texts(source, json, path, "action");
		rule->id = read_name(source, json, path, "id", true, RULE_MAX_NAME);
		if (*rule->id != '\0' && rule_find_rule(source, rule->id) >= 0)
			rule_error(source, rule_path_key(path, "id"), NULL, "rule \"%s\" is there twice", rule->id);
	}
	source->rule_count = index + 1;
}

/* The number of an outcome's name, which is added when it is new. */
static int
find_outcome(RuleSource *source, const char *name, const RulePath *path)
{
	for (int i = 0; i < source->name_count; i++)
	{
		if (strcmp(source->names[i], name) == 0)
			return i;
	}
	if (source->name_count == RULE_MAX_OUTCOMES)
	{
		rule_error(source, path, NULL, "a ruleset may have at most %d different outcomes",
				   RULE_MAX_OUTCOMES);
		return 0;
	}
	source->names[source->name_count] = name;
	return source->name_count++;
}

static bool
is_outcome_name(const char *name)
{
	for (; *name; name++)
	{
		if (!lexer_is_alnum(*name) && strchr("_-.", *name) == NULL)
			return false;
	}
	return true;
}

static void
read_outcome(RuleSource *source, const JsonbValue *json, const RulePath *path, int index)
{
	RuleSourceLine *line = palloc0(sizeof(RuleSourceLine));
	JsonbValue *condition;
	const char *name;

	(void) index;
	source->lines = lappend(source->lines, line);
	if (!check_object(source, json, path, outcome_keys))
		return;
	name = read_name(source, json, path, "outcome", true, RULE_MAX_OUTCOME_NAME);
	if (!is_outcome_name(name))
		rule_error(source, rule_path_key(path, "outcome"),
				   "Use letters, digits, \"_\", \"-\" and \".\".",
				   "\"%s\" is no name of an outcome", name);
	line->outcome = find_outcome(source, name, path);
	condition = rule_json_member(json, "if");
	if (condition != NULL)
	{
		line->condition = rule_condition(source, condition, rule_path_key(path, "if"));
		if (line->condition != NULL)
			rule_check_guards(source, line->condition);
	}
}

/* The texts that an output may be, an array of strings. */
static JsonbValue *
read_listed(RuleSource *source, const JsonbValue *json, const RulePath *path)
{
	JsonbValue *listed = rule_json_member(json, "values");
	bool		good = rule_json_is_array(listed) && rule_json_length(listed) > 0;

	for (int i = 0; good && i < rule_json_length(listed); i++)
		good = rule_json_string(rule_json_element(listed, i)) != NULL;
	if (good)
		return listed;
	rule_error(source, path, "List them: \"values\": [\"a\", \"b\"].",
			   "an output of type text needs the texts that it may be");
	return NULL;
}

/* Is every text that an expression may be one of the list? */
static void
check_listed(RuleSource *source, const RuleExpr *expr, const JsonbValue *listed)
{
	RuleNearest nearest;
	char	   *str;

	if (expr->kind == EXPR_IF)
	{
		check_listed(source, expr->args[1], listed);
		check_listed(source, expr->args[2], listed);
		return;
	}
	str = expr->kind == EXPR_CONSTANT ? rule_json_string(expr->literal) : NULL;

	if (str == NULL)
	{
		rule_error(source, expr->path, "Choose by \"if\" between texts that are written out.",
				   "an output of type text must be one of its \"values\"");
		return;
	}
	rule_nearest_init(&nearest, str);
	for (int i = 0; i < rule_json_length(listed); i++)
	{
		char	   *value = rule_json_string(rule_json_element(listed, i));

		if (strcmp(value, str) == 0)
			return;
		rule_nearest_offer(&nearest, value);
	}
	rule_error(source, expr->path, rule_nearest_hint(&nearest, NULL), "\"%s\" is none of its \"values\"", str);
}

/* A read in the value is guarded by "when", as the right branch of an "if" is. */
static void
check_output_guards(RuleSource *source, const RuleOutput *output, const RulePath *path)
{
	RuleExpr   *otherwise = rule_make_expr(EXPR_CONSTANT, output->type, path, 0);

	if (output->when == NULL)
		rule_check_guards(source, output->value);
	else
		rule_check_guards(source, rule_make_expr(EXPR_IF, output->type, path, 3,
												 output->when, output->value, otherwise));
}

static void
read_output_value(RuleSource *source, RuleOutput *output, const JsonbValue *json, const RulePath *path)
{
	JsonbValue *when = rule_json_member(json, "when");
	JsonbValue *value = rule_json_member(json, "value");
	JsonbValue *listed = output->type == RULE_TEXT ? read_listed(source, json, path) : NULL;
	RuleExpr   *expr;

	if (value == NULL)
	{
		rule_error(source, path, NULL, "\"value\" is missing");
		return;
	}
	if (when != NULL)
		output->when = rule_condition(source, when, rule_path_key(path, "when"));
	expr = rule_expression(source, value, rule_path_key(path, "value"));
	if (expr != NULL && output->type == RULE_NUMERIC)
		expr = rule_widen(source, expr);
	if (expr == NULL || (when != NULL && output->when == NULL) || !rule_coerce(source, expr, output->type))
		return;
	if (listed != NULL)
		check_listed(source, expr, listed);
	output->value = expr;
	check_output_guards(source, output, path);
}

static void
read_output(RuleSource *source, const JsonbValue *json, const RulePath *path, int index)
{
	RuleOutput *output = &source->outputs[index];

	output->name = "";
	if (check_object(source, json, path, output_keys))
	{
		output->type = read_value_type(source, json, path, true);
		read_output_value(source, output, json, path);
		output->name = read_name(source, json, path, "name", true, RULE_MAX_NAME);
		for (int i = 0; i < index; i++)
		{
			if (*output->name != '\0' && strcmp(source->outputs[i].name, output->name) == 0)
				rule_error(source, rule_path_key(path, "name"), NULL, "output \"%s\" is there twice", output->name);
		}
	}
	source->output_count = index + 1;
}

static void
read_zone(RuleSource *source, const JsonbValue *root)
{
	char	   *zone = read_string(source, root, NULL, "zone", false);

	source->zone = zone ? zone : "UTC";
	if (rule_find_zone(source->zone) == NULL)
		rule_error(source, rule_path_key(NULL, "zone"), "Name a zone such as \"Asia/Singapore\", or \"UTC\".",
				   "there is no time zone \"%s\"", source->zone);
}

/* The last outcome, and only that, has no condition: there is always one. */
static void
check_outcomes(RuleSource *source, const JsonbValue *json)
{
	const RulePath *path = rule_path_key(NULL, "outcomes");
	JsonbValue *array = rule_json_member(json, "outcomes");
	int			last = list_length(source->lines) - 1;

	for (int i = 0; i <= last; i++)
	{
		JsonbValue *line = rule_json_element(array, i);
		bool		has_condition = rule_json_is_object(line) && rule_json_member(line, "if") != NULL;

		if (has_condition == (i == last))
			rule_error(source, rule_path_index(path, i),
					   "The last outcome, and no other, stands without \"if\": it is the one otherwise.",
					   i == last ? "the last outcome must have no \"if\"" : "\"if\" is missing");
	}
}

/* The names in a test's list, each of which must be a rule's. */
static void
check_rule_names(RuleSource *source, const JsonbValue *list, const RulePath *path)
{
	if (list == NULL)
		return;
	if (!rule_json_is_array(list))
	{
		rule_error(source, path, NULL, "this must be an array of rule ids");
		return;
	}
	for (int i = 0; i < rule_json_length(list); i++)
	{
		const JsonbValue *element = rule_json_element(list, i);
		char	   *id = rule_json_string(element);

		if (id == NULL || rule_find_rule(source, id) < 0)
			rule_error(source, rule_path_index(path, i), id ? rule_id_hint(source, id, NULL) : NULL, "there is no rule %s",
					   rule_json_show(element));
	}
}

/* {"name": value}: outputs, each with a value of its type or null */
static void
check_expected_outputs(RuleSource *source, const JsonbValue *outputs, const RulePath *path)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	value;
	char	   *name = NULL;

	if (outputs == NULL)
		return;
	if (!rule_json_is_object(outputs))
	{
		rule_error(source, path, NULL, "this must be an object of outputs");
		return;
	}
	iterator = JsonbIteratorInit(outputs->val.binary.data);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		const RuleOutput *output;
		Datum		ignored;

		if (token == WJB_KEY)
			name = rule_json_string(&value);
		if (token != WJB_VALUE)
			continue;
		output = rule_find_output(source, name);
		if (output == NULL)
			rule_error(source, rule_path_key(path, name), NULL, "there is no output \"%s\"", name);
		else if (value.type != jbvNull && output->type != RULE_ANY &&
				 !rule_datum_from_json(&value, output->type, &ignored))
			rule_error(source, rule_path_key(path, name), NULL, "%s is no %s",
					   rule_json_show(&value), rule_type_name(output->type));
	}
}

static void
read_expectation(RuleSource *source, RuleSourceTest *test, const JsonbValue *expect, const RulePath *path)
{
	JsonbValue *outcome;
	char	   *name;
	int64		instant;
	bool		known = false;

	if (!check_object(source, expect, path, expect_keys))
		return;
	outcome = test->outcome = rule_json_member(expect, "outcome");
	name = rule_json_string(outcome);
	for (int i = 0; name != NULL && i < source->name_count; i++)
		known = known || strcmp(source->names[i], name) == 0;
	if (outcome != NULL && outcome->type != jbvNull && !known)
		rule_error(source, rule_path_key(path, "outcome"),
				   "Write an outcome's name, or null where it cannot be decided.",
				   "there is no outcome %s", rule_json_show(outcome));
	test->outputs = rule_json_member(expect, "outputs");
	check_expected_outputs(source, test->outputs, rule_path_key(path, "outputs"));
	test->fail = rule_json_member(expect, "fail");
	check_rule_names(source, test->fail, rule_path_key(path, "fail"));
	test->unknown = rule_json_member(expect, "unknown");
	check_rule_names(source, test->unknown, rule_path_key(path, "unknown"));
	test->valid_until = rule_json_member(expect, "valid_until");
	if (test->valid_until != NULL &&
		(test->valid_until->type != jbvString ||
		 !rule_parse_timestamptz(test->valid_until->val.string.val,
								 test->valid_until->val.string.len, &instant)))
		rule_error(source, rule_path_key(path, "valid_until"), NULL, "%s is no timestamptz",
				   rule_json_show(test->valid_until));
}

static void
check_test_facts(RuleSource *source, const JsonbValue *facts, const RulePath *path)
{
	JsonbIterator *iterator = JsonbIteratorInit(facts->val.binary.data);
	JsonbIteratorToken token;
	JsonbValue	value;
	char	   *name = NULL;

	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		int			fact = 0;
		Datum		ignored;

		if (token == WJB_KEY)
			name = rule_json_string(&value);
		if (token != WJB_VALUE)
			continue;
		while (fact < source->fact_count && strcmp(source->facts[fact].name, name) != 0)
			fact++;
		if (fact == source->fact_count)
			rule_error(source, rule_path_key(path, name), rule_fact_hint(source, name, NULL),
					   "there is no fact \"%s\"", name);
		else if (value.type != jbvNull && source->facts[fact].type != RULE_ANY &&
				 !rule_fact_from_json(&value, source->facts[fact].type, source->facts[fact].list, &ignored))
			rule_error(source, rule_path_key(path, name), NULL, "%s is no %s",
					   rule_json_show(&value),
					   rule_fact_type_name(source->facts[fact].type, source->facts[fact].list));
	}
}

static void
read_test(RuleSource *source, const JsonbValue *json, const RulePath *path, int index)
{
	RuleSourceTest *test = palloc0(sizeof(RuleSourceTest));
	JsonbValue *facts,
			   *expect;
	char	   *at;
	int64		clock = 0;

	test->index = index;
	if (!check_object(source, json, path, test_keys))
		return;
	test->name = read_string(source, json, path, "name", false);
	at = read_string(source, json, path, "at", source->uses_clock);
	if (at != NULL && !rule_parse_timestamptz(at, strlen(at), &clock))
		rule_error(source, rule_path_key(path, "at"),
				   "Write it as \"2026-11-21T08:30:00+08:00\".", "\"%s\" is no timestamptz", at);
	test->clock = clock;
	facts = rule_json_member(json, "facts");
	if (!rule_json_is_object(facts))
		rule_error(source, path, "Write the facts as {\"name\": value, ...}.", "\"facts\" must be an object");
	else
	{
		check_test_facts(source, facts, rule_path_key(path, "facts"));
		test->facts = JsonbValueToJsonb(facts);
	}
	expect = rule_json_member(json, "expect");
	if (expect == NULL)
		rule_error(source, path, NULL, "\"expect\" is missing");
	else
		read_expectation(source, test, expect, rule_path_key(path, "expect"));
	source->tests = lappend(source->tests, test);
}

/* Read everything; what is wrong is in source->errors. */
RuleSource *
rule_read(Jsonb *json)
{
	RuleSource *source = palloc0(sizeof(RuleSource));
	JsonbValue *root = &source->root;

	source->facts[RULE_CURRENT].name = "current";
	source->facts[RULE_ACCUMULATOR].name = "accumulator";
	root->type = jbvBinary;
	root->val.binary.data = &json->root;
	root->val.binary.len = VARSIZE(json) - VARHDRSZ;
	if (!check_object(source, root, NULL, ruleset_keys))
		return source;
	source->name = read_name(source, root, NULL, "name", true, RULE_MAX_NAME);
	source->kind = read_name(source, root, NULL, "kind", false, RULE_MAX_NAME);
	(void) read_string(source, root, NULL, "version", false);
	source->params = rule_json_member(root, "params");
	if (source->params != NULL && !rule_json_is_object(source->params))
	{
		rule_error(source, rule_path_key(NULL, "params"), NULL, "\"params\" must be an object");
		source->params = NULL;
	}
	read_array(source, root, NULL, "facts", 0, RULE_MAX_FACTS, read_fact);
	read_array(source, root, NULL, "definitions", 0, RULE_MAX_VALUES, read_definition);
	read_array(source, root, NULL, "rules", 0, RULE_MAX_RULES, read_rule);
	source->in_outcomes = true;
	read_array(source, root, NULL, "outcomes", 1, PG_INT16_MAX, read_outcome);
	check_outcomes(source, root);
	read_array(source, root, NULL, "outputs", 0, RULE_MAX_OUTPUTS, read_output);
	read_zone(source, root);
	read_array(source, root, NULL, "tests", 0, PG_INT32_MAX, read_test);
	return source;
}
