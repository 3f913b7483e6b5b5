/*-------------------------------------------------------------------------
 *
 * competency_agg.c
 *	  The aggregates competency_agg and competency_max: of each competency the
 *	  highest level and weight seen.
 *
 * The state collects entries and is put in order only when it is full, so a
 * row costs little whatever the order of the rows.
 *
 * src/competency/competency_agg.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "competency/competency.h"
#include "miscadmin.h"

#define FIRST_CAPACITY 14		/* a state of 64 bytes */

/* Entries in any order, with repeats; behind them there may be room for more. */
typedef struct CompetencyState
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	WireHead	head;
	int32		count;
	CompetencyEntry entries[FLEXIBLE_ARRAY_MEMBER];
} CompetencyState;

static const WireType competency_state_wire = {"competency_state", 1, 0};

#define STATE_SIZE(n) \
	add_size(offsetof(CompetencyState, entries), mul_size(n, sizeof(CompetencyEntry)))

static int
state_capacity(const CompetencyState *state)
{
	return (VARSIZE(state) - offsetof(CompetencyState, entries)) / sizeof(CompetencyEntry);
}

static CompetencyState *
state_alloc(int capacity)
{
	Size		size = STATE_SIZE(capacity);
	CompetencyState *state = palloc(size);

	wire_begin(state, size, &competency_state_wire);
	state->count = 0;
	return state;
}

/* Order the entries and keep one for each competency. */
static int
compact(CompetencyEntry *entries, int count)
{
	int			kept = 0;

	qsort(entries, count, sizeof(CompetencyEntry), competency_compare_words);
	for (int i = 0; i < count; i++)
	{
		CompetencyEntry entry = entries[i];

		/*
		 * the later of two has the higher level; the weight may be the
		 * other's
		 */
		if (kept > 0 && competency_id(entries[kept - 1]) == competency_id(entry))
		{
			CompetencyEntry last = entries[--kept];

			entry = competency_entry(competency_id(entry), competency_level(entry),
									 Max(competency_weight(last), competency_weight(entry)));
		}
		entries[kept++] = entry;
	}
	return kept;
}

/*
 * Add an entry in place, or in a larger copy.  The executor takes a copy into
 * the aggregate's context and frees the old state, so the larger one is made
 * in the current context.
 */
static CompetencyState *
state_add(CompetencyState *state, CompetencyEntry entry)
{
	int			capacity = state_capacity(state);

	if (state->count == capacity)
	{
		state->count = compact(state->entries, state->count);
		competency_check_count(state->count, NULL);
		if (state->count >= capacity / 2)
		{
			CompetencyState *larger = state_alloc(capacity * 2 + FIRST_CAPACITY);

			memcpy(larger->entries, state->entries, state->count * sizeof(CompetencyEntry));
			larger->count = state->count;
			state = larger;
		}
	}
	state->entries[state->count++] = entry;
	return state;
}

static CompetencyState *
state_add_all(CompetencyState *state, const CompetencyView *view)
{
	for (int i = 0; i < view->count; i++)
		state = state_add(state, competency_at(view, i));
	return state;
}

static CompetencySet *
state_set(const CompetencyState *state)
{
	CompetencySet *set = competency_set_alloc(state->count);
	int			count;

	memcpy(set->entries, state->entries, state->count * sizeof(CompetencyEntry));
	count = compact(set->entries, state->count);
	competency_check_count(count, NULL);
	SET_VARSIZE(set, COMPETENCY_SET_SIZE(count));
	return set;
}

static CompetencyState *
state_from_set(const CompetencySet *set)
{
	CompetencyView view = competency_view(PointerGetDatum(set));
	CompetencyState *state = state_alloc(Max(view.count, FIRST_CAPACITY));

	return state_add_all(state, &view);
}

/* The first argument: NULL, or a state that may be changed in place. */
static CompetencyState *
state_argument(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		return NULL;
	if (AggCheckCallContext(fcinfo, NULL))
		return wire_detoast(PG_GETARG_DATUM(0), &competency_state_wire);
	return wire_detoast_copy(PG_GETARG_DATUM(0), &competency_state_wire);
}

PG_FUNCTION_INFO_V1(competency_agg_add);

/* (state, id, level) or (state, id, level, weight); rows with a NULL do not count. */
Datum
competency_agg_add(PG_FUNCTION_ARGS)
{
	CompetencyState *state = state_argument(fcinfo);
	bool		missing = PG_ARGISNULL(1) || PG_ARGISNULL(2);
	int32		weight = 1;

	if (PG_NARGS() > 3)
	{
		missing |= PG_ARGISNULL(3);
		weight = PG_GETARG_INT32(3);
	}
	if (missing)
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	competency_check(PG_GETARG_INT32(1), PG_GETARG_INT32(2), weight, NULL);
	if (state == NULL)
		state = state_alloc(FIRST_CAPACITY);
	if (PG_GETARG_INT32(2) > 0)
		state = state_add(state, competency_entry(PG_GETARG_INT32(1), PG_GETARG_INT32(2), weight));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(competency_max_add);

Datum
competency_max_add(PG_FUNCTION_ARGS)
{
	CompetencyState *state = state_argument(fcinfo);
	CompetencyView view;

	if (PG_ARGISNULL(1))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	view = competency_view(PG_GETARG_DATUM(1));
	if (state == NULL)
		state = state_alloc(Max(view.count, FIRST_CAPACITY));
	PG_RETURN_POINTER(state_add_all(state, &view));
}

PG_FUNCTION_INFO_V1(competency_state_combine);

Datum
competency_state_combine(PG_FUNCTION_ARGS)
{
	CompetencyState *state = state_argument(fcinfo);
	CompetencyState *other;

	if (PG_ARGISNULL(1))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	other = wire_detoast(PG_GETARG_DATUM(1), &competency_state_wire);
	if (state == NULL)
		state = state_alloc(Max(other->count, FIRST_CAPACITY));
	for (int i = 0; i < other->count; i++)
		state = state_add(state, other->entries[i]);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(competency_state_final);

Datum
competency_state_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(state_set(wire_detoast(PG_GETARG_DATUM(0), &competency_state_wire)));
}

/* A state in text and binary form is the set it stands for. */

PG_FUNCTION_INFO_V1(competency_state_in);

Datum
competency_state_in(PG_FUNCTION_ARGS)
{
	CompetencySet *set = competency_set_from_text(PG_GETARG_CSTRING(0), fcinfo->context);

	if (set == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state_from_set(set));
}

PG_FUNCTION_INFO_V1(competency_state_out);

Datum
competency_state_out(PG_FUNCTION_ARGS)
{
	CompetencySet *set = state_set(wire_detoast(PG_GETARG_DATUM(0), &competency_state_wire));

	return DirectFunctionCall1(competency_set_out, PointerGetDatum(set));
}

PG_FUNCTION_INFO_V1(competency_state_recv);

Datum
competency_state_recv(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(state_from_set(competency_set_receive((StringInfo) PG_GETARG_POINTER(0), &competency_state_wire)));
}

PG_FUNCTION_INFO_V1(competency_state_send);

Datum
competency_state_send(PG_FUNCTION_ARGS)
{
	CompetencySet *set = state_set(wire_detoast(PG_GETARG_DATUM(0), &competency_state_wire));

	return DirectFunctionCall1(competency_set_send, PointerGetDatum(set));
}
