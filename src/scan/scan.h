/*-------------------------------------------------------------------------
 *
 * scan.h
 *	  Kulldorff's scan statistic: the circle, and the time, in which cases
 *	  are least likely by chance.
 *
 * Files stand in floors: ratio | map -> zone -> search | replica -> scan.
 *
 * src/scan/scan.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_SCAN_SCAN_H
#define CIVIC_SCAN_SCAN_H

#include "utils/array.h"

/* Limits, so that a call stays within memory and some minutes. */
#define SCAN_MAX_LOCATIONS	100000
#define SCAN_MAX_PERIODS	1000
#define SCAN_MAX_WINDOWS	INT64CONST(250000000)
#define SCAN_MAX_TRIALS		200000000
#define SCAN_MAX_REPLICAS	99999
#define SCAN_MAX_CLUSTERS	100

typedef enum ScanModel
{
	SCAN_POISSON,
	SCAN_BERNOULLI
} ScanModel;

/* What is compared: all cases, and all that could be (expected sum or trials). */
typedef struct ScanTotal
{
	ScanModel	model;
	double		cases;
	double		baseline;		/* Poisson: in any unit; Bernoulli: trials */
} ScanTotal;

/*
 * Locations in the order of their codes.  A window of time is one of "spans";
 * counts and baselines are kept as sums of each span, location by location,
 * because a window of space and time is then a running sum over locations.
 */
typedef struct ScanSpan
{
	int			first;			/* periods, from 0 */
	int			last;
} ScanSpan;

typedef struct ScanPoint
{
	double		x,
				y,
				z;
} ScanPoint;

typedef struct ScanMap
{
	int			n;				/* locations */
	int			periods;
	int			spans;
	ScanSpan   *span;
	char	  **code;
	bool		on_sphere;
	ScanPoint  *point;			/* on a sphere of radius 1, or in the plane */
	double	   *population;		/* of a location, mean over the periods */
	double	   *baseline;		/* n x periods */
	int64	   *cases;			/* n x periods */
	double	   *span_baseline;	/* n x spans */
	ScanTotal	total;
} ScanMap;

/*
 * Zones: of each centre its nearest locations, one more at a time.  closed[i]
 * says that the circle which ends with member[i] is one: false within
 * locations at one distance that enter together.
 */
typedef struct ScanZones
{
	int		   *start;			/* n + 1 */
	int		   *member;
	bool	   *closed;
	double	   *radius;
} ScanZones;

typedef struct ScanCluster
{
	int			centre;
	int			size;			/* locations */
	int			span;
	double		observed;
	double		baseline;
	double		llr;
	double		population;
	double		radius;
	int			as_high;		/* replicas with a maximum as high */
} ScanCluster;

typedef struct ScanOptions
{
	double		population_share;
	int			min_cases;
	int			clusters;
	int			replicas;
	int64		seed;
	bool		ties_together;
} ScanOptions;

/* map.c */
typedef struct ScanInput
{
	ArrayType  *location;
	ArrayType  *x;
	ArrayType  *y;
	ArrayType  *cases;
	ArrayType  *population;
	ArrayType  *baseline;		/* or NULL: the population */
	int			periods;
	ScanModel	model;
	bool		on_sphere;
} ScanInput;

extern ScanMap *scan_map(const ScanInput *in);
extern void scan_set_spans(ScanMap *map, bool prospective, int max_duration);

/* ratio.c */
extern double scan_ratio(const ScanTotal *total, double c, double b);
extern double scan_expected(const ScanTotal *total, double b);
extern double *scan_ratio_limits(const ScanTotal *total, double llr, double widest, int *n);

/* zone.c */
extern ScanZones *scan_zones(const ScanMap *map, const ScanOptions *options);

/* search.c */
extern float *scan_ratios(const ScanMap *map, const ScanZones *zones, const ScanOptions *options);
extern int	scan_clusters(const ScanMap *map, const ScanZones *zones, const ScanOptions *options,
						  const float *ratios, ScanCluster *found);

/* replica.c */
extern void scan_replicas(const ScanMap *map, const ScanZones *zones, const ScanOptions *options,
						  ScanCluster *found, int nfound);

#endif							/* CIVIC_SCAN_SCAN_H */
