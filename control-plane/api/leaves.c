#include "control-plane/api/leaves.h"

void leaf_id(struct gql_call *call, struct id128 id)
{
    char text[UUID_TEXT + 1];
    id_text(id, text);
    gql_string(call, slice_of(text, UUID_TEXT));
}

void leaf_severity(struct gql_call *call, int severity)
{
    static const struct slice names[] = {{"other", 5}, {"debug", 5}, {"info", 4}, {"warn", 4}, {"error", 5}};
    gql_string(call, names[severity >= 0 && severity < 5 ? severity : 0]);
}

void leaf_optional(struct gql_call *call, struct slice text)
{
    if (text.ptr) gql_string(call, text);
    else gql_null(call);
}

void leaf_rate(struct gql_call *call, int64_t value, double unit) { gql_float(call, (double)value / unit); }

double usd_per_hour(int64_t cost)
{
    __extension__ __int128 trillionths = ((__int128)cost * 1000000 + 4383) / 8766;
    return (double)trillionths / 1e12;
}

bool arg_id(const struct gql_call *call, const char *name, struct id128 *id)
{
    const struct gql_value *v = gql_arg(call, name);
    return v && v->kind == GQL_V_STRING && id_parse(v->text, id);
}
