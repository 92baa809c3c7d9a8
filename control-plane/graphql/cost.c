/* The price of a request: every field counts one for each object it is asked of, as far as first and last tell. */
#include "control-plane/graphql/execute.h"

enum { ASSUMED_PAGE = 50 };

struct pricing {
    const struct gql_execution *x;
    const struct gql_limits *limits;
    struct gql_problems *problems;
};

static uint64_t add(uint64_t a, uint64_t b) { return a > UINT64_MAX - b ? UINT64_MAX : a + b; }
static uint64_t multiply(uint64_t a, uint64_t b) { return b && a > UINT64_MAX / b ? UINT64_MAX : a * b; }

static bool page_argument(const struct pricing *p, const struct gql_plan_field *f, const struct gql_value *const *args, int index,
                          uint64_t *rows)
{
    const struct gql_value *value = index >= 0 && args ? args[index] : NULL;
    if (!value || value->kind != GQL_V_INT) return true;
    const char *name = f->field->args[index].name.ptr;
    int length = (int)f->field->args[index].name.len;
    if (value->integer < 0) {
        gql_problem(p->problems, BAD_USER_INPUT, f->at, "The argument \"%.*s\" must not be negative.", length, name);
        return false;
    }
    if (value->integer > p->limits->page) {
        gql_problem(p->problems, LIMIT_EXCEEDED, f->at, "The argument \"%.*s\" must not be above %u.", length, name, p->limits->page);
        return false;
    }
    *rows = (uint64_t)value->integer;
    return true;
}

static bool price_set(const struct pricing *p, const struct gql_plan_set *set, uint64_t *price);

static bool price_field(const struct pricing *p, const struct gql_plan_field *f, uint64_t *price)
{
    const struct gql_value *const *args = f->args ? f->args : p->x->slots[f->slot].args;
    bool paged = f->field->first_arg >= 0 || f->field->last_arg >= 0;
    uint64_t rows = paged ? ASSUMED_PAGE : 1, dearest = 0;
    if (!page_argument(p, f, args, f->field->first_arg, &rows) || !page_argument(p, f, args, f->field->last_arg, &rows)) return false;
    for (size_t i = 0; i < f->set_count; i++) {
        uint64_t one = 0;
        if (!price_set(p, &f->sets[i], &one)) return false;
        if (one > dearest) dearest = one;
    }
    *price = add(*price, add(1, multiply(rows, dearest)));
    return true;
}

static bool price_set(const struct pricing *p, const struct gql_plan_set *set, uint64_t *price)
{
    if (set->type->introspection) return true;
    for (size_t i = 0; i < set->count; i++)
        if (gql_is_active(&set->fields[i], p->x->conditions) && !price_field(p, &set->fields[i], price)) return false;
    return true;
}

bool gql_check_cost(const struct gql_execution *x, const struct gql_limits *limits, struct gql_problems *problems)
{
    const struct pricing p = {x, limits, problems};
    uint64_t price = 0;
    if (!price_set(&p, &x->plan->root, &price)) return false;
    if (price <= limits->cost) return true;
    gql_problem(problems, LIMIT_EXCEEDED, x->plan->operation->body.at,
                "The request could answer %llu fields, more than the %llu allowed; ask for smaller pages or fewer fields.",
                (unsigned long long)price, (unsigned long long)limits->cost);
    return false;
}
