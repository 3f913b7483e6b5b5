/*-------------------------------------------------------------------------
 *
 * detection.c
 *	  Detections: what a detector said about one period, as a SQL value.
 *
 * Text: (method,verdict,observed,expected,upper,score,spread,trend,family),
 * where the verdict is alarm, quiet, or the reason why there is none.
 *
 * src/surveillance/detection.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "comparison.h"
#include "compat.h"
#include "lexer.h"

#include <math.h>

#include "common/hashfn.h"
#include "common/shortest_dec.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/float.h"

#include "statistics/distribution.h"
#include "surveillance/surveillance.h"

#define DETECTION_NUMBERS	6
#define DETECTION_FIELDS	(DETECTION_NUMBERS + 3)

/* In the order of NoVerdict; the first stands for a verdict */
static const char *const reason_name[N_NO_VERDICTS] = {
	"quiet", "not_reported", "negative_count", "short_history", "gap_in_baseline",
	"no_variation", "few_cases", "zero_baseline", "not_converged", "no_population",
};
#define ALARM_NAME	"alarm"

/* In the order of DetectionFamily */
static const char *const family_name[N_FAMILIES] = {
	"none", "normal", "count", "two_thirds", "half",
};

/* The numbers of a detection, in the order of its text */
static double *
detection_number(Detection *v, int i)
{
	double	   *number[DETECTION_NUMBERS] = {
		&v->observed, &v->expected, &v->upper, &v->score, &v->spread, &v->trend
	};

	return number[i];
}

/*
 * The smallest count that is exceeded with probability alpha at most, when
 * the variance is dispersion times the mean (negative binomial; Poisson at 1).
 */
double
surveillance_count_upper(double alpha, double mean, double dispersion)
{
	return statistics_dist_negbin_quantile(1 - alpha, mean, statistics_dist_negbin_size(mean, dispersion));
}

/* ---- checks shared by text and binary input ---- */

static bool
detection_check(Detection *v, struct Node *escontext)
{
	bool		complete = true;

	for (int i = 0; i < DETECTION_NUMBERS; i++)
	{
		double	   *x = detection_number(v, i);

		if (isinf(*x))
			complete = false;
		*x = isnan(*x) ? get_float8_nan() : *x + 0.0;
	}
	/* detectors judge counts: observed() gives a bigint */
	if (!isnan(v->observed) &&
		(fabs(v->observed) > SERIES_MAX_COUNT || v->observed != rint(v->observed)))
		complete = false;
	if (v->alarm > 1 || v->reason >= N_NO_VERDICTS || v->method >= N_METHODS ||
		v->family >= N_FAMILIES)
		complete = false;
	else if (v->reason == VERDICT_GIVEN && (isnan(v->observed) || isnan(v->upper)))
		complete = false;
	else if (v->reason != VERDICT_GIVEN && (v->alarm || !isnan(v->upper)))
		complete = false;
	if (!complete)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					   errmsg("invalid detection"),
					   errdetail("A verdict has an observed count and an upper bound, both finite; no verdict has no bound."),
					   errhint("A count is whole and at most " INT64_FORMAT ".", SERIES_MAX_COUNT)));
	return true;
}

/* ---- text ---- */

static int
name_index(const char *const *names, int n, const char *word)
{
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], word) == 0)
			return i;
	return -1;
}

/* Cut "(a,b,...)" into its fields, in place; false when it is not that. */
static bool
split_fields(char *str, char **field)
{
	int			n = 0;
	size_t		len = strlen(str);

	if (len < 2 || str[0] != '(' || str[len - 1] != ')')
		return false;
	str[len - 1] = '\0';
	field[n++] = str + 1;

	for (char *s = str + 1; *s != '\0'; s++)
	{
		if (*s != ',')
			continue;
		*s = '\0';
		if (n == DETECTION_FIELDS)
			return false;
		field[n++] = s + 1;
	}
	return n == DETECTION_FIELDS;
}

/* A number, which may be negative, or nothing: NaN. */
static bool
number_from_field(const char *word, double *value)
{
	Lexer		lexer = lexer_begin(word, "detection", NULL, NULL);
	bool		negative = lexer_next(&lexer, '-');

	*value = get_float8_nan();
	if (*word == '\0')
		return true;
	if (!lexer_decimal(&lexer, value) || *lexer.at != '\0' || (negative && *value == 0))
		return false;
	if (negative)
		*value = -*value;
	return true;
}

