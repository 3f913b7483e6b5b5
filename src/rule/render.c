/*-------------------------------------------------------------------------
 *
 * render.c
 *	  Values as JSON: what definitions and outputs came to.
 *
 * src/rule/render.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "common/shortest_dec.h"
#include "utils/builtins.h"
#include "utils/json.h"

#include "render.h"

/* JSON has no NaN and no infinity: they are strings. */
static void
append_number(StringInfo json, const char *number)
{
	const char *digits = *number == '-' ? number + 1 : number;

	appendStringInfo(json, (*digits >= '0' && *digits <= '9') ? "%s" : "\"%s\"", number);
}

static void
append_datum(StringInfo json, RuleType type, Datum datum)
{
	char		buffer[DOUBLE_SHORTEST_DECIMAL_LEN];

	switch (type)
	{
		case RULE_NUMERIC:
			append_number(json, DatumGetCString(DirectFunctionCall1(numeric_out, datum)));
			break;
		case RULE_FLOAT:
			double_to_shortest_decimal_buf(DatumGetFloat8(datum), buffer);
			append_number(json, buffer);
			break;
		default:
			escape_json(json, TextDatumGetCString(datum));
	}
}

void
rule_render_result(StringInfo json, RuleType type, const RuleResult *result)
{
	int64		number = result->value.number;

	if (result->absent || result->unknown)
	{
		appendStringInfoString(json, "null");
		return;
	}
	switch (type)
	{
		case RULE_BOOLEAN:
			appendStringInfoString(json, result->truth == RULE_TRUE ? "true" : "false");
			break;
		case RULE_INTEGER:
			appendStringInfo(json, INT64_FORMAT, number);
			break;
		case RULE_DATE:
			appendStringInfo(json, "\"%s\"", rule_format_date(number));
			break;
		case RULE_TIMESTAMPTZ:
			appendStringInfo(json, "\"%s\"", rule_format_timestamptz(number));
			break;
		case RULE_TIME:
			appendStringInfo(json, "\"%s\"", rule_format_time(number));
			break;
		default:
			append_datum(json, type, result->value.datum);
	}
}
