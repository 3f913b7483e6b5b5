/*-------------------------------------------------------------------------
 *
 * text_form.h
 *	  Pieces of the text forms of verdicts and of what other rooms make of
 *	  them.  Each reader moves the cursor behind what it read, or says no.
 *
 * src/rule/text_form.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_TEXT_FORM_H
#define CIVIC_RULE_TEXT_FORM_H

#include "lib/stringinfo.h"
#include "datatype/timestamp.h"

extern void rule_append_mask(StringInfo buffer, const char *label, uint64 mask);
extern bool rule_read_literal(const char **cursor, const char *literal);
extern bool rule_read_mask(const char **cursor, const char *label, uint64 *mask);
extern bool rule_read_valid_until(const char **cursor, TimestampTz *valid_until);

#endif							/* CIVIC_RULE_TEXT_FORM_H */
