/*-------------------------------------------------------------------------
 *
 * program.h
 *	  The stored form of a ruleset and its prepared form at a call site.
 *
 * A ruleset is compiled once, when its text is read, into a flat program that
 * is stored beside the text.  Evaluating needs no parsing and no allocation.
 *
 * src/rule/program.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_PROGRAM_H
#define CIVIC_RULE_PROGRAM_H

#include "wire.h"

#include "rule.h"
#include "value.h"

/* Raise when the layout below changes: older values are compiled again. */
#define RULE_FORMAT			4

#define RULE_MAX_TEXT		(1024 * 1024)	/* bytes of canonical text */
#define RULE_MAX_NODES		65535
#define RULE_MAX_DEPTH		64	/* of one expression */
#define RULE_MAX_ZONES		16	/* distinct time zones */
#define RULE_MAX_VALUES		64	/* definitions */
#define RULE_MAX_OUTPUTS	32
#define RULE_MAX_TREE		(16 * RULE_MAX_NODES)	/* of one condition, with
													 * what its definitions
													 * say */
#define RULE_SHA256_LENGTH	32

/* Kleene's three values, ordered: not is -x, and is the smaller one. */
#define RULE_FALSE			(-1)
#define RULE_UNKNOWN		0
#define RULE_TRUE			1

typedef enum RuleOnUnknown
{
	RULE_ON_UNKNOWN_UNKNOWN,
	RULE_ON_UNKNOWN_FAIL,
	RULE_ON_UNKNOWN_PASS
} RuleOnUnknown;

/*
 * What nodes do.  Atoms are conditions over one or two facts: one node does
 * what a tree of a comparison and its operands would.  Scalars are read by
 * RULE_COMPARE only.
 */
typedef enum RuleOp
{
	/* atoms */
	RULE_FACT,					/* boolean fact */
	RULE_PRESENT,				/* fact is not NULL */
	RULE_AT_LEAST,				/* whole-number fact >= c */
	RULE_EQUAL,					/* whole-number fact = c */
	RULE_IN_BITS,				/* bit (fact - c) of d */
	RULE_IN_NUMBERS,			/* fact among c sorted int64 at d */
	RULE_TEXT_EQUAL,			/* text fact = the c bytes at d */
	RULE_IN_TEXTS,				/* text fact among c RuleTexts at d */
	RULE_FACT_AT_LEAST,			/* fact a >= fact b + c */
	RULE_REACHED,				/* clock >= timestamp fact + c */
	RULE_DAY_REACHED,			/* day in zone d >= date fact + c */

	/* conditions */
	RULE_CONSTANT,				/* c is the truth value */
	RULE_PASSED,				/* no rule of mask c failed */
	RULE_ALL,					/* conjunction of the children */
	RULE_IF,					/* three conditions: if, then, else */
	RULE_EVERY,					/* the children, for each of list fact a, or
								 * of the c facts (uint8) at d if b is set */
	RULE_COMPARE,				/* two scalars, compared as c says */

	/* scalars */
	RULE_VALUE_FACT,
	RULE_VALUE_NUMBER,			/* c: whole number, date or timestamp */
	RULE_VALUE_FLOAT,			/* c: the bits of a double */
	RULE_VALUE_POOL,			/* varlena at c */
	RULE_VALUE_NOW,
	RULE_VALUE_ADD,
	RULE_VALUE_SUBTRACT,
	RULE_VALUE_MULTIPLY,
	RULE_VALUE_PLUS_TIME,		/* time, amount; c: RuleUnit */
	RULE_VALUE_DAY,				/* local day of a timestamp; c: zone */
	RULE_VALUE_IF,				/* condition, then, else */
	RULE_VALUE_REDUCE,			/* initial value, body; the list as in
								 * RULE_EVERY */
	RULE_VALUE_DIVIDE,
	RULE_VALUE_NUMERIC,			/* an integer, widened */
	RULE_VALUE_WEEKDAY,			/* of a date */
	RULE_VALUE_TIME,			/* local time of a timestamp; c: zone */
	RULE_VALUE_DAYS				/* between two dates */
} RuleOp;

/*
 * Slots behind the facts: what "current" and "accumulator" name while a list
 * is walked.
 */
#define RULE_CURRENT		RULE_MAX_FACTS
#define RULE_ACCUMULATOR	(RULE_MAX_FACTS + 1)
#define RULE_SLOTS			(RULE_MAX_FACTS + 2)

#define RULE_IS_ATOM(op)	((op) <= RULE_DAY_REACHED)

/* RULE_COMPARE's c */
typedef enum RuleComparison
{
	RULE_COMPARE_AT_LEAST,
	RULE_COMPARE_ABOVE,
	RULE_COMPARE_EQUAL
} RuleComparison;

/*
 * Nodes lie in prefix order: children follow their parent.  An atom says
 * itself what it is when its fact is NULL: unknown, or what a guard beside it
 * made of that.
 */
typedef struct RuleNode
{
	uint8		op;
	int8		sign;			/* -1 negates a condition */
	int8		if_null;		/* value of an atom if fact a is NULL, sign
								 * applied */
	uint8		type;			/* of the values compared or of the scalar */
	uint8		a;				/* facts */
	uint8		b;
	uint16		size;			/* nodes, with the children */
	int64		c;
	int64		d;
} RuleNode;

/* A member of RULE_IN_TEXTS, in order of length and bytes. */
typedef struct RuleText
{
	uint32		offset;			/* into the pool */
	uint32		length;
} RuleText;

typedef struct RuleFactSlot
{
	uint32		name;			/* offsets into the pool, NUL-terminated */
	uint8		type;			/* RuleType */
	bool		absent;			/* NULL means: it never happened */
	bool		list;			/* the type is that of its elements */
	uint8		unused;
} RuleFactSlot;

