/*-------------------------------------------------------------------------
 *
 * delays_io.c
 *	  Text and binary forms of the delays type, its order and its cells.
 *
 * Text: {15; 2024-01-01+0=5, 2024-01-01+3=2}: the longest delay, then for
 * each event day and delay in days how many reports came.
 *
 * src/nowcast/delays_io.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lexer.h"

#include "funcapi.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/tuplestore.h"

#include "nowcast/nowcast.h"

/* 2024-01-31+3=2 */
static bool
read_cell(Lexer *lexer, DelayCell *cell)
{
	int64		delay;

	lexer_spaces(lexer);
	if (!lexer_date(lexer, &cell->day) || !lexer_next(lexer, '+') ||
		!lexer_integer(lexer, 0, NOWCAST_MAX_DELAY, &delay) || !lexer_next(lexer, '=') ||
		!lexer_integer(lexer, -NOWCAST_MAX_COUNT, NOWCAST_MAX_COUNT, &cell->n))
		return false;
	cell->delay = (int32) delay;
	return true;
}

static Delays *
delays_parse(Lexer *lexer)
{
	Delays	   *d;
	int64		longest;

	if (!lexer_expect(lexer, '{'))
		return NULL;
	lexer_spaces(lexer);
	if (!lexer_integer(lexer, 1, NOWCAST_MAX_DELAY, &longest))
	{
		(void) lexer_fail(lexer);
		return NULL;
	}
	d = nowcast_delays_alloc(0, (int) longest);
	if (lexer_take(lexer, ';'))
	{
		do
		{
			DelayCell	cell;

			CHECK_FOR_INTERRUPTS();
			if (!read_cell(lexer, &cell))
			{
				(void) lexer_fail(lexer);
				return NULL;
			}
			if (!nowcast_delays_check(&cell, d->longest, lexer->escontext))
				return NULL;
			d = nowcast_delays_append(d, cell);
		} while (lexer_take(lexer, ','));
	}
	if (!lexer_expect(lexer, '}') || !lexer_end(lexer))
		return NULL;
	return nowcast_delays_normal(d);
}

PG_FUNCTION_INFO_V1(delays_in);

Datum
delays_in(PG_FUNCTION_ARGS)
{
	Lexer		lexer = lexer_begin(PG_GETARG_CSTRING(0), "delays", "{15; 2024-01-01+0=5, 2024-01-01+3=2}", fcinfo->context);
	Delays	   *d = delays_parse(&lexer);

	if (d == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(d);
}

PG_FUNCTION_INFO_V1(delays_out);

Datum
delays_out(PG_FUNCTION_ARGS)
{
	Delays	   *d = nowcast_delays_normal(PG_GETARG_DELAYS_P(0));
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "{%d", d->longest);
	for (int i = 0; i < d->n; i++)
	{
		int			year,
					month,
					mday;

		CHECK_FOR_INTERRUPTS();
		j2date(d->cell[i].day + POSTGRES_EPOCH_JDATE, &year, &month, &mday);
		appendStringInfo(&buf, "%s%04d-%02d-%02d+%d=" INT64_FORMAT, i == 0 ? "; " : ", ",
						 year, month, mday, d->cell[i].delay, d->cell[i].n);
	}
	appendStringInfoChar(&buf, '}');
	PG_RETURN_CSTRING(buf.data);
}

PG_FUNCTION_INFO_V1(delays_recv);

Datum
delays_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int32		longest,
				n;
	Delays	   *d;

	wire_receive(buf, &delays_wire);
	longest = pq_getmsgint(buf, 4);
	n = pq_getmsgint(buf, 4);
	if (n < 0 || n > NOWCAST_MAX_CELLS || buf->len - buf->cursor < (int64) n * (int64) sizeof(DelayCell))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid number of cells in delays: %d", n)));
	d = nowcast_delays_alloc(n, longest);
	for (int i = 0; i < n; i++)
	{
		DelayCell	cell;

		CHECK_FOR_INTERRUPTS();
		cell.day = pq_getmsgint(buf, 4);
		cell.delay = pq_getmsgint(buf, 4);
		cell.n = pq_getmsgint64(buf);
		(void) nowcast_delays_check(&cell, longest, NULL);
		d = nowcast_delays_append(d, cell);
	}
	PG_RETURN_POINTER(nowcast_delays_normal(d));
}

PG_FUNCTION_INFO_V1(delays_send);

Datum
delays_send(PG_FUNCTION_ARGS)
{
	Delays	   *d = nowcast_delays_normal(PG_GETARG_DELAYS_P(0));
	StringInfoData buf;

	pq_begintypsend(&buf);
	wire_send(&buf, &delays_wire);
	pq_sendint32(&buf, d->longest);
	pq_sendint32(&buf, d->n);
	for (int i = 0; i < d->n; i++)
	{
		pq_sendint32(&buf, d->cell[i].day);
		pq_sendint32(&buf, d->cell[i].delay);
		pq_sendint64(&buf, d->cell[i].n);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* delays_cells(delays): one row per event day and delay */
PG_FUNCTION_INFO_V1(delays_cells);

Datum
delays_cells(PG_FUNCTION_ARGS)
{
	Delays	   *d = nowcast_delays_normal(PG_GETARG_DELAYS_P(0));
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	bool		nulls[3] = {false, false, false};

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < d->n; i++)
	{
		Datum		values[3] = {DateADTGetDatum(d->cell[i].day), Int32GetDatum(d->cell[i].delay), Int64GetDatum(d->cell[i].n)};

		CHECK_FOR_INTERRUPTS();
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
