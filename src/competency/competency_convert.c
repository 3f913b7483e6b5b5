/*-------------------------------------------------------------------------
 *
 * competency_convert.c
 *	  A competency_set from and to arrays, jsonb and rows.
 *
 * src/competency/competency_convert.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "catalog/pg_type.h"
#include "competency/competency.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/tuplestore.h"

/* The elements of an int4 array without NULLs; which names it in errors. */
static const Datum *
int_array(ArrayType *array, const char *which, int *count)
{
	Datum	   *elements;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must be a one-dimensional array", which),
				 errdetail("It has %d dimensions.", ARR_NDIM(array)),
				 errhint("Give one element for each competency.")));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not contain nulls", which),
				 errdetail("At least one element is null."),
				 errhint("Leave a competency out, or give it the level 0, where it is not held.")));
	deconstruct_array(array, INT4OID, sizeof(int32), true, TYPALIGN_INT, &elements, NULL, count);
	return elements;
}

static void
check_same_length(int ids, int other, const char *which)
{
	if (ids != other)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("ids and %s must have the same length", which),
				 errdetail("There are %d ids and %d %s.", ids, other, which),
				 errhint("Give one element for each competency.")));
}

PG_FUNCTION_INFO_V1(competency_set_from_arrays);

Datum
competency_set_from_arrays(PG_FUNCTION_ARGS)
{
	int			n_ids,
				n_levels,
				n_weights;
	const Datum *ids,
			   *levels,
			   *weights = NULL;
	CompetencyBuilder builder;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	ids = int_array(PG_GETARG_ARRAYTYPE_P(0), "ids", &n_ids);
	levels = int_array(PG_GETARG_ARRAYTYPE_P(1), "levels", &n_levels);
	check_same_length(n_ids, n_levels, "levels");
	if (!PG_ARGISNULL(2))
	{
		weights = int_array(PG_GETARG_ARRAYTYPE_P(2), "weights", &n_weights);
		check_same_length(n_ids, n_weights, "weights");
	}

	competency_builder_init(&builder, Min(n_ids, COMPETENCY_MAX_ENTRIES));
	for (int i = 0; i < n_ids; i++)
		competency_builder_add(&builder, DatumGetInt32(ids[i]), DatumGetInt32(levels[i]),
							   weights ? DatumGetInt32(weights[i]) : 1, NULL);
	PG_RETURN_POINTER(competency_builder_finish(&builder, NULL));
}

/* One of the three numbers of each entry, as an array in the order of the ids. */
static Datum
set_to_array(Datum set, uint32 (*number) (CompetencyEntry entry))
{
	CompetencyView view = competency_view(set);
	Datum	   *numbers = palloc_array(Datum, Max(view.count, 1));

	for (int i = 0; i < view.count; i++)
		numbers[i] = Int32GetDatum((int32) number(competency_at(&view, i)));
	return PointerGetDatum(construct_array(numbers, view.count, INT4OID, 4, true, TYPALIGN_INT));
}

PG_FUNCTION_INFO_V1(competency_set_ids);

Datum
competency_set_ids(PG_FUNCTION_ARGS)
{
	return set_to_array(PG_GETARG_DATUM(0), competency_id);
}

PG_FUNCTION_INFO_V1(competency_set_levels);

Datum
competency_set_levels(PG_FUNCTION_ARGS)
{
	return set_to_array(PG_GETARG_DATUM(0), competency_level);
}

PG_FUNCTION_INFO_V1(competency_set_weights);

Datum
competency_set_weights(PG_FUNCTION_ARGS)
{
	return set_to_array(PG_GETARG_DATUM(0), competency_weight);
}

PG_FUNCTION_INFO_V1(competency_set_each);

Datum
competency_set_each(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	CompetencyView view = competency_view(PG_GETARG_DATUM(0));

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < view.count; i++)
	{
		CompetencyEntry entry = competency_at(&view, i);
		Datum		values[3];
		bool		nulls[3] = {false, false, false};

		values[0] = Int32GetDatum((int32) competency_id(entry));
		values[1] = Int32GetDatum((int32) competency_level(entry));
		values[2] = Int32GetDatum((int32) competency_weight(entry));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

static void
jsonb_set_error(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("jsonb value is not a competency set"),
			 errdetail("%s", detail),
			 errhint("Write {\"id\": level} or {\"id\": {\"level\": level, \"weight\": weight}}, with whole numbers.")));
}

