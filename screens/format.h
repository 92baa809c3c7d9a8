/* Numbers and times as people read them: short, never two meanings. No curses here. */
#ifndef SCREENS_FORMAT_H
#define SCREENS_FORMAT_H

#include <stddef.h>
#include <stdint.h>

enum { FORMAT_SIZE = 32 };

/* "0", "0.3", "920", "31.4K", "2.1M", "1.6B". */
void format_count(char out[FORMAT_SIZE], double value);
/* Decimal units: "0 B", "900 B", "3.6 TB". */
void format_bytes(char out[FORMAT_SIZE], double bytes);
/* "$0", "< $1", "$920", "$31.4K". */
void format_money(char out[FORMAT_SIZE], double usd);
/* "just now", "12m ago", "6d ago", "in 5m", then "Jun 5", in another year "2025-06-05" (UTC). */
void format_age(char out[FORMAT_SIZE], int64_t then_ns, int64_t now_ns);
/* Reads "100", "2.5K", "1G", "$3M". False: no number. */
_Bool format_parse_number(const char *text, size_t len, double *value);

#endif
