/*-------------------------------------------------------------------------
 *
 * keys.h
 *	  Keyed hashes that several parts of the room draw from.
 *
 * src/anonymity/keys.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_ANONYMITY_KEYS_H
#define CIVIC_ANONYMITY_KEYS_H

#include "compat.h"

extern void anonymity_check_salt(const bytea *salt);
extern void anonymity_hmac(const bytea *salt, const char *message, Size length, uint64 half[2]);
extern uint64 anonymity_siphash(const uint64 key[2], uint64 word);

#endif							/* CIVIC_ANONYMITY_KEYS_H */
