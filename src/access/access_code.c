/*-------------------------------------------------------------------------
 *
 * access_code.c
 *	  The type civic.access_code: input, output, order and accessors.
 *
 * Text form, in which - is a part of which the policy says nothing, and
 * "override" or "lapsed" follows where it applies:
 *
 *		red work=green health=red residency=- fail={1,4} unknown={} valid_until=infinity ruleset=12
 *
 * src/access/access_code.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "comparison.h"
#include "compat.h"
#include "lexer.h"

#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/access.h"
#include "rule/text_form.h"
#include "rule/instant.h"

static const char *const colour_names[] = {"-", "green", "yellow", "red", "grey"};

const char *const access_part_names[ACCESS_PARTS] = {"work", "health", "residency"};

StaticAssertDecl(lengthof(colour_names) == ACCESS_LAST + 1, "a name for each colour");

/* The number of a colour, or -1; "-" is none. */
int
access_find_colour(const char *name, size_t length)
{
	for (int i = 0; i <= ACCESS_LAST; i++)
	{
		if (strlen(colour_names[i]) == length && memcmp(colour_names[i], name, length) == 0)
			return i;
	}
	return -1;
}

/* What holds for every code; text and binary input check it alike. */
static bool
is_consistent(const AccessCode *code)
{
	if (code->colour < ACCESS_GREEN || code->colour > ACCESS_LAST ||
		(code->flags & ~ACCESS_FLAGS) != 0 || code->version < 0 ||
		(code->parts >> (ACCESS_PARTS * ACCESS_PART_BITS)) != 0)
		return false;
	for (int part = 0; part < ACCESS_PARTS; part++)
	{
		if (ACCESS_PART(code->parts, part) > ACCESS_LAST)
			return false;
	}
	if ((code->flags & ACCESS_LAPSED) &&
		(code->colour != ACCESS_GREY || code->flags != ACCESS_LAPSED))
		return false;
	return (code->fail & code->unknown) == 0 &&
		(code->valid_until == DT_NOEND || IS_VALID_TIMESTAMP(code->valid_until));
}

PG_FUNCTION_INFO_V1(access_code_out);

Datum
access_code_out(PG_FUNCTION_ARGS)
{
	AccessCode *code = PG_GETARG_ACCESS_CODE_P(0);
	StringInfoData buffer;

	initStringInfo(&buffer);
	appendStringInfoString(&buffer, colour_names[code->colour]);
	for (int part = 0; part < ACCESS_PARTS; part++)
		appendStringInfo(&buffer, " %s=%s", access_part_names[part],
						 colour_names[ACCESS_PART(code->parts, part)]);
	rule_append_mask(&buffer, "fail", code->fail);
	rule_append_mask(&buffer, "unknown", code->unknown);
	appendStringInfo(&buffer, " valid_until=%s ruleset=%d",
					 rule_format_timestamptz(code->valid_until), code->version);
	if (code->flags & ACCESS_OVERRIDE)
		appendStringInfoString(&buffer, " override");
	if (code->flags & ACCESS_LAPSED)
		appendStringInfoString(&buffer, " lapsed");
	PG_RETURN_CSTRING(buffer.data);
}

static bool
read_colour(const char **cursor, uint8 *colour)
{
	size_t		length = strcspn(*cursor, " ");
	int			found = access_find_colour(*cursor, length);

	if (found < 0)
		return false;
	*colour = found;
	*cursor += length;
	return true;
}

static bool
read_parts(const char **cursor, uint16 *parts)
{
	for (int part = 0; part < ACCESS_PARTS; part++)
	{
		uint8		colour;

		if (!rule_read_literal(cursor, " ") ||
			!rule_read_literal(cursor, access_part_names[part]) ||
			!rule_read_literal(cursor, "=") ||
			!read_colour(cursor, &colour))
			return false;
		*parts |= ACCESS_PART_OF(colour, part);
	}
	return true;
}

