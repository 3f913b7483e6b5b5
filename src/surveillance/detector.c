/*-------------------------------------------------------------------------
 *
 * detector.c
 *	  Detectors: a method with its parameters, read from a text such as
 *	  "ears_c2(baseline=14, alpha=0.01)".
 *
 * The SQL type keeps the canonical text: the method's name and, in a fixed
 * order, the parameters that differ from their defaults.  Defaults of a
 * released method never change, so a stored detector keeps its meaning.
 *
 * src/surveillance/detector.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lexer.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "statistics/distribution.h"
#include "utils/tuplestore.h"
#include "surveillance/surveillance.h"

#define DETECTOR_MAX_TEXT	1000
#define DETECTOR_EXAMPLE	"method(name=value, ...)"

typedef enum ParamType
{
	PARAM_WHOLE,
	PARAM_NUMBER,
	PARAM_FLAG,
	PARAM_CHOICE
} ParamType;

typedef struct ParamSpec
{
	const char *name;
	ParamType	kind;
	double		min;			/* numbers: least and greatest value */
	double		max;
	const char *choices[4];		/* choices: their names, NULL at the end */
	const char *meaning;
} ParamSpec;

/* In the order of DetectorParam */
static const ParamSpec param_spec[N_PARAMS] = {
	{"every", PARAM_CHOICE, 0, 0, {"day", "week", "month"}, "length of a period"},
	{"alpha", PARAM_NUMBER, 1e-12, 0.5, {0}, "nominal probability of a false alarm"},
	{"baseline", PARAM_WHOLE, 3, MAX_BASELINE, {0}, "periods in the sliding baseline"},
	{"lag", PARAM_WHOLE, 0, 365, {0}, "periods between the baseline and the judged one"},
	{"min_sigma", PARAM_NUMBER, 0, 1e15, {0}, "least standard deviation used"},
	{"day_of_week", PARAM_FLAG, 0, 1, {0}, "expect a weekly rhythm"},
	{"years", PARAM_WHOLE, 0, MAX_YEARS, {0}, "years looked back"},
	{"window", PARAM_WHOLE, 0, 180, {0}, "periods on each side of the same period of another year"},
	{"current_year", PARAM_FLAG, 0, 1, {0}, "use the last periods of this year too"},
	{"reweight", PARAM_NUMBER, 0, 100, {0}, "past residuals above this many sd count less; 0: none do"},
	{"trend_p", PARAM_NUMBER, 0, 1, {0}, "a trend is kept when its p-value is below; 0: no trend"},
	{"power", PARAM_CHOICE, 0, 0, {"2/3", "1/2", "none"}, "power that makes the counts symmetric"},
	{"min_cases", PARAM_WHOLE, 0, 1000000, {0}, "fewer recent cases than this: no verdict"},
	{"min_periods", PARAM_WHOLE, 1, 365, {0}, "the periods that min_cases counts, the judged one included"},
	{"exclude", PARAM_WHOLE, 0, 365, {0}, "last periods left out of the model"},
	{"seasons", PARAM_WHOLE, 1, MAX_SEASONS, {0}, "levels of the seasonal factor; 1: the windows alone"},
	{"bound", PARAM_CHOICE, 0, 0, {"negbin", "delta", "muan"}, "negative-binomial quantile, power transformation, or quantile at the mean's upper limit"},
	{"population", PARAM_FLAG, 0, 1, {0}, "model the rate in the population"},
	{"se", PARAM_CHOICE, 0, 0, {"published", "package"}, "dispersion as published, or as R's surveillance computes it"},
	{"k", PARAM_NUMBER, 0, 100, {0}, "reference value of the sum"},
	{"h", PARAM_NUMBER, 1e-6, 1000, {0}, "decision limit of the sum"},
	{"transform", PARAM_CHOICE, 0, 0, {"standard", "rossi", "anscombe"}, "how a count becomes a normal deviate"},
	{"train", PARAM_WHOLE, 2, 10000, {0}, "first periods, from which the mean is learnt"},
	{"mean", PARAM_NUMBER, 0, 1e15, {0}, "in-control mean; 0: learnt"},
	{"harmonic", PARAM_FLAG, 0, 1, {0}, "learn a yearly wave, not one mean"},
	{"residuals", PARAM_CHOICE, 0, 0, {"none", "nb_window", "farrington_flexible"}, "sum the residuals of this model"},
	{"reset", PARAM_FLAG, 0, 1, {0}, "start again after an alarm"},
	{"lambda", PARAM_NUMBER, 1e-6, 1, {0}, "weight of the newest count"},
	{"limit", PARAM_NUMBER, 1e-6, 1000, {0}, "half-width of the limits in sd"},
	{"blocks", PARAM_WHOLE, 0, 5, {0}, "four-week blocks on each side"},
	{"z", PARAM_NUMBER, 0, 100, {0}, "standard deviations above the mean"},
	{"percentile", PARAM_NUMBER, 0, 1, {0}, "share of past values below the bound"},
	{"cases", PARAM_WHOLE, 1, 1e15, {0}, "cases that raise the alarm"},
	{"per_100000", PARAM_NUMBER, 1e-6, 100000, {0}, "cases per 100,000 that raise the alarm"},
	{"times", PARAM_NUMBER, 1, 1000, {0}, "multiple of the previous mean that raises the alarm"},
	{"periods", PARAM_WHOLE, 1, 365, {0}, "previous periods in that mean"},
};

