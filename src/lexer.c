/*-------------------------------------------------------------------------
 *
 * lexer.c
 *	  Numbers and words of text forms, and what is said of one that is wrong.
 *
 * src/lexer.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lexer.h"

#include "common/int.h"
#include "mb/pg_wchar.h"

/* How much of a wrong text an error shows. */
#define SHOWN_BYTES 40

/* This word, here, and no longer one. */
bool
lexer_take_word(Lexer *lexer, const char *word)
{
	size_t		length = strlen(word);

	if (strncmp(lexer->at, word, length) != 0 || lexer_is_letter(lexer->at[length]))
		return false;
	lexer->at += length;
	return true;
}

/* Digits with a minus sign perhaps; a number outside the range is not found. */
bool
lexer_integer(Lexer *lexer, int64 min, int64 max, int64 *value)
{
	const char *at = lexer->at;
	bool		negative = *at == '-';
	int64		number = 0;

	at += negative;
	if (!lexer_is_digit(*at))
		return false;
	for (; lexer_is_digit(*at); at++)
	{
		/* towards the negative, whose range is the larger one */
		if (pg_mul_s64_overflow(number, 10, &number) ||
			pg_sub_s64_overflow(number, *at - '0', &number))
			return false;
	}
	if (!negative && number == PG_INT64_MIN)
		return false;
	*value = negative ? number : -number;
	if (*value < min || *value > max)
		return false;
	lexer->at = at;
	return true;
}

/* A decimal number, with a minus sign, a point and an exponent perhaps. */
bool
lexer_number(Lexer *lexer, double *value)
{
	const char *first = lexer->at + (*lexer->at == '-');
	char	   *end;

	if (!lexer_is_digit(*first) && !(*first == '.' && lexer_is_digit(first[1])))
		return false;
	if (*first == '0' && (first[1] == 'x' || first[1] == 'X'))
		return false;
	*value = strtod(lexer->at, &end);	/* LC_NUMERIC is always C in a backend */
	lexer->at = end;
	return true;
}

/* An error, softly where that is asked for; false. */
bool
lexer_fail(Lexer *lexer)
{
	int			shown = pg_mbcliplen(lexer->at, strlen(lexer->at), SHOWN_BYTES);

	civic_ereturn(lexer->escontext, false,
				  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				   errmsg("invalid input syntax for type %s", lexer->type),
				   *lexer->at == '\0' ? errdetail("It ends too early.") :
				   errdetail("Byte %d begins \"%.*s\".", 1 + (int) (lexer->at - lexer->input), shown, lexer->at),
				   errhint("Write it as %s.", lexer->example)));
}
