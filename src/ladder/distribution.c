/*-------------------------------------------------------------------------
 *
 * distribution.c
 *	  The state of the service-level aggregates: how many lie at each level and
 *	  in each range of possible levels of one ladder.
 *
 * Ranges are kept apart, not only counted as insufficient, because the bounds
 * of "at least basic" depend on them.
 *
 * src/ladder/distribution.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "comparison.h"
#include "compat.h"
#include "lexer.h"

#include "common/hashfn.h"
#include "common/int.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "ladder/ladder.h"
#include "utils/tuplestore.h"

static const WireType distribution_wire = {"service_distribution", 1, 0};

/* Fixed length; INTERNALLENGTH in ladder.sql. */
typedef struct Distribution
{
	WireHead	head;
	int32		ladder;
	int64		total;			/* of counts; checked for overflow, so they
								 * fit */
	int64		counts[LADDER_MAX_RANGES];	/* by LADDER_RANGE */
} Distribution;

StaticAssertDecl(sizeof(Distribution) == 136,
				 "ladder.sql declares the length of service_distribution");

static inline Distribution *
distribution_argument(void *value)
{
	wire_check(&((Distribution *) value)->head, &distribution_wire);
	return value;
}

#define PG_GETARG_DISTRIBUTION(n) distribution_argument(PG_GETARG_POINTER(n))

static Distribution *
distribution_new(int ladder)
{
	Distribution *dist = palloc0(sizeof(Distribution));

	Assert(ladder_get(ladder) != NULL);
	dist->head = wire_head(&distribution_wire);
	dist->ladder = ladder;
	return dist;
}

/*
 * The state to change: the aggregate's own, or a copy of an argument.  The
 * aggregate's own keeps its head and is checked when it is read.
 */
static inline Distribution *
distribution_writable(FunctionCallInfo fcinfo)
{
	Distribution *copy;

	if (AggCheckCallContext(fcinfo, NULL))
		return (Distribution *) PG_GETARG_POINTER(0);
	copy = palloc(sizeof(Distribution));
	memcpy(copy, PG_GETARG_DISTRIBUTION(0), sizeof(Distribution));
	return copy;
}

static void
distribution_check_ladder(const Distribution *dist, int ladder)
{
	if (unlikely(dist->ladder != ladder))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("levels of different ladders cannot be counted together"),
				 errdetail("One lies on ladder \"%s\", another on \"%s\".",
						   ladder_get(dist->ladder)->name,
						   ladder_get(ladder)->name),
				 errhint("Group by civic.ladder(level) or filter on it.")));
}

/* Add to one range; false after a soft error. */
static bool
distribution_add(Distribution *dist, int range, int64 count, Node *escontext)
{
	Assert(range >= 0 && range < LADDER_MAX_RANGES);
	if (count < 0)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					   errmsg("a distribution of service levels cannot have a negative count"),
					   errdetail("The count is %lld.", (long long) count),
					   errhint("Counts are from 0 to %lld.",
							   (long long) PG_INT64_MAX)));
	if (pg_add_s64_overflow(dist->total, count, &dist->total))
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					   errmsg("the counts of a distribution of service levels are too large"),
					   errdetail("Adding %lld exceeds the total of %lld.",
								 (long long) count, (long long) PG_INT64_MAX),
					   errhint("The total may be at most %lld.",
							   (long long) PG_INT64_MAX)));
	dist->counts[range] += count;
	return true;
}

/* Number of those that are surely (or possibly) at the rung or above. */
static int64
distribution_at_least(const Distribution *dist, int rung, bool possibly)
{
	const Ladder *ladder = ladder_get(dist->ladder);
	int64		count = 0;

	for (int high = rung; high < ladder->nrungs; high++)
	{
		for (int low = possibly ? 0 : rung; low <= high; low++)
			count += dist->counts[LADDER_RANGE(low, high)];
	}
	return count;
}

