/*-------------------------------------------------------------------------
 *
 * standardise.c
 *	  Standardised rates: their aggregates, and what a state of strata tells.
 *
 * src/statistics/standardise.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "statistics/distribution.h"
#include "statistics/interval.h"
#include "statistics/statistics.h"
#include "statistics/strata.h"
#include "utils/builtins.h"

/* Below this many events a directly standardised rate is not reported */
#define MIN_EVENTS_DIRECT 10

/* The context a state lives in; outside an aggregate it is not changed */
static MemoryContext
state_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	return AggCheckCallContext(fcinfo, &context) ? context : NULL;
}

/* The first argument as a state that may be changed, made if it is NULL */
static Strata *
state_argument(FunctionCallInfo fcinfo, MemoryContext *context)
{
	Strata	   *s;

	*context = state_context(fcinfo);
	if (*context != NULL && !PG_ARGISNULL(0))
		return PG_GETARG_STRATA_P(0);
	if (*context == NULL)
		*context = CurrentMemoryContext;
	if (PG_ARGISNULL(0))
		return statistics_strata_create(*context, 8);
	s = (Strata *) PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0));
	return s;
}

/*
 * statistics_strata_add(state, stratum, events, population, weight).  A row without
 * events or population is counted as missing in its stratum, not passed over:
 * a rate over the strata that happen to be known is not a standardised rate.
 */
PG_FUNCTION_INFO_V1(statistics_strata_trans);

Datum
statistics_strata_trans(PG_FUNCTION_ARGS)
{
	MemoryContext context;
	Strata	   *s = state_argument(fcinfo, &context);
	Stratum		add = {0};

	if (PG_ARGISNULL(1) || PG_ARGISNULL(4))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("a stratum and its standard weight must not be null"),
				 errhint("Join with the standard so that every row has both.")));
	add.number = PG_GETARG_INT32(1);
	add.weight = statistics_not_negative(PG_GETARG_FLOAT8(4), "standard weight") + 0.0;
	if (PG_ARGISNULL(2) || PG_ARGISNULL(3))
		add.missing = 1;
	else
	{
		add.events = statistics_not_negative(PG_GETARG_FLOAT8(2), "number of events") + 0.0;
		add.population = statistics_not_negative(PG_GETARG_FLOAT8(3), "population") + 0.0;
	}
	PG_RETURN_POINTER(statistics_strata_add(s, &add, context));
}

PG_FUNCTION_INFO_V1(statistics_strata_combine);

Datum
statistics_strata_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context;
	Strata	   *s;
	Strata	   *other;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	s = state_argument(fcinfo, &context);
	other = PG_GETARG_STRATA_P(1);
	for (int32 i = 0; i < other->count; i++)
		s = statistics_strata_add(s, &other->stratum[i], context);
	PG_RETURN_POINTER(s);
}

/* The state without its slack */
PG_FUNCTION_INFO_V1(statistics_strata_final);

Datum
statistics_strata_final(PG_FUNCTION_ARGS)
{
	Strata	   *s;
	Strata	   *result;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	s = PG_GETARG_STRATA_P(0);
	result = statistics_strata_create(CurrentMemoryContext, s->count);
	result->count = s->count;
	memcpy(result->stratum, s->stratum, s->count * sizeof(Stratum));
	PG_RETURN_POINTER(result);
}

/* Why strata give no rate; NULL when they do */
static const char *
strata_defect(const Strata *s)
{
	double		weight = 0;

	for (int32 i = 0; i < s->count; i++)
	{
		weight += s->stratum[i].weight;
		if (s->stratum[i].missing > 0)
			return psprintf("stratum %d has missing data", s->stratum[i].number);
		if (s->stratum[i].population == 0 && s->stratum[i].weight > 0)
			return psprintf("stratum %d has no population", s->stratum[i].number);
	}
	return weight > 0 ? NULL : "no stratum has a weight";
}

static Datum
rate_row(FunctionCallInfo fcinfo, const double *columns, int n, const char *reason)
{
	Datum		values[STATISTICS_MAX_COLUMNS];
	bool		nulls[STATISTICS_MAX_COLUMNS];

	for (int i = 0; i < n; i++)
		statistics_set(values, nulls, i, columns[i]);
	nulls[n] = reason == NULL;
	values[n] = nulls[n] ? (Datum) 0 : CStringGetTextDatum(reason);
	return statistics_row(fcinfo, values, nulls);
}

typedef Limits (*RateMethod) (double rate, double variance, double largest,
							  double events, double confidence);

/* Dobson and others 1991: the limits of the total count, moved and scaled */
static Limits
dobson_limits(double rate, double variance, double events, Limits count)
{
	double		scale = sqrt(variance / events);

	return (Limits)
	{
		rate + scale * (count.lower - events), rate + scale * (count.upper - events)
	};
}

static Limits
byar_method(double rate, double variance, double largest, double events, double confidence)
{
	return dobson_limits(rate, variance, events, statistics_interval_byar(events, confidence));
}

static Limits
exact_method(double rate, double variance, double largest, double events, double confidence)
{
	return dobson_limits(rate, variance, events, statistics_interval_poisson_exact(events, confidence));
}

/* Fay and Feuer 1997; largest is the largest weight of one event */
static Limits
gamma_method(double rate, double variance, double largest, double events, double confidence)
{
	double		alpha = (1 - confidence) / 2;
	double		upper_rate = rate + largest;
	double		upper_variance = variance + largest * largest;

	return (Limits)
	{
		statistics_dist_gamma_quantile(alpha, rate * rate / variance, variance / rate),
			statistics_dist_gamma_isf(alpha, upper_rate * upper_rate / upper_variance, upper_variance / upper_rate)
	};
}

