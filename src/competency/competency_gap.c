/*-------------------------------------------------------------------------
 *
 * competency_gap.c
 *	  The type competency_gap: what is needed and not held, with both levels.
 *
 * src/competency/competency_gap.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "comparison.h"
#include "compat.h"

#include "competency/competency.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#define GAP_EXAMPLE \
	"id:held>needed or id:held>needed*weight with ascending ids, separated by commas, as in 12:1>3,45:0>4*2"

CompetencyGap *
competency_gap_alloc(int count)
{
	Size		size = COMPETENCY_GAP_SIZE(count);
	CompetencyGap *gap = palloc(size);

	wire_begin(gap, size, &competency_gap_wire);
	return gap;
}

/* Entries are collected in a buffer; adding one checks it.  False after a soft error. */
static bool
gap_add(StringInfo entries, int64 id, int64 held, int64 needed, int64 weight, Node *escontext)
{
	GapEntry	entry = {(uint32) id, (uint8) held, (uint8) needed, (uint8) weight, 0};
	int			count = entries->len / sizeof(GapEntry);

	if (!competency_check(id, held, weight, escontext) ||
		!competency_check(id, needed, weight, escontext) ||
		!competency_check_count((int64) count + 1, escontext))
		return false;
	if (held >= needed)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					   errmsg("gap in a competency that is not lacking"),
					   errdetail("Competency %lld is held at level %lld and needed at level %lld.",
								 (long long) id, (long long) held, (long long) needed),
					   errhint("A gap holds only what is held below the needed level.")));
	if (count > 0 && ((GapEntry *) entries->data)[count - 1].id >= id)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					   errmsg("competency ids of a gap must ascend"),
					   errdetail("Competency %lld comes after %u.", (long long) id,
								 ((GapEntry *) entries->data)[count - 1].id),
					   errhint("Write it as %s.", GAP_EXAMPLE)));
	appendBinaryStringInfo(entries, (char *) &entry, sizeof(entry));
	return true;
}

static CompetencyGap *
gap_finish(StringInfo entries)
{
	CompetencyGap *gap = competency_gap_alloc(entries->len / sizeof(GapEntry));

	Assert(entries->len % sizeof(GapEntry) == 0);
	memcpy(gap->entries, entries->data, entries->len);
	return gap;
}

/* One "id:held>needed" with an optional "*weight" */
static bool
read_gap_entry(Lexer *lexer, int64 *id, int64 *held, int64 *needed, int64 *weight)
{
	if (!competency_read_number(lexer, id) || !lexer_next(lexer, ':') ||
		!competency_read_number(lexer, held) || !lexer_next(lexer, '>') ||
		!competency_read_number(lexer, needed))
		return false;
	*weight = 1;
	return !lexer_next(lexer, '*') || competency_read_number(lexer, weight);
}

PG_FUNCTION_INFO_V1(competency_gap_in);

Datum
competency_gap_in(PG_FUNCTION_ARGS)
{
	Lexer		lexer = lexer_begin(PG_GETARG_CSTRING(0), "competency_gap", GAP_EXAMPLE, fcinfo->context);
	StringInfoData entries;

	initStringInfo(&entries);
	while (*lexer.at != '\0')
	{
		int64		id,
					held,
					needed,
					weight;

		if ((entries.len > 0 && !lexer_next(&lexer, ',')) ||
			!read_gap_entry(&lexer, &id, &held, &needed, &weight))
		{
			lexer_fail(&lexer);
			PG_RETURN_NULL();
		}
		if (!gap_add(&entries, id, held, needed, weight, fcinfo->context))
			PG_RETURN_NULL();
	}
	PG_RETURN_POINTER(gap_finish(&entries));
}

PG_FUNCTION_INFO_V1(competency_gap_out);

Datum
competency_gap_out(PG_FUNCTION_ARGS)
{
	CompetencyView view = gap_view(PG_GETARG_DATUM(0));
	char	   *str = palloc(view.count * GAP_TEXT_WIDTH + 1);
	char	   *end = str;

	for (int i = 0; i < view.count; i++)
	{
		GapEntry	entry = gap_at(&view, i);

		if (i > 0)
			*end++ = ',';
		end += pg_ultoa_n(entry.id, end);
		*end++ = ':';
		end += pg_ultoa_n(entry.held, end);
		*end++ = '>';
		end += pg_ultoa_n(entry.needed, end);
		if (entry.weight != 1)
		{
			*end++ = '*';
			end += pg_ultoa_n(entry.weight, end);
		}
	}
	*end = '\0';
	PG_RETURN_CSTRING(str);
}

PG_FUNCTION_INFO_V1(competency_gap_recv);

