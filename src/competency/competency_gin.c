/*-------------------------------------------------------------------------
 *
 * competency_gin.c
 *	  GIN operator class: one key for each level from 1 to the level held.
 *
 * With these thermometer keys "held at 3 or above" is a single key, so a
 * requirement is a conjunction of keys and the index answers it exactly.
 *
 * src/competency/competency_gin.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "access/gin.h"
#include "access/stratnum.h"
#include "competency/competency.h"

/* Strategy numbers of the operator class */
#define CONTAINS_STRATEGY		1
#define CONTAINED_STRATEGY		2
#define OVERLAPS_STRATEGY		3
#define OVERLAPS_GAP_STRATEGY	4

static Datum
key_datum(uint32 id, uint32 level)
{
	return Int32GetDatum((int32) competency_key(id, level));
}

PG_FUNCTION_INFO_V1(competency_gin_extract_value);

Datum
competency_gin_extract_value(PG_FUNCTION_ARGS)
{
	CompetencyView view = competency_view(PG_GETARG_DATUM(0));
	int32	   *nkeys = (int32 *) PG_GETARG_POINTER(1);
	Datum	   *keys;
	int			total = 0;

	for (int i = 0; i < view.count; i++)
		total += competency_level(competency_at(&view, i));
	*nkeys = 0;
	keys = palloc_array(Datum, Max(total, 1));
	for (int i = 0; i < view.count; i++)
	{
		CompetencyEntry entry = competency_at(&view, i);

		for (uint32 level = 1; level <= competency_level(entry); level++)
			keys[(*nkeys)++] = key_datum(competency_id(entry), level);
	}
	PG_RETURN_POINTER(keys);
}

/* The keys of a set in a query: at the level itself, or at level 1. */
static Datum *
set_keys(Datum set, bool any_level, int32 *nkeys)
{
	CompetencyView view = competency_view(set);
	Datum	   *keys = palloc_array(Datum, Max(view.count, 1));

	for (int i = 0; i < view.count; i++)
	{
		CompetencyEntry entry = competency_at(&view, i);

		keys[i] = key_datum(competency_id(entry), any_level ? 1 : competency_level(entry));
	}
	*nkeys = view.count;
	return keys;
}

/* A training closes a gap where it teaches the level after the one held. */
static Datum *
gap_keys(Datum gap, int32 *nkeys)
{
	CompetencyView view = gap_view(gap);
	Datum	   *keys = palloc_array(Datum, Max(view.count, 1));

	for (int i = 0; i < view.count; i++)
	{
		GapEntry	entry = gap_at(&view, i);

		keys[i] = key_datum(entry.id, entry.held + 1);
	}
	*nkeys = view.count;
	return keys;
}

PG_FUNCTION_INFO_V1(competency_gin_extract_query);

Datum
competency_gin_extract_query(PG_FUNCTION_ARGS)
{
	Datum		query = PG_GETARG_DATUM(0);
	int32	   *nkeys = (int32 *) PG_GETARG_POINTER(1);
	StrategyNumber strategy = PG_GETARG_UINT16(2);
	int32	   *search_mode = (int32 *) PG_GETARG_POINTER(6);
	Datum	   *keys = NULL;

	switch (strategy)
	{
		case CONTAINS_STRATEGY:
			keys = set_keys(query, false, nkeys);
			/* everybody meets an empty requirement */
			if (*nkeys == 0)
				*search_mode = GIN_SEARCH_MODE_ALL;
			break;
		case CONTAINED_STRATEGY:
			/* whatever is contained holds one of these at level 1, or nothing */
			keys = set_keys(query, true, nkeys);
			*search_mode = GIN_SEARCH_MODE_INCLUDE_EMPTY;
			break;
		case OVERLAPS_STRATEGY:
			keys = set_keys(query, false, nkeys);
			break;
		case OVERLAPS_GAP_STRATEGY:
			keys = gap_keys(query, nkeys);
			break;
		default:
			elog(ERROR, "unrecognized strategy number: %d", strategy);
	}
	PG_RETURN_POINTER(keys);
}

/* All keys must be there: exact. */
static GinTernaryValue
all_keys(const GinTernaryValue *check, int32 nkeys)
{
	GinTernaryValue result = GIN_TRUE;

	for (int32 i = 0; i < nkeys; i++)
	{
		if (check[i] == GIN_FALSE)
			return GIN_FALSE;
		if (check[i] == GIN_MAYBE)
			result = GIN_MAYBE;
	}
	return result;
}

/* One key suffices: exact. */
static GinTernaryValue
any_key(const GinTernaryValue *check, int32 nkeys)
{
	GinTernaryValue result = GIN_FALSE;

	for (int32 i = 0; i < nkeys; i++)
	{
		if (check[i] == GIN_TRUE)
			return GIN_TRUE;
		if (check[i] == GIN_MAYBE)
			result = GIN_MAYBE;
	}
	return result;
}

PG_FUNCTION_INFO_V1(competency_gin_triconsistent);

Datum
competency_gin_triconsistent(PG_FUNCTION_ARGS)
{
	GinTernaryValue *check = (GinTernaryValue *) PG_GETARG_POINTER(0);
	StrategyNumber strategy = PG_GETARG_UINT16(1);
	int32		nkeys = PG_GETARG_INT32(3);

	switch (strategy)
	{
		case CONTAINS_STRATEGY:
			PG_RETURN_GIN_TERNARY_VALUE(all_keys(check, nkeys));
		case CONTAINED_STRATEGY:
			/* what else the row holds is not known from its keys in the query */
			PG_RETURN_GIN_TERNARY_VALUE(GIN_MAYBE);
		case OVERLAPS_STRATEGY:
		case OVERLAPS_GAP_STRATEGY:
			PG_RETURN_GIN_TERNARY_VALUE(any_key(check, nkeys));
		default:
			elog(ERROR, "unrecognized strategy number: %d", strategy);
	}
	PG_RETURN_GIN_TERNARY_VALUE(GIN_MAYBE);
}
