/*-------------------------------------------------------------------------
 *
 * calendar.c
 *	  Reporting periods of instants in a named time zone.
 *
 * A local date begins at the first instant at which the zone's clock shows
 * it.  Where a clock goes back across midnight it shows a date, leaves it and
 * shows it again; the instants in between are counted to the later date, so
 * that periods never interleave: start <= instant < end always holds.
 *
 * src/calendar/calendar.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "calendar/period.h"
#include "access/htup_details.h"
#include "common/int.h"
#include "funcapi.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#define RECENT_PERIODS 512		/* more days than a year has */

/* A period with the instants that bound it */
typedef struct FoundPeriod
{
	int			first_day;
	TimestampTz start;
	TimestampTz end;
} FoundPeriod;

/*
 * What a call site prepares once: the arguments as bytes and their meaning.
 * It remembers the periods it found, because the rows of a table tend to fall
 * into few of them and the bounds are what costs.
 */
typedef struct CalendarSite
{
	Period		period;
	pg_tz	   *zone;
	int			unit_len;
	int			zone_len;
	char		unit_name[NAMEDATALEN];
	char		zone_name[TZ_STRLEN_MAX + 1];
	FoundPeriod *last;
	FoundPeriod recent[RECENT_PERIODS]; /* by first day, modulo */
} CalendarSite;

static pg_tz *
zone_parse(text *zone)
{
	char	   *name = text_to_cstring(zone);
	pg_tz	   *tz = strlen(name) <= TZ_STRLEN_MAX ? pg_tzset(name) : NULL;

	if (tz == NULL || !pg_tz_acceptable(tz))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time zone \"%s\" not recognized", name),
				 errhint("Use a full name such as Asia/Singapore; pg_timezone_names lists them.")));
	pfree(name);
	return tz;
}

static inline bool
same_bytes(text *t, const char *bytes, int len)
{
	return VARSIZE_ANY_EXHDR(t) == (size_t) len && memcmp(VARDATA_ANY(t), bytes, len) == 0;
}

/* The prepared call site; arguments that change from row to row prepare it anew. */
static CalendarSite *
calendar_site(FmgrInfo *flinfo, text *unit, text *zone, int first_month)
{
	CalendarSite *site = flinfo->fn_extra;

	if (site != NULL && site->period.first_month == first_month &&
		same_bytes(unit, site->unit_name, site->unit_len) &&
		same_bytes(zone, site->zone_name, site->zone_len))
		return site;
	if (site == NULL)
		site = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(CalendarSite));
	flinfo->fn_extra = NULL;	/* not to be found half prepared after an
								 * error */
	site->period = calendar_period_parse(unit, first_month);
	site->zone = zone_parse(zone);
	site->unit_len = VARSIZE_ANY_EXHDR(unit);
	site->zone_len = VARSIZE_ANY_EXHDR(zone);
	memcpy(site->unit_name, VARDATA_ANY(unit), site->unit_len);
	memcpy(site->zone_name, VARDATA_ANY(zone), site->zone_len);
	memset(site->recent, 0, sizeof(site->recent));
	site->last = &site->recent[0];	/* empty, as it ends where it starts */
	flinfo->fn_extra = site;
	return site;
}

static void
out_of_range(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("timestamp out of range")));
}

/* The Julian day that the zone's clock shows, and the zone's offset then */
static int
local_day(TimestampTz ts, pg_tz *zone, int *offset)
{
	struct pg_tm tm;
	fsec_t		fsec;

	if (timestamp2tm(ts, offset, &tm, &fsec, NULL, zone) != 0)
		out_of_range();
	return date2j(tm.tm_year, tm.tm_mon, tm.tm_mday);
}

/* Local midnight as an instant, if the offset (seconds west) is in force */
static TimestampTz
midnight_at(int jday, int offset)
{
	int64		day = (int64) jday - POSTGRES_EPOCH_JDATE;
	TimestampTz ts;

	if (pg_mul_s64_overflow(day, USECS_PER_DAY, &ts) ||
		pg_add_s64_overflow(ts, (int64) offset * USECS_PER_SEC, &ts) ||
		!IS_VALID_TIMESTAMP(ts))
		out_of_range();
	return ts;
}

