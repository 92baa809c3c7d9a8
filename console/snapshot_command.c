#include "console/snapshot_command.h"

#include "api-client/download.h"
#include "base/die.h"
#include "console/headless.h"
#include "console/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUNDLE_MAX (INT64_C(64) << 30)

/* The control plane may be on its way. */
static void answered(void *context, const struct api_answer *answer)
{
    char **problem = context;
    if (answer->status != API_OK) *problem = xstrdup(answer->message);
}

static bool load(const char *part, const char *socket, char **problem)
{
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        *problem = xasprintf("%s: %s", part, strerror(errno));
        return false;
    }
    bool good = download(socket, "/v1/snapshot", fd, BUNDLE_MAX, problem);
    if (good && fsync(fd) != 0) {
        *problem = xasprintf("%s: %s", part, strerror(errno));
        good = false;
    }
    close(fd);
    return good;
}

static bool give_name(const char *part, const char *path, char **problem)
{
    if (link(part, path) == 0) return true;
    *problem = xasprintf("%s: %s", path, strerror(errno));
    return false;
}

static int take(const struct session *s, const char *path)
{
    char *problem = NULL, *part = xasprintf("%s.part-%ld", path, (long)getpid()), *socket = embedded_socket(s->directory);
    struct stat st;
    api_wait(s->api, api_send(s->api, "ServerInfo", NULL, answered, &problem));
    bool good = !problem && load(part, socket, &problem) && give_name(part, path, &problem);
    (void)unlink(part);
    int code = good ? EXIT_FINE : complain("no snapshot: %s", problem);
    if (good && stat(path, &st) == 0) printf("%s: %lld bytes; tero-console --bundle opens it\n", path, (long long)st.st_size);
    free(problem);
    free(part);
    free(socket);
    return good ? output_end(EXIT_FINE) : code;
}

int snapshot_command(const struct options *o)
{
    struct session s;
    char *problem = NULL;
    struct stat st;
    if (!o->path) return complain("snapshot: the FILE is missing");
    if (lstat(o->path, &st) == 0) return complain("%s is there already; a snapshot replaces no file", o->path);
    int code;
    if (!session_open(&s, o, o->patience_ms, &problem)) code = complain("%s", problem);
    else if (s.kind == API_HOSTED) code = complain("snapshot: not offered by this control plane");
    else if (s.kind != API_EMBEDDED)
        code = complain("snapshot: a control plane hands it out on its own machine only, over its Unix socket (--data)");
    else code = take(&s, o->path);
    free(problem);
    session_close(&s);
    return code;
}
