/*-------------------------------------------------------------------------
 *
 * program.c
 *	  Prepared programs, and what they say about themselves.
 *
 * src/rule/program.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "program.h"

/* What a simple rule adds to the masks when its condition has the value. */
static void
set_simple_bits(const RuleProgram *program, RuleSimple *simple, int slot, int value, uint64 bit)
{
	Assert(value >= RULE_FALSE && value <= RULE_TRUE && slot >= 0 && slot < 3);
	if (value == RULE_FALSE || (value == RULE_UNKNOWN && (program->unknown_fails & bit)))
		simple->fail[slot] = bit;
	else if (value == RULE_UNKNOWN && !(program->unknown_passes & bit))
		simple->unknown[slot] = bit;
}

/* Sort the rules into simple ones and others. */
static void
sort_rules(RuleProgram *program)
{
	int			count = program->stored->rule_count;

	program->flags = palloc0(sizeof(RuleSimple) * (count + 1));
	program->deadlines = palloc0(sizeof(RuleSimple) * (count + 1));
	program->others = palloc(count + 1);
	for (int i = 0; i < count; i++)
	{
		const RuleList *list = &program->rules[i].condition;
		const RuleNode *node = program->nodes + list->start;
		uint64		bit = UINT64CONST(1) << i;
		RuleSimple *simple;

		if (list->end - list->start == 1 && node->op == RULE_FACT)
			simple = &program->flags[program->flag_count++];
		else if (list->end - list->start == 1 && node->op == RULE_REACHED)
			simple = &program->deadlines[program->deadline_count++];
		else
		{
			program->others[program->other_count++] = i;
			continue;
		}
		simple->fact = node->a;
		simple->c = node->c;
		set_simple_bits(program, simple, 0, -list->sign * node->sign, bit);
		set_simple_bits(program, simple, 1, list->sign * node->sign, bit);
		set_simple_bits(program, simple, 2, list->sign * node->if_null, bit);
	}
}

RuleProgram *
rule_prepare(const Ruleset *stored)
{
	RuleProgram *program = palloc0(sizeof(RuleProgram));
	const uint32 *zones;

	Assert(stored->head.version == RULE_FORMAT);
	program->stored = stored;
	program->nodes = RULESET_SECTION(stored, nodes, RuleNode);
	program->facts = RULESET_SECTION(stored, facts, RuleFactSlot);
	program->rules = RULESET_SECTION(stored, rules, RuleSlot);
	program->lines = RULESET_SECTION(stored, lines, RuleOutcomeLine);
	program->names = RULESET_SECTION(stored, names, uint32);
	program->pool = RULESET_SECTION(stored, pool, char);
	program->values = RULESET_SECTION(stored, values, RuleValueSlot);
	for (int i = 0; i < stored->rule_count; i++)
	{
		if (program->rules[i].on_unknown == RULE_ON_UNKNOWN_FAIL)
			program->unknown_fails |= UINT64CONST(1) << i;
		else if (program->rules[i].on_unknown == RULE_ON_UNKNOWN_PASS)
			program->unknown_passes |= UINT64CONST(1) << i;
	}

	Assert(stored->rule_count <= RULE_MAX_RULES && stored->name_count <= RULE_MAX_OUTCOMES &&
		   stored->fact_count <= RULE_MAX_FACTS);
	sort_rules(program);
	Assert(program->flag_count + program->deadline_count + program->other_count == stored->rule_count);
	program->outcomes = palloc0(sizeof(*program->outcomes) * stored->name_count);
	for (int i = 0; i < stored->name_count; i++)
		strlcpy(program->outcomes[i], rule_outcome_name(program, i), sizeof(program->outcomes[i]));

	zones = RULESET_SECTION(stored, zones, uint32);
	program->zones = palloc0(sizeof(RuleZone) * (stored->zone_count + 1));
	for (int i = 0; i < stored->zone_count; i++)
	{
		program->zones[i].tz = rule_find_zone(program->pool + zones[i]);
		program->zones[i].from = DT_NOEND;
		program->zones[i].until = DT_NOBEGIN;
		if (program->zones[i].tz == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("time zone \"%s\" of the ruleset is not known here",
							program->pool + zones[i]),
					 errhint("Update the server's time zone database.")));
	}
	return program;
}

int
rule_fact_count(const RuleProgram *program)
{
	return program->stored->fact_count;
}

const char *
rule_fact_name(const RuleProgram *program, int fact)
{
	Assert(fact >= 0 && fact < program->stored->fact_count);
	return program->pool + program->facts[fact].name;
}

int
rule_rule_count(const RuleProgram *program)
{
	return program->stored->rule_count;
}

const char *
rule_rule_id(const RuleProgram *program, int rule)
{
	Assert(rule >= 0 && rule < program->stored->rule_count);
	return program->pool + program->rules[rule].id;
}

const char *
rule_rule_group(const RuleProgram *program, int rule)
{
	Assert(rule >= 0 && rule < program->stored->rule_count);
	return program->pool + program->rules[rule].group;
}

uint64
rule_group_mask(const RuleProgram *program, const char *group)
{
	uint64		mask = 0;

	for (int i = 0; i < program->stored->rule_count; i++)
	{
		if (strcmp(rule_rule_group(program, i), group) == 0)
			mask |= UINT64CONST(1) << i;
	}
	return mask;
}

uint64
rule_blocking_mask(const RuleProgram *program)
{
	uint64		mask = 0;

	for (int i = 0; i < program->stored->rule_count; i++)
	{
		if (program->rules[i].blocking)
			mask |= UINT64CONST(1) << i;
	}
	return mask;
}

int
rule_outcome_count(const RuleProgram *program)
{
	return program->stored->name_count;
}

const char *
rule_outcome_name(const RuleProgram *program, int outcome)
{
	Assert(outcome >= 0 && outcome < program->stored->name_count);
	return program->pool + program->names[outcome];
}

bool
rule_uses_clock(const RuleProgram *program)
{
	return program->stored->uses_clock != 0;
}

const uint8 *
rule_sha256(const RuleProgram *program)
{
	return program->stored->sha256;
}

const char *
rule_program_name(const RuleProgram *program)
{
	return program->pool + program->stored->name;
}

const char *
rule_program_kind(const RuleProgram *program)
{
	return program->pool + program->stored->kind;
}
