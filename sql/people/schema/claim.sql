-- Who a connection speaks for: the keys by which authenticating services sign claims.

CREATE TABLE centre.claim_key (
  key_id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  login     name NOT NULL CHECK (login !~ '\|'),
  inner_pad bytea NOT NULL CHECK (length(inner_pad) = 64),
  outer_pad bytea NOT NULL CHECK (length(outer_pad) = 64),
  valid     tstzrange NOT NULL DEFAULT tstzrange(now(), NULL) CHECK (NOT isempty(valid)),
  longest   interval NOT NULL DEFAULT '1 hour' CHECK (longest > '0')
);
COMMENT ON TABLE centre.claim_key IS 'secrets by which authenticating services sign claims (HMAC-SHA-256), one or more for each login of theirs; readable by nobody but the owner';
COMMENT ON COLUMN centre.claim_key.login IS 'login of the service''s connections: a claim signed with this key is worth nothing in a session of another login';
COMMENT ON COLUMN centre.claim_key.inner_pad IS 'the secret padded to 64 bytes, each byte XOR 0x36 (RFC 2104); outer_pad XOR 0x5c';
COMMENT ON COLUMN centre.claim_key.longest IS 'a claim that runs longer than this from now is refused';
