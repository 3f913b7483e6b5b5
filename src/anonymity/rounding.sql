-- ---- additive rounding: counts as multiples of a base that still add up ----
CREATE FUNCTION round_counts(area integer[], parent integer[], member integer[], breakdown integer[],
    row_area integer[], row_series integer[], row_member integer[], row_count bigint[], base integer, key bytea, label text,
    sum_member integer[] DEFAULT NULL, sum integer[] DEFAULT NULL,
    carried_area integer[] DEFAULT NULL, carried_series integer[] DEFAULT NULL, carried bigint[] DEFAULT NULL,
    sweeps integer DEFAULT 30, largest integer DEFAULT NULL) RETURNS bigint[]
  AS 'MODULE_PATHNAME', 'anonymity_round_counts' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION round_counts(integer[], integer[], integer[], integer[], integer[], integer[], integer[], bigint[], integer, bytea, text,
    integer[], integer[], integer[], integer[], bigint[], integer, integer) IS
  'counts of persons as multiples of base, in the order of row_count, so that they still add up. area, parent: the area tree by ids (parent 0: none); member, breakdown: the members there are and what each is a member of, numbered from 1; row_*: one finest area''s count of a series (an indicator in a period), member 0 for its total, which the members of each breakdown add up to (give unknown as a member). Every total of a row''s area and of all areas above it is within base - 1 of the truth, noughts stay noughts, and the members of each breakdown add up to their total. sum_member, sum: published sums of members, a pair for each member in it (NULL: each member by itself); carried_*: by how much totals of an area and series were off in earlier periods, where their sum with this one is read too; sweeps: how long the members are searched (annealed from 100 on); largest: how far a member''s sum may be off in any area (NULL: 2 base - 1). key: secret of 16 bytes or more; label: dataset and period. The same counts, key and label give the same result, in whatever order they come. NULL arrays are empty ones. Errors: a negative count, members that do not add up, a member that stays off by more than largest (RD001). Source: pivotal method, Deville and Tille 1998; Cox 1987';

CREATE FUNCTION round_again(area integer[], parent integer[], member integer[], breakdown integer[],
    row_area integer[], row_series integer[], row_member integer[], row_count bigint[], base integer, key bytea, label text,
    row_before bigint[], row_was bigint[], row_moved boolean[], due_area integer[], due_series integer[],
    sum_member integer[] DEFAULT NULL, sum integer[] DEFAULT NULL, largest integer DEFAULT NULL) RETURNS bigint[]
  AS 'MODULE_PATHNAME', 'anonymity_round_again' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION round_again(integer[], integer[], integer[], integer[], integer[], integer[], integer[], bigint[], integer, bytea, text,
    bigint[], bigint[], boolean[], integer[], integer[], integer[], integer[], integer) IS
  'a later release of what round_counts() rounded: only what is due moves. row_before: what is published now; row_was: the true count then; row_moved: moved once without being due; due_area, due_series: areas in which enough persons of a series changed. Due areas that are off by base or more are brought nearer from the outermost inwards, by due areas within them or by areas whose truth then and now lies inside the step, each of them once: a row that changed though its area is not due was moved so. Give every row of the state, with count 0 where nobody is left; everything else as round_counts() has it';
