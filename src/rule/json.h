/*-------------------------------------------------------------------------
 *
 * json.h
 *	  Walking the JSON of a ruleset: members, paths, and errors that name
 *	  theirs.
 *
 * src/rule/json.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_JSON_H
#define CIVIC_RULE_JSON_H

#include "source.h"

extern char *rule_path_text(const RulePath *path);
extern void rule_error(RuleSource *source, const RulePath *path, const char *hint,
					   const char *format,...) pg_attribute_printf(4, 5);
extern void rule_warning(RuleSource *source, const RulePath *path, const char *hint,
						 const char *format,...) pg_attribute_printf(4, 5);
extern RulePath *rule_path_key(const RulePath *parent, const char *key);
extern RulePath *rule_path_index(const RulePath *parent, int index);
extern bool rule_json_is_object(const JsonbValue *json);
extern bool rule_json_is_array(const JsonbValue *json);
extern JsonbValue *rule_json_member(const JsonbValue *object, const char *key);
extern JsonbValue *rule_json_element(const JsonbValue *array, int index);
extern int	rule_json_length(const JsonbValue *array);
extern char *rule_json_string(const JsonbValue *json);
extern char *rule_json_show(const JsonbValue *json);

#endif							/* CIVIC_RULE_JSON_H */
