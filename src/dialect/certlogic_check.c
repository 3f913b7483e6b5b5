/*-------------------------------------------------------------------------
 *
 * certlogic_check.c
 *	  civic.certlogic_check(expr): what is wrong with a CertLogic expression,
 *	  found without data.
 *
 * The messages are those of the specification's validation suite.
 *
 * src/dialect/certlogic_check.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "certlogic.h"
#include "catalog/pg_type_d.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

/* Each issue shows its expression, so thousands of nested ones would be huge. */
#define MAX_ISSUES	1000

/* Where in the expression we are, for the path column. */
typedef struct Place
{
	const struct Place *parent;
	const char *step;			/* operator name or item number */
} Place;

typedef struct Checker
{
	ReturnSetInfo *rsinfo;
	DialectState state;			/* for its budget */
	int			nissues;
} Checker;

static void check(Checker *checker, const Place *place, const JsonbValue *expr);

static Datum
place_path(const Place *place)
{
	List	   *steps = NIL;
	Datum	   *elems;
	int			n = 0;
	ListCell   *cell;

	for (; place->parent; place = place->parent)
		steps = lcons(unconstify(char *, place->step), steps);
	elems = palloc(mul_size(sizeof(Datum), Max(list_length(steps), 1)));
	foreach(cell, steps)
		elems[n++] = CStringGetTextDatum((char *) lfirst(cell));
	return PointerGetDatum(construct_array(elems, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* One row of the result: (path text[], expr jsonb, message text). */
static void
report(Checker *checker, const Place *place, const JsonbValue *expr, char *message)
{
	JsonbValue	copy = *expr;
	Datum		values[3];
	bool		nulls[3] = {false, false, false};

	if (++checker->nissues > MAX_ISSUES)
		return;
	values[0] = place_path(place);
	values[1] = JsonbPGetDatum(JsonbValueToJsonb(&copy));
	values[2] = CStringGetTextDatum(message);
	tuplestore_putvalues(checker->rsinfo->setResult, checker->rsinfo->setDesc,
						 values, nulls);
}

static void
check_items(Checker *checker, const Place *place, JsonbValue *items, int n)
{
	for (int i = 0; i < n; i++)
	{
		Place		here = {place, psprintf("%d", i)};

		check(checker, &here, &items[i]);
	}
}

static void
check_var(Checker *checker, const Place *place, const JsonbValue *expr,
		  const JsonbValue *path)
{
	const char *str = path->val.string.val;
	int			len;

	if (path->type != jbvString)
	{
		report(checker, place, expr, "not of the form { \"var\": \"<path>\" }");
		return;
	}
	len = path->val.string.len;
	for (int i = 0; i < len; i++)
	{
		/* no fragment may be empty */
		if (str[i] == '.' && (i == 0 || i == len - 1 || str[i + 1] == '.'))
		{
			report(checker, place, expr,
				   psprintf("data access path doesn't have a valid format: %s",
							pnstrdup(str, len)));
			return;
		}
	}
}

/* A value as the suite's messages show it: strings without quotes. */
static char *
shown(const JsonbValue *value)
{
	return value->type == jbvString ?
		pnstrdup(value->val.string.val, value->val.string.len) :
		dialect_describe(value);
}

static void
check_count(Checker *checker, const Place *place, const JsonbValue *expr,
			const char *name, int n)
{
	char	   *message = NULL;

	if (strcmp(name, "!") == 0)
	{
		if (n != 1)
			message = psprintf("a !-operation (logical not/negation) must have exactly 1 operand, but it has %d", n);
	}
	else if (strcmp(name, "and") == 0)
	{
		if (n < 2)
			message = psprintf("an \"and\" operation must have at least 2 operands, but it has %d", n);
	}
	else if (strcmp(name, "dccDateOfBirth") == 0)
	{
		if (n != 1)
			message = psprintf("a \"dccDateOfBirth\"-operation must have exactly 1 value/operand, but it has %d", n);
	}
	else if (strcmp(name, "extractFromUVCI") == 0)
	{
		if (n != 2)
			message = psprintf("an \"extractFromUVCI\"-operation must have exactly 2 values/operands, but it has %d", n);
	}
	else if (strcmp(name, "if") == 0 || strcmp(name, "plusTime") == 0 ||
			 strcmp(name, "reduce") == 0)
	{
		if (n != 3)
			message = psprintf("%s \"%s\"-operation must have exactly 3 values/operands, but it has %d",
							   name[0] == 'i' ? "an" : "a", name, n);
	}
	else if (strcmp(name, "===") == 0 || strcmp(name, "in") == 0 ||
			 strcmp(name, "+") == 0)
	{
		if (n != 2)
			message = psprintf("an operation with operator \"%s\" must have 2 operands, but it has %d", name, n);
	}
	else if (n < 2 || n > 3)
		message = psprintf("an operation with operator \"%s\" must have 2 or 3 operands, but it has %d", name, n);

	if (message)
		report(checker, place, expr, message);
}

/* The arguments that must be written out: an amount and unit, an index. */
static void
check_literals(Checker *checker, const Place *place, const JsonbValue *expr,
			   const char *name, JsonbValue *items, int n)
{
	bool		plus_time = strcmp(name, "plusTime") == 0;

	if (n > 1 && !dialect_certlogic_is_integer(&items[1]))
		report(checker, place, expr,
			   psprintf("\"%s\" argument (#2) of \"%s\" must be an integer, but it is: %s",
						plus_time ? "amount" : "index", name, shown(&items[1])));
	if (plus_time && n > 2 && !dialect_certlogic_is_time_unit(&items[2]))
		report(checker, place, expr,
			   psprintf("\"unit\" argument (#3) of \"plusTime\" must be a string equal to one of year, month, day, hour, but it is: %s",
						shown(&items[2])));
}

static bool
is_operator(const char *name)
{
	for (int i = 0; i < dialect_certlogic_dialect.noperators; i++)
	{
		if (strcmp(dialect_certlogic_dialect.operators[i].name, name) == 0)
			return true;
	}
	return false;
}

static void
check_operation(Checker *checker, const Place *place, const JsonbValue *expr,
				const char *name, const JsonbValue *argument)
{
	Place		here = {place, name};
	JsonbValue *items;
	int			n;

	if (strcmp(name, "var") == 0)
	{
		check_var(checker, place, expr, argument);
		return;
	}
	if (!dialect_is_array(argument))
	{
		report(checker, place, expr,
			   "operation not of the form { \"<operator>\": [ <values...> ] }");
		return;
	}
	if (!is_operator(name))
	{
		report(checker, place, expr, psprintf("unrecognised operator: \"%s\"", name));
		return;
	}
	n = dialect_items(&checker->state, argument, &items);
	check_count(checker, place, expr, name, n);
	if (strcmp(name, "plusTime") == 0 || strcmp(name, "extractFromUVCI") == 0)
	{
		check_items(checker, &here, items, Min(n, 1));
		check_literals(checker, place, expr, name, items, n);
	}
	else
		check_items(checker, &here, items, n);
}

static void
check_object(Checker *checker, const Place *place, const JsonbValue *expr)
{
	JsonbIterator *it;
	JsonbValue	key;
	JsonbValue	argument;

	if (dialect_size(expr) != 1)
	{
		report(checker, place, expr,
			   psprintf("expression object must have exactly one key, but it has %d",
						dialect_size(expr)));
		return;
	}
	it = JsonbIteratorInit(expr->val.binary.data);
	(void) JsonbIteratorNext(&it, &key, true);	/* WJB_BEGIN_OBJECT */
	(void) JsonbIteratorNext(&it, &key, true);	/* WJB_KEY */
	(void) JsonbIteratorNext(&it, &argument, true); /* WJB_VALUE */
	check_operation(checker, place, expr,
					pnstrdup(key.val.string.val, key.val.string.len), &argument);
}

static void
check(Checker *checker, const Place *place, const JsonbValue *expr)
{
	JsonbValue *items;
	int			n;

	check_stack_depth();
	dialect_charge(&checker->state, 1, 0);
	if (expr->type == jbvString || expr->type == jbvBool || dialect_certlogic_is_integer(expr))
		return;
	if (expr->type == jbvNumeric)
		report(checker, place, expr,
			   psprintf("%s is a non-integer number", dialect_describe(expr)));
	else if (expr->type == jbvNull)
		report(checker, place, expr, "invalid CertLogic expression");
	else if (dialect_is_array(expr))
	{
		n = dialect_items(&checker->state, expr, &items);
		check_items(checker, place, items, n);
	}
	else
		check_object(checker, place, expr);
}

PG_FUNCTION_INFO_V1(dialect_certlogic_check);

/* certlogic_check(expr jsonb) returns table (path text[], expr jsonb, message text) */
Datum
dialect_certlogic_check(PG_FUNCTION_ARGS)
{
	Jsonb	   *source = PG_GETARG_JSONB_P(0);
	Place		root = {NULL, NULL};
	Checker		checker = {
		.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo,
		.state = {.dialect = &dialect_certlogic_dialect}
	};
	JsonbValue	expr;

	InitMaterializedSRF(fcinfo, 0);
	dialect_root(source, &expr);
	check(&checker, &root, &expr);
	return (Datum) 0;
}