/*
 * The first instant of a local date.  The server's rule reads a midnight that
 * occurs twice as the later one; reading it with the offset of a day before
 * finds the earlier.
 */
static TimestampTz
day_begins(int jday, pg_tz *zone)
{
	struct pg_tm tm = {0};
	TimestampTz begins,
				earlier;
	int			offset;

	j2date(jday, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	begins = midnight_at(jday, DetermineTimeZoneOffset(&tm, zone));
	if (begins < MIN_TIMESTAMP + USECS_PER_DAY)
		return begins;
	local_day(begins - USECS_PER_DAY, zone, &offset);
	earlier = midnight_at(jday, offset);
	if (earlier < begins && local_day(earlier, zone, &offset) >= jday)
		return earlier;
	return begins;
}

static FoundPeriod
find_period(const Period *period, pg_tz *zone, TimestampTz ts, int day)
{
	FoundPeriod p;
	int			next;

	p.first_day = calendar_period_start(period, day);
	next = calendar_period_next(period, p.first_day);
	p.start = day_begins(p.first_day, zone);
	p.end = day_begins(next, zone);
	while (ts >= p.end)			/* the clock went back across midnight */
	{
		p.first_day = next;
		next = calendar_period_next(period, next);
		p.start = p.end;
		p.end = day_begins(next, zone);
	}
	return p;
}

static inline bool
holds(const FoundPeriod *p, TimestampTz ts)
{
	return ts >= p->start && ts < p->end;
}

static const FoundPeriod *
period_argument(FunctionCallInfo fcinfo)
{
	TimestampTz ts = PG_GETARG_TIMESTAMPTZ(0);
	CalendarSite *site = calendar_site(fcinfo->flinfo, PG_GETARG_TEXT_PP(1),
									   PG_GETARG_TEXT_PP(2), PG_GETARG_INT32(3));
	int			offset,
				day;

	if (holds(site->last, ts))
		return site->last;
	day = local_day(ts, site->zone, &offset);
	site->last = &site->recent[(uint32) calendar_period_start(&site->period, day) % RECENT_PERIODS];
	if (!holds(site->last, ts))
		*site->last = find_period(&site->period, site->zone, ts, day);
	return site->last;
}

PG_FUNCTION_INFO_V1(calendar_bucket);

Datum
calendar_bucket(PG_FUNCTION_ARGS)
{
	if (TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMPTZ(0)))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	PG_RETURN_TIMESTAMPTZ(period_argument(fcinfo)->start);
}

PG_FUNCTION_INFO_V1(calendar_bucket_end);

Datum
calendar_bucket_end(PG_FUNCTION_ARGS)
{
	if (TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMPTZ(0)))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	PG_RETURN_TIMESTAMPTZ(period_argument(fcinfo)->end);
}

/* Dates */

static DateADT
date_from_day(int jday)
{
	DateADT		date = jday - POSTGRES_EPOCH_JDATE;

	if (!IS_VALID_DATE(date))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("date out of range")));
	return date;
}

PG_FUNCTION_INFO_V1(calendar_bucket_date);

Datum
calendar_bucket_date(PG_FUNCTION_ARGS)
{
	DateADT		date = PG_GETARG_DATEADT(0);
	Period		period = calendar_period_parse(PG_GETARG_TEXT_PP(1), PG_GETARG_INT32(2));

	if (DATE_NOT_FINITE(date))
		PG_RETURN_DATEADT(date);
	PG_RETURN_DATEADT(date_from_day(calendar_period_start(&period, date + POSTGRES_EPOCH_JDATE)));
}

PG_FUNCTION_INFO_V1(calendar_bucket_end_date);

Datum
calendar_bucket_end_date(PG_FUNCTION_ARGS)
{
	DateADT		date = PG_GETARG_DATEADT(0);
	Period		period = calendar_period_parse(PG_GETARG_TEXT_PP(1), PG_GETARG_INT32(2));
	int			start;

	if (DATE_NOT_FINITE(date))
		PG_RETURN_DATEADT(date);
	start = calendar_period_start(&period, date + POSTGRES_EPOCH_JDATE);
	PG_RETURN_DATEADT(date_from_day(calendar_period_next(&period, start)));
}

PG_FUNCTION_INFO_V1(calendar_period_name);

