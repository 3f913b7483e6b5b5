/*-------------------------------------------------------------------------
 *
 * surveillance.h
 *	  Early-warning detectors over series of counts: what the files share.
 *
 * The way of a question: a series (series.c) or the rows of a window become
 * a grid, one count per period without holes (grid.c); a detector
 * (detector.c) names a method and its parameters; the method judges one
 * period of the grid and gives a detection (detection.c).  The methods are
 * in window_methods.c, season_methods.c, farrington.c and running_methods.c,
 * judge.c chooses among them, and detect.c is where SQL calls it.
 *
 * src/surveillance/surveillance.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_SURVEILLANCE_SURVEILLANCE_H
#define CIVIC_SURVEILLANCE_SURVEILLANCE_H

#include "wire.h"

#include "utils/date.h"

struct Node;

/* Limits */
#define SERIES_MAX_POINTS	1000000 /* rows in one series value */
#define SERIES_MAX_COUNT	INT64CONST(1000000000000000)	/* a count, 1e15 */
#define GRID_MAX_PERIODS	200000	/* first to last period: 547 years of days */
#define MAX_BASELINE		2000	/* periods in a sliding window */
#define MAX_YEARS			30	/* years a seasonal method looks back */
#define MAX_SEASONS			26	/* levels of the seasonal factor */

/* A count that was not reported.  Every negative count is unusable. */
#define COUNT_MISSING		PG_INT64_MIN
#define count_usable(y)		((y) >= 0)

/*
 * series: (t, y) pairs.  Equal t add up, so a correction is a row with the
 * difference and pairs may come in any order.
 */
typedef struct SeriesPoint
{
	int64		y;				/* count, or COUNT_MISSING */
	int32		t;				/* date or number of the period */
	int32		population;		/* 0: not given */
} SeriesPoint;

typedef struct Series
{
	int32		vl_len_;
	WireHead	head;
	int32		n;				/* points in use; the rest is slack */
	uint8		dated;			/* t are dates */
	uint8		sorted;			/* by t, each t once */
	uint8		unused[2];		/* zero */
	SeriesPoint point[FLEXIBLE_ARRAY_MEMBER];
} Series;

static const WireType series_wire = {"series", 1, 0};

#define DatumGetSeriesP(d)	((Series *) wire_detoast(d, &series_wire))
#define PG_GETARG_SERIES_P(i) DatumGetSeriesP(PG_GETARG_DATUM(i))

extern Series *surveillance_series_alloc(int capacity, bool dated);
extern Series *surveillance_series_append(Series *s, const SeriesPoint *p);
extern Series *surveillance_series_normal(Series *s);
extern bool surveillance_series_check_point(const SeriesPoint *p, bool dated, struct Node *escontext);
extern void surveillance_series_check_kind(const Series *s, bool dated);
extern int64 surveillance_series_given_count(int64 y);
extern void surveillance_series_add_count(int64 *sum, int64 y);

/* How long a period is; the number of periods in a year follows. */
typedef enum Every
{
	EVERY_DAY,
	EVERY_WEEK,
	EVERY_MONTH
} Every;

extern int	surveillance_periods_per_year(Every every);
extern int32 surveillance_period_of(int32 t, bool dated, Every every);

/* Parameters that detectors have; detector.c says which and what they mean */
typedef enum DetectorParam
{
	PARAM_EVERY,
	PARAM_ALPHA,
	PARAM_BASELINE,
	PARAM_LAG,
	PARAM_MIN_SIGMA,
	PARAM_DAY_OF_WEEK,
	PARAM_YEARS,
	PARAM_WINDOW,
	PARAM_CURRENT_YEAR,
	PARAM_REWEIGHT,
	PARAM_TREND_P,
	PARAM_POWER,
	PARAM_MIN_CASES,
	PARAM_MIN_PERIODS,
	PARAM_EXCLUDE,
	PARAM_SEASONS,
	PARAM_BOUND,
	PARAM_POPULATION,
	PARAM_SE,
	PARAM_K,
	PARAM_H,
	PARAM_TRANSFORM,
	PARAM_TRAIN,
	PARAM_MEAN,
	PARAM_HARMONIC,
	PARAM_RESIDUALS,
	PARAM_RESET,
	PARAM_LAMBDA,
	PARAM_LIMIT,
	PARAM_BLOCKS,
	PARAM_Z,
	PARAM_PERCENTILE,
	PARAM_CASES,
	PARAM_PER_100000,
	PARAM_TIMES,
	PARAM_PERIODS,
	N_PARAMS
} DetectorParam;

