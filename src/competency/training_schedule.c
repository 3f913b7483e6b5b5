/*-------------------------------------------------------------------------
 *
 * training_schedule.c
 *	  The best schedule of one person over dated sessions, or all that may be
 *	  part of a plan of several, by branch and bound.
 *
 * A node has chosen some sessions and barred others.  It branches on what a
 * chosen session still asks for, or on a competency that could still rise: one
 * child for each session that would do, with those before it barred, and for
 * the competency a last one that leaves it as it is.  So no set of sessions
 * is met twice, and none is missed.
 *
 * src/competency/training_schedule.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <limits.h>
#include <math.h>

#include "competency/training_schedule.h"
#include "miscadmin.h"

/* Worths that differ by less are the same. */
#define WORTH_TOLERANCE 1e-7

enum
{
	SESSION_OPEN,
	SESSION_CHOSEN,
	SESSION_BARRED
};

typedef struct ScheduleSearch
{
	const SessionPool *pool;
	SessionStock *stock;
	const ScheduledPerson *person;
	int		   *candidate;		/* sessions that could be of use */
	int			ncandidates;
	uint8	   *state;			/* of sessions */
	int		   *chosen;
	int			nchosen;
	int		   *goals;			/* competencies */
	int			ngoals;
	int		   *helps;			/* of sessions: goals that are to rise and
								 * that it teaches, in least_worth() */
	uint8	   *reach;			/* of goals: the level that can be reached */
	int64		steps;
	double		given_up;		/* what is not searched is worth this at best */
	ScheduleResult *result;
	ScheduleList *list;			/* NULL: only the best */
	int			most;
	bool		overflow;
} ScheduleSearch;

static inline uint8
taught(const SessionPool *pool, int session, int competency)
{
	return pool->teaches[(size_t) session * pool->ncompetencies + competency];
}

/* Take a schedule's seats and money, unless they are not there. */
bool
schedule_take(const SessionPool *pool, SessionStock *stock, const Schedule *schedule)
{
	bool		there = true;

	for (int i = 0; i < schedule->nsessions; i++)
	{
		int			session = schedule->sessions[i];

		stock->seats[session]--;
		stock->money[pool->month[session]] -= pool->price[session];
	}
	for (int i = 0; i < schedule->nsessions; i++)
		there = there && stock->seats[schedule->sessions[i]] >= 0 &&
			stock->money[pool->month[schedule->sessions[i]]] >= -WORTH_TOLERANCE;
	if (!there)
		schedule_give_back(pool, stock, schedule);
	return there;
}

void
schedule_give_back(const SessionPool *pool, SessionStock *stock, const Schedule *schedule)
{
	for (int i = 0; i < schedule->nsessions; i++)
	{
		stock->seats[schedule->sessions[i]]++;
		stock->money[pool->month[schedule->sessions[i]]] += pool->price[schedule->sessions[i]];
	}
}

static bool
overlap(const SessionPool *pool, int one, int other)
{
	return pool->starts[one] <= pool->ends[other] && pool->starts[other] <= pool->ends[one];
}

static void
choose(ScheduleSearch *search, int session)
{
	search->state[session] = SESSION_CHOSEN;
	search->chosen[search->nchosen++] = session;
	search->stock->seats[session]--;
	search->stock->money[search->pool->month[session]] -= search->pool->price[session];
}

/* Take back what was chosen last, and bar it. */
static void
bar_last(ScheduleSearch *search)
{
	int			session = search->chosen[--search->nchosen];

	search->state[session] = SESSION_BARRED;
	search->stock->seats[session]++;
	search->stock->money[search->pool->month[session]] += search->pool->price[session];
}

/* Whether a session can be added to those chosen, as far as days, seats and money go. */
static bool
fits(const ScheduleSearch *search, int session)
{
	const SessionPool *pool = search->pool;

	if (search->state[session] != SESSION_OPEN || search->stock->seats[session] <= 0 ||
		search->stock->money[pool->month[session]] < pool->price[session] - WORTH_TOLERANCE)
		return false;
	for (int i = 0; i < search->nchosen; i++)
		if (overlap(pool, session, search->chosen[i]))
			return false;
	return true;
}

