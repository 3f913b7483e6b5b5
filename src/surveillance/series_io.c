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

/* Read digits, with a sign where allowed; NULL when there are none. */
static const char *
read_whole(const char *s, bool sign, int64 max, int64 *value)
{
	bool		negative = sign && *s == '-';
	const char *digits = negative ? ++s : s;

	*value = 0;
	for (; lexer_is_digit(*s); s++)
	{
		*value = *value * 10 + (*s - '0');
		if (*value > max)
			return NULL;
	}
	if (negative)
		*value = -*value;
	return s > digits ? s : NULL;
}

/* Read 2024-01-31; NULL when it is not a date. */
static const char *
read_date(const char *s, int32 *t)
{
	int64		year,
				month,
				day;
	int			y,
				m,
				d;

	if ((s = read_whole(s, false, 9999, &year)) == NULL || *s++ != '-' ||
		(s = read_whole(s, false, 12, &month)) == NULL || *s++ != '-' ||
		(s = read_whole(s, false, 31, &day)) == NULL || month < 1 || day < 1)
		return NULL;
	*t = date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
	j2date(*t + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	return y == year && m == month && d == day ? s : NULL;
}

/* Read one point; NULL when it is none. */
static const char *
read_point(const char *s, SeriesPoint *p, bool *dated)
{
	const char *end = read_date(s, &p->t);
	int64		value;

	*dated = end != NULL;
	if (end == NULL)
	{
		if ((end = read_whole(s, true, -(int64) INT_MIN, &value)) == NULL || value > INT_MAX)
			return NULL;
		p->t = (int32) value;
	}
	if (*end++ != '=')
		return NULL;
	p->y = COUNT_MISSING;
	p->population = 0;
	if (*end != ',' && *end != '}' && *end != '/' &&
		(end = read_whole(end, true, SERIES_MAX_COUNT, &p->y)) == NULL)
		return NULL;
	if (*end == '/')
	{
		if ((end = read_whole(end + 1, false, INT_MAX, &value)) == NULL)
			return NULL;
		p->population = (int32) value;
	}
	return end;
}

static const char *
skip_space(const char *s)
{
	while (*s == ' ' || *s == '\n' || *s == '\t' || *s == '\r')
		s++;
	return s;
}

static Series *
series_parse(const char *str, struct Node *escontext)
{
	const char *s = skip_space(str);
	Series	   *out = surveillance_series_alloc(0, false);

	if (*s == '{' && *skip_space(s + 1) != '}')
	{
		do
		{
			SeriesPoint p;
			bool		dated;
			const char *start = skip_space(s + 1);

			CHECK_FOR_INTERRUPTS();
			s = read_point(start, &p, &dated);
			if (s == NULL)
				civic_ereturn(escontext, NULL,
							  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
							   errmsg("invalid input syntax for type series"),
							   errdetail("Not a point: \"%s\".", pnstrdup(start, 40)),
							   errhint("Write {2024-01-01=5,2024-01-02=,2024-01-03=7/12000} or {1=5,2=,3=7}.")));
			if (!take_read_point(&out, &p, dated, escontext))
				return NULL;
			s = skip_space(s);
		} while (*s == ',');
	}
	else if (*s == '{')
		s = skip_space(s + 1);
	if (*s != '}' || *skip_space(s + 1) != '\0')
		civic_ereturn(escontext, NULL,
					  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					   errmsg("invalid input syntax for type series"),
					   errdetail("A series stands in braces."),
					   errhint("Write {2024-01-01=5,2024-01-02=,2024-01-03=7/12000} or {1=5,2=,3=7}.")));
	return surveillance_series_normal(out);
}

PG_FUNCTION_INFO_V1(series_in);

Datum
series_in(PG_FUNCTION_ARGS)
{
	Series	   *s = series_parse(PG_GETARG_CSTRING(0), fcinfo->context);

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