static bool
read_version(const char **cursor, int32 *version)
{
	int64		value;

	if (!rule_read_literal(cursor, " ruleset=") ||
		!lexer_read_integer(cursor, 0, PG_INT32_MAX, &value))
		return false;
	*version = (int32) value;
	return true;
}

static void
read_flags(const char **cursor, uint8 *flags)
{
	if (rule_read_literal(cursor, " override"))
		*flags = ACCESS_OVERRIDE;
	else if (rule_read_literal(cursor, " lapsed"))
		*flags = ACCESS_LAPSED;
}

static bool
read_code(const char *cursor, AccessCode *code)
{
	if (!read_colour(&cursor, &code->colour) ||
		!read_parts(&cursor, &code->parts) ||
		!rule_read_mask(&cursor, " fail={", &code->fail) ||
		!rule_read_mask(&cursor, " unknown={", &code->unknown) ||
		!rule_read_valid_until(&cursor, &code->valid_until) ||
		!read_version(&cursor, &code->version))
		return false;
	read_flags(&cursor, &code->flags);
	return *cursor == '\0' && is_consistent(code);
}

PG_FUNCTION_INFO_V1(access_code_in);

Datum
access_code_in(PG_FUNCTION_ARGS)
{
	const char *str = PG_GETARG_CSTRING(0);
	AccessCode *code = palloc0(sizeof(AccessCode));

	if (!read_code(str, code))
		civic_ereturn(fcinfo->context, (Datum) 0,
					  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					   errmsg("invalid input syntax for type %s: \"%s\"", "access_code", str),
					   errhint("It looks like: red work=green health=red residency=green fail={1,4} "
							   "unknown={} valid_until=infinity ruleset=12, and ends in \"override\" "
							   "or \"lapsed\" where the colour is not the ruleset's.")));
	PG_RETURN_ACCESS_CODE_P(code);
}

PG_FUNCTION_INFO_V1(access_code_recv);

Datum
access_code_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buffer = (StringInfo) PG_GETARG_POINTER(0);
	AccessCode *code = palloc0(sizeof(AccessCode));

	wire_receive(buffer, &access_code_wire);
	code->valid_until = pq_getmsgint64(buffer);
	code->fail = (uint64) pq_getmsgint64(buffer);
	code->unknown = (uint64) pq_getmsgint64(buffer);
	code->version = (int32) pq_getmsgint(buffer, 4);
	code->colour = pq_getmsgbyte(buffer);
	code->flags = pq_getmsgbyte(buffer);
	code->parts = pq_getmsgint(buffer, 2);
	pq_getmsgend(buffer);
	if (!is_consistent(code))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid access_code in external binary format"),
				 errhint("Colours have the numbers 1 to %d, no rule is both failed and unknown, "
						 "and a code that lapsed is grey.", ACCESS_LAST)));
	PG_RETURN_ACCESS_CODE_P(code);
}

PG_FUNCTION_INFO_V1(access_code_send);

