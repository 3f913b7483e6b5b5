-- What tells how the system is doing: views of one shape, which each room adds.

CREATE TABLE centre.health_part (
  relation text PRIMARY KEY CHECK (relation ~ '^dash[.][a-z_]+$')
);
COMMENT ON TABLE centre.health_part IS 'views of figures (code, value, unit, "time"), of which sql/operation/api/health.sql makes dash.health_figure when the layer is installed or upgraded';
