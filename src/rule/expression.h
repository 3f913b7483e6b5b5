/*-------------------------------------------------------------------------
 *
 * expression.h
 *	  What the files that build expressions share.
 *
 * src/rule/expression.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_EXPRESSION_H
#define CIVIC_RULE_EXPRESSION_H

#include "compile.h"

/* An operator's operands: the elements of an array, or the one value. */
typedef struct Operands
{
	const char *operator;
	const RulePath *path;		/* of the operator's value */
	const JsonbValue *value;
	bool		is_array;
	int			count;
	int			depth;
} Operands;

/* expression.c */
extern const JsonbValue *rule_operand_json(const Operands *operands, int i);
extern const RulePath *rule_operand_path(const Operands *operands, int i);
extern RuleExpr *rule_build_operand(RuleSource *source, const Operands *operands, int i);
extern RuleExpr **rule_build_operands(RuleSource *source, const Operands *operands, int count);
extern const JsonbValue *rule_resolve_param(RuleSource *source, const JsonbValue *json, const RulePath *path);
extern char *rule_string_operand(RuleSource *source, const Operands *operands, int i, const char *what);

/* expression_time.c */
extern RuleExpr *rule_build_plus_time(RuleSource *source, const Operands *operands);
extern RuleExpr *rule_build_day(RuleSource *source, const Operands *operands);

/* expression_list.c */
extern RuleExpr *rule_build_quantifier(RuleSource *source, const Operands *operands);
extern RuleExpr *rule_build_reduce(RuleSource *source, const Operands *operands);
extern RuleExpr *rule_build_in_list(RuleSource *source, const Operands *operands, RuleExpr *value);

#endif							/* CIVIC_RULE_EXPRESSION_H */
