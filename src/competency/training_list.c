/*-------------------------------------------------------------------------
 *
 * training_list.c
 *	  Lists of trainings: text and binary form of training_catalog and of the
 *	  state of its aggregates, and the aggregates themselves.
 *
 * src/competency/training_list.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "competency/training_catalog.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#define CATALOG_EXAMPLE \
	"training/hours/cost=competencies, separated by semicolons, as in 7/8/100=12:3,45:4;9//=12:2 (no hours or cost where unknown)"

/* Hours or cost: from 0 on, and such that a sum of many stays finite. */
static bool
check_amount(double amount, const char *what, int64 training, Node *escontext)
{
	if (isnan(amount) || amount < 0 || amount > TRAINING_MAX_AMOUNT)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					   errmsg("%s of a training out of range", what),
					   errdetail("Training %lld has %s %g.", (long long) training, what, amount),
					   errhint("Give a number from 0 to %g, or NULL where it is unknown.", TRAINING_MAX_AMOUNT)));
	return true;
}

/* Hours or cost up to the delimiter; nothing before it means unknown. */
static bool
read_amount(Lexer *lexer, char delimiter, double *amount)
{
	*amount = TRAINING_UNKNOWN;
	return lexer_next(lexer, delimiter) ||
		(lexer_decimal(lexer, amount) && lexer_next(lexer, delimiter));
}

/* One training, added to the list; false after a soft error. */
static bool
read_training(Lexer *lexer, TrainingList **list)
{
	TrainingList *old = *list;
	int64		id;
	double		hours,
				cost;
	CompetencySet *teaches;
	CompetencyView view;

	if (!lexer_integer(lexer, PG_INT64_MIN, PG_INT64_MAX, &id) || !lexer_next(lexer, '/') ||
		!read_amount(lexer, '/', &hours) || !read_amount(lexer, '=', &cost))
		return lexer_fail(lexer);
	if ((hours != TRAINING_UNKNOWN && !check_amount(hours, "hours", id, lexer->escontext)) ||
		(cost != TRAINING_UNKNOWN && !check_amount(cost, "cost", id, lexer->escontext)))
		return false;
	teaches = competency_set_parse(lexer);
	if (teaches == NULL)
		return false;

	view = competency_view(PointerGetDatum(teaches));
	*list = training_list_add(old, id, hours, cost, &view);
	if (*list != old)
		pfree(old);
	pfree(teaches);
	return true;
}

/* NULL after a soft error. */
static TrainingList *
list_from_text(const char *str, Node *escontext)
{
	Lexer		lexer = lexer_begin(str, "training_catalog", CATALOG_EXAMPLE, escontext);
	TrainingList *list = training_list_add(NULL, 0, 0, 0, NULL);

	while (*lexer.at != '\0')
	{
		CHECK_FOR_INTERRUPTS();
		if (!read_training(&lexer, &list) ||
			(!lexer_next(&lexer, ';') && !lexer_end(&lexer)))
			return NULL;
	}
	return list;
}

static void
append_amount(StringInfo str, double amount, char delimiter)
{
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	if (amount != TRAINING_UNKNOWN)
	{
		double_to_shortest_decimal_buf(amount, digits);
		appendStringInfoString(str, digits);
	}
	appendStringInfoChar(str, delimiter);
}

static char *
list_to_text(const TrainingList *list)
{
	StringInfoData str;
	const char *p = list->records;

	initStringInfo(&str);
	for (int i = 0; i < list->count; i++)
	{
		const TrainingRecord *record = (const TrainingRecord *) p;
		CompetencyView teaches = {(const char *) record->entries, record->count};

		CHECK_FOR_INTERRUPTS();
		appendStringInfo(&str, "%s%lld/", i > 0 ? ";" : "", (long long) record->id);
		append_amount(&str, record->hours, '/');
		append_amount(&str, record->cost, '=');
		enlargeStringInfo(&str, teaches.count * COMPETENCY_TEXT_WIDTH + 1);
		str.len = competency_set_print(str.data + str.len, &teaches) - str.data;

		p += TRAINING_RECORD_SIZE(record->count);
	}
	return str.data;
}

/* The wire form: a version byte and the text. */
static bytea *
list_to_wire(const TrainingList *list, const WireType *type)
{
	StringInfoData message;
	char	   *str = list_to_text(list);

	pq_begintypsend(&message);
	wire_send(&message, type);
	pq_sendtext(&message, str, strlen(str));
	return pq_endtypsend(&message);
}

static TrainingList *
list_from_wire(StringInfo message, const WireType *type)
{
	char	   *str;
	int			length;

	wire_receive(message, type);
	str = pq_getmsgtext(message, message->len - message->cursor, &length);

	return list_from_text(str, NULL);
}

PG_FUNCTION_INFO_V1(training_list_in);