/* A list of nodes, all of which must hold; negated if sign is -1. */
typedef struct RuleList
{
	uint16		start;
	uint16		end;
	int32		sign;
} RuleList;

typedef struct RuleSlot
{
	uint32		id;
	uint32		group;			/* offset of "" if none */
	RuleList	condition;
	uint64		facts[2];		/* bit set of the facts it reads */
	uint8		blocking;		/* severity is block */
	uint8		on_unknown;		/* RuleOnUnknown */
	uint16		unused[3];
	uint64		definitions;	/* bit set of the definitions in it */
	uint64		rules;			/* and of the rules it depends on */
} RuleSlot;

/*
 * A definition or an output: a condition, or a value whose node is the first.
 * It is absent where "when" is false.
 */
typedef struct RuleValueSlot
{
	uint32		name;
	uint8		type;			/* RuleType */
	uint8		unused[3];
	RuleList	when;
	RuleList	value;
	uint64		rules;			/* bit set of the rules it depends on */
} RuleValueSlot;

/* One line of the first-match list. */
typedef struct RuleOutcomeLine
{
	RuleList	condition;
	int32		outcome;		/* index among the distinct names */
} RuleOutcomeLine;

/* The varlena.  Sections follow the header, each MAXALIGNed. */
typedef struct Ruleset
{
	int32		vl_len_;
	WireHead	head;			/* its version is RULE_FORMAT or an older one */
	uint8		sha256[RULE_SHA256_LENGTH]; /* of the canonical text */
	uint32 text;				/* offsets from the start of the varlena */
	uint32		text_length;
	uint32		nodes;
	uint32		facts;
	uint32		rules;
	uint32		lines;
	uint32		names;			/* of distinct outcomes: offsets into pool */
	uint32		zones;			/* names: offsets into the pool */
	uint32		pool;
	uint32		name;			/* of the ruleset: offsets into the pool */
	uint32		kind;
	uint32		zone;			/* in which texts show instants */
	uint32		values;			/* definitions, then outputs */
	uint16		node_count;
	uint16		fact_count;
	uint16		rule_count;
	uint16		line_count;
	uint16		name_count;
	uint16		zone_count;
	uint16		definition_count;
	uint16		output_count;
	bool		uses_clock;
} Ruleset;

#define RULESET_SECTION(ruleset, offset, type) \
	((const type *) ((const char *) (ruleset) + (ruleset)->offset))

/*
 * A rule that asks for one boolean fact or one deadline.  Many do, so they are
 * evaluated without looking at their nodes: the bits that it adds to the masks
 * when its atom is false, true, or its fact is NULL.
 */
typedef struct RuleSimple
{
	uint8		fact;
	int64		c;				/* of a RULE_REACHED */
	uint64		fail[3];
	uint64		unknown[3];
} RuleSimple;

struct RuleProgram
{
	const Ruleset *stored;
	const RuleNode *nodes;
	const RuleFactSlot *facts;
	const RuleSlot *rules;
	const RuleOutcomeLine *lines;
	const uint32 *names;
	const char *pool;
	const RuleValueSlot *values;	/* definitions, then outputs */
	RuleSimple *flags;			/* rules that are one RULE_FACT */
	RuleSimple *deadlines;		/* rules that are one RULE_REACHED */
	uint8	   *others;			/* the other rules, in order */
	int			flag_count;
	int			deadline_count;
	int			other_count;
	uint64		unknown_fails;	/* rules whose on_unknown is fail, pass */
	uint64		unknown_passes;
	char		(*outcomes)[RULE_MAX_OUTCOME_NAME + 1]; /* names, padded with
														 * zeros */
	RuleZone   *zones;			/* a memo, written while evaluating */
	Oid			argument_types[RULE_MAX_FACTS];
	uint8		shift[RULE_SLOTS];	/* 64 less the width of an integer
									 * argument */
};

static const WireType ruleset_wire = {"ruleset", RULE_FORMAT, 0};

/* Of an older version only the text is read (rule_current_format). */
static inline Ruleset *
DatumGetRulesetP(Datum datum)
{
	Ruleset    *stored = (Ruleset *) PG_DETOAST_DATUM(datum);
	WireType	known = ruleset_wire;

	if (stored->head.version >= 1 && stored->head.version < RULE_FORMAT)
		known.version = stored->head.version;
	wire_check(&stored->head, &known);
	return stored;
}

#define PG_GETARG_RULESET_P(n)	DatumGetRulesetP(PG_GETARG_DATUM(n))

/* program.c: of a ruleset in RULE_FORMAT; call.c has rule_open() for any */
extern RuleProgram *rule_prepare(const Ruleset *stored);

/* evaluate.c: one rule alone, for explanations */
extern int	rule_evaluate_list(const RuleProgram *program, const RuleList *list,
							   TimestampTz clock, const NullableDatum *facts,
							   const RuleVerdict *so_far, TimestampTz *horizon);

/* What a definition or an output is: a truth value, or else a scalar. */
typedef struct RuleResult
{
	bool		absent;			/* its "when" is false */
	bool		unknown;
	int			truth;			/* of a boolean */
	RuleValue	value;
	TimestampTz until;			/* from then on time alone may change it */
} RuleResult;

/* Until when the rules of a set keep their results. */
extern TimestampTz rule_rules_horizon(const RuleProgram *program, uint64 rules, TimestampTz clock,
									  const NullableDatum *facts, const RuleVerdict *verdict);

extern void rule_evaluate_slot(const RuleProgram *program, const RuleValueSlot *slot, TimestampTz clock,
							   const NullableDatum *facts, const RuleVerdict *verdict,
							   RuleResult *result);

#endif							/* CIVIC_RULE_PROGRAM_H */
