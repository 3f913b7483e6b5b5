-- Who somebody is: pseudonyms of identities, and signed claims of connections.

CREATE FUNCTION centre.pseudonym(identity text) RETURNS bigint
LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN (SELECT civic.subject_key(pseudonym.identity, s.salt) FROM centre.pseudonym_salt AS s);
COMMENT ON FUNCTION centre.pseudonym(text) IS
  'keyed pseudonym of an identity (a number or an address as the source sends it); the key is the site''s salt, which the caller cannot read; null gives null';
REVOKE ALL ON FUNCTION centre.pseudonym(text) FROM PUBLIC;

CREATE FUNCTION centre.add_claim_key(of_login name, secret bytea, runs_for interval DEFAULT '1 hour') RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  block bytea := CASE WHEN length(secret) > 64 THEN sha256(secret) ELSE secret END;
  inner_pad bytea := '';
  outer_pad bytea := '';
  byte integer;
  made integer;
BEGIN
  IF secret IS NULL OR length(secret) < 32 THEN
    RAISE EXCEPTION 'the secret is too short' USING ERRCODE = 'invalid_parameter_value', DETAIL = format('It has %s bytes.', coalesce(length(secret), 0)), HINT = 'Take 32 random bytes or more.';
  END IF;
  FOR i IN 0..63 LOOP
    byte := CASE WHEN i < length(block) THEN get_byte(block, i) ELSE 0 END;
    inner_pad := inner_pad || set_byte('\x00', 0, byte # 54);
    outer_pad := outer_pad || set_byte('\x00', 0, byte # 92);
  END LOOP;
  INSERT INTO centre.claim_key (login, inner_pad, outer_pad, longest) VALUES (of_login, inner_pad, outer_pad, runs_for) RETURNING key_id INTO made;
  RETURN made;
END
$$;
COMMENT ON FUNCTION centre.add_claim_key(name, bytea, interval) IS
  'register the secret (32 random bytes or more) by which the service behind a login signs claims that run for at most runs_for; gives the number of the key. End a key by closing its valid range. For administrators';

CREATE FUNCTION centre.claim_mac(of_key integer, payload text) RETURNS text
LANGUAGE sql STABLE
RETURN (SELECT encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to($2, 'UTF8'))), 'hex') FROM centre.claim_key k WHERE k.key_id = $1);
COMMENT ON FUNCTION centre.claim_mac(integer, text) IS 'HMAC-SHA-256 (RFC 2104) of a claim under a key, in hexadecimal; for administrators: services sign by themselves';

CREATE FUNCTION centre.sign_claim(of_key integer, kind text, party text, runs_for interval DEFAULT '10 minutes') RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT p.payload || '.' || centre.claim_mac($1, p.payload)
  FROM (SELECT format('%s|%s|%s|%s|%s', $2, k.login, k.key_id, ceil(extract(epoch FROM statement_timestamp() + $4)), $3) AS payload FROM centre.claim_key k WHERE k.key_id = $1) AS p;
END;
COMMENT ON FUNCTION centre.sign_claim(integer, text, text, interval) IS
  'a claim as a service makes it: kind|login|key|expiry in seconds from 1970|party, a point, and its HMAC. Kinds: worker and official (party: the identity), employer and dormitory (the code), sector (its name). For administrators: to try things out';

CREATE FUNCTION centre.claimed(of_kind text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  token text := current_setting('civic.claim', true);
  said text[];
BEGIN
  IF token IS NULL OR length(token) > 1000 OR split_part(token, '|', 1) <> of_kind THEN
    RETURN NULL;
  END IF;
  said := regexp_match(token, '^([a-z]+\|([^|]+)\|(\d{1,9})\|(\d{1,12})\|(.+))\.([0-9a-f]{64})$');
  IF said IS NULL OR said[2] <> session_user OR to_timestamp(said[4]::float8) <= clock_timestamp() THEN
    RETURN NULL;
  END IF;
  -- The two codes are hashed before they are compared, so that the time it takes tells nothing about them.
  PERFORM FROM centre.claim_key k
    WHERE k.key_id = said[3]::integer AND k.login = session_user AND k.valid @> clock_timestamp() AND to_timestamp(said[4]::float8) <= clock_timestamp() + k.longest
      AND sha256(convert_to(said[6], 'UTF8')) = sha256(convert_to(encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(said[1], 'UTF8'))), 'hex'), 'UTF8'));
  RETURN CASE WHEN FOUND THEN said[5] END;
END
$$;
COMMENT ON FUNCTION centre.claimed(text) IS
  'the party that the claim in the setting civic.claim names, when it is of this kind, signed by a key of this login and not expired; else null. The setting may be written by anybody: what counts is the signature';
