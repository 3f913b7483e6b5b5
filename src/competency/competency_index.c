/*-------------------------------------------------------------------------
 *
 * competency_index.c
 *	  Which needs of have @> need the index is asked for.
 *
 * GIN reads the list of every key of a conjunction to its end, and a
 * competency that every third official holds has a list of a third of the
 * table.  Where the rarer needs leave few rows it is cheaper to look at these
 * rows for the common ones.  The operator class therefore has @>> (the needs
 * given, all by the index, exactly) and @> becomes @>> with the needs that are
 * worth reading; those left out are checked on the rows.
 *
 * src/competency/competency_index.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "competency/competency.h"
#include "competency/competency_selectivity.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"

/* Strategy number of @>> in the operator class */
#define CONTAINS_STRATEGY	1

/* To look at a row takes as long as to read so many items of a list (measured in cache). */
#define ITEMS_PER_ROW		200

typedef struct Need
{
	CompetencyEntry entry;
	double		frequency;
} Need;

static int
compare_needs(const void *a, const void *b)
{
	const Need *x = a;
	const Need *y = b;

	if (x->frequency != y->frequency)
		return x->frequency > y->frequency ? 1 : -1;
	return (x->entry > y->entry) - (x->entry < y->entry);
}

/*
 * Needs, the rarest first, and how many of them to ask the index for.  Of the
 * rows that are left each further key is reckoned to keep as the estimator
 * does: half as much, in powers, as the one before it.
 */
static int
count_worth_reading(Need *needs, int count, double rows)
{
	double		left = rows;
	double		exponent = 1.0;
	int			kept = 0;

	qsort(needs, count, sizeof(Need), compare_needs);
	while (kept < count)
	{
		double		frequency = needs[kept].frequency;

		if (kept > 0 && rows * frequency > left * (1.0 - frequency) * ITEMS_PER_ROW)
			break;
		left *= pow(frequency, exponent);
		exponent /= 2;
		kept++;
	}
	return kept;
}

/* The set of the needs that are worth reading; NULL where all are. */
static CompetencySet *
needs_worth_reading(Datum need, const KeyFrequencies *stats, double rows)
{
	CompetencyView view = competency_view(need);
	Need	   *needs = palloc_array(Need, Max(view.count, 1));
	CompetencyBuilder builder;
	int			kept;

	for (int i = 0; i < view.count; i++)
	{
		CompetencyEntry entry = competency_at(&view, i);

		needs[i].entry = entry;
		needs[i].frequency =
			competency_key_frequency(stats, competency_key(competency_id(entry),
														   competency_level(entry)));
	}
	kept = count_worth_reading(needs, view.count, rows);
	if (kept == view.count)
		return NULL;
	competency_builder_init(&builder, kept);
	for (int i = 0; i < kept; i++)
		competency_builder_add(&builder, competency_id(needs[i].entry),
							   competency_level(needs[i].entry),
							   competency_weight(needs[i].entry), NULL);
	return competency_builder_finish(&builder, NULL);
}

/* A constant need without what is not worth reading, or the need itself. */
static Expr *
need_for_index(PlannerInfo *root, IndexOptInfo * index, Node *have, Node *need, Oid function)
{
	VariableStatData vardata;
	KeyFrequencies stats;
	CompetencySet *fewer = NULL;

	if (!IsA(need, Const) || ((Const *) need)->constisnull)
		return (Expr *) need;
	examine_variable(root, have, 0, &vardata);
	if (statistic_proc_security_check(&vardata, function) &&
		competency_frequencies(&vardata, &stats))
	{
		fewer = needs_worth_reading(((Const *) need)->constvalue, &stats, index->rel->tuples);
		free_attstatsslot(&stats.slot);
	}
	ReleaseVariableStats(vardata);
	if (fewer == NULL)
		return (Expr *) need;
	return (Expr *) makeConst(exprType(need), -1, InvalidOid, -1, PointerGetDatum(fewer),
							  false, false);
}

/* The condition for an index whose column is the argument "have"; NULL: none. */
static Node *
index_condition(SupportRequestIndexCondition * request, int have_at)
{
	List	   *args;
	Node	   *have;
	Node	   *need;
	Expr	   *asked;
	Oid			operator;

	if (!is_opclause(request->node) || request->indexarg != have_at)
		return NULL;
	args = ((OpExpr *) request->node)->args;
	have = list_nth(args, have_at);
	need = list_nth(args, 1 - have_at);
	operator = get_opfamily_member(request->opfamily, exprType(have), exprType(need),
								   CONTAINS_STRATEGY);
	if (!OidIsValid(operator))
		return NULL;
	asked = need_for_index(request->root, request->index, have, need, request->funcid);
	request->lossy = asked != (Expr *) need;
	return (Node *) list_make1(make_opclause(operator, BOOLOID, false, (Expr *) have, asked,
											 InvalidOid, InvalidOid));
}

PG_FUNCTION_INFO_V1(competency_contains_support);

Datum
competency_contains_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	if (!IsA(request, SupportRequestIndexCondition))
		PG_RETURN_POINTER(NULL);
	PG_RETURN_POINTER(index_condition((SupportRequestIndexCondition *) request, 0));
}

PG_FUNCTION_INFO_V1(competency_contained_support);

Datum
competency_contained_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	if (!IsA(request, SupportRequestIndexCondition))
		PG_RETURN_POINTER(NULL);
	PG_RETURN_POINTER(index_condition((SupportRequestIndexCondition *) request, 1));
}
