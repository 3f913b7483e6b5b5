/*-------------------------------------------------------------------------
 *
 * training_share.c
 *	  Who gets which seats: the best choice of one schedule for each person.
 *
 * Scarce seats and money get prices by which everybody's cheapest schedule
 * comes near to what is there (Lagrange multipliers by subgradients); what all
 * these cost together, less what the stock costs at those prices, is a bound.
 * The choice is then searched for depth first, bounded in the same way at
 * each step (M. L. Fisher: The Lagrangian relaxation method for solving
 * integer programming problems, Management Science 27, 1981).
 *
 * src/competency/training_share.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "competency/training_schedule.h"
#include "miscadmin.h"

#define ROUNDS 300

/* Worths that differ by less are the same. */
#define WORTH_TOLERANCE 1e-6

typedef struct ShareSearch
{
	const SessionPool *pool;
	SessionStock *stock;
	ScheduleList *lists;		/* of persons */
	int			npersons;
	double	   *seat_price;		/* of sessions */
	double	   *money_price;	/* of months: of a unit of money */
	double		stock_price;	/* of all that is there */
	int		   *now;			/* of persons: index in the list, -1: none yet */
	int		   *best;
	double		best_worth;
	double		given_up;
	int64		looks;
} ShareSearch;

static double
price_of(const ShareSearch *search, const Schedule *schedule)
{
	double		price = 0;

	for (int i = 0; i < schedule->nsessions; i++)
	{
		int			session = schedule->sessions[i];

		price += search->seat_price[session];
		if (search->money_price[search->pool->month[session]] > 0)
			price += search->money_price[search->pool->month[session]] * search->pool->price[session];
	}
	return price;
}

/* The index of a person's cheapest schedule at the prices now. */
static int
cheapest(ShareSearch *search, int person)
{
	ScheduleList *list = &search->lists[person];
	int			least = 0;

	for (int i = 0; i < list->count; i++)
	{
		list->item[i].reduced = list->item[i].worth + price_of(search, &list->item[i]);
		if (list->item[i].reduced < list->item[least].reduced)
			least = i;
	}
	return least;
}

static double
price_stock(ShareSearch *search)
{
	search->stock_price = 0;
	for (int s = 0; s < search->pool->nsessions; s++)
		search->stock_price += search->seat_price[s] * search->stock->seats[s];
	for (int m = 0; m < search->pool->nmonths; m++)
		if (search->money_price[m] > 0)
			search->stock_price += search->money_price[m] * search->stock->money[m];
	return search->stock_price;
}

/* What nobody could better is worth at the prices now, with how much more of each thing is wanted than there is. */
static double
relax(ShareSearch *search, double *seats_short, double *money_short)
{
	const SessionPool *pool = search->pool;
	double		worth = -price_stock(search);

	for (int s = 0; s < pool->nsessions; s++)
		seats_short[s] = -search->stock->seats[s];
	for (int m = 0; m < pool->nmonths; m++)
		money_short[m] = -search->stock->money[m];
	for (int p = 0; p < search->npersons; p++)
	{
		const Schedule *schedule = &search->lists[p].item[cheapest(search, p)];

		worth += schedule->reduced;
		for (int i = 0; i < schedule->nsessions; i++)
		{
			seats_short[schedule->sessions[i]] += 1;
			money_short[pool->month[schedule->sessions[i]]] += pool->price[schedule->sessions[i]];
		}
	}
	return worth;
}

/* A price goes up where more is wanted than there is, and down to nought where less is. */
static void
move_prices(double *price, const double *wanting, int n, double step)
{
	for (int i = 0; i < n; i++)
		price[i] = Max(price[i] + step * wanting[i], 0);
}

/* A thing that is not short and costs nothing stays so. */
static double
squares(const double *price, const double *wanting, int n)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		if (wanting[i] > 0 || price[i] > 0)
			sum += wanting[i] * wanting[i];
	return sum;
}

/* Look for the prices that give the highest bound; gives it and leaves them. */
static double
find_prices(ShareSearch *search)
{
	const SessionPool *pool = search->pool;
	double	   *seats_short = palloc_array(double, pool->nsessions + 1);
	double	   *money_short = palloc_array(double, pool->nmonths + 1);
	double	   *seat_best = palloc0_array(double, pool->nsessions + 1);
	double	   *money_best = palloc0_array(double, pool->nmonths + 1);
	double		highest = -INFINITY;
	double		pace = 1;

	for (int round = 0, since = 0; round < ROUNDS; round++)
	{
		double		worth = relax(search, seats_short, money_short);
		double		size = squares(search->seat_price, seats_short, pool->nsessions) +
		squares(search->money_price, money_short, pool->nmonths);
		double		step;

		CHECK_FOR_INTERRUPTS();
		if (worth > highest)
		{
			highest = worth;
			memcpy(seat_best, search->seat_price, pool->nsessions * sizeof(double));
			memcpy(money_best, search->money_price, pool->nmonths * sizeof(double));
			since = 0;
		}
		else if (++since == 10)
		{
			pace /= 2;
			since = 0;
		}
		if (size == 0 || highest >= search->best_worth - WORTH_TOLERANCE)
			break;
		step = pace * Max(search->best_worth - worth, WORTH_TOLERANCE) / size;
		move_prices(search->seat_price, seats_short, pool->nsessions, step);
		move_prices(search->money_price, money_short, pool->nmonths, step);
	}
	memcpy(search->seat_price, seat_best, pool->nsessions * sizeof(double));
	memcpy(search->money_price, money_best, pool->nmonths * sizeof(double));
	return highest;
}

