/*-------------------------------------------------------------------------
 *
 * competency_selectivity.c
 *	  How many rows satisfy @>, <@ and &&, estimated from statistics.
 *
 * The frequencies of keys say how common each need is by itself, but not how
 * needs go together: they come in bundles, by position.  The operator is
 * therefore also tried on the values that the statistics hold (the most common
 * sets and the bounds of the histogram, which are a sample of the others).
 * Where that sample has enough hits it decides, within the limits that the
 * frequencies set; where it has few it is an upper limit.
 *
 * src/competency/competency_selectivity.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_statistic.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "competency/competency.h"
#include "competency/competency_selectivity.h"

/* Where nothing is known: few, so that the index is used. */
#define DEFAULT_COMPETENCY_SEL 0.001

/* Hits in the histogram from which its share is believed. */
#define ENOUGH_HITS 5

/* A histogram with fewer bounds says nothing. */
#define FEWEST_BOUNDS 10

/* Which way a set stands to the column */
typedef enum Question
{
	HOLDS_ALL,					/* column @> constant */
	HELD_BY,					/* column <@ constant */
	MEETS_ONE,					/* column && needs */
	CLOSES_ONE					/* column && gap */
} Question;

/* What the frequencies alone say: a guess and the limits of what is possible. */
typedef struct Bounds
{
	double		low;
	double		guess;
	double		high;
} Bounds;

/* False where the statistics have none; else the slot is the caller's to free. */
bool
competency_frequencies(VariableStatData *vardata, KeyFrequencies *stats)
{
	AttStatsSlot *slot = &stats->slot;

	if (!HeapTupleIsValid(vardata->statsTuple) ||
		!get_attstatsslot(slot, vardata->statsTuple, STATISTIC_KIND_MCELEM, InvalidOid,
						  ATTSTATSSLOT_VALUES | ATTSTATSSLOT_NUMBERS))
		return false;
	/* Two numbers stand behind the frequencies; the first is the lowest. */
	if (slot->valuetype != INT4OID || slot->nvalues == 0 || slot->nnumbers != slot->nvalues + 2)
	{
		free_attstatsslot(slot);
		return false;
	}
	stats->count = slot->nvalues;
	stats->unlisted = slot->numbers[slot->nvalues] / 2;
	return true;
}

double
competency_key_frequency(const KeyFrequencies *stats, uint32 key)
{
	int			low = 0,
				high = stats->count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if ((uint32) DatumGetInt32(stats->slot.values[middle]) < key)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < stats->count && (uint32) DatumGetInt32(stats->slot.values[low]) == key)
		return stats->slot.numbers[low];
	return stats->unlisted;
}

