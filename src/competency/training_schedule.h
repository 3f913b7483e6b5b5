/*-------------------------------------------------------------------------
 *
 * training_schedule.h
 *	  Seats in dated sessions: what there is, what a person may take of it, and
 *	  who gets what.
 *
 * A schedule is a set of sessions of one person that do not overlap, each of
 * whose prerequisites is held or taught in one of them that ends before.  Of
 * two schedules that one is better that leaves fewer levels missing; of two
 * that leave as many the cheaper one, or the one that ends first.
 *
 * src/competency/training_schedule.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_COMPETENCY_TRAINING_SCHEDULE_H
#define CIVIC_COMPETENCY_TRAINING_SCHEDULE_H

#include "competency/competency.h"

/* Looks at a session after which the search for one person's schedule is given up: some 50 ms. */
#define SCHEDULE_MAX_STEPS		4000000

/* Schedules of all persons together up to which the best plan of all is looked for, and looks at one of them. */
#define SCHEDULE_MAX_COUNT		20000
#define SCHEDULE_MAX_LOOKS		20000000

/* A session asks for a competency at a level. */
typedef struct SessionAsk
{
	int			competency;
	uint8		level;
} SessionAsk;

typedef struct SessionPool
{
	int			nsessions;
	int			ncompetencies;
	int			nmonths;
	uint32	   *competency;		/* ids, ascending: those that somebody needs
								 * or a session asks for */
	int		   *starts;			/* days */
	int		   *ends;
	double	   *price;
	int		   *month;			/* of sessions: whose money is spent */
	uint8	   *teaches;		/* level, by session and competency */
	int		   *first_ask;		/* of sessions, and the end of the last */
	SessionAsk *ask;
	bool		earliest;		/* the aim is an early end, not a low price */
	double		level_worth;	/* more than twice what any plan costs */
	double		price_worth;	/* of a unit of price where the aim is an
								 * early end: all prices together make less
								 * than a day */
} SessionPool;

/* What is left to be taken. */
typedef struct SessionStock
{
	int		   *seats;			/* of sessions */
	double	   *money;			/* of months */
} SessionStock;

typedef struct ScheduledPerson
{
	uint8	   *held;			/* levels, by competency */
	uint8	   *need;
} ScheduledPerson;

typedef struct Schedule
{
	int		   *sessions;
	int			nsessions;
	int			missing;		/* levels */
	double		worth;			/* the lower the better: missing levels, then
								 * the aim */
	double		reduced;		/* worth, with the prices that scarce seats
								 * and money have */
} Schedule;

typedef struct ScheduleList
{
	Schedule   *item;
	int			count;
	int			capacity;
} ScheduleList;

/* The best schedule of a person, and what none is better than. */
typedef struct ScheduleResult
{
	Schedule	best;
	double		bound;
} ScheduleResult;

extern bool schedule_take(const SessionPool *pool, SessionStock *stock, const Schedule *schedule);
extern void schedule_give_back(const SessionPool *pool, SessionStock *stock, const Schedule *schedule);
extern void schedule_find(const SessionPool *pool, SessionStock *stock, const ScheduledPerson *person,
						  ScheduleResult *result);
extern bool schedule_list_all(const SessionPool *pool, SessionStock *stock,
							  const ScheduledPerson *person, int most, ScheduleList *list);
extern bool schedule_share(const SessionPool *pool, SessionStock *stock, ScheduleList *lists, int npersons,
						   int *chosen, double *bound);

#endif							/* CIVIC_COMPETENCY_TRAINING_SCHEDULE_H */
