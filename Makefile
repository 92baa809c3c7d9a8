# Tero Console. `make help` lists the targets.

BUILD  ?= build
PREFIX ?= /usr/local
CC     ?= cc
# address,undefined and the like: `make SAN=address,undefined BUILD=build/asan test`
SAN    ?=

PKGS_CP      := libmicrohttpd sqlite3 jansson libsodium libdeflate zlib
PKGS_CONSOLE := ncursesw libcurl jansson libsodium readline

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wno-overlength-strings
HARD := -fPIE -fstack-protector-strong -fno-strict-aliasing -fno-omit-frame-pointer $(if $(SAN),,-D_FORTIFY_SOURCE=2)
CFLAGS   ?= -O2 -g
CPPFLAGS += -I. -I$(BUILD)/gen -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
ALL_CFLAGS  = -std=gnu17 $(WARN) $(HARD) $(CFLAGS) $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=undefined)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now -Wl,--as-needed -pthread $(LDFLAGS) $(if $(SAN),-fsanitize=$(SAN))

# A module is a folder of C files; it becomes one archive. Its line names what it may include (tests/lint/includes.sh
# checks that) and what its tests link.
base_needs                  :=
policy_needs                := base
control-plane-graphql_needs := base
control-plane-catalog_needs := base
control-plane-ingest_needs  := control-plane-catalog base
control-plane-tap_needs     := policy control-plane-ingest control-plane-catalog base
control-plane-store_needs   := control-plane-catalog base
control-plane-bundle_needs  := base
control-plane-http_needs    := base
control-plane-policies_needs := policy control-plane-store control-plane-catalog base
control-plane-edges_needs   := control-plane-policies policy control-plane-store control-plane-catalog base
control-plane-checks_needs  := policy control-plane-store control-plane-catalog base
control-plane-api_needs     := control-plane-tap control-plane-ingest control-plane-checks control-plane-edges control-plane-policies policy control-plane-graphql control-plane-store control-plane-catalog base
control-plane_needs         := control-plane-api control-plane-bundle control-plane-tap control-plane-checks control-plane-edges control-plane-policies control-plane-http control-plane-ingest control-plane-store control-plane-catalog control-plane-graphql policy base
api-client_needs            := base
secrets_needs               := base
tui_needs                   := base
screens_needs               := api-client tui base
console_needs               := screens api-client tui secrets policy base
MODULES := base policy control-plane-graphql control-plane-catalog control-plane-ingest control-plane-tap control-plane-store control-plane-bundle \
           control-plane-http control-plane-policies control-plane-edges control-plane-checks control-plane-api control-plane api-client tui secrets screens console

