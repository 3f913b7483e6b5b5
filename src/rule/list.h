/*-------------------------------------------------------------------------
 *
 * list.h
 *	  Walking a fact that is a list.
 *
 * src/rule/list.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_LIST_H
#define CIVIC_RULE_LIST_H

#include "scene.h"

/* The elements of a list fact, and the scene in which each is looked at. */
typedef struct RuleWalk
{
	RuleScene	scene;
	NullableDatum facts[RULE_SLOTS];
	Oid			element_type;
	Datum	   *elements;
	bool	   *nulls;
	int			count;
} RuleWalk;

extern void rule_open_walk(RuleWalk *walk, const RuleScene *scene, int fact);
extern void rule_set_current(RuleWalk *walk, int i);

#endif							/* CIVIC_RULE_LIST_H */
