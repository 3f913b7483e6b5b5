/*-------------------------------------------------------------------------
 *
 * service_level.c
 *	  The type service_level: input, output and the questions one asks of it.
 *
 * Equality, order and hash are those of int4, which the by-value form was made
 * for; ladder.sql names PostgreSQL's own functions.
 *
 * src/ladder/service_level.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "ladder/ladder.h"

/* Is this a level?  The one check behind text and binary input. */
bool
ladder_level_check(int ladder, int lowest, int highest, Node *escontext)
{
	const Ladder *found = ladder_get(ladder);

	if (found == NULL)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					   errmsg("invalid service level"),
					   errdetail("There is no ladder number %d.", ladder),
					   errhint("Ladders have the numbers 1 to %d.", LADDER_LAST)));
	if (Min(lowest, highest) < 0 || Max(lowest, highest) >= found->nrungs)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					   errmsg("invalid service level"),
					   errdetail("Ladder \"%s\" does not have the levels number %d to %d.",
								 found->name, lowest, highest),
					   errhint("Its levels have the numbers 0 to %d.",
							   found->nrungs - 1)));
	if (lowest > highest)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					   errmsg("invalid service level"),
					   errdetail("The lowest level, %s, is above the highest, %s.",
								 found->rungs[lowest], found->rungs[highest]),
					   errhint("The levels of \"%s\" from the lowest are: %s.",
							   found->name, ladder_rung_names(found))));
	return true;
}

/* The number of a rung that has to be one of the ladder's, -1 after an error. */
static int
parse_rung(const Ladder *ladder, const char *name, size_t len,
		   Node *escontext)
{
	int			rung = ladder_find_rung(ladder, name, len);

	if (rung < 0)
		civic_ereturn(escontext, -1,
					  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					   errmsg("unknown service level"),
					   errdetail("Ladder \"%s\" has no level \"%.*s\".",
								 ladder->name, (int) len, name),
					   errhint("The levels of \"%s\" from the lowest are: %s.",
							   ladder->name, ladder_rung_names(ladder))));
	return rung;
}

/* Find the two dots of a range, NULL if there are none. */
static const char *
find_dots(const char *str, const char *end)
{
	for (const char *p = str; p + 1 < end; p++)
	{
		if (p[0] == '.' && p[1] == '.')
			return p;
	}
	return NULL;
}

/* Reads "hcf:basic" and "hcf:limited..basic". */
bool
ladder_level_parse(const char *str, size_t len, ServiceLevel *level,
				   Node *escontext)
{
	const char *end = str + len;
	const char *colon = memchr(str, ':', len);
	const char *dots;
	const Ladder *ladder;
	int			number;
	int			lowest;
	int			highest;

	if (colon == NULL)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					   errmsg("invalid input syntax for type %s: \"%.*s\"",
							  "service_level", (int) len, str),
					   errdetail("There is no colon between the ladder and the level."),
					   errhint("Write, for instance, hcf:basic, or hcf:limited..basic where answers are missing.")));

	number = ladder_find(str, colon - str);
	if (number == 0)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					   errmsg("unknown ladder"),
					   errdetail("There is no ladder \"%.*s\".",
								 (int) (colon - str), str),
					   errhint("The ladders are: %s.", ladder_names())));

	ladder = ladder_get(number);
	dots = find_dots(colon + 1, end);
	lowest = parse_rung(ladder, colon + 1, (dots ? dots : end) - (colon + 1),
						escontext);
	if (lowest < 0)
		return false;
	highest = lowest;
	if (dots)
		highest = parse_rung(ladder, dots + 2, end - (dots + 2), escontext);
	if (highest < 0 || !ladder_level_check(number, lowest, highest, escontext))
		return false;
	*level = SERVICE_LEVEL(number, lowest, highest);
	return true;
}

/* "basic" or "limited..basic" */
char	   *
ladder_level_text(ServiceLevel level)
{
	const Ladder *ladder = ladder_get(SERVICE_LEVEL_LADDER(level));
	const char *lowest = ladder->rungs[SERVICE_LEVEL_LOWEST(level)];

	if (SERVICE_LEVEL_IS_EXACT(level))
		return pstrdup(lowest);
	return psprintf("%s..%s", lowest,
					ladder->rungs[SERVICE_LEVEL_HIGHEST(level)]);
}

/*
 * The rung that a question names, "basic" or "hcf:basic".  Naming another
 * ladder, or a rung that this ladder does not have, is an error: an answer
 * would compare what cannot be compared.
 */
int
ladder_level_target(int ladder, const char *name, size_t len)
{
	const Ladder *asked = ladder_get(ladder);
	const char *colon = memchr(name, ':', len);

	if (colon == NULL)
		return parse_rung(asked, name, len, NULL);
	if (ladder_find(name, colon - name) != ladder)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("levels of different ladders cannot be compared"),
				 errdetail("The level lies on ladder \"%s\", the question names \"%.*s\".",
						   asked->name, (int) len, name),
				 errhint("The levels of \"%s\" from the lowest are: %s.",
						 asked->name, ladder_rung_names(asked))));
	return parse_rung(asked, colon + 1, name + len - (colon + 1), NULL);
}

PG_FUNCTION_INFO_V1(ladder_service_level_in);

Datum
ladder_service_level_in(PG_FUNCTION_ARGS)
{
	char	   *str = PG_GETARG_CSTRING(0);
	ServiceLevel level;

	if (!ladder_level_parse(str, strlen(str), &level, fcinfo->context))
		PG_RETURN_NULL();
	PG_RETURN_SERVICE_LEVEL(level);
}

