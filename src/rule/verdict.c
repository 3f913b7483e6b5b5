/*-------------------------------------------------------------------------
 *
 * verdict.c
 *	  The type civic.verdict.
 *
 * Text form, in which ? is an outcome that the known facts leave open:
 *
 *		red possible={0} fail={1,4} unknown={} valid_until=infinity ruleset=9f86d081884c7d65
 *
 * src/rule/verdict.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "comparison.h"
#include "compat.h"
#include "lexer.h"

#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "catalog/pg_type.h"
#include "port/pg_bitutils.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "instant.h"
#include "program.h"
#include "text_form.h"
#include "verdict.h"

#define UNKNOWN_OUTCOME		"?"

Verdict    *
rule_verdict_value(const RuleProgram *program, const RuleVerdict *verdict)
{
	Verdict    *value = palloc(sizeof(Verdict));

	value->valid_until = verdict->valid_until;
	value->fail = verdict->fail;
	value->unknown = verdict->unknown;
	value->possible = verdict->possible;
	memcpy(value->ruleset, program->stored->sha256, VERDICT_RULESET_BYTES);
	if (verdict->outcome == RULE_OUTCOME_UNKNOWN)
		memset(value->outcome, 0, sizeof(value->outcome));
	else
		memcpy(value->outcome, program->outcomes[verdict->outcome], sizeof(value->outcome));
	return value;
}

/* What holds for every verdict; text and binary input check it alike. */
static bool
is_consistent(const Verdict *verdict)
{
	int			length = strnlen(verdict->outcome, sizeof(verdict->outcome));
	bool		known = (pg_popcount64(verdict->possible) == 1);

	if (length == sizeof(verdict->outcome) || known != (length > 0))
		return false;
	for (int i = 0; i < length; i++)
	{
		if (!lexer_is_alnum(verdict->outcome[i]) &&
			strchr("_-.", verdict->outcome[i]) == NULL)
			return false;
	}
	return verdict->possible != 0 && (verdict->fail & verdict->unknown) == 0 &&
		(verdict->valid_until == DT_NOEND || IS_VALID_TIMESTAMP(verdict->valid_until));
}

PG_FUNCTION_INFO_V1(verdict_out);

Datum
verdict_out(PG_FUNCTION_ARGS)
{
	Verdict    *verdict = PG_GETARG_VERDICT_P(0);
	StringInfoData buffer;

	initStringInfo(&buffer);
	appendStringInfoString(&buffer, *verdict->outcome ? verdict->outcome : UNKNOWN_OUTCOME);
	rule_append_mask(&buffer, "possible", verdict->possible);
	rule_append_mask(&buffer, "fail", verdict->fail);
	rule_append_mask(&buffer, "unknown", verdict->unknown);
	appendStringInfo(&buffer, " valid_until=%s ruleset=", rule_format_timestamptz(verdict->valid_until));
	for (int i = 0; i < VERDICT_RULESET_BYTES; i++)
		appendStringInfo(&buffer, "%02x", verdict->ruleset[i]);
	PG_RETURN_CSTRING(buffer.data);
}

static bool
read_outcome(const char **cursor, Verdict *verdict)
{
	size_t		length = strcspn(*cursor, " ");

	if (length == 0 || length > RULE_MAX_OUTCOME_NAME)
		return false;
	if (length != strlen(UNKNOWN_OUTCOME) || strncmp(*cursor, UNKNOWN_OUTCOME, length) != 0)
		memcpy(verdict->outcome, *cursor, length);
	*cursor += length;
	return true;
}

static bool
read_ruleset(const char **cursor, uint8 *bytes)
{
	if (!rule_read_literal(cursor, " ruleset="))
		return false;
	for (int i = 0; i < VERDICT_RULESET_BYTES * 2; i++)
	{
		static const char digits[] = "0123456789abcdef";
		const char *digit = **cursor ? strchr(digits, **cursor) : NULL;

		if (digit == NULL)
			return false;
		bytes[i / 2] = (uint8) (bytes[i / 2] << 4 | (digit - digits));
		(*cursor)++;
	}
	return true;
}