static int
compare_doubles(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

/* The frequencies of the keys that a question asks for, ascending. */
static double *
asked_frequencies(const KeyFrequencies *stats, Question question, Datum constant, int *count)
{
	bool		is_gap = question == CLOSES_ONE;
	CompetencyView view = is_gap ? gap_view(constant) : competency_view(constant);
	double	   *frequencies = palloc_array(double, Max(view.count, 1));

	for (int i = 0; i < view.count; i++)
	{
		uint32		key;

		if (is_gap)
			key = competency_key(gap_at(&view, i).id, gap_at(&view, i).held + 1);
		else
			key = competency_key(competency_id(competency_at(&view, i)),
								 competency_level(competency_at(&view, i)));
		frequencies[i] = competency_key_frequency(stats, key);
	}
	qsort(frequencies, view.count, sizeof(double), compare_doubles);
	*count = view.count;
	return frequencies;
}

/*
 * All of the keys.  At least their product, were they independent; at most the
 * rarest.  The guess lets each further key count half as much as the one
 * before it, from the rarest on.
 */
static Bounds
bounds_all(const double *frequencies, int count)
{
	Bounds		bounds = {1.0, 1.0, count > 0 ? frequencies[0] : 1.0};
	double		exponent = 1.0;

	for (int i = 0; i < count; i++)
	{
		bounds.low *= frequencies[i];
		bounds.guess *= pow(frequencies[i], exponent);
		exponent /= 2;
	}
	return bounds;
}

/* One of the keys: at least the commonest, at most their sum. */
static Bounds
bounds_any(const double *frequencies, int count)
{
	Bounds		bounds = {count > 0 ? frequencies[count - 1] : 0.0, 0.0, 0.0};
	double		none = 1.0;

	for (int i = 0; i < count; i++)
	{
		none *= 1.0 - frequencies[i];
		bounds.high += frequencies[i];
	}
	bounds.guess = 1.0 - none;
	bounds.high = Min(bounds.high, 1.0);
	return bounds;
}

static Bounds
bounds_from_keys(VariableStatData *vardata, Question question, Datum constant)
{
	Bounds		bounds = {0.0, DEFAULT_COMPETENCY_SEL, 1.0};
	KeyFrequencies stats;
	double	   *frequencies;
	int			count;

	/* What a set that is contained may not hold is not in the statistics. */
	if (question == HELD_BY || !competency_frequencies(vardata, &stats))
		return bounds;
	frequencies = asked_frequencies(&stats, question, constant, &count);
	bounds = question == HOLDS_ALL ? bounds_all(frequencies, count) :
		bounds_any(frequencies, count);
	pfree(frequencies);
	free_attstatsslot(&stats.slot);
	return bounds;
}

/* The share of rows, of those that are not NULL and not among the most common values. */
static double
share_of_others(VariableStatData *vardata, Question question, FmgrInfo *operator,
				Datum constant)
{
	Bounds		bounds = bounds_from_keys(vardata, question, constant);
	int			size;
	double		share = histogram_selectivity(vardata, operator, InvalidOid, constant, true,
											  FEWEST_BOUNDS, 1, &size);
	double		hits = share * (size - 2);

	if (share < 0)
		share = bounds.guess;
	else if (hits < ENOUGH_HITS)
		share = Min(bounds.guess, (hits + 1) / size);
	return Min(Max(share, bounds.low), bounds.high);
}

static double
estimate(VariableStatData *vardata, Question question, Oid function, Datum constant)
{
	FmgrInfo	operator;
	double		nulls,
				common,
				total_common;

	if (!HeapTupleIsValid(vardata->statsTuple) ||
		!statistic_proc_security_check(vardata, function))
		return DEFAULT_COMPETENCY_SEL;
	fmgr_info(function, &operator);
	nulls = ((Form_pg_statistic) GETSTRUCT(vardata->statsTuple))->stanullfrac;
	common = mcv_selectivity(vardata, &operator, InvalidOid, constant, true, &total_common);
	return common + (1.0 - nulls - total_common) *
		share_of_others(vardata, question, &operator, constant);
}

/*
 * The estimator of one operator.  Question is what it asks where the column
 * stands on the left; where it stands on the right the commutator asks
 * "commuted", if there is one.
 *
 * An estimator may be attached to any operator, so the types of column and
 * constant are compared with ours before the constant is read.
 */
static Selectivity
restriction(FunctionCallInfo fcinfo, Question question, Question commuted)
{
	PlannerInfo *root = (PlannerInfo *) PG_GETARG_POINTER(0);
	Oid			operator = PG_GETARG_OID(1);
	List	   *args = (List *) PG_GETARG_POINTER(2);
	int			rel = PG_GETARG_INT32(3);
	VariableStatData vardata;
	Node	   *other;
	bool		on_left;
	Selectivity result = DEFAULT_COMPETENCY_SEL;

	if (!get_restriction_variable(root, args, rel, &vardata, &other, &on_left))
		return DEFAULT_COMPETENCY_SEL;
	if (!on_left)
	{
		question = commuted;
		operator = get_commutator(operator);
	}
	if (IsA(other, Const) && ((Const *) other)->constisnull)
		result = 0.0;
	else if (IsA(other, Const) && OidIsValid(operator))
	{
		Oid			set_type = get_function_sibling_type(fcinfo->flinfo->fn_oid, "competency_set");
		Oid			gap_type = get_function_sibling_type(fcinfo->flinfo->fn_oid, "competency_gap");

		if (OidIsValid(set_type) && vardata.vartype == set_type &&
			((Const *) other)->consttype == (question == CLOSES_ONE ? gap_type : set_type))
			result = estimate(&vardata, question, get_opcode(operator),
							  ((Const *) other)->constvalue);
	}
	ReleaseVariableStats(vardata);
	CLAMP_PROBABILITY(result);
	return result;
}

PG_FUNCTION_INFO_V1(competency_contains_sel);

Datum
competency_contains_sel(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(restriction(fcinfo, HOLDS_ALL, HELD_BY));
}

PG_FUNCTION_INFO_V1(competency_contained_sel);

Datum
competency_contained_sel(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(restriction(fcinfo, HELD_BY, HOLDS_ALL));
}

PG_FUNCTION_INFO_V1(competency_overlaps_sel);

/* && of two sets has no commutator: needs in a column are not estimated. */
Datum
competency_overlaps_sel(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(restriction(fcinfo, MEETS_ONE, MEETS_ONE));
}

PG_FUNCTION_INFO_V1(competency_overlaps_gap_sel);

Datum
competency_overlaps_gap_sel(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(restriction(fcinfo, CLOSES_ONE, CLOSES_ONE));
}
