/*-------------------------------------------------------------------------
 *
 * gap_histogram.c
 *	  The type gap_histogram: text and binary form, comparison, rows.
 *
 * src/competency/gap_histogram.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "comparison.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "common/int.h"
#include "competency/gap_histogram.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#define HISTOGRAM_EXAMPLE "people/people short|id-missing:people,..., as in 10/4|12-1:3,45-2:1"

/* Room for cells, none of them in use. */
GapHistogram *
gap_histogram_alloc(uint32 ncells)
{
	Size		size = add_size(offsetof(GapHistogram, cells), mul_size(ncells, sizeof(GapCell)));
	GapHistogram *histogram = palloc0(size);

	wire_begin(histogram, size, &gap_histogram_wire);
	return histogram;
}

static int
compare_cells(const void *a, const void *b, void *arg)
{
	return competency_compare_words(&((const GapCell *) a)->key, &((const GapCell *) b)->key);
}

/*
 * The value with its cells in order: itself where it has them so, then not to be
 * changed.
 */
GapHistogram *
gap_histogram_sorted(Datum value)
{
	GapHistogram *histogram = DatumGetGapHistogramP(value);
	GapHistogram *sorted;

	if (histogram->slots == 0)
		return histogram;
	sorted = gap_histogram_alloc(histogram->count);
	sorted->people = histogram->people;
	sorted->short_people = histogram->short_people;
	for (uint32 i = 0; i < histogram->slots; i++)
		if (histogram->cells[i].key != 0)
			sorted->cells[sorted->count++] = histogram->cells[i];
	Assert(sorted->count == histogram->count);
	qsort_interruptible(sorted->cells, sorted->count, sizeof(GapCell), compare_cells, NULL);
	return sorted;
}

/*
 * A histogram that comes from outside: the cells ascend, and nobody is counted
 * twice for one competency.  False after a soft error.
 */
static bool
check_histogram(const GapHistogram *histogram, Node *escontext)
{
	const char *fault = NULL;
	int64		people_of_id = 0;

	if (histogram->people < 0 || histogram->short_people < 0 ||
		histogram->short_people > histogram->people)
		fault = "More people are short than were counted, or a number is negative.";
	for (uint32 i = 0; i < histogram->count && fault == NULL; i++)
	{
		const GapCell *cell = &histogram->cells[i];
		uint32		last = i > 0 ? cell[-1].key : 0;

		if (cell->key >> 4 == 0 || (cell->key & 0xF) == 0 ||
			cell->key >> 4 > COMPETENCY_MAX_ID)
			fault = "A competency id or a number of missing levels is out of range.";
		else if (cell->key <= last)
			fault = "The cells do not ascend by competency and missing levels.";
		else if (cell->people < 1)
			fault = "A cell without people is listed.";
		else
		{
			if (cell->key >> 4 != last >> 4)
				people_of_id = 0;
			if (cell->people > histogram->short_people - people_of_id)
				fault = "More people are short of a competency than are short at all.";
			people_of_id += cell->people;
		}
	}
	if (fault != NULL)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					   errmsg("invalid gap histogram"),
					   errdetail("%s", fault),
					   errhint("Write it as %s.", HISTOGRAM_EXAMPLE)));
	return true;
}

static bool
check_cell_count(int64 count, Node *escontext)
{
	if (count > GAP_HISTOGRAM_MAX_CELLS)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					   errmsg("gap histogram has too many cells"),
					   errdetail("There are %lld.", (long long) count),
					   errhint("A histogram holds at most %d pairs of competency and missing levels.",
							   GAP_HISTOGRAM_MAX_CELLS)));
	return true;
}

static bool
read_people(Lexer *lexer, int64 *people)
{
	return lexer_integer(lexer, 0, PG_INT64_MAX, people);
}

static bool
read_cell(Lexer *lexer, GapCell *cell)
{
	int64		id,
				missing;

	if (!competency_read_number(lexer, &id) || !lexer_next(lexer, '-') ||
		!lexer_integer(lexer, 0, COMPETENCY_MAX_LEVEL, &missing) ||
		!lexer_next(lexer, ':') || !read_people(lexer, &cell->people))
		return false;
	cell->key = competency_key((uint32) id, (uint32) missing);
	cell->unused = 0;
	return true;
}

