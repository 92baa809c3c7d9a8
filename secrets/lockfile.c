#include "secrets/lockfile.h"

#include "secrets/lines.h"

static const char first_line[] = "tero-console lock 1";

bool lockfile_parse(struct lockfile *l, struct slice text, const char **problem)
{
    *l = (struct lockfile){.agent = false};
    *problem = "no lock of this version";
    if (!line_is(&text, first_line)) return false;
    *problem = "damaged";
    if (!line_take_derivation(&text, &l->latch) || !line_take_bytes(&text, "open", l->latch.open, LATCH_KEY)) return false;
    l->agent = text.len > 0;
    if (l->agent && (!line_take_bytes(&text, "agent-ed25519", l->agent_key, AGENT_KEY) || text.len)) return false;
    *problem = "it asks for more memory or time than 10 passes over 1 GiB";
    return latch_cost_fits(l->latch.cost);
}

void lockfile_write(const struct lockfile *l, struct buf *out)
{
    buf_printf(out, "%s\n", first_line);
    line_put_derivation(out, &l->latch);
    line_put_bytes(out, "open", l->latch.open, LATCH_KEY);
    if (l->agent) line_put_bytes(out, "agent-ed25519", l->agent_key, AGENT_KEY);
}
