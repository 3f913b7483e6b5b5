/*-------------------------------------------------------------------------
 *
 * jsonlogic_data.c
 *	  JsonLogic's operators that read the data: var, val, exists, missing.
 *
 * src/dialect/jsonlogic_data.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "jsonlogic.h"
#include "utils/builtins.h"

/* The key that a string or number names; false for other values. */
static bool
key_text(const JsonbValue *value, const char **key, int *keylen)
{
	if (value->type == jbvString)
	{
		*key = value->val.string.val;
		*keylen = value->val.string.len;
		return true;
	}
	if (value->type == jbvNumeric)
	{
		Datum		trimmed = DirectFunctionCall1(numeric_trim_scale,
												  NumericGetDatum(value->val.numeric));

		*key = DatumGetCString(DirectFunctionCall1(numeric_out, trimmed));
		*keylen = strlen(*key);
		return true;
	}
	return false;
}

/*
 * A loop keeps the objects that its body sees in place: what is to outlive a
 * turn of the loop needs its own pairs.
 */
static void
detach(DialectState *state, JsonbValue *value)
{
	JsonbPair  *pairs;
	int			n;

	if (value->type != jbvObject)
		return;
	n = value->val.object.nPairs;
	dialect_charge(state, n, (int64) n * sizeof(JsonbPair));
	pairs = palloc(mul_size(sizeof(JsonbPair), Max(n, 1)));
	memcpy(pairs, value->val.object.pairs, sizeof(JsonbPair) * n);
	value->val.object.pairs = pairs;
}

/* Looks up "a.0.b"; the empty path and null are all the data. */
static bool
find_path(const JsonbValue *data, const JsonbValue *path, JsonbValue *result)
{
	const char *str;
	int			len;

	if (path->type == jbvNull || dialect_size(path) == 0 ||
		(path->type == jbvString && path->val.string.len == 0))
	{
		*result = *data;
		return true;
	}
	return key_text(path, &str, &len) && dialect_path(data, str, len, result);
}

/* {"var": path} or {"var": [path, default]} */
bool
dialect_jsonlogic_var(DialectState *state, const DialectExpr *expr,
					  const DialectScope *scope, JsonbValue *result)
{
	JsonbValue *args;
	int			nargs;

	if (!dialect_jsonlogic_arguments(state, expr, scope, &args, &nargs))
		return false;
	if (nargs == 0)
		*result = *scope->value;
	else if (!find_path(scope->value, args, result))
	{
		if (nargs > 1)
			*result = args[1];
		else
			result->type = jbvNull;
	}
	detach(state, result);
	return true;
}

/* [2] at the head of a path: the scope two levels out.  NULL if there is none. */
static const DialectScope *
climb(DialectState *state, const JsonbValue *levels, const DialectScope *scope)
{
	JsonbValue *items;
	int64		n;

	if (dialect_items(state, levels, &items) != 1 || items->type != jbvNumeric)
		return NULL;
	n = dialect_number_clamp(items->val.numeric, PG_INT32_MAX);
	for (n = n < 0 ? -n : n; n > 0 && scope; n--)
		scope = scope->outer;
	return scope;
}

/*
 * Follows ["key", index, ...] from the current data, or after [[n], ...] from
 * n scopes out.  An array's items see two scopes more: their place, with its
 * "index", and around it what the loop saw.
 */
static bool
find_keys(DialectState *state, const DialectScope *scope, const JsonbValue *keys,
		  int nkeys, JsonbValue *result)
{
	int			i = 0;
	const char *key;
	int			keylen;

	if (nkeys > 0 && dialect_is_array(keys))
	{
		scope = climb(state, keys, scope);
		i = 1;
	}
	if (scope == NULL)
		return false;

	*result = *scope->value;
	for (; i < nkeys; i++)
	{
		JsonbValue	member;

		if (keys[i].type == jbvNull)
			continue;
		if (!key_text(&keys[i], &key, &keylen) ||
			!dialect_member(result, key, keylen, &member))
			return false;
		*result = member;
	}
	return true;
}

/* {"val": key} or {"val": [key, ...]}: keys may contain dots. */
bool
dialect_jsonlogic_val(DialectState *state, const DialectExpr *expr,
					  const DialectScope *scope, JsonbValue *result)
{
	JsonbValue *keys;
	int			nkeys;

	if (!dialect_jsonlogic_arguments(state, expr, scope, &keys, &nkeys))
		return false;
	if (!find_keys(state, scope, keys, nkeys, result))
		result->type = jbvNull;
	detach(state, result);
	return true;
}

/* {"exists": [key, ...]}: is there such a member, be it null? */
bool
dialect_jsonlogic_exists(DialectState *state, const DialectExpr *expr,
						 const DialectScope *scope, JsonbValue *result)
{
	JsonbValue *keys;
	JsonbValue	found;
	int			nkeys;

	if (!dialect_jsonlogic_arguments(state, expr, scope, &keys, &nkeys))
		return false;
	dialect_set_bool(result, find_keys(state, scope, keys, nkeys, &found));
	return true;
}

/* Of the paths, those whose value is absent, null or the empty string. */
static void
keep_missing(DialectState *state, const JsonbValue *data,
			 const JsonbValue *paths, int npaths, JsonbValue *result)
{
	JsonbValue *missing = palloc(mul_size(sizeof(JsonbValue), Max(npaths, 1)));
	JsonbValue	value;
	int			n = 0;

	dialect_charge(state, npaths, (int64) npaths * sizeof(JsonbValue));
	for (int i = 0; i < npaths; i++)
	{
		if (!find_path(data, &paths[i], &value) || value.type == jbvNull ||
			(value.type == jbvString && value.val.string.len == 0))
			missing[n++] = paths[i];
	}
	dialect_set_array(result, missing, n);
}

/* {"missing": [path, ...]}; a first argument that is an array has the paths. */
bool
dialect_jsonlogic_missing(DialectState *state, const DialectExpr *expr,
						  const DialectScope *scope, JsonbValue *result)
{
	JsonbValue *paths;
	int			n;

	if (!dialect_jsonlogic_arguments(state, expr, scope, &paths, &n))
		return false;
	if (n > 0 && dialect_is_array(paths))
		n = dialect_items(state, paths, &paths);
	keep_missing(state, scope->value, paths, n, result);
	return true;
}

/* {"missing_some": [needed, [path, ...]]}: nothing if enough are there. */
bool
dialect_jsonlogic_missing_some(DialectState *state, const DialectExpr *expr,
							   const DialectScope *scope, JsonbValue *result)
{
	JsonbValue *args;
	JsonbValue *paths;
	int			nargs;
	int			n;

	if (!dialect_jsonlogic_arguments(state, expr, scope, &args, &nargs))
		return false;
	if (nargs < 2 || args[0].type != jbvNumeric || !dialect_is_array(&args[1]))
		return dialect_jsonlogic_invalid_arguments(state, expr, NULL);

	n = dialect_items(state, &args[1], &paths);
	keep_missing(state, scope->value, paths, n, result);
	if (dialect_number_compare(dialect_integer(n - result->val.array.nElems),
							   args[0].val.numeric) >= 0)
		result->val.array.nElems = 0;
	return true;
}
