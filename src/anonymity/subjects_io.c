/*-------------------------------------------------------------------------
 *
 * subjects_io.c
 *	  Text and binary forms of subject_set, subject_gate and subject_sums.
 *
 * Text: {1,2,3} for a set, {1:50,2:-7} for sums, 5:{1,2} for a gate that has
 * seen two of five subjects and 5:reached for a full one.  Binary: a version,
 * for a gate k and whether it is full, the number of entries, the entries.
 * Both list subjects in the order of bigint.  Reading either is aggregating
 * what it lists, so any input that is read gives a valid state.
 *
 * src/anonymity/subjects_io.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "subjects.h"

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

/* How much of a wrong text an error shows. */
#define SHOWN_BYTES 20

typedef struct Parser
{
	const char *type;			/* for messages */
	const char *example;
	const char *text;
	const char *at;
	struct Node *escontext;
} Parser;

/* A parser of the first argument. */
static Parser
begin_parsing(FunctionCallInfo fcinfo, const char *type, const char *example)
{
	Parser		parser;

	parser.type = type;
	parser.example = example;
	parser.text = parser.at = PG_GETARG_CSTRING(0);
	parser.escontext = fcinfo->context;
	return parser;
}

/* Where the parser stands, for messages. */
static int
position(const Parser *parser)
{
	return 1 + (int) (parser->at - parser->text);
}

static bool
syntax_error(Parser *parser)
{
	int			rest = strlen(parser->at);
	int			shown = pg_mbcliplen(parser->at, rest, SHOWN_BYTES);

	civic_ereturn(parser->escontext, false,
				  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				   errmsg("invalid input syntax for type %s", parser->type),
				   errdetail("Byte %d begins \"%.*s\".",
							 position(parser), shown, parser->at),
				   errhint("Write it as %s.", parser->example)));
}

static void
skip_spaces(Parser *parser)
{
	while (*parser->at == ' ' || (*parser->at >= '\t' && *parser->at <= '\r'))
		parser->at++;
}

static bool
parse_char(Parser *parser, char c)
{
	skip_spaces(parser);
	if (*parser->at != c)
		return syntax_error(parser);
	parser->at++;
	return true;
}

static bool
parse_bigint(Parser *parser, int64 *value)
{
	char	   *end;

	skip_spaces(parser);
	if (*parser->at != '-' && !(*parser->at >= '0' && *parser->at <= '9'))
		return syntax_error(parser);
	errno = 0;
	*value = strtoi64(parser->at, &end, 10);
	if (end == parser->at)
		return syntax_error(parser);
	if (errno == ERANGE)
		civic_ereturn(parser->escontext, false,
					  (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					   errmsg("value \"%.*s\" is out of range for type %s",
							  (int) Min(end - parser->at, SHOWN_BYTES), parser->at, "bigint"),
					   errdetail("It stands at byte %d of a %s.",
								 position(parser), parser->type)));
	parser->at = end;
	return true;
}

static bool
parse_end(Parser *parser)
{
	skip_spaces(parser);
	return *parser->at == '\0' || syntax_error(parser);
}

/* Add one entry that was read to the table *state, a new table when it grows. */
static bool
read_entry(Subjects **state, int64 subject, int64 value, struct Node *escontext)
{
	Subjects   *before = *state;
	SubjectsStatus status = anonymity_subjects_add(state, subjects_key(subject), value);

	if (*state != before)
		pfree(before);
	CHECK_FOR_INTERRUPTS();
	return anonymity_subjects_check(status, (*state)->width, escontext);
}

/* "{" [ entry { "," entry } ] "}" into the table *state */
static bool
parse_entries(Parser *parser, Subjects **state)
{
	if (!parse_char(parser, '{'))
		return false;
	skip_spaces(parser);
	if (*parser->at == '}')
	{
		parser->at++;
		return true;
	}
	for (;;)
	{
		int64		subject;
		int64		value = 0;

		if (!parse_bigint(parser, &subject))
			return false;
		if ((*state)->width == 2 &&
			(!parse_char(parser, ':') || !parse_bigint(parser, &value)))
			return false;
		if (!read_entry(state, subject, value, parser->escontext))
			return false;
		skip_spaces(parser);
		if (*parser->at != ',')
			return parse_char(parser, '}');
		parser->at++;
	}
}

/* A set or sums from text; NULL after a soft error. */
static Subjects *
parse_state(Parser *parser, int width)
{
	Subjects   *state = anonymity_subjects_new(width, 0, 0);

	if (!parse_entries(parser, &state) || !parse_end(parser))
		return NULL;
	return anonymity_subjects_sorted(state);
}

/* A gate from text; NULL after a soft error. */
static Subjects *
parse_gate(Parser *parser)
{
	Subjects   *gate;
	int64		k;

	if (!parse_bigint(parser, &k) ||
		!anonymity_subjects_check_k(k, parser->escontext) ||
		!parse_char(parser, ':'))
		return NULL;
	gate = anonymity_subjects_new(1, (int32) k, 0);
	skip_spaces(parser);
	if (strncmp(parser->at, "reached", 7) == 0)
	{
		parser->at += 7;
		gate->count = gate->k;
	}
	else if (!parse_entries(parser, &gate))
		return NULL;
	return parse_end(parser) ? anonymity_subjects_sorted(gate) : NULL;
}

