/*-------------------------------------------------------------------------
 *
 * expression.c
 *	  One JSON expression into a typed tree.
 *
 * Literals and parameters take the type of what they are compared with.
 * A function here that finds an error records it and returns NULL.
 *
 * src/rule/expression.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lexer.h"

#include "common/int.h"
#include "miscadmin.h"
#include "utils/timestamp.h"

#include "expression.h"
#include "json.h"
#include "nearest.h"
#include "typing.h"

#define ANY_NUMBER_OF		PG_INT32_MAX

typedef RuleExpr *(*Builder) (RuleSource *source, const RuleOperands *operands);

typedef struct Operator
{
	const char *name;
	int			min_operands;
	int			max_operands;
	Builder		build;
} Operator;

static RuleExpr *build(RuleSource *source, const JsonbValue *json, const RulePath *path, int depth);

static RuleExpr *
negation(RuleExpr *condition)
{
	return rule_make_expr(EXPR_NOT, RULE_BOOLEAN, condition->path, 1, condition);
}

/*
 * Give all the type of the first that has one, or numeric if some are that and
 * others integers; RULE_ANY on error.
 */
static RuleType
unify(RuleSource *source, const RuleOperands *operands, RuleExpr **args, int count)
{
	RuleType	type = RULE_ANY;

	for (int i = 0; i < count; i++)
	{
		if (type == RULE_ANY || (type == RULE_INTEGER && args[i]->type == RULE_NUMERIC))
			type = args[i]->type;
	}
	if (type == RULE_ANY)
	{
		rule_error(source, operands->path, NULL,
				   "\"%s\" has only constants as operands", operands->operator);
		return RULE_ANY;
	}
	if (type == RULE_LIST)
	{
		rule_error(source, operands->path, "Ask \"some\" or \"all\" of its elements.",
				   "\"%s\" does not compare lists", operands->operator);
		return RULE_ANY;
	}
	for (int i = 0; i < count; i++)
	{
		if (type == RULE_NUMERIC)
			args[i] = rule_widen(source, args[i]);
		if (args[i] == NULL || !rule_coerce(source, args[i], type))
			return RULE_ANY;
	}
	return type;
}

/* ---- operators ---- */

static int
find_fact(const RuleSource *source, const char *name)
{
	for (int i = 0; i < source->fact_count; i++)
	{
		if (strcmp(source->facts[i].name, name) == 0)
			return i;
	}
	if (strcmp(name, source->facts[RULE_CURRENT].name) == 0)
		return RULE_CURRENT;
	return strcmp(name, source->facts[RULE_ACCUMULATOR].name) == 0 ? RULE_ACCUMULATOR : -1;
}

static RuleExpr *
build_var(RuleSource *source, const RuleOperands *operands)
{
	char	   *name = rule_string_operand(source, operands, 0, "the name of a fact");
	RuleExpr   *expr;
	int			fact;

	if (name == NULL)
		return NULL;
	fact = find_fact(source, name);
	if (fact < 0 || (fact >= source->fact_count && source->facts[fact].type == RULE_ANY))
	{
		rule_error(source, operands->path, rule_fact_hint(source, name, "Declare it in \"facts\"."),
				   "there is no fact \"%s\"", name);
		return NULL;
	}
	source->facts[fact].used = true;
	if (source->facts[fact].type == RULE_ANY)
		return NULL;			/* its declaration is wrong, which is reported
								 * there */
	expr = rule_make_expr(EXPR_FACT, source->facts[fact].list ? RULE_LIST : source->facts[fact].type,
						  operands->path, 0);
	expr->fact = fact;
	return expr;
}

/* {"definition": name}: the tree of what stands under the name */
static RuleExpr *
build_definition(RuleSource *source, const RuleOperands *operands)
{
	char	   *name = rule_string_operand(source, operands, 0, "the name of a definition");
	RuleDefinition *found = NULL;

	if (name == NULL)
		return NULL;
	for (int i = 0; i < source->definition_count && found == NULL; i++)
	{
		if (strcmp(source->definitions[i].name, name) == 0)
			found = &source->definitions[i];
	}
	if (found == NULL)
	{
		rule_error(source, operands->path,
				   rule_definition_hint(source, name, "A definition may refer to the definitions before it."),
				   "there is no definition \"%s\"", name);
		return NULL;
	}
	found->used = true;
	source->definitions_met |= found->definitions;
	if (found->value != NULL && operands->depth + found->value->height > RULE_MAX_DEPTH)
	{
		rule_error(source, operands->path, "Give a part a rule of its own and refer to it.",
				   "with what \"%s\" says, the expression is more than %d levels deep", name, RULE_MAX_DEPTH);
		return NULL;
	}
	return found->value;
}

