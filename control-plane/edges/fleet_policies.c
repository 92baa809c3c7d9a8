#include "base/die.h"
#include "control-plane/edges/fleet.h"

uint32_t fleet_policy_find(const struct fleet *f, int64_t account, struct slice wire_id, uint64_t hash)
{
    uint64_t key = fleet_wire_hash(account, hash);
    size_t probe = table_start(&f->by_wire_id, key);
    uint32_t at;
    while ((at = table_next(&f->by_wire_id, key, &probe)) != TABLE_NONE) {
        const struct fleet_policy *p = &f->policies[at];
        if (p->account == account && p->wire_len == wire_id.len && !memcmp(p->wire_id, wire_id.ptr, wire_id.len)) break;
    }
    return at;
}

void fleet_policy_add(struct fleet *f, int64_t account, struct slice wire_id, struct id128 id, int64_t row)
{
    uint64_t hash = hash64(wire_id.ptr, wire_id.len, 0);
    uint32_t at = fleet_policy_find(f, account, wire_id, hash);
    if (at != TABLE_NONE) {
        f->policies[at].id = id;
        f->policies[at].row = row;
        return;
    }
    if (f->policy_count == FLEET_POLICIES) return;
    if (f->policy_count == f->policy_room) {
        f->policy_room = f->policy_room ? f->policy_room * 2 : 64;
        f->policies = xreallocarray(f->policies, f->policy_room, sizeof *f->policies);
    }
    at = (uint32_t)f->policy_count++;
    f->policies[at] = (struct fleet_policy){
        .account = account, .row = row, .id = id, .wire_id = xstrndup(wire_id.ptr, wire_id.len), .wire_len = wire_id.len};
    table_add(&f->by_wire_id, fleet_wire_hash(account, hash), at);
}
