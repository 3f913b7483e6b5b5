/*-------------------------------------------------------------------------
 *
 * json.c
 *	  Walking the JSON of a ruleset: members, paths, and errors that name
 *	  theirs.
 *
 * src/rule/json.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lexer.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/numeric.h"

#include "json.h"

/* Longer values are cut where a message shows them. */
#define MAX_SHOWN			80

RulePath   *
rule_path_key(const RulePath *parent, const char *key)
{
	RulePath   *path = palloc(sizeof(RulePath));

	path->parent = parent;
	path->key = key;
	path->index = 0;
	return path;
}

RulePath   *
rule_path_index(const RulePath *parent, int index)
{
	RulePath   *path = palloc(sizeof(RulePath));

	path->parent = parent;
	path->key = NULL;
	path->index = index;
	return path;
}

static bool
is_plain_key(const char *key)
{
	if (!lexer_is_letter(*key) && *key != '_')
		return false;
	for (; *key; key++)
	{
		if (!lexer_is_alnum(*key) && *key != '_')
			return false;
	}
	return true;
}

static void
append_path(StringInfo buffer, const RulePath *path)
{
	if (path == NULL)
	{
		appendStringInfoChar(buffer, '$');
		return;
	}
	append_path(buffer, path->parent);
	if (path->key == NULL)
		appendStringInfo(buffer, "[%d]", path->index);
	else if (is_plain_key(path->key))
		appendStringInfo(buffer, ".%s", path->key);
	else
	{
		appendStringInfoChar(buffer, '.');
		escape_json(buffer, path->key);
	}
}

/* As a SQL/JSON path, ready for jsonb_path_query. */
char	   *
rule_path_text(const RulePath *path)
{
	StringInfoData buffer;

	initStringInfo(&buffer);
	append_path(&buffer, path);
	return buffer.data;
}

/* A message about a place in the JSON, from a format and its arguments. */
static RuleError *make_error(const RulePath *path, const char *hint, const char *format,
							 va_list args) pg_attribute_printf(3, 0);

static RuleError *
make_error(const RulePath *path, const char *hint, const char *format, va_list args)
{
	RuleError  *error = palloc(sizeof(RuleError));
	StringInfoData buffer;
	int			needed;

	initStringInfo(&buffer);
	do
	{
		va_list		copy;

		va_copy(copy, args);
		needed = appendStringInfoVA(&buffer, format, copy);
		va_end(copy);
		if (needed > 0)
			enlargeStringInfo(&buffer, needed);
	} while (needed > 0);
	error->path = rule_path_text(path);
	error->message = buffer.data;
	error->hint = hint ? pstrdup(hint) : NULL;
	return error;
}

/* The list with the error, which is there once: trees share what definitions say. */
static List *
add_error(List *errors, RuleError *error)
{
	ListCell   *cell;

	foreach(cell, errors)
	{
		const RuleError *other = lfirst(cell);

		if (strcmp(other->path, error->path) == 0 && strcmp(other->message, error->message) == 0)
			return errors;
	}
	return lappend(errors, error);
}

void
rule_error(RuleSource *source, const RulePath *path, const char *hint, const char *format,...)
{
	va_list		args;

	va_start(args, format);
	source->errors = add_error(source->errors, make_error(path, hint, format, args));
	va_end(args);
}

void
rule_warning(RuleSource *source, const RulePath *path, const char *hint, const char *format,...)
{
	va_list		args;

	va_start(args, format);
	source->warnings = add_error(source->warnings, make_error(path, hint, format, args));
	va_end(args);
}

bool
rule_json_is_object(const JsonbValue *json)
{
	return json != NULL && json->type == jbvBinary && JsonContainerIsObject(json->val.binary.data);
}

bool
rule_json_is_array(const JsonbValue *json)
{
	return json != NULL && json->type == jbvBinary &&
		JsonContainerIsArray(json->val.binary.data) &&
		!JsonContainerIsScalar(json->val.binary.data);
}

/* NULL if there is none */
JsonbValue *
rule_json_member(const JsonbValue *object, const char *key)
{
	return getKeyJsonValueFromContainer(object->val.binary.data, key, strlen(key), NULL);
}

JsonbValue *
rule_json_element(const JsonbValue *array, int index)
{
	return getIthJsonbValueFromContainer(array->val.binary.data, index);
}

int
rule_json_length(const JsonbValue *array)
{
	return JsonContainerSize(array->val.binary.data);
}

/* The bytes of a string, NUL-terminated; NULL if it is none. */
char	   *
rule_json_string(const JsonbValue *json)
{
	if (json == NULL || json->type != jbvString)
		return NULL;
	return pnstrdup(json->val.string.val, json->val.string.len);
}

/* A value as a message shows it. */
char	   *
rule_json_show(const JsonbValue *json)
{
	char	   *str;
	int			length;

	switch (json->type)
	{
		case jbvNull:
			return "null";
		case jbvBool:
			return json->val.boolean ? "true" : "false";
		case jbvNumeric:
			str = DatumGetCString(DirectFunctionCall1(numeric_out,
													  NumericGetDatum(json->val.numeric)));

			break;
		case jbvString:
			str = psprintf("\"%.*s\"", json->val.string.len, json->val.string.val);

			break;
		default:
			str = JsonbToCString(NULL, json->val.binary.data, json->val.binary.len);
	}
	length = strlen(str);
	if (length <= MAX_SHOWN)
		return str;

	return psprintf("%.*s...", pg_mbcliplen(str, length, MAX_SHOWN), str);
}
