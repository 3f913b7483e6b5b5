/*-------------------------------------------------------------------------
 *
 * wire.c
 *	  What is said of a version that this release does not read, and the
 *	  version byte of binary forms.
 *
 * src/wire.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "wire.h"

#include "libpq/pqformat.h"

/* The one place where a version is refused.  Versions begin at 1 and only rise. */
static void
refuse(const WireType *type, int version, int sqlstate)
{
	if (version == type->version)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("the head of a value of type %s is damaged", type->name),
				 errdetail("Its version is %d, which this release reads, but the rest of it is not what any release writes.",
						   version),
				 errhint("Load the value from a dump.")));
	if (version > type->version)
		ereport(ERROR,
				(errcode(sqlstate),
				 errmsg("version %d of type %s is not known to this release", version, type->name),
				 errdetail("pgcivic %s reads version %d; a later release wrote the value.",
						   CIVIC_VERSION, type->version),
				 errhint("Read it with the release that wrote it or a later one; text, as in a dump, carries it between releases.")));
	ereport(ERROR,
			(errcode(sqlstate),
			 errmsg("version %d of type %s is not known to this release", version, type->name),
			 errdetail("pgcivic %s reads version %d; no release since 1.0 wrote the value.",
					   CIVIC_VERSION, type->version),
			 errhint("The value is damaged or older than 1.0: load it from a dump.")));
}

/* For a stored value; a head with the version that is read is damaged otherwise. */
void
wire_refuse(const WireType *type, int version)
{
	refuse(type, version, ERRCODE_FEATURE_NOT_SUPPORTED);
	pg_unreachable();
}

/* Begin a binary form. */
void
wire_send(StringInfo message, const WireType *type)
{
	pq_sendbyte(message, type->version);
}

/* Take the first byte of a binary form: an error of input, as other wrong bytes are. */
void
wire_receive(StringInfo message, const WireType *type)
{
	int			version = pq_getmsgbyte(message);

	if (version != type->version)
		refuse(type, version, ERRCODE_INVALID_BINARY_REPRESENTATION);
}
