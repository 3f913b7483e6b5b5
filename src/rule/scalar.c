/*-------------------------------------------------------------------------
 *
 * scalar.c
 *	  Scalar values of expressions, and comparing them: the general way, for
 *	  what no atom does.
 *
 * A value may move with the clock; a comparison's horizon is the instant at
 * which it flips.  Depth is bounded when a ruleset is made (RULE_MAX_DEPTH),
 * so the recursion here needs no check of its own.  Conditions stand above
 * values: one inside a value is evaluated through the scene.
 *
 * src/rule/scalar.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "common/int.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/float.h"
#include "utils/timestamp.h"

#include "list.h"
#include "scalar.h"

/* The whole number of an integer, date or timestamp fact that is not NULL. */
int64
rule_whole_fact(const RuleScene *scene, int fact, RuleType type)
{
	if (type == RULE_DATE)
		return rule_date_to_number(scene->facts[fact].value);
	if (type == RULE_TIMESTAMPTZ)
		return DatumGetTimestampTz(scene->facts[fact].value);
	return rule_integer_fact(scene, fact);
}

static Datum
float_fact(const RuleScene *scene, int fact)
{
	if (scene->program->shift[fact] != 0)
		return Float8GetDatum((double) DatumGetFloat4(scene->facts[fact].value));
	return scene->facts[fact].value;
}

/* The next change of what moves with a day or is a time of day. */
TimestampTz
rule_next_change(const RuleScene *scene, const RuleValue *value, RuleType type)
{
	TimestampTz time = rule_add_time(scene->clock, value->shift);
	pg_tz	   *tz = scene->program->zones[value->zone].tz;

	Assert(value->moves && !value->null);
	return rule_add_time(type == RULE_TIME ? rule_next_time_break(time, tz) : rule_next_day_change(time, tz),
						 -value->shift);
}

/*
 * When weekday >= threshold flips: days are tried one after another until it
 * does or all weekdays were seen.
 */
static TimestampTz
flip_of_weekday(const RuleScene *scene, const RuleValue *value, int64 threshold)
{
	pg_tz	   *tz = scene->program->zones[value->zone].tz;
	TimestampTz time = rule_add_time(scene->clock, value->shift);
	bool		reached = value->number >= threshold;
	int			seen = 1 << value->number;

	Assert(value->number >= 1 && value->number <= 7);
	while (seen != 0xFE)
	{
		int			weekday;

		time = rule_next_day_change(time, tz);
		if (time == RULE_INFINITY)
			return DT_NOEND;
		weekday = rule_weekday(rule_local_day(time, tz) + value->offset);
		if ((weekday >= threshold) != reached)
			return rule_add_time(time, -value->shift);
		seen |= 1 << weekday;
	}
	return DT_NOEND;
}

/* When (day >= threshold) flips, for what moves with a day. */
static TimestampTz
flip_of_day(const RuleScene *scene, const RuleValue *value, int64 threshold)
{
	return rule_add_time(rule_day_flip(&scene->program->zones[value->zone],
									   rule_add_time(scene->clock, value->shift),
									   threshold),
						 -value->shift);
}

/* a >= b + strict of integers, where a alone moves */
static TimestampTz
flip_of_integer(const RuleScene *scene, const RuleValue *a, int64 b, bool strict)
{
	int64		threshold;

	/* weekdays and days between dates are far from these */
	if (b > PG_INT32_MAX || b < -PG_INT32_MAX)
		return DT_NOEND;
	switch (a->shape)
	{
		case RULE_WEEKDAY:
			return flip_of_weekday(scene, a, b + strict);
		case RULE_DESCENDS:
			/* offset - day >= threshold until day >= offset - threshold + 1 */
			threshold = a->offset - (b + strict) + 1;
			return flip_of_day(scene, a, threshold);
		default:
			return flip_of_day(scene, a, b + strict - a->offset);
	}
}

/* a >= b + strict, where a alone moves */
static TimestampTz
flip_of_moving(const RuleScene *scene, const RuleValue *a, const RuleValue *b,
			   bool strict, RuleType type)
{
	switch (type)
	{
		case RULE_DATE:
			/* local day of (clock + shift) + offset >= b + strict */
			return flip_of_day(scene, a, rule_add_amount(b->number, strict - a->offset, RULE_DAY, true));
		case RULE_INTEGER:
			return flip_of_integer(scene, a, b->number, strict);
		case RULE_TIME:
			return rule_add_time(rule_time_flip(rule_add_time(scene->clock, a->shift), b->number + strict,
												scene->program->zones[a->zone].tz),
								 -a->shift);
		default:
			break;
	}
	if (a->number >= rule_add_time(b->number, strict))
		return DT_NOEND;
	if (b->number == RULE_INFINITY || a->number == RULE_MINUS_INFINITY)
		return DT_NOEND;
	return rule_add_time(scene->clock, b->number - a->number + strict);
}