/* The fields' values; false when one is not what it should be. */
static bool
detection_from_fields(char **field, Detection *v)
{
	int			method = surveillance_detector_method_by_name(field[0], strlen(field[0]));
	int			reason = name_index(reason_name, N_NO_VERDICTS, field[1]);
	int			family = name_index(family_name, N_FAMILIES, field[DETECTION_FIELDS - 1]);

	memset(v, 0, sizeof(*v));
	v->head = wire_head(&detection_wire);
	v->alarm = strcmp(field[1], ALARM_NAME) == 0;
	if (method < 0 || family < 0 || (reason < 0 && !v->alarm))
		return false;
	v->method = method;
	v->reason = v->alarm ? VERDICT_GIVEN : reason;
	v->family = family;
	for (int i = 0; i < DETECTION_NUMBERS; i++)
	{
		if (!number_from_field(field[i + 2], detection_number(v, i)))
			return false;
	}
	return true;
}

PG_FUNCTION_INFO_V1(detection_in);

Datum
detection_in(PG_FUNCTION_ARGS)
{
	char	   *str = PG_GETARG_CSTRING(0);
	char	   *field[DETECTION_FIELDS];
	Detection  *v = palloc(sizeof(Detection));

	if (!split_fields(pstrdup(str), field) || !detection_from_fields(field, v))
	{
		/* split_fields cut the copy; the message shows what was given */
		civic_ereturn(fcinfo->context, (Datum) 0,
					  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					   errmsg("invalid input syntax for type detection: \"%s\"", str),
					   errhint("Write (method,verdict,observed,expected,upper,score,spread,trend,family).")));
	}
	if (!detection_check(v, fcinfo->context))
		PG_RETURN_NULL();
	PG_RETURN_DETECTION_P(v);
}

PG_FUNCTION_INFO_V1(detection_out);

Datum
detection_out(PG_FUNCTION_ARGS)
{
	Detection  *v = PG_GETARG_DETECTION_P(0);
	StringInfoData buf;
	char		number[DOUBLE_SHORTEST_DECIMAL_LEN];

	initStringInfo(&buf);
	appendStringInfo(&buf, "(%s,%s", surveillance_detector_method_name(v->method),
					 v->alarm ? ALARM_NAME : reason_name[v->reason]);
	for (int i = 0; i < DETECTION_NUMBERS; i++)
	{
		double		x = *detection_number(v, i);

		appendStringInfoChar(&buf, ',');
		if (isnan(x))
			continue;
		double_to_shortest_decimal_buf(x, number);
		appendStringInfoString(&buf, number);
	}
	appendStringInfo(&buf, ",%s)", family_name[v->family]);
	PG_RETURN_CSTRING(buf.data);
}

/* ---- binary ---- */

PG_FUNCTION_INFO_V1(detection_recv);

Datum
detection_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	Detection  *v = palloc0(sizeof(Detection));

	wire_receive(buf, &detection_wire);
	v->head = wire_head(&detection_wire);
	v->method = pq_getmsgbyte(buf);
	v->reason = pq_getmsgbyte(buf);
	v->family = pq_getmsgbyte(buf);
	v->alarm = pq_getmsgbyte(buf);
	for (int i = 0; i < DETECTION_NUMBERS; i++)
		*detection_number(v, i) = pq_getmsgfloat8(buf);
	(void) detection_check(v, NULL);
	PG_RETURN_DETECTION_P(v);
}

PG_FUNCTION_INFO_V1(detection_send);

