/*-------------------------------------------------------------------------
 *
 * export.c
 *	  A ruleset as one plain SQL expression: what it decides, without this
 *	  extension.
 *
 * SQL's own three-valued logic is Kleene's, so conditions translate one to
 * one.  Facts are columns of their names, the instant is a column "clock".
 *
 * src/rule/export.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "compile.h"
#include "json.h"

/* Conditions are repeated in places, so a short text can have a huge export. */
#define MAX_EXPORT			(16 * 1024 * 1024)

typedef struct Export
{
	const RuleSource *source;
	StringInfoData sql;
	char	   *prefix;			/* of our own column names; starts no fact's */
} Export;

static void export_expr(Export *export, const RuleExpr *expr);

/* Append a template in which %1, %2, %3 stand for the expressions. */
static void
export_template(Export *export, const char *template, const RuleExpr *one,
				const RuleExpr *two, const RuleExpr *three)
{
	const RuleExpr *exprs[] = {one, two, three};

	for (const char *c = template; *c; c++)
	{
		if (c[0] == '%' && c[1] >= '1' && c[1] <= '3')
			export_expr(export, exprs[*++c - '1']);
		else
			appendStringInfoChar(&export->sql, *c);
	}
}

/* "(a AND b AND c)" */
static void
export_junction(Export *export, const RuleExpr *expr, const char *word)
{
	for (int i = 0; i < expr->nargs; i++)
	{
		appendStringInfoString(&export->sql, i == 0 ? "(" : word);
		export_expr(export, expr->args[i]);
	}
	appendStringInfoChar(&export->sql, ')');
}

static void
export_constant(Export *export, const RuleExpr *expr)
{
	StringInfo	sql = &export->sql;

	switch (expr->type)
	{
		case RULE_BOOLEAN:
			appendStringInfoString(sql, expr->number == RULE_TRUE ? "true" : "false");
			break;
		case RULE_INTEGER:
			appendStringInfo(sql, "'" INT64_FORMAT "'::bigint", expr->number);
			break;
		case RULE_NUMERIC:
		case RULE_FLOAT:
			appendStringInfo(sql, "'%s'::%s",
							 DatumGetCString(DirectFunctionCall1(numeric_out,
																 NumericGetDatum(expr->literal->val.numeric))),
							 expr->type == RULE_NUMERIC ? "numeric" : "double precision");
			break;
		case RULE_TEXT:
			appendStringInfoString(sql, quote_literal_cstr(TextDatumGetCString(expr->datum)));
			break;
		default:
			appendStringInfo(sql, "%s::%s", quote_literal_cstr(rule_json_string(expr->literal)),
							 rule_type_name(expr->type));
	}
}

/* Integers beyond bigint are unknown, so they are computed in numeric. */
static void
export_arithmetic(Export *export, const RuleExpr *expr)
{
	const char *operator = expr->kind == EXPR_ADD ? "+" : expr->kind == EXPR_SUBTRACT ? "-" : "*";

	if (expr->type == RULE_NUMERIC)
	{
		export_template(export, psprintf("(%%1 %s %%2)", operator), expr->args[0], expr->args[1], NULL);
		return;
	}
	export_template(export, psprintf("(SELECT CASE WHEN n BETWEEN '-9223372036854775808'::numeric AND "
									 "'9223372036854775807'::numeric THEN n::bigint END "
									 "FROM (SELECT (%%1)::numeric %s (%%2)::numeric AS n) AS s)", operator),
					expr->args[0], expr->args[1], NULL);
}

static int
seconds_of(RuleUnit unit)
{
	return unit == RULE_SECOND ? 1 : unit == RULE_MINUTE ? 60 : unit == RULE_HOUR ? 3600 : 86400;
}

/*
 * Months count as ECMAScript's setters do: the first of the target month,
 * and the days since the first of the own.
 */
