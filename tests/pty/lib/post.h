/* One HTTP request to a control plane's socket, for tests. */
#ifndef TESTS_PTY_POST_H
#define TESTS_PTY_POST_H

/* Posts the file as JSON. The status, or -1 where there was no answer. */
int post_file(const char *socket_path, const char *path, const char *file);

#endif
