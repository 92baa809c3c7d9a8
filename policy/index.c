#include "policy/rules.h"
struct index *index_new(const struct evaluator *e)
{
    (void)e;
    return NULL;
}
void index_free(struct index *i) { (void)i; }
void index_find(const struct index *i, struct evaluation *v)
{
    (void)i;
    (void)v;
}
