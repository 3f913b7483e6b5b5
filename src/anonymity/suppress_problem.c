/*-------------------------------------------------------------------------
 *
 * suppress_problem.c
 *	  The SQL type suppression_problem: the cells of all tables that are to be
 *	  protected together, its text and binary forms and its aggregates.
 *
 * Text form: cells by number, separated by semicolons, each
 *	  cell = value [role] [singleton|alone] [width w] : member member ...
 * where role is primary, required or hidden (a candidate shows none), and a
 * member that is subtracted has a minus sign.
 *
 * src/anonymity/suppress_problem.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "suppress_problem.h"

#include "comparison.h"
#include "lexer.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

/* Far above any count or sum, and far below an overflow in the search. */
#define PROBLEM_MAX_VALUE	(INT64CONST(1) << 45)

#define PROBLEM_HEADER		offsetof(SuppressProblem, records)
#define PROBLEM_MAX_BYTES	((Size) MaxAllocSize)
#define PROBLEM_INITIAL_BYTES	((Size) 1024)

static const char *const role_names[SUPPRESS_ROLES] = {
	"candidate", "primary", "required", "hidden"
};

/* A cell on its way into a problem. */
typedef struct CellInput
{
	int64		cell;
	int64		value;
	int64		width;
	SuppressRole role;
	SuppressSingleton singleton;
	int32		nmembers;
	int32	   *members;
} CellInput;

/* ---- building ---- */

/*
 * Make room for more bytes of records.  Returns the same value, or a larger
 * copy in the current context: an aggregate's executor moves that into its own.
 */
static SuppressProblem *
problem_reserve(SuppressProblem *problem, Size more, bool in_place)
{
	Size		used = problem == NULL ? 0 : problem->used;
	Size		size = problem == NULL ? PROBLEM_INITIAL_BYTES : VARSIZE(problem);
	Size		needed = PROBLEM_HEADER + used + more;
	SuppressProblem *larger;

	if (problem != NULL && in_place && needed <= size)
		return problem;
	if (needed > PROBLEM_MAX_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("suppression problem is too large"),
				 errdetail("It would take more than %zu bytes.", PROBLEM_MAX_BYTES),
				 errhint("Leave out the finest level, or protect parts that share no cell one by one.")));
	while (size < needed)
		size = Min(size * 2, PROBLEM_MAX_BYTES);
	/* the slack takes part in copies, so it is cleared */
	larger = palloc0(size);
	if (problem != NULL)
		memcpy(larger, problem, PROBLEM_HEADER + used);
	wire_begin(larger, size, &suppress_problem_wire);
	return larger;
}

/* By inner cell; a repeated one is refused when the problem is unpacked. */
static int
compare_members(const void *a, const void *b)
{
	int32		x = *(const int32 *) a;
	int32		y = *(const int32 *) b;

	if (abs(x) != abs(y))
		return abs(x) < abs(y) ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void
sort_members(int32 *members, int32 n)
{
	for (int32 i = 1; i < n; i++)
	{
		if (compare_members(&members[i - 1], &members[i]) > 0)
		{
			qsort(members, n, sizeof(int32), compare_members);
			return;
		}
	}
}

static SuppressProblem *
problem_append(SuppressProblem *problem, const CellInput *input, bool in_place)
{
	Size		size = SUPPRESS_RECORD_SIZE(input->nmembers);
	SuppressRecord *record;

	problem = problem_reserve(problem, size, in_place);
	record = (SuppressRecord *) (problem->records + problem->used);
	memset(record, 0, size);
	record->cell = input->cell;
	record->value = input->value;
	record->width = input->width;
	record->role = input->role;
	record->singleton = input->singleton;
	record->nmembers = input->nmembers;
	memcpy(record->members, input->members, sizeof(int32) * input->nmembers);
	sort_members(record->members, record->nmembers);
	problem->used += size;
	problem->ncells++;
	return problem;
}

static int
compare_records(const void *a, const void *b, void *arg)
{
	int64		x = (*(SuppressRecord *const *) a)->cell;
	int64		y = (*(SuppressRecord *const *) b)->cell;

	return x < y ? -1 : x > y;
}

/* The canonical value: cells in order, each once, no slack. */
static SuppressProblem *
problem_finish(const SuppressProblem *problem, Node *escontext)
{
	int32		n = problem == NULL ? 0 : problem->ncells;
	SuppressRecord **sorted = palloc_extended(sizeof(SuppressRecord *) * Max(n, 1),
											  MCXT_ALLOC_HUGE);
	SuppressProblem *result = palloc(PROBLEM_HEADER + (n == 0 ? 0 : problem->used));
	SuppressRecord *record = n == 0 ? NULL : SUPPRESS_FIRST(problem);
	SuppressRecord *last = NULL;

	for (int32 i = 0; i < n; i++, record = SUPPRESS_NEXT(record))
		sorted[i] = record;
	qsort_interruptible(sorted, n, sizeof(SuppressRecord *), compare_records, NULL);

	result->ncells = 0;
	result->used = 0;
	for (int32 i = 0; i < n; i++)
	{
		Size		size = SUPPRESS_RECORD_SIZE(sorted[i]->nmembers);

		if (last != NULL && last->cell == sorted[i]->cell)
		{
			if (last->nmembers == sorted[i]->nmembers && memcmp(last, sorted[i], size) == 0)
				continue;
			civic_ereturn(escontext, NULL,
						  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						   errmsg("cell " INT64_FORMAT " is given twice and differently", last->cell),
						   errhint("Number the cells of all linked tables in one sequence.")));
		}
		last = memcpy(result->records + result->used, sorted[i], size);
		result->used += size;
		result->ncells++;
	}
	pfree(sorted);
	wire_begin(result, PROBLEM_HEADER + result->used, &suppress_problem_wire);
	return result;
}