PG_FUNCTION_INFO_V1(verdict_in);

Datum
verdict_in(PG_FUNCTION_ARGS)
{
	const char *str = PG_GETARG_CSTRING(0);
	const char *cursor = str;
	Verdict    *verdict = palloc0(sizeof(Verdict));

	if (!read_outcome(&cursor, verdict) ||
		!rule_read_mask(&cursor, " possible={", &verdict->possible) ||
		!rule_read_mask(&cursor, " fail={", &verdict->fail) ||
		!rule_read_mask(&cursor, " unknown={", &verdict->unknown) ||
		!rule_read_valid_until(&cursor, &verdict->valid_until) ||
		!read_ruleset(&cursor, verdict->ruleset) ||
		*cursor != '\0' || !is_consistent(verdict))
		civic_ereturn(fcinfo->context, (Datum) 0,
					  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					   errmsg("invalid input syntax for type %s: \"%s\"", "verdict", str),
					   errhint("It looks like: red possible={0} fail={1,4} unknown={} "
							   "valid_until=infinity ruleset=9f86d081884c7d65.")));
	PG_RETURN_VERDICT_P(verdict);
}

PG_FUNCTION_INFO_V1(verdict_recv);

Datum
verdict_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buffer = (StringInfo) PG_GETARG_POINTER(0);
	Verdict    *verdict = palloc0(sizeof(Verdict));

	wire_receive(buffer, &verdict_wire);
	verdict->valid_until = pq_getmsgint64(buffer);
	verdict->fail = (uint64) pq_getmsgint64(buffer);
	verdict->unknown = (uint64) pq_getmsgint64(buffer);
	verdict->possible = (uint64) pq_getmsgint64(buffer);
	pq_copymsgbytes(buffer, (char *) verdict->ruleset, VERDICT_RULESET_BYTES);
	pq_copymsgbytes(buffer, verdict->outcome, sizeof(verdict->outcome));
	pq_getmsgend(buffer);
	if (!is_consistent(verdict))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid verdict in external binary format"),
				 errhint("An outcome is known when exactly one is possible; "
						 "no rule is both failed and unknown.")));

	/* nothing but zeros may follow the name, as comparison expects */
	memset(verdict->outcome + strlen(verdict->outcome), 0,
		   sizeof(verdict->outcome) - strlen(verdict->outcome));
	PG_RETURN_VERDICT_P(verdict);
}

PG_FUNCTION_INFO_V1(verdict_send);

Datum
verdict_send(PG_FUNCTION_ARGS)
{
	Verdict    *verdict = PG_GETARG_VERDICT_P(0);
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	wire_send(&buffer, &verdict_wire);
	pq_sendint64(&buffer, verdict->valid_until);
	pq_sendint64(&buffer, verdict->fail);
	pq_sendint64(&buffer, verdict->unknown);
	pq_sendint64(&buffer, verdict->possible);
	pq_sendbytes(&buffer, (char *) verdict->ruleset, VERDICT_RULESET_BYTES);
	pq_sendbytes(&buffer, verdict->outcome, sizeof(verdict->outcome));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

static inline int
compare_uint64(uint64 a, uint64 b)
{
	return (a > b) - (a < b);
}

/* By outcome, then by everything else: equal means the same in every field. */
static int
compare_verdicts(FunctionCallInfo fcinfo)
{
	const Verdict *a = PG_GETARG_VERDICT_P(0);
	const Verdict *b = PG_GETARG_VERDICT_P(1);
	int			order;

	if ((order = memcmp(a->outcome, b->outcome, sizeof(a->outcome))) != 0 ||
		(order = compare_uint64(a->possible, b->possible)) != 0 ||
		(order = compare_uint64(a->fail, b->fail)) != 0 ||
		(order = compare_uint64(a->unknown, b->unknown)) != 0)
		return order;
	if (a->valid_until != b->valid_until)
		return a->valid_until > b->valid_until ? 1 : -1;
	return memcmp(a->ruleset, b->ruleset, sizeof(a->ruleset));
}

CIVIC_COMPARISONS(verdict, compare_verdicts);

PG_FUNCTION_INFO_V1(verdict_hash);

Datum
verdict_hash(PG_FUNCTION_ARGS)
{
	return hash_any((unsigned char *) PG_GETARG_VERDICT_P(0), sizeof(Verdict));
}

PG_FUNCTION_INFO_V1(verdict_hash_extended);

Datum
verdict_hash_extended(PG_FUNCTION_ARGS)
{
	return hash_any_extended((unsigned char *) PG_GETARG_VERDICT_P(0), sizeof(Verdict),
							 PG_GETARG_INT64(1));
}

/* ---- accessors ---- */

PG_FUNCTION_INFO_V1(verdict_outcome);

Datum
verdict_outcome(PG_FUNCTION_ARGS)
{
	Verdict    *verdict = PG_GETARG_VERDICT_P(0);

	if (*verdict->outcome == '\0')
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(verdict->outcome));
}

