# pgcivic is built with PGXS.  The version stands in pgcivic.control and nowhere else.
#
#   make, make install      the extension, as for any PGXS module
#   make demo, make test    install the Debian packages they need, use a private cluster in build/
#   make help               the other targets

EXTENSION = pgcivic
# Where this file lies: "make -f elsewhere/Makefile" in an empty folder builds the extension there.
HERE := $(patsubst %/,%,$(dir $(firstword $(MAKEFILE_LIST))))
EXTVERSION := $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" $(HERE)/pgcivic.control)

# PGXN counts in three places.
DISTVERSION := $(shell sed -n 's/^  "version": "\(.*\)",/\1/p' $(HERE)/META.json)

# Rooms in an order that puts what a room uses before it.  A room whose folder
# is absent is left out.
ROOMS = calendar statistics surveillance nowcast scan dialect rule ladder access competency anonymity
ROOMS_HERE := $(foreach r,$(ROOMS),$(if $(wildcard $(HERE)/src/$(r)/*.sql),$(r)))
ROOM_SQL := $(HERE)/src/pgcivic.sql $(foreach r,$(ROOMS_HERE),$(sort $(wildcard $(HERE)/src/$(r)/*.sql)))

MODULE_big = pgcivic
OBJS := src/pgcivic.o src/lexer.o src/wire.o $(patsubst $(HERE)/%.c,%.o,$(sort $(wildcard $(ROOMS_HERE:%=$(HERE)/src/%/*.c))))
DATA_built = pgcivic--$(EXTVERSION).sql
# "make demo DATA=folder" names a folder; it is not PGXS's DATA, in this make or in one that the demo calls.
DEMO_DATA := $(DATA)
override DATA = $(patsubst $(HERE)/%,%,$(wildcard $(HERE)/updates/pgcivic--*--*.sql))
EXTRA_CLEAN = results regression.diffs regression.out

# Only what SQL calls leaves the library (PGDLLEXPORT, src/compat.h), and its own calls stay inside.
PG_CFLAGS = -Wall -Wextra -Wno-unused-parameter -fvisibility=hidden
PG_CPPFLAGS = -I$(srcdir)/src -DCIVIC_VERSION='"$(EXTVERSION)"'
SHLIB_LINK = -lm $(if $(filter darwin,$(PORTNAME)),,-Wl,-Bsymbolic)

# Bitcode would let JIT inline our entry points only; it is not worth needing clang.
override with_llvm = no

REGRESS = $(sort $(patsubst $(HERE)/test/sql/%.sql,%,$(wildcard $(HERE)/test/sql/*.sql)))
REGRESS_OPTS = --inputdir=$(HERE)/test --load-extension=pgcivic

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)

.DEFAULT_GOAL := all
ifneq ($(wildcard $(PGXS)),)
include $(PGXS)

# A build elsewhere takes sources from here, and nothing that a build made here.
ifneq ($(HERE),.)
override srcdir := $(HERE)
override VPATH =
vpath %.c $(HERE)
vpath %.control $(HERE)
endif

pgcivic--$(EXTVERSION).sql: $(ROOM_SQL) $(HERE)/src/comparison.awk $(HERE)/pgcivic.control
	printf '%s\n' '\echo Use "CREATE EXTENSION pgcivic" to load this file. \quit' > $@.tmp
	awk -f $(HERE)/src/comparison.awk $(ROOM_SQL) >> $@.tmp
	mv $@.tmp $@

# A build elsewhere has no folders for its objects yet.
$(OBJS): | $(sort $(dir $(OBJS)))
$(sort $(dir $(OBJS))):
	mkdir -p $@

# The layer is applied with plain psql, which cannot read a file beside the script it runs: so the rulesets that a room
# ships become an api file of the room.  Variants (with "base") come after what they vary: after those without a base,
# and in the order of their names.  They lie beside what includes them: a build elsewhere does not make them.
SHIPPED = sql/wash/api/rulesets.sql sql/access/api/policies.sql
sql/wash/api/rulesets.sql: $(wildcard sql/wash/rulesets/*.json)
sql/access/api/policies.sql: $(wildcard sql/access/policies/*.json)
$(SHIPPED):
	{ echo '-- Made by make from $(dir $<)*.json.'; \
	for f in $$(grep -L '"base":' $^) $$(grep -l '"base":' $^); do \
	  printf 'CALL centre.add_ruleset($$json$$'; cat "$$f"; printf '$$json$$);\n'; done; } > $@.tmp
	mv $@.tmp $@
ifeq ($(HERE),.)
all: $(SHIPPED)
endif

# The layer, its commands and the files for monitoring go where a package puts them, so that nobody needs the checkout to use it.
LAYER_DIR = $(DESTDIR)$(datadir)/pgcivic
install: install-layer
uninstall: uninstall-layer
.PHONY: install-layer uninstall-layer
install-layer:
	cd $(HERE) && for f in $$(find sql -name '*.sql') $$(find dashboards/boards dashboards/provisioning dashboards/postgres_exporter -type f); do \
	  $(MKDIR_P) "$(LAYER_DIR)/$$(dirname $$f)" && $(INSTALL_DATA) $$f "$(LAYER_DIR)/$$f" || exit 1; done
	$(MKDIR_P) '$(DESTDIR)$(bindir)' && cd $(HERE) && for f in bin/*; do $(INSTALL_SCRIPT) $$f '$(DESTDIR)$(bindir)' || exit 1; done
uninstall-layer:
	rm -rf '$(LAYER_DIR)'
	cd $(HERE)/bin && for f in *; do rm -f "$(DESTDIR)$(bindir)/$$f"; done

# Their inner loops are sums of arrays.
src/scan/replica.o src/nowcast/chain_ladder.o: CFLAGS += $(CFLAGS_VECTORIZE)

# Every object depends on every header: a full build takes seconds.
$(OBJS): $(wildcard $(HERE)/src/*.h $(HERE)/src/*/*.h) $(HERE)/pgcivic.control
else
all install:
	@echo 'The PostgreSQL server headers are missing: run "make packages" (Debian) or set PG_CONFIG.' >&2; exit 1
endif

# ---- what a person types; each is a script in tools/ that may be read alone ----
.PHONY: help packages deb dist demo test lint analyze coverage test-long mutants bench conformance boards grafana check-grafana check-style

help:
	@sed -n 's/^#: //p' Makefile

#: make packages            install the Debian packages that building and testing need
packages:
	@tools/packages build test

#: make demo [DATA=dir]     the whole way of the data on a private cluster, with a synthetic country or the files in dir
demo:
	@tools/demo $(if $(DEMO_DATA),--data '$(DEMO_DATA)')

#: make test [ROOM=name]    everything that fits in five minutes; with ROOM what bears its name
test:
	@tools/test $(if $(ROOM),--room $(ROOM))

#: make lint                C in pgindent's style, the rooms' order, no circles, nothing released has changed, the C compiles on 17, 18 and 19
lint:
	@for check in style rooms floors release headers; do tools/check-$$check || test $$? = 77 || exit 1; done

#: make analyze             gcc's static analyzer, -Wshadow and cppcheck over the C (part of test-long)
analyze:
	@tools/analyze

#: make coverage            lines of C that the regress and mutation tests run, by room (tools/coverage --lines: those they do not)
coverage:
	@tools/coverage

#: make test-long           the rest: crash loops, large property runs, mutation, load
test-long:
	@tools/test --long

#: make mutants [ONLY=room]  plants faults in the layer's reading functions and counts those that no test notices
mutants:
	@tools/mutants '$(ONLY)'

#: make bench ROOM=name     benchmarks of a room; prints "ratio <name> <value>" lines
bench:
	@tools/bench $(ROOM)

#: make conformance RULES=dir | SDC=dir | SURVEILLANCE=dir INDICATORS=dir | SCAN=dir   published suites, passed/total
conformance:
	@RULES='$(RULES)' SDC='$(SDC)' SURVEILLANCE='$(SURVEILLANCE)' INDICATORS='$(INDICATORS)' SCAN='$(SCAN)' tools/conformance

#: make deb                 Debian packages of what is committed and their bill of materials, in build/deb; lintian looks at them
deb:
	@tools/deb

#: make dist                what is committed as an archive for PGXN and its bill of materials, in build/
dist:
	@mkdir -p build && git archive --format=zip --prefix=pgcivic-$(DISTVERSION)/ -o build/pgcivic-$(DISTVERSION).zip HEAD && tools/sbom build/pgcivic-$(DISTVERSION).zip >build/pgcivic-$(DISTVERSION).cdx.json && echo build/pgcivic-$(DISTVERSION).zip

#: make boards              the boards' JSON from dashboards/src (needs npm)
boards:
	cd dashboards && npm ci --no-audit --no-fund && npm run --silent build

#: make grafana             an installed Grafana (GRAFANA_HOME) with these boards over the demo cluster; prints the address
grafana:
	@tools/grafana start

#: make check-grafana       every board in headless Chromium: sizes, themes, links, alerts, screenshots
check-grafana:
	@tools/grafana check

#: make check-style         C in pgindent's style
check-style:
	@tools/check-style
