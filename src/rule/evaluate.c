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

static int	evaluate_all(const Scene *scene, uint32 start, uint32 end, TimestampTz *horizon);
static void evaluate_value(const Scene *scene, uint32 index, RuleValue *value);

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
static inline int
evaluate_reached(const Scene *scene, const RuleNode *node, TimestampTz *horizon)
{
	TimestampTz instant = DatumGetTimestampTz(scene->facts[node->a].value);
	int64		sum;

	if (unlikely(pg_add_s64_overflow(instant, node->c, &sum) || !IS_VALID_TIMESTAMP(sum)))
		sum = rule_add_time(instant, node->c);
	if (scene->clock >= sum)
		return RULE_TRUE;
	*horizon = sum;
	return RULE_FALSE;
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

/*
 * Texts lie in the pool as their length and bytes, each MAXALIGNed, behind
 * their offsets, in order of length and bytes.
 */
static bool
in_texts(const RuleProgram *program, const RuleNode *node, Datum datum)
{
	text	   *value = DatumGetTextPP(datum);
	uint32		length = VARSIZE_ANY_EXHDR(value);
	const char *bytes = VARDATA_ANY(value);
	const uint32 *offsets = (const uint32 *) (program->pool + node->d);
	int64		low = 0,
				high = node->c;

	while (low < high)
	{
		int64		middle = (low + high) / 2;
		const char *candidate = program->pool + offsets[middle];
		uint32		candidate_length = *(const uint32 *) candidate;
		int			order;

		if (candidate_length != length)
			order = candidate_length < length ? -1 : 1;
		else
			order = memcmp(candidate + sizeof(uint32), bytes, length);
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
static int
evaluate_if(const Scene *scene, uint32 index, TimestampTz *horizon)
{
	const RuleNode *nodes = scene->program->nodes;
	uint32		test = index + 1;
	uint32		then_branch = nodes[test].end;
	uint32		else_branch = nodes[then_branch].end;
	TimestampTz h_test,
				h_then,
				h_else;
	int			t = evaluate_all(scene, test, then_branch, &h_test);
	int			a,
				b;

	if (t != RULE_UNKNOWN)
	{
		uint32		branch = (t == RULE_TRUE) ? then_branch : else_branch;

		a = evaluate_all(scene, branch, nodes[branch].end, &h_then);
		*horizon = Min(h_test, h_then);
		return a;
	}
	a = evaluate_all(scene, then_branch, else_branch, &h_then);
	b = evaluate_all(scene, else_branch, nodes[else_branch].end, &h_else);
	*horizon = Min(h_test, Min(h_then, h_else));
	return (a == b) ? a : RULE_UNKNOWN;
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

static int
evaluate_compare(const Scene *scene, uint32 index, TimestampTz *horizon)
{
	const RuleNode *node = &scene->program->nodes[index];
	RuleType	type = node->type;
	RuleValue	a,
				b;

	evaluate_value(scene, index + 1, &a);
	evaluate_value(scene, scene->program->nodes[index + 1].end, &b);
	*horizon = Min(a.until, b.until);
	if (a.null || b.null)
		return RULE_UNKNOWN;
	if (type == RULE_NUMERIC || type == RULE_FLOAT || type == RULE_TEXT)
	{
		int			order = compare_datums(a.datum, b.datum, type);

		if (node->c == RULE_COMPARE_EQUAL)
			return truth(order == 0);
		return truth(order >= (node->c == RULE_COMPARE_ABOVE));
	}
	if (node->c == RULE_COMPARE_EQUAL)
		return truth(a.number == b.number);
	if (type != RULE_INTEGER)
	{
		TimestampTz flip = comparison_horizon(scene, &a, &b,
											  node->c == RULE_COMPARE_ABOVE, type);

		*horizon = Min(*horizon, flip);
	}
	return truth(node->c == RULE_COMPARE_ABOVE ? a.number > b.number : a.number >= b.number);
}

static int
evaluate_condition(const Scene *scene, uint32 index, TimestampTz *horizon)
{
	const RuleNode *node = &scene->program->nodes[index];
	const NullableDatum *fact = &scene->facts[node->a];

	*horizon = DT_NOEND;
	switch ((RuleOp) node->op)
	{
		case RULE_CONSTANT:
			return (int) node->c;
		case RULE_FACT:
			return fact->isnull ? RULE_UNKNOWN : truth(DatumGetBool(fact->value));
		case RULE_PRESENT:
			return truth(!fact->isnull);
		case RULE_REACHED:
			return fact->isnull ? RULE_UNKNOWN : evaluate_reached(scene, node, horizon);
		case RULE_AT_LEAST:
			return fact->isnull ? RULE_UNKNOWN : truth(integer_fact(scene, node->a) >= node->c);
		case RULE_EQUAL:
			return fact->isnull ? RULE_UNKNOWN : truth(integer_fact(scene, node->a) == node->c);
		case RULE_IN_BITS:
			return fact->isnull ? RULE_UNKNOWN :
				truth(in_bits((uint64) integer_fact(scene, node->a) - (uint64) node->c,
							  (uint64) node->d));
		case RULE_IN_NUMBERS:
			return fact->isnull ? RULE_UNKNOWN :
				truth(in_numbers(scene->program, node, integer_fact(scene, node->a)));
		case RULE_IN_TEXTS:
			return fact->isnull ? RULE_UNKNOWN : truth(in_texts(scene->program, node, fact->value));
		case RULE_FACT_AT_LEAST:
			return (fact->isnull || scene->facts[node->b].isnull) ? RULE_UNKNOWN :
				fact_at_least(scene, node);
		case RULE_PASSED:
			return passed(scene, (uint64) node->c);
		case RULE_ALL:
			return evaluate_all(scene, index + 1, node->end, horizon);
		case RULE_IF:
			return evaluate_if(scene, index, horizon);
		default:
			return evaluate_compare(scene, index, horizon);
	}
}

/* Kleene's conjunction of the sibling nodes from start to end. */
static int
evaluate_all(const Scene *scene, uint32 start, uint32 end, TimestampTz *horizon)
{
	int			result = RULE_TRUE;
	TimestampTz first = DT_NOEND;	/* of the horizons */
	TimestampTz last_false = DT_NOBEGIN;

	for (uint32 index = start; index < end;)
	{
		const RuleNode *node = &scene->program->nodes[index];
		TimestampTz h;
		int			value = node->sign * evaluate_condition(scene, index, &h);

		if (value == RULE_FALSE)
		{
			if (h == DT_NOEND)
			{
				*horizon = DT_NOEND;
				return RULE_FALSE;
			}
			last_false = Max(last_false, h);
		}
		first = Min(first, h);
		result = Min(result, value);
		index = node->end;
	}
	*horizon = (result == RULE_FALSE) ? last_false : first;
	return result;
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
arithmetic_value(const Scene *scene, uint32 index, RuleValue *value)
{
	const RuleNode *node = &scene->program->nodes[index];
	RuleValue	a,
				b;

	evaluate_value(scene, index + 1, &a);
	evaluate_value(scene, scene->program->nodes[index + 1].end, &b);
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
plus_time_value(const Scene *scene, uint32 index, RuleValue *value)
{
	const RuleNode *node = &scene->program->nodes[index];
	RuleUnit	unit = (RuleUnit) node->c;
	RuleValue	amount;
	int64		before;

	evaluate_value(scene, index + 1, value);
	evaluate_value(scene, scene->program->nodes[index + 1].end, &amount);
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
day_value(const Scene *scene, uint32 index, RuleValue *value)
{
	const RuleNode *node = &scene->program->nodes[index];
	RuleZone   *zone = &scene->program->zones[node->c];

	evaluate_value(scene, index + 1, value);
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
if_value(const Scene *scene, uint32 index, RuleValue *value)
{
	const RuleNode *nodes = scene->program->nodes;
	uint32		then_branch = nodes[index + 1].end;
	TimestampTz h;
	int			test = evaluate_all(scene, index + 1, then_branch, &h);

	if (test == RULE_UNKNOWN)
		value->null = true;
	else
		evaluate_value(scene, test == RULE_TRUE ? then_branch : nodes[then_branch].end, value);
	value->until = Min(value->until, h);
}

static void
evaluate_value(const Scene *scene, uint32 index, RuleValue *value)
{
	const RuleNode *node = &scene->program->nodes[index];

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
			plus_time_value(scene, index, value);
			break;
		case RULE_VALUE_DAY:
			day_value(scene, index, value);
			break;
		case RULE_VALUE_IF:
			if_value(scene, index, value);
			break;
		default:
			arithmetic_value(scene, index, value);
	}
}

static inline int
evaluate_list(const Scene *scene, const RuleList *list, TimestampTz *horizon)
{
	return list->sign * evaluate_all(scene, list->start, list->end, horizon);
}

/* Walk the first-match list; see RuleVerdict.possible. */
static void
evaluate_outcomes(const Scene *scene, RuleVerdict *verdict)
{
	const Ruleset *stored = scene->program->stored;

	verdict->possible = 0;
	for (int i = 0; i < stored->line_count; i++)
	{
		const RuleOutcomeLine *line = &scene->program->lines[i];
		TimestampTz h;
		int			value = evaluate_list(scene, &line->condition, &h);

		verdict->valid_until = Min(verdict->valid_until, h);
		if (value == RULE_FALSE)
			continue;
		verdict->outcome = line->outcome;
		verdict->possible |= UINT64CONST(1) << line->outcome;
		if (value == RULE_TRUE)
			break;
	}
	if (verdict->possible & (verdict->possible - 1))
		verdict->outcome = RULE_OUTCOME_UNKNOWN;
}

void
rule_evaluate(const RuleProgram *program, TimestampTz clock,
			  const NullableDatum *facts, RuleVerdict *verdict)
{
	Scene		scene = {.program = program,.facts = facts,.clock = clock};
	int			rules = program->stored->rule_count;
	uint64		bit = 1;

	verdict->valid_until = DT_NOEND;
	for (int i = 0; i < rules; i++, bit <<= 1)
	{
		TimestampTz h;
		int			value = evaluate_list(&scene, &program->rules[i].condition, &h);

		verdict->valid_until = Min(verdict->valid_until, h);
		if (value == RULE_FALSE || (value == RULE_UNKNOWN && (program->unknown_fails & bit)))
			scene.fail |= bit;
		else if (value == RULE_UNKNOWN && !(program->unknown_passes & bit))
			scene.unknown |= bit;
	}
	verdict->fail = scene.fail;
	verdict->unknown = scene.unknown;
	evaluate_outcomes(&scene, verdict);
}

int
rule_evaluate_list(const RuleProgram *program, const RuleList *list, TimestampTz clock,
				   const NullableDatum *facts, const RuleVerdict *so_far, TimestampTz *horizon)
{
	Scene		scene = {.program = program,.facts = facts,.clock = clock,
	.fail = so_far->fail,.unknown = so_far->unknown};

	return evaluate_list(&scene, list, horizon);
}
