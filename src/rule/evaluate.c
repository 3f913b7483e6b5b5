/*-------------------------------------------------------------------------
 *
 * evaluate.c
 *	  Evaluating a program: three-valued, with the instant until which the
 *	  clock alone changes nothing (the horizon).
 *
 * The horizon of a comparison is when it flips.  A conjunction is false as
 * long as any of its false children is, so it keeps until the last of their
 * horizons; otherwise until the first of all its children's.  Disjunctions
 * are compiled as negated conjunctions of negations, which is their dual.
 *
 * Depth is bounded when a ruleset is made (RULE_MAX_DEPTH), so the recursion
 * here needs no check of its own.
 *
 * src/rule/evaluate.c
 *
 *-------------------------------------------------------------------------
 */
#include "compat.h"

#include "common/int.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/float.h"
#include "utils/timestamp.h"

#include "value.h"

/* What one evaluation reads. */
typedef struct Scene
{
	const RuleProgram *program;
	const NullableDatum *facts;
	TimestampTz clock;
	uint64		fail;			/* of the rules evaluated so far */
	uint64		unknown;
} Scene;

/* A truth value and its horizon; small enough for two registers. */
typedef struct Answer
{
	int64		value;
	TimestampTz horizon;
} Answer;

static Answer evaluate_nested(const Scene *scene, const RuleNode *node, const RuleNode *end);
static void evaluate_value(const Scene *scene, const RuleNode *node, RuleValue *value);

/* Where siblings follow each other */
#define NEXT_NODE(node)		((node) + (node)->size)

static inline Answer
answer(int value, TimestampTz horizon)
{
	Answer		result = {value, horizon};

	return result;
}

static inline int
truth(bool condition)
{
	return condition ? RULE_TRUE : RULE_FALSE;
}

/* An integer argument has any width: sign-extend it from its own. */
static inline int64
integer_fact(const Scene *scene, int fact)
{
	uint8		shift = scene->program->shift[fact];

	return (int64) (((uint64) scene->facts[fact].value) << shift) >> shift;
}

/* The whole number of an integer, date or timestamp fact that is not NULL. */
static inline int64
whole_fact(const Scene *scene, int fact, RuleType type)
{
	if (type == RULE_DATE)
		return rule_date_to_number(scene->facts[fact].value);
	if (type == RULE_TIMESTAMPTZ)
		return DatumGetTimestampTz(scene->facts[fact].value);
	return integer_fact(scene, fact);
}

static Datum
float_fact(const Scene *scene, int fact)
{
	if (scene->program->shift[fact] != 0)
		return Float8GetDatum((double) DatumGetFloat4(scene->facts[fact].value));
	return scene->facts[fact].value;
}

/* clock >= fact + c: true for ever once it is */
static inline Answer
evaluate_reached(const Scene *scene, const RuleNode *node)
{
	TimestampTz instant = DatumGetTimestampTz(scene->facts[node->a].value);
	int64		sum;

	if (unlikely(pg_add_s64_overflow(instant, node->c, &sum)))
		sum = rule_add_time(instant, node->c);
	if (scene->clock >= sum)
		return answer(RULE_TRUE, DT_NOEND);
	return answer(RULE_FALSE, sum >= END_TIMESTAMP ? DT_NOEND : sum);
}

/* today >= fact + c; a zone may turn its clocks back over midnight */
static Answer
evaluate_day_reached(const Scene *scene, const RuleNode *node)
{
	RuleZone   *zone = &scene->program->zones[node->d];
	int64		day = rule_date_to_number(scene->facts[node->a].value);

	day = rule_add_amount(day, node->c, RULE_DAY, RULE_DATE);
	return answer(truth(rule_zone_day(zone, scene->clock) >= day),
				  rule_day_flip(zone, scene->clock, day));
}

static inline bool
in_bits(uint64 position, uint64 bits)
{
	return position < 64 && (bits >> position & 1);
}