static RuleExpr *
build_present(RuleSource *source, const RuleOperands *operands)
{
	RuleExpr   *fact = rule_build_operand(source, operands, 0);
	RuleExpr   *expr;

	if (fact == NULL)
		return NULL;
	if (fact->kind != EXPR_FACT)
	{
		rule_error(source, operands->path, "Write {\"present\": {\"var\": \"name\"}}.",
				   "\"present\" needs a fact");
		return NULL;
	}
	if (!source->facts[fact->fact].absent)
	{
		rule_error(source, operands->path,
				   "Declare that NULL means \"absent\", or leave the question out: "
				   "whatever needs the fact becomes unknown by itself.",
				   "fact \"%s\" is unknown when NULL, so whether it is present is unknown too",
				   source->facts[fact->fact].name);
		return NULL;
	}
	expr = rule_make_expr(EXPR_PRESENT, RULE_BOOLEAN, operands->path, 0);
	expr->fact = fact->fact;
	return expr;
}

static RuleExpr *
build_now(RuleSource *source, const RuleOperands *operands)
{
	source->uses_clock = true;
	return rule_make_expr(EXPR_NOW, RULE_TIMESTAMPTZ, operands->path, 0);
}

static RuleExpr *
make_passed(const RulePath *path, uint64 mask)
{
	RuleExpr   *expr = rule_make_expr(EXPR_PASSED, RULE_BOOLEAN, path, 0);

	expr->mask = mask;
	return expr;
}

static RuleExpr *
build_rule(RuleSource *source, const RuleOperands *operands)
{
	char	   *id = rule_string_operand(source, operands, 0, "the id of a rule");
	int			rule;

	if (id == NULL)
		return NULL;
	rule = rule_find_rule(source, id);
	if (rule < 0)
	{
		rule_error(source, operands->path, rule_id_hint(source, id, "A rule may refer to the rules before it."),
				   "there is no rule \"%s\" before this", id);
		return NULL;
	}
	return make_passed(operands->path, UINT64CONST(1) << rule);
}

/* {"group": name}, {"severity": name}: every such rule passed */
static RuleExpr *
build_rules(RuleSource *source, const RuleOperands *operands)
{
	bool		by_group = strcmp(operands->operator, "group") == 0;
	char	   *name = rule_string_operand(source, operands, 0, by_group ? "the name of a group" : "a severity");
	uint64		mask = 0;
	RuleNearest nearest;

	if (name == NULL)
		return NULL;
	rule_nearest_init(&nearest, name);
	if (!source->in_outcomes)
	{
		rule_error(source, operands->path, "Refer to single rules by {\"rule\": id}.",
				   "\"%s\" may be used in outcomes only", operands->operator);
		return NULL;
	}
	for (int i = 0; i < source->rule_count; i++)
	{
		const RuleSourceRule *rule = &source->rules[i];
		const char *has = by_group ? rule->group : rule->blocking ? "block" : "warn";

		rule_nearest_offer(&nearest, has);
		if (strcmp(has, name) == 0)
			mask |= UINT64CONST(1) << i;
	}
	if (mask == 0)
	{
		rule_error(source, operands->path, rule_nearest_hint(&nearest, NULL), "no rule has the %s \"%s\"", operands->operator, name);
		return NULL;
	}
	return make_passed(operands->path, mask);
}

static RuleExpr *
build_junction(RuleSource *source, const RuleOperands *operands)
{
	RuleExpr  **args = rule_build_operands(source, operands, operands->count);

	if (args == NULL)
		return NULL;
	for (int i = 0; i < operands->count; i++)
	{
		if (!rule_coerce(source, args[i], RULE_BOOLEAN))
			return NULL;
	}
	if (operands->count == 1)
		return args[0];
	return rule_make_expr_list(strcmp(operands->operator, "and") == 0 ? EXPR_AND : EXPR_OR,
							   RULE_BOOLEAN, operands->path, operands->count, args);
}

