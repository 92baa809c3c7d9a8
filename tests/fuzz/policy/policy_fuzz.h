/* What must hold of every policy, however it was read. */
#ifndef TESTS_FUZZ_POLICY_H
#define TESTS_FUZZ_POLICY_H

#include "policy/diff.h"
#include "tests/unit/policy/plain_record.h"

#include <stdlib.h>

static void must(bool holds)
{
    if (!holds) abort();
}

static void same(const struct policy *p, const struct policy_set *s)
{
    must(s->count == 1 && policy_valid(s->policies[0]));
    must(policy_diff(p, s->policies[0], NULL, NULL) == 0);
}

__attribute__((unused)) static void check_round_trip(const struct policy *p)
{
    struct buf out;
    buf_init(&out, 16 << 20);
    for (int form = 0; form < 4; form++) {
        struct policy_set *s = policy_set_new();
        buf_clear(&out);
        if (form == 0) policy_write_json(&out, p, &(struct policy_print){.extensions = true});
        else if (form == 1) policy_write_protobuf(&out, p, &(struct policy_print){.extensions = true, .string_value = true});
        else if (form == 2) policy_write_yaml_one(&out, p);
        else policy_write_authoring_json(&out, &p, 1);
        must(!out.full);
        if (form == 1) (void)policy_set_read_message(s, buf_view(&out), "printed");
        else (void)policy_set_read(s, buf_view(&out), form == 2 ? POLICY_YAML : POLICY_JSON, "printed");
        if (policy_valid(p)) same(p, s);
        policy_set_free(s);
    }
    buf_free(&out);
}

/* With and without the index: the same. */
__attribute__((unused)) static void check_evaluation(const struct policy_set *s)
{
    struct plain_record r = {.fields[POLICY_BODY] = {.type = DATUM_STRING, .text = SLICE("error: Timeout of service a")}};
    plain_add(&r, POLICY_RECORD, SLICE("a"), (struct datum){.type = DATUM_STRING, .text = SLICE("abcd")});
    plain_add(&r, POLICY_RESOURCE, SLICE("service.name"), (struct datum){.type = DATUM_STRING, .text = SLICE("shop")});
    struct evaluator *e = evaluator_new(s, POLICY_LOG), *f = evaluator_new_plain(s, POLICY_LOG);
    struct evaluation *v = evaluation_new(e, 0), *w = evaluation_new(f, 0);
    struct verdict a = evaluate_log(v, &plain_ops, &r, 0), b = evaluate_log(w, &plain_ops, &r, 0);
    must(a.keep == b.keep && a.matched_count == b.matched_count && a.decided_by == b.decided_by);
    evaluation_free(v);
    evaluation_free(w);
    evaluator_free(e);
    evaluator_free(f);
}

#endif
