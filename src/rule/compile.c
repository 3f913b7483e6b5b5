/*-------------------------------------------------------------------------
 *
 * compile.c
 *	  From the text of a ruleset to its typed trees and its stored form.
 *
 * src/rule/compile.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "compile.h"
#include "emit.h"
#include "json.h"
#include "read.h"

/* The first error of a source, and how many there are, as one error. */
static void
report_errors(const RuleSource *source, struct Node *escontext)
{
	const RuleError *error = linitial(source->errors);
	int			others = list_length(source->errors) - 1;

	civic_ereturn(escontext,,
				  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				   errmsg("invalid ruleset: %s", error->message),
				   others == 0 ? errdetail("At %s.", error->path) :
				   errdetail("At %s; ruleset_check() lists this and %d more.",
							 error->path, others),
				   error->hint ? errhint("%s", error->hint) : 0));
}

/* Text to ruleset; NULL after a soft error. */
Ruleset    *
rule_compile(char *str, struct Node *escontext)
{
	Datum		json;
	Jsonb	   *jsonb;
	RuleSource *source;
	char	   *canonical;
	Ruleset    *result;

	if (!civic_jsonb_in(str, escontext, &json))
		return NULL;
	jsonb = DatumGetJsonbP(json);
	canonical = JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb));
	if (strlen(canonical) > RULE_MAX_TEXT)
		civic_ereturn(escontext, NULL,
					  (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					   errmsg("ruleset is too long"),
					   errdetail("Its text has %zu bytes.", strlen(canonical)),
					   errhint("The limit is %d bytes.", RULE_MAX_TEXT)));
	source = rule_read(jsonb);
	if (source->errors != NIL)
	{
		report_errors(source, escontext);
		return NULL;
	}
	result = rule_emit(source, canonical);
	if (result == NULL)
		civic_ereturn(escontext, NULL,
					  (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					   errmsg("ruleset is too large"),
					   errhint("The limit is %d conditions and values.", RULE_MAX_NODES)));
	return result;
}

/* The JSON of a stored ruleset. */
Jsonb	   *
rule_json(const Ruleset *ruleset)
{
	char	   *str = pnstrdup((const char *) ruleset + ruleset->text, ruleset->text_length);
	Datum		json;

	(void) civic_jsonb_in(str, NULL, &json);
	return DatumGetJsonbP(json);
}

/* The typed trees of a stored ruleset, made again from its text. */
RuleSource *
rule_source(const Ruleset *ruleset)
{
	RuleSource *source = rule_read(rule_json(ruleset));

	if (source->errors != NIL)
		elog(ERROR, "stored ruleset has errors");
	return source;
}
