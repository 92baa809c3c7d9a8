-- Services, log events and their counters: everything a screen shows is kept at write time.
--
-- rate_events is millionths of an event an hour, rate_bytes thousandths of a byte an hour, cost micro-dollars a year.
-- s0..s6 count records by severity as delivered (unspecified, trace, debug, info, warn, error, fatal); severity is the
-- commonest (0 other, 1 debug, 2 info, 3 warn, 4 error). hours divides the 7-day window. Events repeat their service's
-- id and name, which never change: a page of events needs no join.

CREATE TABLE services (
    row INTEGER PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES accounts (row),
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    enabled BIGINT NOT NULL DEFAULT 1,
    team BIGINT REFERENCES teams (row),
    team_name TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    log_events BIGINT NOT NULL DEFAULT 0,
    events BIGINT NOT NULL DEFAULT 0,
    bytes BIGINT NOT NULL DEFAULT 0,
    day_events BIGINT NOT NULL DEFAULT 0,
    day_bytes BIGINT NOT NULL DEFAULT 0,
    week_events BIGINT NOT NULL DEFAULT 0,
    week_bytes BIGINT NOT NULL DEFAULT 0,
    month_events BIGINT NOT NULL DEFAULT 0,
    month_bytes BIGINT NOT NULL DEFAULT 0,
    w0 BIGINT NOT NULL DEFAULT 0,
    w1 BIGINT NOT NULL DEFAULT 0,
    w2 BIGINT NOT NULL DEFAULT 0,
    w3 BIGINT NOT NULL DEFAULT 0,
    w4 BIGINT NOT NULL DEFAULT 0,
    w5 BIGINT NOT NULL DEFAULT 0,
    w6 BIGINT NOT NULL DEFAULT 0,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    hours BIGINT NOT NULL,
    sweep TEXT,
    rate_events BIGINT NOT NULL DEFAULT 0,
    rate_bytes BIGINT NOT NULL DEFAULT 0,
    cost BIGINT NOT NULL DEFAULT 0,
    UNIQUE (account, id),
    UNIQUE (account, name)
);
CREATE INDEX services_enabled ON services (account, enabled);
CREATE INDEX services_team ON services (team);
CREATE INDEX services_team_name ON services (account, team_name);
CREATE INDEX services_created ON services (account, created_at);
CREATE INDEX services_updated ON services (account, updated_at);
CREATE INDEX services_log_events ON services (account, log_events);
CREATE INDEX services_events ON services (account, events);
CREATE INDEX services_bytes ON services (account, bytes);
CREATE INDEX services_first_seen ON services (account, first_seen);
CREATE INDEX services_last_seen ON services (account, last_seen);
CREATE INDEX services_rate_events ON services (account, rate_events);
CREATE INDEX services_rate_bytes ON services (account, rate_bytes);
CREATE INDEX services_cost ON services (account, cost);
CREATE INDEX services_young ON services (account, hours) WHERE hours < 168;
CREATE INDEX services_sweep ON services (row) WHERE sweep IS NOT NULL;

