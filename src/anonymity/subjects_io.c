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

#include "lexer.h"

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"

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
parse_entries(Lexer *lexer, Subjects **state)
{
	if (!lexer_expect(lexer, '{'))
		return false;
	if (lexer_take(lexer, '}'))
		return true;
	for (;;)
	{
		int64		subject;
		int64		value = 0;

		if (!lexer_bigint(lexer, &subject))
			return false;
		if ((*state)->width == 2 &&
			(!lexer_expect(lexer, ':') || !lexer_bigint(lexer, &value)))
			return false;
		if (!read_entry(state, subject, value, lexer->escontext))
			return false;
		if (!lexer_take(lexer, ','))
			return lexer_expect(lexer, '}');
	}
}

/* A set or sums from text; NULL after a soft error. */
static Subjects *
parse_state(Lexer *lexer, int width)
{
	Subjects   *state = anonymity_subjects_new(width, 0, 0);

	if (!parse_entries(lexer, &state) || !lexer_end(lexer))
		return NULL;
	return anonymity_subjects_sorted(state);
}

/* A gate from text; NULL after a soft error. */
static Subjects *
parse_gate(Lexer *lexer)
{
	Subjects   *gate;
	int64		k;

	if (!lexer_bigint(lexer, &k) ||
		!anonymity_subjects_check_k(k, lexer->escontext) ||
		!lexer_expect(lexer, ':'))
		return NULL;
	gate = anonymity_subjects_new(1, (int32) k, 0);
	if (lexer_take_word(lexer, "reached"))
		gate->count = gate->k;
	else if (!parse_entries(lexer, &gate))
		return NULL;
	return lexer_end(lexer) ? anonymity_subjects_sorted(gate) : NULL;
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
	Lexer		lexer = lexer_begin(PG_GETARG_CSTRING(0), type, example, fcinfo->context);
	Subjects   *state = parse_state(&lexer, width);

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
	Lexer		lexer = lexer_begin(PG_GETARG_CSTRING(0), "subject_gate", "5:{101,102} or 5:reached",
									fcinfo->context);
	Subjects   *gate = parse_gate(&lexer);

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