Datum
detection_send(PG_FUNCTION_ARGS)
{
	Detection  *v = PG_GETARG_DETECTION_P(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	wire_send(&buf, &detection_wire);
	pq_sendbyte(&buf, v->method);
	pq_sendbyte(&buf, v->reason);
	pq_sendbyte(&buf, v->family);
	pq_sendbyte(&buf, v->alarm);
	for (int i = 0; i < DETECTION_NUMBERS; i++)
		pq_sendfloat8(&buf, *detection_number(v, i));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* ---- order and hash ---- */

/*
 * A total order: alarms above the rest, then by score, then by the other
 * fields so that only equal values compare equal.
 */
static int
detection_compare(FunctionCallInfo fcinfo)
{
	Detection  *a = PG_GETARG_DETECTION_P(0);
	Detection  *b = PG_GETARG_DETECTION_P(1);
	static const int order[DETECTION_NUMBERS] = {3, 0, 1, 2, 4, 5}; /* score first */
	int			cmp = (int) a->alarm - (int) b->alarm;

	for (int i = 0; cmp == 0 && i < DETECTION_NUMBERS; i++)
		cmp = float8_cmp_internal(*detection_number(a, order[i]), *detection_number(b, order[i]));
	if (cmp == 0)
		cmp = (int) a->reason - (int) b->reason;
	if (cmp == 0)
		cmp = (int) a->method - (int) b->method;
	if (cmp == 0)
		cmp = (int) a->family - (int) b->family;
	return cmp;
}

CIVIC_COMPARISONS(detection, detection_compare);

/* Numbers are kept in one form each (no -0, one NaN), so bytes will do. */
PG_FUNCTION_INFO_V1(detection_hash);

Datum
detection_hash(PG_FUNCTION_ARGS)
{
	return hash_any((unsigned char *) PG_GETARG_DETECTION_P(0), sizeof(Detection));
}

PG_FUNCTION_INFO_V1(detection_hash_extended);

Datum
detection_hash_extended(PG_FUNCTION_ARGS)
{
	return hash_any_extended((unsigned char *) PG_GETARG_DETECTION_P(0), sizeof(Detection),
							 PG_GETARG_INT64(1));
}

/* ---- what SQL asks of a detection ---- */

#define DETECTION_NUMBER_OF(name, field) \
PG_FUNCTION_INFO_V1(name); \
Datum \
name(PG_FUNCTION_ARGS) \
{ \
	double		x = PG_GETARG_DETECTION_P(0)->field; \
\
	if (isnan(x)) \
		PG_RETURN_NULL(); \
	PG_RETURN_FLOAT8(x); \
}

DETECTION_NUMBER_OF(detection_expected, expected)
DETECTION_NUMBER_OF(detection_upper, upper)
DETECTION_NUMBER_OF(detection_score, score)
DETECTION_NUMBER_OF(detection_spread, spread)
DETECTION_NUMBER_OF(detection_trend, trend)

PG_FUNCTION_INFO_V1(detection_observed);

Datum
detection_observed(PG_FUNCTION_ARGS)
{
	double		x = PG_GETARG_DETECTION_P(0)->observed;

	if (isnan(x))
		PG_RETURN_NULL();
	PG_RETURN_INT64((int64) x);
}

PG_FUNCTION_INFO_V1(detection_alarm);

Datum
detection_alarm(PG_FUNCTION_ARGS)
{
	Detection  *v = PG_GETARG_DETECTION_P(0);

	if (v->reason != VERDICT_GIVEN)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(v->alarm);
}

PG_FUNCTION_INFO_V1(detection_reason);

Datum
detection_reason(PG_FUNCTION_ARGS)
{
	Detection  *v = PG_GETARG_DETECTION_P(0);

	if (v->reason == VERDICT_GIVEN)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(reason_name[v->reason]));
}

PG_FUNCTION_INFO_V1(detection_method);

Datum
detection_method(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(surveillance_detector_method_name(PG_GETARG_DETECTION_P(0)->method)));
}

/* The probability of a count at least as large, under the method's model */
PG_FUNCTION_INFO_V1(detection_p_value);

Datum
detection_p_value(PG_FUNCTION_ARGS)
{
	Detection  *v = PG_GETARG_DETECTION_P(0);
	double		power = v->family == FAMILY_HALF ? 0.5 : 2.0 / 3;
	double		p;

	switch (v->family)
	{
		case FAMILY_NORMAL:
			p = statistics_dist_normal_sf((v->observed - v->expected) / v->spread);
			break;
		case FAMILY_TWO_THIRDS:
		case FAMILY_HALF:
			p = statistics_dist_normal_sf((pow(v->observed, power) - pow(v->expected, power)) / v->spread);
			break;
		case FAMILY_COUNT:
			p = statistics_dist_negbin_sf(v->observed - 1, v->expected, statistics_dist_negbin_size(v->expected, v->spread));
			break;
		default:
			PG_RETURN_NULL();
	}
	if (isnan(p))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(p);
}
