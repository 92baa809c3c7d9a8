#include "control-plane/catalog/vocabulary.h"

#include <ctype.h>
#include <pthread.h>

enum { SLOTS = 2048 };

struct known {
    uint64_t a, b;
    uint32_t uses;
    uint32_t len;
};

unsigned char vocabulary_filter[VOCABULARY_FILTER];
static struct known table[SLOTS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

#define LEVEL(severity) (WORD_LEVEL | (unsigned)(severity) << WORD_LEVEL_SHIFT)

static const struct {
    unsigned uses;
    const char *words;
} vocabulary[] = {
    {WORD_CALENDAR, "mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday jan feb mar apr may jun jul "
                    "aug sep sept oct nov dec january february march april june july august september october november december"},
    {WORD_ZONE, "utc gmt cet cest est edt cst cdt mst mdt pst pdt bst ist jst hkt msk wet west eet eest aest am pm"},
    {WORD_UNIT, "b kb mb gb tb pb kib mib gib tib pib byte bytes kbyte kbytes mbyte mbytes bit bits kbps mbps gbps ns us ms msec msecs sec "
                "secs second seconds millisecond milliseconds microsecond microseconds nanoseconds min mins minute minutes hr hrs hour "
                "hours day days hz khz mhz ghz percent s m h \xC2\xB5s \xCE\xBCs"},
    {WORD_LITERAL, "true false null nil nan undefined"},
    {WORD_COUNT, "one two three four five six seven eight nine ten eleven twelve"},
    {WORD_USER, "user username login account utilisateur usuario benutzer \xE7\x94\xA8\xE6\x88\xB7"},
    {WORD_NAMES_USER, "invalid illegal as"},
    {WORD_NAMES_USER | WORD_FUNCTION | WORD_FOR, "for"},
    {WORD_FROM | WORD_FUNCTION, "from by on at via in with"},
    {WORD_OF | WORD_FUNCTION, "of"},
    {WORD_IS | WORD_FUNCTION, "is was to as equals"},
    {WORD_FUNCTION, "the a an to and or not no into onto than then that this these those are were be been has have had does do did "
                    "will would can could cannot should must it its but if while when because during after before due until without "
                    "within out over under through between all any some"},
    {WORD_STATE,
     "start stop begin end up down on off open close connect disconnect join leave enter exit read write create delete "
     "add remove insert update set get put post enable disable enabled disabled success successful successfully succeeded "
     "failure fail failed ok ko error errors above below low high allow deny accept reject accepted rejected login logout "
     "online offline active inactive lock unlock ready idle busy full empty found lost new old first last min max less more "
     "greater increase decrease send receive sent recv input output yes valid invalid available unavailable "
     "reachable unreachable known unknown present absent missing master slave primary secondary leader follower client "
     "server local remote source destination request response load save unload suspend resume pause done running "
     "download upload shutdown startup restart reboot authentication verification expired expiry rotation refresh validation validated "
     "hash hashing length policy prompt store manager service handler request started stopped paused resumed complete incomplete"},
    {WORD_SECRET, "password passwd pwd passphrase secret token apikey credential credentials bearer authorization cookie passcode "
                  "privatekey accesskey secretkey jwt signature otp"},
    {WORD_DELICATE | WORD_CREDENTIAL, "key auth session sessionid sid pin pass"},
    {WORD_DELICATE, "login user username email mail account card cardnumber iban ssn name phone"},
    {WORD_SCHEME, "bearer"},
    {WORD_KIND, "service svc pod node worker cluster deployment"},
    {WORD_METHOD, "get post put patch delete head options connect trace"},
    {LEVEL(SEVERITY_TRACE), "trace verbose finest finer"},
    {LEVEL(SEVERITY_DEBUG), "debug dbg fine"},
    {LEVEL(SEVERITY_INFO), "info information informational notice inf"},
    {LEVEL(SEVERITY_WARN), "warn warning wrn"},
    {LEVEL(SEVERITY_ERROR), "error err severe failure"},
    {LEVEL(SEVERITY_FATAL), "fatal critical crit alert emerg emergency panic"},
};

static struct known *slot_of(uint64_t a, uint64_t b, size_t n)
{
    size_t at = hash_mix(a + n, b) % SLOTS;
    while (table[at].len && (table[at].a != a || table[at].b != b || table[at].len != n)) at = (at + 1) % SLOTS;
    return &table[at];
}

static void learn(struct slice word, unsigned uses)
{
    const uint64_t fold = UINT64_C(0x2020202020202020);
    uint64_t a, b;
    word_ends(word.ptr, word.len, word.len, &a, &b);
    a |= fold;
    b |= fold;
    struct known *k = slot_of(a, b, word.len);
    *k = (struct known){.a = a, .b = b, .len = (uint32_t)word.len, .uses = k->uses | uses};
    vocabulary_filter[vocabulary_bit(a, b, word.len)] = 1;
}

static void build(void)
{
    for (size_t i = 0; i < sizeof vocabulary / sizeof *vocabulary; i++) {
        for (const char *p = vocabulary[i].words; *p;) {
            size_t n = strcspn(p, " ");
            learn(slice_of(p, n), vocabulary[i].uses);
            p += n + (p[n] == ' ');
        }
    }
}

void vocabulary_ready(void) { pthread_once(&once, build); }

unsigned vocabulary_find(uint64_t a, uint64_t b, size_t n)
{
    const struct known *k = slot_of(a, b, n);
    return k->len ? k->uses : 0;
}

unsigned vocabulary_uses(struct slice word)
{
    uint64_t a, b;
    if (word.len == 0 || word.len > VOCABULARY_LONGEST) return 0;
    word_ends(word.ptr, word.len, word.len, &a, &b);
    return vocabulary_of_ends(a, b, word.len);
}

/* Where the last part of a compound begins: after _ - . or at the last change from lower to upper case. */
static size_t last_part(struct slice name)
{
    for (size_t i = name.len - 1; i > 0; i--) {
        char c = name.ptr[i - 1], next = name.ptr[i];
        if (c == '_' || c == '-' || c == '.' || (islower((unsigned char)c) && isupper((unsigned char)next))) return i;
    }
    return 0;
}

bool vocabulary_secret(struct slice name, bool *delicate)
{
    if (name.len == 0) return false;
    size_t at = last_part(name);
    unsigned uses = vocabulary_uses(name) | vocabulary_uses(slice_of(name.ptr + at, name.len - at));
    if (name.ptr[name.len - 1] == 's') uses |= vocabulary_uses(slice_of(name.ptr + at, name.len - at - 1));
    bool plain_key = at > 0 && (uses & WORD_CREDENTIAL);
    *delicate = !(uses & WORD_SECRET) && !plain_key;
    return uses & (WORD_SECRET | WORD_DELICATE);
}

enum severity vocabulary_level(unsigned uses)
{
    return uses & WORD_LEVEL ? (enum severity)(uses >> WORD_LEVEL_SHIFT) : SEVERITY_UNSPECIFIED;
}
