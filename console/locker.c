#include "console/locker.h"

#include "base/clock.h"
#include "base/die.h"
#include "console/keep.h"
#include "secrets/agent.h"
#include "secrets/memory.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

struct box {
    unsigned char *bytes; /* NULL: not shut */
    size_t len;
};

struct locker {
    struct screens_lock screens;
    struct api *api;
    struct latch latch;
    struct box box;
    char *problem;
    const char *said;
    /* The agent. */
    unsigned char key[AGENT_KEY], challenge[AGENT_CHALLENGE];
    struct latch agent_latch;
    struct box agent_box;
    struct agent_call call;
    bool agent_known; /* agent_latch is made */
};

static const char how[] = "set a passphrase first: tero-console lock set";

/* ---- boxes ---- */

static void box_drop(struct box *b)
{
    free(b->bytes);
    *b = (struct box){0};
}

static void box_shut(struct box *b, const struct latch *l, const char *token)
{
    struct slice content = slice_str(token ? token : "");
    box_drop(b);
    *b = (struct box){xmalloc(content.len + LATCH_EXTRA), content.len + LATCH_EXTRA};
    latch_shut(l, content, b->bytes);
}

static struct slice box_view(const struct box *b) { return slice_of((const char *)b->bytes, b->len); }
static char *room_for(const struct box *b) { return secret_alloc(b->len - LATCH_EXTRA + 1); }

/* ---- the agent ---- */

static bool agent_send(struct locker *l)
{
    struct buf request;
    buf_init(&request, AGENT_REQUEST_MAX);
    agent_write_sign(&request, l->key, l->challenge);
    bool begun = agent_begin(&l->call, buf_view(&request), &l->said);
    buf_free(&request);
    return begun;
}

/* The first signature, at the start: from then on the token can be put away for the agent. */
static void agent_meet(struct locker *l)
{
    l->call.fd = -1;
    if (!l->screens.agent) return;
    randombytes_buf(l->challenge, sizeof l->challenge);
    (void)agent_send(l);
}

static bool agent_take_seed(struct locker *l, unsigned char *seed)
{
    unsigned char *signature = secret_alloc(AGENT_SIGNATURE);
    bool good = agent_signature(agent_answer(&l->call), l->key, l->challenge, signature, &l->said);
    if (good) agent_seed(signature, seed);
    secret_wipe(signature);
    return good;
}

/* ---- what the screens call ---- */

static void lock(void *context)
{
    struct locker *l = context;
    const char *token = api_token(l->api);
    box_shut(&l->box, &l->latch, token);
    if (l->agent_known) box_shut(&l->agent_box, &l->agent_latch, token);
    api_lock(l->api);
}

static enum unlock let_in(struct locker *l, const char *token)
{
    api_unlock(l->api, token);
    box_drop(&l->box);
    box_drop(&l->agent_box);
    return UNLOCK_YES;
}

static enum unlock unlock(void *context, const char *passphrase, size_t len)
{
    struct locker *l = context;
    char *token = room_for(&l->box);
    enum latch_opened opened = latch_try(&l->latch, slice_of(passphrase, len), box_view(&l->box), token);
    enum unlock outcome = opened == LATCH_OPEN ? let_in(l, token) : opened == LATCH_WRONG ? UNLOCK_NO : UNLOCK_UNABLE;
    if (outcome == UNLOCK_UNABLE) l->said = "there is no memory to make the key";
    secret_wipe(token);
    return outcome;
}

static enum unlock ask_agent(void *context)
{
    struct locker *l = context;
    l->said = "the ssh-agent did not sign at the start: the passphrase is needed";
    if (!l->agent_box.bytes) return UNLOCK_UNABLE;
    agent_end(&l->call);
    return agent_send(l) ? UNLOCK_WAIT : UNLOCK_UNABLE;
}

static enum unlock open_with(struct locker *l, const unsigned char *seed)
{
    if (!l->agent_known) {
        latch_of_seed(&l->agent_latch, seed);
        l->agent_known = true;
        return UNLOCK_WAIT;
    }
    if (!l->agent_box.bytes) return UNLOCK_WAIT;
    char *token = room_for(&l->agent_box);
    l->said = "the ssh-agent signs differently each time: the passphrase is needed";
    enum unlock outcome =
        latch_try_seed(&l->agent_latch, seed, box_view(&l->agent_box), token) == LATCH_OPEN ? let_in(l, token) : UNLOCK_UNABLE;
    secret_wipe(token);
    return outcome;
}

static int fd(const void *context)
{
    const struct locker *l = context;
    return agent_fd(&l->call);
}

static enum unlock readable(void *context)
{
    struct locker *l = context;
    enum agent_state state = agent_go_on(&l->call);
    if (state == AGENT_WAITS) return UNLOCK_WAIT;
    enum unlock outcome = UNLOCK_UNABLE;
    unsigned char *seed = secret_alloc(LATCH_KEY);
    if (state == AGENT_LOST) l->said = "the ssh-agent hung up";
    else if (agent_take_seed(l, seed)) outcome = open_with(l, seed);
    secret_wipe(seed);
    agent_end(&l->call);
    return outcome;
}

static const char *said(const void *context)
{
    const struct locker *l = context;
    return l->said;
}

/* ---- start ---- */

/* The token's own passphrase wins; the agent's key is there for either. */
static void find_latch(struct locker *l, const struct session *s)
{
    struct lockfile file;
    char *problem = NULL;
    enum keep_read read = keep_read_lock(&file, &problem);
    bool good = read == KEEP_THERE;
    if (s->sealed) l->latch = s->latch;
    else if (good) l->latch = file.latch;
    else l->screens.refused = read == KEEP_NONE ? how : (l->problem = problem);
    l->screens.agent = good && file.agent;
    if (l->screens.agent) memcpy(l->key, file.agent_key, AGENT_KEY);
    if (problem != l->problem) free(problem);
}

struct locker *locker_new(const struct session *s, unsigned after_ms)
{
    struct locker *l = xcalloc(1, sizeof *l);
    l->api = s->api;
    l->said = "";
    l->screens = (struct screens_lock){.context = l,
                                       .after_ns = (int64_t)after_ms * (NS_PER_SECOND / 1000),
                                       .lock = lock,
                                       .unlock = unlock,
                                       .ask_agent = ask_agent,
                                       .fd = fd,
                                       .readable = readable,
                                       .said = said};
    find_latch(l, s);
    agent_meet(l);
    return l;
}

void locker_free(struct locker *l)
{
    if (!l) return;
    agent_end(&l->call);
    box_drop(&l->box);
    box_drop(&l->agent_box);
    free(l->problem);
    free(l);
}

const struct screens_lock *locker_screens(const struct locker *l) { return &l->screens; }