static RuleExpr *
build_not(RuleSource *source, const RuleOperands *operands)
{
	RuleExpr   *arg = rule_build_operand(source, operands, 0);

	if (arg == NULL || !rule_coerce(source, arg, RULE_BOOLEAN))
		return NULL;
	return rule_make_expr(EXPR_NOT, RULE_BOOLEAN, operands->path, 1, arg);
}

static RuleExpr *
build_equal(RuleSource *source, const RuleOperands *operands)
{
	RuleExpr  **args = rule_build_operands(source, operands, 2);

	if (args == NULL || unify(source, operands, args, 2) == RULE_ANY)
		return NULL;
	return rule_make_expr(EXPR_EQUAL, RULE_BOOLEAN, operands->path, 2, args[0], args[1]);
}

/* Members of an "in" list, from the JSON array or the parameter that is one. */
static RuleExpr *
build_in(RuleSource *source, const RuleOperands *operands)
{
	RuleExpr   *value = rule_build_operand(source, operands, 0);
	const RulePath *path = rule_operand_path(operands, 1);
	const JsonbValue *list = rule_resolve_param(source, rule_operand_json(operands, 1), path);
	RuleExpr  **args;
	int			count;

	if (value == NULL || list == NULL)
		return NULL;
	if (rule_json_is_object(list))
		return rule_build_in_list(source, operands, value);
	if (!rule_json_is_array(list) || rule_json_length(list) == 0)
	{
		rule_error(source, path, NULL, "\"in\" needs a list of constants, not %s", rule_json_show(list));
		return NULL;
	}
	if (value->type == RULE_ANY || value->type == RULE_BOOLEAN || value->type == RULE_LIST)
	{
		rule_error(source, operands->path, NULL, "\"in\" needs a number, text or date before the list");
		return NULL;
	}
	count = 1 + rule_json_length(list);
	args = palloc(sizeof(RuleExpr *) * count);
	args[0] = value;
	for (int i = 1; i < count; i++)
	{
		RuleExpr   *member = build(source, rule_json_element(list, i - 1),
								   rule_path_index(path, i - 1), operands->depth + 1);

		if (member == NULL)
			return NULL;
		if (member->kind != EXPR_CONSTANT)
		{
			rule_error(source, member->path, "Write one comparison for each in an \"or\".",
					   "the members of \"in\" must be constants");
			return NULL;
		}
		if (!rule_coerce(source, member, value->type))
			return NULL;
		args[i] = member;
	}
	return rule_make_expr_list(EXPR_IN, RULE_BOOLEAN, operands->path, count, args);
}

/* The comparison of two operands; only >= and > exist in the tree. */
static RuleExpr *
make_comparison(const char *operator, const RulePath *path, RuleExpr *a, RuleExpr *b)
{
	if (strcmp(operator, ">=") == 0 || strcmp(operator, "not-before") == 0)
		return rule_make_expr(EXPR_AT_LEAST, RULE_BOOLEAN, path, 2, a, b);
	if (strcmp(operator, ">") == 0 || strcmp(operator, "after") == 0)
		return rule_make_expr(EXPR_ABOVE, RULE_BOOLEAN, path, 2, a, b);
	if (strcmp(operator, "<") == 0 || strcmp(operator, "before") == 0)
		return negation(rule_make_expr(EXPR_AT_LEAST, RULE_BOOLEAN, path, 2, a, b));
	return negation(rule_make_expr(EXPR_ABOVE, RULE_BOOLEAN, path, 2, a, b));
}

/* Two operands, or three: a < b < c means a < b and b < c. */
static RuleExpr *
build_comparison(RuleSource *source, const RuleOperands *operands)
{
	RuleExpr  **args = rule_build_operands(source, operands, operands->count);
	const char *operator = operands->operator;
	bool		of_time = lexer_is_letter(*operator);
	RuleType	type;
	RuleExpr   *first;

	if (args == NULL || (type = unify(source, operands, args, operands->count)) == RULE_ANY)
		return NULL;
	if (of_time != (type == RULE_DATE || type == RULE_TIMESTAMPTZ || type == RULE_TIME) ||
		type == RULE_TEXT || type == RULE_BOOLEAN)
	{
		rule_error(source, operands->path,
				   type == RULE_TEXT || type == RULE_BOOLEAN ?
				   "These have no order here: use \"===\" or \"in\"." :
				   of_time ? "Use <, <=, > or >= for numbers." :
				   "Use before, after, not-before or not-after for dates, instants and times of day.",
				   "\"%s\" does not compare values of type %s", operator, rule_type_name(type));
		return NULL;
	}
	first = make_comparison(operator, operands->path, args[0], args[1]);
	if (operands->count == 2)
		return first;
	return rule_make_expr(EXPR_AND, RULE_BOOLEAN, operands->path, 2, first,
						  make_comparison(operator, operands->path, args[1], args[2]));
}