/* Values of the parameters that are choices, in the order of their names */
enum
{
	BOUND_NEGBIN,
	BOUND_DELTA,
	BOUND_MUAN
};
enum
{
	POWER_TWO_THIRDS,
	POWER_HALF,
	POWER_NONE
};
enum
{
	SE_PUBLISHED,
	SE_PACKAGE
};
enum
{
	TRANSFORM_STANDARD,
	TRANSFORM_ROSSI,
	TRANSFORM_ANSCOMBE
};
enum
{
	RESIDUALS_NONE,
	RESIDUALS_NB_WINDOW,
	RESIDUALS_FARRINGTON
};

/*
 * Methods.  The numbers are stored in detections: add at the end only.
 */
typedef enum DetectorMethod
{
	METHOD_EARS_C1,
	METHOD_EARS_C2,
	METHOD_EARS_C3,
	METHOD_BAYES,
	METHOD_RKI,
	METHOD_NB_WINDOW,
	METHOD_FARRINGTON,
	METHOD_FARRINGTON_FLEXIBLE,
	METHOD_CUSUM,
	METHOD_EWMA,
	METHOD_HISTORICAL_LIMITS,
	METHOD_ENDEMIC_CHANNEL,
	METHOD_MOVING_PERCENTILE,
	METHOD_CASE_THRESHOLD,
	METHOD_RATE_THRESHOLD,
	METHOD_RATIO_THRESHOLD,
	METHOD_AUTO,
	N_METHODS
} DetectorMethod;

/* The SQL type's value: its canonical text, as long as the varlena says. */
typedef struct DetectorText
{
	int32		vl_len_;
	WireHead	head;
	char		data[FLEXIBLE_ARRAY_MEMBER];
} DetectorText;

static const WireType detector_wire = {"detector", 1, 0};

/* A detector ready to judge. */
typedef struct Detector
{
	DetectorMethod method;
	Every		every;
	double		quantile;		/* normal quantile of 1 - alpha, made once */
	double		param[N_PARAMS];	/* NaN where the method has none */
} Detector;

extern bool surveillance_detector_parse(const char *str, Detector *d, struct Node *escontext);
extern char *surveillance_detector_source(Datum value);
extern void surveillance_detector_default(Detector *d, DetectorMethod method);
extern void surveillance_detector_prepare(Detector *d);
extern const char *surveillance_detector_method_name(DetectorMethod method);
extern int	surveillance_detector_method_by_name(const char *name, int len);

/*
 * One count per period, without holes.  Index 0 is period "first"; t of the
 * judged period tells its exact date to methods that go back by years.
 */
typedef struct Grid
{
	MemoryContext context;		/* where y and population lie */
	Every		every;
	bool		dated;
	int32		first;
	int			n;
	int			capacity;
	int64	   *y;
	int32	   *population;		/* NULL while no population was given */
	int32		last_t;			/* t of the last point added */
} Grid;

extern void surveillance_grid_init(Grid *g, Every every, bool dated, MemoryContext context);
extern bool surveillance_grid_add(Grid *g, int32 t, int64 y, int32 population);
extern void surveillance_grid_from_series(Grid *g, const Series *s, Every every, int32 until);
extern void surveillance_grid_extend(Grid *g, int32 t);
extern int	surveillance_grid_years_back(const Grid *g, int now, int years);
extern double surveillance_grid_day(const Grid *g, int index);
extern int	surveillance_grid_weekday(const Grid *g, int index);