PG_FUNCTION_INFO_V1(verdict_fail_mask);

Datum
verdict_fail_mask(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64((int64) PG_GETARG_VERDICT_P(0)->fail);
}

PG_FUNCTION_INFO_V1(verdict_unknown_mask);

Datum
verdict_unknown_mask(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64((int64) PG_GETARG_VERDICT_P(0)->unknown);
}

PG_FUNCTION_INFO_V1(verdict_valid_until);

Datum
verdict_valid_until(PG_FUNCTION_ARGS)
{
	PG_RETURN_TIMESTAMPTZ(PG_GETARG_VERDICT_P(0)->valid_until);
}

void
rule_check_verdict(const RuleProgram *program, const Verdict *verdict)
{
	if (memcmp(program->stored->sha256, verdict->ruleset, VERDICT_RULESET_BYTES) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the verdict was given by another ruleset"),
				 errhint("Compare the start of ruleset_sha256() with the verdict's ruleset.")));
}

/* The program at the call site, which must be the one that gave the verdict. */
static const RuleProgram *
program_of(FunctionCallInfo fcinfo, const Verdict *verdict)
{
	const RuleProgram *program = rule_call_json(fcinfo, 0)->program;

	rule_check_verdict(program, verdict);
	return program;
}

/* The names of the bits that are set, as text[]. */
static Datum
names_of_mask(const RuleProgram *program, uint64 mask, int count,
			  const char *(*name) (const RuleProgram *program, int i))
{
	Datum		names[RULE_MAX_RULES];
	int			n = 0;

	for (int i = 0; i < count; i++)
	{
		if (mask >> i & 1)
			names[n++] = CStringGetTextDatum(name(program, i));
	}
	return PointerGetDatum(construct_array(names, n, TEXTOID, -1, false, TYPALIGN_INT));
}

PG_FUNCTION_INFO_V1(verdict_failed_rules);

Datum
verdict_failed_rules(PG_FUNCTION_ARGS)
{
	Verdict    *verdict = PG_GETARG_VERDICT_P(1);
	const RuleProgram *program = program_of(fcinfo, verdict);

	return names_of_mask(program, verdict->fail, rule_rule_count(program), rule_rule_id);
}

PG_FUNCTION_INFO_V1(verdict_unknown_rules);

Datum
verdict_unknown_rules(PG_FUNCTION_ARGS)
{
	Verdict    *verdict = PG_GETARG_VERDICT_P(1);
	const RuleProgram *program = program_of(fcinfo, verdict);

	return names_of_mask(program, verdict->unknown, rule_rule_count(program), rule_rule_id);
}

PG_FUNCTION_INFO_V1(verdict_possible_outcomes);

Datum
verdict_possible_outcomes(PG_FUNCTION_ARGS)
{
	Verdict    *verdict = PG_GETARG_VERDICT_P(1);
	const RuleProgram *program = program_of(fcinfo, verdict);

	return names_of_mask(program, verdict->possible, rule_outcome_count(program), rule_outcome_name);
}