folder = $(if $(filter control-plane-%,$1),control-plane/$(patsubst control-plane-%,%,$1),$1)
sources = $(filter-out %/main.c,$(wildcard $(call folder,$1)/*.c))
objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(call sources,$1)) $(patsubst %.cc,$(BUILD)/obj/%.o,$(wildcard $(call folder,$1)/*.cc)) $(patsubst %,$(BUILD)/obj/gen/%.o,$($1_gen))
archive = $(BUILD)/lib/$1.a
archives = $(foreach m,$1 $($1_needs),$(call archive,$m))

control-plane-api_gen   := embedded_schema
control-plane-store_gen := embedded_migrations
api-client_gen          := embedded_operations
tui_gen                 := embedded_themes

comma := ,
# The shared libstdc++ would cost every start a millisecond or two; the sanitizers want it shared.
RE2_LIBS     = $(if $(SAN),-lre2 -lstdc++,-static-libgcc -Wl,-Bstatic -lre2 -lstdc++ -Wl,-Bdynamic)
# So does every shared library; those that have an archive are linked with it into the console.
inside       = $(foreach l,$1,$(if $(and $(if $(SAN),,yes),$(filter /%,$(shell $(CC) -print-file-name=lib$l.a))),-l:lib$l.a,-l$l))
POLICY_LIBS  = $(RE2_LIBS) -lyaml -ljansson
libs_of = $(if $(filter control-plane%,$1),$(CP_LIBS),$(if $(filter base,$1),-lm,$(if $(filter policy,$1),$(POLICY_LIBS) -lm,$(CONSOLE_LIBS))))
CP_LIBS      = $(POLICY_LIBS) $(shell pkg-config --libs $(PKGS_CP)) -lm
CONSOLE_LIBS := $(RE2_LIBS) $(call inside,yaml jansson readline ncursesw tinfo sodium) $(shell pkg-config --libs libcurl) -lm

PROGRAMS := $(BUILD)/tero-console $(BUILD)/tero-control-plane
UNIT  := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/*/test_*.c))
TOOLS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/pty/*.c tests/bench/*.c tests/bench/floor/*.c tests/bench/tui/*.c))

.PHONY: all
all: $(PROGRAMS) ## build both programs into build/

$(BUILD)/tero-control-plane: $(BUILD)/obj/control-plane/main.o $(call archives,control-plane)
	$(CC) $(ALL_LDFLAGS) -o $@ $< -Wl,--whole-archive $(filter %.a,$^) -Wl,--no-whole-archive $(CP_LIBS)

$(BUILD)/tero-console: $(BUILD)/obj/console/main.o $(call archives,console)
	$(CC) $(ALL_LDFLAGS) -o $@ $< -Wl,--whole-archive $(filter %.a,$^) -Wl,--no-whole-archive $(CONSOLE_LIBS)

define module_rules
$(call archive,$1): $(call objects,$1)
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(if $$^,ar rcs $$@ $$^,ar rcs $$@)

$(BUILD)/tests/unit/$1/%: tests/unit/$1/%.c $(call archives,$1)
	@mkdir -p $$(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -MMD -MP -o $$@ $$< -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group \
	  $$(call libs_of,$1) -lcmocka

$(BUILD)/tests/fuzz/$1/%: tests/fuzz/$1/%.c $(call archives,$1)
	@mkdir -p $$(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -fsanitize=fuzzer -MMD -MP -o $$@ $$< -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group \
	  $$(call libs_of,$1)
endef
$(foreach m,$(MODULES),$(eval $(call module_rules,$m)))

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/%.o: %.cc
	@mkdir -p $(@D)
	$(if $(findstring clang,$(CC)),clang++,g++) $(CPPFLAGS) -std=gnu++17 -Wall -Wextra $(HARD) $(CFLAGS) $(if $(SAN),-fsanitize=$(SAN)$(if $(findstring clang,$(CC)), -fno-sanitize=function$(comma)vptr)) -MMD -MP -c -o $@ $<

$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

embed = @mkdir -p $(@D); sh base/embed.sh $(basename $(@F)) $(filter-out base/embed.sh,$^) > $@.tmp && mv $@.tmp $@
$(BUILD)/gen/embedded_schema.c: control-plane/schema.graphql base/embed.sh ; $(embed)
$(BUILD)/gen/embedded_migrations.c: $(sort $(wildcard control-plane/store/migrations/*.sql)) base/embed.sh ; $(embed)
$(BUILD)/gen/embedded_operations.c: $(sort $(wildcard api-client/operations/*.graphql)) base/embed.sh ; $(embed)
$(BUILD)/gen/embedded_themes.c: $(sort $(wildcard themes/*.theme)) base/embed.sh ; $(embed)

# Programs of the tests: the terminal harness and the benchmarks.
PTY_LIB := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/pty/lib/*.c))
$(BUILD)/tests/pty/%: tests/pty/%.c $(PTY_LIB) $(call archive,base)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -MMD -MP -o $@ $(filter %.c %.o %.a,$^) -lvterm -lutil -lm
$(BUILD)/tests/pty/clock.so: tests/pty/shim/clock.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -std=gnu17 $(WARN) -O2 -fPIC -shared -o $@ $<
$(BUILD)/tests/bench/floor/%: tests/bench/floor/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -MMD -MP -o $@ $< $(shell pkg-config --libs ncursesw)
$(BUILD)/tests/bench/tui/%: tests/bench/tui/%.c $(call archives,tui)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -MMD -MP -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(CONSOLE_LIBS)
$(BUILD)/tests/bench/%: tests/bench/%.c $(call archives,control-plane)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -MMD -MP -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(CP_LIBS)

.PHONY: deps run test check lint fuzz bench install clean help
deps: ## install what is missing (apt), or list it
	@sh packaging/deps.sh

run: deps ## build and open the console on this machine's own control plane
	@$(MAKE) --no-print-directory all
	@$(BUILD)/tero-console $(ARGS)

test: deps ## build and run every test; ends with "N passed, N failed"
	@$(MAKE) --no-print-directory programs-and-tests
	@BUILD=$(BUILD) sh tests/run.sh $(TESTS)

.PHONY: programs-and-tests unit
programs-and-tests: all $(UNIT) $(TOOLS) $(BUILD)/tests/pty/clock.so
unit: $(UNIT)

check: deps ## lint, every test under ASan and UBSan, a short run of each fuzzer
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory SAN=address,undefined BUILD=$(BUILD)/asan CFLAGS="-O1 -g" test
	@$(MAKE) --no-print-directory fuzz

lint: deps ## format, clang-tidy, cppcheck, direction of includes
	@BUILD=$(BUILD) sh tests/lint/lint.sh

FUZZ_SECONDS ?= 10
fuzz: ## run each fuzzer for FUZZ_SECONDS (10)
	@TERO_DEPS=all sh packaging/deps.sh
	@$(MAKE) --no-print-directory CC=clang SAN=fuzzer-no-link,address,undefined BUILD=$(BUILD)/fuzz CFLAGS="-O1 -g" fuzzers
	@BUILD=$(BUILD)/fuzz SECONDS_EACH=$(FUZZ_SECONDS) sh tests/fuzz/run.sh
.PHONY: fuzzers
fuzzers: $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz/%,$(wildcard tests/fuzz/*/fuzz_*.c))