/* The wire form: a version byte, the number of entries, of each its id, held, needed, weight. */
Datum
competency_gap_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int64		count;
	StringInfoData entries;

	wire_receive(message, &competency_gap_wire);
	count = pq_getmsgint(message, 4);
	competency_check_count(count, NULL);
	initStringInfo(&entries);
	for (int64 i = 0; i < count; i++)
	{
		int64		id = pq_getmsgint(message, 4);
		int			held = pq_getmsgbyte(message);
		int			needed = pq_getmsgbyte(message);
		int			weight = pq_getmsgbyte(message);

		gap_add(&entries, id, held, needed, weight, NULL);
	}
	PG_RETURN_POINTER(gap_finish(&entries));
}

PG_FUNCTION_INFO_V1(competency_gap_send);

Datum
competency_gap_send(PG_FUNCTION_ARGS)
{
	CompetencyView view = gap_view(PG_GETARG_DATUM(0));
	StringInfoData message;

	pq_begintypsend(&message);
	wire_send(&message, &competency_gap_wire);
	pq_sendint32(&message, view.count);
	for (int i = 0; i < view.count; i++)
	{
		GapEntry	entry = gap_at(&view, i);

		pq_sendint32(&message, entry.id);
		pq_sendbyte(&message, entry.held);
		pq_sendbyte(&message, entry.needed);
		pq_sendbyte(&message, entry.weight);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/* An entry as a number: id, then held, needed and weight. */
static uint64
gap_order_key(GapEntry entry)
{
	return (uint64) entry.id << 24 | entry.held << 16 | entry.needed << 8 | entry.weight;
}

static int
competency_gap_order(FunctionCallInfo fcinfo)
{
	struct varlena *x = PG_GETARG_VARLENA_PP(0);
	struct varlena *y = PG_GETARG_VARLENA_PP(1);
	CompetencyView a = gap_view(PointerGetDatum(x));
	CompetencyView b = gap_view(PointerGetDatum(y));
	int			result = (a.count > b.count) - (a.count < b.count);

	for (int i = 0; i < Min(a.count, b.count); i++)
	{
		uint64		s = gap_order_key(gap_at(&a, i));
		uint64		t = gap_order_key(gap_at(&b, i));

		if (s != t)
		{
			result = s > t ? 1 : -1;
			break;
		}
	}
	PG_FREE_IF_COPY(x, 0);
	PG_FREE_IF_COPY(y, 1);
	return result;
}

CIVIC_COMPARISONS(competency_gap, competency_gap_order);

PG_FUNCTION_INFO_V1(competency_set_gap);

/* need - have: an entry for every competency held below the needed level. */
Datum
competency_set_gap(PG_FUNCTION_ARGS)
{
	CompetencyView need = competency_view(PG_GETARG_DATUM(0));
	CompetencyCursor have = competency_cursor(PG_GETARG_DATUM(1));
	CompetencyGap *gap = competency_gap_alloc(need.count);
	int			count = 0;

	for (int i = 0; i < need.count; i++)
	{
		CompetencyEntry entry = competency_at(&need, i);
		uint32		held = competency_seek(&have, competency_id(entry));

		if (held < competency_level(entry))
		{
			GapEntry	lacking = {competency_id(entry), held, competency_level(entry),
			competency_weight(entry), 0};

			gap->entries[count++] = lacking;
		}
	}
	SET_VARSIZE(gap, COMPETENCY_GAP_SIZE(count));
	PG_RETURN_POINTER(gap);
}

PG_FUNCTION_INFO_V1(competency_gap_missing_levels);

Datum
competency_gap_missing_levels(PG_FUNCTION_ARGS)
{
	CompetencyView view = gap_view(PG_GETARG_DATUM(0));
	int32		levels = 0;

	for (int i = 0; i < view.count; i++)
		levels += gap_at(&view, i).needed - gap_at(&view, i).held;
	PG_RETURN_INT32(levels);
}

PG_FUNCTION_INFO_V1(competency_gap_cardinality);

Datum
competency_gap_cardinality(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(gap_view(PG_GETARG_DATUM(0)).count);
}

PG_FUNCTION_INFO_V1(competency_gap_each);

Datum
competency_gap_each(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	CompetencyView view = gap_view(PG_GETARG_DATUM(0));

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < view.count; i++)
	{
		GapEntry	entry = gap_at(&view, i);
		Datum		values[5];
		bool		nulls[5] = {false, false, false, false, false};

		values[0] = Int32GetDatum((int32) entry.id);
		values[1] = Int32GetDatum(entry.held);
		values[2] = Int32GetDatum(entry.needed);
		values[3] = Int32GetDatum(entry.needed - entry.held);
		values[4] = Int32GetDatum(entry.weight);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