static bool
in_numbers(const RuleProgram *program, const RuleNode *node, int64 value)
{
	const int64 *numbers = (const int64 *) (program->pool + node->d);
	int64		low = 0,
				high = node->c;

	while (low < high)
	{
		int64		middle = (low + high) / 2;

		if (numbers[middle] == value)
			return true;
		if (numbers[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* The bytes of a text fact. */
static inline const char *
text_fact(Datum datum, uint32 *length)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);

	if (VARATT_IS_COMPRESSED(value) || VARATT_IS_EXTERNAL(value))
		value = PG_DETOAST_DATUM_PACKED(datum);
	*length = VARSIZE_ANY_EXHDR(value);
	return VARDATA_ANY(value);
}

static inline bool
is_text(const RuleProgram *program, const RuleNode *node, Datum datum)
{
	uint32		length;
	const char *bytes = text_fact(datum, &length);

	return length == node->c && memcmp(bytes, program->pool + node->d, length) == 0;
}

static bool
in_texts(const RuleProgram *program, const RuleNode *node, Datum datum)
{
	const RuleText *texts = (const RuleText *) (program->pool + node->d);
	uint32		length;
	const char *bytes = text_fact(datum, &length);
	int64		low = 0,
				high = node->c;

	while (low < high)
	{
		int64		middle = (low + high) / 2;
		int			order = (texts[middle].length > length) - (texts[middle].length < length);

		if (order == 0)
			order = memcmp(program->pool + texts[middle].offset, bytes, length);
		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static int
fact_at_least(const Scene *scene, const RuleNode *node)
{
	int64		a = whole_fact(scene, node->a, node->type);
	int64		b = whole_fact(scene, node->b, node->type);

	if (node->c != 0)
		b = rule_add_amount(b, node->c,
							node->type == RULE_DATE ? RULE_DAY : RULE_MICROSECOND,
							node->type);
	return truth(a >= b);
}

static inline int
passed(const Scene *scene, uint64 mask)
{
	if (scene->fail & mask)
		return RULE_FALSE;
	return (scene->unknown & mask) ? RULE_UNKNOWN : RULE_TRUE;
}

/*
 * if, then, else as conditions.  When the first is unknown, the answer is
 * known only if both branches give it.
 */
static Answer
evaluate_if(const Scene *scene, const RuleNode *node)
{
	const RuleNode *then_branch = NEXT_NODE(node + 1);
	const RuleNode *else_branch = NEXT_NODE(then_branch);
	Answer		test = evaluate_nested(scene, node + 1, then_branch);
	Answer		a,
				b;

	if (test.value == RULE_TRUE)
		a = b = evaluate_nested(scene, then_branch, else_branch);
	else if (test.value == RULE_FALSE)
		a = b = evaluate_nested(scene, else_branch, NEXT_NODE(else_branch));
	else
	{
		a = evaluate_nested(scene, then_branch, else_branch);
		b = evaluate_nested(scene, else_branch, NEXT_NODE(else_branch));
	}
	return answer(a.value == b.value ? a.value : RULE_UNKNOWN,
				  Min(test.horizon, Min(a.horizon, b.horizon)));
}

/* a >= b + strict, where a alone moves, that is, grows with the clock */
static TimestampTz
flip_of_growing(const Scene *scene, const RuleValue *a, const RuleValue *b,
				bool strict, RuleType type)
{
	int64		threshold;

	if (type == RULE_DATE)
	{
		/* local day of (clock + shift) + offset >= b + strict */
		threshold = rule_add_amount(b->number, strict - a->offset, RULE_DAY, RULE_DATE);
		return rule_add_time(rule_day_flip(&scene->program->zones[a->zone],
										   rule_add_time(scene->clock, a->shift),
										   threshold),
							 -a->shift);
	}
	if (a->number >= rule_add_time(b->number, strict))
		return DT_NOEND;
	if (b->number == RULE_INFINITY || a->number == RULE_MINUS_INFINITY)
		return DT_NOEND;
	return rule_add_time(scene->clock, b->number - a->number + strict);
}

/* The next change of a moving date. */
static TimestampTz
next_change(const Scene *scene, const RuleValue *value)
{
	return rule_add_time(rule_next_day_change(rule_add_time(scene->clock, value->shift),
											  scene->program->zones[value->zone].tz),
						 -value->shift);
}

/* When does a >= b + strict flip by the clock? */
static TimestampTz
comparison_horizon(const Scene *scene, const RuleValue *a, const RuleValue *b,
				   bool strict, RuleType type)
{
	if (a->moves && !b->moves)
		return flip_of_growing(scene, a, b, strict, type);
	if (b->moves && !a->moves)
		/* its negation is b >= a + not strict */
		return flip_of_growing(scene, b, a, !strict, type);
	if (a->moves && type == RULE_DATE && (a->zone != b->zone || a->shift != b->shift))
		return Min(next_change(scene, a), next_change(scene, b));
	return DT_NOEND;
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

static Answer
evaluate_compare(const Scene *scene, const RuleNode *node)
{
	RuleType	type = node->type;
	bool		strict = (node->c == RULE_COMPARE_ABOVE);
	TimestampTz horizon;
	RuleValue	a,
				b;

	evaluate_value(scene, node + 1, &a);
	evaluate_value(scene, NEXT_NODE(node + 1), &b);
	horizon = Min(a.until, b.until);
	if (a.null || b.null)
		return answer(RULE_UNKNOWN, horizon);
	if (type == RULE_NUMERIC || type == RULE_FLOAT || type == RULE_TEXT)
	{
		int			order = compare_datums(a.datum, b.datum, type);

		return answer(truth(node->c == RULE_COMPARE_EQUAL ? order == 0 : order >= strict), horizon);
	}
	if (node->c == RULE_COMPARE_EQUAL)
		return answer(truth(a.number == b.number), horizon);
	if (type != RULE_INTEGER)
	{
		TimestampTz flip = comparison_horizon(scene, &a, &b, strict, type);

		horizon = Min(horizon, flip);
	}
	return answer(truth(strict ? a.number > b.number : a.number >= b.number), horizon);
}

/* A node whose answer may change by time alone. */
static inline Answer
evaluate_timed(const Scene *scene, const RuleNode *node)
{
	Answer		result;

	switch ((RuleOp) node->op)
	{
		case RULE_DAY_REACHED:
			if (scene->facts[node->a].isnull)
				return answer(node->if_null, DT_NOEND);
			result = evaluate_day_reached(scene, node);
			break;
		case RULE_ALL:
			result = evaluate_nested(scene, node + 1, NEXT_NODE(node));
			break;
		case RULE_IF:
			result = evaluate_if(scene, node);
			break;
		default:
			result = evaluate_compare(scene, node);
	}
	result.value *= node->sign;
	return result;
}

/*
 * Kleene's conjunction of the sibling nodes from node to end.  This is where
 * the time goes: what cannot change by time alone is kept apart, as it needs
 * no horizon and ends the conjunction when it is false.
 */
static pg_attribute_always_inline Answer
evaluate_all(const Scene *scene, const RuleNode *node, const RuleNode *end)
{
	int			result = RULE_TRUE;
	TimestampTz first = DT_NOEND;	/* of the horizons */
	TimestampTz last_false = DT_NOBEGIN;

	for (; node < end; node = NEXT_NODE(node))
	{
		const NullableDatum *fact = &scene->facts[node->a];
		int			value;
		Answer		timed;

		switch ((RuleOp) node->op)
		{
			case RULE_CONSTANT:
				value = node->sign * (int) node->c;
				break;
			case RULE_PRESENT:
				value = fact->isnull ? -node->sign : node->sign;
				break;
			case RULE_PASSED:
				value = node->sign * passed(scene, (uint64) node->c);
				break;

#define FUSED(test) (fact->isnull ? node->if_null : (test) ? node->sign : -node->sign)

			case RULE_FACT:
				value = FUSED(DatumGetBool(fact->value));
				break;
			case RULE_AT_LEAST:
				value = FUSED(integer_fact(scene, node->a) >= node->c);
				break;
			case RULE_EQUAL:
				value = FUSED(integer_fact(scene, node->a) == node->c);
				break;
			case RULE_IN_BITS:
				value = FUSED(in_bits((uint64) integer_fact(scene, node->a) - (uint64) node->c,
									  (uint64) node->d));
				break;
			case RULE_IN_NUMBERS:
				value = FUSED(in_numbers(scene->program, node, integer_fact(scene, node->a)));
				break;
			case RULE_TEXT_EQUAL:
				value = FUSED(is_text(scene->program, node, fact->value));
				break;
			case RULE_IN_TEXTS:
				value = FUSED(in_texts(scene->program, node, fact->value));
				break;
			case RULE_FACT_AT_LEAST:
				value = (fact->isnull || scene->facts[node->b].isnull) ? RULE_UNKNOWN :
					node->sign * fact_at_least(scene, node);
				break;
			case RULE_REACHED:
				value = node->if_null;
				if (fact->isnull)
					break;
				timed = evaluate_reached(scene, node);
				value = timed.value * node->sign;
				if (timed.horizon == DT_NOEND)
					break;
				timed.value = value;
				goto timed;
			default:
				timed = evaluate_timed(scene, node);
				value = timed.value;
				if (timed.horizon == DT_NOEND)
					break;
				goto timed;
		}

		if (likely(value == RULE_TRUE))
			continue;
		if (value == RULE_FALSE)
			return answer(RULE_FALSE, DT_NOEND);
		result = RULE_UNKNOWN;
		continue;

timed:
		if (value == RULE_FALSE)
			last_false = Max(last_false, timed.horizon);
		else
			first = Min(first, timed.horizon);
		if (value == RULE_UNKNOWN)
			result = RULE_UNKNOWN;
	}
	if (last_false != DT_NOBEGIN)
		return answer(RULE_FALSE, last_false);
	return answer(result, first);
}

static Answer
evaluate_nested(const Scene *scene, const RuleNode *node, const RuleNode *end)
{
	return evaluate_all(scene, node, end);
}

static void
fact_value(const Scene *scene, const RuleNode *node, RuleValue *value)
{
	value->null = scene->facts[node->a].isnull;
	if (value->null)
		return;
	switch ((RuleType) node->type)
	{
		case RULE_INTEGER:
		case RULE_DATE:
		case RULE_TIMESTAMPTZ:
			value->number = whole_fact(scene, node->a, node->type);
			break;
		case RULE_FLOAT:
			value->datum = float_fact(scene, node->a);
			break;
		default:
			value->datum = scene->facts[node->a].value;
	}
}

/* A sum, difference or product beyond bigint is unknown. */
static void
arithmetic_value(const Scene *scene, const RuleNode *node, RuleValue *value)
{
	RuleValue	a,
				b;

	evaluate_value(scene, node + 1, &a);
	evaluate_value(scene, NEXT_NODE(node + 1), &b);
	value->until = Min(a.until, b.until);
	value->null = a.null || b.null;
	if (value->null)
		return;
	if (node->op == RULE_VALUE_ADD)
		value->null = pg_add_s64_overflow(a.number, b.number, &value->number);
	else if (node->op == RULE_VALUE_SUBTRACT)
		value->null = pg_sub_s64_overflow(a.number, b.number, &value->number);
	else
		value->null = pg_mul_s64_overflow(a.number, b.number, &value->number);
}

/*
 * Adding months to something that moves is adding a fixed span until the day
 * of the month changes; from then on another one.
 */
static void
plus_time_value(const Scene *scene, const RuleNode *node, RuleValue *value)
{
	RuleUnit	unit = (RuleUnit) node->c;
	RuleValue	amount;
	int64		before;

	evaluate_value(scene, node + 1, value);
	evaluate_value(scene, NEXT_NODE(node + 1), &amount);
	value->until = Min(value->until, amount.until);
	value->null = value->null || amount.null;
	if (value->null)
		return;
	before = value->number;
	value->number = rule_add_amount(before, amount.number, unit, node->type);
	if (!value->moves)
		return;
	if (value->number == RULE_INFINITY || value->number == RULE_MINUS_INFINITY)
		value->moves = false;
	else if (node->type == RULE_DATE)
	{
		if (unit >= RULE_MONTH)
			value->until = Min(value->until, next_change(scene, value));
		value->offset += value->number - before;
	}
	else if (unit >= RULE_MONTH)
		value->until = Min(value->until,
						   rule_add_time(rule_next_utc_midnight(before), scene->clock - before));
}

static void
day_value(const Scene *scene, const RuleNode *node, RuleValue *value)
{
	RuleZone   *zone = &scene->program->zones[node->c];

	evaluate_value(scene, node + 1, value);
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

/* An unknown condition leaves the value unknown. */
static void
if_value(const Scene *scene, const RuleNode *node, RuleValue *value)
{
	const RuleNode *then_branch = NEXT_NODE(node + 1);
	Answer		test = evaluate_nested(scene, node + 1, then_branch);

	if (test.value == RULE_UNKNOWN)
		value->null = true;
	else
		evaluate_value(scene, test.value == RULE_TRUE ? then_branch : NEXT_NODE(then_branch), value);
	value->until = Min(value->until, test.horizon);
}

static void
evaluate_value(const Scene *scene, const RuleNode *node, RuleValue *value)
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
		default:
			arithmetic_value(scene, node, value);
	}
}

static inline Answer
evaluate_list(const Scene *scene, const RuleList *list)
{
	const RuleNode *nodes = scene->program->nodes;
	Answer		result = evaluate_all(scene, nodes + list->start, nodes + list->end);

	result.value *= list->sign;
	return result;
}

/* Walk the first-match list; see RuleVerdict.possible. */
static TimestampTz
evaluate_outcomes(const Scene *scene, RuleVerdict *verdict)
{
	const RuleOutcomeLine *line = scene->program->lines;
	TimestampTz horizon = DT_NOEND;

	/* the last line has no condition, so this ends */
	verdict->possible = 0;
	for (;; line++)
	{
		Answer		condition = evaluate_list(scene, &line->condition);

		horizon = Min(horizon, condition.horizon);
		if (condition.value == RULE_FALSE)
			continue;
		verdict->outcome = line->outcome;
		verdict->possible |= UINT64CONST(1) << line->outcome;
		if (condition.value == RULE_TRUE)
			break;
	}
	if (verdict->possible & (verdict->possible - 1))
		verdict->outcome = RULE_OUTCOME_UNKNOWN;
	return horizon;
}

void
rule_evaluate(const RuleProgram *program, TimestampTz clock,
			  const NullableDatum *facts, RuleVerdict *verdict)
{
	Scene		scene = {.program = program,.facts = facts,.clock = clock};
	const RuleSlot *rule = program->rules;
	const RuleSlot *end = rule + program->stored->rule_count;
	TimestampTz horizon = DT_NOEND;
	TimestampTz outcome_horizon;

	for (uint64 bit = 1; rule < end; rule++, bit <<= 1)
	{
		Answer		condition = evaluate_list(&scene, &rule->condition);

		horizon = Min(horizon, condition.horizon);
		if (likely(condition.value == RULE_TRUE))
			continue;
		if (condition.value == RULE_FALSE || (program->unknown_fails & bit))
			scene.fail |= bit;
		else if (!(program->unknown_passes & bit))
			scene.unknown |= bit;
	}
	outcome_horizon = evaluate_outcomes(&scene, verdict);
	verdict->fail = scene.fail;
	verdict->unknown = scene.unknown;
	verdict->valid_until = Min(horizon, outcome_horizon);
}

int
rule_evaluate_list(const RuleProgram *program, const RuleList *list, TimestampTz clock,
				   const NullableDatum *facts, const RuleVerdict *so_far, TimestampTz *horizon)
{
	Scene		scene = {.program = program,.facts = facts,.clock = clock,
	.fail = so_far->fail,.unknown = so_far->unknown};
	Answer		result = evaluate_list(&scene, list);

	*horizon = result.horizon;
	return (int) result.value;
}