bench: bench-tty bench-api bench-ingest bench-sync bench-policy ## print the figures: name, unit, ours, floor or peer, ratio
.PHONY: bench-tty bench-api bench-ingest bench-sync bench-policy bench-estate
bench-%: deps
	@$(MAKE) --no-print-directory programs-and-tests
	@BUILD=$(BUILD) sh tests/bench/$*.sh

graphql-test: all ## check schema, documents and introspection with graphql-js (needs npm)
	@BUILD=$(BUILD) sh tests/graphql/run.sh
.PHONY: graphql-test

.PHONY: otel-test
otel-test: deps ## stock OpenTelemetry SDKs (Python, JavaScript) against the server; installs them from the network
	@$(MAKE) --no-print-directory $(BUILD)/tero-control-plane
	@BUILD=$(BUILD) python3 tests/otel/run.py

.PHONY: golden
golden: ## take the pictures of tests/screens/golden anew; look at the difference before it is committed
	@$(MAKE) --no-print-directory programs-and-tests
	@for s in $$(grep -l '^picture' tests/screens/*.script); do \
	  TERO_GOLDEN=write BUILD=$(BUILD) $(BUILD)/tests/pty/screens $$s | grep '^not ok' && exit 1; done; git diff --stat tests/screens/golden

.PHONY: captures tour
captures tour: ## take the captures of README.md and docs/tour.md anew, from the demo
	@$(MAKE) --no-print-directory programs-and-tests
	@BUILD=$(BUILD) sh packaging/captures.sh

.PHONY: docs
docs: all ## make docs/keys.md, docs/themes.md, man pages and completions anew from the programs' tables
	@BUILD=$(BUILD) sh packaging/generate.sh

SHARE = $(DESTDIR)$(PREFIX)/share
install: all ## install below DESTDIR and PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/doc/tero-console $(SHARE)/man/man1 $(SHARE)/man/man8 \
	  $(SHARE)/bash-completion/completions $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
	install -m 644 docs/man/tero-console.1 $(SHARE)/man/man1
	install -m 644 docs/man/tero-control-plane.8 $(SHARE)/man/man8
	for p in tero-console tero-control-plane; do \
	  install -m 644 packaging/completions/$$p.bash $(SHARE)/bash-completion/completions/$$p && \
	  install -m 644 packaging/completions/_$$p $(SHARE)/zsh/site-functions && \
	  install -m 644 packaging/completions/$$p.fish $(SHARE)/fish/vendor_completions.d || exit 1; done
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 644 README.md LICENSE $(DESTDIR)$(PREFIX)/share/doc/tero-console

clean: ## remove build/
	rm -rf $(BUILD)

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
