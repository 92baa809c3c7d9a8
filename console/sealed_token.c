#include "console/sealed_token.h"

#include "base/die.h"
#include "console/passphrase.h"
#include "secrets/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TRIES = 5, FIRST_WAIT_MS = 250 };

static void pause_after(int tries)
{
    long ms = (long)FIRST_WAIT_MS << tries;
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static bool is_for(const struct sealed *s, const char *profile, const char *endpoint, char **problem)
{
    if (strcmp(s->profile, profile) != 0)
        *problem = xasprintf("the sealed token of %s is the one of %s: tero-console token set seals it anew", profile, s->profile);
    else if (strcmp(s->endpoint, endpoint) != 0)
        *problem =
            xasprintf("the sealed token of %s is for %s, not for %s: tero-console token set seals it anew", profile, s->endpoint, endpoint);
    return !*problem;
}

static enum latch_opened try_one(struct sealed *s, const char *prompt, char **token, const char **problem)
{
    char *passphrase = passphrase_ask(prompt, problem);
    if (!passphrase) return LATCH_NO_MEMORY;
    *problem = "there is no memory to make the key";
    enum latch_opened opened = sealed_open(s, slice_str(passphrase), token);
    secret_wipe(passphrase);
    return opened;
}

static enum keep_read open_sealed(struct sealed *s, char **token, char **problem)
{
    const char *why;
    char *prompt = xasprintf("Passphrase for the token of %s: ", s->profile);
    enum latch_opened opened = LATCH_WRONG;
    for (int i = 0; i < TRIES && opened == LATCH_WRONG; i++) {
        opened = try_one(s, prompt, token, &why);
        if (opened != LATCH_WRONG) break;
        pause_after(i);
        fputs("Wrong passphrase, or the file was changed.\n", stderr);
    }
    free(prompt);
    if (opened == LATCH_OPEN) return KEEP_THERE;
    if (opened == LATCH_WRONG) why = "no passphrase was right";
    *problem = xasprintf("the token of %s is sealed, and %s%s", s->profile, *why ? why : "its passphrase was not given",
                         passphrase_can_ask() ? "" : "; TERO_API_TOKEN works without");
    return KEEP_BAD;
}

enum keep_read sealed_token_ask(const char *profile, const char *endpoint, char **token, struct latch *latch, char **problem)
{
    struct sealed *s = xcalloc(1, sizeof *s);
    char *path = keep_token_path(profile);
    enum keep_read read = keep_read_token(s, path, problem);
    if (read == KEEP_THERE && !is_for(s, profile, endpoint, problem)) read = KEEP_BAD;
    if (read == KEEP_THERE) read = open_sealed(s, token, problem);
    if (read == KEEP_THERE && latch) *latch = s->latch;
    free(path);
    free(s);
    return read;
}
