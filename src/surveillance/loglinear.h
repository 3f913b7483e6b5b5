/*-------------------------------------------------------------------------
 *
 * loglinear.h
 *	  Quasi-Poisson log-linear regression on a factor and a time trend.
 *
 *	  log E(y_i) = level[group_i] + slope t_i + offset_i
 *	  Var(y_i)   = dispersion E(y_i) / prior_i
 *
 * src/surveillance/loglinear.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_SURVEILLANCE_LOGLINEAR_H
#define CIVIC_SURVEILLANCE_LOGLINEAR_H

#include "surveillance/surveillance.h"

typedef struct LogLinear
{
	/* the data; the caller fills them */
	int			n;
	int			groups;
	double	   *y;
	double	   *t;
	double	   *offset;
	double	   *prior;			/* prior weight of each count */
	uint8	   *group;
	double		y_max;

	/* the fit */
	bool		trend;			/* is there a slope? */
	int			used_groups;	/* groups that have a count */
	double		level[MAX_SEASONS];
	double		slope;
	double		dispersion;		/* not below 1 */
	double	   *eta;			/* linear predictor, offset included */
	double	   *mu;				/* fitted means */
	double	   *weight;			/* working weights of the last step */
	double		group_weight[MAX_SEASONS];	/* their sum by group */
	double		group_t[MAX_SEASONS];	/* weighted mean of t by group */
	double		spread_t;		/* weighted sum of squares of t around them */
	double	   *memory;			/* what the vectors lie in */
} LogLinear;

extern void surveillance_loglinear_init(LogLinear *m, int capacity);
extern void surveillance_loglinear_free(LogLinear *m);
extern bool surveillance_loglinear_fit(LogLinear *m, bool trend);
extern int	surveillance_loglinear_df(const LogLinear *m);
extern double surveillance_loglinear_hat(const LogLinear *m, int i);
extern double surveillance_loglinear_predict(const LogLinear *m, int group, double t, double offset);
extern double surveillance_loglinear_variance(const LogLinear *m, int group, double t);
extern double surveillance_loglinear_dispersion(const LogLinear *m);
extern double surveillance_loglinear_dispersion_package(const LogLinear *m);

#endif							/* CIVIC_SURVEILLANCE_LOGLINEAR_H */