static void
export_plus_time(Export *export, const RuleExpr *expr)
{
	const RuleExpr *time = expr->args[0];
	const RuleExpr *amount = expr->args[1];
	bool		of_date = (expr->type == RULE_DATE);
	int			months = expr->unit == RULE_YEAR ? 12 : 1;

	if (expr->unit < RULE_MONTH && of_date)
		export_template(export, "(%1 + (%2)::integer)", time, amount, NULL);
	else if (expr->unit < RULE_MONTH)
		export_template(export, psprintf("(%%1 + (%%2) * interval '%d seconds')", seconds_of(expr->unit)),
						time, amount, NULL);
	else
		export_template(export,
						psprintf(of_date ?
								 "(SELECT CASE WHEN isfinite(t) THEN (date_trunc('month', t::timestamp) + "
								 "m * interval '%d months')::date + (extract(day FROM t)::integer - 1) "
								 "ELSE t END FROM (SELECT %%1 AS t, %%2 AS m) AS s WHERE m IS NOT NULL)" :
								 "(SELECT CASE WHEN isfinite(t) THEN (date_trunc('month', t) + "
								 "m * interval '%d months' + (t - date_trunc('month', t))) AT TIME ZONE 'UTC' "
								 "ELSE t AT TIME ZONE 'UTC' END "
								 "FROM (SELECT %%1 AT TIME ZONE 'UTC' AS t, %%2 AS m) AS s WHERE m IS NOT NULL)",
								 months),
						time, amount, NULL);
}

static void
export_membership(Export *export, const RuleExpr *expr)
{
	for (int i = 1; i < expr->nargs; i++)
	{
		if (i == 1)
			export_template(export, expr->args[0]->type == RULE_TEXT ?
							"(%1 COLLATE \"C\" IN (" : "(%1 IN (", expr->args[0], NULL, NULL);
		else
			appendStringInfoString(&export->sql, ", ");
		export_expr(export, expr->args[i]);
	}
	appendStringInfoString(&export->sql, "))");
}

/* Whatever order the elements come in, the numbered rows walk them in turn. */
static void
export_reduce(Export *export, const RuleExpr *expr)
{
	const char *p = export->prefix;
	const char *type = expr->type == RULE_NUMERIC ? "numeric" : "bigint";

	export_template(export,
					psprintf("CASE WHEN %%1 IS NOT NULL THEN (WITH RECURSIVE %sw (accumulator, %sn) AS ("
							 "SELECT (%%3)::%s, 0 UNION ALL SELECT (%%2)::%s, %sw.%sn + 1 "
							 "FROM %sw JOIN unnest(%%1) WITH ORDINALITY AS %su (current, %si) ON %su.%si = %sw.%sn + 1) "
							 "SELECT accumulator FROM %sw ORDER BY %sn DESC LIMIT 1) END",
							 p, p, type, type, p, p, p, p, p, p, p, p, p, p, p),
					expr->args[0], expr->args[1], expr->args[2]);
}

/* The rules of a mask passed: the columns that hold their results. */
static void
export_passed(Export *export, uint64 mask)
{
	const char *separator = "(";

	for (int i = 0; i < export->source->rule_count; i++)
	{
		if (mask >> i & 1)
		{
			appendStringInfo(&export->sql, "%s%sr%d", separator, export->prefix, i);
			separator = " AND ";
		}
	}
	appendStringInfoChar(&export->sql, ')');
}

/* What is absent is no element. */
static void
export_list(Export *export, const RuleExpr *expr)
{
	const RuleSourceFact *facts = export->source->facts;
	RuleType	type = facts[expr->facts[0]].type;
	const char *name = type == RULE_INTEGER ? "bigint" : rule_type_name(type);

	appendStringInfo(&export->sql, "(SELECT coalesce(array_agg(value ORDER BY place) FILTER (WHERE value IS NOT NULL OR kept), '{}') FROM (VALUES ");
	for (int i = 0; i < expr->nfacts; i++)
		appendStringInfo(&export->sql, "%s(%d, %s::%s, %s)", i > 0 ? ", " : "", i,
						 quote_identifier(facts[expr->facts[i]].name), name,
						 facts[expr->facts[i]].absent ? "false" : "true");
	appendStringInfoString(&export->sql, ") AS v (place, value, kept))");
}

static void
export_fact(Export *export, const RuleExpr *expr)
{
	appendStringInfoString(&export->sql, quote_identifier(export->source->facts[expr->fact].name));
}