PG_FUNCTION_INFO_V1(gap_histogram_in);

Datum
gap_histogram_in(PG_FUNCTION_ARGS)
{
	Node	   *escontext = fcinfo->context;
	Lexer		lexer = lexer_begin(PG_GETARG_CSTRING(0), "gap_histogram", HISTOGRAM_EXAMPLE, escontext);
	GapHistogram *histogram;
	int64		commas = 0;
	bool		valid;

	for (const char *p = lexer.at; *p != '\0'; p++)
		commas += *p == ',';
	if (!check_cell_count(commas + 1, escontext))
		PG_RETURN_NULL();
	histogram = gap_histogram_alloc((uint32) commas + 1);
	valid = read_people(&lexer, &histogram->people) && lexer_next(&lexer, '/') &&
		read_people(&lexer, &histogram->short_people) && lexer_next(&lexer, '|');
	while (valid && *lexer.at != '\0')
	{
		CHECK_FOR_INTERRUPTS();
		valid = (histogram->count == 0 || lexer_next(&lexer, ',')) &&
			read_cell(&lexer, &histogram->cells[histogram->count]);
		histogram->count += valid;
	}
	if (!valid)
	{
		lexer_fail(&lexer);
		PG_RETURN_NULL();
	}
	if (!check_histogram(histogram, escontext))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(histogram);
}

PG_FUNCTION_INFO_V1(gap_histogram_out);

Datum
gap_histogram_out(PG_FUNCTION_ARGS)
{
	const GapHistogram *histogram = gap_histogram_sorted(PG_GETARG_DATUM(0));
	StringInfoData str;

	initStringInfo(&str);
	appendStringInfo(&str, "%lld/%lld|", (long long) histogram->people,
					 (long long) histogram->short_people);
	for (uint32 i = 0; i < histogram->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfo(&str, "%s%u-%u:%lld", i > 0 ? "," : "",
						 histogram->cells[i].key >> 4, histogram->cells[i].key & 0xF,
						 (long long) histogram->cells[i].people);
	}
	PG_RETURN_CSTRING(str.data);
}

PG_FUNCTION_INFO_V1(gap_histogram_recv);

/* The wire form: a version byte, people, people short, the number of cells, of each key and people. */
Datum
gap_histogram_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int64		people,
				short_people,
				count;
	GapHistogram *histogram;

	wire_receive(message, &gap_histogram_wire);
	people = pq_getmsgint64(message);
	short_people = pq_getmsgint64(message);
	count = pq_getmsgint(message, 4);
	check_cell_count(count, NULL);
	/* do not allocate for cells that the message cannot hold */
	if (count > (message->len - message->cursor) / (int64) (sizeof(uint32) + sizeof(int64)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("binary gap histogram is too short"),
				 errdetail("It announces %lld cells.", (long long) count),
				 errhint("Send it as gap_histogram's binary output does.")));
	histogram = gap_histogram_alloc((uint32) count);
	histogram->people = people;
	histogram->short_people = short_people;
	for (int64 i = 0; i < count; i++)
	{
		histogram->cells[i].key = pq_getmsgint(message, 4);
		histogram->cells[i].people = pq_getmsgint64(message);
		histogram->count++;
	}
	check_histogram(histogram, NULL);
	PG_RETURN_POINTER(histogram);
}

PG_FUNCTION_INFO_V1(gap_histogram_send);

