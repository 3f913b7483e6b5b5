/*-------------------------------------------------------------------------
 *
 * emit.c
 *	  The stored form of a ruleset.
 *
 * src/rule/emit.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "utils/builtins.h"

#include "emit.h"
#include "guard.h"
#include "lower.h"

static uint32
pool_add_string(RuleEmitter *emitter, const char *string)
{
	return rule_pool_add(emitter, string, strlen(string) + 1);
}

/* The sections as they are collected before the varlena is put together. */
typedef struct Sections
{
	RuleFactSlot facts[RULE_MAX_FACTS];
	RuleSlot	rules[RULE_MAX_RULES];
	RuleOutcomeLine *lines;
	uint32		names[RULE_MAX_OUTCOMES];
	uint32		zones[RULE_MAX_ZONES];
	RuleValueSlot values[RULE_MAX_VALUES + RULE_MAX_OUTPUTS];
	uint32		name;
	uint32		kind;
	uint32		zone;
} Sections;

static void
emit_rule(RuleEmitter *emitter, const RuleSourceRule *rule, RuleSlot *slot)
{
	RuleFactSet facts = {{0, 0}};

	rule_facts_read(rule->condition, &facts);
	slot->id = pool_add_string(emitter, rule->id);
	slot->group = pool_add_string(emitter, rule->group);
	slot->condition = rule_lower(emitter, rule->condition);
	memcpy(slot->facts, facts.bits, sizeof(slot->facts));
	slot->definitions = rule->definitions;
	slot->rules = rule->rules;
	slot->blocking = rule->blocking;
	slot->on_unknown = rule->on_unknown;
}

static void
emit_value_slot(RuleEmitter *emitter, RuleValueSlot *slot, const char *name, const RuleExpr *when, const RuleExpr *value)
{
	slot->name = pool_add_string(emitter, name);
	slot->type = value->type;
	slot->when = rule_lower(emitter, when);
	slot->value = value->type == RULE_BOOLEAN ? rule_lower(emitter, value) : rule_lower_value(emitter, value);
}

static void
emit_values(RuleEmitter *emitter, const RuleSource *source, RuleValueSlot *slots)
{
	for (int i = 0; i < source->definition_count; i++)
		emit_value_slot(emitter, slots++, source->definitions[i].name, NULL, source->definitions[i].value);
	for (int i = 0; i < source->output_count; i++)
	{
		const RuleOutput *output = &source->outputs[i];

		slots->rules = rule_rules_needed(source, output->value) |
			(output->when ? rule_rules_needed(source, output->when) : 0);
		emit_value_slot(emitter, slots++, output->name, output->when, output->value);
	}
}

static Sections *
emit_sections(RuleEmitter *emitter, const RuleSource *source)
{
	Sections   *sections = palloc0(sizeof(Sections));
	ListCell   *cell;
	int			i = 0;

	sections->name = pool_add_string(emitter, source->name);
	sections->kind = pool_add_string(emitter, source->kind);
	sections->zone = pool_add_string(emitter, source->zone);
	for (i = 0; i < source->fact_count; i++)
	{
		sections->facts[i].name = pool_add_string(emitter, source->facts[i].name);
		sections->facts[i].type = source->facts[i].type;
		sections->facts[i].absent = source->facts[i].absent;
		sections->facts[i].list = source->facts[i].list;
	}
	for (i = 0; i < source->rule_count; i++)
		emit_rule(emitter, &source->rules[i], &sections->rules[i]);
	sections->lines = palloc0(sizeof(RuleOutcomeLine) * (list_length(source->lines) + 1));
	i = 0;
	foreach(cell, source->lines)
	{
		const RuleSourceLine *line = lfirst(cell);

		sections->lines[i].condition = rule_lower(emitter, line->condition);
		sections->lines[i++].outcome = line->outcome;
	}
	emit_values(emitter, source, sections->values);
	for (i = 0; i < source->name_count; i++)
		sections->names[i] = pool_add_string(emitter, source->names[i]);
	for (i = 0; i < source->zone_count; i++)
		sections->zones[i] = pool_add_string(emitter, source->zones[i]);
	return sections;
}

/* Append a section to the varlena being built; its offset. */
static uint32
append_section(StringInfo buffer, const void *data, Size size)
{
	while (buffer->len % MAXIMUM_ALIGNOF != 0)
		appendStringInfoChar(buffer, '\0');
	appendBinaryStringInfo(buffer, data, (int) size);
	return buffer->len - (int) size;
}

static Ruleset *
assemble(const RuleEmitter *emitter, const RuleSource *source, const Sections *sections, const char *str)
{
	Ruleset		header = {0};
	StringInfoData buffer;
	Datum		digest;

	initStringInfo(&buffer);
	header.head = wire_head(&ruleset_wire);
	header.text_length = strlen(str);
	header.node_count = emitter->nodes.count;
	header.fact_count = source->fact_count;
	header.rule_count = source->rule_count;
	header.line_count = list_length(source->lines);
	header.name_count = source->name_count;
	header.zone_count = source->zone_count;
	header.name = sections->name;
	header.kind = sections->kind;
	header.zone = sections->zone;
	header.definition_count = source->definition_count;
	header.output_count = source->output_count;
	header.uses_clock = source->uses_clock;
	digest = DirectFunctionCall1(sha256_bytea, PointerGetDatum(cstring_to_text(str)));
	memcpy(header.sha256, VARDATA_ANY(DatumGetPointer(digest)), RULE_SHA256_LENGTH);

	append_section(&buffer, &header, sizeof(header));
	header.nodes = append_section(&buffer, emitter->nodes.items, sizeof(RuleNode) * emitter->nodes.count);
	header.facts = append_section(&buffer, sections->facts, sizeof(RuleFactSlot) * source->fact_count);
	header.rules = append_section(&buffer, sections->rules, sizeof(RuleSlot) * source->rule_count);
	header.lines = append_section(&buffer, sections->lines, sizeof(RuleOutcomeLine) * header.line_count);
	header.names = append_section(&buffer, sections->names, sizeof(uint32) * source->name_count);
	header.zones = append_section(&buffer, sections->zones, sizeof(uint32) * source->zone_count);
	header.values = append_section(&buffer, sections->values,
								   sizeof(RuleValueSlot) * (source->definition_count + source->output_count));
	header.pool = append_section(&buffer, emitter->pool.data, emitter->pool.len);
	header.text = append_section(&buffer, str, header.text_length);
	SET_VARSIZE(&header, buffer.len);
	memcpy(buffer.data, &header, sizeof(header));
	return (Ruleset *) buffer.data;
}

/*
 * The stored form of a source without errors; text is the canonical text.
 * NULL if the program would be too large.
 */
Ruleset    *
rule_emit(const RuleSource *source, const char *str)
{
	RuleEmitter emitter;
	Sections   *sections;

	rule_emitter_init(&emitter);
	sections = emit_sections(&emitter, source);
	if (rule_is_too_large(&emitter))
		return NULL;
	return assemble(&emitter, source, sections, str);
}