/*
 * The methods, in the order of DetectorMethod.  A method has the parameters
 * that its defaults name; who judges by it is written in judge.c.
 */
typedef struct MethodSpec
{
	const char *name;
	const char *defaults;
	const char *source;
} MethodSpec;

#define EWARN "WHO 2012, Outbreak surveillance and response in humanitarian emergencies (EWARN)"
#define HUTWAGNER "Hutwagner et al. 2003, J Urban Health 80(2 Suppl 1):i89"

static const MethodSpec method_spec[N_METHODS] = {
	{"ears_c1", "every=day, alpha=0.001, baseline=7, lag=0, min_sigma=0", HUTWAGNER},
	{"ears_c2", "every=day, alpha=0.001, baseline=7, lag=2, min_sigma=0", HUTWAGNER},
	{"ears_c3", "every=day, alpha=0.025, baseline=7, lag=2, min_sigma=0", HUTWAGNER},
	{"bayes", "every=week, alpha=0.05, years=0, window=6, current_year=true",
	"Riebler 2004; Hoehle 2007, Comput Stat 22:571"},
	{"rki", "every=week, years=2, window=4, current_year=false",
	"Robert Koch-Institut, as described by Hoehle 2007, Comput Stat 22:571"},
	{"nb_window", "every=day, alpha=0.001, baseline=56, lag=2, day_of_week=true",
	"bound of Noufaily et al. 2013, Stat Med 32:1206, on a sliding window"},
	{"farrington", "every=week, alpha=0.01, years=5, window=3, reweight=1, trend_p=0.05, "
		"power=2/3, min_cases=5, min_periods=4",
	"Farrington et al. 1996, J R Stat Soc A 159:547"},
	{"farrington_flexible", "every=week, alpha=0.005, years=5, window=3, reweight=2.58, trend_p=1, "
		"power=2/3, min_cases=5, min_periods=4, exclude=26, seasons=10, bound=negbin, population=false, se=published",
	"Noufaily et al. 2013, Stat Med 32:1206; Enki et al. 2016, PLoS ONE 11:e0160759"},
	{"cusum", "every=day, k=1.04, h=2.26, transform=rossi, train=56, mean=0, harmonic=false, "
		"residuals=none, reset=true",
	"Rossi et al. 1999, Stat Med 18:2111"},
	{"ewma", "every=day, train=56, mean=0, reset=false, lambda=0.2, limit=2.81431",
	"Roberts 1959, Technometrics 1:239; Lucas and Saccucci 1990, Technometrics 32:1"},
	{"historical_limits", "every=week, alpha=0.025, years=5, blocks=1",
	"Stroup et al. 1989, Stat Med 8:323"},
	{"endemic_channel", "every=week, years=5, window=1, z=1.25",
	"Bowman et al. 2016, PLoS ONE 11:e0157971"},
	{"moving_percentile", "every=week, years=5, window=2, percentile=0.8",
	"China's automated alert and response system (CIDARS)"},
	{"case_threshold", "every=day, cases=1", EWARN},
	{"rate_threshold", "every=week, per_100000=10", EWARN},
	{"ratio_threshold", "every=week, times=2, periods=3", EWARN},
	{"auto", "every=day", "the method that the length of the history allows"},
};

