#include "screens/otlp.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#define DEFAULT_ADDRESS "http://127.0.0.1:4318"

/* A control plane may tell its address among its features: "otlp:http://127.0.0.1:4318". */
static const char *told(const json_t *server)
{
    const json_t *features = api_at(server, "serverInfo.features");
    for (size_t i = 0; i < json_array_size(features); i++) {
        const char *text = json_string_value(json_array_get(features, i));
        if (text && !strncmp(text, "otlp:http", 9)) return text + 5;
    }
    return NULL;
}

const char *otlp_address(const struct screens_options *o, const json_t *server)
{
    static char address[200];
    const char *text = told(server), *deployment = json_string_value(api_at(server, "serverInfo.deployment"));
    struct buf clean;
    if (!text && o->kind == API_EMBEDDED && deployment && !strcmp(deployment, "SELF_HOSTED")) text = DEFAULT_ADDRESS;
    if (!text) return NULL;
    buf_init(&clean, sizeof address - 1);
    utf8_clean(&clean, slice_str(text));
    snprintf(address, sizeof address, "%s", clean.data ? clean.data : "");
    buf_free(&clean);
    return address;
}

const char *otlp_environment(const char *address, int n)
{
    static char line[300];
    if (n == 1) return "export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf";
    snprintf(line, sizeof line, "export OTEL_EXPORTER_OTLP_ENDPOINT=%s", address ? address : DEFAULT_ADDRESS);
    return n == 0 ? line : NULL;
}

void otlp_pair(struct sheet *s, const struct screens_options *o, const json_t *server)
{
    const char *address = otlp_address(o, server);
    sheet_span(s, SHEET_LABEL, ROLE_DIM, "send OTLP");
    if (o->demo) {
        sheet_span(s, SHEET_VALUE, ROLE_DIM, "not to a demo");
    } else if (address) {
        sheet_span(s, SHEET_VALUE, ROLE_INFO, address);
        sheet_span(s, -1, ROLE_DIM, "/v1/logs");
    } else if (o->kind == API_EMBEDDED) {
        sheet_span(s, SHEET_VALUE, ROLE_TEXT, "run  tero-control-plane serve");
        sheet_span(s, -1, ROLE_DIM, "  to receive it; i explains");
    } else {
        sheet_span(s, SHEET_VALUE, ROLE_DIM, "the address is with whoever runs this control plane");
    }
    sheet_end(s);
}
