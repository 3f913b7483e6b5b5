/*-------------------------------------------------------------------------
 *
 * strata.c
 *	  The type strata: its text and binary forms, its order, its merging.
 *
 * Text: {0:7/144285*5000,5:3/184178*5500?1} is stratum:events/population*weight,
 * and ?n for n rows whose events or population are missing.
 *
 * src/statistics/strata.c
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
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "statistics/strata.h"
#include "utils/builtins.h"
#include "utils/float.h"

#define STRATA_EXAMPLE \
	"{stratum:events/population*weight,...}, with ?n after a stratum that has n missing rows"

Strata	   *
statistics_strata_create(MemoryContext context, int32 room)
{
	Strata	   *s = MemoryContextAllocZero(context, STRATA_SIZE(room));

	wire_begin(s, STRATA_SIZE(room), &strata_wire);
	return s;
}

/* The position of a stratum, or of the first one after where it would be */
static int32
strata_find(const Strata *s, int32 number)
{
	int32		lo = 0,
				hi = s->count;

	while (lo < hi)
	{
		int32		middle = (lo + hi) / 2;

		if (s->stratum[middle].number < number)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

/* A copy with twice the room */
static Strata *
strata_enlarge(Strata *s, MemoryContext context)
{
	Strata	   *larger;

	if (s->count >= STRATA_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many strata"),
				 errhint("At most %d are allowed.", STRATA_MAX)));
	larger = statistics_strata_create(context, Min(Max(8, s->count * 2), STRATA_MAX));
	larger->count = s->count;
	memcpy(larger->stratum, s->stratum, s->count * sizeof(Stratum));
	return larger;
}

/*
 * Pool one stratum into s, in place where there is room; returns s or its
 * successor in the context.  Sums of whole numbers below 2^53 are exact, so
 * the order of rows does not matter.
 */
Strata	   *
statistics_strata_add(Strata *s, const Stratum *add, MemoryContext context)
{
	int32		at = strata_find(s, add->number);
	Stratum    *mine = &s->stratum[at];

	if (at < s->count && mine->number == add->number)
	{
		int32		missing = mine->missing + Min(add->missing, PG_INT32_MAX - mine->missing);

		if (mine->weight != add->weight)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("stratum %d has two standard weights", add->number),
					 errdetail("They are %g and %g.", mine->weight, add->weight),
					 errhint("Give each stratum one weight; number strata apart whose weights differ.")));
		mine->missing = missing;
		mine->events = float8_pl(mine->events, add->events);
		mine->population = float8_pl(mine->population, add->population);
		return s;
	}
	if (s->count >= STRATA_ROOM(s))
		s = strata_enlarge(s, context);
	Assert(s->count < STRATA_ROOM(s) && (at == 0 || s->stratum[at - 1].number < add->number));
	memmove(&s->stratum[at + 1], &s->stratum[at], (s->count - at) * sizeof(Stratum));
	s->stratum[at] = *add;
	s->count++;
	return s;
}

/* Append what was read, if it is a valid next stratum */
static bool
strata_append(Strata **s, const Stratum *read, struct Node *escontext)
{
	const double amounts[3] = {read->events, read->population, read->weight};
	Stratum		clean = *read;

	for (int i = 0; i < 3; i++)
		if (!(amounts[i] >= 0) || isinf(amounts[i]))
			civic_ereturn(escontext, false,
						  (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						   errmsg("amount out of range in strata"),
						   errdetail("Stratum %d has %g.", read->number, amounts[i]),
						   errhint("Events, population and weight are finite and not negative.")));
	if (read->missing < 0 ||
		((*s)->count > 0 && (*s)->stratum[(*s)->count - 1].number >= read->number))
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					   errmsg("strata out of order"),
					   errdetail("Stratum %d does not come after the one before it.", read->number),
					   errhint("Each stratum stands once, in ascending order.")));
	if ((*s)->count >= STRATA_MAX)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					   errmsg("too many strata"),
					   errhint("At most %d are allowed.", STRATA_MAX)));
	/* no negative zero: equal values have equal bytes */
	clean.events += 0.0;
	clean.population += 0.0;
	clean.weight += 0.0;
	*s = statistics_strata_add(*s, &clean, CurrentMemoryContext);
	return true;
}

/* stratum:events/population*weight, and ?missing */
static bool
read_stratum(Lexer *lexer, Stratum *read)
{
	int64		number,
				missing = 0;

	if (!lexer_integer(lexer, PG_INT32_MIN, PG_INT32_MAX, &number) ||
		!lexer_next(lexer, ':') || !lexer_decimal(lexer, &read->events) ||
		!lexer_next(lexer, '/') || !lexer_decimal(lexer, &read->population) ||
		!lexer_next(lexer, '*') || !lexer_decimal(lexer, &read->weight))
		return false;
	if (lexer_next(lexer, '?') && !lexer_integer(lexer, 0, PG_INT32_MAX, &missing))
		return false;
	read->number = (int32) number;
	read->missing = (int32) missing;
	return true;
}

