/* Which words were seen on so many records that they may be written down. Thread-safe, bounded, forgetful.
 *
 * Counts live in a count-min sketch that is cleared before collisions could make a rare word look frequent; words
 * that reached the number move into a set of hashes. No word is kept as text. Errors are on the side of withholding. */
#ifndef CONTROL_PLANE_WORDS_H
#define CONTROL_PLANE_WORDS_H

#include "base/slice.h"

#include <stdint.h>

struct words;

/* `bytes` is about what it takes for good. */
struct words *words_new(unsigned after, size_t bytes);
void words_free(struct words *w);
/* One more record holds the word; call once per word and record. True: known, now or before. */
bool words_seen(struct words *w, uint64_t hash);
bool words_known(const struct words *w, uint64_t hash);

/* True for letters that read as a random token, a key or a generated name rather than a word: never written down. */
bool words_suspicious(struct slice word);

#endif