static int
compare_reduced(const void *a, const void *b)
{
	double		one = ((const Schedule *) a)->reduced;
	double		other = ((const Schedule *) b)->reduced;

	return one < other ? -1 : one > other;
}

/* The first schedule of a person, from one on, that what is left allows; -1 for none. */
static int
first_possible(ShareSearch *search, int person, int from)
{
	for (int i = from; i < search->lists[person].count; i++)
	{
		search->looks++;
		if (!schedule_take(search->pool, search->stock, &search->lists[person].item[i]))
			continue;
		schedule_give_back(search->pool, search->stock, &search->lists[person].item[i]);
		return i;
	}
	return -1;
}

/*
 * The person to be served next, who loses most by the second possible
 * schedule instead of the first; -1 when all are served.  Adds to least what
 * the rest costs at least.
 */
static int
next_person(ShareSearch *search, double *least)
{
	double		most = -1;
	int			next = -1;

	for (int p = 0; p < search->npersons; p++)
	{
		int			first;
		int			second;
		double		loss;

		if (search->now[p] >= 0)
			continue;
		first = first_possible(search, p, 0);
		second = first < 0 ? -1 : first_possible(search, p, first + 1);
		if (first < 0)
			*least = INFINITY;
		else
			*least += search->lists[p].item[first].reduced;
		loss = second < 0 ? INFINITY : search->lists[p].item[second].reduced - search->lists[p].item[first].reduced;
		if (next < 0 || loss > most)
		{
			most = loss;
			next = p;
		}
	}
	return next;
}

/* paid: what is chosen so far is worth; reduced: the same at the prices */
static void
explore(ShareSearch *search, double paid, double reduced)
{
	double		least = reduced - search->stock_price;
	int			person = next_person(search, &least);
	int			first;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (person < 0 && paid < search->best_worth - WORTH_TOLERANCE)
	{
		search->best_worth = paid;
		memcpy(search->best, search->now, search->npersons * sizeof(int));
	}
	if (person < 0 || least >= search->best_worth - WORTH_TOLERANCE)
		return;
	if (search->looks > SCHEDULE_MAX_LOOKS)
	{
		search->given_up = Min(search->given_up, least);
		return;
	}
	first = first_possible(search, person, 0);
	for (int i = first; i < search->lists[person].count; i++)
	{
		const Schedule *schedule = &search->lists[person].item[i];

		/* those after it are no better at these prices */
		if (least + schedule->reduced - search->lists[person].item[first].reduced >=
			search->best_worth - WORTH_TOLERANCE)
			break;
		search->looks++;
		if (!schedule_take(search->pool, search->stock, schedule))
			continue;
		search->now[person] = i;
		explore(search, paid + schedule->worth, reduced + schedule->reduced);
		search->now[person] = -1;
		schedule_give_back(search->pool, search->stock, schedule);
	}
}

/*
 * Choose one schedule from each list so that all find their seats and money;
 * on entry chosen is a choice that does.  bound is what none is better than;
 * true if that is what was chosen.
 */
bool
schedule_share(const SessionPool *pool, SessionStock *stock, ScheduleList *lists, int npersons, int *chosen,
			   double *bound)
{
	ShareSearch search = {.pool = pool,.stock = stock,.lists = lists,.npersons = npersons,.best = chosen};
	double		root;

	search.seat_price = palloc0_array(double, pool->nsessions + 1);
	search.money_price = palloc0_array(double, pool->nmonths + 1);
	search.now = palloc_array(int, npersons + 1);
	search.given_up = INFINITY;
	for (int p = 0; p < npersons; p++)
	{
		search.best_worth += lists[p].item[chosen[p]].worth;
		search.now[p] = -1;
	}
	root = find_prices(&search);
	*bound = search.best_worth;
	if (root >= search.best_worth - WORTH_TOLERANCE)
		return true;
	price_stock(&search);

	/*
	 * the choice that is known goes by its index in a list that is about to
	 * be sorted
	 */
	for (int p = 0; p < npersons; p++)
	{
		int		   *known = lists[p].item[chosen[p]].sessions;

		cheapest(&search, p);
		qsort(lists[p].item, lists[p].count, sizeof(Schedule), compare_reduced);
		for (int i = 0; i < lists[p].count; i++)
			if (lists[p].item[i].sessions == known)
				chosen[p] = i;
	}
	explore(&search, 0, 0);
	*bound = Min(search.best_worth, Max(search.given_up, root));
	return search.given_up >= search.best_worth - WORTH_TOLERANCE;
}
