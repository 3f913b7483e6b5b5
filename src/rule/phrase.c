/*-------------------------------------------------------------------------
 *
 * phrase.c
 *	  Texts with placeholders, and values as readers of a language see them.
 *
 * Languages that are not listed see dates as ISO 8601 writes them.
 *
 * src/rule/phrase.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "mb/pg_wchar.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "phrase.h"

typedef struct Language
{
	const char *code;
	const char *yes;			/* texts are UTF-8 */
	const char *no;
	const char *unknown;
	const char *never;			/* an infinite date or instant */
	char		decimal;		/* point or comma */
	const char *months[MONTHS_PER_YEAR];	/* of "3 April 2021"; NULL:
											 * 2021-04-03 */
} Language;

static const Language languages[] = {
	{"en", "yes", "no", "unknown", "never", '.',
	{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}},
	{"af", "ja", "nee", "onbekend", "nooit", ',',
	{"Januarie", "Februarie", "Maart", "April", "Mei", "Junie", "Julie", "Augustus", "September", "Oktober", "November", "Desember"}},
	{"fr", "oui", "non", "inconnu", "jamais", ',',
	{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}},
	{"ms", "ya", "tidak", "tidak diketahui", "tidak pernah", '.',
	{"Januari", "Februari", "Mac", "April", "Mei", "Jun", "Julai", "Ogos", "September", "Oktober", "November", "Disember"}},
	{"bn", "হ্যাঁ", "না", "অজানা", "কখনো না", '.',
	{"জানুয়ারি", "ফেব্রুয়ারি", "মার্চ", "এপ্রিল", "মে", "জুন", "জুলাই", "আগস্ট", "সেপ্টেম্বর", "অক্টোবর", "নভেম্বর", "ডিসেম্বর"}},
	{"ta", "ஆம்", "இல்லை", "தெரியவில்லை", "ஒருபோதும் இல்லை", '.',
	{"ஜனவரி", "பிப்ரவரி", "மார்ச்", "ஏப்ரல்", "மே", "ஜூன்", "ஜூலை", "ஆகஸ்ட்", "செப்டம்பர்", "அக்டோபர்", "நவம்பர்", "டிசம்பர்"}},
	{"zh", "是", "否", "未知", "永不", '.', {NULL}},
	{"", "yes", "no", "unknown", "never", '.', {NULL}}
};

/* By its code, also of a region ("en-ZA"); the last one stands in. */
static const Language *
find_language(const char *code)
{
	int			length = strcspn(code, "-_");
	const Language *language = languages;

	while (*language->code != '\0' &&
		   (strlen(language->code) != (size_t) length || strncmp(language->code, code, length) != 0))
		language++;
	return language;
}

static void
append_utf8(StringInfo buffer, const char *str)
{
	appendStringInfoString(buffer, pg_any_to_server(str, strlen(str), PG_UTF8));
}

char	   *
rule_next_placeholder(const char **cursor, StringInfo buffer)
{
	const char *str = *cursor;
	const char *end;

	for (; *str != '\0'; str++)
	{
		bool		doubled = (str[0] == '{' && str[1] == '{') || (str[0] == '}' && str[1] == '}');

		if (*str == '{' && !doubled && (end = strchr(str, '}')) != NULL)
		{
			*cursor = end + 1;
			return pnstrdup(str + 1, end - str - 1);
		}
		if (buffer != NULL)
			appendStringInfoChar(buffer, *str);
		str += doubled;
	}
	*cursor = str;

	return NULL;
}

void
rule_phrase_unknown(StringInfo buffer, const char *language)
{
	append_utf8(buffer, find_language(language)->unknown);
}

void
rule_phrase_boolean(StringInfo buffer, const char *language, bool value)
{
	append_utf8(buffer, value ? find_language(language)->yes : find_language(language)->no);
}

void
rule_phrase_decimal(StringInfo buffer, const char *language, const char *number)
{
	for (; *number; number++)
		appendStringInfoChar(buffer, *number == '.' ? find_language(language)->decimal : *number);
}

static void
phrase_date(StringInfo buffer, const Language *language, int64 day)
{
	int			year,
				month,
				mday;

	j2date((int) day + POSTGRES_EPOCH_JDATE, &year, &month, &mday);
	if (strcmp(language->code, "zh") == 0)
		append_utf8(buffer, psprintf("%d年%d月%d日", year, month, mday));
	else if (language->months[0] == NULL)
		appendStringInfoString(buffer, rule_format_date(day));
	else
		append_utf8(buffer, psprintf("%d %s %d", mday, language->months[month - 1], year));
}

static void
phrase_time(StringInfo buffer, int64 clock)
{
	appendStringInfo(buffer, "%02d:%02d", (int) (clock / USECS_PER_HOUR),
					 (int) (clock / USECS_PER_MINUTE % MINS_PER_HOUR));
}

void
rule_phrase_whole(StringInfo buffer, const char *language, RuleType type, int64 number, pg_tz *tz)
{
	const Language *found = find_language(language);

	if (type == RULE_INTEGER)
		appendStringInfo(buffer, INT64_FORMAT, number);
	else if (number == RULE_INFINITY || number == RULE_MINUS_INFINITY)
		append_utf8(buffer, found->never);
	else if (type == RULE_DATE)
		phrase_date(buffer, found, number);
	else if (type == RULE_TIME)
		phrase_time(buffer, number);
	else
	{
		phrase_date(buffer, found, rule_local_day(number, tz));
		appendStringInfoChar(buffer, ' ');
		phrase_time(buffer, rule_local_time(number, tz));
	}
}