static void
export_expr(Export *export, const RuleExpr *expr)
{
	RuleExpr  **args = expr->args;

	CHECK_FOR_INTERRUPTS();
	check_stack_depth();
	if (export->sql.len > MAX_EXPORT)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("ruleset is too large to be written as SQL"),
				 errhint("Give nested conditions rules of their own.")));
	switch (expr->kind)
	{
		case EXPR_CONSTANT:
			export_constant(export, expr);
			break;
		case EXPR_FACT:
			export_fact(export, expr);
			break;
		case EXPR_NOW:
			appendStringInfoString(&export->sql, "clock");
			break;
		case EXPR_PRESENT:
			appendStringInfoChar(&export->sql, '(');
			export_fact(export, expr);
			appendStringInfoString(&export->sql, " IS NOT NULL)");
			break;
		case EXPR_PASSED:
			export_passed(export, expr->mask);
			break;
		case EXPR_AND:
			export_junction(export, expr, " AND ");
			break;
		case EXPR_OR:
			export_junction(export, expr, " OR ");
			break;
		case EXPR_NOT:
			export_template(export, "(NOT %1)", args[0], NULL, NULL);
			break;
		case EXPR_AT_LEAST:
			export_template(export, "(%1 >= %2)", args[0], args[1], NULL);
			break;
		case EXPR_ABOVE:
			export_template(export, "(%1 > %2)", args[0], args[1], NULL);
			break;
		case EXPR_EQUAL:
			export_template(export, args[0]->type == RULE_TEXT ? "(%1 = %2 COLLATE \"C\")" : "(%1 = %2)",
							args[0], args[1], NULL);
			break;
		case EXPR_IN:
			export_membership(export, expr);
			break;
		case EXPR_EVERY:
			export_template(export, "CASE WHEN %1 IS NOT NULL THEN (SELECT CASE WHEN bool_or(NOT c) THEN false "
							"WHEN bool_or(c IS NULL) THEN NULL ELSE true END "
							"FROM (SELECT %2 AS c FROM unnest(%1) AS s (current)) AS s) END",
							args[0], args[1], NULL);
			break;
		case EXPR_REDUCE:
			export_reduce(export, expr);
			break;
		case EXPR_IF:
			export_template(export, expr->type == RULE_BOOLEAN ?
							"CASE WHEN %1 THEN %2 WHEN NOT %1 THEN %3 WHEN %2 = %3 THEN %2 END" :
							"CASE WHEN %1 THEN %2 WHEN NOT %1 THEN %3 END",
							args[0], args[1], args[2]);
			break;
		case EXPR_PLUS_TIME:
			export_plus_time(export, expr);
			break;
		case EXPR_DAY:
			export_template(export, psprintf("(%%1 AT TIME ZONE %s)::date",
											 quote_literal_cstr(export->source->zones[expr->zone])),
							args[0], NULL, NULL);
			break;
		case EXPR_LIST:
			export_list(export, expr);
			break;
		case EXPR_DIVIDE:
			export_template(export, "(%1 / nullif(%2, 0))", args[0], args[1], NULL);
			break;
		case EXPR_NUMERIC:
			export_template(export, "(%1)::numeric", args[0], NULL, NULL);
			break;
		case EXPR_WEEKDAY:
			export_template(export, "extract(isodow FROM %1)::bigint", args[0], NULL, NULL);
			break;
		case EXPR_TIME:
			export_template(export, psprintf("(%%1 AT TIME ZONE %s)::time",
											 quote_literal_cstr(export->source->zones[expr->zone])),
							args[0], NULL, NULL);
			break;
		case EXPR_DAYS:
			export_template(export, "CASE WHEN isfinite(%1) AND isfinite(%2) THEN (%2 - %1)::bigint END",
							args[0], args[1], NULL);
			break;
		default:
			export_arithmetic(export, expr);
	}
}

