-- Functions that readers of access codes call belong to civic_view, last of all because civic_admin grants no more on them.
RESET ROLE;
ALTER FUNCTION centre.my_code() OWNER TO civic_view;
ALTER FUNCTION centre.my_reasons(text) OWNER TO civic_view;
ALTER FUNCTION centre.my_appeal(text) OWNER TO civic_view;
ALTER FUNCTION centre.my_appeals() OWNER TO civic_view;
ALTER FUNCTION centre.my_coming(text, interval) OWNER TO civic_view;
ALTER FUNCTION centre.my_workers_coming(text, interval) OWNER TO civic_view;
ALTER FUNCTION centre.my_residents_coming(text, interval) OWNER TO civic_view;
ALTER FUNCTION centre.my_workers() OWNER TO civic_view;
ALTER FUNCTION centre.my_workers_todo(text, interval) OWNER TO civic_view;
ALTER FUNCTION centre.my_residents() OWNER TO civic_view;
ALTER FUNCTION centre.my_residents_todo(text, interval) OWNER TO civic_view;
ALTER FUNCTION centre.sector_workers() OWNER TO civic_view;
ALTER FUNCTION centre.return_whitelist(jsonb) OWNER TO civic_view;
SET LOCAL ROLE civic_admin;
