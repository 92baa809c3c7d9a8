-- What the records of an event look like, without any of their values: shapes, fields, pairs of equal fields,
-- sensitive data that was recognized. store/field_rows.h says what the coded columns mean. event is log_events.row.

CREATE TABLE event_shapes (
    event BIGINT PRIMARY KEY,
    account BIGINT NOT NULL,
    records BIGINT NOT NULL DEFAULT 0,
    fields_dropped BIGINT NOT NULL DEFAULT 0,
    severity_given BIGINT NOT NULL DEFAULT 0,
    body_text BIGINT NOT NULL DEFAULT 0,
    body_structured BIGINT NOT NULL DEFAULT 0,
    body_bytes BIGINT NOT NULL DEFAULT 0,
    body_max BIGINT NOT NULL DEFAULT 0,
    body_p50 BIGINT NOT NULL DEFAULT 0,
    body_p95 BIGINT NOT NULL DEFAULT 0,
    body_sizes BLOB,
    binary_bodies BIGINT NOT NULL DEFAULT 0,
    truncated_bodies BIGINT NOT NULL DEFAULT 0,
    unparsable_bodies BIGINT NOT NULL DEFAULT 0,
    bots BIGINT NOT NULL DEFAULT 0,
    bots_seen BIGINT NOT NULL DEFAULT 0,
    probes BIGINT NOT NULL DEFAULT 0,
    health_paths BIGINT NOT NULL DEFAULT 0,
    health_ok BIGINT NOT NULL DEFAULT 0,
    placeholder BIGINT NOT NULL DEFAULT 0,
    active_minutes BIGINT NOT NULL DEFAULT 0,
    peak_minute BIGINT NOT NULL DEFAULT 0,
    median_minute BIGINT NOT NULL DEFAULT 0,
    minute_hour BIGINT NOT NULL DEFAULT 0,
    minutes BLOB,
    minute_counts BLOB
);

CREATE TABLE event_fields (
    event BIGINT NOT NULL,
    scope BIGINT NOT NULL,
    path TEXT NOT NULL,
    account BIGINT NOT NULL,
    role BIGINT NOT NULL,
    types BIGINT NOT NULL,
    classes BIGINT NOT NULL,
    magnitudes BIGINT NOT NULL,
    records BIGINT NOT NULL,
    json BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    length_min BIGINT NOT NULL,
    length_max BIGINT NOT NULL,
    length_sum BIGINT NOT NULL,
    length_p50 BIGINT NOT NULL,
    length_p95 BIGINT NOT NULL,
    distinct_values BIGINT NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    lengths BLOB NOT NULL,
    sketch BLOB NOT NULL,
    PRIMARY KEY (event, scope, path)
) WITHOUT ROWID;
CREATE INDEX event_fields_role ON event_fields (account, role) WHERE role > 0;

-- Two fields of one record that should say the same, by their names: how often both were there, how often equal.
CREATE TABLE event_field_pairs (
    event BIGINT NOT NULL,
    scope BIGINT NOT NULL,
    path TEXT NOT NULL,
    other_scope BIGINT NOT NULL,
    other_path TEXT NOT NULL,
    account BIGINT NOT NULL,
    records BIGINT NOT NULL,
    equal BIGINT NOT NULL,
    PRIMARY KEY (event, scope, path, other_scope, other_path)
) WITHOUT ROWID;
CREATE INDEX event_field_pairs_account ON event_field_pairs (account);

CREATE TABLE event_exposures (
    event BIGINT NOT NULL,
    scope BIGINT NOT NULL,
    path TEXT NOT NULL,
    detector TEXT NOT NULL,
    account BIGINT NOT NULL,
    records BIGINT NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    PRIMARY KEY (event, scope, path, detector)
) WITHOUT ROWID;
CREATE INDEX event_exposures_detector ON event_exposures (account, detector);
