/*-------------------------------------------------------------------------
 *
 * competency_ops.c
 *	  Questions about what is held and what is needed, answered in one pass.
 *
 * Both sets are ordered by id, so each function walks the needs and keeps a
 * cursor in the set that is held.  None of them raises an error on a valid
 * value: the operators are LEAKPROOF and depend on that.
 *
 * src/competency/competency_ops.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "competency/competency.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

static bool
holds_all(Datum have, Datum need)
{
	CompetencyCursor held = competency_cursor(have);
	CompetencyView needs = competency_view(need);

	for (int i = 0; i < needs.count; i++)
	{
		CompetencyEntry entry = competency_at(&needs, i);

		if (competency_seek(&held, competency_id(entry)) < competency_level(entry))
			return false;
	}
	return true;
}

PG_FUNCTION_INFO_V1(competency_set_contains);

/* have @> need */
Datum
competency_set_contains(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(holds_all(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)));
}

PG_FUNCTION_INFO_V1(competency_set_contained);

/* need <@ have */
Datum
competency_set_contained(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(holds_all(PG_GETARG_DATUM(1), PG_GETARG_DATUM(0)));
}

PG_FUNCTION_INFO_V1(competency_set_overlaps);

/* have && need: at least one of the needs is met. */
Datum
competency_set_overlaps(PG_FUNCTION_ARGS)
{
	CompetencyCursor held = competency_cursor(PG_GETARG_DATUM(0));
	CompetencyView needs = competency_view(PG_GETARG_DATUM(1));

	for (int i = 0; i < needs.count; i++)
	{
		CompetencyEntry entry = competency_at(&needs, i);

		if (competency_seek(&held, competency_id(entry)) >= competency_level(entry))
			PG_RETURN_BOOL(true);
	}
	PG_RETURN_BOOL(false);
}

/* Levels of the gap that somebody who learns the set would gain. */
static int32
levels_closed(Datum set, Datum gap, bool weighted, bool first_only)
{
	CompetencyCursor taught = competency_cursor(set);
	CompetencyView lacking = gap_view(gap);
	int32		levels = 0;

	for (int i = 0; i < lacking.count; i++)
	{
		GapEntry	entry = gap_at(&lacking, i);
		uint32		level = competency_seek(&taught, entry.id);

		if (level > entry.held)
			levels += (int32) (Min(level, entry.needed) - entry.held) *
				(weighted ? entry.weight : 1);
		if (first_only && levels > 0)
			break;
	}
	return levels;
}

PG_FUNCTION_INFO_V1(competency_set_overlaps_gap);

/* teaches && gap: at least one missing level is taught. */
Datum
competency_set_overlaps_gap(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(levels_closed(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), false, true) > 0);
}

PG_FUNCTION_INFO_V1(competency_gap_overlaps_set);

Datum
competency_gap_overlaps_set(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(levels_closed(PG_GETARG_DATUM(1), PG_GETARG_DATUM(0), false, true) > 0);
}

PG_FUNCTION_INFO_V1(competency_closes);

Datum
competency_closes(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(levels_closed(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), false, false));
}

PG_FUNCTION_INFO_V1(competency_set_union);

/* a | b: of each competency the higher level and the higher weight. */
Datum
competency_set_union(PG_FUNCTION_ARGS)
{
	CompetencyView a = competency_view(PG_GETARG_DATUM(0));
	CompetencyView b = competency_view(PG_GETARG_DATUM(1));
	CompetencySet *set;
	int			i = 0,
				j = 0,
				count = 0;

	set = competency_set_alloc(a.count + b.count);
	while (i < a.count || j < b.count)
	{
		CompetencyEntry s = i < a.count ? competency_at(&a, i) : PG_UINT32_MAX;
		CompetencyEntry t = j < b.count ? competency_at(&b, j) : PG_UINT32_MAX;
		CompetencyEntry entry = Min(s, t);

		if (i < a.count && j < b.count && competency_id(s) == competency_id(t))
		{
			entry = competency_entry(competency_id(s),
									 Max(competency_level(s), competency_level(t)),
									 Max(competency_weight(s), competency_weight(t)));
			i++;
			j++;
		}
		else if (j == b.count || (i < a.count && s < t))
			i++;
		else
			j++;
		set->entries[count++] = entry;
	}
	competency_check_count(count, NULL);
	SET_VARSIZE(set, COMPETENCY_SET_SIZE(count));
	PG_RETURN_POINTER(set);
}

PG_FUNCTION_INFO_V1(competency_set_intersection);