/* When does a >= b + strict flip by the clock? */
static TimestampTz
comparison_horizon(const RuleScene *scene, const RuleValue *a, const RuleValue *b,
				   bool strict, RuleType type)
{
	if (a->moves && !b->moves)
		return flip_of_moving(scene, a, b, strict, type);
	if (b->moves && !a->moves)
		/* its negation is b >= a + not strict */
		return flip_of_moving(scene, b, a, !strict, type);
	if (!a->moves || type == RULE_TIMESTAMPTZ ||
		(type == RULE_DATE && a->zone == b->zone && a->shift == b->shift))
		return DT_NOEND;
	return Min(rule_next_change(scene, a, type), rule_next_change(scene, b, type));
}

static int
compare_datums(Datum a, Datum b, RuleType type)
{
	switch (type)
	{
		case RULE_FLOAT:
			return float8_cmp_internal(DatumGetFloat8(a), DatumGetFloat8(b));
		case RULE_NUMERIC:
			return DatumGetInt32(DirectFunctionCall2(numeric_cmp, a, b));
		default:
			{
				text	   *x = DatumGetTextPP(a);
				text	   *y = DatumGetTextPP(b);
				int			length = VARSIZE_ANY_EXHDR(x) - VARSIZE_ANY_EXHDR(y);

				return length != 0 ? length :
					memcmp(VARDATA_ANY(x), VARDATA_ANY(y), VARSIZE_ANY_EXHDR(x));
			}
	}
}

RuleAnswer
rule_evaluate_compare(const RuleScene *scene, const RuleNode *node)
{
	RuleType	type = node->type;
	bool		strict = (node->c == RULE_COMPARE_ABOVE);
	TimestampTz horizon;
	RuleValue	a,
				b;

	rule_evaluate_value(scene, node + 1, &a);
	rule_evaluate_value(scene, NEXT_NODE(node + 1), &b);
	horizon = Min(a.until, b.until);
	if (a.null || b.null)
		return rule_answer(RULE_UNKNOWN, horizon);
	if (type == RULE_NUMERIC || type == RULE_FLOAT || type == RULE_TEXT)
	{
		int			order = compare_datums(a.datum, b.datum, type);

		return rule_answer(rule_truth(node->c == RULE_COMPARE_EQUAL ? order == 0 : order >= strict), horizon);
	}
	if (node->c == RULE_COMPARE_EQUAL)
		return rule_answer(rule_truth(a.number == b.number), horizon);
	if (a.moves || b.moves)
	{
		TimestampTz flip = comparison_horizon(scene, &a, &b, strict, type);

		horizon = Min(horizon, flip);
	}
	return rule_answer(rule_truth(strict ? a.number > b.number : a.number >= b.number), horizon);
}

static void
fact_value(const RuleScene *scene, const RuleNode *node, RuleValue *value)
{
	value->null = scene->facts[node->a].isnull;
	if (value->null)
		return;
	switch ((RuleType) node->type)
	{
		case RULE_INTEGER:
		case RULE_DATE:
		case RULE_TIMESTAMPTZ:
		case RULE_TIME:
			value->number = rule_whole_fact(scene, node->a, node->type);
			break;
		case RULE_FLOAT:
			value->datum = float_fact(scene, node->a);
			break;
		default:
			value->datum = scene->facts[node->a].value;
	}
}

/* A value that others are made of: from its next change on they are others. */
static void
still_value(const RuleScene *scene, const RuleNode *node, RuleValue *value, RuleType type)
{
	rule_evaluate_value(scene, node, value);
	if (!value->null && value->moves)
	{
		TimestampTz change = rule_next_change(scene, value, type);

		value->until = Min(value->until, change);
		value->moves = false;
	}
}

