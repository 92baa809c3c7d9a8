-- Edges: keys, instances that sync, what they report. Namespace and version are empty where the instance gave none.
-- Of a key only the BLAKE2b hash is kept (64 hexadecimal digits). Stages: 1 log filter, 2 log transform, 4 metric
-- filter, 8 trace sampling. Hours are hours since 1970; labels and resource are JSON objects, errors a JSON array.

CREATE TABLE edge_api_keys (
    row INTEGER PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES accounts (row),
    id BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    key_prefix TEXT NOT NULL,
    key_hash TEXT NOT NULL UNIQUE,
    last_used_at BIGINT,
    revoked_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX edge_api_keys_account ON edge_api_keys (account, name);

CREATE TABLE edge_instances (
    row INTEGER PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES accounts (row),
    id BLOB NOT NULL UNIQUE,
    instance_id TEXT NOT NULL,
    service_name TEXT NOT NULL,
    service_namespace TEXT NOT NULL,
    service_version TEXT NOT NULL,
    labels TEXT NOT NULL,
    resource TEXT NOT NULL,
    successful_hash TEXT NOT NULL,
    response_hash TEXT NOT NULL,
    stages BIGINT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_sync_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX edge_instances_sync ON edge_instances (account, last_sync_at);
CREATE INDEX edge_instances_service ON edge_instances (account, service_name);

-- Sums over the fleet.
CREATE TABLE edge_policy_hours (
    policy BIGINT NOT NULL REFERENCES policies (row) ON DELETE CASCADE,
    hour BIGINT NOT NULL,
    hits BIGINT NOT NULL,
    misses BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    remove_hits BIGINT NOT NULL,
    redact_hits BIGINT NOT NULL,
    rename_hits BIGINT NOT NULL,
    add_hits BIGINT NOT NULL,
    remove_misses BIGINT NOT NULL,
    redact_misses BIGINT NOT NULL,
    rename_misses BIGINT NOT NULL,
    add_misses BIGINT NOT NULL,
    PRIMARY KEY (policy, hour)
) WITHOUT ROWID;

-- The same of each instance, for a week.
CREATE TABLE edge_instance_hours (
    instance BIGINT NOT NULL REFERENCES edge_instances (row) ON DELETE CASCADE,
    hour BIGINT NOT NULL,
    policy BIGINT NOT NULL REFERENCES policies (row) ON DELETE CASCADE,
    hits BIGINT NOT NULL,
    misses BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    remove_hits BIGINT NOT NULL,
    redact_hits BIGINT NOT NULL,
    rename_hits BIGINT NOT NULL,
    add_hits BIGINT NOT NULL,
    remove_misses BIGINT NOT NULL,
    redact_misses BIGINT NOT NULL,
    rename_misses BIGINT NOT NULL,
    add_misses BIGINT NOT NULL,
    last_hit_at BIGINT NOT NULL,
    PRIMARY KEY (instance, hour, policy)
) WITHOUT ROWID;
CREATE INDEX edge_instance_hours_policy ON edge_instance_hours (policy, hour);

-- Errors that an instance reports now of a policy; gone when it no longer does.
CREATE TABLE edge_policy_errors (
    instance BIGINT NOT NULL REFERENCES edge_instances (row) ON DELETE CASCADE,
    policy BIGINT NOT NULL REFERENCES policies (row) ON DELETE CASCADE,
    errors TEXT NOT NULL,
    error_count BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (instance, policy)
) WITHOUT ROWID;
CREATE INDEX edge_policy_errors_policy ON edge_policy_errors (policy);
