#include "control-plane/demo_estate.h"

enum { DEBUG = 5, INFO = 9, WARN = 13, ERROR = 17 };

#define POD                                                                                                                                \
    "k8s.pod.name=%w-7d9f;k8s.pod.uid=%h-0001;telemetry.sdk.name=opentelemetry;telemetry.sdk.language=go;telemetry.sdk.version=1.31.0"
#define TWICE "trace_id=%h;traceId=%h"

const struct demo_form demo_forms[] = {
    {"storefront-web", DEMO_DAILY, INFO, 9000, "GET %r answered %s in %m ms", "client.address=%i;http.response.status_code=%s;url.path=%r"},
    {"storefront-web", DEMO_STEADY, INFO, 5000, "GET /healthz answered 200 in %m ms",
     "url.path=/healthz;http.response.status_code=200;user_agent.original=kube-probe/1.30"},
    {"storefront-web", DEMO_DAILY, INFO, 2200, "page %r rendered for a visitor in %m ms", "url.path=%r;user_agent.original=%b"},
    {"storefront-web", DEMO_DAILY, WARN, 260, "page %r took longer than %n ms to render", "url.path=%r"},
    {"storefront-web", DEMO_STEADY, WARN, 340, "option legacy_cart is deprecated, remove it from web.toml", NULL},

    {"checkout", DEMO_DAILY, INFO, 3600, "order %n placed with %n articles", TWICE ";order.id=%n"},
    {"checkout", DEMO_DAILY, INFO, 2900, "order %n confirmed to the customer", TWICE ";order.id=%n"},
    {"checkout", DEMO_DAILY, ERROR, 140, "payment for order %n was not accepted: card %c expired", "order.id=%n"},
    {"checkout", DEMO_BURST, ERROR, 2600, "could not connect to database orders-primary at %i: connection refused", "attempt=%m"},
    {"checkout", DEMO_DAILY, DEBUG, 90, "TODO remove: cart before discount %n", NULL},
    {"checkout", DEMO_DAILY, INFO, 60, "got here", NULL},

    {"payments", DEMO_DAILY, INFO, 3100, "charge %h captured, amount %n cents", "charge.id=%h;currency=EUR"},
    {"payments", DEMO_DAILY, INFO, 120, "provider answered the charge request", "provider.answer=%x"},
    {"payments", DEMO_DAILY, WARN, 80, "retrying the provider with access key %k", "provider=demopay"},
    {"payments", DEMO_STEADY, WARN, 900, "connection to queue settlements timed out after %n ms, reconnecting", "server.address=%i"},
    {"payments", DEMO_STEADY, INFO, 1300, "no records to process in the settlement batch", NULL},

    {"search-api", DEMO_LATE, DEBUG, 7200, "score of document %h is %n before the boost", TWICE},
    {"search-api", DEMO_LATE, DEBUG, 4300, "query plan chose index part %m with cost %n", NULL},
    {"search-api", DEMO_DAILY, INFO, 4700, "search found %n articles in %m ms", "search.hits=%n;search.took=%m"},
    {"search-api", DEMO_DAILY, WARN, 110, "search for a phrase of %n words was cut short", NULL},

    {"inventory", DEMO_STEADY, INFO, 8800, "processing item %n of warehouse %m", "warehouse=%m"},
    {"inventory", DEMO_DAILY, INFO, 1500, "stock of article %n set to %n", POD},
    {"inventory", DEMO_DAILY, INFO, 800, "delivery %h booked into warehouse %m", POD},
    {"inventory", DEMO_DAILY, WARN, 130, "stock of article %n fell below its minimum", POD},

    {"accounts", DEMO_DAILY, INFO, 2100, "profile saved", "user.email=%e;user.id=%n"},
    {"accounts", DEMO_DAILY, INFO, 2600, "session %h opened from %i", "session.id=%h"},
    {"accounts", DEMO_DAILY, WARN, 420, "sign-in for user %n refused: wrong password", "user.id=%n"},
    {"accounts", DEMO_DAILY, INFO, 190, "reminder queued for %e", NULL},

    {"notifications", DEMO_DAILY, INFO, 2400, "template %w sent in %m ms", "channel=mail"},
    {"notifications", DEMO_STEADY, WARN, 1100, "heartbeat missed by peer mail-relay, will retry in %n ms", NULL},
    {"notifications", DEMO_STEADY, INFO, 2000, "outbox is idle, nothing to do", NULL},

    {"warehouse-db", DEMO_STEADY, INFO, 2000, "checkpoint complete: wrote %n buffers in %m ms", NULL},
    {"warehouse-db", DEMO_STEADY, INFO, 1400, "autovacuum of table stock_%m removed %n rows", NULL},
    {"warehouse-db", DEMO_DAILY, WARN, 300, "statement ran for %n ms: select over stock_%m", "db.duration=%n"},

    {"edge-gateway", DEMO_DAILY, INFO, 9400, "request %h to upstream %w answered %s after %m ms", TWICE ";http.response.status_code=%s"},
    {"edge-gateway", DEMO_STEADY, INFO, 3400, "readiness probe of upstream %w answered ok", NULL},
    {"edge-gateway", DEMO_BURST, ERROR, 3200, "upstream search-api unavailable: circuit breaker opened for request %h", NULL},
    {"edge-gateway", DEMO_STEADY, WARN, 210, "header limit is not set, using default of %n bytes", NULL},

    {"recommendations", DEMO_DAILY, INFO, 2600, "model answered with %n articles in %m ms", "model=basket-v3"},
    {"recommendations", DEMO_STEADY, INFO, 2500, "gc pause of %m ms freed %n bytes", NULL},
    {"recommendations", DEMO_DAILY, WARN, 700, "{\"model\":\"basket-v3\",\"took\":%n,\"articles\":[%n,%n,", NULL},

    {"clinic-portal", DEMO_DAILY, INFO, 900, "appointment %n moved", "appointment.id=%n"},
    {"clinic-portal", DEMO_DAILY, INFO, 130, "referral stored", "patient.diagnosis=made-up ailment %m;referral.id=%n"},
    {"clinic-portal", DEMO_DAILY, INFO, 1600, "calendar of practice %m loaded in %m ms", NULL},

    {"nightly-jobs", DEMO_STEADY, INFO, 900, "scheduled task %w finished in %n ms", NULL},
    {"nightly-jobs", DEMO_STEADY, INFO, 700, "export of day %n written, %n lines", NULL},
    {"nightly-jobs", DEMO_STEADY, ERROR, 45, "export of day %n failed: disk quota of %n bytes is used up", NULL},
};
const size_t demo_form_count = sizeof demo_forms / sizeof *demo_forms;

const struct demo_edge demo_edges[] = {
    {"tero-edge", "shop", "1.4.2", "edge-fra-1"},
    {"tero-edge", "shop", "1.4.2", "edge-fra-2"},
    {"tero-edge", "clinic", "1.3.9", "edge-ams-1"},
};
const size_t demo_edge_count = sizeof demo_edges / sizeof *demo_edges;
