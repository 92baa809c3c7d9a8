#include "console/token_command.h"

#include "base/die.h"
#include "base/suggest.h"
#include "console/headless.h"
#include "console/keep.h"
#include "console/passphrase.h"
#include "console/sealed_token.h"
#include "console/session.h"
#include "console/setup.h"
#include "console/token.h"
#include "secrets/memory.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *shown(const char *problem) { return *problem ? problem : "given up"; }

/* ---- set ---- */

static char *new_token(const char *name, const struct options *o, const char **problem)
{
    char *prompt = xasprintf("Token for %s (%s), it is not shown: ", name, o->endpoint);
    char *token = isatty(STDIN_FILENO) ? passphrase_ask(prompt, problem) : passphrase_from_input(SEALED_TOKEN_MAX, problem);
    free(prompt);
    if (!token || !(*problem = token_wrong_text(token))) return token;
    secret_wipe(token);
    return NULL;
}

static int store(const char *name, const struct sealed *s)
{
    struct buf text;
    char *problem = NULL, *path = keep_token_path(name);
    buf_init(&text, SEALED_FILE_MAX);
    sealed_write(s, &text);
    int code = keep_write(path, &text, &problem) ? EXIT_FINE : complain("%s", problem);
    if (!code) printf("%s: the token for %s, sealed\n", path, name);
    buf_free(&text);
    free(problem);
    free(path);
    return code;
}

static int seal(const char *name, const struct options *o, const char *token)
{
    const char *problem;
    char *what = xasprintf("the token of %s", name), *passphrase = passphrase_new(what, &problem);
    struct sealed *s = xcalloc(1, sizeof *s);
    bool made = passphrase && sealed_make(s, name, o->endpoint, slice_str(token), slice_str(passphrase), latch_cost_usual(), &problem);
    secret_wipe(passphrase);
    int code = made ? store(name, s) : complain("token: %s", shown(problem));
    if (!code && o->token_file) fprintf(stderr, "tero-console: token_file is set for %s and wins over it\n", name);
    free(s);
    free(what);
    return code ? code : output_end(EXIT_FINE);
}

static int set(const char *name, const struct options *o)
{
    const char *problem;
    char *token = new_token(name, o, &problem);
    int code = token ? seal(name, o, token) : complain("token: %s", shown(problem));
    secret_wipe(token);
    return code;
}

/* ---- remove, fingerprint ---- */

static int drop(const char *name, const struct options *o)
{
    (void)o;
    char *path = keep_token_path(name);
    int code = EXIT_FINE;
    if (unlink(path) == 0) printf("%s is gone\n", path);
    else code = complain(errno == ENOENT ? "no sealed token for %s" : "the token of %s cannot be removed", name);
    free(path);
    return code ? code : output_end(EXIT_FINE);
}

/* Of the token, so that it can be compared without being shown. */
static int fingerprint(const char *name, const struct options *o)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[17], *problem = NULL, *token = NULL;
    enum keep_read read = sealed_token_ask(name, o->endpoint, &token, NULL, &problem);
    if (read == KEEP_NONE) return complain("no sealed token for %s", name);
    int code = EXIT_FINE;
    if (read == KEEP_THERE) {
        crypto_hash_sha256(hash, (const unsigned char *)token, strlen(token));
        sodium_bin2hex(hex, sizeof hex, hash, 8);
        printf("SHA256:%s...  %s  %s\n", hex, name, o->endpoint);
    } else {
        code = complain("%s", problem);
    }
    secret_wipe(token);
    free(problem);
    return code ? code : output_end(EXIT_FINE);
}

/* ---- list ---- */

static void list_one(const char *path)
{
    struct stat st;
    char day[32] = "", *problem = NULL;
    struct sealed *s = xcalloc(1, sizeof *s);
    if (stat(path, &st) == 0) strftime(day, sizeof day, "%Y-%m-%d", localtime(&st.st_mtime));
    if (keep_read_token(s, path, &problem) == KEEP_THERE) printf("%-20s  %s  sealed %s\n", s->profile, s->endpoint, day);
    else if (problem) printf("%s\n", problem);
    free(problem);
    free(s);
}

static int list(void)
{
    char *directory = keep_tokens();
    DIR *d = opendir(directory);
    for (struct dirent *e; d && (e = readdir(d));) {
        char *path = xasprintf("%s/%s", directory, e->d_name);
        if (e->d_name[0] != '.') list_one(path);
        free(path);
    }
    if (d) closedir(d);
    free(directory);
    return output_end(EXIT_FINE);
}

/* ---- which ---- */

static const struct {
    const char *name;
    int (*run)(const char *name, const struct options *o);
} actions[] = {{"set", set}, {"fingerprint", fingerprint}, {"remove", drop}, {"list", NULL}};
enum { ACTIONS = sizeof actions / sizeof *actions };

static int run(int i, const struct options *typed)
{
    struct setup s;
    char *problem;
    if (!actions[i].run) return list();
    if (!setup_open(&s, typed, false, &problem)) {
        int code = complain("%s", problem);
        free(problem);
        return code;
    }
    char *name = session_name(&s.options);
    int code = name ? actions[i].run(name, &s.options)
                    : complain("token %s: the embedded control plane needs no token; --profile NAME or --endpoint URL says which one does",
                               actions[i].name);
    free(name);
    setup_close(&s);
    return code;
}

int token_command(const struct options *typed)
{
    const char *word = typed->action ? typed->action : "";
    struct suggest s = suggest_for(slice_str(word));
    for (int i = 0; i < ACTIONS; i++) {
        if (!strcmp(actions[i].name, word)) return run(i, typed);
        suggest_try(&s, actions[i].name);
    }
    if (s.best) return complain("token %.40s: did you mean %s?", word, s.best);
    return complain("token: set, list, fingerprint or remove");
}