const char *
surveillance_detector_method_name(DetectorMethod method)
{
	Assert(method >= 0 && method < N_METHODS);
	return method_spec[method].name;
}

/* The method of that name, or -1 */
int
surveillance_detector_method_by_name(const char *name, int len)
{
	for (int m = 0; m < N_METHODS; m++)
		if (strlen(method_spec[m].name) == (size_t) len &&
			memcmp(method_spec[m].name, name, len) == 0)
			return m;
	return -1;
}

static char *
method_names(void)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int m = 0; m < N_METHODS; m++)
		appendStringInfo(&buf, "%s%s", m > 0 ? ", " : "", method_spec[m].name);
	return buf.data;
}

/* The parameter of that name, or -1 */
static int
param_by_name(const char *name, int len)
{
	for (int p = 0; p < N_PARAMS; p++)
		if (strlen(param_spec[p].name) == (size_t) len &&
			memcmp(param_spec[p].name, name, len) == 0)
			return p;
	return -1;
}

/* ---- reading ---- */

static bool
is_word(char c)
{
	return c != '\0' && (lexer_is_alnum(c) || strchr("_./+-", c) != NULL);
}

/* The word that comes next, after spaces perhaps: a name, number or choice; "" where there is none. */
static char *
take_word(Lexer *lexer)
{
	const char *start;

	lexer_spaces(lexer);
	start = lexer->at;
	while (is_word(*lexer->at))
		lexer->at++;
	return pnstrdup(start, lexer->at - start);
}

/* A decimal number and nothing else. */
static bool
number_read(const char *word, double *value)
{
	Lexer		lexer = lexer_begin(word, "detector", DETECTOR_EXAMPLE, NULL);

	return lexer_decimal(&lexer, value) && *lexer.at == '\0';
}

/* What a parameter may be, for hints */
static char *
param_allowed(const ParamSpec *spec)
{
	StringInfoData buf;

	initStringInfo(&buf);
	switch (spec->kind)
	{
		case PARAM_FLAG:
			appendStringInfoString(&buf, "true or false");
			break;
		case PARAM_CHOICE:
			for (int i = 0; spec->choices[i] != NULL; i++)
				appendStringInfo(&buf, "%s%s", i > 0 ? ", " : "one of ", spec->choices[i]);
			break;
		default:
			appendStringInfo(&buf, "a %s from %g to %g",
							 spec->kind == PARAM_WHOLE ? "whole number" : "number",
							 spec->min, spec->max);
	}
	return buf.data;
}

/* Read one value; false when it is not allowed. */
static bool
param_read(const ParamSpec *spec, const char *word, double *value)
{
	bool		flag;

	switch (spec->kind)
	{
		case PARAM_FLAG:
			if (!parse_bool(word, &flag))
				return false;
			*value = flag;
			return true;
		case PARAM_CHOICE:
			for (int i = 0; spec->choices[i] != NULL; i++)
				if (strcmp(word, spec->choices[i]) == 0)
				{
					*value = i;
					return true;
				}
			return false;
		default:
			return number_read(word, value) &&
				*value >= spec->min && *value <= spec->max &&
				(spec->kind == PARAM_NUMBER || *value == floor(*value));
	}
}

/*
 * Read "name=value, ..." into d.  Reading the defaults makes the parameters
 * exist; a user's text may only change those that do.
 */
static bool
params_read(Lexer *lexer, Detector *d, bool defaults)
{
	do
	{
		char	   *name = take_word(lexer);
		int			p = param_by_name(name, strlen(name));
		char	   *word;

		if (p < 0 || (!defaults && isnan(d->param[p])))
			civic_ereturn(lexer->escontext, false,
						  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
						   errmsg("detector \"%s\" has no parameter \"%s\"",
								  method_spec[d->method].name, name),
						   errhint("Its parameters and their defaults are: %s.",
								   method_spec[d->method].defaults)));
		if (!lexer_take(lexer, '='))
			civic_ereturn(lexer->escontext, false,
						  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
						   errmsg("invalid input syntax for type detector"),
						   errdetail("Parameter \"%s\" has no value.", name),
						   errhint("Write %s=value.", name)));
		word = take_word(lexer);
		if (!param_read(&param_spec[p], word, &d->param[p]))
			civic_ereturn(lexer->escontext, false,
						  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						   errmsg("invalid value for detector parameter \"%s\": \"%s\"", name, word),
						   errhint("It is %s.", param_allowed(&param_spec[p]))));
	} while (lexer_take(lexer, ','));
	return true;
}