PG_FUNCTION_INFO_V1(ladder_service_level_out);

Datum
ladder_service_level_out(PG_FUNCTION_ARGS)
{
	ServiceLevel level = PG_GETARG_SERVICE_LEVEL(0);

	PG_RETURN_CSTRING(psprintf("%s:%s",
							   ladder_get(SERVICE_LEVEL_LADDER(level))->name,
							   ladder_level_text(level)));
}

PG_FUNCTION_INFO_V1(ladder_service_level_recv);

Datum
ladder_service_level_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int			ladder,
				lowest,
				highest;

	wire_receive(buf, &service_level_wire);
	ladder = pq_getmsgbyte(buf);
	lowest = pq_getmsgbyte(buf);
	highest = pq_getmsgbyte(buf);
	(void) ladder_level_check(ladder, lowest, highest, NULL);
	PG_RETURN_SERVICE_LEVEL(SERVICE_LEVEL(ladder, lowest, highest));
}

PG_FUNCTION_INFO_V1(ladder_service_level_send);

Datum
ladder_service_level_send(PG_FUNCTION_ARGS)
{
	ServiceLevel level = PG_GETARG_SERVICE_LEVEL(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	wire_send(&buf, &service_level_wire);
	pq_sendint8(&buf, SERVICE_LEVEL_LADDER(level));
	pq_sendint8(&buf, SERVICE_LEVEL_LOWEST(level));
	pq_sendint8(&buf, SERVICE_LEVEL_HIGHEST(level));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

PG_FUNCTION_INFO_V1(ladder_service_level_ladder);

Datum
ladder_service_level_ladder(PG_FUNCTION_ARGS)
{
	ServiceLevel level = PG_GETARG_SERVICE_LEVEL(0);

	PG_RETURN_TEXT_P(cstring_to_text(ladder_get(SERVICE_LEVEL_LADDER(level))->name));
}

PG_FUNCTION_INFO_V1(ladder_service_level_name);

Datum
ladder_service_level_name(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(ladder_level_text(PG_GETARG_SERVICE_LEVEL(0))));
}

PG_FUNCTION_INFO_V1(ladder_service_level_lowest);

Datum
ladder_service_level_lowest(PG_FUNCTION_ARGS)
{
	ServiceLevel level = PG_GETARG_SERVICE_LEVEL(0);
	int			lowest = SERVICE_LEVEL_LOWEST(level);

	PG_RETURN_SERVICE_LEVEL(SERVICE_LEVEL(SERVICE_LEVEL_LADDER(level),
										  lowest, lowest));
}

PG_FUNCTION_INFO_V1(ladder_service_level_highest);

Datum
ladder_service_level_highest(PG_FUNCTION_ARGS)
{
	ServiceLevel level = PG_GETARG_SERVICE_LEVEL(0);
	int			highest = SERVICE_LEVEL_HIGHEST(level);

	PG_RETURN_SERVICE_LEVEL(SERVICE_LEVEL(SERVICE_LEVEL_LADDER(level),
										  highest, highest));
}

PG_FUNCTION_INFO_V1(ladder_service_level_insufficient);

Datum
ladder_service_level_insufficient(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!SERVICE_LEVEL_IS_EXACT(PG_GETARG_SERVICE_LEVEL(0)));
}

PG_FUNCTION_INFO_V1(ladder_service_level_label);

Datum
ladder_service_level_label(PG_FUNCTION_ARGS)
{
	ServiceLevel level = PG_GETARG_SERVICE_LEVEL(0);
	char	   *language = text_to_cstring(PG_GETARG_TEXT_PP(1));
	const Ladder *ladder = ladder_get(SERVICE_LEVEL_LADDER(level));
	const char *rung = LADDER_INSUFFICIENT;

	if (SERVICE_LEVEL_IS_EXACT(level))
		rung = ladder->rungs[SERVICE_LEVEL_LOWEST(level)];
	PG_RETURN_TEXT_P(cstring_to_text(ladder_label(rung, language)));
}

PG_FUNCTION_INFO_V1(ladder_service_level_rank);

/* Counted from one, so that zero, which people write for "missing", is none. */
Datum
ladder_service_level_rank(PG_FUNCTION_ARGS)
{
	ServiceLevel level = PG_GETARG_SERVICE_LEVEL(0);

	if (!SERVICE_LEVEL_IS_EXACT(level))
		PG_RETURN_NULL();
	PG_RETURN_INT32(SERVICE_LEVEL_LOWEST(level) + 1);
}

PG_FUNCTION_INFO_V1(ladder_service_level_at_least);

/* Three-valued: NULL when the missing answers decide. */
Datum
ladder_service_level_at_least(PG_FUNCTION_ARGS)
{
	ServiceLevel level = PG_GETARG_SERVICE_LEVEL(0);
	text	   *name = PG_GETARG_TEXT_PP(1);
	int			target = ladder_level_target(SERVICE_LEVEL_LADDER(level),
											 VARDATA_ANY(name),
											 VARSIZE_ANY_EXHDR(name));

	if (SERVICE_LEVEL_LOWEST(level) >= target)
		PG_RETURN_BOOL(true);
	if (SERVICE_LEVEL_HIGHEST(level) < target)
		PG_RETURN_BOOL(false);
	PG_RETURN_NULL();
}