/* What a cell may be, whichever way it comes in. */
static bool
check_cell(const CellInput *input, Node *escontext)
{
	bool		subtracts = false;

	if (input->nmembers == 0)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					   errmsg("cell " INT64_FORMAT " has no inner cells", input->cell),
					   errhint("List the numbers of the inner cells that it sums.")));
	for (int32 i = 0; i < input->nmembers; i++)
	{
		if (input->members[i] == 0 || input->members[i] == PG_INT32_MIN)
			civic_ereturn(escontext, false,
						  (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						   errmsg("inner cell number %d is out of range", input->members[i]),
						   errdetail("It is a member of cell " INT64_FORMAT ".", input->cell),
						   errhint("Number inner cells from 1; a minus sign subtracts.")));
		subtracts |= input->members[i] < 0;
	}
	if (input->value < (subtracts ? -PROBLEM_MAX_VALUE : 0) || input->value > PROBLEM_MAX_VALUE)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					   errmsg("value " INT64_FORMAT " of cell " INT64_FORMAT " is out of range",
							  input->value, input->cell),
					   errhint("Values are whole and from 0 to " INT64_FORMAT "; only a cell with a subtracted member may be negative.",
							   PROBLEM_MAX_VALUE)));
	if (input->width != SUPPRESS_DEFAULT_WIDTH &&
		(input->width < 0 || input->width > PROBLEM_MAX_VALUE))
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					   errmsg("width " INT64_FORMAT " of cell " INT64_FORMAT " is out of range",
							  input->width, input->cell),
					   errhint("A width is from 0 to " INT64_FORMAT ".", PROBLEM_MAX_VALUE)));
	return true;
}

static bool
parse_role(const char *name, SuppressRole *role)
{
	for (int i = 0; i < SUPPRESS_ROLES; i++)
	{
		if (strcmp(name, role_names[i]) == 0)
		{
			*role = (SuppressRole) i;
			return true;
		}
	}
	return false;
}

/* ---- text ---- */

#define PROBLEM_EXAMPLE \
	"cell = value [primary|required|hidden] [singleton|alone] [width w] : member member ..., with semicolons between cells"

static bool
take_number(Lexer *lexer, int64 *number)
{
	lexer_spaces(lexer);
	return lexer_integer(lexer, PG_INT64_MIN, PG_INT64_MAX, number);
}

/* One after another, up to what is no number; false where one is out of range. */
static bool
take_members(Lexer *lexer, CellInput *input, int32 *allocated)
{
	int64		number;

	while (take_number(lexer, &number))
	{
		if (number > PG_INT32_MAX || number < PG_INT32_MIN)
			return false;
		if (input->nmembers == *allocated)
		{
			*allocated *= 2;
			input->members = repalloc_huge(input->members, sizeof(int32) * *allocated);
		}
		input->members[input->nmembers++] = (int32) number;
	}
	return true;
}

