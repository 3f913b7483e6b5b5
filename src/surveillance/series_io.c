/*-------------------------------------------------------------------------
 *
 * series_io.c
 *	  Text and binary forms of the series type.
 *
 * Text: {2024-01-01=5,2024-01-02=,2024-01-03=7/12000}; a date or a number,
 * the count (nothing: not reported), and the population where it is given.
 *
 * src/surveillance/series_io.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lexer.h"

#include <limits.h>

#include "funcapi.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/tuplestore.h"

#include "surveillance/surveillance.h"

/* Add a point that was read; false after a soft error. */
static bool
take_read_point(Series **s, const SeriesPoint *p, bool dated, struct Node *escontext)
{
	if (!surveillance_series_check_point(p, dated, escontext))
		return false;
	if ((*s)->n > 0 && ((*s)->dated != dated || p->t <= (*s)->point[(*s)->n - 1].t))
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					   errmsg("points of a series must be of one kind and in order"),
					   errdetail("Point %d does not follow the one before it.", (*s)->n + 1)));
	(*s)->dated = dated;
	*s = surveillance_series_append(*s, p);
	return true;
}

/* One point; false, and the lexer stays, when it is none. */
static bool
read_point(Lexer *lexer, SeriesPoint *p, bool *dated)
{
	const char *start = lexer->at;
	int64		t,
				population = 0;

	*dated = lexer_date(lexer, &p->t);
	if (!*dated)
	{
		if (!lexer_integer(lexer, INT_MIN, INT_MAX, &t))
			return false;
		p->t = (int32) t;
	}
	if (!lexer_next(lexer, '='))
		goto none;
	p->y = COUNT_MISSING;
	if (!lexer_is_space(*lexer->at) && strchr(",/}", *lexer->at) == NULL &&
		!lexer_integer(lexer, -SERIES_MAX_COUNT, SERIES_MAX_COUNT, &p->y))
		goto none;
	if (lexer_next(lexer, '/') && !lexer_integer(lexer, 0, INT_MAX, &population))
		goto none;
	p->population = (int32) population;
	return true;

none:
	lexer->at = start;
	return false;
}

/* Points separated by commas, and the brace after them; false after a soft error. */
static bool
series_parse_points(Lexer *lexer, Series **out)
{
	do
	{
		SeriesPoint p;
		bool		dated;

		CHECK_FOR_INTERRUPTS();
		lexer_spaces(lexer);
		if (!read_point(lexer, &p, &dated))
			return lexer_fail(lexer);
		if (!take_read_point(out, &p, dated, lexer->escontext))
			return false;
	} while (lexer_take(lexer, ','));
	return lexer_expect(lexer, '}');
}

static Series *
series_parse(Lexer *lexer)
{
	Series	   *out = surveillance_series_alloc(0, false);

	if (!lexer_expect(lexer, '{') ||
		(!lexer_take(lexer, '}') && !series_parse_points(lexer, &out)) ||
		!lexer_end(lexer))
		return NULL;
	return surveillance_series_normal(out);
}

PG_FUNCTION_INFO_V1(series_in);

Datum
series_in(PG_FUNCTION_ARGS)
{
	Lexer		lexer = lexer_begin(PG_GETARG_CSTRING(0), "series",
									"{2024-01-01=5,2024-01-02=,2024-01-03=7/12000} or {1=5,2=,3=7}",
									fcinfo->context);
	Series	   *s = series_parse(&lexer);

	if (s == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(s);
}

PG_FUNCTION_INFO_V1(series_out);

Datum
series_out(PG_FUNCTION_ARGS)
{
	Series	   *s = surveillance_series_normal(PG_GETARG_SERIES_P(0));
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < s->n; i++)
	{
		SeriesPoint *p = &s->point[i];
		int			year,
					month,
					day;

		CHECK_FOR_INTERRUPTS();
		appendStringInfoChar(&buf, i == 0 ? '{' : ',');
		if (s->dated)
		{
			j2date(p->t + POSTGRES_EPOCH_JDATE, &year, &month, &day);
			appendStringInfo(&buf, "%04d-%02d-%02d=", year, month, day);
		}
		else
			appendStringInfo(&buf, "%d=", p->t);
		if (p->y != COUNT_MISSING)
			appendStringInfo(&buf, INT64_FORMAT, p->y);
		if (p->population > 0)
			appendStringInfo(&buf, "/%d", p->population);
	}
	appendStringInfoString(&buf, s->n == 0 ? "{}" : "}");
	PG_RETURN_CSTRING(buf.data);
}

PG_FUNCTION_INFO_V1(series_recv);

Datum
series_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	bool		dated;
	int32		n;
	Series	   *s;

	wire_receive(buf, &series_wire);
	dated = pq_getmsgbyte(buf) != 0;
	n = pq_getmsgint(buf, 4);
	if (n < 0 || n > SERIES_MAX_POINTS ||
		buf->len - buf->cursor < (int64) n * (int64) sizeof(SeriesPoint))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid number of points in a series: %d", n)));
	s = surveillance_series_alloc(n, dated);
	for (int i = 0; i < n; i++)
	{
		SeriesPoint p;

		p.t = pq_getmsgint(buf, 4);
		p.population = pq_getmsgint(buf, 4);
		p.y = pq_getmsgint64(buf);
		(void) take_read_point(&s, &p, dated, NULL);
	}
	PG_RETURN_POINTER(surveillance_series_normal(s));
}

PG_FUNCTION_INFO_V1(series_send);

Datum
series_send(PG_FUNCTION_ARGS)
{
	Series	   *s = surveillance_series_normal(PG_GETARG_SERIES_P(0));
	StringInfoData buf;

	pq_begintypsend(&buf);
	wire_send(&buf, &series_wire);
	pq_sendbyte(&buf, s->dated);
	pq_sendint32(&buf, s->n);
	for (int i = 0; i < s->n; i++)
	{
		pq_sendint32(&buf, s->point[i].t);
		pq_sendint32(&buf, s->point[i].population);
		pq_sendint64(&buf, s->point[i].y);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* series_points(series): one row per point */
PG_FUNCTION_INFO_V1(series_points);

Datum
series_points(PG_FUNCTION_ARGS)
{
	Series	   *s = PG_GETARG_SERIES_P(0);
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < s->n; i++)
	{
		SeriesPoint *p = &s->point[i];
		Datum		values[4] = {Int32GetDatum(p->t), DateADTGetDatum(p->t),
		Int64GetDatum(p->y), Int32GetDatum(p->population)};
		bool		nulls[4] = {s->dated, !s->dated, p->y == COUNT_MISSING, p->population == 0};

		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