/* if, then, else if, then, ..., else */
static RuleExpr *
build_if(RuleSource *source, const RuleOperands *operands)
{
	RuleExpr  **args = rule_build_operands(source, operands, operands->count);
	RuleExpr   *result;
	RuleType	type = RULE_ANY;

	if (operands->count % 2 == 0)
	{
		rule_error(source, operands->path, "The last operand is the value otherwise.",
				   "\"if\" needs an odd number of operands");
		return NULL;
	}
	if (args == NULL)
		return NULL;
	for (int i = 0; i < operands->count && type == RULE_ANY; i++)
	{
		if (i % 2 == 1 || i == operands->count - 1)
			type = args[i]->type;
	}
	result = args[operands->count - 1];
	for (int i = operands->count - 3; i >= 0; i -= 2)
	{
		if (!rule_coerce(source, args[i], RULE_BOOLEAN))
			return NULL;
		if (type != RULE_ANY && (!rule_coerce(source, args[i + 1], type) || !rule_coerce(source, result, type)))
			return NULL;
		result = rule_make_expr(EXPR_IF, type, operands->path, 3, args[i], args[i + 1], result);
	}
	return result;
}

/* In byte order, as they are found by halving. */
static const Operator operators[] = {
	{"!", 1, 1, build_not},
	{"*", 2, ANY_NUMBER_OF, rule_build_arithmetic},
	{"+", 2, ANY_NUMBER_OF, rule_build_arithmetic},
	{"-", 2, 2, rule_build_arithmetic},
	{"/", 2, 2, rule_build_arithmetic},
	{"<", 2, 3, build_comparison},
	{"<=", 2, 3, build_comparison},
	{"===", 2, 2, build_equal},
	{">", 2, 3, build_comparison},
	{">=", 2, 3, build_comparison},
	{"after", 2, 3, build_comparison},
	{"all", 2, 2, rule_build_quantifier},
	{"and", 1, ANY_NUMBER_OF, build_junction},
	{"before", 2, 3, build_comparison},
	{"day", 2, 2, rule_build_day},
	{"daysBetween", 2, 3, rule_build_days_between},
	{"definition", 1, 1, build_definition},
	{"group", 1, 1, build_rules},
	{"if", 3, ANY_NUMBER_OF, build_if},
	{"in", 2, 2, build_in},
	{"list", 1, RULE_MAX_FACTS, rule_build_list},
	{"not-after", 2, 3, build_comparison},
	{"not-before", 2, 3, build_comparison},
	{"now", 0, 0, build_now},
	{"or", 1, ANY_NUMBER_OF, build_junction},
	{"plusTime", 3, 3, rule_build_plus_time},
	{"present", 1, 1, build_present},
	{"reduce", 3, 3, rule_build_reduce},
	{"rule", 1, 1, build_rule},
	{"severity", 1, 1, build_rules},
	{"some", 2, 2, rule_build_quantifier},
	{"time", 2, 2, rule_build_time},
	{"var", 1, 1, build_var},
	{"weekday", 1, 2, rule_build_weekday},
};

#define OPERATOR_NAMES \
	"Operators are var, param, definition, rule, group, severity, present, now, day, time, weekday, " \
	"daysBetween, plusTime, and, or, !, if, in, list, some, all, reduce, ===, <, <=, >, >=, before, " \
	"after, not-before, not-after, +, -, * and /."

static int
compare_operators(const void *name, const void *operator)
{
	return strcmp(name, ((const Operator *) operator)->name);
}

static const Operator *
find_operator(const char *name)
{
	return bsearch(name, operators, lengthof(operators), sizeof(Operator), compare_operators);
}

