/* fill_store DIR N [SERVICES]: a data directory with N synthetic log events over SERVICES (200) services. */
#include "tests/bench/fill.h"

int main(int argc, char **argv)
{
    size_t n = argc > 2 ? strtoul(argv[2], NULL, 10) : 0, services = argc > 3 ? strtoul(argv[3], NULL, 10) : 200;
    if (n == 0 || services == 0) {
        fprintf(stderr, "usage: fill_store DIR N [SERVICES]\n");
        return 1;
    }
    char *problem = NULL;
    struct store *store = store_open(argv[1], &problem);
    if (!store) {
        fprintf(stderr, "fill_store: %s\n", problem);
        free(problem);
        return 1;
    }
    int64_t start = clock_monotonic();
    bool ok = fill_store(store, n, services);
    store_close(store);
    if (ok) printf("%zu events over %zu services in %s, %.1f s\n", n, services, argv[1], (double)(clock_monotonic() - start) / 1e9);
    return ok ? 0 : 1;
}