/* cell = value [role] [singleton|alone] [width w] : members, up to ; or the end */
static bool
take_cell(Lexer *lexer, CellInput *input, int32 *allocated)
{
	char		word[NAMEDATALEN];

	input->role = SUPPRESS_CANDIDATE;
	input->singleton = SUPPRESS_SEVERAL;
	input->width = SUPPRESS_DEFAULT_WIDTH;
	input->nmembers = 0;
	if (!take_number(lexer, &input->cell) || !lexer_take(lexer, '=') ||
		!take_number(lexer, &input->value))
		return false;
	for (;;)
	{
		lexer_take_letters(lexer, word, sizeof(word));
		if (word[0] == '\0')
			break;
		if (strcmp(word, "singleton") == 0)
			input->singleton = SUPPRESS_ONE;
		else if (strcmp(word, "alone") == 0)
			input->singleton = SUPPRESS_ALONE;
		else if (strcmp(word, "width") == 0)
		{
			if (!take_number(lexer, &input->width) || input->width < 0)
				return false;
		}
		else if (!parse_role(word, &input->role))
			return false;
	}
	return lexer_take(lexer, ':') && take_members(lexer, input, allocated);
}

PG_FUNCTION_INFO_V1(suppression_problem_in);

Datum
suppression_problem_in(PG_FUNCTION_ARGS)
{
	Node	   *escontext = fcinfo->context;
	Lexer		lexer = lexer_begin(PG_GETARG_CSTRING(0), "suppression_problem", PROBLEM_EXAMPLE, escontext);
	SuppressProblem *problem = NULL;
	CellInput	input;
	int32		allocated = 16;

	input.members = palloc(sizeof(int32) * allocated);
	lexer_spaces(&lexer);
	while (*lexer.at != '\0')
	{
		CHECK_FOR_INTERRUPTS();
		if (!take_cell(&lexer, &input, &allocated))
		{
			lexer_fail(&lexer);
			PG_RETURN_NULL();
		}
		if (!check_cell(&input, escontext))
			PG_RETURN_NULL();
		problem = problem_append(problem, &input, true);
		if (!lexer_take(&lexer, ';') && !lexer_end(&lexer))
			PG_RETURN_NULL();
		lexer_spaces(&lexer);
	}
	problem = problem_finish(problem, escontext);
	if (problem == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(problem);
}

PG_FUNCTION_INFO_V1(suppression_problem_out);

Datum
suppression_problem_out(PG_FUNCTION_ARGS)
{
	SuppressProblem *problem = PG_GETARG_SUPPRESS_PROBLEM(0);
	SuppressRecord *record = SUPPRESS_FIRST(problem);
	StringInfoData str;

	initStringInfo(&str);
	for (int32 c = 0; c < problem->ncells; c++, record = SUPPRESS_NEXT(record))
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfo(&str, "%s" INT64_FORMAT " = " INT64_FORMAT,
						 c == 0 ? "" : "; ", record->cell, record->value);
		if (record->role != SUPPRESS_CANDIDATE)
			appendStringInfo(&str, " %s", role_names[record->role]);
		if (record->singleton != SUPPRESS_SEVERAL)
			appendStringInfoString(&str, record->singleton == SUPPRESS_ONE ? " singleton" : " alone");
		if (record->width != SUPPRESS_DEFAULT_WIDTH)
			appendStringInfo(&str, " width " INT64_FORMAT, record->width);
		appendStringInfoString(&str, " :");
		for (int32 i = 0; i < record->nmembers; i++)
			appendStringInfo(&str, " %d", record->members[i]);
	}
	PG_RETURN_CSTRING(str.data);
}

/* ---- binary ---- */

PG_FUNCTION_INFO_V1(suppression_problem_recv);