/* The level of a competency on a day, or at the end, without one of the chosen sessions, or with all. */
static uint8
level_before(const ScheduleSearch *search, int competency, int day, int without)
{
	uint8		level = search->person->held[competency];

	for (int i = 0; i < search->nchosen; i++)
		if (search->chosen[i] != without && search->pool->ends[search->chosen[i]] < day)
			level = Max(level, taught(search->pool, search->chosen[i], competency));
	return level;
}

static int
missing_levels(const ScheduleSearch *search, int without)
{
	int			missing = 0;

	for (int i = 0; i < search->ngoals; i++)
	{
		int			need = search->person->need[search->goals[i]];

		missing += need - Min(need, level_before(search, search->goals[i], INT_MAX, without));
	}
	return missing;
}

/* The first thing that a chosen session asks for and that is not there, without one of the others. */
static const SessionAsk *
open_ask(const ScheduleSearch *search, int without, int *session)
{
	const SessionPool *pool = search->pool;

	for (int i = 0; i < search->nchosen; i++)
	{
		*session = search->chosen[i];
		if (*session == without)
			continue;
		for (int j = pool->first_ask[*session]; j < pool->first_ask[*session + 1]; j++)
			if (level_before(search, pool->ask[j].competency, pool->starts[*session], without) < pool->ask[j].level)
				return &pool->ask[j];
	}
	return NULL;
}

/* What an end and a price are worth beside the levels. */
static double
aim_worth(const SessionPool *pool, int end, double price)
{
	return pool->earliest ? end + price * pool->price_worth : price;
}

/* The last day of the chosen sessions, and what they cost. */
static int
chosen_end(const ScheduleSearch *search, double *price)
{
	int			end = 0;

	*price = 0;
	for (int i = 0; i < search->nchosen; i++)
	{
		*price += search->pool->price[search->chosen[i]];
		end = Max(end, search->pool->ends[search->chosen[i]]);
	}
	return end;
}

/*
 * What no schedule from here on is better than: goals rise as far as sessions
 * that fit teach them, each session's price is shared by the goals it may
 * serve, and none ends before the first that serves a goal.
 */
static double
least_worth(ScheduleSearch *search)
{
	const SessionPool *pool = search->pool;
	double		price;
	int			end = chosen_end(search, &price);
	int			missing = 0;
	uint8	   *reach = search->reach;

	for (int g = 0; g < search->ngoals; g++)
		reach[g] = 0;
	for (int i = 0; i < search->ncandidates; i++)
	{
		int			session = search->candidate[i];

		search->helps[session] = 0;
		if (fits(search, session))
			for (int g = 0; g < search->ngoals; g++)
				reach[g] = Max(reach[g], taught(pool, session, search->goals[g]));
	}
	search->steps += search->ncandidates;
	for (int g = 0; g < search->ngoals; g++)
	{
		uint8		now = level_before(search, search->goals[g], INT_MAX, -1);
		uint8		need = search->person->need[search->goals[g]];

		reach[g] = Min(reach[g], need);
		missing += need - Min(need, Max(now, reach[g]));
		if (reach[g] <= now)
			reach[g] = 0;
		for (int i = 0; reach[g] > 0 && i < search->ncandidates; i++)
			if (taught(pool, search->candidate[i], search->goals[g]) >= reach[g])
				search->helps[search->candidate[i]]++;
	}
	for (int g = 0; g < search->ngoals; g++)
	{
		double		least = INFINITY;
		int			first = INT_MAX;

		for (int i = 0; reach[g] > 0 && i < search->ncandidates; i++)
		{
			int			session = search->candidate[i];

			if (taught(pool, session, search->goals[g]) < reach[g] || !fits(search, session))
				continue;
			least = Min(least, pool->price[session] / search->helps[session]);
			first = Min(first, pool->ends[session]);
		}
		if (reach[g] == 0)
			continue;
		price += least;
		end = Max(end, first);
	}
	return aim_worth(pool, end, price) + missing * pool->level_worth;
}

