/*-------------------------------------------------------------------------
 *
 * source.h
 *	  A ruleset's JSON as it has been read: facts, rules and outcomes with their
 *	  conditions as typed trees.
 *
 *	  		read.c		sections of the JSON			-> RuleSource
 *	  		expression*.c	one JSON expression			-> RuleExpr, typed
 *	  		typing.c	gives literals their type
 *	  		guard.c		refuses reads of absent facts without a guard
 *	  		emit.c		RuleSource, through lower.c		-> Ruleset
 *	  		export.c	RuleSource						-> SQL
 *
 *	  Errors are collected with their JSON path, so that one look shows them all.
 *
 * src/rule/source.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_SOURCE_H
#define CIVIC_RULE_SOURCE_H

#include "program.h"

#include "nodes/pg_list.h"

/* Where in the JSON: a step below its parent, by key or by index. */
typedef struct RulePath
{
	const struct RulePath *parent;	/* NULL at the root */
	const char *key;			/* NULL for an array element */
	int			index;
} RulePath;

typedef struct RuleError
{
	char	   *path;
	char	   *message;
	char	   *hint;
} RuleError;

typedef enum RuleExprKind
{
	EXPR_CONSTANT,				/* of type RULE_ANY until its use is known */
	EXPR_FACT,
	EXPR_NOW,
	EXPR_PRESENT,
	EXPR_PASSED,				/* the rules of a mask */
	EXPR_AND,
	EXPR_OR,
	EXPR_NOT,
	EXPR_AT_LEAST,				/* >= and >; the others are their negations */
	EXPR_ABOVE,
	EXPR_EQUAL,
	EXPR_IN,					/* a value, then the constants */
	EXPR_EVERY,					/* a list fact, the condition */
	EXPR_REDUCE,				/* a list fact, body, initial value */
	EXPR_IF,
	EXPR_ADD,
	EXPR_SUBTRACT,
	EXPR_MULTIPLY,
	EXPR_PLUS_TIME,				/* time, amount */
	EXPR_DAY,
	EXPR_LIST,					/* facts that are walked as one list */
	EXPR_DIVIDE,
	EXPR_NUMERIC,				/* an integer, widened */
	EXPR_WEEKDAY,
	EXPR_TIME,
	EXPR_DAYS					/* from, to */
} RuleExprKind;

/* A set of facts. */
typedef struct RuleFactSet
{
	uint64		bits[2];
} RuleFactSet;

typedef struct RuleExpr
{
	RuleExprKind kind;
	RuleType	type;
	const RulePath *path;
	int			fact;
	uint64		mask;			/* EXPR_PASSED */
	RuleUnit	unit;			/* EXPR_PLUS_TIME */
	int			zone;			/* EXPR_DAY, EXPR_TIME */
	uint8	   *facts;			/* EXPR_LIST */
	int			nfacts;
	const JsonbValue *literal;	/* EXPR_CONSTANT */
	int64		number;			/* its whole number or truth value */
	Datum		datum;			/* or its value of another type */
	int			nargs;
	struct RuleExpr **args;
	int			height;			/* levels of the tree */
	uint32		size;			/* and its nodes, constants left out */
	bool		implied_known[2];	/* guard.c's memo: the facts present when
									 * this is false, true */
	RuleFactSet implied[2];
} RuleExpr;

typedef struct RuleSourceFact
{
	const char *name;
	RuleType	type;
	bool		absent;
	bool		list;			/* the type is that of its elements */
	int64		low;			/* the values its type has, if they are whole */
	int64		high;
	bool		used;
} RuleSourceFact;

/* What an expression is called, to be used in several places. */
typedef struct RuleDefinition
{
	const char *name;
	const RulePath *path;
	RuleExpr   *value;			/* NULL if it is wrong */
	uint64		definitions;	/* those in it, itself among them */
	bool		used;
} RuleDefinition;

typedef struct RuleSourceRule
{
	const char *id;
	const char *group;			/* "" if none */
	bool		blocking;
	RuleOnUnknown on_unknown;
	RuleExpr   *when;			/* NULL if none */
	RuleExpr   *assertion;
	RuleExpr   *condition;		/* not "when", or "assert" */
	uint64		definitions;	/* those in it */
	uint64		rules;			/* those it depends on, through others too */
} RuleSourceRule;

typedef struct RuleSourceLine
{
	RuleExpr   *condition;		/* NULL: otherwise */
	int			outcome;
} RuleSourceLine;

typedef struct RuleOutput
{
	const char *name;
	RuleType	type;
	RuleExpr   *when;			/* NULL: always */
	RuleExpr   *value;			/* NULL if it is wrong */
} RuleOutput;

/* An embedded test and what it expects; a NULL JSON value expects nothing. */
typedef struct RuleSourceTest
{
	const char *name;
	TimestampTz clock;
	Jsonb	   *facts;
	JsonbValue *outcome;
	JsonbValue *fail;
	JsonbValue *unknown;
	JsonbValue *valid_until;
	JsonbValue *outputs;
	int			index;
} RuleSourceTest;

typedef struct RuleSource
{
	JsonbValue	root;
	const char *name;
	const char *kind;
	JsonbValue *params;			/* NULL if none */
	List	   *params_used;	/* their names */
	int			fact_count;
	RuleSourceFact facts[RULE_SLOTS];	/* current and accumulator among them,
										 * of type RULE_ANY where there is
										 * none */
	int			definition_count;
	RuleDefinition definitions[RULE_MAX_VALUES];
	uint64		definitions_met;	/* since this was last 0 */
	int			rule_count;
	RuleSourceRule rules[RULE_MAX_RULES];
	List	   *lines;			/* of RuleSourceLine */
	int			name_count;
	const char *names[RULE_MAX_OUTCOMES];
	int			zone_count;
	const char *zones[RULE_MAX_ZONES];
	const char *zone;			/* in which texts show instants */
	int			output_count;
	RuleOutput	outputs[RULE_MAX_OUTPUTS];
	bool		uses_clock;
	bool		in_outcomes;	/* groups may be named only there */
	List	   *tests;			/* of RuleSourceTest */
	List	   *errors;			/* of RuleError */
	List	   *warnings;		/* the same: what is probably a mistake */
} RuleSource;

/* source.c */
extern RuleExpr *rule_make_expr(RuleExprKind kind, RuleType type, const RulePath *path,
								int nargs,...);
extern RuleExpr *rule_make_expr_list(RuleExprKind kind, RuleType type, const RulePath *path,
									 int nargs, RuleExpr **args);
extern RuleType rule_element_type(const RuleSource *source, const RuleExpr *list);

/* The rules that an expression depends on, through others too. */
extern uint64 rule_rules_needed(const RuleSource *source, const RuleExpr *expr);
extern int	rule_find_rule(const RuleSource *source, const char *id);
extern const RuleOutput *rule_find_output(const RuleSource *source, const char *name);
extern const char *rule_id_hint(const RuleSource *source, const char *id, const char *hint);
extern const char *rule_definition_hint(const RuleSource *source, const char *name, const char *hint);
extern const char *rule_fact_hint(const RuleSource *source, const char *name, const char *hint);

#endif							/* CIVIC_RULE_SOURCE_H */
