-- What keeps a condition on a view's values behind the view's own conditions.

-- A barrier holds back functions that may tell what they see.  Comparisons of whole numbers, texts and the like are trusted, so they are tested below it, and EXPLAIN (ANALYZE)
-- counts whose rows they passed over; IS NULL too.  No condition on the result of a volatile function is.  Nothing is left of the call in the plan itself.
CREATE FUNCTION dash.fenced(value anyelement) RETURNS anyelement
LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT $1';
COMMENT ON FUNCTION dash.fenced(anyelement) IS
  'the value itself. In the list of a view that is a security barrier: no condition on that column is tested on rows that the view does not return. VOLATILE for that, though it is not';
