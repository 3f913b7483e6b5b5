/*-------------------------------------------------------------------------
 *
 * certlogic.h
 *	  What CertLogic's evaluator and its checker share.
 *
 * src/rule/certlogic.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_CERTLOGIC_H
#define CIVIC_RULE_CERTLOGIC_H

#include "dialect.h"

extern const Dialect certlogic_dialect;

extern bool certlogic_is_integer(const JsonbValue *value);
extern bool certlogic_is_time_unit(const JsonbValue *value);

/* certlogic_time.c: instants as milliseconds since 1970 */
extern bool certlogic_parse_instant(const char *str, int len, bool dates_only,
									int64 *instant);
extern bool certlogic_plus_time(int64 instant, int64 amount, const char *unit,
								int64 *result);

#endif							/* CIVIC_RULE_CERTLOGIC_H */