/* NULL after a soft error. */
static Strata *
strata_parse(Lexer *lexer)
{
	Strata	   *s = statistics_strata_create(CurrentMemoryContext, 8);
	Stratum		read;

	if (!lexer_next(lexer, '{'))
		goto malformed;
	while (!lexer_next(lexer, '}'))
	{
		if ((s->count > 0 && !lexer_next(lexer, ',')) || !read_stratum(lexer, &read))
			goto malformed;
		if (!strata_append(&s, &read, lexer->escontext))
			return NULL;
	}
	if (*lexer->at == '\0')
		return s;

malformed:
	lexer_fail(lexer);
	return NULL;
}

PG_FUNCTION_INFO_V1(statistics_strata_in);

Datum
statistics_strata_in(PG_FUNCTION_ARGS)
{
	Lexer		lexer = lexer_begin(PG_GETARG_CSTRING(0), "strata", STRATA_EXAMPLE, fcinfo->context);
	Strata	   *s = strata_parse(&lexer);

	if (s == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(s);
}

static void
append_amount(StringInfo out, char mark, double amount)
{
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(amount, digits);
	appendStringInfo(out, "%c%s", mark, digits);
}

PG_FUNCTION_INFO_V1(statistics_strata_out);

Datum
statistics_strata_out(PG_FUNCTION_ARGS)
{
	Strata	   *s = PG_GETARG_STRATA_P(0);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	for (int32 i = 0; i < s->count; i++)
	{
		appendStringInfo(&out, "%s%d", i > 0 ? "," : "", s->stratum[i].number);
		append_amount(&out, ':', s->stratum[i].events);
		append_amount(&out, '/', s->stratum[i].population);
		append_amount(&out, '*', s->stratum[i].weight);
		if (s->stratum[i].missing > 0)
			appendStringInfo(&out, "?%d", s->stratum[i].missing);
	}
	appendStringInfoChar(&out, '}');
	PG_RETURN_CSTRING(out.data);
}

PG_FUNCTION_INFO_V1(statistics_strata_recv);

Datum
statistics_strata_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	Strata	   *s = statistics_strata_create(CurrentMemoryContext, 8);
	int			count;

	wire_receive(buf, &strata_wire);
	count = pq_getmsgint(buf, 4);
	if (count < 0 || count > STRATA_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid number of strata: %d", count)));
	for (int i = 0; i < count; i++)
	{
		Stratum		read;

		read.number = pq_getmsgint(buf, 4);
		read.missing = pq_getmsgint(buf, 4);
		read.events = pq_getmsgfloat8(buf);
		read.population = pq_getmsgfloat8(buf);
		read.weight = pq_getmsgfloat8(buf);
		strata_append(&s, &read, NULL);
	}
	PG_RETURN_POINTER(s);
}

PG_FUNCTION_INFO_V1(statistics_strata_send);

Datum
statistics_strata_send(PG_FUNCTION_ARGS)
{
	Strata	   *s = PG_GETARG_STRATA_P(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	wire_send(&buf, &strata_wire);
	pq_sendint32(&buf, s->count);
	for (int32 i = 0; i < s->count; i++)
	{
		pq_sendint32(&buf, s->stratum[i].number);
		pq_sendint32(&buf, s->stratum[i].missing);
		pq_sendfloat8(&buf, s->stratum[i].events);
		pq_sendfloat8(&buf, s->stratum[i].population);
		pq_sendfloat8(&buf, s->stratum[i].weight);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* Stratum by stratum, then by their number; slack takes no part */
static int
strata_compare(FunctionCallInfo fcinfo)
{
	const Strata *a = PG_GETARG_STRATA_P(0);
	const Strata *b = PG_GETARG_STRATA_P(1);

	for (int32 i = 0; i < Min(a->count, b->count); i++)
	{
		const Stratum *x = &a->stratum[i];
		const Stratum *y = &b->stratum[i];
		int			c = (x->number > y->number) - (x->number < y->number);

		if (c == 0)
			c = (x->events > y->events) - (x->events < y->events);
		if (c == 0)
			c = (x->population > y->population) - (x->population < y->population);
		if (c == 0)
			c = (x->weight > y->weight) - (x->weight < y->weight);
		if (c == 0)
			c = (x->missing > y->missing) - (x->missing < y->missing);
		if (c != 0)
			return c;
	}
	return (a->count > b->count) - (a->count < b->count);
}

CIVIC_EQUALITY(statistics_strata, strata_compare);

PG_FUNCTION_INFO_V1(statistics_strata_hash);

Datum
statistics_strata_hash(PG_FUNCTION_ARGS)
{
	Strata	   *s = PG_GETARG_STRATA_P(0);

	return hash_any((const unsigned char *) s->stratum, s->count * sizeof(Stratum));
}

PG_FUNCTION_INFO_V1(statistics_strata_hash_extended);

Datum
statistics_strata_hash_extended(PG_FUNCTION_ARGS)
{
	Strata	   *s = PG_GETARG_STRATA_P(0);

	return hash_any_extended((const unsigned char *) s->stratum,
							 s->count * sizeof(Stratum), PG_GETARG_INT64(1));
}
