/*-------------------------------------------------------------------------
 *
 * jsonlogic.h
 *	  The operators of JsonLogic, by file.
 *
 * src/dialect/jsonlogic.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_DIALECT_JSONLOGIC_H
#define CIVIC_DIALECT_JSONLOGIC_H

#include "dialect.h"
#include "lib/stringinfo.h"

/* Every operator is such a function: see DialectEval. */
#define JSONLOGIC_OPERATOR(name) \
	extern bool name(DialectState *state, const DialectExpr *expr, \
					 const DialectScope *scope, JsonbValue *result)

/* jsonlogic_argument.c */
extern bool dialect_jsonlogic_truthy(const JsonbValue *value);
extern bool dialect_jsonlogic_arguments(DialectState *state, const DialectExpr *expr,
										const DialectScope *scope,
										JsonbValue **args, int *nargs);
extern bool dialect_jsonlogic_not_a_number(DialectState *state, const DialectExpr *expr,
										   const JsonbValue *given);
extern bool dialect_jsonlogic_invalid_arguments(DialectState *state,
												const DialectExpr *expr,
												const JsonbValue *given);

/* jsonlogic_data.c: reading the data */
JSONLOGIC_OPERATOR(dialect_jsonlogic_var);
JSONLOGIC_OPERATOR(dialect_jsonlogic_val);
JSONLOGIC_OPERATOR(dialect_jsonlogic_exists);
JSONLOGIC_OPERATOR(dialect_jsonlogic_missing);
JSONLOGIC_OPERATOR(dialect_jsonlogic_missing_some);

/* jsonlogic_scalar.c: comparison, numbers, strings */
typedef enum JsonLogicComparison
{
	JSONLOGIC_EQ,
	JSONLOGIC_NE,
	JSONLOGIC_SAME,
	JSONLOGIC_NOT_SAME,
	JSONLOGIC_LT,
	JSONLOGIC_LE,
	JSONLOGIC_GT,
	JSONLOGIC_GE
} JsonLogicComparison;

extern void dialect_jsonlogic_append_text(DialectState *state, StringInfo str,
										  const JsonbValue *value);

JSONLOGIC_OPERATOR(dialect_jsonlogic_compare);	/* variant:
												 * JsonLogicComparison */
JSONLOGIC_OPERATOR(dialect_jsonlogic_arithmetic);	/* variant:
													 * DialectArithmetic */
JSONLOGIC_OPERATOR(dialect_jsonlogic_extreme);	/* variant: 1 max, -1 min */
JSONLOGIC_OPERATOR(dialect_jsonlogic_cat);
JSONLOGIC_OPERATOR(dialect_jsonlogic_substr);

/* jsonlogic_array.c: loops and lists */
typedef enum JsonLogicLoop
{
	JSONLOGIC_MAP,
	JSONLOGIC_FILTER,
	JSONLOGIC_ALL,
	JSONLOGIC_SOME,
	JSONLOGIC_NONE
} JsonLogicLoop;

JSONLOGIC_OPERATOR(dialect_jsonlogic_loop); /* variant: JsonLogicLoop */
JSONLOGIC_OPERATOR(dialect_jsonlogic_reduce);
JSONLOGIC_OPERATOR(dialect_jsonlogic_merge);
JSONLOGIC_OPERATOR(dialect_jsonlogic_in);

#endif							/* CIVIC_DIALECT_JSONLOGIC_H */
