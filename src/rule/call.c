/*-------------------------------------------------------------------------
 *
 * call.c
 *	  Call sites: programs kept there, facts checked or read from JSON, rulesets
 *	  of older formats.
 *
 * src/rule/call.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "call.h"
#include "compile.h"
#include "fact.h"
#include "json.h"

/*
 * A call site and the ruleset argument it was prepared from, as it was
 * passed: comparing that spares detoasting, which costs more than evaluating.
 */
typedef struct CallSite
{
	RuleCall	call;
	Size		key_size;
	char	   *key;
} CallSite;

/*
 * How much of a ruleset argument tells it from any other: all of a toast
 * pointer or a compressed value, but of a plain one the part that holds the
 * SHA-256 of its text is enough.
 */
static inline Size
key_size(const struct varlena *raw)
{
	if (VARATT_IS_4B_U(raw) && VARSIZE(raw) > sizeof(Ruleset))
		return offsetof(Ruleset, text);
	return VARSIZE_ANY(raw);
}

static inline bool
is_same_ruleset(const CallSite *site, const struct varlena *raw)
{
	return site->key_size == key_size(raw) && memcmp(site->key, raw, site->key_size) == 0;
}

/* A ruleset stored by another release is compiled again from its text. */
static const Ruleset *
current_format(const Ruleset *stored)
{
	const char *str;

	if (stored->head.version == RULE_FORMAT)
		return stored;
	str = (const char *) stored + stored->text;

	return rule_compile(pnstrdup(str, stored->text_length), NULL);
}

/* A stored ruleset of any format, ready to be evaluated. */
RuleProgram *
rule_open(const Ruleset *stored)
{
	return rule_prepare(current_format(stored));
}

/* Prepare the ruleset for the call site; everything lives in its context. */
static void
prepare_call(CallSite *site, struct varlena *raw, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "ruleset", ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	MemoryContext previous = site->call.context;
	Ruleset    *stored = (Ruleset *) PG_DETOAST_DATUM_COPY(PointerGetDatum(raw));

	/* a failure must leave the old program or none, never half a new one */
	site->key_size = 0;
	site->call.program = rule_open(stored);
	site->call.room = NULL;
	site->call.context = context;
	site->key = palloc(key_size(raw));
	memcpy(site->key, raw, key_size(raw));
	MemoryContextSwitchTo(caller);
	if (previous != NULL)
		MemoryContextDelete(previous);
}

static struct varlena *
ruleset_argument(FunctionCallInfo fcinfo, int ruleset_arg)
{
	return (struct varlena *) DatumGetPointer(PG_GETARG_DATUM(ruleset_arg));
}

/* The call site, if it was last called with the same ruleset. */
static inline CallSite *
same_call(FunctionCallInfo fcinfo, int ruleset_arg)
{
	CallSite   *site = fcinfo->flinfo->fn_extra;

	if (likely(site != NULL && is_same_ruleset(site, ruleset_argument(fcinfo, ruleset_arg))))
		return site;
	return NULL;
}

/* The call site, prepared for the ruleset; finish_call() once it is checked. */
static CallSite *
new_call(FunctionCallInfo fcinfo, int ruleset_arg)
{
	CallSite   *site = fcinfo->flinfo->fn_extra;

	if (site == NULL)
	{
		site = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(CallSite));
		fcinfo->flinfo->fn_extra = site;
	}
	prepare_call(site, ruleset_argument(fcinfo, ruleset_arg), fcinfo->flinfo->fn_mcxt);
	return site;
}

/* From now on the ruleset is recognised; not before, so a failure repeats. */
static RuleCall *
finish_call(CallSite *site, FunctionCallInfo fcinfo, int ruleset_arg)
{
	site->key_size = key_size(ruleset_argument(fcinfo, ruleset_arg));
	return &site->call;
}

/* The facts of a program as "name type, name type", for messages. */
static char *
declared_facts(const RuleProgram *program)
{
	StringInfoData buffer;

	initStringInfo(&buffer);
	for (int i = 0; i < program->stored->fact_count; i++)
		appendStringInfo(&buffer, "%s%s %s", i > 0 ? ", " : "",
						 rule_fact_name(program, i),
						 rule_fact_type_name(program->facts[i].type, program->facts[i].list));
	return buffer.data;
}

