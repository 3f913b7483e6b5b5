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
#include "postgres.h"

#include "compat.h"

#include "common/int.h"
#include "utils/timestamp.h"

#include "list.h"
#include "scalar.h"

/* ---- conditions over one or two facts ---- */

/* fact + c, the instant from which on it is reached, for ever */
static inline TimestampTz
deadline(const RuleScene *scene, int fact, int64 c)
{
	TimestampTz instant = DatumGetTimestampTz(scene->facts[fact].value);
	int64		sum;

	if (unlikely(pg_add_s64_overflow(instant, c, &sum)))
		sum = rule_add_time(instant, c);
	return sum >= END_TIMESTAMP ? DT_NOEND : sum;
}

static inline RuleAnswer
evaluate_reached(const RuleScene *scene, const RuleNode *node)
{
	TimestampTz instant = deadline(scene, node->a, node->c);

	if (scene->clock >= instant)
		return rule_answer(RULE_TRUE, DT_NOEND);
	return rule_answer(RULE_FALSE, instant);
}

/* today >= fact + c; a zone may turn its clocks back over midnight */
static RuleAnswer
evaluate_day_reached(const RuleScene *scene, const RuleNode *node)
{
	RuleZone   *zone = &scene->program->zones[node->d];
	int64		day = rule_date_to_number(scene->facts[node->a].value);

	Assert(node->d >= 0 && node->d < scene->program->stored->zone_count);
	day = rule_add_amount(day, node->c, RULE_DAY, true);
	return rule_answer(rule_truth(rule_zone_day(zone, scene->clock) >= day),
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

		Assert(middle == 0 || numbers[middle - 1] < numbers[middle]);
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

static bool
fact_at_least(const RuleScene *scene, const RuleNode *node)
{
	int64		a = rule_whole_fact(scene, node->a, node->type);
	int64		b = rule_whole_fact(scene, node->b, node->type);

	if (node->c != 0)
		b = rule_add_amount(b, node->c,
							node->type == RULE_DATE ? RULE_DAY : RULE_MICROSECOND,
							node->type == RULE_DATE);
	return a >= b;
}

/* ---- conditions ---- */

static RuleAnswer evaluate_conditions(const RuleScene *scene, const RuleNode *node, const RuleNode *end);

static inline int
passed(const RuleScene *scene, uint64 mask)
{
	if (scene->fail & mask)
		return RULE_FALSE;
	return (scene->unknown & mask) ? RULE_UNKNOWN : RULE_TRUE;
}

/*
 * if, then, else as conditions.  When the first is unknown, the answer is
 * known only if both branches give it.
 */
static RuleAnswer
evaluate_if(const RuleScene *scene, const RuleNode *node)
{
	const RuleNode *then_branch = NEXT_NODE(node + 1);
	const RuleNode *else_branch = NEXT_NODE(then_branch);
	RuleAnswer	test = evaluate_conditions(scene, node + 1, then_branch);
	RuleAnswer	a,
				b;

	if (test.value == RULE_TRUE)
		a = b = evaluate_conditions(scene, then_branch, else_branch);
	else if (test.value == RULE_FALSE)
		a = b = evaluate_conditions(scene, else_branch, NEXT_NODE(else_branch));
	else
	{
		a = evaluate_conditions(scene, then_branch, else_branch);
		b = evaluate_conditions(scene, else_branch, NEXT_NODE(else_branch));
	}
	return rule_answer(a.value == b.value ? a.value : RULE_UNKNOWN,
					   Min(test.horizon, Min(a.horizon, b.horizon)));
}

/*
 * Does the condition hold for every element?  A conjunction, so it is false as
 * long as any false one is, and otherwise keeps until the first one changes.
 */
static RuleAnswer
evaluate_every(const RuleScene *scene, const RuleNode *node)
{
	RuleWalk	walk;
	int			result = RULE_TRUE;
	TimestampTz first = DT_NOEND;
	TimestampTz last_false = DT_NOBEGIN;

	if (!rule_open_walk(&walk, scene, node))
		return rule_answer(RULE_UNKNOWN, DT_NOEND);
	for (int i = 0; i < walk.count; i++)
	{
		RuleAnswer	answer;

		rule_set_current(&walk, i);
		answer = evaluate_conditions(&walk.scene, node + 1, NEXT_NODE(node));
		result = Min(result, (int) answer.value);
		if (answer.value == RULE_FALSE)
			last_false = Max(last_false, answer.horizon);
		else
			first = Min(first, answer.horizon);
	}
	return rule_answer(result, result == RULE_FALSE ? last_false : first);
}

/* A node whose answer may change by time alone. */
static inline RuleAnswer
evaluate_timed(const RuleScene *scene, const RuleNode *node)
{
	RuleAnswer	result;

	switch ((RuleOp) node->op)
	{
		case RULE_DAY_REACHED:
			if (scene->facts[node->a].isnull)
				return rule_answer(node->if_null, DT_NOEND);
			result = evaluate_day_reached(scene, node);
			break;
		case RULE_ALL:
			result = evaluate_conditions(scene, node + 1, NEXT_NODE(node));
			break;
		case RULE_IF:
			result = evaluate_if(scene, node);
			break;
		case RULE_EVERY:
			result = evaluate_every(scene, node);
			break;
		default:
			result = rule_evaluate_compare(scene, node);
	}
	result.value *= node->sign;
	return result;
}

/*
 * Kleene's conjunction of the sibling nodes from node to end.  This is where
 * the time goes: what cannot change by time alone is kept apart, as it needs
 * no horizon and ends the conjunction when it is false.
 */
static pg_attribute_always_inline RuleAnswer
evaluate_all(const RuleScene *scene, const RuleNode *node, const RuleNode *end)
{
	int			result = RULE_TRUE;
	TimestampTz first = DT_NOEND;	/* of the horizons */
	TimestampTz last_false = DT_NOBEGIN;

	for (; node < end; node = NEXT_NODE(node))
	{
		const NullableDatum *fact = &scene->facts[node->a];
		int			value;
		RuleAnswer	timed;

		Assert(node->size >= 1 && NEXT_NODE(node) <= end);
		Assert(node->sign == 1 || node->sign == -1);
		Assert(node->a < RULE_SLOTS && node->b < RULE_SLOTS);
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
				value = FUSED(rule_integer_fact(scene, node->a) >= node->c);
				break;
			case RULE_EQUAL:
				value = FUSED(rule_integer_fact(scene, node->a) == node->c);
				break;
			case RULE_IN_BITS:
				value = FUSED(in_bits((uint64) rule_integer_fact(scene, node->a) - (uint64) node->c,
									  (uint64) node->d));
				break;
			case RULE_IN_NUMBERS:
				value = FUSED(in_numbers(scene->program, node, rule_integer_fact(scene, node->a)));
				break;
			case RULE_TEXT_EQUAL:
				value = FUSED(is_text(scene->program, node, fact->value));
				break;
			case RULE_IN_TEXTS:
				value = FUSED(in_texts(scene->program, node, fact->value));
				break;
			case RULE_FACT_AT_LEAST:
				value = (fact->isnull || scene->facts[node->b].isnull) ? RULE_UNKNOWN :
					node->sign * rule_truth(fact_at_least(scene, node));
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
			return rule_answer(RULE_FALSE, DT_NOEND);
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
		return rule_answer(RULE_FALSE, last_false);
	return rule_answer(result, first);
}

static RuleAnswer
evaluate_conditions(const RuleScene *scene, const RuleNode *node, const RuleNode *end)
{
	return evaluate_all(scene, node, end);
}

static pg_attribute_always_inline RuleAnswer
evaluate_list(const RuleScene *scene, const RuleList *list)
{
	const RuleNode *nodes = scene->program->nodes;
	RuleAnswer	result = evaluate_all(scene, nodes + list->start, nodes + list->end);

	Assert(list->start <= list->end && list->end <= scene->program->stored->node_count);
	Assert(list->sign == 1 || list->sign == -1);
	Assert(result.value >= RULE_FALSE && result.value <= RULE_TRUE);
	result.value *= list->sign;
	return result;
}

/* Walk the first-match list; see RuleVerdict.possible. */
static TimestampTz
evaluate_outcomes(const RuleScene *scene, RuleVerdict *verdict)
{
	const RuleOutcomeLine *line = scene->program->lines;
	TimestampTz horizon = DT_NOEND;

	/* the last line has no condition, so this ends */
	verdict->possible = 0;
	for (;; line++)
	{
		RuleAnswer	condition = evaluate_list(scene, &line->condition);

		Assert(line < scene->program->lines + scene->program->stored->line_count);
		Assert(line->outcome >= 0 && line->outcome < scene->program->stored->name_count);
		horizon = Min(horizon, condition.horizon);
		if (condition.value == RULE_FALSE)
			continue;
		verdict->outcome = line->outcome;
		verdict->possible |= UINT64CONST(1) << line->outcome;
		if (condition.value == RULE_TRUE)
			break;
	}
	Assert(verdict->possible != 0);
	if (verdict->possible & (verdict->possible - 1))
		verdict->outcome = RULE_OUTCOME_UNKNOWN;
	return horizon;
}

/* Rules that are one fact or one deadline, without a branch on the facts. */
static inline TimestampTz
evaluate_simple_rules(RuleScene *scene)
{
	const RuleProgram *program = scene->program;
	TimestampTz horizon = DT_NOEND;
	uint64		fail = 0;
	uint64		unknown = 0;

	for (int i = 0; i < program->flag_count; i++)
	{
		const RuleSimple *rule = &program->flags[i];
		const NullableDatum *fact = &scene->facts[rule->fact];
		int			slot = fact->isnull ? 2 : DatumGetBool(fact->value);

		fail |= rule->fail[slot];
		unknown |= rule->unknown[slot];
	}
	for (int i = 0; i < program->deadline_count; i++)
	{
		const RuleSimple *rule = &program->deadlines[i];
		bool		isnull = scene->facts[rule->fact].isnull;
		TimestampTz instant = deadline(scene, rule->fact, rule->c);
		bool		reached = scene->clock >= instant;
		int			slot = isnull ? 2 : reached;

		fail |= rule->fail[slot];
		unknown |= rule->unknown[slot];
		horizon = (slot == 0 && instant < horizon) ? instant : horizon;
	}
	scene->fail = fail;
	scene->unknown = unknown;
	return horizon;
}

void
rule_evaluate(const RuleProgram *program, TimestampTz clock,
			  const NullableDatum *facts, RuleVerdict *verdict)
{
	RuleScene	scene = {.program = program,.facts = facts,.clock = clock,
	.conditions = evaluate_conditions};
	TimestampTz horizon = evaluate_simple_rules(&scene);
	TimestampTz outcome_horizon;

	for (int i = 0; i < program->other_count; i++)
	{
		int			rule = program->others[i];
		uint64		bit = UINT64CONST(1) << rule;
		RuleAnswer	condition = evaluate_list(&scene, &program->rules[rule].condition);

		horizon = Min(horizon, condition.horizon);
		if (likely(condition.value == RULE_TRUE))
			continue;
		if (condition.value == RULE_FALSE || (program->unknown_fails & bit))
			scene.fail |= bit;
		else if (!(program->unknown_passes & bit))
			scene.unknown |= bit;
	}
	outcome_horizon = evaluate_outcomes(&scene, verdict);
	Assert((scene.fail & scene.unknown) == 0);
	verdict->fail = scene.fail;
	verdict->unknown = scene.unknown;
	verdict->valid_until = Min(horizon, outcome_horizon);
}

TimestampTz
rule_rules_horizon(const RuleProgram *program, uint64 rules, TimestampTz clock,
				   const NullableDatum *facts, const RuleVerdict *verdict)
{
	TimestampTz horizon = DT_NOEND;

	for (int i = 0; rules != 0; i++, rules >>= 1)
	{
		TimestampTz own;

		if ((rules & 1) == 0)
			continue;
		(void) rule_evaluate_list(program, &program->rules[i].condition, clock, facts, verdict, &own);
		horizon = Min(horizon, own);
	}
	return horizon;
}

/* What moves at every instant holds for this one. */
static TimestampTz
until_of_value(const RuleScene *scene, const RuleValue *value, RuleType type)
{
	TimestampTz change;

	if (value->null || !value->moves)
		return value->until;
	if (type == RULE_TIMESTAMPTZ || type == RULE_TIME)
		change = scene->clock + 1;
	else
		change = rule_next_change(scene, value, type);
	return Min(value->until, change);
}

void
rule_evaluate_slot(const RuleProgram *program, const RuleValueSlot *slot, TimestampTz clock,
				   const NullableDatum *facts, const RuleVerdict *verdict, RuleResult *result)
{
	RuleScene	scene = {.program = program,.facts = facts,.clock = clock,
	.conditions = evaluate_conditions,.fail = verdict->fail,.unknown = verdict->unknown};
	RuleAnswer	when = evaluate_list(&scene, &slot->when);
	TimestampTz rules = rule_rules_horizon(program, slot->rules, clock, facts, verdict);

	memset(result, 0, sizeof(RuleResult));
	result->absent = (when.value == RULE_FALSE);
	result->unknown = (when.value == RULE_UNKNOWN);
	result->until = Min(when.horizon, rules);
	if (when.value != RULE_TRUE)
		return;
	if (slot->type == RULE_BOOLEAN)
	{
		RuleAnswer	answer = evaluate_list(&scene, &slot->value);

		result->truth = (int) answer.value;
		result->unknown = (answer.value == RULE_UNKNOWN);
		result->until = Min(result->until, answer.horizon);
	}
	else
	{
		TimestampTz until;

		rule_evaluate_value(&scene, program->nodes + slot->value.start, &result->value);
		result->unknown = result->value.null;
		until = until_of_value(&scene, &result->value, slot->type);
		result->until = Min(result->until, until);
	}
}

int
rule_evaluate_list(const RuleProgram *program, const RuleList *list, TimestampTz clock,
				   const NullableDatum *facts, const RuleVerdict *so_far, TimestampTz *horizon)
{
	RuleScene	scene = {.program = program,.facts = facts,.clock = clock,
	.conditions = evaluate_conditions,.fail = so_far->fail,.unknown = so_far->unknown};
	RuleAnswer	result = evaluate_list(&scene, list);

	*horizon = result.horizon;
	return (int) result.value;
}