static int64
distribution_insufficient(const Distribution *dist)
{
	int64		count = dist->total;

	for (int rung = 0; rung < ladder_get(dist->ladder)->nrungs; rung++)
		count -= dist->counts[LADDER_RANGE(rung, rung)];
	return count;
}

/* Reads "limited..basic=3" at *str and moves behind it. */
static bool
parse_entry(const char *input, const char **str, Distribution *dist,
			Node *escontext)
{
	const char *name = *str;
	const char *equals = name + strcspn(name, "=");
	const char *end = equals + 1;
	char	   *word;
	ServiceLevel level;
	int64		count;
	int			range;

	if (*equals == '\0' || !lexer_read_integer(&end, 0, PG_INT64_MAX, &count) ||
		(*end != ',' && *end != '}'))
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					   errmsg("invalid input syntax for type %s: \"%s\"",
							  "service_distribution", input),
					   errdetail("There is no valid count at \"%s\".", name),
					   errhint("Write level=count, for instance limited..basic=3.")));

	word = psprintf("%s:%.*s", ladder_get(dist->ladder)->name,
					(int) (equals - name), name);

	if (!ladder_level_parse(word, strlen(word), &level, escontext))
		return false;
	pfree(word);
	range = LADDER_RANGE(SERVICE_LEVEL_LOWEST(level),
						 SERVICE_LEVEL_HIGHEST(level));
	if (dist->counts[range] != 0)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					   errmsg("invalid input syntax for type %s: \"%s\"",
							  "service_distribution", input),
					   errdetail("A level is given twice at \"%s\".", name),
					   errhint("Give each level once, with the sum of its counts.")));
	*str = end;
	return distribution_add(dist, range, count, escontext);
}

PG_FUNCTION_INFO_V1(ladder_distribution_in);

/* Reads "hcf{no_service=3,limited..basic=2}". */
Datum
ladder_distribution_in(PG_FUNCTION_ARGS)
{
	const char *input = PG_GETARG_CSTRING(0);
	const char *p = input + strcspn(input, "{");
	int			ladder = ladder_find(input, p - input);
	Distribution *dist;

	if (*p == '\0' || ladder == 0)
		civic_ereturn(fcinfo->context, (Datum) 0,
					  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					   errmsg("invalid input syntax for type %s: \"%s\"",
							  "service_distribution", input),
					   errdetail("It does not begin with a ladder and an opening brace."),
					   errhint("Write, for instance, hcf{limited=3,limited..basic=2}.  The ladders are: %s.",
							   ladder_names())));

	dist = distribution_new(ladder);
	if (p[1] == '}')
		p++;
	while (*p != '}')
	{
		p++;
		if (!parse_entry(input, &p, dist, fcinfo->context))
			PG_RETURN_NULL();
	}
	if (p[1] != '\0')
		civic_ereturn(fcinfo->context, (Datum) 0,
					  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					   errmsg("invalid input syntax for type %s: \"%s\"",
							  "service_distribution", input),
					   errdetail("\"%s\" follows the closing brace.", p + 1),
					   errhint("End with the closing brace.")));
	PG_RETURN_POINTER(dist);
}

PG_FUNCTION_INFO_V1(ladder_distribution_out);

Datum
ladder_distribution_out(PG_FUNCTION_ARGS)
{
	Distribution *dist = PG_GETARG_DISTRIBUTION(0);
	const Ladder *ladder = ladder_get(dist->ladder);
	const char *separator = "";
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "%s{", ladder->name);
	for (int low = 0; low < ladder->nrungs; low++)
	{
		for (int high = low; high < ladder->nrungs; high++)
		{
			int64		count = dist->counts[LADDER_RANGE(low, high)];

			if (count == 0)
				continue;
			appendStringInfo(&buf, "%s%s=%lld", separator,
							 ladder_level_text(SERVICE_LEVEL(dist->ladder, low, high)),
							 (long long) count);
			separator = ",";
		}
	}
	appendStringInfoChar(&buf, '}');
	PG_RETURN_CSTRING(buf.data);
}

PG_FUNCTION_INFO_V1(ladder_distribution_recv);

