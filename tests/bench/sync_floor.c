/* The floor for policy sync: libmicrohttpd with nothing behind it.
 *
 * sync_floor SOCKET FILE answers each POST, after its body was read: /same with a short constant, /list with the file's
 * bytes, which all answers share. As many threads as the control plane has. */
#include "base/buf.h"
#include "base/die.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { FILE_MAX = 64 << 20 };

static struct MHD_Response *same, *list;

static enum MHD_Result answer(void *context, struct MHD_Connection *c, const char *url, const char *method, const char *version,
                              const char *upload, size_t *upload_size, void **state)
{
    (void)context, (void)method, (void)version, (void)upload;
    if (!*state) {
        *state = same;
        return MHD_YES;
    }
    if (*upload_size) {
        *upload_size = 0;
        return MHD_YES;
    }
    return MHD_queue_response(c, 200, strcmp(url, "/list") == 0 ? list : same);
}

static struct MHD_Response *response(char *bytes, size_t n)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(n, bytes, MHD_RESPMEM_PERSISTENT);
    if (!r) die("no memory");
    MHD_add_response_header(r, "Content-Type", "application/json");
    return r;
}

static void read_file(struct buf *out, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) die("%s: %s", path, strerror(errno));
    while (buf_reserve(out, 65536)) {
        ssize_t n = read(fd, out->data + out->len, 65536);
        if (n <= 0) break;
        out->len += (size_t)n;
    }
    close(fd);
}

int main(int argc, char **argv)
{
    static char constant[] = "{\"policies\":[],\"hash\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}";
    if (argc != 3) die("usage: sync_floor SOCKET FILE");
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s", argv[1]);
    struct buf file;
    buf_init(&file, FILE_MAX);
    read_file(&file, argv[2]);
    same = response(constant, sizeof constant - 1);
    list = response(file.data, file.len);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 128) != 0) die("%s: %s", argv[1], strerror(errno));
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = cores > 4 ? 4 : cores < 2 ? 0 : (unsigned)cores;
    if (!MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
                          MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_END))
        die("cannot start");
    pause();
    return 0;
}
