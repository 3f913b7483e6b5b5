/*-------------------------------------------------------------------------
 *
 * ladders.c
 *	  The ladders as data: their rungs and what people call them.
 *
 * Rungs are those of the WHO/UNICEF Joint Monitoring Programme: households
 * 2017, schools 2018, health care facilities 2019.
 *
 * src/ladder/ladders.c
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"

#include "ladder/ladder.h"

static const Ladder ladders[LADDER_LAST + 1] = {
	[LADDER_HCF] = {
		"hcf", 4, {"no_service", "limited", "basic", "advanced"}
	},
	[LADDER_HOUSEHOLD_WATER] = {
		"household_water", 5,
		{"surface_water", "unimproved", "limited", "basic", "safely_managed"}
	},
	[LADDER_HOUSEHOLD_SANITATION] = {
		"household_sanitation", 5,
		{"open_defecation", "unimproved", "limited", "basic", "safely_managed"}
	},
	[LADDER_HOUSEHOLD_HYGIENE] = {
		"household_hygiene", 3, {"no_facility", "limited", "basic"}
	},
	[LADDER_SCHOOL] = {
		"school", 4, {"no_service", "limited", "basic", "advanced"}
	},
};

/* The languages of the labels; the first stands in for one we do not have. */
enum
{
	LANGUAGE_EN,
	LANGUAGE_FR,
	LANGUAGE_COUNT
};

static const char *const languages[LANGUAGE_COUNT] = {"en", "fr"};

static const struct
{
	const char *rung;
	const char *label[LANGUAGE_COUNT];	/* UTF-8 */
}			labels[] =

{
	{"no_service", {"No service", "Aucun service"}},
	{"surface_water", {"Surface water", "Eau de surface"}},
	{"open_defecation", {"Open defecation", "Défécation à l'air libre"}},
	{"no_facility", {"No facility", "Aucune installation"}},
	{"unimproved", {"Unimproved", "Non amélioré"}},
	{"limited", {"Limited", "Limité"}},
	{"basic", {"Basic", "Élémentaire"}},
	{"safely_managed", {"Safely managed", "Géré en toute sécurité"}},
	{"advanced", {"Advanced", "Avancé"}},
	{LADDER_INSUFFICIENT, {"Insufficient data", "Données insuffisantes"}},
};

static bool
same_name(const char *name, const char *other, size_t len)
{
	return strlen(name) == len && memcmp(name, other, len) == 0;
}

/* The ladder of a number, NULL if there is none. */
const Ladder *
ladder_get(int ladder)
{
	return ladder >= 1 && ladder <= LADDER_LAST ? &ladders[ladder] : NULL;
}

/* The number of a ladder by name, 0 if there is none. */
int
ladder_find(const char *name, size_t len)
{
	for (int i = 1; i <= LADDER_LAST; i++)
	{
		if (same_name(ladders[i].name, name, len))
			return i;
	}
	return 0;
}

/* The number of a rung by name, -1 if the ladder has none. */
int
ladder_find_rung(const Ladder *ladder, const char *name, size_t len)
{
	Assert(ladder != NULL && ladder->nrungs <= LADDER_MAX_RUNGS);
	for (int i = 0; i < ladder->nrungs; i++)
	{
		if (same_name(ladder->rungs[i], name, len))
			return i;
	}
	return -1;
}

/* All ladders, for a hint. */
char	   *
ladder_names(void)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 1; i <= LADDER_LAST; i++)
		appendStringInfo(&buf, "%s%s", i > 1 ? ", " : "", ladders[i].name);
	return buf.data;
}

/* All rungs of a ladder from the lowest, for a hint. */
char	   *
ladder_rung_names(const Ladder *ladder)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < ladder->nrungs; i++)
		appendStringInfo(&buf, "%s%s", i > 0 ? ", " : "", ladder->rungs[i]);
	return buf.data;
}

/* "fr" and "fr-CA" are French; a language without labels is English. */
static int
find_language(const char *language)
{
	size_t		len = strcspn(language, "-_");

	for (int i = 0; i < LANGUAGE_COUNT; i++)
	{
		if (strlen(languages[i]) == len &&
			pg_strncasecmp(languages[i], language, len) == 0)
			return i;
	}
	return 0;
}

/* What people call a rung, in the database's encoding. */
const char *
ladder_label(const char *rung, const char *language)
{
	for (size_t i = 0; i < lengthof(labels); i++)
	{
		if (strcmp(labels[i].rung, rung) == 0)
		{
			const char *label = labels[i].label[find_language(language)];

			return pg_any_to_server(label, strlen(label), PG_UTF8);
		}
	}
	elog(ERROR, "no label for service level \"%s\"", rung);
	return NULL;				/* keep the compiler quiet */
}