Datum
ladder_distribution_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int			ladder;
	Distribution *dist;

	wire_receive(buf, &distribution_wire);
	ladder = pq_getmsgbyte(buf);
	(void) ladder_level_check(ladder, 0, 0, NULL);

	dist = distribution_new(ladder);
	for (int high = 0; high < ladder_get(ladder)->nrungs; high++)
	{
		for (int low = 0; low <= high; low++)
			(void) distribution_add(dist, LADDER_RANGE(low, high),
									pq_getmsgint64(buf), NULL);
	}
	PG_RETURN_POINTER(dist);
}

PG_FUNCTION_INFO_V1(ladder_distribution_send);

Datum
ladder_distribution_send(PG_FUNCTION_ARGS)
{
	Distribution *dist = PG_GETARG_DISTRIBUTION(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	wire_send(&buf, &distribution_wire);
	pq_sendint8(&buf, dist->ladder);
	for (int high = 0; high < ladder_get(dist->ladder)->nrungs; high++)
	{
		for (int low = 0; low <= high; low++)
			pq_sendint64(&buf, dist->counts[LADDER_RANGE(low, high)]);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

PG_FUNCTION_INFO_V1(ladder_distribution_trans);

Datum
ladder_distribution_trans(PG_FUNCTION_ARGS)
{
	Distribution *dist;
	ServiceLevel level;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}

	level = PG_GETARG_SERVICE_LEVEL(1);
	if (PG_ARGISNULL(0))
		dist = distribution_new(SERVICE_LEVEL_LADDER(level));
	else
		dist = distribution_writable(fcinfo);
	distribution_check_ladder(dist, SERVICE_LEVEL_LADDER(level));
	(void) distribution_add(dist,
							LADDER_RANGE(SERVICE_LEVEL_LOWEST(level),
										 SERVICE_LEVEL_HIGHEST(level)),
							1, NULL);
	PG_RETURN_POINTER(dist);
}

PG_FUNCTION_INFO_V1(ladder_distribution_combine);

/* Strict: PostgreSQL takes the first state as it is and passes over NULLs. */
Datum
ladder_distribution_combine(PG_FUNCTION_ARGS)
{
	Distribution *dist = distribution_writable(fcinfo);
	const Distribution *other = PG_GETARG_DISTRIBUTION(1);

	distribution_check_ladder(dist, other->ladder);
	for (int i = 0; i < LADDER_MAX_RANGES; i++)
		(void) distribution_add(dist, i, other->counts[i], NULL);
	PG_RETURN_POINTER(dist);
}

/* A total order; the numbers of a struct of int64 have no padding. */
static int
distribution_order(FunctionCallInfo fcinfo)
{
	const Distribution *a = PG_GETARG_DISTRIBUTION(0);
	const Distribution *b = PG_GETARG_DISTRIBUTION(1);

	if (a->ladder != b->ladder)
		return a->ladder < b->ladder ? -1 : 1;
	for (int i = 0; i < LADDER_MAX_RANGES; i++)
	{
		if (a->counts[i] != b->counts[i])
			return a->counts[i] < b->counts[i] ? -1 : 1;
	}
	return 0;
}

CIVIC_COMPARISONS(ladder_distribution, distribution_order);

PG_FUNCTION_INFO_V1(ladder_distribution_hash);

Datum
ladder_distribution_hash(PG_FUNCTION_ARGS)
{
	return hash_any((unsigned char *) PG_GETARG_POINTER(0),
					sizeof(Distribution));
}

PG_FUNCTION_INFO_V1(ladder_distribution_hash_extended);

Datum
ladder_distribution_hash_extended(PG_FUNCTION_ARGS)
{
	return hash_any_extended((unsigned char *) PG_GETARG_POINTER(0),
							 sizeof(Distribution), PG_GETARG_INT64(1));
}

/* The rung that the second argument of an accessor names. */
static int
target_rung(FunctionCallInfo fcinfo)
{
	text	   *name = PG_GETARG_TEXT_PP(1);

	return ladder_level_target(PG_GETARG_DISTRIBUTION(0)->ladder,
							   VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
}

/* A share of the total, NULL when nothing was counted. */
static Datum
return_share(FunctionCallInfo fcinfo, int64 count, int64 total)
{
	if (total == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) count / (double) total);
}

PG_FUNCTION_INFO_V1(ladder_distribution_total);

Datum
ladder_distribution_total(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(PG_GETARG_DISTRIBUTION(0)->total);
}

PG_FUNCTION_INFO_V1(ladder_distribution_level_count);

Datum
ladder_distribution_level_count(PG_FUNCTION_ARGS)
{
	int			rung = target_rung(fcinfo);

	PG_RETURN_INT64(PG_GETARG_DISTRIBUTION(0)->counts[LADDER_RANGE(rung, rung)]);
}

PG_FUNCTION_INFO_V1(ladder_distribution_level_share);

Datum
ladder_distribution_level_share(PG_FUNCTION_ARGS)
{
	const Distribution *dist = PG_GETARG_DISTRIBUTION(0);
	int			rung = target_rung(fcinfo);

	return return_share(fcinfo, dist->counts[LADDER_RANGE(rung, rung)],
						dist->total);
}

PG_FUNCTION_INFO_V1(ladder_distribution_insufficient_count);

Datum
ladder_distribution_insufficient_count(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(distribution_insufficient(PG_GETARG_DISTRIBUTION(0)));
}

PG_FUNCTION_INFO_V1(ladder_distribution_insufficient_share);

Datum
ladder_distribution_insufficient_share(PG_FUNCTION_ARGS)
{
	const Distribution *dist = PG_GETARG_DISTRIBUTION(0);

	return return_share(fcinfo, distribution_insufficient(dist), dist->total);
}

PG_FUNCTION_INFO_V1(ladder_distribution_at_least_lower);

Datum
ladder_distribution_at_least_lower(PG_FUNCTION_ARGS)
{
	const Distribution *dist = PG_GETARG_DISTRIBUTION(0);
	int64		count = distribution_at_least(dist, target_rung(fcinfo), false);

	return return_share(fcinfo, count, dist->total);
}

PG_FUNCTION_INFO_V1(ladder_distribution_at_least_upper);

Datum
ladder_distribution_at_least_upper(PG_FUNCTION_ARGS)
{
	const Distribution *dist = PG_GETARG_DISTRIBUTION(0);
	int64		count = distribution_at_least(dist, target_rung(fcinfo), true);

	return return_share(fcinfo, count, dist->total);
}

/* One row of service_levels(): level, rank, count, surely and possibly at least. */
static void
put_level(ReturnSetInfo *rsinfo, const Distribution *dist, int rung)
{
	Datum		values[5];
	bool		nulls[5] = {false};

	values[0] = CStringGetTextDatum(ladder_get(dist->ladder)->rungs[rung]);
	values[1] = Int32GetDatum(rung + 1);
	values[2] = Int64GetDatum(dist->counts[LADDER_RANGE(rung, rung)]);
	values[3] = Int64GetDatum(distribution_at_least(dist, rung, false));
	values[4] = Int64GetDatum(distribution_at_least(dist, rung, true));
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(ladder_distribution_levels);

/* Every rung from the lowest, also where nothing lies on it, then the rest. */
Datum
ladder_distribution_levels(PG_FUNCTION_ARGS)
{
	const Distribution *dist = PG_GETARG_DISTRIBUTION(0);
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Datum		values[5] = {0};
	bool		nulls[5] = {false, true, false, true, true};

	InitMaterializedSRF(fcinfo, 0);
	for (int rung = 0; rung < ladder_get(dist->ladder)->nrungs; rung++)
		put_level(rsinfo, dist, rung);

	values[0] = CStringGetTextDatum(LADDER_INSUFFICIENT);
	values[2] = Int64GetDatum(distribution_insufficient(dist));
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	return (Datum) 0;
}
