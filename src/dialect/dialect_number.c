/*-------------------------------------------------------------------------
 *
 * dialect_number.c
 *	  Decimal arithmetic of the rule dialects, which cannot overflow.
 *
 * JavaScript computes with doubles; we compute with numeric, so that money
 * and large identifiers stay exact, but within the range of a double.
 *
 * src/dialect/dialect_number.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "lexer.h"

#include "dialect.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

/* A string is a number only if it is not longer; nobody writes such numbers. */
#define MAX_NUMBER_LENGTH	1000
/* Beyond these powers of ten a double is infinite or zero. */
#define MAX_EXPONENT		400

#define CALL1(function, a) \
	DirectFunctionCall1(function, NumericGetDatum(a))
#define CALL2(function, a, b) \
	DirectFunctionCall2(function, NumericGetDatum(a), NumericGetDatum(b))

void
dialect_set_number(JsonbValue *result, Numeric number)
{
	result->type = jbvNumeric;
	result->val.numeric = number;
}

Numeric
dialect_integer(int64 value)
{
	return int64_to_numeric(value);
}

bool
dialect_number_is_integer(Numeric number)
{
	return DatumGetInt32(CALL1(numeric_min_scale, number)) == 0;
}

int
dialect_number_compare(Numeric a, Numeric b)
{
	return DatumGetInt32(CALL2(numeric_cmp, a, b));
}

bool
dialect_number_is_zero(Numeric number)
{
	return dialect_number_compare(number, int64_to_numeric(0)) == 0;
}

/* The number truncated to an integer, at most limit away from zero. */
int64
dialect_number_clamp(Numeric number, int64 limit)
{
	Numeric		whole;

	if (dialect_number_compare(number, int64_to_numeric(limit)) >= 0)
		return limit;
	if (dialect_number_compare(number, int64_to_numeric(-limit)) <= 0)
		return -limit;
	whole = DatumGetNumeric(DirectFunctionCall2(numeric_trunc,
												NumericGetDatum(number),
												Int32GetDatum(0)));
	return DatumGetInt64(CALL1(numeric_int8, whole));
}

static Numeric
numeric_from_text(char *copy)
{
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(copy),
											   ObjectIdGetDatum(InvalidOid),
											   Int32GetDatum(-1)));
}

static const char *
skip_digits(const char *p, int *count)
{
	const char *start = p;

	while (lexer_is_digit(*p))
		p++;
	*count += p - start;
	return p;
}

/* JavaScript's blanks of one byte. */
static bool
is_blank(char c)
{
	return lexer_is_space(c) || c == '\v' || c == '\f';
}

/*
 * Reads a string as JavaScript's Number() does, without its hexadecimal forms
 * and Infinity: blanks around, none at all is 0.  False if it is no number, or
 * one beyond the range of a double.
 */
bool
dialect_number_parse(const char *str, int len, Numeric *number)
{
	char		copy[MAX_NUMBER_LENGTH + 1];
	const char *p = copy;
	int			digits = 0;
	int			exponent_digits = 0;
	long		exponent = 0;

	while (len > 0 && is_blank(*str))
		str++, len--;
	while (len > 0 && is_blank(str[len - 1]))
		len--;
	if (len > MAX_NUMBER_LENGTH)
		return false;
	if (len == 0)
	{
		*number = int64_to_numeric(0);
		return true;
	}
	memcpy(copy, str, len);
	copy[len] = '\0';

	if (*p == '+' || *p == '-')
		p++;
	p = skip_digits(p, &digits);
	if (*p == '.')
		p = skip_digits(p + 1, &digits);
	if (digits == 0)
		return false;
	if (*p == 'e' || *p == 'E')
	{
		exponent = strtol(p + 1, NULL, 10);
		p++;
		if (*p == '+' || *p == '-')
			p++;
		p = skip_digits(p, &exponent_digits);
		if (exponent_digits == 0)
			return false;
	}
	if (p != copy + len || exponent > MAX_EXPONENT)
		return false;
	*number = exponent < -MAX_EXPONENT - MAX_NUMBER_LENGTH ? int64_to_numeric(0) :
		numeric_from_text(copy);
	return true;
}

/* Within the range of a double, which keeps arithmetic small and finite? */
static bool
number_usable(DialectState *state, Numeric number)
{
	if (state->largest == NULL)
		state->largest = numeric_from_text(pstrdup(DIALECT_LARGEST_NUMBER));
	return dialect_number_compare(DatumGetNumeric(CALL1(numeric_abs, number)),
								  state->largest) <= 0;
}

static Numeric
round_to_scale(Numeric number)
{
	if (DatumGetInt32(CALL1(numeric_scale, number)) > DIALECT_MAX_SCALE)
		number = DatumGetNumeric(DirectFunctionCall2(numeric_round,
													 NumericGetDatum(number),
													 Int32GetDatum(DIALECT_MAX_SCALE)));
	return number;
}

/*
 * False if an operand or the result is out of range, or the divisor zero.
 * Operands in range cannot make numeric itself overflow.
 */
bool
dialect_arithmetic(DialectState *state, DialectArithmetic op,
				   Numeric a, Numeric b, Numeric *result)
{
	PGFunction	function = NULL;

	if (!number_usable(state, a) || !number_usable(state, b))
		return false;
	a = round_to_scale(a);
	b = round_to_scale(b);
	if ((op == DIALECT_DIVIDE || op == DIALECT_MODULO) && dialect_number_is_zero(b))
		return false;

	switch (op)
	{
		case DIALECT_ADD:
			function = numeric_add;
			break;
		case DIALECT_SUBTRACT:
			function = numeric_sub;
			break;
		case DIALECT_MULTIPLY:
			function = numeric_mul;
			break;
		case DIALECT_DIVIDE:
			function = numeric_div;
			break;
		case DIALECT_MODULO:
			function = numeric_mod;
			break;
	}
	*result = DatumGetNumeric(CALL2(function, a, b));
	*result = DatumGetNumeric(CALL1(numeric_trim_scale, round_to_scale(*result)));
	return number_usable(state, *result);
}
