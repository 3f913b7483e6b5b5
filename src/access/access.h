/*-------------------------------------------------------------------------
 *
 * access.h
 *	  Access codes: a colour, the colours of its parts, why, and until when.
 *
 * src/access/access.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_ACCESS_ACCESS_H
#define CIVIC_ACCESS_ACCESS_H

#include "wire.h"

#include "rule/rule.h"

/* The kind of a ruleset that decides access codes. */
#define ACCESS_KIND "access_code"

/* The order of the numbers is the order of the type. */
typedef enum AccessColour
{
	ACCESS_NONE,				/* a part of which the policy says nothing */
	ACCESS_GREEN,
	ACCESS_YELLOW,
	ACCESS_RED,
	ACCESS_GREY,				/* cannot be determined */
	ACCESS_LAST = ACCESS_GREY
} AccessColour;

/* The parts of a code are the groups of its rules. */
typedef enum AccessPart
{
	ACCESS_WORK,
	ACCESS_HEALTH,
	ACCESS_RESIDENCY,
	ACCESS_PARTS
} AccessPart;

/* The colour is not what the ruleset says, but ... */
#define ACCESS_OVERRIDE		0x1 /* what two persons decided */
#define ACCESS_LAPSED		0x2 /* grey, as nobody decided anew in time */
#define ACCESS_FLAGS		(ACCESS_OVERRIDE | ACCESS_LAPSED)

typedef struct AccessCode
{
	TimestampTz valid_until;	/* first instant at which time alone may
								 * change the code */
	uint64		fail;			/* rules that failed, bit i = rule i */
	uint64		unknown;		/* rules that could not be decided */
	int32		version;		/* the caller's number for the ruleset */
	uint8		colour;
	uint8		flags;
	uint16		parts;			/* a colour each; the highest four bits are
								 * the layout's version less one */
} AccessCode;

StaticAssertDecl(sizeof(AccessCode) == 32, "the size that CREATE TYPE declares");

#define ACCESS_PART_BITS	4
#define ACCESS_PART(parts, part) \
	(((parts) >> ((part) * ACCESS_PART_BITS)) & ((1 << ACCESS_PART_BITS) - 1))
#define ACCESS_PART_OF(colour, part)	((uint16) ((colour) << ((part) * ACCESS_PART_BITS)))

static const WireType access_code_wire = {"access_code", 1, 0};

static inline AccessCode *
DatumGetAccessCodeP(Datum datum)
{
	AccessCode *code = (AccessCode *) DatumGetPointer(datum);
	int			newer = code->parts >> (ACCESS_PARTS * ACCESS_PART_BITS);

	if (unlikely(newer != 0))
		wire_refuse(&access_code_wire, newer + 1);
	return code;
}

#define PG_GETARG_ACCESS_CODE_P(n)	DatumGetAccessCodeP(PG_GETARG_DATUM(n))
#define PG_RETURN_ACCESS_CODE_P(x)	PG_RETURN_POINTER(x)

/* access_code.c */
extern const char *const access_part_names[ACCESS_PARTS];
extern int	access_find_colour(const char *name, size_t length);

#endif							/* CIVIC_ACCESS_ACCESS_H */
