/* Finding text without regard to case. Private to tui/. */
#ifndef TUI_FOLD_H
#define TUI_FOLD_H

#include "base/slice.h"

/* The first place at or after byte `at` where `wanted` (not empty) stands; it may differ in length there. */
bool fold_find(struct slice text, size_t at, const char *wanted, struct slice *found);

#endif
