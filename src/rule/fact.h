/*-------------------------------------------------------------------------
 *
 * fact.h
 *	  The types of facts, which may be lists: their names, which arguments fit
 *	  them, and their values in JSON.
 *
 * src/rule/fact.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_FACT_H
#define CIVIC_RULE_FACT_H

#include "value.h"

extern bool rule_fact_type_from_name(const char *name, RuleType *type, bool *list);
extern const char *rule_fact_type_name(RuleType type, bool list);
extern bool rule_fact_fits(RuleType type, bool list, Oid argument, uint8 *shift);
extern bool rule_fact_from_json(const JsonbValue *json, RuleType type, bool list, Datum *result);

#endif							/* CIVIC_RULE_FACT_H */
