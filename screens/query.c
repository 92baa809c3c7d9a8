#include "base/clock.h"
#include "screens/resource.h"

static json_t *time_value(int64_t ns)
{
    struct buf text;
    buf_init(&text, 64);
    clock_rfc3339(&text, ns);
    json_t *value = json_stringn(text.data, text.len);
    buf_free(&text);
    return value;
}

/* Whole hours or days, the running one included. */
static json_t *volume_input(const char *granularity, int64_t unit_ns, int count, int64_t now_ns)
{
    int64_t end = (now_ns / unit_ns + 1) * unit_ns;
    return json_pack("{s{soso}ss}", "range", "start", time_value(end - count * unit_ns), "end", time_value(end), "granularity",
                     granularity);
}

/* The 24 hours up to the end of this minute, so that an answer may be kept for that long. */
static json_t *last_day(int64_t now_ns)
{
    int64_t end = (now_ns / (60 * NS_PER_SECOND) + 1) * 60 * NS_PER_SECOND;
    return json_pack("{soso}", "start", time_value(end - 24 * NS_PER_HOUR), "end", time_value(end));
}

static json_t *order_input(const struct list_order *order, size_t count)
{
    json_t *v = json_pack("{ssss}", "field", order->column->order, "direction", order->descending ? "DESC" : "ASC");
    if (count > 1) json_object_set_new(v, "then", order_input(order + 1, count - 1));
    return v;
}

json_t *resource_list_variables(const struct list_query *q, int64_t now_ns)
{
    json_t *v = json_object();
    json_object_set_new(v, q->back ? "last" : "first", json_integer(q->size));
    if (q->cursor) json_object_set_new(v, q->back ? "before" : "after", json_string(q->cursor));
    if (json_object_size(q->where)) json_object_set(v, "where", (json_t *)q->where);
    if (q->order_count) json_object_set_new(v, "orderBy", order_input(q->order, q->order_count));
    json_object_set_new(v, "series", json_boolean(q->series));
    json_object_set_new(v, "total", json_boolean(q->total));
    json_object_set_new(v, "lastDay", last_day(now_ns));
    json_object_set_new(v, "day", volume_input("HOUR", NS_PER_HOUR, 24, now_ns));
    return v;
}

json_t *resource_get_variables(const char *id, int64_t now_ns)
{
    return json_pack("{sssosososo}", "id", id, "lastDay", last_day(now_ns), "day", volume_input("HOUR", NS_PER_HOUR, 24, now_ns), "week",
                     volume_input("HOUR", NS_PER_HOUR, 168, now_ns), "month", volume_input("DAY", 24 * NS_PER_HOUR, 30, now_ns));
}
