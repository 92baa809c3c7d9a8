/* Preloaded into the programs under test: the wall clock runs TESTS_CLOCK_OFFSET nanoseconds off, so that what is shown does not
 * depend on the day of the test. The monotonic clock is left alone. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static int64_t offset(void)
{
    static int64_t kept;
    if (!kept && getenv("TESTS_CLOCK_OFFSET")) kept = atoll(getenv("TESTS_CLOCK_OFFSET"));
    return kept;
}

int clock_gettime(clockid_t id, struct timespec *at)
{
    static int (*real)(clockid_t, struct timespec *);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    int status = real(id, at);
    if (status != 0 || id != CLOCK_REALTIME) return status;
    int64_t now = (int64_t)at->tv_sec * 1000000000 + at->tv_nsec + offset();
    at->tv_sec = (time_t)(now / 1000000000);
    at->tv_nsec = (long)(now % 1000000000);
    return 0;
}

time_t time(time_t *out)
{
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    if (out) *out = at.tv_sec;
    return at.tv_sec;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    struct timespec at;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &at);
    out->tv_sec = at.tv_sec;
    out->tv_usec = at.tv_nsec / 1000;
    return 0;
}