Datum
training_list_in(PG_FUNCTION_ARGS)
{
	TrainingList *list = list_from_text(PG_GETARG_CSTRING(0), fcinfo->context);

	if (list == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(list);
}

PG_FUNCTION_INFO_V1(training_list_out);

Datum
training_list_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(list_to_text(DatumGetTrainingListP(PG_GETARG_DATUM(0))));
}

PG_FUNCTION_INFO_V1(training_list_recv);

Datum
training_list_recv(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(list_from_wire((StringInfo) PG_GETARG_POINTER(0), &training_list_wire));
}

PG_FUNCTION_INFO_V1(training_list_send);

Datum
training_list_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(list_to_wire(DatumGetTrainingListP(PG_GETARG_DATUM(0)), &training_list_wire));
}

PG_FUNCTION_INFO_V1(training_catalog_in);

Datum
training_catalog_in(PG_FUNCTION_ARGS)
{
	TrainingList *list = list_from_text(PG_GETARG_CSTRING(0), fcinfo->context);
	TrainingCatalog *catalog;

	if (list == NULL)
		PG_RETURN_NULL();
	catalog = training_catalog_build(list, fcinfo->context);
	if (catalog == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(catalog);
}

static TrainingList *
list_of_catalog_argument(FunctionCallInfo fcinfo, int n)
{
	return training_list_from_catalog(DatumGetTrainingCatalogP(PG_GETARG_DATUM(n)));
}

PG_FUNCTION_INFO_V1(training_catalog_out);

Datum
training_catalog_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(list_to_text(list_of_catalog_argument(fcinfo, 0)));
}

PG_FUNCTION_INFO_V1(training_catalog_recv);

Datum
training_catalog_recv(PG_FUNCTION_ARGS)
{
	TrainingList *list = list_from_wire((StringInfo) PG_GETARG_POINTER(0), &training_catalog_wire);

	PG_RETURN_POINTER(training_catalog_build(list, NULL));
}

PG_FUNCTION_INFO_V1(training_catalog_send);

Datum
training_catalog_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(list_to_wire(list_of_catalog_argument(fcinfo, 0), &training_catalog_wire));
}

/* The state: the first argument, which may be changed in place, or a new one. */
static TrainingList *
state_argument(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		return training_list_add(NULL, 0, 0, 0, NULL);
	if (AggCheckCallContext(fcinfo, NULL))
		return DatumGetTrainingListP(PG_GETARG_DATUM(0));
	return wire_detoast_copy(PG_GETARG_DATUM(0), &training_list_wire);
}

static double
amount_argument(FunctionCallInfo fcinfo, int n, const char *what)
{
	if (PG_ARGISNULL(n))
		return TRAINING_UNKNOWN;
	check_amount(PG_GETARG_FLOAT8(n), what, PG_GETARG_INT64(1), NULL);
	return PG_GETARG_FLOAT8(n) + 0.0;	/* -0 becomes 0: one number, one text */
}

PG_FUNCTION_INFO_V1(training_list_agg_add);

/* (state, training, teaches, hours, cost); hours and cost may be NULL. */
Datum
training_list_agg_add(PG_FUNCTION_ARGS)
{
	TrainingList *state = state_argument(fcinfo);
	CompetencyView teaches;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_POINTER(state);
	teaches = competency_view(PG_GETARG_DATUM(2));
	PG_RETURN_POINTER(training_list_add(state, PG_GETARG_INT64(1),
										amount_argument(fcinfo, 3, "hours"),
										amount_argument(fcinfo, 4, "cost"), &teaches));
}

static TrainingList *
append_list(TrainingList *state, const TrainingList *other)
{
	const char *p = other->records;

	for (int i = 0; i < other->count; i++)
	{
		const TrainingRecord *record = (const TrainingRecord *) p;
		CompetencyView teaches = {(const char *) record->entries, record->count};

		CHECK_FOR_INTERRUPTS();
		state = training_list_add(state, record->id, record->hours, record->cost, &teaches);
		p += TRAINING_RECORD_SIZE(record->count);
	}
	return state;
}

PG_FUNCTION_INFO_V1(training_list_combine);

Datum
training_list_combine(PG_FUNCTION_ARGS)
{
	TrainingList *state = state_argument(fcinfo);

	if (!PG_ARGISNULL(1))
		state = append_list(state, DatumGetTrainingListP(PG_GETARG_DATUM(1)));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(training_list_union_add);

Datum
training_list_union_add(PG_FUNCTION_ARGS)
{
	TrainingList *state = state_argument(fcinfo);

	if (!PG_ARGISNULL(1))
		state = append_list(state, list_of_catalog_argument(fcinfo, 1));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(training_list_final);

Datum
training_list_final(PG_FUNCTION_ARGS)
{
	TrainingList *list = DatumGetTrainingListP(PG_GETARG_DATUM(0));

	PG_RETURN_POINTER(training_catalog_build(list, NULL));
}
