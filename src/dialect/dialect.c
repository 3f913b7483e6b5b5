/*-------------------------------------------------------------------------
 *
 * dialect.c
 *	  Compiles a JsonLogic or CertLogic rule, walks it, raises its errors.
 *
 * src/dialect/dialect.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "dialect.h"
#include "miscadmin.h"
#include "utils/memutils.h"

/* A rule compiled for one call site; most call sites see one rule only. */
typedef struct DialectProgram
{
	Jsonb	   *source;
	DialectExpr root;
} DialectProgram;

typedef struct Compiler
{
	const Dialect *dialect;
	int			nodes;
} Compiler;

static void compile(Compiler *compiler, const JsonbValue *source, DialectExpr *expr);

static void
compile_items(Compiler *compiler, const JsonbValue *array, DialectExpr *expr)
{
	JsonbIterator *it = JsonbIteratorInit(array->val.binary.data);
	JsonbValue	item;
	JsonbIteratorToken token;
	int			n = 0;

	expr->args = palloc0(sizeof(DialectExpr) * Max(dialect_size(array), 1));
	while ((token = JsonbIteratorNext(&it, &item, true)) != WJB_DONE)
	{
		if (token == WJB_ELEM)
			compile(compiler, &item, &expr->args[n++]);
	}
	expr->nargs = n;
}

static void
compile_operation(Compiler *compiler, const JsonbValue *source, DialectExpr *expr)
{
	JsonbIterator *it = JsonbIteratorInit(source->val.binary.data);
	JsonbValue	key;
	JsonbValue	argument;

	(void) JsonbIteratorNext(&it, &key, true);	/* WJB_BEGIN_OBJECT */
	(void) JsonbIteratorNext(&it, &key, true);	/* WJB_KEY */
	(void) JsonbIteratorNext(&it, &argument, true); /* WJB_VALUE */

	expr->kind = DIALECT_OPERATION;
	expr->name = pnstrdup(key.val.string.val, key.val.string.len);
	for (int i = 0; i < compiler->dialect->noperators; i++)
	{
		if (strcmp(compiler->dialect->operators[i].name, expr->name) == 0)
			expr->op = &compiler->dialect->operators[i];
	}

	expr->listed = dialect_is_array(&argument);
	if (expr->listed && !(expr->op && expr->op->quoted))
		compile_items(compiler, &argument, expr);
	else
	{
		expr->nargs = 1;
		expr->args = palloc0(sizeof(DialectExpr));
		if (expr->op && expr->op->quoted)
			expr->args->source = argument;
		else
			compile(compiler, &argument, expr->args);
	}
}

/* An object with one key is an operation; any other one is a literal. */
static void
compile(Compiler *compiler, const JsonbValue *source, DialectExpr *expr)
{
	check_stack_depth();
	if (++compiler->nodes > DIALECT_MAX_NODES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s rule is too large", compiler->dialect->name),
				 errdetail("A rule may have at most %d expressions.",
						   DIALECT_MAX_NODES),
				 errhint("Pass long lists as data instead of writing them into the rule.")));

	expr->source = *source;
	if (dialect_is_array(source))
	{
		expr->kind = DIALECT_ARRAY;
		compile_items(compiler, source, expr);
	}
	else if (source->type == jbvBinary && dialect_size(source) == 1)
		compile_operation(compiler, source, expr);
	else
		expr->kind = DIALECT_LITERAL;
}