/* What single ranges cannot say; returns the complaint, or NULL. */
static const char *
params_conflict(const Detector *d)
{
	double		years = d->param[PARAM_YEARS];

	if (!isnan(d->param[PARAM_CURRENT_YEAR]))
	{
		if (years == 0 && d->param[PARAM_CURRENT_YEAR] == 0)
			return "With years=0 it needs current_year=true.";
		if (d->param[PARAM_CURRENT_YEAR] != 0 && d->param[PARAM_WINDOW] == 0)
			return "With current_year=true it needs a window of at least 1.";
	}
	else if (years == 0)
		return "It needs at least one year.";
	if (d->param[PARAM_DAY_OF_WEEK] == 1 && d->every == EVERY_DAY && d->param[PARAM_BASELINE] < 14)
		return "With day_of_week=true it needs a baseline of at least 14 days.";
	if (!isnan(years) && !isnan(d->param[PARAM_WINDOW]) &&
		d->param[PARAM_WINDOW] > surveillance_periods_per_year(d->every))
		return "The window is longer than a year.";
	if (d->param[PARAM_SEASONS] > 1 &&
		surveillance_periods_per_year(d->every) - 2 * d->param[PARAM_WINDOW] - 2 < d->param[PARAM_SEASONS])
		return "There are more seasons than periods between two windows.";
	return NULL;
}

/* Fill in what follows from the parameters. */
void
surveillance_detector_prepare(Detector *d)
{
	double		alpha = d->param[PARAM_ALPHA];

	d->every = (Every) d->param[PARAM_EVERY];
	/* Farrington 1996 and Stroup 1989 state their limits as two-sided. */
	if (d->method == METHOD_FARRINGTON || d->method == METHOD_HISTORICAL_LIMITS)
		alpha /= 2;
	d->quantile = isnan(alpha) ? NAN : statistics_dist_normal_isf(alpha);
}

/* A method with its defaults, which are read once per process. */
void
surveillance_detector_default(Detector *d, DetectorMethod method)
{
	static Detector known[N_METHODS];
	static bool is_known[N_METHODS];

	if (!is_known[method])
	{
		Detector   *k = &known[method];
		Lexer		defaults;

		memset(k, 0, sizeof(*k));
		k->method = method;
		for (int p = 0; p < N_PARAMS; p++)
			k->param[p] = NAN;
		defaults = lexer_begin(method_spec[method].defaults, "detector", DETECTOR_EXAMPLE, NULL);
		(void) params_read(&defaults, k, true);
		surveillance_detector_prepare(k);
		is_known[method] = true;
	}
	Assert(known[method].method == method);
	*d = known[method];
}

/* Read a detector's text; false after a soft error. */
bool
surveillance_detector_parse(const char *str, Detector *d, struct Node *escontext)
{
	Lexer		lexer = lexer_begin(str, "detector", DETECTOR_EXAMPLE, escontext);
	char	   *name;
	int			method;
	const char *conflict;

	if (strlen(str) > DETECTOR_MAX_TEXT)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					   errmsg("detector is longer than %d bytes", DETECTOR_MAX_TEXT)));
	name = take_word(&lexer);
	method = surveillance_detector_method_by_name(name, strlen(name));
	if (method < 0)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					   errmsg("there is no detector \"%s\"", name),
					   errhint("Detectors are: %s.", method_names())));
	surveillance_detector_default(d, method);
	if (lexer_take(&lexer, '(') && !lexer_take(&lexer, ')') &&
		(!params_read(&lexer, d, false) || !lexer_expect(&lexer, ')')))
		return false;
	if (!lexer_end(&lexer))
		return false;
	surveillance_detector_prepare(d);
	conflict = params_conflict(d);
	if (conflict != NULL)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					   errmsg("parameters of detector \"%s\" do not fit together",
							  method_spec[method].name),
					   errdetail("%s", conflict)));
	return true;
}

/* ---- writing ---- */

