/*-------------------------------------------------------------------------
 *
 * subjects_agg.c
 *	  Transition, combine and final functions of k_gate, k_set and k_sum.
 *
 * The state is a table that is changed in place.  When it grows, a larger one
 * is returned in the caller's memory: the executor copies a state whose address
 * changed into the aggregate's context and frees the old one itself, so the
 * slack is part of the varlena's length and nothing here frees a state.
 *
 * Called outside an aggregate these are plain functions: the argument stays as
 * it is and the result is sorted.
 *
 * src/anonymity/subjects_agg.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "subjects.h"

/*
 * A gate begins with room for the usual thresholds: memory that growing leaves
 * behind spreads the states of a large GROUP BY over more pages.
 */
#define GATE_FIRST_ROOM 9

/*
 * The first argument as a table that may be changed, or a new one where it is
 * null.  A state that came from elsewhere (an INITCOND) is copied into a table.
 */
static Subjects *
state_to_change(FunctionCallInfo fcinfo, int width, int32 k)
{
	Subjects   *s;

	if (PG_ARGISNULL(0))
		return anonymity_subjects_new(width, k, Min(k, GATE_FIRST_ROOM));

	s = (Subjects *) PG_GETARG_POINTER(0);
	if (VARATT_IS_4B_U(s) && s->layout == SUBJECTS_TABLE && AggCheckCallContext(fcinfo, NULL))
		return s;
	return anonymity_subjects_table(wire_detoast(PG_GETARG_DATUM(0), &subjects_wire));
}

/*
 * Add a subject, or to its sum, to the first argument.
 *
 * Of a large GROUP BY both a state's head, which tells how large the table is,
 * and the entry are far away in memory, and the second would be waited for
 * after the first.  Such states grow alike: so the entry is asked for where it
 * lies if this table is as large as the last one.  A wrong guess costs nothing.
 */
static Subjects *
add_subject(FunctionCallInfo fcinfo, int width, uint64 key, int64 value)
{
	uint32		last_capacity = (uint32) (uintptr_t) fcinfo->flinfo->fn_extra;
	Subjects   *s;

	if (last_capacity > 0 && !PG_ARGISNULL(0))
		subjects_prefetch((Subjects *) PG_GETARG_POINTER(0), width, last_capacity, key);
	s = state_to_change(fcinfo, width, 0);
	anonymity_subjects_check(anonymity_subjects_add(&s, key, value), width, NULL);
	fcinfo->flinfo->fn_extra = (void *) (uintptr_t) subjects_capacity(s);
	return s;
}

static Datum
changed_state(FunctionCallInfo fcinfo, Subjects *s)
{
	PG_RETURN_SUBJECTS(AggCheckCallContext(fcinfo, NULL) ? s : anonymity_subjects_sorted(s));
}

static void
check_same_k(int32 a, int32 b)
{
	if (a != b)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("gates of different thresholds cannot be put together"),
				 errdetail("One has k = %d, the other k = %d.", a, b),
				 errhint("Use one k for all rows of a group and all states that are merged.")));
}

PG_FUNCTION_INFO_V1(anonymity_set_add);

/* k_set_add(subject_set, bigint) */
Datum
anonymity_set_add(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
		return changed_state(fcinfo, state_to_change(fcinfo, 1, 0));
	return changed_state(fcinfo, add_subject(fcinfo, 1, subjects_key(PG_GETARG_INT64(1)), 0));
}

PG_FUNCTION_INFO_V1(anonymity_sums_add);

/* k_sum_add(subject_sums, bigint, bigint) */
Datum
anonymity_sums_add(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return changed_state(fcinfo, state_to_change(fcinfo, 2, 0));
	return changed_state(fcinfo, add_subject(fcinfo, 2, subjects_key(PG_GETARG_INT64(1)), PG_GETARG_INT64(2)));
}

PG_FUNCTION_INFO_V1(anonymity_gate_add);

/* k_gate_add(subject_gate, bigint, integer) */
Datum
anonymity_gate_add(PG_FUNCTION_ARGS)
{
	int32		k;
	Subjects   *s;

	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("threshold must not be null"),
				 errhint("k is a number of subjects from 1 to %d.", SUBJECT_GATE_MAX)));
	k = PG_GETARG_INT32(2);
	if (PG_ARGISNULL(0))
		anonymity_subjects_check_k(k, NULL);
	s = state_to_change(fcinfo, 1, k);
	check_same_k(s->k, k);
	if (!PG_ARGISNULL(1))
		anonymity_subjects_check(anonymity_subjects_add(&s, subjects_key(PG_GETARG_INT64(1)), 0), 1, NULL);
	return changed_state(fcinfo, s);
}

PG_FUNCTION_INFO_V1(anonymity_subjects_merge);

/*
 * k_set_merge, k_gate_merge, k_sum_merge (state, state): how parallel workers'
 * states are combined and what the unions aggregate with.  Null only when both
 * are.
 */
Datum
anonymity_subjects_merge(PG_FUNCTION_ARGS)
{
	Subjects   *s;
	Subjects   *other;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	/* Not PG_GETARG_SUBJECTS: a merge takes its argument in either layout. */
	other = wire_detoast(PG_GETARG_DATUM(1), &subjects_wire);
	s = state_to_change(fcinfo, other->width, other->k);
	check_same_k(s->k, other->k);
	anonymity_subjects_check(anonymity_subjects_merge_into(&s, other), s->width, NULL);
	PG_FREE_IF_COPY(other, 1);
	return changed_state(fcinfo, s);
}

PG_FUNCTION_INFO_V1(anonymity_subjects_final);

/* The final function of all of them: a sorted copy; the state goes on. */
Datum
anonymity_subjects_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_SUBJECTS(anonymity_subjects_sorted(wire_detoast(PG_GETARG_DATUM(0), &subjects_wire)));
}