CREATE TABLE log_events (
    row INTEGER PRIMARY KEY,
    account BIGINT NOT NULL,
    service BIGINT NOT NULL REFERENCES services (row),
    severity BIGINT NOT NULL,
    fragment BIGINT NOT NULL,
    withheld BIGINT NOT NULL,
    events BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    rate_events BIGINT NOT NULL,
    rate_bytes BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    day_events BIGINT NOT NULL,
    day_bytes BIGINT NOT NULL,
    week_events BIGINT NOT NULL,
    week_bytes BIGINT NOT NULL,
    month_events BIGINT NOT NULL,
    month_bytes BIGINT NOT NULL,
    s0 BIGINT NOT NULL,
    s1 BIGINT NOT NULL,
    s2 BIGINT NOT NULL,
    s3 BIGINT NOT NULL,
    s4 BIGINT NOT NULL,
    s5 BIGINT NOT NULL,
    s6 BIGINT NOT NULL,
    id BLOB NOT NULL,
    service_id BLOB NOT NULL,
    name TEXT NOT NULL,
    service_name TEXT NOT NULL,
    template TEXT NOT NULL,
    UNIQUE (account, id),
    UNIQUE (service, name)
);
CREATE INDEX log_events_name ON log_events (account, name);
CREATE INDEX log_events_service_name ON log_events (account, service_name);
CREATE INDEX log_events_severity ON log_events (account, severity);
CREATE INDEX log_events_created ON log_events (account, created_at);
CREATE INDEX log_events_updated ON log_events (account, updated_at);
CREATE INDEX log_events_events ON log_events (account, events);
CREATE INDEX log_events_bytes ON log_events (account, bytes);
CREATE INDEX log_events_first_seen ON log_events (account, first_seen);
CREATE INDEX log_events_last_seen ON log_events (account, last_seen);
CREATE INDEX log_events_rate_events ON log_events (account, rate_events);
CREATE INDEX log_events_cost ON log_events (account, cost);
CREATE INDEX log_events_service_cost ON log_events (service, cost);

-- An event that was merged into another keeps its id as another name of it. Chains are kept one step long.
CREATE TABLE log_event_aliases (
    account BIGINT NOT NULL,
    id BLOB NOT NULL,
    target BLOB NOT NULL,
    PRIMARY KEY (account, id)
) WITHOUT ROWID;
CREATE INDEX log_event_aliases_target ON log_event_aliases (account, target);

-- How many events there are; service 0 = the whole account.
CREATE TABLE log_event_counts (
    account BIGINT NOT NULL,
    service BIGINT NOT NULL,
    severity BIGINT NOT NULL,
    fragment BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (account, service, severity, fragment)
) WITHOUT ROWID;

-- Counters by the hour. stage says which windows the hour has left: 0 none, 1 the day, 2 the week, 3 the month.
CREATE TABLE event_hours (
    event BIGINT NOT NULL,
    hour BIGINT NOT NULL,
    stage BIGINT NOT NULL,
    events BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    s0 BIGINT NOT NULL,
    s1 BIGINT NOT NULL,
    s2 BIGINT NOT NULL,
    s3 BIGINT NOT NULL,
    s4 BIGINT NOT NULL,
    s5 BIGINT NOT NULL,
    s6 BIGINT NOT NULL,
    PRIMARY KEY (event, hour)
) WITHOUT ROWID;
CREATE INDEX event_hours_stage ON event_hours (stage, hour) WHERE stage < 3;

CREATE TABLE service_hours (
    service BIGINT NOT NULL,
    hour BIGINT NOT NULL,
    stage BIGINT NOT NULL,
    events BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    s0 BIGINT NOT NULL,
    s1 BIGINT NOT NULL,
    s2 BIGINT NOT NULL,
    s3 BIGINT NOT NULL,
    s4 BIGINT NOT NULL,
    s5 BIGINT NOT NULL,
    s6 BIGINT NOT NULL,
    PRIMARY KEY (service, hour)
) WITHOUT ROWID;
CREATE INDEX service_hours_stage ON service_hours (stage, hour) WHERE stage < 3;

CREATE TABLE account_hours (
    account BIGINT NOT NULL,
    hour BIGINT NOT NULL,
    stage BIGINT NOT NULL,
    events BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    s0 BIGINT NOT NULL,
    s1 BIGINT NOT NULL,
    s2 BIGINT NOT NULL,
    s3 BIGINT NOT NULL,
    s4 BIGINT NOT NULL,
    s5 BIGINT NOT NULL,
    s6 BIGINT NOT NULL,
    PRIMARY KEY (account, hour)
) WITHOUT ROWID;
CREATE INDEX account_hours_stage ON account_hours (stage, hour) WHERE stage < 3;