static void
param_write(StringInfo buf, const ParamSpec *spec, double value)
{
	char		number[DOUBLE_SHORTEST_DECIMAL_LEN];

	appendStringInfo(buf, "%s=", spec->name);
	if (spec->kind == PARAM_FLAG)
		appendStringInfoString(buf, value != 0 ? "true" : "false");
	else if (spec->kind == PARAM_CHOICE)
	{
		Assert(value >= 0 && value < lengthof(spec->choices) && spec->choices[(int) value] != NULL);
		appendStringInfoString(buf, spec->choices[(int) value]);
	}
	else
	{
		double_to_shortest_decimal_buf(value, number);
		appendStringInfoString(buf, number);
	}
}

/* The canonical text: parameters in their order, defaults left out */
static char *
detector_text(const Detector *d)
{
	StringInfoData buf;
	Detector	plain;
	bool		any = false;

	surveillance_detector_default(&plain, d->method);
	initStringInfo(&buf);
	appendStringInfoString(&buf, method_spec[d->method].name);
	for (int p = 0; p < N_PARAMS; p++)
	{
		if (isnan(d->param[p]) || d->param[p] == plain.param[p])
			continue;
		appendStringInfoString(&buf, any ? ", " : "(");
		param_write(&buf, &param_spec[p], d->param[p] + 0.0);
		any = true;
	}
	if (any)
		appendStringInfoChar(&buf, ')');
	return buf.data;
}

/* ---- the SQL type: its value is the canonical text ---- */

static DetectorText *
detector_value(const Detector *d)
{
	char	   *source = detector_text(d);
	Size		size = offsetof(DetectorText, data) + strlen(source);
	DetectorText *value = palloc(size);

	wire_begin(value, size, &detector_wire);
	memcpy(value->data, source, strlen(source));
	return value;
}

/* A value's text. */
char	   *
surveillance_detector_source(Datum value)
{
	Size		size;
	const char *source = wire_packed(value, &detector_wire, &size);

	return pnstrdup(source, Min(size, DETECTOR_MAX_TEXT));
}

PG_FUNCTION_INFO_V1(detector_in);

Datum
detector_in(PG_FUNCTION_ARGS)
{
	Detector	d;

	if (!surveillance_detector_parse(PG_GETARG_CSTRING(0), &d, fcinfo->context))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(detector_value(&d));
}

PG_FUNCTION_INFO_V1(detector_out);

Datum
detector_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(surveillance_detector_source(PG_GETARG_DATUM(0)));
}

PG_FUNCTION_INFO_V1(detector_recv);

Datum
detector_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	char	   *str;
	int			len;
	Detector	d;

	wire_receive(buf, &detector_wire);
	str = pq_getmsgtext(buf, buf->len - buf->cursor, &len);

	(void) surveillance_detector_parse(str, &d, NULL);
	PG_RETURN_POINTER(detector_value(&d));
}

PG_FUNCTION_INFO_V1(detector_send);

Datum
detector_send(PG_FUNCTION_ARGS)
{
	char	   *source = surveillance_detector_source(PG_GETARG_DATUM(0));
	StringInfoData buf;

	pq_begintypsend(&buf);
	wire_send(&buf, &detector_wire);
	pq_sendtext(&buf, source, strlen(source));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/*
 * detectors(): every method's parameters with their defaults and meanings,
 * one row per method and parameter.
 */
PG_FUNCTION_INFO_V1(detector_catalogue);

Datum
detector_catalogue(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int m = 0; m < N_METHODS; m++)
	{
		Detector	d;

		surveillance_detector_default(&d, m);
		for (int p = 0; p < N_PARAMS; p++)
		{
			StringInfoData str;
			Datum		values[6];
			bool		nulls[6] = {0};

			if (isnan(d.param[p]))
				continue;
			initStringInfo(&str);
			param_write(&str, &param_spec[p], d.param[p]);
			values[0] = CStringGetTextDatum(method_spec[m].name);
			values[1] = CStringGetTextDatum(param_spec[p].name);
			values[2] = CStringGetTextDatum(str.data + strlen(param_spec[p].name) + 1);
			values[3] = CStringGetTextDatum(param_allowed(&param_spec[p]));
			values[4] = CStringGetTextDatum(param_spec[p].meaning);
			values[5] = CStringGetTextDatum(method_spec[m].source);
			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		}
	}
	return (Datum) 0;
}