static const char *
operator_hint(const char *name)
{
	RuleNearest nearest;

	if (name == NULL)
		return OPERATOR_NAMES;
	rule_nearest_init(&nearest, name);
	for (int i = 0; i < (int) lengthof(operators); i++)
		rule_nearest_offer(&nearest, operators[i].name);
	return rule_nearest_hint(&nearest, OPERATOR_NAMES);
}

/* The only key of an object and its value; NULL if it has none or more. */
static char *
only_key(const JsonbValue *object, JsonbValue *value)
{
	JsonbIterator *iterator;
	JsonbValue	key;

	if (rule_json_length(object) != 1)
		return NULL;
	iterator = JsonbIteratorInit(object->val.binary.data);
	(void) JsonbIteratorNext(&iterator, &key, false);
	(void) JsonbIteratorNext(&iterator, &key, false);
	(void) JsonbIteratorNext(&iterator, value, true);
	return rule_json_string(&key);
}

static RuleExpr *
build_operator(RuleSource *source, const JsonbValue *json, const RulePath *path, int depth)
{
	JsonbValue *value = palloc(sizeof(JsonbValue));
	char	   *name = only_key(json, value);
	const Operator *operator = name ? find_operator(name) : NULL;
	RuleOperands operands;

	if (operator == NULL)
	{
		rule_error(source, path, operator_hint(name),
				   name ? "there is no operator \"%s\"" :
				   "an expression is an object with one key, its operator, not %s",
				   name ? name : rule_json_show(json));
		return NULL;
	}
	operands.operator = operator->name;
	operands.path = rule_path_key(path, operator->name);
	operands.value = value;
	operands.is_array = rule_json_is_array(value);
	operands.count = operands.is_array ? rule_json_length(value) : 1;
	operands.depth = depth;
	operands.build = build;
	if (operands.count < operator->min_operands || operands.count > operator->max_operands)
	{
		rule_error(source, operands.path, NULL,
				   operator->min_operands == operator->max_operands ?
				   "\"%s\" needs %d operands, not %d" :
				   "\"%s\" needs at least %d operands and does not take %d",
				   operator->name, operator->min_operands, operands.count);
		return NULL;
	}
	return operator->build(source, &operands);
}

static RuleExpr *
build(RuleSource *source, const JsonbValue *json, const RulePath *path, int depth)
{
	RuleExpr   *expr;

	check_stack_depth();
	if (depth > RULE_MAX_DEPTH)
	{
		rule_error(source, path, "Give a part a rule of its own and refer to it.",
				   "an expression may be at most %d levels deep", RULE_MAX_DEPTH);
		return NULL;
	}
	json = rule_resolve_param(source, json, path);
	if (json == NULL)
		return NULL;
	if (rule_json_is_object(json))
		return build_operator(source, json, path, depth);
	if (json->type == jbvNull || json->type == jbvBinary)
	{
		rule_error(source, path, json->type != jbvNull ? NULL :
				   "Ask {\"present\": {\"var\": \"name\"}} instead of comparing with null.",
				   "%s is no expression", rule_json_show(json));
		return NULL;
	}
	expr = rule_make_expr(EXPR_CONSTANT, RULE_ANY, path, 0);
	expr->literal = json;
	if (json->type == jbvBool)
	{
		expr->type = RULE_BOOLEAN;
		expr->number = json->val.boolean ? RULE_TRUE : RULE_FALSE;
	}
	return expr;
}

/* An expression at the top of a definition or an output; NULL on error. */
RuleExpr   *
rule_expression(RuleSource *source, const JsonbValue *json, const RulePath *path)
{
	RuleExpr   *expr = build(source, json, path, 1);

	if (expr != NULL && expr->size > RULE_MAX_TREE)
	{
		rule_error(source, path, "Give a part a rule of its own and refer to it.",
				   "with what its definitions say, the expression has more than %d parts", RULE_MAX_TREE);
		return NULL;
	}
	return expr;
}

/* A condition at the top of a rule or an outcome; NULL on error. */
RuleExpr   *
rule_condition(RuleSource *source, const JsonbValue *json, const RulePath *path)
{
	RuleExpr   *expr = rule_expression(source, json, path);

	if (expr == NULL || !rule_coerce(source, expr, RULE_BOOLEAN))
		return NULL;
	return expr;
}