/* Each rule is a column, so that later ones and outcomes can refer to it. */
static void
export_rules(Export *export)
{
	for (int i = 0; i < export->source->rule_count; i++)
	{
		const RuleSourceRule *rule = &export->source->rules[i];

		appendStringInfoString(&export->sql, "\n  CROSS JOIN LATERAL (SELECT ");
		export_template(export, rule->on_unknown == RULE_ON_UNKNOWN_FAIL ? "coalesce(%1, false)" :
						rule->on_unknown == RULE_ON_UNKNOWN_PASS ? "coalesce(%1, true)" : "%1",
						rule->condition, NULL, NULL);
		appendStringInfo(&export->sql, " AS %sr%d) AS %ss%d", export->prefix, i, export->prefix, i);
	}
}

/*
 * From the last line to the first: what the outcome is if no line before
 * decides.  An open condition leaves it known only if both ways agree.
 */
static void
export_outcomes(Export *export)
{
	const RuleSource *source = export->source;
	const char *p = export->prefix;

	for (int i = list_length(source->lines) - 1; i >= 0; i--)
	{
		const RuleSourceLine *line = list_nth(source->lines, i);
		char	   *name = quote_literal_cstr(source->names[line->outcome]);

		appendStringInfoString(&export->sql, "\n  CROSS JOIN LATERAL (SELECT ");
		if (line->condition == NULL)
			appendStringInfo(&export->sql, "%s::text", name);
		else
		{
			appendStringInfoString(&export->sql, "CASE WHEN ");
			export_expr(export, line->condition);
			appendStringInfo(&export->sql, " THEN %s WHEN NOT ", name);
			export_expr(export, line->condition);
			appendStringInfo(&export->sql, " THEN %so%d WHEN %so%d = %s THEN %s END", p, i + 1, p, i + 1, name, name);
		}
		appendStringInfo(&export->sql, " AS %so%d) AS %st%d", p, i, p, i);
	}
}

/* The sum of the bits of the rules whose column is "IS FALSE" or "IS NULL". */
static void
export_mask(Export *export, const char *label, const char *test)
{
	appendStringInfo(&export->sql, ", '%s', 0::bigint", label);
	for (int i = 0; i < export->source->rule_count; i++)
		appendStringInfo(&export->sql, " | CASE WHEN %sr%d %s THEN 1::bigint << %d ELSE 0 END",
						 export->prefix, i, test, i);
}

/* NULL where the output is absent or unknown */
static void
export_outputs(Export *export)
{
	const RuleSource *source = export->source;

	for (int i = 0; i < source->output_count; i++)
	{
		const RuleOutput *output = &source->outputs[i];

		appendStringInfo(&export->sql, "%s%s, ", i == 0 ? ", 'outputs', jsonb_build_object(" : ", ",
						 quote_literal_cstr(output->name));
		export_template(export, output->when ? "CASE WHEN %1 THEN %2 END" : "%2", output->when, output->value, NULL);
	}
	appendStringInfoString(&export->sql, source->output_count > 0 ? ")" : "");
}

/* A name prefix that no fact starts with */
static char *
free_prefix(const RuleSource *source)
{
	StringInfoData prefix;
	bool		taken = true;

	initStringInfo(&prefix);
	while (taken)
	{
		appendStringInfoChar(&prefix, '_');
		taken = false;
		for (int i = 0; i < source->fact_count; i++)
			taken = taken || strncmp(source->facts[i].name, prefix.data, prefix.len) == 0;
	}
	return prefix.data;
}

PG_FUNCTION_INFO_V1(rule_ruleset_sql);

Datum
rule_ruleset_sql(PG_FUNCTION_ARGS)
{
	const Ruleset *ruleset = PG_GETARG_RULESET_P(0);
	Export		export;

	export.source = rule_source(ruleset);
	export.prefix = free_prefix(export.source);
	initStringInfo(&export.sql);
	appendStringInfo(&export.sql, "(SELECT jsonb_build_object('outcome', %so0", export.prefix);
	export_mask(&export, "fail", "IS FALSE");
	export_mask(&export, "unknown", "IS NULL");
	export_outputs(&export);
	appendStringInfoString(&export.sql, ")\n  FROM (SELECT) AS _");
	export_rules(&export);
	export_outcomes(&export);
	appendStringInfoChar(&export.sql, ')');
	PG_RETURN_TEXT_P(cstring_to_text_with_len(export.sql.data, export.sql.len));
}
