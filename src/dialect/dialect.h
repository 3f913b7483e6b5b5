/*-------------------------------------------------------------------------
 *
 * dialect.h
 *	  What the two public rule languages share: JsonLogic and CertLogic.
 *
 * Both write a rule as JSON in which an object with one key is an operation.
 * A rule is compiled into a tree of DialectExpr once and walked with a
 * DialectState.  Values are JsonbValues: what lies in the data is pointed at
 * in its stored form, what a rule makes is an in-memory array or object.
 *
 * Nothing here is raised while a rule runs: an evaluating function returns
 * false and leaves the error in the state, so that JsonLogic's try can go on
 * without a PG_TRY for each node.  Only the limits below, the stack and a
 * cancel request end the query at once.
 *
 * src/dialect/dialect.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_DIALECT_DIALECT_H
#define CIVIC_DIALECT_DIALECT_H

#include "utils/jsonb.h"
#include "utils/numeric.h"

/* A rule may have so many nodes ... */
#define DIALECT_MAX_NODES	100000
/* ... and its evaluation may take so many steps and make so many bytes. */
#define DIALECT_MAX_STEPS	1000000
#define DIALECT_MAX_BYTES	(64 * 1024 * 1024)

/*
 * Arithmetic is decimal, within the range of an IEEE double: what JavaScript
 * calls infinity is an error, as JSON cannot hold it.
 */
#define DIALECT_LARGEST_NUMBER	"1.7976931348623157e308"
#define DIALECT_MAX_SCALE	340

typedef struct DialectState DialectState;
typedef struct DialectExpr DialectExpr;
typedef struct DialectScope DialectScope;

/* Evaluates an operation; false when state->error was set. */
typedef bool (*DialectEval) (DialectState *state, const DialectExpr *expr,
							 const DialectScope *scope, JsonbValue *result);

typedef struct DialectOperator
{
	const char *name;
	DialectEval evaluate;
	int			variant;		/* tells apart operators with one function */
	bool		quoted;			/* the argument is data, not an expression */
} DialectOperator;

typedef struct Dialect
{
	const char *name;			/* for messages */
	const DialectOperator *operators;
	int			noperators;
	/* refuses literals the language does not have; NULL if it has them all */
	bool		(*check_literal) (DialectState *state, const JsonbValue *literal);
} Dialect;

typedef enum DialectExprKind
{
	DIALECT_LITERAL,
	DIALECT_ARRAY,				/* every item is an expression */
	DIALECT_OPERATION
} DialectExprKind;

struct DialectExpr
{
	DialectExprKind kind;
	JsonbValue	source;			/* as written; the value of a literal */
	const DialectOperator *op;	/* of an operation; NULL if unknown */
	char	   *name;			/* of an operation */
	bool		listed;			/* arguments were written as an array */
	int			nargs;			/* arguments or items */
	DialectExpr *args;
};

/* The data an expression sees, and the data around it. */
struct DialectScope
{
	JsonbValue *value;
	const DialectScope *outer;
};

typedef struct DialectError
{
	int			sqlstate;
	JsonbValue	payload;		/* what a rule that catches it sees */
	char	   *detail;
	const char *hint;
} DialectError;

struct DialectState
{
	const Dialect *dialect;
	DialectError error;
	int64		steps;
	int64		bytes;
	Numeric		largest;		/* DIALECT_LARGEST_NUMBER, once needed */
};

/* dialect_charge.c: limits */
extern void dialect_charge(DialectState *state, int64 steps, int64 bytes);

/* dialect.c: compile, walk, raise */
extern Datum dialect_call(FunctionCallInfo fcinfo, const Dialect *dialect);
extern bool dialect_evaluate(DialectState *state, const DialectExpr *expr,
							 const DialectScope *scope, JsonbValue *result);
extern bool dialect_evaluate_list(DialectState *state, const DialectExpr *args,
								  int nargs, const DialectScope *scope,
								  JsonbValue **values);
extern bool dialect_fail(DialectState *state, int sqlstate, const char *type,
						 const char *operator_name, const JsonbValue *given,
						 const char *hint);

/* dialect_value.c: what both languages do with values */
extern void dialect_root(Jsonb *jb, JsonbValue *result);
extern Jsonb *dialect_result(DialectState *state, const JsonbValue *value);
extern void dialect_set_bool(JsonbValue *result, bool value);
extern void dialect_set_string(JsonbValue *result, const char *str, int len);
extern void dialect_set_array(JsonbValue *result, JsonbValue *items, int nitems);
extern void dialect_set_pairs(JsonbValue *result, JsonbPair *pairs, int npairs);
extern bool dialect_is_array(const JsonbValue *value);
extern int	dialect_size(const JsonbValue *value);
extern int	dialect_items(DialectState *state, const JsonbValue *value,
						  JsonbValue **items);
extern bool dialect_member(const JsonbValue *value, const char *key, int keylen,
						   JsonbValue *result);
extern bool dialect_path(const JsonbValue *value, const char *path, int pathlen,
						 JsonbValue *result);
extern bool dialect_equal(DialectState *state, const JsonbValue *a,
						  const JsonbValue *b);
extern char *dialect_describe(const JsonbValue *value);
extern int	dialect_text_compare(const JsonbValue *a, const JsonbValue *b);

/* dialect_number.c: decimal arithmetic that cannot overflow */
typedef enum DialectArithmetic
{
	DIALECT_ADD,
	DIALECT_SUBTRACT,
	DIALECT_MULTIPLY,
	DIALECT_DIVIDE,
	DIALECT_MODULO
} DialectArithmetic;

extern void dialect_set_number(JsonbValue *result, Numeric number);
extern Numeric dialect_integer(int64 value);
extern bool dialect_number_is_integer(Numeric number);
extern bool dialect_number_is_zero(Numeric number);
extern int	dialect_number_compare(Numeric a, Numeric b);
extern int64 dialect_number_clamp(Numeric number, int64 limit);
extern bool dialect_number_parse(const char *str, int len, Numeric *number);
extern bool dialect_arithmetic(DialectState *state, DialectArithmetic op,
							   Numeric a, Numeric b, Numeric *result);

/* certlogic_time.c: milliseconds since 1970 as ECMAScript writes them */
extern char *dialect_certlogic_format_instant(int64 instant);

#endif							/* CIVIC_DIALECT_DIALECT_H */
