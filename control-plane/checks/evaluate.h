/* What each check looks for. Each function reads the observation and adds findings. Inside the module only. */
#ifndef CONTROL_PLANE_CHECKS_EVALUATE_H
#define CONTROL_PLANE_CHECKS_EVALUATE_H

#include "control-plane/checks/observe.h"

/* By the words of templates. */
void evaluate_markers(struct observation *o, const struct check *c);
void evaluate_artifacts(struct observation *o, const struct check *c);
void evaluate_probes(struct observation *o, const struct check *c);
void evaluate_configuration(struct observation *o, const struct check *c);
void evaluate_chatter(struct observation *o, const struct check *c);
void evaluate_nothing(struct observation *o, const struct check *c);

/* By volume over the hours. */
void evaluate_debug_mode(struct observation *o, const struct check *c);
void evaluate_hot_path(struct observation *o, const struct check *c);
void evaluate_burst(struct observation *o, const struct check *c);
void evaluate_background(struct observation *o, const struct check *c);

/* By fields and shapes. */
void evaluate_bots(struct observation *o, const struct check *c);
void evaluate_malformed(struct observation *o, const struct check *c);
void evaluate_payloads(struct observation *o, const struct check *c);
void evaluate_duplicates(struct observation *o, const struct check *c);
void evaluate_bloat(struct observation *o, const struct check *c);

/* By what detectors recognized. */
void evaluate_exposures(struct observation *o, const struct check *c);

#endif
