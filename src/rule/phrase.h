/*-------------------------------------------------------------------------
 *
 * phrase.h
 *	  Texts with placeholders, and values as readers of a language see them.
 *
 * src/rule/phrase.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_PHRASE_H
#define CIVIC_RULE_PHRASE_H

#include "value.h"

#include "lib/stringinfo.h"

/* The name in a text of when the rule flips by time alone */
#define RULE_FLIPS_AT		"flips_at"

/*
 * The next placeholder of a text, "{name}": copies what lies before it, with
 * "{{" as a brace, to buffer (unless that is NULL), and moves the cursor behind
 * it.  NULL at the end; an open brace that is never closed is text.
 */
extern char *rule_next_placeholder(const char **cursor, StringInfo buffer);

/* A value that stands for nothing known. */
extern void rule_phrase_unknown(StringInfo buffer, const char *language);
extern void rule_phrase_boolean(StringInfo buffer, const char *language, bool value);

/* Instants are shown in the zone. */
extern void rule_phrase_whole(StringInfo buffer, const char *language, RuleType type, int64 number, pg_tz *tz);
extern void rule_phrase_decimal(StringInfo buffer, const char *language, const char *number);

#endif							/* CIVIC_RULE_PHRASE_H */