static double
chosen_worth(const ScheduleSearch *search, int missing)
{
	double		price;
	int			end = chosen_end(search, &price);

	return aim_worth(search->pool, end, price) + missing * search->pool->level_worth;
}

static void
copy_chosen(const ScheduleSearch *search, Schedule *schedule, int missing)
{
	schedule->nsessions = search->nchosen;
	schedule->sessions = palloc_array(int, Max(search->nchosen, 1));
	memcpy(schedule->sessions, search->chosen, search->nchosen * sizeof(int));
	schedule->missing = missing;
	schedule->worth = chosen_worth(search, missing);
	schedule->reduced = schedule->worth;
}

/* Whether as much is missing without a chosen session, and nothing chosen asks for what it teaches. */
static bool
needless(const ScheduleSearch *search, int session, int missing)
{
	int			asking;

	return missing_levels(search, session) == missing && open_ask(search, session, &asking) == NULL;
}

/* What is chosen is the best so far; sessions that cost nothing may stand in it and do nothing. */
static void
keep_best(ScheduleSearch *search, int missing)
{
	int			nchosen = search->nchosen;
	int		   *chosen = palloc_array(int, nchosen + 1);

	memcpy(chosen, search->chosen, nchosen * sizeof(int));
	for (int i = nchosen - 1; i >= 0; i--)
		if (needless(search, search->chosen[i], missing))
		{
			search->nchosen--;
			memmove(&search->chosen[i], &search->chosen[i + 1], (search->nchosen - i) * sizeof(int));
			i = search->nchosen;	/* what only it asked for may be needless
									 * now */
		}
	copy_chosen(search, &search->result->best, missing);
	memcpy(search->chosen, chosen, nchosen * sizeof(int));
	search->nchosen = nchosen;
	pfree(chosen);
}

/* All that was asked for is there and nothing more is to rise: keep it, without what does nothing. */
static void
keep(ScheduleSearch *search)
{
	int			missing = missing_levels(search, -1);

	if (search->list == NULL)
	{
		if (chosen_worth(search, missing) < search->result->best.worth - WORTH_TOLERANCE)
			keep_best(search, missing);
		return;
	}
	/* without what does nothing it is met elsewhere */
	for (int i = 0; i < search->nchosen; i++)
		if (needless(search, search->chosen[i], missing))
			return;
	if (search->list->count >= search->most)
	{
		search->overflow = true;
		return;
	}
	if (search->list->count == search->list->capacity)
	{
		search->list->capacity *= 2;
		search->list->item = repalloc_array(search->list->item, Schedule, search->list->capacity);
	}
	copy_chosen(search, &search->list->item[search->list->count++], missing);
}

/* The sessions that fit, end before a day and teach a competency above a level; the most promising first. */
static int
find_branch(ScheduleSearch *search, int competency, int above, int day, int *branch)
{
	const SessionPool *pool = search->pool;
	int			n = 0;

	search->steps += search->ncandidates;
	for (int i = 0; i < search->ncandidates; i++)
	{
		int			session = search->candidate[i];
		double		key = pool->earliest ? pool->ends[session] : pool->price[session];
		int			at = n;

		if (pool->ends[session] >= day || taught(pool, session, competency) <= above || !fits(search, session))
			continue;
		for (; at > 0 && (pool->earliest ? pool->ends[branch[at - 1]] : pool->price[branch[at - 1]]) > key; at--)
			branch[at] = branch[at - 1];
		branch[at] = session;
		n++;
	}
	return n;
}

