/*-------------------------------------------------------------------------
 *
 * render.h
 *	  Values as JSON: what definitions and outputs came to.
 *
 * src/rule/render.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef CIVIC_RULE_RENDER_H
#define CIVIC_RULE_RENDER_H

#include "program.h"

#include "lib/stringinfo.h"

/* As it stands in JSON: null where it is unknown or absent. */
extern void rule_render_result(StringInfo json, RuleType type, const RuleResult *result);

#endif							/* CIVIC_RULE_RENDER_H */
