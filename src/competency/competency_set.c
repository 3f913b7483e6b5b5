/*-------------------------------------------------------------------------
 *
 * competency_set.c
 *	  The type competency_set: building, text and binary form, comparison.
 *
 * src/competency/competency_set.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "comparison.h"
#include "compat.h"

#include "common/hashfn.h"
#include "competency/competency.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"

#define SET_EXAMPLE \
	"id:level or id:level*weight, separated by commas, as in 12:3,45:4*2"

/* An id, level and weight that may stand in a set; level 0 means "not held". */
bool
competency_check(int64 id, int64 level, int64 weight, Node *escontext)
{
	if (id < 1 || id > COMPETENCY_MAX_ID)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					   errmsg("competency id out of range"),
					   errdetail("The id is %lld.", (long long) id),
					   errhint("Ids are 1 to %d.", COMPETENCY_MAX_ID)));
	if (level < 0 || level > COMPETENCY_MAX_LEVEL)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					   errmsg("competency level out of range"),
					   errdetail("Competency %lld has level %lld.",
								 (long long) id, (long long) level),
					   errhint("Levels are 1 to %d, or 0 for not held.", COMPETENCY_MAX_LEVEL)));
	if (weight < 1 || weight > COMPETENCY_MAX_WEIGHT)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					   errmsg("competency weight out of range"),
					   errdetail("Competency %lld has weight %lld.",
								 (long long) id, (long long) weight),
					   errhint("Weights are 1 to %d.", COMPETENCY_MAX_WEIGHT)));
	return true;
}

bool
competency_check_count(int64 count, Node *escontext)
{
	if (count < 0 || count > COMPETENCY_MAX_ENTRIES)
		civic_ereturn(escontext, false,
					  (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					   errmsg("too many competencies"),
					   errdetail("There are %lld.", (long long) count),
					   errhint("A set or gap holds at most %d.", COMPETENCY_MAX_ENTRIES)));
	return true;
}

CompetencySet *
competency_set_alloc(int count)
{
	Size		size = COMPETENCY_SET_SIZE(count);
	CompetencySet *set = palloc(size);

	wire_begin(set, size, &competency_set_wire);
	return set;
}

void
competency_builder_init(CompetencyBuilder *builder, int capacity)
{
	builder->entries = palloc_array(CompetencyEntry, Max(capacity, 1));
	builder->count = 0;
	builder->capacity = Max(capacity, 1);
	builder->ordered = true;
}

/* False after a soft error. */
bool
competency_builder_add(CompetencyBuilder *builder, int64 id, int64 level, int64 weight,
					   Node *escontext)
{
	CompetencyEntry entry;

	if (!competency_check(id, level, weight, escontext))
		return false;
	if (level == 0)
		return true;
	if (!competency_check_count((int64) builder->count + 1, escontext))
		return false;
	if (builder->count == builder->capacity)
	{
		builder->capacity *= 2;
		builder->entries = repalloc_array(builder->entries, CompetencyEntry, builder->capacity);
	}
	entry = competency_entry((uint32) id, (uint32) level, (uint32) weight);
	if (builder->count > 0 && builder->entries[builder->count - 1] > entry)
		builder->ordered = false;
	builder->entries[builder->count++] = entry;
	return true;
}

/* For qsort: entries, or keys. */
int
competency_compare_words(const void *a, const void *b)
{
	uint32		x = *(const uint32 *) a;
	uint32		y = *(const uint32 *) b;

	return (x > y) - (x < y);
}

/* NULL after a soft error. */
CompetencySet *
competency_builder_finish(CompetencyBuilder *builder, Node *escontext)
{
	CompetencySet *set;

	if (!builder->ordered)
		qsort(builder->entries, builder->count, sizeof(CompetencyEntry), competency_compare_words);
	for (int i = 1; i < builder->count; i++)
	{
		uint32		id = competency_id(builder->entries[i]);

		if (id == competency_id(builder->entries[i - 1]))
			civic_ereturn(escontext, NULL,
						  (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						   errmsg("competency appears more than once"),
						   errdetail("Competency %u appears more than once.", id),
						   errhint("Use competency_agg() to keep the highest level of each competency.")));
	}
	set = competency_set_alloc(builder->count);
	if (builder->count > 0)
		memcpy(set->entries, builder->entries, builder->count * sizeof(CompetencyEntry));
	pfree(builder->entries);
	return set;
}

/* One "id:level" or "id:level*weight"; false where the text is something else. */
static bool
read_entry(Lexer *lexer, int64 *id, int64 *level, int64 *weight)
{
	if (!competency_read_number(lexer, id) || !lexer_next(lexer, ':') ||
		!competency_read_number(lexer, level))
		return false;
	*weight = 1;
	return !lexer_next(lexer, '*') || competency_read_number(lexer, weight);
}

/*
 * Read entries separated by commas up to the first character that cannot
 * belong to a set.  NULL after a soft error.
 */
