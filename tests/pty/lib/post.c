#include "tests/pty/lib/post.h"

#include "base/buf.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool read_file(struct buf *out, const char *file)
{
    char bytes[4096];
    size_t n;
    FILE *in = fopen(file, "re");
    while (in && (n = fread(bytes, 1, sizeof bytes, in)) > 0) buf_add(out, bytes, n);
    return in && fclose(in) == 0;
}

static int open_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    if (fd >= 0) close(fd);
    return -1;
}

static int status_of(int fd)
{
    char answer[65536];
    size_t len = 0;
    ssize_t n;
    int status = -1;
    while (len + 1 < sizeof answer && (n = read(fd, answer + len, sizeof answer - 1 - len)) > 0) len += (size_t)n;
    answer[len] = '\0';
    if (sscanf(answer, "HTTP/1.1 %d", &status) != 1) return -1;
    return strstr(answer, "\"errors\":[{") ? -1 : status;
}

int post_file(const char *socket_path, const char *path, const char *file)
{
    struct buf body, request;
    int status = -1, fd = open_socket(socket_path);
    buf_init(&body, 1 << 20);
    buf_init(&request, 1 << 21);
    if (fd >= 0 && read_file(&body, file)) {
        buf_printf(&request,
                   "POST %s HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n",
                   path, body.len);
        buf_add(&request, body.data, body.len);
        if (write(fd, request.data, request.len) == (ssize_t)request.len) status = status_of(fd);
    }
    if (fd >= 0) close(fd);
    buf_free(&body);
    buf_free(&request);
    return status;
}
