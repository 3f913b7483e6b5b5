/*-------------------------------------------------------------------------
 *
 * nowcast.c
 *	  nowcast(): what the counts of the last days will become.
 *
 * src/nowcast/nowcast.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "nowcast/nowcast.h"

#define HISTORY		41			/* days before the youngest complete one that
								 * methods look at */
#define N_COLUMNS	8

static const struct
{
	const char *name;
	NowcastMethod method;
	bool		all;			/* of the days, as its authors did */
	bool		inherits;		/* draws its pattern towards a parent's */
}			methods[] =

{
	{"chain_ladder", nowcast_chain_ladder, false, true},
	{"lawless", nowcast_lawless, true, false},
	{"trunc", nowcast_trunc, true, false},
};

static int
method_of(text *name)
{
	char	   *said = text_to_cstring(name);

	for (int i = 0; i < (int) lengthof(methods); i++)
		if (strcmp(said, methods[i].name) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("\"%s\" is no method of a nowcast", said),
			 errhint("These are: chain_ladder, lawless, trunc.")));
}

/* Days from the first cell to now, at least so many that every delay is seen once. */
static int
days_of(const Delays *d, DateADT now, bool all)
{
	int64		days = d->longest + 1;

	if (!all)
		return d->longest + HISTORY;
	for (int i = 0; i < d->n; i++)
		days = Max(days, (int64) now - d->cell[i].day + 1);
	if (days * (d->longest + 1) > NOWCAST_MAX_CELLS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("delays go back too far for this method"),
				 errdetail("They begin " INT64_FORMAT " days ago.", days),
				 errhint("Leave out days that are long complete (delays_since).")));
	return (int) days;
}

static double
level_of_argument(double level)
{
	if (isnan(level) || level <= 0 || level >= 1)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("level of an interval cannot be %g", level),
				 errhint("It lies between 0 and 1, for example 0.95.")));
	return level;
}

static void
put_rows(ReturnSetInfo *rsinfo, DateADT now, const Nowcast *out, int longest)
{
	for (int age = longest; age >= 0; age--)
	{
		const Nowcast *o = &out[age];
		Datum		values[N_COLUMNS];
		bool		nulls[N_COLUMNS] = {false};

		values[0] = DateADTGetDatum(now - age);
		values[1] = Int64GetDatum((int64) o->reported);
		values[2] = Float8GetDatum(o->estimate);
		values[3] = Float8GetDatum(o->mean);
		values[4] = Float8GetDatum(o->lower);
		values[5] = Float8GetDatum(o->upper);
		values[6] = Float8GetDatum(o->share);
		if (o->reason)
		{
			values[7] = CStringGetTextDatum(o->reason);
			for (int i = 2; i < 7; i++)
				nulls[i] = true;
		}
		else
			nulls[7] = true;
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

/* nowcast(delays, now date, method text, level float8, parent delays) */
PG_FUNCTION_INFO_V1(nowcast_nowcast);

Datum
nowcast_nowcast(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Delays	   *d,
			   *p = NULL;
	Triangle	t,
				parent;
	DateADT		now;
	int			method,
				days;
	double		level;
	Nowcast		out[NOWCAST_MAX_DELAY + 1] = {{0}};

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	if (PG_ARGISNULL(2) || PG_ARGISNULL(3))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("method and level of a nowcast must not be null")));
	d = PG_GETARG_DELAYS_P(0);
	now = PG_GETARG_DATEADT(1);
	if (DATE_NOT_FINITE(now))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
				 errmsg("day of a nowcast must be finite")));
	method = method_of(PG_GETARG_TEXT_PP(2));
	level = level_of_argument(PG_GETARG_FLOAT8(3));
	if (!PG_ARGISNULL(4))
	{
		p = PG_GETARG_DELAYS_P(4);
		if (!methods[method].inherits)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("method \"%s\" of a nowcast takes no parent", methods[method].name),
					 errhint("Leave the parent out, or take chain_ladder.")));
		if (p->longest != d->longest)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("the parent's longest delay must be the same"),
					 errdetail("It is %d, not %d days.", p->longest, d->longest)));
	}

	days = days_of(d, now, methods[method].all);
	t = nowcast_triangle(d, now, days);
	if (p)
		parent = nowcast_triangle(p, now, days);
	for (int age = 0; age <= d->longest; age++)
		out[age].reported = nowcast_reported(&t, days - 1, days - 1 - age);
	methods[method].method(&t, p ? &parent : NULL, level, out);
	put_rows(rsinfo, now, out, d->longest);
	return (Datum) 0;
}