/* An integer beyond bigint, a decimal beyond numeric is unknown. */
static void
decimal_arithmetic(const RuleNode *node, const RuleValue *a, const RuleValue *b, RuleValue *value)
{
	Numeric		x = DatumGetNumeric(a->datum);
	Numeric		y = DatumGetNumeric(b->datum);
	Numeric		result;
	bool		failed = false;

	switch ((RuleOp) node->op)
	{
		case RULE_VALUE_ADD:
			result = civic_numeric_add(x, y, &failed);
			break;
		case RULE_VALUE_SUBTRACT:
			result = civic_numeric_sub(x, y, &failed);
			break;
		case RULE_VALUE_MULTIPLY:
			result = civic_numeric_mul(x, y, &failed);
			break;
		default:
			result = civic_numeric_div(x, y, &failed);
	}
	value->null = failed;
	value->datum = failed ? (Datum) 0 : NumericGetDatum(result);
}

static bool
is_zero(Datum numeric)
{
	return DatumGetInt32(DirectFunctionCall2(numeric_cmp, numeric, NumericGetDatum(int64_to_numeric(0)))) == 0;
}

static void
arithmetic_value(const RuleScene *scene, const RuleNode *node, RuleValue *value)
{
	RuleValue	a,
				b;

	still_value(scene, node + 1, &a, node->type);
	still_value(scene, NEXT_NODE(node + 1), &b, node->type);
	value->until = Min(a.until, b.until);
	value->null = a.null || b.null || (node->op == RULE_VALUE_DIVIDE && is_zero(b.datum));
	if (value->null)
		return;
	if (node->type == RULE_NUMERIC)
		decimal_arithmetic(node, &a, &b, value);
	else if (node->op == RULE_VALUE_ADD)
		value->null = pg_add_s64_overflow(a.number, b.number, &value->number);
	else if (node->op == RULE_VALUE_SUBTRACT)
		value->null = pg_sub_s64_overflow(a.number, b.number, &value->number);
	else
		value->null = pg_mul_s64_overflow(a.number, b.number, &value->number);
}

static void
numeric_value(const RuleScene *scene, const RuleNode *node, RuleValue *value)
{
	still_value(scene, node + 1, value, RULE_INTEGER);
	if (!value->null)
		value->datum = NumericGetDatum(int64_to_numeric(value->number));
}

/*
 * Adding months to something that moves is adding a fixed span until the day
 * of the month changes; from then on another one.
 */
static void
plus_time_value(const RuleScene *scene, const RuleNode *node, RuleValue *value)
{
	RuleUnit	unit = (RuleUnit) node->c;
	RuleValue	amount;
	int64		before;

	rule_evaluate_value(scene, node + 1, value);
	rule_evaluate_value(scene, NEXT_NODE(node + 1), &amount);
	value->until = Min(value->until, amount.until);
	value->null = value->null || amount.null;
	if (value->null)
		return;
	before = value->number;
	value->number = rule_add_amount(before, amount.number, unit, node->type == RULE_DATE);
	if (!value->moves)
		return;
	if (value->number == RULE_INFINITY || value->number == RULE_MINUS_INFINITY)
		value->moves = false;
	else if (node->type == RULE_DATE)
	{
		if (unit >= RULE_MONTH)
			value->until = Min(value->until, rule_next_change(scene, value, RULE_DATE));
		value->offset += value->number - before;
	}
	else if (unit >= RULE_MONTH)
		value->until = Min(value->until,
						   rule_add_time(rule_next_utc_midnight(before), scene->clock - before));
}

static void
day_value(const RuleScene *scene, const RuleNode *node, RuleValue *value)
{
	RuleZone   *zone = &scene->program->zones[node->c];

	rule_evaluate_value(scene, node + 1, value);
	if (value->null)
		return;
	if (!value->moves)
	{
		value->number = rule_local_day(value->number, zone->tz);
		return;
	}
	value->shift = value->number - scene->clock;
	value->offset = 0;
	value->zone = (int) node->c;
	value->number = rule_zone_day(zone, value->number);
}

static inline bool
is_endless(int64 number)
{
	return number == RULE_INFINITY || number == RULE_MINUS_INFINITY;
}

/* What has no weekday, no time of day, no distance is unknown. */
static void
weekday_value(const RuleScene *scene, const RuleNode *node, RuleValue *value)
{
	rule_evaluate_value(scene, node + 1, value);
	value->null = value->null || is_endless(value->number);
	if (value->null)
		return;
	value->shape = RULE_WEEKDAY;
	value->number = rule_weekday(value->number);
}

static void
time_value(const RuleScene *scene, const RuleNode *node, RuleValue *value)
{
	rule_evaluate_value(scene, node + 1, value);
	value->null = value->null || is_endless(value->number);
	if (value->null)
		return;
	value->shift = value->number - scene->clock;
	value->zone = (int) node->c;
	value->number = rule_local_time(value->number, scene->program->zones[node->c].tz);
}

