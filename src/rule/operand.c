/*-------------------------------------------------------------------------
 *
 * operand.c
 *	  The operands of an operator: their JSON, their paths, their trees.
 *
 * src/rule/operand.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "json.h"
#include "nearest.h"
#include "operand.h"

const JsonbValue *
rule_operand_json(const RuleOperands *operands, int i)
{
	return operands->is_array ? rule_json_element(operands->value, i) : operands->value;
}

const RulePath *
rule_operand_path(const RuleOperands *operands, int i)
{
	return operands->is_array ? rule_path_index(operands->path, i) : operands->path;
}

RuleExpr   *
rule_build_operand(RuleSource *source, const RuleOperands *operands, int i)
{
	return operands->build(source, rule_operand_json(operands, i), rule_operand_path(operands, i),
						   operands->depth + 1);
}

/* All operands; NULL if any has an error, but each is looked at. */
RuleExpr  **
rule_build_operands(RuleSource *source, const RuleOperands *operands, int count)
{
	RuleExpr  **args = palloc(sizeof(RuleExpr *) * (count + 1));
	bool		ok = true;

	for (int i = 0; i < count; i++)
	{
		args[i] = rule_build_operand(source, operands, i);
		ok = ok && args[i] != NULL;
	}
	return ok ? args : NULL;
}

/* A hint that names the nearest parameter. */
static const char *
param_hint(const RuleSource *source, const char *name)
{
	static const char *const hint = "Declare it in \"params\".";
	RuleNearest nearest;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	key;

	if (name == NULL || source->params == NULL)
		return hint;
	rule_nearest_init(&nearest, name);
	iterator = JsonbIteratorInit(source->params->val.binary.data);
	while ((token = JsonbIteratorNext(&iterator, &key, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			rule_nearest_offer(&nearest, rule_json_string(&key));
	}
	return rule_nearest_hint(&nearest, hint);
}

/* The value of {"param": name}, or the JSON itself if it is not that. */
const JsonbValue *
rule_resolve_param(RuleSource *source, const JsonbValue *json, const RulePath *path)
{
	JsonbValue *member;
	JsonbValue *value = NULL;
	char	   *name;

	if (!rule_json_is_object(json) || rule_json_length(json) != 1 ||
		(member = rule_json_member(json, "param")) == NULL)
		return json;
	name = rule_json_string(member);
	if (name != NULL && source->params != NULL)
		value = rule_json_member(source->params, name);
	if (value == NULL)
		rule_error(source, path, param_hint(source, name),
				   "there is no parameter %s", rule_json_show(member));
	else
		source->params_used = lappend(source->params_used, name);
	return value;
}

/* An operand that must be a string: a name, a unit, a zone. */
char	   *
rule_string_operand(RuleSource *source, const RuleOperands *operands, int i, const char *what)
{
	const RulePath *path = rule_operand_path(operands, i);
	const JsonbValue *json = rule_resolve_param(source, rule_operand_json(operands, i), path);
	char	   *str;

	if (json == NULL)
		return NULL;
	str = rule_json_string(json);

	if (str == NULL)
		rule_error(source, path, NULL, "\"%s\" needs %s, not %s",
				   operands->operator, what, rule_json_show(json));
	return str;
}