/* a & b: of each shared competency the lower level and the lower weight. */
Datum
competency_set_intersection(PG_FUNCTION_ARGS)
{
	CompetencyView a = competency_view(PG_GETARG_DATUM(0));
	CompetencyView b = competency_view(PG_GETARG_DATUM(1));
	CompetencySet *set = competency_set_alloc(Min(a.count, b.count));
	int			count = 0;

	for (int i = 0, j = 0; i < a.count && j < b.count;)
	{
		CompetencyEntry s = competency_at(&a, i);
		CompetencyEntry t = competency_at(&b, j);

		if (competency_id(s) == competency_id(t))
			set->entries[count++] =
				competency_entry(competency_id(s),
								 Min(competency_level(s), competency_level(t)),
								 Min(competency_weight(s), competency_weight(t)));
		i += competency_id(s) <= competency_id(t);
		j += competency_id(t) <= competency_id(s);
	}
	SET_VARSIZE(set, COMPETENCY_SET_SIZE(count));
	PG_RETURN_POINTER(set);
}

/* Weighted levels that are needed, and those of them that are missing. */
static void
weigh(Datum have, Datum need, int32 *needed, int32 *missing)
{
	CompetencyCursor held = competency_cursor(have);
	CompetencyView needs = competency_view(need);

	*needed = *missing = 0;
	for (int i = 0; i < needs.count; i++)
	{
		CompetencyEntry entry = competency_at(&needs, i);
		int32		level = competency_level(entry);
		int32		weight = competency_weight(entry);

		*needed += level * weight;
		*missing += Max(level - (int32) competency_seek(&held, competency_id(entry)), 0) * weight;
	}
}

PG_FUNCTION_INFO_V1(competency_set_distance);

/* have <-> need.  Not a metric: have may exceed need at no cost. */
Datum
competency_set_distance(PG_FUNCTION_ARGS)
{
	int32		needed,
				missing;

	weigh(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), &needed, &missing);
	PG_RETURN_INT32(missing);
}

PG_FUNCTION_INFO_V1(competency_set_coverage);

/* The weighted share of the needed levels that is held; 1 where nothing is needed. */
Datum
competency_set_coverage(PG_FUNCTION_ARGS)
{
	int32		needed,
				missing;

	weigh(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), &needed, &missing);
	PG_RETURN_FLOAT8(needed == 0 ? 1.0 : (double) (needed - missing) / needed);
}

PG_FUNCTION_INFO_V1(competency_set_level);

Datum
competency_set_level(PG_FUNCTION_ARGS)
{
	CompetencyView view = competency_view(PG_GETARG_DATUM(0));
	int64		id = PG_GETARG_INT32(1);
	int			low = 0,
				high = view.count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (competency_id(competency_at(&view, middle)) < id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < view.count && competency_id(competency_at(&view, low)) == id)
		PG_RETURN_INT32((int32) competency_level(competency_at(&view, low)));
	PG_RETURN_INT32(0);
}

PG_FUNCTION_INFO_V1(competency_set_cardinality);

Datum
competency_set_cardinality(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(competency_view(PG_GETARG_DATUM(0)).count);
}

/*
 * Why a need is met or not.  Own evidence counts before what follows from
 * narrower competencies; lapsed evidence is named only where renewing it would
 * meet the need.
 */
static const char *
match_status(uint32 needed, uint32 own, uint32 inherited, uint32 expired)
{
	if (own >= needed)
		return "met";
	if (inherited >= needed)
		return "inherited";
	if (expired >= needed)
		return "expired";
	return own > 0 || inherited > 0 ? "partial" : "absent";
}

static CompetencyCursor
optional_cursor(FunctionCallInfo fcinfo, int n)
{
	CompetencyCursor empty = {{NULL, 0}, 0};

	return PG_ARGISNULL(n) ? empty : competency_cursor(PG_GETARG_DATUM(n));
}

PG_FUNCTION_INFO_V1(competency_match_explain);

/* match_explain(have, need, expired, inherited): one row for each need. */
Datum
competency_match_explain(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	CompetencyCursor have = optional_cursor(fcinfo, 0);
	CompetencyView need = optional_cursor(fcinfo, 1).view;
	CompetencyCursor expired = optional_cursor(fcinfo, 2);
	CompetencyCursor inherited = optional_cursor(fcinfo, 3);

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	for (int i = 0; i < need.count; i++)
	{
		CompetencyEntry entry = competency_at(&need, i);
		uint32		id = competency_id(entry);
		uint32		needed = competency_level(entry);
		uint32		own = competency_seek(&have, id);
		uint32		derived = competency_seek(&inherited, id);
		uint32		lapsed = competency_seek(&expired, id);
		uint32		held = Max(own, derived);
		Datum		values[6];
		bool		nulls[6] = {false, false, false, false, false, false};

		values[0] = Int32GetDatum((int32) id);
		values[1] = Int32GetDatum((int32) needed);
		values[2] = Int32GetDatum((int32) held);
		values[3] = Int32GetDatum(held < needed ? (int32) (needed - held) : 0);
		values[4] = CStringGetTextDatum(match_status(needed, own, derived, lapsed));
		values[5] = Int32GetDatum((int32) competency_weight(entry));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
