/* libcurl, loaded when the first request to an http or https endpoint is made. It brings some thirty libraries (TLS,
 * Kerberos, LDAP ...) whose loading takes longer than everything else that the console does before its first frame;
 * `help`, a wrong option, that frame and a control plane on a Unix socket need none of them.
 *
 * curl_load() once, then curl.easy_init() and so on: the functions of curl/curl.h without their prefix. The typed checks
 * of its macros do not apply: whole numbers are passed as long or curl_off_t. */
#ifndef API_CLIENT_CURL_LOAD_H
#define API_CLIENT_CURL_LOAD_H

#include <curl/curl.h>

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

/* clang-format off */
#define CURL_FUNCTIONS(X) \
    X(global_init_mem) X(easy_init) X(easy_setopt) X(easy_getinfo) X(easy_cleanup) X(easy_strerror) \
    X(multi_init) X(multi_setopt) X(multi_add_handle) X(multi_remove_handle) X(multi_perform) X(multi_poll) \
    X(multi_info_read) X(multi_cleanup)
/* clang-format on */

struct curl_functions {
#define X(name) __typeof__(curl_##name) *name;
    CURL_FUNCTIONS(X)
#undef X
};
extern struct curl_functions curl;

/* Its memory is wiped when it is freed: requests hold the token.
 *
 * Loads and initialises it at the first call; dies where it is not installed. `tls`: for https too. */
void curl_load(int tls);

#endif
