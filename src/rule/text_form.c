/*-------------------------------------------------------------------------
 *
 * text_form.c
 *	  Pieces of the text forms of verdicts and of what other rooms make of
 *	  them: masks, instants, fixed words.
 *
 * src/rule/text_form.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lexer.h"

#include "port/pg_bitutils.h"

#include "instant.h"
#include "text_form.h"

/* " label={1,4}" */
void
rule_append_mask(StringInfo buffer, const char *label, uint64 mask)
{
	appendStringInfo(buffer, " %s={", label);
	for (uint64 rest = mask; rest != 0; rest &= rest - 1)
		appendStringInfo(buffer, "%s%d", rest == mask ? "" : ",", pg_rightmost_one_pos64(rest));
	appendStringInfoChar(buffer, '}');
}

/* Passes over the literal, if it is what comes next. */
bool
rule_read_literal(const char **cursor, const char *literal)
{
	size_t		length = strlen(literal);

	if (strncmp(*cursor, literal, length) != 0)
		return false;
	*cursor += length;
	return true;
}

/* The same from behind its brace; the caller gives " label={". */
bool
rule_read_mask(const char **cursor, const char *label, uint64 *mask)
{
	if (!rule_read_literal(cursor, label))
		return false;
	*mask = 0;
	while (**cursor != '}')
	{
		int			bit = 0;
		int			digits = 0;

		for (; lexer_is_digit(**cursor) && digits < 3; digits++)
			bit = bit * 10 + (*(*cursor)++ - '0');
		if (digits == 0 || bit > 63)
			return false;
		*mask |= UINT64CONST(1) << bit;
		if (**cursor == ',' && lexer_is_digit((*cursor)[1]))
			(*cursor)++;
		else if (**cursor != '}')
			return false;
	}
	(*cursor)++;
	return true;
}

/* " valid_until=" and an instant; the instant may be "@" and microseconds. */
bool
rule_read_valid_until(const char **cursor, TimestampTz *valid_until)
{
	int			length;

	if (!rule_read_literal(cursor, " valid_until="))
		return false;
	if (rule_read_literal(cursor, "@"))
		return lexer_read_integer(cursor, PG_INT64_MIN, PG_INT64_MAX, valid_until);
	length = strcspn(*cursor, " ");
	if (!rule_parse_timestamptz(*cursor, length, valid_until))
		return false;
	*cursor += length;
	return true;
}