Datum
gap_histogram_send(PG_FUNCTION_ARGS)
{
	const GapHistogram *histogram = gap_histogram_sorted(PG_GETARG_DATUM(0));
	StringInfoData message;

	pq_begintypsend(&message);
	wire_send(&message, &gap_histogram_wire);
	pq_sendint64(&message, histogram->people);
	pq_sendint64(&message, histogram->short_people);
	pq_sendint32(&message, histogram->count);
	for (uint32 i = 0; i < histogram->count; i++)
	{
		pq_sendint32(&message, histogram->cells[i].key);
		pq_sendint64(&message, histogram->cells[i].people);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

static int
compare_int64(int64 a, int64 b)
{
	return (a > b) - (a < b);
}

/* By people, people short, then cell by cell. */
static int
gap_histogram_order(FunctionCallInfo fcinfo)
{
	GapHistogram *a = gap_histogram_sorted(PG_GETARG_DATUM(0));
	GapHistogram *b = gap_histogram_sorted(PG_GETARG_DATUM(1));
	int			result = compare_int64(a->people, b->people);

	if (result == 0)
		result = compare_int64(a->short_people, b->short_people);
	for (uint32 i = 0; result == 0 && i < Min(a->count, b->count); i++)
	{
		result = compare_int64(a->cells[i].key, b->cells[i].key);
		if (result == 0)
			result = compare_int64(a->cells[i].people, b->cells[i].people);
	}
	if (result == 0)
		result = compare_int64(a->count, b->count);
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return result;
}

CIVIC_EQUALITY(gap_histogram, gap_histogram_order);

/* What a hash is taken of: everything behind the number of slots. */
static const unsigned char *
hashed_bytes(const GapHistogram *histogram, int *length)
{
	*length = (int) (offsetof(GapHistogram, cells) - offsetof(GapHistogram, count) +
					 histogram->count * sizeof(GapCell));
	return (const unsigned char *) &histogram->count;
}

PG_FUNCTION_INFO_V1(gap_histogram_hash);

Datum
gap_histogram_hash(PG_FUNCTION_ARGS)
{
	int			length;
	const unsigned char *bytes = hashed_bytes(gap_histogram_sorted(PG_GETARG_DATUM(0)), &length);

	return hash_any(bytes, length);
}

PG_FUNCTION_INFO_V1(gap_histogram_hash_extended);

Datum
gap_histogram_hash_extended(PG_FUNCTION_ARGS)
{
	int			length;
	const unsigned char *bytes = hashed_bytes(gap_histogram_sorted(PG_GETARG_DATUM(0)), &length);

	return hash_any_extended(bytes, length, PG_GETARG_INT64(1));
}

PG_FUNCTION_INFO_V1(gap_histogram_people);

Datum
gap_histogram_people(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(DatumGetGapHistogramP(PG_GETARG_DATUM(0))->people);
}

PG_FUNCTION_INFO_V1(gap_histogram_people_short);

Datum
gap_histogram_people_short(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(DatumGetGapHistogramP(PG_GETARG_DATUM(0))->short_people);
}

/* The row of the competency whose first cell is at "from"; returns the cell after its last. */
static uint32
put_competency(ReturnSetInfo *rsinfo, const GapHistogram *histogram, uint32 from)
{
	uint32		id = histogram->cells[from].key >> 4;
	Datum		by_missing[COMPETENCY_MAX_LEVEL];
	uint32		greatest = 0;
	int64		people = 0,
				levels = 0;
	Datum		values[4];
	bool		nulls[4] = {false, false, false, false};

	while (from < histogram->count && histogram->cells[from].key >> 4 == id)
	{
		const GapCell *cell = &histogram->cells[from++];
		uint32		missing = cell->key & 0xF;
		int64		missing_levels;

		Assert(missing > greatest && missing <= COMPETENCY_MAX_LEVEL);
		while (greatest < missing)
			by_missing[greatest++] = Int64GetDatum(0);
		by_missing[missing - 1] = Int64GetDatum(cell->people);
		people += cell->people;
		if (pg_mul_s64_overflow(cell->people, missing, &missing_levels) ||
			pg_add_s64_overflow(levels, missing_levels, &levels))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("bigint out of range"),
					 errdetail("Competency %u lacks more levels than a bigint holds.", id),
					 errhint("Count fewer people in one histogram.")));
	}
	values[0] = Int32GetDatum((int32) id);
	values[1] = Int64GetDatum(people);
	values[2] = Int64GetDatum(levels);
	values[3] = PointerGetDatum(construct_array(by_missing, (int) greatest, INT8OID, sizeof(int64),
												FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	return from;
}

PG_FUNCTION_INFO_V1(gap_histogram_each);

Datum
gap_histogram_each(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	const GapHistogram *histogram = gap_histogram_sorted(PG_GETARG_DATUM(0));
	uint32		next = 0;

	InitMaterializedSRF(fcinfo, 0);
	while (next < histogram->count)
		next = put_competency(rsinfo, histogram, next);
	return (Datum) 0;
}
