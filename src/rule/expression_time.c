/*-------------------------------------------------------------------------
 *
 * expression_time.c
 *	  Expressions over dates and instants: plusTime, and what a calendar and a
 *	  clock show.
 *
 * src/rule/expression_time.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "expression.h"
#include "json.h"
#include "typing.h"

/* A literal where a time is needed is an instant if it has a clock time. */
static bool
coerce_to_time(RuleSource *source, RuleExpr *expr)
{
	if (expr->type == RULE_ANY && expr->kind == EXPR_CONSTANT)
		return rule_coerce(source, expr,
						   expr->literal->type == jbvString && expr->literal->val.string.len <= 10 ?
						   RULE_DATE : RULE_TIMESTAMPTZ);
	if (expr->type == RULE_DATE)
		return true;
	return rule_coerce(source, expr, RULE_TIMESTAMPTZ);
}

static bool
find_unit(const char *name, RuleUnit *unit)
{
	static const struct
	{
		const char *name;
		RuleUnit	unit;
	}			units[] = {
		{"second", RULE_SECOND}, {"minute", RULE_MINUTE}, {"hour", RULE_HOUR},
		{"day", RULE_DAY}, {"month", RULE_MONTH}, {"year", RULE_YEAR}
	};

	for (int i = 0; i < (int) lengthof(units); i++)
	{
		if (strcmp(units[i].name, name) == 0)
		{
			*unit = units[i].unit;
			return true;
		}
	}
	return false;
}

RuleExpr   *
rule_build_plus_time(RuleSource *source, const RuleOperands *operands)
{
	RuleExpr  **args = rule_build_operands(source, operands, 2);
	char	   *name = rule_string_operand(source, operands, 2, "a unit");
	RuleExpr   *expr;
	RuleUnit	unit;

	if (args == NULL || name == NULL ||
		!coerce_to_time(source, args[0]) || !rule_coerce(source, args[1], RULE_INTEGER))
		return NULL;
	if (!find_unit(name, &unit) || (args[0]->type == RULE_DATE && unit < RULE_DAY))
	{
		rule_error(source, rule_operand_path(operands, 2),
				   args[0]->type == RULE_DATE ? "Units of a date are day, month and year." :
				   "Units are second, minute, hour, day, month and year.",
				   "\"%s\" is no unit to add to a %s", name, rule_type_name(args[0]->type));
		return NULL;
	}
	expr = rule_make_expr(EXPR_PLUS_TIME, args[0]->type, operands->path, 2, args[0], args[1]);
	expr->unit = unit;
	return expr;
}

/* The number of a zone, which is added when it is new; -1 on error. */
static int
find_zone(RuleSource *source, const char *name, const RulePath *path)
{
	for (int i = 0; i < source->zone_count; i++)
	{
		if (strcmp(source->zones[i], name) == 0)
			return i;
	}
	if (rule_find_zone(name) == NULL)
	{
		rule_error(source, path, "Name a zone such as \"Asia/Singapore\", or \"UTC\".",
				   "there is no time zone \"%s\"", name);
		return -1;
	}
	if (source->zone_count == RULE_MAX_ZONES)
	{
		rule_error(source, path, NULL, "a ruleset may name at most %d time zones", RULE_MAX_ZONES);
		return -1;
	}
	source->zones[source->zone_count] = name;
	return source->zone_count++;
}

/* What an operator says of an instant in a zone, which is operand i. */
static RuleExpr *
make_in_zone(RuleSource *source, const RuleOperands *operands, RuleExprKind kind, RuleType type,
			 RuleExpr *time, int i)
{
	char	   *name = rule_string_operand(source, operands, i, "a time zone");
	RuleExpr   *expr;
	int			zone;

	if (time == NULL || name == NULL || !rule_coerce(source, time, RULE_TIMESTAMPTZ))
		return NULL;
	zone = find_zone(source, name, rule_operand_path(operands, i));
	if (zone < 0)
		return NULL;
	expr = rule_make_expr(kind, type, operands->path, 1, time);
	expr->zone = zone;
	return expr;
}

/* {"day": [instant, zone]}: the date there */
RuleExpr   *
rule_build_day(RuleSource *source, const RuleOperands *operands)
{
	return make_in_zone(source, operands, EXPR_DAY, RULE_DATE, rule_build_operand(source, operands, 0), 1);
}

/* {"time": [instant, zone]}: the time of day there */
RuleExpr   *
rule_build_time(RuleSource *source, const RuleOperands *operands)
{
	return make_in_zone(source, operands, EXPR_TIME, RULE_TIME, rule_build_operand(source, operands, 0), 1);
}

/* Operand i as a date: it is one, or an instant whose day in a zone is. */
static RuleExpr *
build_date(RuleSource *source, const RuleOperands *operands, int i, int zone_operand)
{
	RuleExpr   *expr = rule_build_operand(source, operands, i);

	if (expr == NULL)
		return NULL;
	if (operands->count > zone_operand)
		return make_in_zone(source, operands, EXPR_DAY, RULE_DATE, expr, zone_operand);
	return rule_coerce(source, expr, RULE_DATE) ? expr : NULL;
}

/* {"weekday": date}, {"weekday": [instant, zone]}: 1 is Monday */
RuleExpr   *
rule_build_weekday(RuleSource *source, const RuleOperands *operands)
{
	RuleExpr   *day = build_date(source, operands, 0, 1);

	return day ? rule_make_expr(EXPR_WEEKDAY, RULE_INTEGER, operands->path, 1, day) : NULL;
}

/* {"daysBetween": [date, date]}, {"daysBetween": [instant, instant, zone]} */
RuleExpr   *
rule_build_days_between(RuleSource *source, const RuleOperands *operands)
{
	RuleExpr   *from = build_date(source, operands, 0, 2);
	RuleExpr   *to = build_date(source, operands, 1, 2);

	if (from == NULL || to == NULL)
		return NULL;
	return rule_make_expr(EXPR_DAYS, RULE_INTEGER, operands->path, 2, from, to);
}
