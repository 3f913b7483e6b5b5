/*-------------------------------------------------------------------------
 *
 * list.h
 *	  Walking a list: a fact that is one, or several facts.
 *
 * src/rule/list.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_LIST_H
#define CIVIC_RULE_LIST_H

#include "scene.h"

/* The elements of a list, and the scene in which each is looked at. */
typedef struct RuleWalk
{
	RuleScene	scene;
	NullableDatum facts[RULE_SLOTS];
	bool		of_facts;
	uint8		gathered[RULE_MAX_FACTS];	/* facts, or the array's: */
	Oid			element_type;
	Datum	   *elements;
	bool	   *nulls;
	int			count;
} RuleWalk;

extern bool rule_open_walk(RuleWalk *walk, const RuleScene *scene, const RuleNode *node);
extern void rule_set_current(RuleWalk *walk, int i);

#endif							/* CIVIC_RULE_LIST_H */
