/* What one api holds. */
#ifndef CONTROL_PLANE_API_STATE_H
#define CONTROL_PLANE_API_STATE_H

#include "control-plane/api/api.h"

const struct api_options *api_settings(const struct api *api);

#endif