static void
days_value(const RuleScene *scene, const RuleNode *node, RuleValue *value)
{
	RuleValue	from = {0};		/* zone and shift are set of what moves only */
	TimestampTz until;

	*value = from;
	rule_evaluate_value(scene, node + 1, &from);
	rule_evaluate_value(scene, NEXT_NODE(node + 1), value);
	until = Min(from.until, value->until);
	if (from.null || value->null || is_endless(from.number) || is_endless(value->number))
	{
		value->null = true;
		value->until = until;
		return;
	}
	if (from.moves && value->moves)
	{
		if (from.zone != value->zone || from.shift != value->shift)
		{
			TimestampTz first = rule_next_change(scene, &from, RULE_DATE);
			TimestampTz second = rule_next_change(scene, value, RULE_DATE);

			until = Min(until, Min(first, second));
		}
		value->moves = false;
	}
	else if (from.moves)
	{
		int64		to = value->number;

		*value = from;
		value->shape = RULE_DESCENDS;
		value->offset = to - from.offset;
		value->number = to;
	}
	else if (value->moves)
		value->offset -= from.number;
	value->number -= from.number;
	value->until = until;
}

/* An unknown condition leaves the value unknown. */
static void
if_value(const RuleScene *scene, const RuleNode *node, RuleValue *value)
{
	const RuleNode *then_branch = NEXT_NODE(node + 1);
	RuleAnswer	test = scene->conditions(scene, node + 1, then_branch);

	if (test.value == RULE_UNKNOWN)
		value->null = true;
	else
		rule_evaluate_value(scene, test.value == RULE_TRUE ? then_branch : NEXT_NODE(then_branch), value);
	value->until = Min(value->until, test.horizon);
}

/*
 * Initial value, then the body for each element.  The accumulator is a whole
 * number, which does not move with the clock; what it was decided by may.
 */
static void
reduce_value(const RuleScene *scene, const RuleNode *node, RuleValue *value)
{
	const RuleNode *initial = node + 1;
	const RuleNode *body = NEXT_NODE(initial);
	RuleWalk	walk;

	if (!rule_open_walk(&walk, scene, node))
	{
		value->null = true;
		return;
	}
	still_value(scene, initial, value, node->type);
	for (int i = 0; i < walk.count; i++)
	{
		TimestampTz until = value->until;

		rule_set_current(&walk, i);
		walk.facts[RULE_ACCUMULATOR].isnull = value->null;
		walk.facts[RULE_ACCUMULATOR].value = value->null ? (Datum) 0 :
			node->type == RULE_NUMERIC ? value->datum : Int64GetDatum(value->number);
		still_value(&walk.scene, body, value, node->type);
		value->until = Min(value->until, until);
	}
}

void
rule_evaluate_value(const RuleScene *scene, const RuleNode *node, RuleValue *value)
{
	value->null = false;
	value->moves = false;
	value->until = DT_NOEND;
	switch ((RuleOp) node->op)
	{
		case RULE_VALUE_FACT:
			fact_value(scene, node, value);
			break;
		case RULE_VALUE_NUMBER:
			value->number = node->c;
			break;
		case RULE_VALUE_FLOAT:
			memcpy(&value->datum, &node->c, sizeof(int64));
			break;
		case RULE_VALUE_POOL:
			value->datum = PointerGetDatum(scene->program->pool + node->c);
			break;
		case RULE_VALUE_NOW:
			value->number = scene->clock;
			value->moves = true;
			value->shape = RULE_GROWS;
			break;
		case RULE_VALUE_PLUS_TIME:
			plus_time_value(scene, node, value);
			break;
		case RULE_VALUE_DAY:
			day_value(scene, node, value);
			break;
		case RULE_VALUE_IF:
			if_value(scene, node, value);
			break;
		case RULE_VALUE_REDUCE:
			reduce_value(scene, node, value);
			break;
		case RULE_VALUE_NUMERIC:
			numeric_value(scene, node, value);
			break;
		case RULE_VALUE_WEEKDAY:
			weekday_value(scene, node, value);
			break;
		case RULE_VALUE_TIME:
			time_value(scene, node, value);
			break;
		case RULE_VALUE_DAYS:
			days_value(scene, node, value);
			break;
		default:
			arithmetic_value(scene, node, value);
	}
}
