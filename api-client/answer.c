#include "api-client/internal.h"
#include "api-client/json_values.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

void answer_say(struct verdict *v, enum api_status status, const char *format, ...)
{
    char raw[512];
    va_list args;
    va_start(args, format);
    vsnprintf(raw, sizeof raw, format, args);
    va_end(args);
    struct buf clean;
    buf_init(&clean, 4 * sizeof raw);
    utf8_clean(&clean, slice_str(raw));
    size_t n = clean.len < sizeof v->message ? clean.len : sizeof v->message - 1;
    while (n > 0 && n < clean.len && ((unsigned char)clean.data[n] & 0xC0) == 0x80) n--;
    if (n) memcpy(v->message, clean.data, n);
    v->message[n] = '\0';
    v->status = status;
    buf_free(&clean);
}

static bool one_of(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!strcasecmp(text, list[i])) return true;
    return false;
}
#define ONE_OF(text, list) one_of(text, list, sizeof(list) / sizeof *(list))

static bool is_denial(const char *code)
{
    static const char *const codes[] = {"FORBIDDEN", "UNAUTHENTICATED", "UNAUTHORIZED", "PERMISSION_DENIED"};
    return ONE_OF(code, codes);
}

static bool is_validation(const char *code, const char *message)
{
    static const char *const codes[] = {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_VALIDATION_ERROR", "VALIDATION_FAILED"};
    static const char *const words[] = {"Cannot query field", "Unknown argument", "Unknown type", "Unknown field"};
    if (ONE_OF(code, codes)) return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strncasecmp(message, words[i], strlen(words[i]))) return true;
    return !strncmp(message, "Variable ", 9) && strstr(message, "no such field"); /* an input field that it lacks */
}

/* An answer whose every root field is null is none. */
static bool holds_something(const json_t *data)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)data, name, value)
    {
        if (!json_is_null(value)) return true;
    }
    return false;
}

static void read_error(struct verdict *v, const json_t *first)
{
    const json_t *message = json_object_get(first, "message");
    const json_t *code = json_object_get(json_object_get(first, "extensions"), "code");
    const char *text = json_is_string(message) ? json_string_value(message) : "the control plane gives no reason";
    v->code = json_is_string(code) ? json_string_value(code) : "";
    enum api_status status = is_denial(v->code) ? API_DENIED : API_REFUSED;
    v->refused_document = status == API_REFUSED && is_validation(v->code, text);
    answer_say(v, status, "%s", text);
}

static bool read_graphql(struct verdict *v, struct slice body)
{
    v->root = json_values(body);
    if (!json_is_object(v->root)) return false;
    const json_t *data = json_object_get(v->root, "data"), *errors = json_object_get(v->root, "errors");
    bool has_errors = json_is_array(errors) && json_array_size(errors) > 0;
    if (!has_errors && !json_is_object(data)) return false;
    if (has_errors) read_error(v, json_array_get(errors, 0));
    if (!json_is_object(data) || (has_errors && !holds_something(data))) return true;
    v->data = data;
    v->status = API_OK;
    v->refused_document = false;
    return true;
}

static void read_http(struct verdict *v, long http)
{
    if (http == 401) answer_say(v, API_DENIED, "not signed in (HTTP 401)");
    else if (http == 403) answer_say(v, API_DENIED, "not allowed (HTTP 403)");
    else if (http == 429 || http == 502 || http == 503 || http == 504)
        answer_say(v, API_UNREACHABLE, "the control plane is busy (HTTP %ld)", http);
    else if (http >= 300 && http < 400) answer_say(v, API_BROKEN, "the endpoint redirects (HTTP %ld), which is not followed", http);
    else if (http >= 200 && http < 300) answer_say(v, API_BROKEN, "the answer is not a GraphQL answer");
    else answer_say(v, API_BROKEN, "no control plane at this address (HTTP %ld)", http);
}

void answer_read(struct verdict *v, long http, struct slice body)
{
    *v = (struct verdict){.code = ""};
    bool graphql = read_graphql(v, body);
    bool busy = http == 429 || http == 502 || http == 503 || http == 504;
    if (!graphql || (busy && v->status != API_OK)) {
        v->refused_document = false;
        if (!graphql || busy) read_http(v, http);
        v->again = busy;
        return;
    }
    if (http == 401 || http == 403) v->status = API_DENIED, v->data = NULL;
    else if (http >= 300 && v->status == API_OK) v->data = NULL, answer_say(v, API_BROKEN, "HTTP %ld with data", http);
}

static void read_failure(struct verdict *v, const struct exchange *x, bool local)
{
    *v = (struct verdict){.code = ""};
    if (x->outcome == OUTCOME_TOO_LARGE) answer_say(v, API_BROKEN, "the answer is larger than %d MiB", ANSWER_MAX >> 20);
    else if (x->outcome == OUTCOME_BROKEN) answer_say(v, API_BROKEN, "not an HTTP answer: %s", x->problem);
    else if (local && x->outcome == OUTCOME_NOT_SENT) answer_say(v, API_UNREACHABLE, "the control plane of this machine does not answer");
    else answer_say(v, API_UNREACHABLE, "%s", x->problem);
    v->again = x->outcome == OUTCOME_NOT_SENT || x->outcome == OUTCOME_LOST;
}

void answer_of(struct verdict *v, const struct exchange *x, bool local)
{
    if (x->outcome == OUTCOME_ANSWERED) answer_read(v, x->http, buf_view(&x->answer));
    else read_failure(v, x, local);
}
