#include "console/lock_command.h"

#include "base/die.h"
#include "base/suggest.h"
#include "console/headless.h"
#include "console/keep.h"
#include "console/passphrase.h"
#include "secrets/agent.h"
#include "secrets/memory.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

enum { LIST_MS = 5000, SIGN_MS = 60000 /* somebody may have to confirm it */ };

static int write_lock(const struct lockfile *l)
{
    struct buf text;
    char *problem = NULL, *path = keep_lock_path();
    buf_init(&text, LOCKFILE_MAX);
    lockfile_write(l, &text);
    int code = keep_write(path, &text, &problem) ? EXIT_FINE : complain("%s", problem);
    if (!code) printf("%s: written; it counts from the next start of a console on\n", path);
    buf_free(&text);
    free(problem);
    free(path);
    return code ? code : output_end(EXIT_FINE);
}

/* ---- the agent's key ---- */

struct choice {
    const char *wanted; /* a fingerprint, or NULL */
    unsigned char key[AGENT_KEY];
    unsigned found;
};

static bool consider(void *context, const unsigned char key[AGENT_KEY], struct slice comment)
{
    struct choice *c = context;
    char fingerprint[AGENT_FINGERPRINT];
    (void)comment;
    agent_fingerprint(key, fingerprint);
    if (c->wanted && strcmp(c->wanted, fingerprint) != 0) return true;
    if (!c->found++) memcpy(c->key, key, AGENT_KEY);
    return true;
}

static const char *choose(struct choice *c)
{
    struct agent_call call;
    struct buf request;
    const char *problem;
    buf_init(&request, AGENT_REQUEST_MAX);
    agent_write_list(&request);
    bool listed = agent_ask(&call, buf_view(&request), LIST_MS, &problem);
    if (listed && !agent_read_list(agent_answer(&call), consider, c)) problem = "the ssh-agent gives no list of keys";
    else if (listed) problem = NULL;
    agent_end(&call);
    buf_free(&request);
    if (problem || c->found == 1) return problem;
    if (c->wanted) return "the ssh-agent holds no Ed25519 key of this fingerprint (ssh-add -l lists them)";
    return c->found ? "the ssh-agent holds several Ed25519 keys: name one by its fingerprint (ssh-add -l)"
                    : "the ssh-agent holds no Ed25519 key";
}

static bool sign(const struct choice *c, const unsigned char *challenge, unsigned char *signature, const char **problem)
{
    struct agent_call call;
    struct buf request;
    buf_init(&request, AGENT_REQUEST_MAX);
    agent_write_sign(&request, c->key, challenge);
    bool good = agent_ask(&call, buf_view(&request), SIGN_MS, problem) &&
                agent_signature(agent_answer(&call), c->key, challenge, signature, problem);
    agent_end(&call);
    buf_free(&request);
    return good;
}

/* It must sign, and sign the same twice: the token is put away with what comes of it. */
static const char *try_key(const struct choice *c)
{
    unsigned char challenge[AGENT_CHALLENGE], first[AGENT_SIGNATURE], second[AGENT_SIGNATURE];
    const char *problem;
    randombytes_buf(challenge, sizeof challenge);
    if (!sign(c, challenge, first, &problem) || !sign(c, challenge, second, &problem)) return problem;
    return memcmp(first, second, sizeof first) ? "this key signs differently each time: it cannot unlock" : NULL;
}

static int set_agent(struct lockfile *l, const char *wanted)
{
    struct choice c = {.wanted = wanted};
    char fingerprint[AGENT_FINGERPRINT];
    const char *problem = choose(&c);
    if (!problem) problem = try_key(&c);
    if (problem) return complain("lock: %s", problem);
    l->agent = true;
    memcpy(l->agent_key, c.key, AGENT_KEY);
    agent_fingerprint(c.key, fingerprint);
    printf("%s of the ssh-agent unlocks as well, for whoever sits at the terminal; ssh-add -c makes the agent ask each time\n",
           fingerprint);
    return EXIT_FINE;
}

/* ---- the commands ---- */

static int set_passphrase(struct lockfile *l)
{
    const char *problem;
    char *passphrase = passphrase_new("the lock of the console", &problem);
    bool made = passphrase && latch_make(&l->latch, slice_str(passphrase), latch_cost_usual(), NULL);
    int code = made ? EXIT_FINE : complain("lock: %s", passphrase ? "there is no memory for the key" : problem);
    secret_wipe(passphrase);
    return code;
}

static int set(const struct options *o)
{
    struct lockfile l = {.agent = false};
    char *problem = NULL;
    enum keep_read read = keep_read_lock(&l, &problem);
    free(problem);
    bool passphrase = !o->agent || read != KEEP_THERE;
    if (o->path && !o->agent) return complain("lock set takes a fingerprint with --agent only");
    int code = o->agent ? set_agent(&l, o->path) : EXIT_FINE;
    if (!code && passphrase) code = set_passphrase(&l);
    return code ? code : write_lock(&l);
}

static int show(const struct options *o)
{
    struct lockfile l;
    char fingerprint[AGENT_FINGERPRINT], *problem = NULL;
    (void)o;
    enum keep_read read = keep_read_lock(&l, &problem);
    if (read == KEEP_BAD) {
        int code = complain("%s", problem);
        free(problem);
        return code;
    }
    if (read == KEEP_NONE) puts("no lock passphrase: tero-console lock set makes one. A sealed token unlocks by its own.");
    else puts("a lock passphrase is set");
    if (read == KEEP_THERE && l.agent) {
        agent_fingerprint(l.agent_key, fingerprint);
        printf("%s of the ssh-agent unlocks as well\n", fingerprint);
    }
    return output_end(EXIT_FINE);
}

static int drop(const struct options *o)
{
    char *path = keep_lock_path();
    int code = EXIT_FINE;
    (void)o;
    if (unlink(path) == 0) printf("%s is gone\n", path);
    else code = complain(errno == ENOENT ? "there is no lock to remove" : "the lock cannot be removed");
    free(path);
    return code ? code : output_end(EXIT_FINE);
}

static const struct {
    const char *name;
    int (*run)(const struct options *o);
} actions[] = {{"set", set}, {"show", show}, {"remove", drop}};
enum { ACTIONS = sizeof actions / sizeof *actions };

int lock_command(const struct options *typed)
{
    const char *word = typed->action ? typed->action : "";
    struct suggest s = suggest_for(slice_str(word));
    for (int i = 0; i < ACTIONS; i++) {
        if (!strcmp(actions[i].name, word)) return actions[i].run(typed);
        suggest_try(&s, actions[i].name);
    }
    if (s.best) return complain("lock %.40s: did you mean %s?", word, s.best);
    return complain("lock: set [--agent [FINGERPRINT]], show or remove");
}