static void
check_fact_type(RuleProgram *program, int fact, Oid type)
{
	/* an untyped NULL fits any fact */
	if (type == UNKNOWNOID)
		program->shift[fact] = 0;
	else if (!rule_fact_fits(program->facts[fact].type, program->facts[fact].list, type, &program->shift[fact]))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("fact \"%s\" must be of type %s", rule_fact_name(program, fact),
						rule_fact_type_name(program->facts[fact].type, program->facts[fact].list)),
				 errdetail("Argument %d of the facts is of type %s.", fact + 1,
						   OidIsValid(type) ? format_type_be(type) : "unknown"),
				 errhint("Cast the argument to the declared type.")));
}

/* Do the arguments from first_fact on match the declared facts? */
static void
check_arguments(FunctionCallInfo fcinfo, RuleProgram *program, int first_fact)
{
	int			given = PG_NARGS() - first_fact;

	if (get_fn_expr_variadic(fcinfo->flinfo))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("facts cannot be passed as a VARIADIC array"),
				 errhint("Pass each fact as an argument of its own.")));
	if (given != program->stored->fact_count)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the ruleset reads %d facts, but %d are given",
						program->stored->fact_count, given),
				 errdetail("The facts are: %s.", declared_facts(program)),
				 errhint("Pass the facts in the order in which the ruleset declares them.")));
	for (int i = 0; i < given; i++)
	{
		Oid			type = get_fn_expr_argtype(fcinfo->flinfo, first_fact + i);

		check_fact_type(program, i, type);
		program->argument_types[i] = type;
	}
}

/*
 * An untyped argument may only be NULL: its value is a C string, not one of
 * the fact's type.
 */
static void
check_untyped(FunctionCallInfo fcinfo, const RuleProgram *program, int first_fact)
{
	for (int i = 0; i < program->stored->fact_count; i++)
	{
		if (program->argument_types[i] == UNKNOWNOID && !PG_ARGISNULL(first_fact + i))
			ereport(ERROR,
					(errcode(ERRCODE_INDETERMINATE_DATATYPE),
					 errmsg("the argument for fact \"%s\" has no type", rule_fact_name(program, i)),
					 errhint("Cast the literal to %s.",
							 rule_fact_type_name(program->facts[i].type, program->facts[i].list))));
	}
}

RuleCall   *
rule_call(FunctionCallInfo fcinfo, int ruleset_arg, int first_fact)
{
	CallSite   *site = same_call(fcinfo, ruleset_arg);

	if (likely(site != NULL))
		return &site->call;
	site = new_call(fcinfo, ruleset_arg);
	check_arguments(fcinfo, unconstify(RuleProgram *, site->call.program), first_fact);
	check_untyped(fcinfo, site->call.program, first_fact);
	return finish_call(site, fcinfo, ruleset_arg);
}

RuleCall   *
rule_call_json(FunctionCallInfo fcinfo, int ruleset_arg)
{
	CallSite   *site = same_call(fcinfo, ruleset_arg);

	if (likely(site != NULL))
		return &site->call;
	return finish_call(new_call(fcinfo, ruleset_arg), fcinfo, ruleset_arg);
}

/* How a value of the type is written in JSON, as a hint. */
static const char *
json_form(RuleType type)
{
	switch (type)
	{
		case RULE_BOOLEAN:
			return "Write true or false.";
		case RULE_INTEGER:
			return "Write a whole number.";
		case RULE_TEXT:
			return "Write a string.";
		case RULE_DATE:
			return "Write a string such as \"2026-11-21\".";
		case RULE_TIMESTAMPTZ:
			return "Write a string such as \"2026-11-21T08:30:00+08:00\".";
		case RULE_TIME:
			return "Write a string such as \"08:30\".";
		default:
			return "Write a number.";
	}
}

void
rule_facts_from_jsonb(const RuleProgram *program, Jsonb *json, NullableDatum *facts)
{
	if (!JB_ROOT_IS_OBJECT(json))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("facts must be a JSON object"),
				 errhint("Write the facts as {\"name\": value, ...}.")));
	for (int i = 0; i < program->stored->fact_count; i++)
	{
		const char *name = rule_fact_name(program, i);
		RuleType	type = program->facts[i].type;
		bool		list = program->facts[i].list;
		JsonbValue	buffer;
		JsonbValue *value = getKeyJsonValueFromContainer(&json->root, name, strlen(name), &buffer);

		facts[i].isnull = (value == NULL || value->type == jbvNull);
		facts[i].value = (Datum) 0;
		if (!facts[i].isnull && !rule_fact_from_json(value, type, list, &facts[i].value))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("fact \"%s\" must be of type %s", name, rule_fact_type_name(type, list)),
					 errdetail("Its value is %s.", rule_json_show(value)),
					 errhint("%s", list ? "Write an array of such values." : json_form(type))));
	}
}