/* Why there is no verdict.  Numbers are stored: add at the end only. */
typedef enum NoVerdict
{
	VERDICT_GIVEN,
	NO_COUNT,					/* the judged period was not reported */
	NO_NEGATIVE,				/* its count is below zero */
	NO_HISTORY,					/* the series is too short */
	NO_GAP,						/* too much of the baseline is missing */
	NO_VARIATION,				/* the baseline does not vary */
	NO_CASES,					/* too few recent cases to judge */
	NO_ZERO_BASELINE,			/* the baseline is all zero */
	NO_CONVERGENCE,				/* the model could not be fitted */
	NO_POPULATION,				/* the population is not given or zero */
	N_NO_VERDICTS
} NoVerdict;

/* The distribution that the bound was taken from, for the p-value */
typedef enum DetectionFamily
{
	FAMILY_NONE,
	FAMILY_NORMAL,				/* spread: standard deviation */
	FAMILY_COUNT,				/* spread: variance / mean; 1 is Poisson */
	FAMILY_TWO_THIRDS,			/* spread: sd of the 2/3 power */
	FAMILY_HALF,				/* spread: sd of the square root */
	N_FAMILIES
} DetectionFamily;

/* What a detector says about one period; NaN is SQL's NULL. */
typedef struct Detection
{
	double		observed;
	double		expected;
	double		upper;			/* alarm when observed > upper */
	double		score;			/* above 1 (CUSUM: from 1) is an alarm */
	double		spread;
	double		trend;			/* growth of the log mean per period */
	uint8		method;
	uint8		reason;			/* a NoVerdict */
	uint8		family;
	uint8		alarm;
	WireHead	head;
} Detection;

static const WireType detection_wire = {"detection", 1, 0};

static inline Detection *
DatumGetDetectionP(Datum d)
{
	Detection  *v = (Detection *) DatumGetPointer(d);

	wire_check(&v->head, &detection_wire);
	return v;
}

#define PG_GETARG_DETECTION_P(i) DatumGetDetectionP(PG_GETARG_DATUM(i))
#define PG_RETURN_DETECTION_P(x) PG_RETURN_POINTER(x)

/* What a running method (CUSUM, EWMA) has reached; all zero is the start. */
typedef struct Run
{
	int			next;			/* first period not yet taken in */
	bool		trained;
	double		mean;			/* learnt in the training periods */
	double		sd;
	double		harmonic[3];	/* or: log-linear level, cosine and sine */
	double		level;			/* C or E before period "next" */
	double		steps;			/* periods since the last reset */
} Run;

/*
 * A method judges period "now" of the grid, whose count is usable.  It
 * returns VERDICT_GIVEN and has filled expected, upper and what else it
 * knows, or says why it cannot.
 */
typedef NoVerdict (*DetectorJudge) (const Detector *d, const Grid *g, int now,
									Run *run, Detection *out);

#define DECLARE_JUDGE(name) \
extern NoVerdict name(const Detector *d, const Grid *g, int now, \
					  Run *run, Detection *out)

DECLARE_JUDGE(surveillance_judge_ears);
DECLARE_JUDGE(surveillance_judge_bayes);
DECLARE_JUDGE(surveillance_judge_rki);
DECLARE_JUDGE(surveillance_judge_nb_window);
DECLARE_JUDGE(surveillance_judge_farrington);
DECLARE_JUDGE(surveillance_judge_farrington_flexible);
DECLARE_JUDGE(surveillance_judge_cusum);
DECLARE_JUDGE(surveillance_judge_ewma);
DECLARE_JUDGE(surveillance_judge_historical_limits);
DECLARE_JUDGE(surveillance_judge_endemic_channel);
DECLARE_JUDGE(surveillance_judge_moving_percentile);
DECLARE_JUDGE(surveillance_judge_case_threshold);
DECLARE_JUDGE(surveillance_judge_rate_threshold);
DECLARE_JUDGE(surveillance_judge_ratio_threshold);

extern void surveillance_detector_judge(const Detector *d, const Grid *g, int now,
										Run *run, Detection *out);
extern double surveillance_count_upper(double alpha, double mean, double dispersion);

#endif							/* CIVIC_SURVEILLANCE_SURVEILLANCE_H */
