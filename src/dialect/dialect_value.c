/*-------------------------------------------------------------------------
 *
 * dialect_value.c
 *	  Reading, comparing and giving back the values of a rule dialect.
 *
 * A jbvBinary points at an array or object in stored form; jbvArray and
 * jbvObject are what a rule made, and may contain the former.  A jbvDatetime
 * is CertLogic's date-time: milliseconds since 1970 as an int64.
 *
 * src/dialect/dialect_value.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lexer.h"

#include "dialect.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

/* A message shows so many bytes of a value, and none of a larger container. */
#define DESCRIBED_LENGTH	200
#define DESCRIBED_SIZE		8192

static void expand(DialectState *state, const JsonbValue *value, JsonbValue *result);

/* The value of a whole jsonb, a bare scalar as itself. */
void
dialect_root(Jsonb *jb, JsonbValue *result)
{
	if (JB_ROOT_IS_SCALAR(jb))
		(void) JsonbExtractScalar(&jb->root, result);
	else
	{
		result->type = jbvBinary;
		result->val.binary.data = &jb->root;
		result->val.binary.len = VARSIZE(jb) - VARHDRSZ;
	}
}

void
dialect_set_bool(JsonbValue *result, bool value)
{
	result->type = jbvBool;
	result->val.boolean = value;
}

void
dialect_set_string(JsonbValue *result, const char *str, int len)
{
	result->type = jbvString;
	result->val.string.val = unconstify(char *, str);
	result->val.string.len = len;
}

void
dialect_set_array(JsonbValue *result, JsonbValue *items, int nitems)
{
	result->type = jbvArray;
	result->val.array.nElems = nitems;
	result->val.array.elems = items;
	result->val.array.rawScalar = false;
}

/* The pairs must be in jsonb's order: shorter keys first. */
void
dialect_set_pairs(JsonbValue *result, JsonbPair *pairs, int npairs)
{
	result->type = jbvObject;
	result->val.object.nPairs = npairs;
	result->val.object.pairs = pairs;
}

bool
dialect_is_array(const JsonbValue *value)
{
	return value->type == jbvArray ||
		(value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data));
}

/* Items of an array or keys of an object; -1 for anything else. */
int
dialect_size(const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvArray:
			return value->val.array.nElems;
		case jbvObject:
			return value->val.object.nPairs;
		case jbvBinary:
			return JsonContainerSize(value->val.binary.data);
		default:
			return -1;
	}
}

/* The items of an array, and how many. */
int
dialect_items(DialectState *state, const JsonbValue *value, JsonbValue **items)
{
	int			n = dialect_size(value);
	JsonbIterator *it;
	JsonbValue	item;
	JsonbIteratorToken token;

	if (value->type == jbvArray)
	{
		*items = value->val.array.elems;
		return n;
	}

	dialect_charge(state, n, (int64) n * sizeof(JsonbValue));
	*items = palloc(mul_size(sizeof(JsonbValue), Max(n, 1)));
	n = 0;
	it = JsonbIteratorInit(value->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &item, true)) != WJB_DONE)
	{
		if (token == WJB_ELEM)
			(*items)[n++] = item;
	}
	return n;
}

/* "0", "7", "12": an array index as JSON writes one. */
static bool
parse_index(const char *key, int keylen, uint32 *index)
{
	if (keylen < 1 || keylen > 9 || (key[0] == '0' && keylen > 1))
		return false;
	*index = 0;
	for (int i = 0; i < keylen; i++)
	{
		if (!lexer_is_digit(key[i]))
			return false;
		*index = *index * 10 + (key[i] - '0');
	}
	return true;
}

/* Member of an object by key or of an array by index; false if absent. */
bool
dialect_member(const JsonbValue *value, const char *key, int keylen,
			   JsonbValue *result)
{
	uint32		index;
	JsonbValue *item;

	if (value->type == jbvObject)
	{
		for (int i = 0; i < value->val.object.nPairs; i++)
		{
			const JsonbPair *pair = &value->val.object.pairs[i];

			if (pair->key.val.string.len == keylen &&
				memcmp(pair->key.val.string.val, key, keylen) == 0)
			{
				*result = pair->value;
				return true;
			}
		}
		return false;
	}
	if (value->type == jbvBinary && JsonContainerIsObject(value->val.binary.data))
		return getKeyJsonValueFromContainer(value->val.binary.data, key, keylen,
											result) != NULL;
	if (!dialect_is_array(value) || !parse_index(key, keylen, &index) ||
		index >= (uint32) dialect_size(value))
		return false;

	if (value->type == jbvArray)
		*result = value->val.array.elems[index];
	else
	{
		item = getIthJsonbValueFromContainer(value->val.binary.data, index);
		*result = *item;
		pfree(item);
	}
	return true;
}

/* "a.0.b": member of member; false if any is absent. */
bool
dialect_path(const JsonbValue *value, const char *path, int pathlen,
			 JsonbValue *result)
{
	const char *end = path + pathlen;
	JsonbValue	here = *value;

	for (;;)
	{
		const char *dot = memchr(path, '.', end - path);
		JsonbValue	member;

		if (!dialect_member(&here, path, (dot ? dot : end) - path, &member))
			return false;
		here = member;
		if (dot == NULL)
			break;
		path = dot + 1;
	}
	*result = here;
	return true;
}