/* A whole number of JSON, whatever way it is written (3, 3.0, 30e-1). */
static int64
jsonb_number(const JsonbValue *value, const char *what)
{
	int64		number;
	char	   *str;
	Lexer		lexer;

	if (value->type != jbvNumeric)
		jsonb_set_error(psprintf("The %s is not a number.", what));
	str = numeric_normalize(value->val.numeric);
	lexer = lexer_begin(str, "competency_set", "{\"id\": level}", NULL);

	if (!competency_read_number(&lexer, &number) || *lexer.at != '\0')
		jsonb_set_error(psprintf("The %s %s is not a whole number within limits.", what, str));
	pfree(str);
	return number;
}

/* {"level": n} or {"level": n, "weight": n} */
static void
jsonb_entry(JsonbContainer *object, int64 *level, int64 *weight)
{
	JsonbIterator *it = JsonbIteratorInit(object);
	JsonbIteratorToken token;
	JsonbValue	value;
	bool		has_level = false;

	*weight = 1;
	if (!JsonContainerIsObject(object))
		jsonb_set_error("The value of a competency is neither a number nor an object.");
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		bool		is_level;
		char	   *key;

		if (token != WJB_KEY)
			continue;
		key = pnstrdup(value.val.string.val, value.val.string.len);
		is_level = strcmp(key, "level") == 0;
		if (!is_level && strcmp(key, "weight") != 0)
			jsonb_set_error(psprintf("There is an unknown key \"%s\".", key));
		(void) JsonbIteratorNext(&it, &value, true);
		if (is_level)
			*level = jsonb_number(&value, "level");
		else
			*weight = jsonb_number(&value, "weight");
		has_level |= is_level;
	}
	if (!has_level)
		jsonb_set_error("A competency has no level.");
}

PG_FUNCTION_INFO_V1(competency_set_from_jsonb);

Datum
competency_set_from_jsonb(PG_FUNCTION_ARGS)
{
	Jsonb	   *jsonb = PG_GETARG_JSONB_P(0);
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	value;
	CompetencyBuilder builder;

	if (!JB_ROOT_IS_OBJECT(jsonb))
		jsonb_set_error("It is not an object.");
	competency_builder_init(&builder, Min(JB_ROOT_COUNT(jsonb), COMPETENCY_MAX_ENTRIES));
	it = JsonbIteratorInit(&jsonb->root);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		int64		id,
					level = 0,
					weight = 1;
		char	   *key;
		Lexer		lexer;

		if (token != WJB_KEY)
			continue;
		key = pnstrdup(value.val.string.val, value.val.string.len);
		lexer = lexer_begin(key, "competency_set", "{\"id\": level}", NULL);
		if (!competency_read_number(&lexer, &id) || *lexer.at != '\0')
			jsonb_set_error(psprintf("The key \"%s\" is not a competency id.", key));
		(void) JsonbIteratorNext(&it, &value, true);
		if (value.type == jbvBinary)
			jsonb_entry(value.val.binary.data, &level, &weight);
		else
			level = jsonb_number(&value, "level");
		competency_builder_add(&builder, id, level, weight, NULL);
		pfree(key);
	}
	PG_RETURN_POINTER(competency_builder_finish(&builder, NULL));
}

PG_FUNCTION_INFO_V1(competency_set_to_jsonb);

/* Written as text and read by jsonb's own parser, whose building calls differ between versions. */
Datum
competency_set_to_jsonb(PG_FUNCTION_ARGS)
{
	CompetencyView view = competency_view(PG_GETARG_DATUM(0));
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	for (int i = 0; i < view.count; i++)
	{
		CompetencyEntry entry = competency_at(&view, i);

		appendStringInfo(&json, "%s\"%u\":", i > 0 ? "," : "", competency_id(entry));
		if (competency_weight(entry) == 1)
			appendStringInfo(&json, "%u", competency_level(entry));
		else
			appendStringInfo(&json, "{\"level\":%u,\"weight\":%u}",
							 competency_level(entry), competency_weight(entry));
	}
	appendStringInfoChar(&json, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
}
