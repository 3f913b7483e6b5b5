/*-------------------------------------------------------------------------
 *
 * gap_histogram.h
 *	  How many people lack how many levels of which competency.
 *
 * src/competency/gap_histogram.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_COMPETENCY_GAP_HISTOGRAM_H
#define CIVIC_COMPETENCY_GAP_HISTOGRAM_H

#include "competency/competency.h"

#define GAP_HISTOGRAM_MAX_CELLS 8000000

/* The people who lack exactly this number of levels of a competency. */
typedef struct GapCell
{
	uint32		key;			/* competency_key(id, missing levels); 0 =
								 * free slot */
	uint32		unused;			/* always 0 */
	int64		people;
} GapCell;

/*
 * While an aggregate runs, the cells are a hash table of "slots" places; a
 * finished histogram has slots = 0 and its cells in the order of their keys.
 * Every reader puts a value in order first (gap_histogram_sorted).
 */
typedef struct GapHistogram
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	WireHead	head;
	uint32		slots;
	uint32		count;			/* cells in use */
	int64		people;			/* compared, with or without a gap */
	int64		short_people;	/* with at least one gap */
	GapCell		cells[FLEXIBLE_ARRAY_MEMBER];
} GapHistogram;

static const WireType gap_histogram_wire = {"gap_histogram", 1, 0};

#define DatumGetGapHistogramP(d) ((GapHistogram *) wire_detoast(d, &gap_histogram_wire))

extern GapHistogram *gap_histogram_alloc(uint32 ncells);
extern GapHistogram *gap_histogram_sorted(Datum value);

#endif							/* CIVIC_COMPETENCY_GAP_HISTOGRAM_H */