static RateMethod
rate_method(text *name)
{
	char	   *method = text_to_cstring(name);

	if (strcmp(method, "byar") == 0)
		return byar_method;
	if (strcmp(method, "exact") == 0)
		return exact_method;
	if (strcmp(method, "gamma") == 0)
		return gamma_method;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("method \"%s\" not recognized", method),
			 errhint("Methods are byar, exact and gamma.")));
}

PG_FUNCTION_INFO_V1(statistics_direct_rate);

Datum
statistics_direct_rate(PG_FUNCTION_ARGS)
{
	Strata	   *s = PG_GETARG_STRATA_P(0);
	double		per = statistics_positive(PG_GETARG_FLOAT8(1), "per");
	double		confidence = statistics_confidence(PG_GETARG_FLOAT8(2));
	RateMethod	method = rate_method(PG_GETARG_TEXT_PP(3));
	const char *reason = strata_defect(s);
	double		weight = 0,
				rate = 0,
				variance = 0,
				largest = 0;
	double		out[5] = {NAN, NAN, NAN, 0, 0}; /* rate, limits, events,
												 * population */

	for (int32 i = 0; i < s->count; i++)
	{
		const Stratum *t = &s->stratum[i];

		out[3] += t->events;
		out[4] += t->population;
		weight += t->weight;
		if (t->population > 0)
		{
			double		share = t->weight / t->population;

			rate += share * t->events;
			variance += share * share * t->events;
			largest = fmax(largest, share);
		}
	}
	if (reason == NULL && out[3] < MIN_EVENTS_DIRECT)
		reason = "fewer than 10 events";
	if (reason == NULL && variance == 0)
		reason = "no event is in a stratum with a weight";
	if (reason == NULL)
	{
		Limits		limits = method(rate, variance, largest, out[3], confidence);

		out[0] = rate / weight * per;
		out[1] = limits.lower / weight * per;
		out[2] = limits.upper / weight * per;
	}
	return rate_row(fcinfo, out, 5, reason);
}

/* Observed over expected, where the weights are the standard's rates */
PG_FUNCTION_INFO_V1(statistics_indirect_ratio);

Datum
statistics_indirect_ratio(PG_FUNCTION_ARGS)
{
	Strata	   *s = PG_GETARG_STRATA_P(0);
	double		confidence = statistics_confidence(PG_GETARG_FLOAT8(1));
	const char *reason = NULL;
	double		out[5] = {NAN, NAN, NAN, 0, 0}; /* ratio, limits, observed,
												 * expected */

	for (int32 i = 0; i < s->count; i++)
	{
		out[3] += s->stratum[i].events;
		out[4] += s->stratum[i].population * s->stratum[i].weight;
		if (s->stratum[i].missing > 0 && reason == NULL)
			reason = psprintf("stratum %d has missing data", s->stratum[i].number);
	}
	if (reason == NULL && out[4] == 0)
		reason = "no events are expected";
	if (reason == NULL)
	{
		Limits		count = statistics_interval_count(out[3], confidence);

		out[0] = out[3] / out[4];
		out[1] = count.lower / out[4];
		out[2] = count.upper / out[4];
	}
	return rate_row(fcinfo, out, 5, reason);
}

static double
strata_population(const Strata *s)
{
	double		sum = 0;

	for (int32 i = 0; i < s->count; i++)
		sum += s->stratum[i].population;
	return sum;
}

static bool
same_strata(const Strata *a, const Strata *b)
{
	if (a->count != b->count)
		return false;
	for (int32 i = 0; i < a->count; i++)
		if (a->stratum[i].number != b->stratum[i].number)
			return false;
	return true;
}

/* Why two states cannot be decomposed; NULL when they can */
static const char *
kitagawa_defect(const Strata *a, const Strata *b)
{
	const Strata *both[2] = {a, b};

	if (!same_strata(a, b))
		return "the strata differ";
	for (int32 i = 0; i < a->count; i++)
		for (int j = 0; j < 2; j++)
		{
			const Stratum *t = &both[j]->stratum[i];

			if (t->missing > 0)
				return psprintf("stratum %d has missing data", t->number);
			if (t->population == 0)
				return psprintf("stratum %d has no population", t->number);
		}
	return a->count > 0 ? NULL : "there are no strata";
}

/*
 * The difference of two crude rates, second minus first, split into what the
 * strata's rates and what their shares of the population contribute.
 */
PG_FUNCTION_INFO_V1(statistics_kitagawa);

Datum
statistics_kitagawa(PG_FUNCTION_ARGS)
{
	Strata	   *a = PG_GETARG_STRATA_P(0);
	Strata	   *b = PG_GETARG_STRATA_P(1);
	double		per = statistics_positive(PG_GETARG_FLOAT8(2), "per");
	const char *reason = kitagawa_defect(a, b);
	double		total_a = strata_population(a),
				total_b = strata_population(b);
	double		out[3] = {NAN, NAN, NAN};	/* change, by rates, by
											 * composition */

	if (reason == NULL)
		out[1] = out[2] = 0;
	for (int32 i = 0; i < a->count && reason == NULL; i++)
	{
		const Stratum *x = &a->stratum[i];
		const Stratum *y = &b->stratum[i];
		double		share_x = x->population / total_a,
					share_y = y->population / total_b,
					rate_x = x->events / x->population,
					rate_y = y->events / y->population;

		out[1] += (rate_y - rate_x) * (share_x + share_y) / 2 * per;
		out[2] += (share_y - share_x) * (rate_x + rate_y) / 2 * per;
	}
	out[0] = out[1] + out[2];
	return rate_row(fcinfo, out, 3, reason);
}