int
dialect_text_compare(const JsonbValue *a, const JsonbValue *b)
{
	int			alen = a->val.string.len;
	int			blen = b->val.string.len;
	int			order = memcmp(a->val.string.val, b->val.string.val, Min(alen, blen));

	return order != 0 ? order : (alen > blen) - (alen < blen);
}

/* Equal in type and value; arrays and objects by content. */
bool
dialect_equal(DialectState *state, const JsonbValue *a, const JsonbValue *b)
{
	bool		container = dialect_size(a) >= 0;
	JsonbValue	ax;
	JsonbValue	bx;

	if (container != (dialect_size(b) >= 0))
		return false;
	if (container)
	{
		if (dialect_size(a) != dialect_size(b) ||
			dialect_is_array(a) != dialect_is_array(b))
			return false;
		if (a->type == jbvBinary && b->type == jbvBinary)
			return compareJsonbContainers(a->val.binary.data,
										  b->val.binary.data) == 0;
		expand(state, a, &ax);
		expand(state, b, &bx);
		return compareJsonbContainers(&JsonbValueToJsonb(&ax)->root,
									  &JsonbValueToJsonb(&bx)->root) == 0;
	}
	if (a->type != b->type)
		return false;
	switch (a->type)
	{
		case jbvNull:
			return true;
		case jbvBool:
			return a->val.boolean == b->val.boolean;
		case jbvNumeric:
			return dialect_number_compare(a->val.numeric, b->val.numeric) == 0;
		case jbvString:
			return dialect_text_compare(a, b) == 0;
		default:				/* jbvDatetime */
			return DatumGetInt64(a->val.datetime.value) ==
				DatumGetInt64(b->val.datetime.value);
	}
}

/*
 * A value without stored parts and without date-times, as JsonbValueToJsonb
 * wants it.  Arrays that a rule made may share items, so this pays again for
 * each of them.
 */
static void
expand_items(DialectState *state, const JsonbValue *value, JsonbValue *result)
{
	JsonbValue *items;
	int			n = dialect_items(state, value, &items);
	JsonbValue *copies = palloc(mul_size(sizeof(JsonbValue), Max(n, 1)));

	dialect_charge(state, n, (int64) n * sizeof(JsonbValue));
	for (int i = 0; i < n; i++)
		expand(state, &items[i], &copies[i]);
	dialect_set_array(result, copies, n);
}

static void
expand_object(DialectState *state, const JsonbValue *value, JsonbValue *result)
{
	int			n = dialect_size(value);
	JsonbPair  *pairs = palloc0(mul_size(sizeof(JsonbPair), Max(n, 1)));

	dialect_charge(state, n, (int64) n * sizeof(JsonbPair));
	if (value->type == jbvObject)
	{
		memcpy(pairs, value->val.object.pairs, sizeof(JsonbPair) * n);
		for (int i = 0; i < n; i++)
			expand(state, &value->val.object.pairs[i].value, &pairs[i].value);
	}
	else
	{
		JsonbIterator *it = JsonbIteratorInit(value->val.binary.data);
		JsonbValue	part;
		JsonbIteratorToken token;
		int			i = 0;

		while ((token = JsonbIteratorNext(&it, &part, true)) != WJB_DONE)
		{
			if (token == WJB_KEY)
				pairs[i].key = part;
			else if (token == WJB_VALUE)
				expand(state, &part, &pairs[i++].value);
		}
	}
	dialect_set_pairs(result, pairs, n);
}

static void
expand(DialectState *state, const JsonbValue *value, JsonbValue *result)
{
	check_stack_depth();
	if (value->type == jbvDatetime)
	{
		char	   *str = dialect_certlogic_format_instant(DatumGetInt64(value->val.datetime.value));

		dialect_set_string(result, str, strlen(str));
	}
	else if (dialect_size(value) < 0)
		*result = *value;
	else if (dialect_is_array(value))
		expand_items(state, value, result);
	else
		expand_object(state, value, result);
}

/* The value as a jsonb of its own. */
Jsonb	   *
dialect_result(DialectState *state, const JsonbValue *value)
{
	JsonbValue	whole;

	if (value->type == jbvBinary)
		whole = *value;
	else
		expand(state, value, &whole);
	return JsonbValueToJsonb(&whole);
}

/*
 * The value as JSON text for a message, its end left off if it is long.  What
 * the rule made is not shown: it may be far larger than what it is made of.
 */
char	   *
dialect_describe(const JsonbValue *value)
{
	DialectState state = {0};
	Jsonb	   *jb;
	StringInfoData str;

	if (value->type == jbvArray ||
		(value->type == jbvBinary && value->val.binary.len > DESCRIBED_SIZE &&
		 dialect_is_array(value)))
		return psprintf("an array of size %d", dialect_size(value));
	if (value->type == jbvObject ||
		(value->type == jbvBinary && value->val.binary.len > DESCRIBED_SIZE))
		return psprintf("an object of size %d", dialect_size(value));

	jb = dialect_result(&state, value);
	initStringInfo(&str);
	(void) JsonbToCString(&str, &jb->root, VARSIZE(jb));
	if (str.len > DESCRIBED_LENGTH)
	{
		str.len = pg_mbcliplen(str.data, str.len, DESCRIBED_LENGTH);
		str.data[str.len] = '\0';

		appendStringInfoString(&str, "...");
	}
	return str.data;
}
