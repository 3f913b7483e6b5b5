# comparison.awk: what SQL says of each type alike: its comparison functions, operators and operator classes, and the
# comments on its input and output.  A line of a room's SQL asks for them:
#
#   --= ordered TYPE FUNCTIONS HASH [image]: what equality means; what the order is
#   --= equal TYPE FUNCTIONS HASH: what equality means
#
#   --= io TYPE
#
# The last says what input, output and their binary forms do.  FUNCTIONS is what the names of the C functions begin with (FUNCTIONS_eq, FUNCTIONS_cmp), HASH what those of the
# hash functions do (HASH, HASH_extended); "bytea" takes PostgreSQL's own for the bytes.  A type whose order would mean nothing
# has only =, <> and a hash.  "image": equal values have equal bytes, so an index may keep one for many.

function made(name, arguments, returns, source, comment) {
  printf "CREATE FUNCTION %s(%s) RETURNS %s\n", name, arguments, returns
  if (bytes) printf "  AS '%s' LANGUAGE internal", source
  else printf "  AS 'MODULE_PATHNAME', '%s' LANGUAGE C", source
  printf " IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;\n"
  printf "COMMENT ON FUNCTION %s(%s) IS '%s; never raises; NULL of NULL';\n", name, arguments, comment
}
function operator(sign, suffix, commutator, negator, selectivity, extra, comment) {
  made(type "_" suffix, type ", " type, "boolean", (bytes ? "bytea" : functions "_") suffix, "implementation of " sign ": " comment)
  printf "CREATE OPERATOR %s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = %s_%s, COMMUTATOR = %s, NEGATOR = %s, RESTRICT = %ssel, JOIN = %sjoinsel%s);\n",
    sign, type, type, type, suffix, commutator, negator, selectivity, selectivity, extra
  printf "COMMENT ON OPERATOR %s (%s, %s) IS '%s';\n", sign, type, type, comment
}

/^--= (ordered|equal) / {
  ordered = $2 == "ordered"; type = $3; functions = $4; hash = $5; sub(/:$/, "", hash)
  bytes = functions == "bytea"
  image = /^[^:]* image:/
  text = $0; sub(/^[^:]*: */, "", text); gsub(/'/, "''", text)
  equality = text; sub(/;.*/, "", equality)
  order = text; sub(/^[^;]*; */, "", order)

  operator("=", "eq", "=", "<>", "eq", ordered ? ", HASHES, MERGES" : ", HASHES", equality)
  operator("<>", "ne", "<>", "=", "neq", "", "not " equality)
  if (ordered) {
    operator("<", "lt", ">", ">=", "scalarlt", "", "before, " order)
    operator("<=", "le", ">=", ">", "scalarle", "", "before or equal, " order)
    operator(">", "gt", "<", "<=", "scalargt", "", "after, " order)
    operator(">=", "ge", "<=", "<", "scalarge", "", "after or equal, " order)
    made(type "_cmp", type ", " type, "integer", bytes ? "byteacmp" : functions "_cmp", "below, at or above 0 as the first is before, equal or after, " order)
    printf "CREATE OPERATOR CLASS %s_ops DEFAULT FOR TYPE %s USING btree AS\n", type, type
    printf "  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,\n"
    printf "  FUNCTION 1 %s_cmp(%s, %s)%s;\n", type, type, type, image ? ", FUNCTION 4 btequalimage(oid)" : ""
  }
  made(type "_hash", type, "integer", bytes ? "hashvarlena" : hash, "hash of a value, equal for equal ones")
  made(type "_hash_extended", type ", bigint", "bigint", bytes ? "hashvarlenaextended" : hash "_extended", "hash of a value with a seed, equal for equal ones")
  printf "CREATE OPERATOR CLASS %s_ops DEFAULT FOR TYPE %s USING hash AS\n", type, type
  printf "  OPERATOR 1 =, FUNCTION 1 %s_hash(%s), FUNCTION 2 %s_hash_extended(%s, bigint);\n", type, type, type, type
  next
}
/^--= io / {
  printf "COMMENT ON FUNCTION %s_in(cstring) IS 'text input of %s';\nCOMMENT ON FUNCTION %s_out(%s) IS 'text output of %s';\n", $3, $3, $3, $3, $3
  printf "COMMENT ON FUNCTION %s_recv(internal) IS 'binary input of %s; error for a version that this release does not read';\n", $3, $3
  printf "COMMENT ON FUNCTION %s_send(%s) IS 'binary output of %s, its version in the first byte';\n", $3, $3, $3
  next
}
/^--=/ { print FILENAME ": what is asked for is not known: " $0 > "/dev/stderr"; exit 1 }
{ print }