Datum
suppression_problem_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int32		ncells;
	SuppressProblem *problem = NULL;

	wire_receive(buf, &suppress_problem_wire);
	ncells = pq_getmsgint(buf, 4);
	for (int32 c = 0; c < ncells; c++)
	{
		CellInput	input;
		int			role;
		int			singleton;

		CHECK_FOR_INTERRUPTS();
		input.cell = pq_getmsgint64(buf);
		input.value = pq_getmsgint64(buf);
		input.width = pq_getmsgint64(buf);
		role = pq_getmsgbyte(buf);
		singleton = pq_getmsgbyte(buf);
		input.nmembers = pq_getmsgint(buf, 4);
		if (role >= SUPPRESS_ROLES || singleton >= SUPPRESS_SINGLETONS || input.nmembers < 0 ||
			input.nmembers > (buf->len - buf->cursor) / (int) sizeof(int32))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					 errmsg("invalid binary suppression_problem"),
					 errdetail("Cell " INT64_FORMAT " has role %d, singleton flag %d and %d members.",
							   input.cell, role, singleton, input.nmembers)));
		input.role = (SuppressRole) role;
		input.singleton = (SuppressSingleton) singleton;
		input.members = palloc(sizeof(int32) * Max(input.nmembers, 1));
		for (int32 i = 0; i < input.nmembers; i++)
			input.members[i] = (int32) pq_getmsgint(buf, 4);
		check_cell(&input, NULL);
		problem = problem_append(problem, &input, true);
		pfree(input.members);
	}
	PG_RETURN_POINTER(problem_finish(problem, NULL));
}

PG_FUNCTION_INFO_V1(suppression_problem_send);

Datum
suppression_problem_send(PG_FUNCTION_ARGS)
{
	SuppressProblem *problem = PG_GETARG_SUPPRESS_PROBLEM(0);
	SuppressRecord *record = SUPPRESS_FIRST(problem);
	StringInfoData buf;

	pq_begintypsend(&buf);
	wire_send(&buf, &suppress_problem_wire);
	pq_sendint32(&buf, problem->ncells);
	for (int32 c = 0; c < problem->ncells; c++, record = SUPPRESS_NEXT(record))
	{
		CHECK_FOR_INTERRUPTS();
		pq_sendint64(&buf, record->cell);
		pq_sendint64(&buf, record->value);
		pq_sendint64(&buf, record->width);
		pq_sendbyte(&buf, record->role);
		pq_sendbyte(&buf, record->singleton);
		pq_sendint32(&buf, record->nmembers);
		for (int32 i = 0; i < record->nmembers; i++)
			pq_sendint32(&buf, record->members[i]);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* ---- aggregation ---- */

static int64
required_bigint(FunctionCallInfo fcinfo, int n, const char *what)
{
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s of a cell must not be null", what)));
	return PG_GETARG_INT64(n);
}

/* The inner cells of a cell: a one-dimensional integer array without nulls. */
static void
members_from_array(FunctionCallInfo fcinfo, int n, CellInput *input)
{
	ArrayType  *array;

	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s of a cell must not be null", "members"),
				 errdetail("The cell is " INT64_FORMAT ".", input->cell)));
	array = PG_GETARG_ARRAYTYPE_P(n);
	if (ARR_NDIM(array) > 1 || array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("members of cell " INT64_FORMAT " must be a one-dimensional array without nulls",
						input->cell)));
	input->nmembers = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	/* ARR_DATA_PTR() mixes signed and unsigned, which we compile without */
	input->members = (int32 *) ((char *) array +
								(ARR_HASNULL(array) ? (Size) array->dataoffset :
								 ARR_OVERHEAD_NONULLS(ARR_NDIM(array))));
}

PG_FUNCTION_INFO_V1(suppression_problem_add);

/*
 * Transition: state, cell, members, value, role [, contributors, width].
 * Without contributors the value is a count, and a count of 1 is one person's.
 */
Datum
suppression_problem_add(PG_FUNCTION_ARGS)
{
	SuppressProblem *state = PG_ARGISNULL(0) ? NULL :
	PG_GETARG_SUPPRESS_PROBLEM(0);
	bool		in_place = AggCheckCallContext(fcinfo, NULL) != 0;
	CellInput	input;

	input.cell = required_bigint(fcinfo, 1, "number");
	members_from_array(fcinfo, 2, &input);
	input.value = required_bigint(fcinfo, 3, "value");
	input.role = SUPPRESS_CANDIDATE;
	if (!PG_ARGISNULL(4))
	{
		char	   *role = text_to_cstring(PG_GETARG_TEXT_PP(4));

		if (!parse_role(role, &input.role))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("unknown role \"%s\" of cell " INT64_FORMAT, role, input.cell),
					 errhint("A role is candidate (or null), primary, required or hidden.")));
		pfree(role);
	}
	input.singleton = input.value == 1 ? SUPPRESS_ONE : SUPPRESS_SEVERAL;
	input.width = SUPPRESS_DEFAULT_WIDTH;
	if (PG_NARGS() > 5)
	{
		input.singleton = !PG_ARGISNULL(5) && PG_GETARG_INT64(5) == 1 ? SUPPRESS_ALONE : SUPPRESS_SEVERAL;
		if (!PG_ARGISNULL(6))
		{
			input.width = PG_GETARG_INT64(6);
			if (input.width < 0)
				ereport(ERROR,
						(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						 errmsg("width " INT64_FORMAT " of cell " INT64_FORMAT " is out of range",
								input.width, input.cell),
						 errhint("A width is 0 or more; null stands for the default.")));
		}
	}
	check_cell(&input, NULL);
	PG_RETURN_POINTER(problem_append(state, &input, in_place));
}

