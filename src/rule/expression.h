/*-------------------------------------------------------------------------
 *
 * expression.h
 *	  One JSON expression into a typed tree.
 *
 * src/rule/expression.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_EXPRESSION_H
#define CIVIC_RULE_EXPRESSION_H

#include "operand.h"

/* expression.c */
extern RuleExpr *rule_expression(RuleSource *source, const JsonbValue *json, const RulePath *path);
extern RuleExpr *rule_condition(RuleSource *source, const JsonbValue *json, const RulePath *path);

/* expression_number.c */
extern RuleExpr *rule_build_arithmetic(RuleSource *source, const RuleOperands *operands);

/* expression_time.c */
extern RuleExpr *rule_build_plus_time(RuleSource *source, const RuleOperands *operands);
extern RuleExpr *rule_build_day(RuleSource *source, const RuleOperands *operands);
extern RuleExpr *rule_build_time(RuleSource *source, const RuleOperands *operands);
extern RuleExpr *rule_build_weekday(RuleSource *source, const RuleOperands *operands);
extern RuleExpr *rule_build_days_between(RuleSource *source, const RuleOperands *operands);

/* expression_list.c */
extern RuleExpr *rule_build_list(RuleSource *source, const RuleOperands *operands);
extern RuleExpr *rule_build_quantifier(RuleSource *source, const RuleOperands *operands);
extern RuleExpr *rule_build_reduce(RuleSource *source, const RuleOperands *operands);
extern RuleExpr *rule_build_in_list(RuleSource *source, const RuleOperands *operands, RuleExpr *value);

#endif							/* CIVIC_RULE_EXPRESSION_H */
