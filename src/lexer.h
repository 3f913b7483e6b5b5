/*-------------------------------------------------------------------------
 *
 * lexer.h
 *	  One scanner for the text forms of types.
 *
 * Nothing here depends on the locale, as <ctype.h> does: what one server
 * wrote, another reads.
 *
 * The functions say whether they found what they were asked for.  Those that
 * had to find it (lexer_expect, lexer_bigint, lexer_end) have then raised an
 * error, softly where that is asked for; lexer_fail() raises it for others.
 *
 * Spaces are skipped where a function says so.  A number has one form: decimal
 * digits, without a plus sign, hexadecimal digits, infinity or NaN.
 *
 * src/lexer.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_LEXER_H
#define CIVIC_LEXER_H

#include "compat.h"

static inline bool
lexer_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
lexer_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool
lexer_is_alnum(char c)
{
	return lexer_is_letter(c) || lexer_is_digit(c);
}

/* As in JSON; vertical tabs and form feeds are none. */
static inline bool
lexer_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

typedef struct Lexer
{
	const char *type;			/* the SQL type, for messages */
	const char *example;		/* what the hint says to write */
	const char *input;
	const char *at;
	struct Node *escontext;
} Lexer;

static inline Lexer
lexer_begin(const char *input, const char *type, const char *example, struct Node *escontext)
{
	Lexer		lexer = {type, example, input, input, escontext};

	return lexer;
}

static inline void
lexer_spaces(Lexer *lexer)
{
	while (lexer_is_space(*lexer->at))
		lexer->at++;
}

/* This character, after spaces perhaps. */
static inline bool
lexer_take(Lexer *lexer, char c)
{
	lexer_spaces(lexer);
	if (*lexer->at != c)
		return false;
	lexer->at++;
	return true;
}

/* This very character. */
static inline bool
lexer_next(Lexer *lexer, char c)
{
	if (*lexer->at != c)
		return false;
	lexer->at++;
	return true;
}

/*
 * A whole number from min to max, and the place behind it; a minus sign may
 * stand before its digits where min is negative.  Where there is none the
 * place stays.
 */
static inline bool
lexer_read_integer(const char **place, int64 min, int64 max, int64 *value)
{
	const char *at = *place;
	bool		negative = min < 0 && *at == '-';
	uint64		limit = negative ? -(uint64) min : (uint64) max;
	uint64		number = 0;

	if (negative)
		at++;
	if (!lexer_is_digit(*at))
		return false;
	do
	{
		/* ten times more and a digit fit; that is beyond any limit */
		if (number >= PG_UINT64_MAX / 10)
			return false;
		number = number * 10 + (*at++ - '0');
	} while (lexer_is_digit(*at));
	if (number > limit || (min > 0 && number < (uint64) min))
		return false;
	*place = at;
	*value = (int64) (negative ? -number : number);
	return true;
}

static inline bool
lexer_integer(Lexer *lexer, int64 min, int64 max, int64 *value)
{
	return lexer_read_integer(&lexer->at, min, max, value);
}

/* The days that a text form can say: years 1 to 9999; 0001-01-01 and 9999-12-31 as dates. */
#define LEXER_FIRST_DATE	(-730119)
#define LEXER_LAST_DATE		2921939

extern bool lexer_date(Lexer *lexer, int32 *date);
extern bool lexer_decimal(Lexer *lexer, double *value);
extern bool lexer_take_word(Lexer *lexer, const char *word);
extern void lexer_take_letters(Lexer *lexer, char *word, int size);
extern bool lexer_expect(Lexer *lexer, char c);
extern bool lexer_bigint(Lexer *lexer, int64 *value);
extern bool lexer_end(Lexer *lexer);
extern bool lexer_fail(Lexer *lexer);

#endif							/* CIVIC_LEXER_H */