PG_FUNCTION_INFO_V1(suppression_problem_merge);

/* The cells of both; also the transition of suppression_problem_union. */
Datum
suppression_problem_merge(PG_FUNCTION_ARGS)
{
	SuppressProblem *state;
	SuppressProblem *other;
	bool		in_place = AggCheckCallContext(fcinfo, NULL) != 0;

	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	other = PG_GETARG_SUPPRESS_PROBLEM(1);
	state = PG_ARGISNULL(0) ? NULL : PG_GETARG_SUPPRESS_PROBLEM(0);

	state = problem_reserve(state, other->used, in_place);
	memcpy(state->records + state->used, other->records, other->used);
	state->used += other->used;
	state->ncells += other->ncells;
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(suppression_problem_finish);

Datum
suppression_problem_finish(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(problem_finish(PG_GETARG_SUPPRESS_PROBLEM(0),
									 NULL));
}

/* ---- comparison: of the canonical bytes, an order without a meaning ---- */

static int
problem_compare(FunctionCallInfo fcinfo)
{
	SuppressProblem *a = PG_GETARG_SUPPRESS_PROBLEM(0);
	SuppressProblem *b = PG_GETARG_SUPPRESS_PROBLEM(1);
	int			result = memcmp(a->records, b->records, Min(a->used, b->used));

	if (result == 0)
		result = a->used < b->used ? -1 : a->used > b->used;
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return result;
}

CIVIC_EQUALITY(suppression_problem, problem_compare);

PG_FUNCTION_INFO_V1(suppression_problem_hash);

Datum
suppression_problem_hash(PG_FUNCTION_ARGS)
{
	SuppressProblem *problem = PG_GETARG_SUPPRESS_PROBLEM(0);
	uint32		hash = hash_bytes((unsigned char *) problem->records, (int) problem->used);

	PG_FREE_IF_COPY(problem, 0);
	PG_RETURN_INT32((int32) hash);
}

PG_FUNCTION_INFO_V1(suppression_problem_hash_extended);

Datum
suppression_problem_hash_extended(PG_FUNCTION_ARGS)
{
	SuppressProblem *problem = PG_GETARG_SUPPRESS_PROBLEM(0);
	uint64		hash = hash_bytes_extended((unsigned char *) problem->records,
										   (int) problem->used, PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(problem, 0);
	PG_RETURN_INT64((int64) hash);
}

/* ---- accessor ---- */

PG_FUNCTION_INFO_V1(suppression_cells);

Datum
suppression_cells(PG_FUNCTION_ARGS)
{
	SuppressProblem *problem = PG_GETARG_SUPPRESS_PROBLEM(0);
	SuppressRecord *record = SUPPRESS_FIRST(problem);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int32 c = 0; c < problem->ncells; c++, record = SUPPRESS_NEXT(record))
	{
		Datum		values[6];
		bool		nulls[6] = {false};
		Datum	   *members = palloc(sizeof(Datum) * record->nmembers);
		ArrayType  *array;

		CHECK_FOR_INTERRUPTS();
		for (int32 i = 0; i < record->nmembers; i++)
			members[i] = Int32GetDatum(record->members[i]);
		array = construct_array(members, record->nmembers, INT4OID, sizeof(int32), true, TYPALIGN_INT);
		values[0] = Int64GetDatum(record->cell);
		values[1] = Int64GetDatum(record->value);
		values[2] = CStringGetTextDatum(role_names[record->role]);
		values[3] = BoolGetDatum(record->singleton != SUPPRESS_SEVERAL);
		values[4] = Int64GetDatum(record->width);
		nulls[4] = record->width == SUPPRESS_DEFAULT_WIDTH;
		values[5] = PointerGetDatum(array);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		pfree(members);
		pfree(array);
	}
	return (Datum) 0;
}
