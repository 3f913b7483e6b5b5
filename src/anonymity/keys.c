/*-------------------------------------------------------------------------
 *
 * keys.c
 *	  Keyed hashes: pseudonyms of subjects and the key of a cell.
 *
 * A pseudonym is HMAC-SHA-256 (RFC 2104, FIPS 180-4) cut to 64 bits.  A cell's
 * key adds up SipHash-2-4 (Aumasson and Bernstein, 2012) of its subjects: a
 * keyed function too, and quick enough for all the subjects of a cube.
 *
 * src/anonymity/keys.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "keys.h"
#include "subjects.h"

#include "common/hmac.h"
#include "common/sha2.h"
#include "miscadmin.h"

/* Less could be found by trying. */
#define SALT_MIN_BYTES 16

/* Keeps the record keys apart from pseudonyms made with the same salt. */
#define CELL_KEY_LABEL "pgcivic cell key 1"

void
anonymity_check_salt(const bytea *salt)
{
	if (VARSIZE_ANY_EXHDR(salt) < SALT_MIN_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("salt is too short"),
				 errdetail("It has %zu bytes.", (Size) VARSIZE_ANY_EXHDR(salt)),
				 errhint("Use at least %d random bytes, kept in a table that nobody else may read.",
						 SALT_MIN_BYTES)));
}

/* The first 16 bytes of HMAC-SHA-256 as two numbers, the low-order byte first. */
void
anonymity_hmac(const bytea *salt, const char *message, Size length, uint64 half[2])
{
	pg_hmac_ctx *context = pg_hmac_create(PG_SHA256);
	uint8		digest[PG_SHA256_DIGEST_LENGTH];

	if (context == NULL ||
		pg_hmac_init(context, (const uint8 *) VARDATA_ANY(salt), VARSIZE_ANY_EXHDR(salt)) < 0 ||
		pg_hmac_update(context, (const uint8 *) message, length) < 0 ||
		pg_hmac_final(context, digest, sizeof(digest)) < 0)
		elog(ERROR, "HMAC-SHA-256 failed: %s", pg_hmac_error(context));
	pg_hmac_free(context);

	half[0] = half[1] = 0;
	for (int i = 7; i >= 0; i--)
	{
		half[0] = half[0] << 8 | digest[i];
		half[1] = half[1] << 8 | digest[8 + i];
	}
}

PG_FUNCTION_INFO_V1(anonymity_subject_key);

/* subject_key(text, salt) */
Datum
anonymity_subject_key(PG_FUNCTION_ARGS)
{
	text	   *identity = PG_GETARG_TEXT_PP(0);
	bytea	   *salt = PG_GETARG_BYTEA_PP(1);
	uint64		half[2];

	anonymity_check_salt(salt);
	anonymity_hmac(salt, VARDATA_ANY(identity), VARSIZE_ANY_EXHDR(identity), half);
	PG_RETURN_INT64((int64) half[0]);
}

static inline uint64
rotate(uint64 x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void
sip_round(uint64 v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/* SipHash-2-4 of the eight bytes of word, the low-order byte first. */
uint64
anonymity_siphash(const uint64 key[2], uint64 word)
{
	uint64		v[4] = {
		key[0] ^ UINT64CONST(0x736f6d6570736575),
		key[1] ^ UINT64CONST(0x646f72616e646f6d),
		key[0] ^ UINT64CONST(0x6c7967656e657261),
		key[1] ^ UINT64CONST(0x7465646279746573)
	};
	uint64		block[2] = {word, UINT64CONST(8) << 56};	/* then the length */

	for (int i = 0; i < 2; i++)
	{
		v[3] ^= block[i];
		sip_round(v);
		sip_round(v);
		v[0] ^= block[i];
	}
	v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

PG_FUNCTION_INFO_V1(anonymity_cell_key);

/*
 * cell_key(subject_set, salt): the record keys of the subjects, added modulo
 * 2^64.  The same subjects give the same key in every table; other subjects an
 * independent one.
 */
Datum
anonymity_cell_key(PG_FUNCTION_ARGS)
{
	Subjects   *set = PG_GETARG_SUBJECTS(0);
	bytea	   *salt = PG_GETARG_BYTEA_PP(1);
	uint64		key[2];
	uint64		sum = 0;

	anonymity_check_salt(salt);
	anonymity_hmac(salt, CELL_KEY_LABEL, strlen(CELL_KEY_LABEL), key);
	for (int32 i = 0; i < set->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		sum += anonymity_siphash(key, (uint64) subjects_id(*subjects_entry(set, i)));
	}
	PG_RETURN_INT64((int64) sum);
}