CompetencySet *
competency_set_parse(Lexer *lexer)
{
	CompetencyBuilder builder;
	bool		first = true;

	competency_builder_init(&builder, 16);
	lexer_spaces(lexer);
	while (first ? lexer_is_digit(*lexer->at) : lexer_next(lexer, ','))
	{
		int64		id,
					level,
					weight;

		lexer_spaces(lexer);
		if (!read_entry(lexer, &id, &level, &weight))
		{
			lexer_fail(lexer);
			return NULL;
		}
		if (!competency_builder_add(&builder, id, level, weight, lexer->escontext))
			return NULL;
		lexer_spaces(lexer);
		first = false;
	}
	return competency_builder_finish(&builder, lexer->escontext);
}

/* The whole of a text.  NULL after a soft error. */
CompetencySet *
competency_set_from_text(const char *str, Node *escontext)
{
	Lexer		lexer = lexer_begin(str, "competency_set", SET_EXAMPLE, escontext);
	CompetencySet *set = competency_set_parse(&lexer);

	return set != NULL && lexer_end(&lexer) ? set : NULL;
}

PG_FUNCTION_INFO_V1(competency_set_in);

Datum
competency_set_in(PG_FUNCTION_ARGS)
{
	CompetencySet *set = competency_set_from_text(PG_GETARG_CSTRING(0), fcinfo->context);

	if (set == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(set);
}

/* Writes the canonical text into a buffer of COMPETENCY_TEXT_WIDTH per entry and one; returns its end. */
char	   *
competency_set_print(char *buffer, const CompetencyView *view)
{
	for (int i = 0; i < view->count; i++)
	{
		CompetencyEntry entry = competency_at(view, i);

		if (i > 0)
			*buffer++ = ',';
		buffer += pg_ultoa_n(competency_id(entry), buffer);
		*buffer++ = ':';
		buffer += pg_ultoa_n(competency_level(entry), buffer);
		if (competency_weight(entry) != 1)
		{
			*buffer++ = '*';
			buffer += pg_ultoa_n(competency_weight(entry), buffer);
		}
	}
	*buffer = '\0';
	return buffer;
}

PG_FUNCTION_INFO_V1(competency_set_out);

Datum
competency_set_out(PG_FUNCTION_ARGS)
{
	CompetencyView view = competency_view(PG_GETARG_DATUM(0));
	char	   *str = palloc(view.count * COMPETENCY_TEXT_WIDTH + 1);

	competency_set_print(str, &view);
	PG_RETURN_CSTRING(str);
}

/* The wire form: a version byte, the number of entries, the entries. */
CompetencySet *
competency_set_receive(StringInfo message, const WireType *type)
{
	int64		count;
	CompetencyBuilder builder;

	wire_receive(message, type);
	count = pq_getmsgint(message, 4);
	competency_check_count(count, NULL);
	competency_builder_init(&builder, 16);
	for (int64 i = 0; i < count; i++)
	{
		CompetencyEntry entry = pq_getmsgint(message, 4);

		competency_builder_add(&builder, competency_id(entry), competency_level(entry),
							   competency_weight(entry), NULL);
	}
	return competency_builder_finish(&builder, NULL);
}

PG_FUNCTION_INFO_V1(competency_set_recv);

Datum
competency_set_recv(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(competency_set_receive((StringInfo) PG_GETARG_POINTER(0), &competency_set_wire));
}

PG_FUNCTION_INFO_V1(competency_set_send);

Datum
competency_set_send(PG_FUNCTION_ARGS)
{
	CompetencyView view = competency_view(PG_GETARG_DATUM(0));
	StringInfoData message;

	pq_begintypsend(&message);
	wire_send(&message, &competency_set_wire);
	pq_sendint32(&message, view.count);
	for (int i = 0; i < view.count; i++)
		pq_sendint32(&message, competency_at(&view, i));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/*
 * Order: entry by entry, a set that is the beginning of another first.  It has
 * no meaning beyond GROUP BY, DISTINCT and unique indexes.
 */
static int
competency_set_order(FunctionCallInfo fcinfo)
{
	struct varlena *x = PG_GETARG_VARLENA_PP(0);
	struct varlena *y = PG_GETARG_VARLENA_PP(1);
	CompetencyView a = competency_view(PointerGetDatum(x));
	CompetencyView b = competency_view(PointerGetDatum(y));
	int			result = (a.count > b.count) - (a.count < b.count);

	for (int i = 0; i < Min(a.count, b.count); i++)
	{
		CompetencyEntry s = competency_at(&a, i);
		CompetencyEntry t = competency_at(&b, i);

		if (s != t)
		{
			result = s > t ? 1 : -1;
			break;
		}
	}
	PG_FREE_IF_COPY(x, 0);
	PG_FREE_IF_COPY(y, 1);
	return result;
}

CIVIC_COMPARISONS(competency_set, competency_set_order);

PG_FUNCTION_INFO_V1(competency_hash);

/* Of a set, of a gap: no padding, and equal values have equal bytes. */
Datum
competency_hash(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	Datum		hash = hash_any((unsigned char *) VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));

	PG_FREE_IF_COPY(value, 0);
	return hash;
}

PG_FUNCTION_INFO_V1(competency_hash_extended);

Datum
competency_hash_extended(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	Datum		hash = hash_any_extended((unsigned char *) VARDATA_ANY(value),
										 VARSIZE_ANY_EXHDR(value), PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(value, 0);
	return hash;
}