static void
append_entries(StringInfo out, const Subjects *s)
{
	SubjectEntry *list = anonymity_subjects_list(s);
	int32		entries = subjects_reached(s) ? 0 : s->count;

	appendStringInfoChar(out, '{');
	for (int32 i = 0; i < entries; i++)
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfo(out, i == 0 ? INT64_FORMAT : "," INT64_FORMAT, list[i].subject);
		if (s->width == 2)
			appendStringInfo(out, ":" INT64_FORMAT, list[i].sum);
	}
	appendStringInfoChar(out, '}');
	pfree(list);
}

/* The number of entries and the entries, into the table *state. */
static void
receive_entries(StringInfo message, Subjects **state, const char *type)
{
	int32		entries = pq_getmsgint(message, 4);
	int			entry_size = (*state)->width * sizeof(int64);

	if (entries < 0 || entries > (message->len - message->cursor) / entry_size)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("wrong number of entries in the binary form of type %s", type),
				 errdetail("It says %d entries in %d bytes.",
						   entries, message->len - message->cursor),
				 errhint("An entry has %d bytes.", entry_size)));
	for (int32 i = 0; i < entries; i++)
	{
		int64		subject = pq_getmsgint64(message);
		int64		value = (*state)->width == 2 ? pq_getmsgint64(message) : 0;

		read_entry(state, subject, value, NULL);
	}
}

static void
send_entries(StringInfo out, const Subjects *s)
{
	SubjectEntry *list = anonymity_subjects_list(s);
	int32		entries = subjects_reached(s) ? 0 : s->count;

	pq_sendint32(out, entries);
	for (int32 i = 0; i < entries; i++)
	{
		CHECK_FOR_INTERRUPTS();
		pq_sendint64(out, list[i].subject);
		if (s->width == 2)
			pq_sendint64(out, list[i].sum);
	}
	pfree(list);
}

static Datum
state_in(FunctionCallInfo fcinfo, const char *type, const char *example, int width)
{
	Parser		parser = begin_parsing(fcinfo, type, example);
	Subjects   *state = parse_state(&parser, width);

	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_SUBJECTS(state);
}

PG_FUNCTION_INFO_V1(anonymity_set_in);

Datum
anonymity_set_in(PG_FUNCTION_ARGS)
{
	return state_in(fcinfo, "subject_set", "{101,102}", 1);
}

PG_FUNCTION_INFO_V1(anonymity_sums_in);

Datum
anonymity_sums_in(PG_FUNCTION_ARGS)
{
	return state_in(fcinfo, "subject_sums", "{101:2500,102:-40}", 2);
}

PG_FUNCTION_INFO_V1(anonymity_gate_in);

Datum
anonymity_gate_in(PG_FUNCTION_ARGS)
{
	Parser		parser = begin_parsing(fcinfo, "subject_gate", "5:{101,102} or 5:reached");
	Subjects   *gate = parse_gate(&parser);

	if (gate == NULL)
		PG_RETURN_NULL();
	PG_RETURN_SUBJECTS(gate);
}

PG_FUNCTION_INFO_V1(anonymity_subjects_out);

/* Output of all three types. */
Datum
anonymity_subjects_out(PG_FUNCTION_ARGS)
{
	Subjects   *s = PG_GETARG_SUBJECTS(0);
	StringInfoData out;

	initStringInfo(&out);
	if (s->k > 0)
		appendStringInfo(&out, "%d:", s->k);
	if (subjects_reached(s))
		appendStringInfoString(&out, "reached");
	else
		append_entries(&out, s);
	PG_RETURN_CSTRING(out.data);
}

static Datum
state_recv(FunctionCallInfo fcinfo, const WireType *type, int width)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	Subjects   *state = anonymity_subjects_new(width, 0, 0);

	wire_receive(message, type);
	receive_entries(message, &state, type->name);
	PG_RETURN_SUBJECTS(anonymity_subjects_sorted(state));
}

PG_FUNCTION_INFO_V1(anonymity_set_recv);

Datum
anonymity_set_recv(PG_FUNCTION_ARGS)
{
	return state_recv(fcinfo, &subject_set_wire, 1);
}

PG_FUNCTION_INFO_V1(anonymity_sums_recv);

Datum
anonymity_sums_recv(PG_FUNCTION_ARGS)
{
	return state_recv(fcinfo, &subject_sums_wire, 2);
}

PG_FUNCTION_INFO_V1(anonymity_gate_recv);

Datum
anonymity_gate_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	Subjects   *gate;
	int32		k;
	int			reached;

	wire_receive(message, &subject_gate_wire);
	k = pq_getmsgint(message, 4);
	anonymity_subjects_check_k(k, NULL);
	reached = pq_getmsgbyte(message);
	if (reached > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("wrong flag in the binary form of type %s", "subject_gate"),
				 errdetail("The flag is %d.", reached),
				 errhint("It is 1 for a gate that is reached, else 0.")));
	gate = anonymity_subjects_new(1, k, 0);
	receive_entries(message, &gate, "subject_gate");
	if (reached)
		gate->count = k;
	PG_RETURN_SUBJECTS(anonymity_subjects_sorted(gate));
}

PG_FUNCTION_INFO_V1(anonymity_subjects_send);

/* Binary output of all three types. */
Datum
anonymity_subjects_send(PG_FUNCTION_ARGS)
{
	Subjects   *s = PG_GETARG_SUBJECTS(0);
	StringInfoData out;

	pq_begintypsend(&out);
	wire_send(&out, &subjects_wire);
	if (s->k > 0)
	{
		pq_sendint32(&out, s->k);
		pq_sendbyte(&out, subjects_reached(s));
	}
	send_entries(&out, s);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}
