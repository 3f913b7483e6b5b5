/*-------------------------------------------------------------------------
 *
 * compat.h
 *	  The only file that names PostgreSQL versions.
 *
 * src/compat.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_COMPAT_H
#define CIVIC_COMPAT_H

#ifndef PG_VERSION_NUM
#error "every file of C includes postgres.h first"
#endif

#include "fmgr.h"

/* The minor releases in which each branch got overflow-safe allocation and get_function_sibling_type(). */
#if PG_VERSION_NUM < 150018 || \
	(PG_VERSION_NUM >= 160000 && PG_VERSION_NUM < 160014) || \
	(PG_VERSION_NUM >= 170000 && PG_VERSION_NUM < 170010) || \
	(PG_VERSION_NUM >= 180000 && PG_VERSION_NUM < 180004)
#error "pgcivic needs PostgreSQL 15.18, 16.14, 17.10, 18.4 or later (overflow-safe allocation)"
#endif

/* Types of eight bytes are passed by value (pgcivic.sql says PASSEDBYVALUE). */
StaticAssertDecl(sizeof(Datum) == 8, "pgcivic needs 64-bit datums");

/*
 * The module is built with hidden symbols.  From 16 on PostgreSQL marks what
 * SQL calls itself; on 15 its mark is empty and the function has none.
 */
#if PG_VERSION_NUM < 160000
#if defined(__GNUC__) && !defined(WIN32)
#undef PGDLLEXPORT
#define PGDLLEXPORT __attribute__((visibility("default")))
#endif
#undef PG_FUNCTION_INFO_V1
#define PG_FUNCTION_INFO_V1(funcname) \
	extern PGDLLEXPORT Datum funcname(PG_FUNCTION_ARGS); \
	extern PGDLLEXPORT const Pg_finfo_record *CppConcat(pg_finfo_, funcname) (void); \
	const Pg_finfo_record * \
	CppConcat(pg_finfo_, funcname) (void) \
	{ \
		static const Pg_finfo_record info = {1}; \
\
		return &info; \
	} \
	extern int	no_such_variable
#endif

/*
 * Soft errors exist from 16 on.  Input functions are written with
 * civic_ereturn() and civic_soft_error(); on 15 every error is a hard one.
 */
#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#define civic_ereturn(escontext, ret, ...) ereturn(escontext, ret, __VA_ARGS__)
#define civic_soft_error(escontext) SOFT_ERROR_OCCURRED(escontext)
#else
#define civic_ereturn(escontext, ret, ...) \
	do { \
		(void) (escontext); \
		ereport(ERROR, __VA_ARGS__); \
		return ret; \
	} while (0)
#define civic_soft_error(escontext) ((void) (escontext), false)
#endif

/* In front of a function that does not return; 18 has moved and renamed it. */
#if PG_VERSION_NUM >= 180000
#define civic_noreturn pg_noreturn
#else
#define civic_noreturn pg_attribute_noreturn()
#endif

/* jsonb's input; false on a soft error, which only 16 and later have. */
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"

static inline bool
civic_jsonb_in(char *str, struct Node *escontext, Datum *result)
{
#if PG_VERSION_NUM >= 160000
	return DirectInputFunctionCallSafe(jsonb_in, str, InvalidOid, -1,
									   (void *) escontext, result);
#else
	(void) escontext;
	*result = DirectFunctionCall1(jsonb_in, CStringGetDatum(str));
	return true;
#endif
}

/* Name and version show in pg_get_loaded_modules() from 18 on. */
#if PG_VERSION_NUM >= 180000
#define CIVIC_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "pgcivic", .version = CIVIC_VERSION)
#else
#define CIVIC_MODULE_MAGIC PG_MODULE_MAGIC
#endif

/* The statistics target moved out of the attribute in 17; wants commands/vacuum.h. */
#if PG_VERSION_NUM >= 170000
#define civic_statistics_target(stats) ((stats)->attstattarget)
#else
#define civic_statistics_target(stats) ((stats)->attr->attstattarget)
#endif

/* Arithmetic of numerics that says when it fails; wants utils/numeric.h. */
#if PG_VERSION_NUM >= 190000
#define CIVIC_NUMERIC(name, x, y, failed) \
	civic_numeric_safe(name##_safe, x, y, failed)
static inline struct NumericData *
civic_numeric_safe(struct NumericData *(*compute) (struct NumericData *, struct NumericData *, Node *),
				   struct NumericData *x, struct NumericData *y, bool *failed)
{
	ErrorSaveContext context = {.type = T_ErrorSaveContext};
	struct NumericData *result = compute(x, y, (Node *) &context);

	*failed = context.error_occurred;
	return result;
}
#else
#define CIVIC_NUMERIC(name, x, y, failed) name##_opt_error(x, y, failed)
#endif
#define civic_numeric_add(x, y, failed) CIVIC_NUMERIC(numeric_add, x, y, failed)
#define civic_numeric_sub(x, y, failed) CIVIC_NUMERIC(numeric_sub, x, y, failed)
#define civic_numeric_mul(x, y, failed) CIVIC_NUMERIC(numeric_mul, x, y, failed)
#define civic_numeric_div(x, y, failed) CIVIC_NUMERIC(numeric_div, x, y, failed)

#endif							/* CIVIC_COMPAT_H */
