-- One at a time, where nobody outside can take the turn and keep it.

CREATE FUNCTION centre.take_turn(of_work text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO centre.turn (work) VALUES (of_work) ON CONFLICT DO NOTHING;
  PERFORM FROM centre.turn t WHERE t.work = of_work FOR NO KEY UPDATE;
END
$$;
COMMENT ON FUNCTION centre.take_turn(text) IS 'inner part of works that run one at a time: wait until nobody else does this one, and hold it until the end of the transaction';

GRANT SELECT, INSERT, UPDATE ON centre.turn TO civic_ticker, civic_publisher;
GRANT EXECUTE ON FUNCTION centre.take_turn(text) TO civic_ticker, civic_publisher;
