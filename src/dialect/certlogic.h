/*-------------------------------------------------------------------------
 *
 * certlogic.h
 *	  What CertLogic's evaluator and its checker share.
 *
 * src/dialect/certlogic.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_DIALECT_CERTLOGIC_H
#define CIVIC_DIALECT_CERTLOGIC_H

#include "dialect.h"

extern const Dialect dialect_certlogic_dialect;

extern bool dialect_certlogic_is_integer(const JsonbValue *value);
extern bool dialect_certlogic_is_time_unit(const JsonbValue *value);

/* certlogic_time.c: instants as milliseconds since 1970 */
extern bool dialect_certlogic_parse_instant(const char *str, int len, bool dates_only,
											int64 *instant);
extern bool dialect_certlogic_plus_time(int64 instant, int64 amount, const char *unit,
										int64 *result);

#endif							/* CIVIC_DIALECT_CERTLOGIC_H */