/* The compiled form of rule, kept with the call site while rules are equal. */
static const DialectExpr *
compiled_rule(FmgrInfo *flinfo, Jsonb *rule, const Dialect *dialect)
{
	DialectProgram *program = flinfo->fn_extra;
	MemoryContext context;
	MemoryContext old;
	Compiler	compiler = {dialect, 0};
	JsonbValue	root;

	if (program && VARSIZE(program->source) == VARSIZE(rule) &&
		memcmp(program->source, rule, VARSIZE(rule)) == 0)
		return &program->root;

	if (program)
	{
		flinfo->fn_extra = NULL;
		MemoryContextDelete(GetMemoryChunkContext(program));
	}

	/*
	 * Under the caller's context until it is whole, so an error leaks
	 * nothing.
	 */
	context = AllocSetContextCreate(CurrentMemoryContext, "rule dialect program",
									ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(context);
	program = palloc0(sizeof(DialectProgram));
	program->source = palloc(VARSIZE(rule));
	memcpy(program->source, rule, VARSIZE(rule));
	dialect_root(program->source, &root);
	compile(&compiler, &root, &program->root);
	MemoryContextSwitchTo(old);

	MemoryContextSetParent(context, flinfo->fn_mcxt);
	flinfo->fn_extra = program;
	return &program->root;
}

/*
 * Leaves an error in the state; operator and value may be NULL.  Returns
 * false, for the caller to return.
 */
bool
dialect_fail(DialectState *state, int sqlstate, const char *type,
			 const char *operator_name, const JsonbValue *given,
			 const char *hint)
{
	DialectError *error = &state->error;
	JsonbPair  *pair = palloc0(sizeof(JsonbPair));

	dialect_set_string(&pair->key, "type", 4);
	dialect_set_string(&pair->value, type, strlen(type));
	dialect_set_pairs(&error->payload, pair, 1);
	Assert(operator_name != NULL || given != NULL);
	error->sqlstate = sqlstate;
	error->hint = hint;
	if (operator_name == NULL)
		error->detail = psprintf("The rule contains %s.", dialect_describe(given));
	else if (given == NULL)
		error->detail = psprintf("Operator \"%s\" has the wrong number or form of arguments.",
								 operator_name);
	else
		error->detail = psprintf("Operator \"%s\" was given %s.", operator_name,
								 dialect_describe(given));
	return false;
}

/* The type of an error for the message; what was thrown need not have one. */
static char *
error_type(const JsonbValue *payload)
{
	JsonbValue	type;

	if (!dialect_member(payload, "type", 4, &type))
		type = *payload;
	return type.type == jbvString ?
		pnstrdup(type.val.string.val, type.val.string.len) :
		dialect_describe(&type);
}

static void
raise_error(const DialectState *state)
{
	const DialectError *error = &state->error;

	Assert(error->sqlstate != 0 && error->detail != NULL);
	ereport(ERROR,
			(errcode(error->sqlstate),
			 errmsg("%s error: %s", state->dialect->name,
					error_type(&error->payload)),
			 errdetail("%s", error->detail),
			 error->hint ? errhint("%s", error->hint) : 0));
}

static bool
unknown_operator(DialectState *state, const DialectExpr *expr)
{
	return dialect_fail(state, ERRCODE_UNDEFINED_FUNCTION, "Unknown Operator",
						NULL, &expr->source,
						"An object with one key is an operation; the page on rule dialects lists the operators.");
}

bool
dialect_evaluate(DialectState *state, const DialectExpr *expr,
				 const DialectScope *scope, JsonbValue *result)
{
	JsonbValue *items;

	switch (expr->kind)
	{
		case DIALECT_LITERAL:
			*result = expr->source;
			return state->dialect->check_literal == NULL ||
				state->dialect->check_literal(state, result);

		case DIALECT_ARRAY:
			check_stack_depth();
			if (!dialect_evaluate_list(state, expr->args, expr->nargs, scope, &items))
				return false;
			dialect_set_array(result, items, expr->nargs);
			return true;

		case DIALECT_OPERATION:
			check_stack_depth();
			dialect_charge(state, 1, 0);
			if (expr->op == NULL)
				return unknown_operator(state, expr);
			return expr->op->evaluate(state, expr, scope, result);
	}
	return false;				/* keep the compiler quiet */
}

/* Every argument in order, until one fails. */
bool
dialect_evaluate_list(DialectState *state, const DialectExpr *args, int nargs,
					  const DialectScope *scope, JsonbValue **values)
{
	Size		size = mul_size(sizeof(JsonbValue), Max(nargs, 1));

	dialect_charge(state, nargs, size);
	*values = palloc(size);
	for (int i = 0; i < nargs; i++)
	{
		if (!dialect_evaluate(state, &args[i], scope, &(*values)[i]))
			return false;
	}
	return true;
}

/* The body of both SQL functions: (rule jsonb, data jsonb) returns jsonb. */
Datum
dialect_call(FunctionCallInfo fcinfo, const Dialect *dialect)
{
	Jsonb	   *rule = PG_GETARG_JSONB_P(0);
	Jsonb	   *data = PG_GETARG_JSONB_P(1);
	const DialectExpr *expr = compiled_rule(fcinfo->flinfo, rule, dialect);
	DialectState state = {.dialect = dialect};
	DialectScope scope = {NULL, NULL};
	JsonbValue	root;
	JsonbValue	result;

	dialect_root(data, &root);
	scope.value = &root;
	if (!dialect_evaluate(&state, expr, &scope, &result))
		raise_error(&state);
	PG_RETURN_JSONB_P(dialect_result(&state, &result));
}
