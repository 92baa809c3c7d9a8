/* The charts of Home: where the money goes, over time, over services and over log events. From the answers of
 * Home.graphql (`account`, `home`) and HomeCharts.graphql (`charts`, NULL while there is none). */
#ifndef SCREENS_HOME_CHARTS_H
#define SCREENS_HOME_CHARTS_H

#include "screens/sheet.h"

#include <jansson.h>

/* Spend of the last 24 hours, stacked by service, `height` lines with its axis, between a heading and a legend. */
void home_spend(struct sheet *s, const json_t *account, const json_t *charts, int width, int height);
/* "recoverable": how much of the spend the open issues would save, as a bar. Nothing where there is none. */
void home_savings(struct sheet *s, const json_t *account, int width);
/* "12 of 93 log events make 80% of the cost", with the share of the largest as a bar. */
void home_share(struct sheet *s, const json_t *account, const json_t *charts, int width);
/* How many log events cost how much, a bar for each step. */
void home_distribution(struct sheet *s, const json_t *charts, int width);

#endif
