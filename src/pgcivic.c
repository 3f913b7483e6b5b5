/*-------------------------------------------------------------------------
 *
 * pgcivic.c
 *	  Module magic and the version; the rooms hold everything else.
 *
 * src/pgcivic.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "utils/builtins.h"

CIVIC_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(civic_version);

/* The version the library was built as: the control file's. */
Datum
civic_version(PG_FUNCTION_ARGS)
{
	(void) fcinfo;
	PG_RETURN_TEXT_P(cstring_to_text(CIVIC_VERSION));
}
