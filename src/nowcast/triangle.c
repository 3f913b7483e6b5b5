/*-------------------------------------------------------------------------
 *
 * triangle.c
 *	  The last days of a delays value, laid out by event day and delay.
 *
 * src/nowcast/triangle.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "miscadmin.h"

#include "nowcast/nowcast.h"

/* What was known on the day now: later reports are left out. */
Triangle
nowcast_triangle(const Delays *d, DateADT now, int days)
{
	Triangle	t = {days, d->longest, 0, NULL};
	int64		first = (int64) now - days + 1;

	t.weekday = (int) (((first % 7) + 7) % 7);
	t.n = palloc0(sizeof(double) * days * (d->longest + 1));
	for (int i = 0; i < d->n; i++)
	{
		const DelayCell *c = &d->cell[i];

		if (c->day >= first && (int64) c->day + c->delay <= now)
			t.n[(c->day - first) * (d->longest + 1) + c->delay] += (double) c->n;
	}
	return t;
}

/* Reports of a day that were known at a time; corrections do not take it below none. */
double
nowcast_reported(const Triangle *t, int now, int day)
{
	double		sum = 0;

	for (int x = triangle_age(t, now, day); x >= 0; x--)
		sum += triangle_n(t, day, x);
	return Max(sum, 0);
}
