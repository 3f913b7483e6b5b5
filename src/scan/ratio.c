/*-------------------------------------------------------------------------
 *
 * ratio.c
 *	  Log likelihood ratio of a window: Kulldorff 1997, Commun Stat Theory
 *	  Methods 26:1481, for Poisson and Bernoulli counts, high rates only.
 *
 * src/scan/ratio.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include <math.h>

#include "miscadmin.h"

#include "scan/scan.h"

double
scan_expected(const ScanTotal *total, double b)
{
	return total->cases * b / total->baseline;
}

/* k ln(k / m) where k = m + d, without losing what the subtraction of near values would. */
static double
k_log(double k, double m, double d)
{
	return k == 0 ? 0 : k * log1p(d / m);
}

/*
 * c cases where b of the baseline is; 0 where the rate is not raised.  Both
 * models are sums of k ln(k / m) over what was seen (k) and what the whole
 * lets expect (m): two such terms for Poisson, four for Bernoulli.
 */
double
scan_ratio(const ScanTotal *total, double c, double b)
{
	double		e = scan_expected(total, b);
	double		d = c - e;
	double		sum;

	/* a rate as high as the whole's is not raised: rounding is no finding */
	if (d <= 1e-12 * e || c == 0 || total->cases <= 0)
		return 0;
	sum = k_log(c, e, d) + k_log(total->cases - c, total->cases - e, -d);
	if (total->model == SCAN_BERNOULLI)
		sum += k_log(b - c, b - e, -d) +
			k_log((total->baseline - b) - (total->cases - c),
				  (total->baseline - b) - (total->cases - e), d);
	return Max(sum, 0);
}

/*
 * The widest baseline at which c cases still give a ratio of llr: at a given
 * c the ratio falls as the baseline grows, to 0 where c is what is expected.
 */
static double
ratio_limit(const ScanTotal *total, double llr, double c)
{
	double		low = total->model == SCAN_BERNOULLI ? c : 0;
	double		high = c / total->cases * total->baseline;

	if (low > 0 && scan_ratio(total, c, low) < llr)
		return 0;
	for (int i = 0; i < 60; i++)
	{
		double		middle = (low + high) / 2;

		if (scan_ratio(total, c, middle) >= llr)
			low = middle;
		else
			high = middle;
	}
	/* a little wide: whoever passes is looked at exactly */
	return high * (1 + 1e-9);
}

/*
 * limits[c]: the widest baseline at which c cases reach llr, for c from 0 to
 * n - 1, so far that every baseline up to "widest" has its c.  Never falling.
 */
double	   *
scan_ratio_limits(const ScanTotal *total, double llr, double widest, int *n)
{
	int			room = 1024;
	double	   *limits = palloc(room * sizeof(double));
	int			c = 0;

	limits[0] = 0;
	while (limits[c] < widest && c < total->cases)
	{
		CHECK_FOR_INTERRUPTS();
		if (++c == room)
		{
			room *= 2;
			limits = repalloc_huge(limits, room * sizeof(double));
		}
		limits[c] = Max(limits[c - 1], ratio_limit(total, llr, c));
	}
	*n = c + 1;
	return limits;
}
