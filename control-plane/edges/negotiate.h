/* Which encoding a sync request has and which one its answer gets, from the headers Content-Type and Accept. */
#ifndef CONTROL_PLANE_NEGOTIATE_H
#define CONTROL_PLANE_NEGOTIATE_H

#include "control-plane/policies/published.h"

struct sync_encodings {
    enum published_encoding request, answer;
    const char *answer_type; /* literal, for Content-Type */
};

/* Headers may be NULL. No Content-Type is JSON; an Accept that asks for nothing that there is counts as absent, and
 * then the answer has the request's encoding. False: a Content-Type of something else. */
bool sync_negotiate(const char *content_type, const char *accept, struct sync_encodings *e);

#endif