static void
explore(ScheduleSearch *search)
{
	int			asking;
	const SessionAsk *ask;
	int		   *branch;
	int			n = 0;
	double		least = 0;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (search->overflow)
		return;
	if (search->list == NULL)
	{
		least = least_worth(search);
		if (least >= search->result->best.worth - WORTH_TOLERANCE)
			return;
	}
	if (search->steps > SCHEDULE_MAX_STEPS)
	{
		search->given_up = Min(search->given_up, least);
		search->overflow = search->list != NULL;
		return;
	}
	branch = palloc_array(int, Max(search->ncandidates, 1));
	ask = open_ask(search, -1, &asking);
	if (ask != NULL)
		n = find_branch(search, ask->competency, ask->level - 1, search->pool->starts[asking], branch);
	else
		for (int g = 0; g < search->ngoals && n == 0; g++)
		{
			int			now = level_before(search, search->goals[g], INT_MAX, -1);

			if (now < search->person->need[search->goals[g]])
				n = find_branch(search, search->goals[g], now, INT_MAX, branch);
		}
	for (int i = 0; i < n; i++)
	{
		choose(search, branch[i]);
		explore(search);
		bar_last(search);
	}
	if (ask == NULL && n > 0)
		explore(search);
	else if (ask == NULL)
		keep(search);
	for (int i = 0; i < n; i++)
		search->state[branch[i]] = SESSION_OPEN;
	pfree(branch);
}

/* Sessions that teach somebody something that is needed or that one of them asks for. */
static void
find_candidates(ScheduleSearch *search)
{
	const SessionPool *pool = search->pool;
	uint8	   *wanted = palloc0(pool->ncompetencies + 1);	/* levels */
	bool	   *in = palloc0(pool->nsessions + 1);
	bool		more = true;

	for (int c = 0; c < pool->ncompetencies; c++)
		if (search->person->need[c] > search->person->held[c])
		{
			wanted[c] = search->person->need[c];
			search->goals[search->ngoals++] = c;
		}
	while (more)
	{
		more = false;
		for (int s = 0; s < pool->nsessions; s++)
		{
			bool		useful = false;

			for (int c = 0; c < pool->ncompetencies && !in[s]; c++)
				useful = useful || (wanted[c] > 0 && taught(pool, s, c) > search->person->held[c]);
			if (!useful)
				continue;
			in[s] = more = true;
			search->candidate[search->ncandidates++] = s;
			for (int j = pool->first_ask[s]; j < pool->first_ask[s + 1]; j++)
				if (pool->ask[j].level > search->person->held[pool->ask[j].competency])
					wanted[pool->ask[j].competency] = Max(wanted[pool->ask[j].competency], pool->ask[j].level);
		}
	}
	pfree(wanted);
	pfree(in);
}

static void
search_init(ScheduleSearch *search, const SessionPool *pool, SessionStock *stock, const ScheduledPerson *person)
{
	memset(search, 0, sizeof(ScheduleSearch));
	search->pool = pool;
	search->stock = stock;
	search->person = person;
	search->candidate = palloc_array(int, pool->nsessions + 1);
	search->state = palloc0(pool->nsessions + 1);
	search->chosen = palloc_array(int, pool->nsessions + 1);
	search->goals = palloc_array(int, pool->ncompetencies + 1);
	search->helps = palloc_array(int, pool->nsessions + 1);
	search->reach = palloc0(pool->ncompetencies + 1);
	search->given_up = INFINITY;
	find_candidates(search);
}

static void
search_free(ScheduleSearch *search)
{
	pfree(search->candidate);
	pfree(search->state);
	pfree(search->chosen);
	pfree(search->goals);
	pfree(search->helps);
	pfree(search->reach);
}

/* The best schedule of a person from what is in stock, which is left as it is. */
void
schedule_find(const SessionPool *pool, SessionStock *stock, const ScheduledPerson *person, ScheduleResult *result)
{
	ScheduleSearch search;

	search_init(&search, pool, stock, person);
	search.result = result;
	result->best.worth = INFINITY;
	explore(&search);
	if (isinf(result->best.worth))
		copy_chosen(&search, &result->best, missing_levels(&search, -1));
	result->bound = Min(result->best.worth, search.given_up);
	search_free(&search);
}

/* All schedules of a person none of whose sessions is needless; false where there are more than that. */
bool
schedule_list_all(const SessionPool *pool, SessionStock *stock, const ScheduledPerson *person, int most,
				  ScheduleList *list)
{
	ScheduleSearch search;

	search_init(&search, pool, stock, person);
	search.list = list;
	search.most = most;
	list->count = 0;
	list->capacity = 16;
	list->item = palloc_array(Schedule, list->capacity);
	explore(&search);
	search_free(&search);
	return !search.overflow;
}