Datum
calendar_period_name(PG_FUNCTION_ARGS)
{
	DateADT		date = PG_GETARG_DATEADT(0);
	Period		period = calendar_period_parse(PG_GETARG_TEXT_PP(1), PG_GETARG_INT32(2));
	char		name[PERIOD_NAME_SIZE];

	if (DATE_NOT_FINITE(date))
		PG_RETURN_NULL();
	calendar_put_period_name(&period, calendar_period_start(&period, date + POSTGRES_EPOCH_JDATE), name);
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/*
 * The date that a report of this instant belongs to: the clock's, but for the
 * minutes that a clock put back across midnight shows a second time.
 */
PG_FUNCTION_INFO_V1(calendar_local_date);

Datum
calendar_local_date(PG_FUNCTION_ARGS)
{
	TimestampTz ts = PG_GETARG_TIMESTAMPTZ(0);
	Period		day = {PERIOD_DAY, 1};
	pg_tz	   *zone = zone_parse(PG_GETARG_TEXT_PP(1));
	int			offset;

	if (TIMESTAMP_IS_NOBEGIN(ts))
		PG_RETURN_DATEADT(DATEVAL_NOBEGIN);
	if (TIMESTAMP_IS_NOEND(ts))
		PG_RETURN_DATEADT(DATEVAL_NOEND);
	PG_RETURN_DATEADT(date_from_day(find_period(&day, zone, ts, local_day(ts, zone, &offset)).first_day));
}

/* Gap-free calendars */

typedef struct CalendarRows
{
	Period		period;
	pg_tz	   *zone;
	int			next;			/* first day of the period to return */
	TimestampTz next_start;
	TimestampTz until;
} CalendarRows;

static CalendarRows *
calendar_rows_begin(FunctionCallInfo fcinfo)
{
	CalendarRows *rows = palloc0(sizeof(CalendarRows));
	TimestampTz since = PG_GETARG_TIMESTAMPTZ(0);
	FoundPeriod first;
	int			offset;

	rows->until = PG_GETARG_TIMESTAMPTZ(1);
	if (TIMESTAMP_NOT_FINITE(since) || TIMESTAMP_NOT_FINITE(rows->until))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a calendar needs finite bounds")));
	rows->period = calendar_period_parse(PG_GETARG_TEXT_PP(2), PG_GETARG_INT32(4));
	rows->zone = zone_parse(PG_GETARG_TEXT_PP(3));
	first = find_period(&rows->period, rows->zone, since, local_day(since, rows->zone, &offset));
	rows->next = first.first_day;
	rows->next_start = since < rows->until ? first.start : rows->until;
	return rows;
}

PG_FUNCTION_INFO_V1(calendar_calendar);

Datum
calendar_calendar(PG_FUNCTION_ARGS)
{
	FuncCallContext *funcctx;
	CalendarRows *rows;
	Datum		values[4];
	bool		nulls[4] = {false, false, false, false};
	char		name[PERIOD_NAME_SIZE];
	int			following;

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext old;

		funcctx = SRF_FIRSTCALL_INIT();
		old = MemoryContextSwitchTo(funcctx->multi_call_memory_ctx);
		if (get_call_result_type(fcinfo, NULL, &funcctx->tuple_desc) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		funcctx->tuple_desc = BlessTupleDesc(funcctx->tuple_desc);
		funcctx->user_fctx = calendar_rows_begin(fcinfo);
		MemoryContextSwitchTo(old);
	}
	funcctx = SRF_PERCALL_SETUP();
	rows = funcctx->user_fctx;
	if (rows->next_start >= rows->until)
		SRF_RETURN_DONE(funcctx);

	following = calendar_period_next(&rows->period, rows->next);
	calendar_put_period_name(&rows->period, rows->next, name);
	values[0] = TimestampTzGetDatum(rows->next_start);
	rows->next_start = day_begins(following, rows->zone);
	values[1] = TimestampTzGetDatum(rows->next_start);
	values[2] = DateADTGetDatum(date_from_day(rows->next));
	values[3] = CStringGetTextDatum(name);
	rows->next = following;
	SRF_RETURN_NEXT(funcctx, HeapTupleGetDatum(heap_form_tuple(funcctx->tuple_desc, values, nulls)));
}
