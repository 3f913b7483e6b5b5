/*-------------------------------------------------------------------------
 *
 * wire.h
 *	  The head of every stored value and the first byte of every binary form:
 *	  which version of its type's layout follows.
 *
 * pg_upgrade keeps the bytes of stored values, so a release meets what others
 * wrote.  A varlena type begins with a WireHead directly behind its length
 * and names itself once:
 *
 *		static const WireType series_wire = {"series", 1, SERIES_FLAGS};
 *
 *		wire_begin(value, size, &series_wire);		(makes a value)
 *		wire_detoast(datum, &series_wire);			(reads one, checked)
 *		wire_send(&buffer, &series_wire);			(binary output)
 *		wire_receive(message, &series_wire);		(binary input, checked)
 *
 * A type of fixed size keeps the head where it has room for it (wire_check).
 *
 * src/wire.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_WIRE_H
#define CIVIC_WIRE_H

#include "compat.h"

#include "lib/stringinfo.h"

typedef struct WireHead
{
	uint8		version;		/* of the layout, from 1 */
	uint8		flags;			/* the type's own */
	uint16		zero;
} WireHead;

typedef struct WireType
{
	const char *name;			/* as SQL says it */
	uint8		version;		/* that is written, and the only one read */
	uint8		flags;			/* that a head may have */
} WireType;

/* What every stored varlena begins with */
typedef struct WireValue
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	WireHead	head;
} WireValue;

civic_noreturn extern void wire_refuse(const WireType *type, int version);

/* Raise unless this release reads what follows the head; it need not be aligned. */
static inline void
wire_check(const void *head, const WireType *type)
{
	WireHead	known = {type->version, 0, 0};
	WireHead	free = {0, type->flags, 0};
	uint32		got,
				expected,
				ignored;

	memcpy(&got, head, sizeof(got));
	memcpy(&expected, &known, sizeof(expected));
	memcpy(&ignored, &free, sizeof(ignored));
	if (unlikely((got & ~ignored) != expected))
		wire_refuse(type, *(const uint8 *) head);
}

static inline WireHead
wire_head(const WireType *type)
{
	WireHead	head = {type->version, 0, 0};

	return head;
}

/* Give a new value its length and its head, without flags. */
static inline void
wire_begin(void *value, Size size, const WireType *type)
{
	SET_VARSIZE(value, size);
	((WireValue *) value)->head = wire_head(type);
}

/* A value aligned and whole. */
static inline void *
wire_detoast(Datum datum, const WireType *type)
{
	WireValue  *value = (WireValue *) PG_DETOAST_DATUM(datum);

	if (unlikely(VARSIZE(value) < sizeof(WireValue)))
		wire_refuse(type, 0);
	wire_check(&value->head, type);
	return value;
}

/* The same, and a copy that may be changed. */
static inline void *
wire_detoast_copy(Datum datum, const WireType *type)
{
	WireValue  *value = (WireValue *) PG_DETOAST_DATUM_COPY(datum);

	if (unlikely(VARSIZE(value) < sizeof(WireValue)))
		wire_refuse(type, 0);
	wire_check(&value->head, type);
	return value;
}

/*
 * What follows the head of a value that may have a short length and lie
 * unaligned; sets its size.  Written out, as sets of competencies are read
 * once for every row.  A value too short for a head is refused with it, all
 * but surely; else its size wraps, which makes a negative number of entries.
 */
static inline const char *
wire_packed(Datum datum, const WireType *type, Size *size)
{
	const struct varlena *value = (const struct varlena *) DatumGetPointer(datum);
	const char *head;
	Size		length;

	if (VARATT_IS_COMPRESSED(value) || VARATT_IS_EXTERNAL(value))
		value = pg_detoast_datum_packed(unconstify(struct varlena *, value));
	if (VARATT_IS_1B(value))
	{
		head = VARDATA_1B(value);
		length = VARSIZE_1B(value) - VARHDRSZ_SHORT;
	}
	else
	{
		head = VARDATA_4B(value);
		length = VARSIZE_4B(value) - VARHDRSZ;
	}
	wire_check(head, type);
	*size = length - sizeof(WireHead);
	return head + sizeof(WireHead);
}

extern void wire_send(StringInfo message, const WireType *type);
extern void wire_receive(StringInfo message, const WireType *type);

#endif							/* CIVIC_WIRE_H */
