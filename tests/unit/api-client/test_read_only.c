/* A recording server that no mutation of the console ever reaches while it is read-only, whatever made it so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api-client/internal.h"
#include "base/die.h"
#include "tests/unit/api-client/server.h"

struct seen {
    unsigned refused, others;
};

static void note(void *context, const struct api_answer *answer)
{
    struct seen *seen = context;
    bool refused = answer->status == API_REFUSED && !strcmp(answer->message, "read-only: nothing was sent");
    *(refused ? &seen->refused : &seen->others) += 1;
}

static unsigned send_every_mutation(struct api *api, struct seen *seen)
{
    unsigned count = 0;
    for (const struct embedded *e = embedded_operations; e->name; e++) {
        if (document_is_query(e->text)) continue;
        char *name = xstrndup(e->name, strcspn(e->name, "."));
        api_wait(api, api_send(api, name, NULL, note, seen));
        free(name);
        count++;
    }
    return count;
}

static struct api *client(const struct server *s, bool read_only)
{
    char *problem = NULL;
    struct api *api = api_open(
        &(struct api_profile){.name = "test", .kind = API_SELF_HOSTED, .socket = s->path, .patience_ms = 2000, .read_only = read_only},
        &problem);
    assert_non_null(api);
    return api;
}

static void no_mutation_leaves(void **state)
{
    (void)state;
    struct server s;
    struct step steps[] = {{.hang = true}};
    struct seen seen = {0};
    server_start(&s, steps, 1);
    struct api *sticky = client(&s, true), *session = client(&s, false);
    api_set_read_only(sticky, false);
    api_set_read_only(session, true);
    unsigned count = send_every_mutation(sticky, &seen);
    assert_true(count > 10);
    assert_int_equal(send_every_mutation(session, &seen), count);
    assert_int_equal(seen.refused, 2 * count);
    assert_int_equal(seen.others, 0);
    api_close(sticky);
    api_close(session);
    server_stop(&s);
    assert_int_equal(s.requests, 0);
    server_free(&s);
}

/* What was asked for before R was pressed, but not sent yet, stays as well. */
static void what_waits_does_not_leave(void **state)
{
    (void)state;
    struct server s;
    struct step steps[] = {{.hang = true}};
    struct seen seen = {0};
    server_start(&s, steps, 1);
    struct api *api = client(&s, false);
    uint64_t ticket = api_send(api, "SetServiceEnabled", NULL, note, &seen);
    api_set_read_only(api, true);
    api_wait(api, ticket);
    assert_int_equal(seen.refused, 1);
    api_close(api);
    server_stop(&s);
    assert_int_equal(s.requests, 0);
    server_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_mutation_leaves),
        cmocka_unit_test(what_waits_does_not_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
