/*-------------------------------------------------------------------------
 *
 * operand.h
 *	  The operands of an operator.
 *
 * src/rule/operand.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_OPERAND_H
#define CIVIC_RULE_OPERAND_H

#include "source.h"

/* Builds the tree of a JSON expression at a depth; NULL on error. */
typedef RuleExpr *(*RuleBuild) (RuleSource *source, const JsonbValue *json,
								const RulePath *path, int depth);

/* An operator's operands: the elements of an array, or the one value. */
typedef struct RuleOperands
{
	const char *operator;
	const RulePath *path;		/* of the operator's value */
	const JsonbValue *value;
	bool		is_array;
	int			count;
	int			depth;
	RuleBuild	build;			/* of an operand: any expression may be one */
} RuleOperands;

extern const JsonbValue *rule_operand_json(const RuleOperands *operands, int i);
extern const RulePath *rule_operand_path(const RuleOperands *operands, int i);
extern RuleExpr *rule_build_operand(RuleSource *source, const RuleOperands *operands, int i);
extern RuleExpr **rule_build_operands(RuleSource *source, const RuleOperands *operands, int count);
extern const JsonbValue *rule_resolve_param(RuleSource *source, const JsonbValue *json, const RulePath *path);
extern char *rule_string_operand(RuleSource *source, const RuleOperands *operands, int i, const char *what);

#endif							/* CIVIC_RULE_OPERAND_H */