Datum
access_code_send(PG_FUNCTION_ARGS)
{
	AccessCode *code = PG_GETARG_ACCESS_CODE_P(0);
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	wire_send(&buffer, &access_code_wire);
	pq_sendint64(&buffer, code->valid_until);
	pq_sendint64(&buffer, code->fail);
	pq_sendint64(&buffer, code->unknown);
	pq_sendint32(&buffer, code->version);
	pq_sendbyte(&buffer, code->colour);
	pq_sendbyte(&buffer, code->flags);
	pq_sendint16(&buffer, code->parts);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

#define COMPARE(x, y) \
	if ((x) != (y)) \
		return (x) > (y) ? 1 : -1

/* By colour, then by everything else: equal means the same in every field. */
static int
compare_codes(FunctionCallInfo fcinfo)
{
	const AccessCode *a = PG_GETARG_ACCESS_CODE_P(0);
	const AccessCode *b = PG_GETARG_ACCESS_CODE_P(1);

	COMPARE(a->colour, b->colour);
	COMPARE(a->valid_until, b->valid_until);
	COMPARE(a->fail, b->fail);
	COMPARE(a->unknown, b->unknown);
	COMPARE(a->version, b->version);
	COMPARE(a->parts, b->parts);
	COMPARE(a->flags, b->flags);
	return 0;
}

CIVIC_COMPARISONS(access_code, compare_codes);

/* No padding lies between the fields, so the bytes are the value. */
PG_FUNCTION_INFO_V1(access_code_hash);

Datum
access_code_hash(PG_FUNCTION_ARGS)
{
	return hash_any((unsigned char *) PG_GETARG_ACCESS_CODE_P(0), sizeof(AccessCode));
}

PG_FUNCTION_INFO_V1(access_code_hash_extended);

Datum
access_code_hash_extended(PG_FUNCTION_ARGS)
{
	return hash_any_extended((unsigned char *) PG_GETARG_ACCESS_CODE_P(0), sizeof(AccessCode),
							 PG_GETARG_INT64(1));
}

/* ---- accessors ---- */

PG_FUNCTION_INFO_V1(access_code_colour);

Datum
access_code_colour(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(colour_names[PG_GETARG_ACCESS_CODE_P(0)->colour]));
}

PG_FUNCTION_INFO_V1(access_code_colour_at);

/* Grey once nobody has decided anew in time. */
Datum
access_code_colour_at(PG_FUNCTION_ARGS)
{
	AccessCode *code = PG_GETARG_ACCESS_CODE_P(0);
	AccessColour colour = code->colour;

	if (PG_GETARG_TIMESTAMPTZ(1) >= code->valid_until)
		colour = ACCESS_GREY;
	PG_RETURN_TEXT_P(cstring_to_text(colour_names[colour]));
}

/* NULL where the policy says nothing of the part. */
static Datum
part_colour(FunctionCallInfo fcinfo, AccessPart part)
{
	int			colour = ACCESS_PART(PG_GETARG_ACCESS_CODE_P(0)->parts, part);

	if (colour == ACCESS_NONE)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(colour_names[colour]));
}

PG_FUNCTION_INFO_V1(access_code_work);

Datum
access_code_work(PG_FUNCTION_ARGS)
{
	return part_colour(fcinfo, ACCESS_WORK);
}

PG_FUNCTION_INFO_V1(access_code_health);

Datum
access_code_health(PG_FUNCTION_ARGS)
{
	return part_colour(fcinfo, ACCESS_HEALTH);
}

PG_FUNCTION_INFO_V1(access_code_residency);

Datum
access_code_residency(PG_FUNCTION_ARGS)
{
	return part_colour(fcinfo, ACCESS_RESIDENCY);
}

PG_FUNCTION_INFO_V1(access_code_fail_mask);

Datum
access_code_fail_mask(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64((int64) PG_GETARG_ACCESS_CODE_P(0)->fail);
}

PG_FUNCTION_INFO_V1(access_code_unknown_mask);

Datum
access_code_unknown_mask(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64((int64) PG_GETARG_ACCESS_CODE_P(0)->unknown);
}

PG_FUNCTION_INFO_V1(access_code_valid_until);

Datum
access_code_valid_until(PG_FUNCTION_ARGS)
{
	PG_RETURN_TIMESTAMPTZ(PG_GETARG_ACCESS_CODE_P(0)->valid_until);
}

PG_FUNCTION_INFO_V1(access_code_version);

Datum
access_code_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(PG_GETARG_ACCESS_CODE_P(0)->version);
}

PG_FUNCTION_INFO_V1(access_code_is_override);

Datum
access_code_is_override(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL((PG_GETARG_ACCESS_CODE_P(0)->flags & ACCESS_OVERRIDE) != 0);
}

PG_FUNCTION_INFO_V1(access_code_has_lapsed);

Datum
access_code_has_lapsed(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL((PG_GETARG_ACCESS_CODE_P(0)->flags & ACCESS_LAPSED) != 0);
}
