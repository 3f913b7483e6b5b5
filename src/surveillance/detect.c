/*-------------------------------------------------------------------------
 *
 * detect.c
 *	  detect(): SQL's ways to let a detector judge counts.
 *
 *	  detect(series, detector [, t])			one period of a series
 *	  detect(t, y, detector, population) OVER	every row of an ordered window
 *
 * src/surveillance/detect.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "utils/builtins.h"
#include "utils/memutils.h"
#include "windowapi.h"

#include "surveillance/surveillance.h"

/* ---- the detector at a call site, read once ---- */

typedef struct DetectorCache
{
	Detector	detector;
	Size		size;			/* of the value that it was read from */
	char		bytes[FLEXIBLE_ARRAY_MEMBER];
} DetectorCache;

static const Detector *
cached_detector(FunctionCallInfo fcinfo, Datum value)
{
	struct varlena *source = PG_DETOAST_DATUM_PACKED(value);
	Size		size = VARSIZE_ANY_EXHDR(source);
	DetectorCache *cache = fcinfo->flinfo->fn_extra;

	if (cache != NULL && cache->size == size &&
		memcmp(cache->bytes, VARDATA_ANY(source), size) == 0)
		return &cache->detector;
	cache = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, offsetof(DetectorCache, bytes) + size);
	cache->size = size;
	memcpy(cache->bytes, VARDATA_ANY(source), size);
	(void) surveillance_detector_parse(surveillance_detector_source(value), &cache->detector, NULL);
	if (fcinfo->flinfo->fn_extra != NULL)
		pfree(fcinfo->flinfo->fn_extra);
	fcinfo->flinfo->fn_extra = cache;
	return &cache->detector;
}

/* ---- one period of a series ---- */

static Datum
detect_at(const Detector *d, const Series *s, int32 t)
{
	Detection  *out = palloc(sizeof(Detection));
	Grid		g;
	Run			run = {0};

	surveillance_grid_from_series(&g, s, d->every, t);
	surveillance_detector_judge(d, &g, g.n - 1, &run, out);
	PG_RETURN_DETECTION_P(out);
}

/* detect(series, detector): the last point */
PG_FUNCTION_INFO_V1(detect_last);

Datum
detect_last(PG_FUNCTION_ARGS)
{
	Series	   *s = PG_GETARG_SERIES_P(0);
	const Detector *d = cached_detector(fcinfo, PG_GETARG_DATUM(1));

	return detect_at(d, s, s->n > 0 ? s->point[s->n - 1].t : 0);
}

PG_FUNCTION_INFO_V1(detect_date);

Datum
detect_date(PG_FUNCTION_ARGS)
{
	Series	   *s = PG_GETARG_SERIES_P(0);
	SeriesPoint when = {COUNT_MISSING, PG_GETARG_DATEADT(2), 0};

	surveillance_series_check_kind(s, true);
	(void) surveillance_series_check_point(&when, true, NULL);
	return detect_at(cached_detector(fcinfo, PG_GETARG_DATUM(1)), s, when.t);
}

PG_FUNCTION_INFO_V1(detect_int);

Datum
detect_int(PG_FUNCTION_ARGS)
{
	Series	   *s = PG_GETARG_SERIES_P(0);

	surveillance_series_check_kind(s, false);
	return detect_at(cached_detector(fcinfo, PG_GETARG_DATUM(1)), s, PG_GETARG_INT32(2));
}

/* ---- every row of a window ---- */

/* Rows that the executor keeps for us before it may drop them */
#define ROWS_KEPT	64

/* What one partition has seen; zero before its first row */
typedef struct DetectWindow
{
	const Detector *detector;
	bool		constant;		/* need not be looked at again */
	bool		no_population;	/* nor need the population: it is constantly
								 * null */
	Grid		grid;
	Run			run;
} DetectWindow;

/* The detector of a row, which is that of the whole partition. */
static void
window_detector(FunctionCallInfo fcinfo, WindowObject winobj, DetectWindow *w, bool dated)
{
	bool		isnull;
	Datum		value;
	const Detector *d;

	if (w->constant)
		return;
	value = WinGetFuncArgCurrent(winobj, 2, &isnull);
	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("detector must not be null")));
	d = cached_detector(fcinfo, value);
	if (w->detector == NULL)
		surveillance_grid_init(&w->grid, d->every, dated, GetMemoryChunkContext(w));
	else if (w->detector != d)
		ereport(ERROR,
				(errcode(ERRCODE_WINDOWING_ERROR),
				 errmsg("detector must be the same for all rows of a partition"),
				 errhint("Add it to PARTITION BY.")));
	w->detector = d;
	w->constant = get_fn_expr_arg_stable(fcinfo->flinfo, 2);
	if (get_fn_expr_arg_stable(fcinfo->flinfo, 3))
		(void) WinGetFuncArgCurrent(winobj, 3, &w->no_population);
}

/* The row's point */
static SeriesPoint
window_point(WindowObject winobj, bool dated, bool no_population)
{
	SeriesPoint p = {COUNT_MISSING, 0, 0};
	bool		isnull;
	Datum		value = WinGetFuncArgCurrent(winobj, 0, &isnull);

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("period of a count must not be null")));
	p.t = DatumGetInt32(value); /* a date is one too */
	value = WinGetFuncArgCurrent(winobj, 1, &isnull);
	if (!isnull)
		p.y = surveillance_series_given_count(DatumGetInt64(value));
	if (!no_population)
	{
		value = WinGetFuncArgCurrent(winobj, 3, &isnull);
		if (!isnull)
			p.population = DatumGetInt32(value);
	}
	(void) surveillance_series_check_point(&p, dated, NULL);
	return p;
}

static Datum
detect_window(FunctionCallInfo fcinfo, bool dated)
{
	WindowObject winobj = PG_WINDOW_OBJECT();
	DetectWindow *w = WinGetPartitionLocalMemory(winobj, sizeof(DetectWindow));
	Detection  *out = palloc(sizeof(Detection));
	SeriesPoint p;

	window_detector(fcinfo, winobj, w, dated);
	/* Earlier rows are in the grid: let the executor drop them, now and then. */
	if (WinGetCurrentPosition(winobj) % ROWS_KEPT == 0)
		WinSetMarkPosition(winobj, WinGetCurrentPosition(winobj));
	p = window_point(winobj, dated, w->no_population);
	if (w->grid.n > 0 && p.t < w->grid.last_t)
		ereport(ERROR,
				(errcode(ERRCODE_WINDOWING_ERROR),
				 errmsg("rows of the window are not in the order of their periods"),
				 errhint("Use OVER (PARTITION BY ... ORDER BY t) with the same t as the first argument.")));
	surveillance_grid_add(&w->grid, p.t, p.y, p.population);
	surveillance_detector_judge(w->detector, &w->grid, w->grid.n - 1, &w->run, out);
	PG_RETURN_DETECTION_P(out);
}

PG_FUNCTION_INFO_V1(detect_window_date);

Datum
detect_window_date(PG_FUNCTION_ARGS)
{
	return detect_window(fcinfo, true);
}

PG_FUNCTION_INFO_V1(detect_window_int);

Datum
detect_window_int(PG_FUNCTION_ARGS)
{
	return detect_window(fcinfo, false);
}
