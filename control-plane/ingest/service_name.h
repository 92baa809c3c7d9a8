/* The service that a log file belongs to, from its path:
 *   a folder right below one named "log" or "logs" names it   /var/log/nginx/access.log -> nginx
 *   otherwise the file's stem does                            /var/log/kern.log.2.gz    -> kern
 *   Kubernetes: the container's folder or part of the name    /var/log/pods/shop_cart-7f_1b2c/cart/0.log -> cart
 * The stem goes without .log .txt .json .jsonl .out .err .gz, rotation numbers and dates. */
#ifndef CONTROL_PLANE_SERVICE_NAME_H
#define CONTROL_PLANE_SERVICE_NAME_H

#include "base/buf.h"

/* Appends it; "unknown_service" where nothing is left. The path should be absolute: folders count. */
void service_of_path(struct buf *out, const char *path);
/* The unit without ".service" and the instance ("getty@tty1.service" -> "getty"); empty for scopes, sessions, slices,
 * user managers and where none is given: there the syslog identifier tells more. */
struct slice service_of_unit(struct slice unit);

#endif
