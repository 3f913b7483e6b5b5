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

#include "mb/pg_wchar.h"
#include "utils/datetime.h"

/* How much of a wrong text an error shows. */
#define SHOWN_BYTES 20

/* Where the lexer stands, for messages. */
static int
position(const Lexer *lexer)
{
	return 1 + (int) (lexer->at - lexer->input);
}

/* Raise the error of a text that is wrong here; false. */
bool
lexer_fail(Lexer *lexer)
{
	int			shown = pg_mbcliplen(lexer->at, strlen(lexer->at), SHOWN_BYTES);

	if (shown == 0)
		civic_ereturn(lexer->escontext, false,
					  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					   errmsg("invalid input syntax for type %s", lexer->type),
					   errdetail("It ends too early, before byte %d.", position(lexer)),
					   errhint("Write it as %s.", lexer->example)));
	civic_ereturn(lexer->escontext, false,
				  (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				   errmsg("invalid input syntax for type %s", lexer->type),
				   errdetail("Byte %d begins \"%.*s\".", position(lexer), shown, lexer->at),
				   errhint("Write it as %s.", lexer->example)));
}

/* This word, after spaces perhaps. */
bool
lexer_take_word(Lexer *lexer, const char *word)
{
	size_t		length = strlen(word);

	lexer_spaces(lexer);
	if (strncmp(lexer->at, word, length) != 0)
		return false;
	lexer->at += length;
	return true;
}

/* The lower-case letters that come next, after spaces perhaps; "" where there are none. */
void
lexer_take_letters(Lexer *lexer, char *word, int size)
{
	int			length = 0;

	lexer_spaces(lexer);
	while (*lexer->at >= 'a' && *lexer->at <= 'z' && length < size - 1)
		word[length++] = *lexer->at++;
	word[length] = '\0';
}

/* The end of the digits at this place. */
static const char *
digits_end(const char *at)
{
	while (lexer_is_digit(*at))
		at++;
	return at;
}

/*
 * A decimal number that is not negative: digits, a fraction perhaps, and an
 * exponent perhaps.  One too great for a double is infinity, which the caller
 * refuses as out of range.  Where there is none the lexer stays.
 */
bool
lexer_decimal(Lexer *lexer, double *value)
{
	const char *start = lexer->at;
	const char *end;
	int64		whole;

	/* most are whole, and one below 2^53 is what it says */
	if (lexer_integer(lexer, 0, INT64CONST(1) << 53, &whole) &&
		*lexer->at != '.' && *lexer->at != 'e' && *lexer->at != 'E')
	{
		*value = (double) whole;
		return true;
	}
	end = digits_end(start);
	if (end == start)
		return false;
	if (*end == '.' && lexer_is_digit(end[1]))
		end = digits_end(end + 1);
	if (*end == 'e' || *end == 'E')
	{
		const char *exponent = end + (end[1] == '+' || end[1] == '-' ? 2 : 1);

		if (lexer_is_digit(*exponent))
			end = digits_end(exponent);
	}
	*value = strtod(start, NULL);
	lexer->at = end;
	return true;
}

/* 2024-01-31 as a date; where there is none the lexer stays. */
bool
lexer_date(Lexer *lexer, int32 *date)
{
	const char *start = lexer->at;
	int64		year,
				month,
				day;
	int			y,
				m,
				d;

	if (lexer_integer(lexer, 1, 9999, &year) && lexer_next(lexer, '-') &&
		lexer_integer(lexer, 1, 12, &month) && lexer_next(lexer, '-') &&
		lexer_integer(lexer, 1, 31, &day))
	{
		*date = date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
		/* a day that its month has not falls into the next one */
		j2date(*date + POSTGRES_EPOCH_JDATE, &y, &m, &d);
		if (m == month)
			return true;
	}
	lexer->at = start;
	return false;
}

/* This character has to come now. */
bool
lexer_expect(Lexer *lexer, char c)
{
	return lexer_take(lexer, c) || lexer_fail(lexer);
}

/* A bigint has to come now: digits, with a minus sign perhaps. */
bool
lexer_bigint(Lexer *lexer, int64 *value)
{
	char	   *end;

	lexer_spaces(lexer);
	if (*lexer->at != '-' && !lexer_is_digit(*lexer->at))
		return lexer_fail(lexer);
	errno = 0;
	*value = strtoi64(lexer->at, &end, 10);
	if (end == lexer->at)
		return lexer_fail(lexer);
	if (errno == ERANGE)
		civic_ereturn(lexer->escontext, false,
					  (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					   errmsg("value \"%.*s\" is out of range for type %s",
							  (int) Min(end - lexer->at, SHOWN_BYTES), lexer->at, "bigint"),
					   errdetail("It stands at byte %d of a %s.", position(lexer), lexer->type)));
	lexer->at = end;
	return true;
}

/* Nothing but spaces may come any more. */
bool
lexer_end(Lexer *lexer)
{
	lexer_spaces(lexer);
	return *lexer->at == '\0' || lexer_fail(lexer);
}
