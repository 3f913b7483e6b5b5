/*-------------------------------------------------------------------------
 *
 * published.c
 *	  Two methods as their authors gave them, for comparison.
 *
 * Both rest on reverse hazards: of the reports that came within x days, the
 * share g(x) that took just x.  They are seen for every day that is x days
 * old, and the share that has come after a days is the product of 1 - g(x)
 * over longer x.
 *
 * lawless: J. F. Lawless, Adjustments for reporting delays and the prediction
 * of occurred but not reported events, Canadian Journal of Statistics 22
 * (1994).  trunc: M. Höhle and M. an der Heiden, Bayesian nowcasting during
 * the STEC O104:H4 outbreak in Germany, 2011, Biometrics 70 (2014): the
 * hazards have Beta posteriors (a generalised Dirichlet for the delays), the
 * day's mean a gamma prior with mean 50 and variance 3,000, so what is still
 * to come is a mixture of negative binomials over the share; here by
 * quadrature over the Beta with the product's mean and variance.
 *
 * src/nowcast/published.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "miscadmin.h"

#include "nowcast/nowcast.h"
#include "statistics/distribution.h"

#define PRIOR_MEAN		50.0
#define PRIOR_VARIANCE	3000.0
#define PRIOR_LEAST		1e-6	/* of the hazards' first parameter: a proper
								 * prior */
#define NODES			64		/* of the quadrature */
#define MOST			1e7		/* reports that a day is thought to have at
								 * most */

typedef struct Hazards
{
	double		took[NOWCAST_MAX_DELAY + 1];	/* reports that took just x
												 * days */
	double		within[NOWCAST_MAX_DELAY + 1];	/* of those within x days */
} Hazards;

static Hazards
hazards_of(const Triangle *t)
{
	Hazards		h = {{0}, {0}};
	int			now = t->days - 1;

	for (int day = 0; day <= now; day++)
	{
		double		sum = 0;

		for (int x = 0; x <= triangle_age(t, now, day); x++)
		{
			sum += triangle_n(t, day, x);
			h.took[x] += triangle_n(t, day, x);
			h.within[x] += sum;
		}
	}
	return h;
}

static void
fill(Nowcast *out, double median, double mean, double lower, double upper, double share)
{
	out->estimate = Max(median, out->reported);
	out->mean = Max(mean, out->reported);
	out->lower = Max(lower, out->reported);
	out->upper = Max(upper, out->reported);
	out->share = share;
}

/*
 * Lawless: reported / share, normal with the variance of the reports that
 * came, cut off below what is reported.  The quantiles are those of R's
 * surveillance package: of the mass above the cut, counted from minus
 * infinity.
 */
void
nowcast_lawless(const Triangle *t, const Triangle *parent, double level, Nowcast *out)
{
	Hazards		h = hazards_of(t);
	double		share = 1;
	bool		known = true;

	for (int age = t->longest; age >= 0; age--)
	{
		double		n = out[age].reported;

		if (!known || share <= 0)
			out[age].reason = "too_few";
		else if (n == 0)
			fill(&out[age], 0, 0, 0, 0, share);
		else
		{
			double		mean = n / share,
						sd = sqrt(n * (1 - share)) / share,
						mass = sd > 0 ? statistics_dist_normal_sf((n - mean) / sd) : 1,
						q[3] = {(1 - level) / 2, 0.5, (1 + level) / 2};

			for (int i = 0; i < 3; i++)
				q[i] = sd > 0 ? ceil(mean + sd * statistics_dist_normal_quantile(q[i] * mass)) : mean;
			fill(&out[age], q[1], mean, q[0], q[2], share);
		}
		if (h.within[age] <= 0)
			known = false;
		else
			share *= 1 - Min(Max(h.took[age] / h.within[age], 0), 1);
	}
}

/* ---- trunc ---- */

/* Equally likely values of a share with this mean and mean square. */
static void
share_nodes(double mean, double square, double *node)
{
	double		variance = square - mean * mean,
				strength = variance > 0 ? mean * (1 - mean) / variance - 1 : 0;

	for (int i = 0; i < NODES; i++)
		node[i] = strength > 0 && mean > 0 && mean < 1 ?
			statistics_dist_beta_quantile((i + 0.5) / NODES, mean * strength, (1 - mean) * strength) : mean;
}

/* P(still to come <= k), where n have come */
static double
rest_cdf(double k, double n, const double *node)
{
	double		rate = PRIOR_MEAN / PRIOR_VARIANCE,
				size = PRIOR_MEAN * rate + n,
				sum = 0;

	for (int i = 0; i < NODES; i++)
		sum += statistics_dist_negbin_cdf(k, size * (1 - node[i]) / (rate + node[i]), size);
	return sum / NODES;
}

static double
rest_quantile(double p, double n, const double *node)
{
	double		low = -1,
				high = 16;

	while (high < MOST && rest_cdf(high, n, node) < p)
	{
		low = high;
		high *= 2;
	}
	while (high - low > 1)
	{
		double		middle = floor((low + high) / 2);

		CHECK_FOR_INTERRUPTS();
		if (rest_cdf(middle, n, node) < p)
			low = middle;
		else
			high = middle;
	}
	return high;
}

void
nowcast_trunc(const Triangle *t, const Triangle *parent, double level, Nowcast *out)
{
	Hazards		h = hazards_of(t);
	double		mean = 1,
				square = 1;
	bool		known = true;

	for (int age = t->longest; age >= 0; age--)
	{
		double		n = out[age].reported,
					rate = PRIOR_MEAN / PRIOR_VARIANCE,
					rest = 0,
					node[NODES],
					a,
					b;

		if (!known)
		{
			out[age].reason = "too_few";
			continue;
		}
		share_nodes(mean, square, node);
		for (int i = 0; i < NODES; i++)
			rest += (PRIOR_MEAN * rate + n) * (1 - node[i]) / (rate + node[i]) / NODES;
		fill(&out[age], n + rest_quantile(0.5, n, node), n + rest, n + rest_quantile((1 - level) / 2, n, node),
			 n + rest_quantile((1 + level) / 2, n, node), mean);

		/* one more hazard: its complement has a Beta distribution */
		if (age == 0 || h.within[age] <= 0)
		{
			known = false;
			continue;
		}
		a = PRIOR_LEAST + Max(h.took[age], 0);
		b = age / (t->longest + 1.0) + Max(h.within[age] - h.took[age], 0);
		mean *= b / (a + b);
		square *= b * (b + 1) / ((a + b) * (a + b + 1));
	}
}
