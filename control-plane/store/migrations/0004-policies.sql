-- Policies, their versions, what people decided about them. State: 0 draft, 1 proposed, 2 approved, 3 active, 4 disabled,
-- 5 superseded. resting is the state that a rejected edit falls back to. Edges get approved_version where the state
-- is active, or proposed and resting active. Risk: 0 not judged, 1 low, 2 medium, 3 high. Source: 0 manual, 1 log
-- event, 2 Datadog exclusion filter. Hashes are 64 hexadecimal digits over a version's canonical content.

CREATE TABLE policy_settings (
    account BIGINT PRIMARY KEY REFERENCES accounts (row),
    four_eyes BIGINT NOT NULL DEFAULT 0,
    next_number BIGINT NOT NULL DEFAULT 1,
    updated_at BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE policies (
    row INTEGER PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES accounts (row),
    id BLOB NOT NULL UNIQUE,
    number BIGINT NOT NULL,
    wire_id TEXT NOT NULL,
    name TEXT NOT NULL,
    state BIGINT NOT NULL,
    resting BIGINT NOT NULL,
    version BIGINT NOT NULL,
    last_version BIGINT NOT NULL,
    approved_version BIGINT NOT NULL DEFAULT 0,
    hash TEXT NOT NULL,
    stages BIGINT NOT NULL,
    action TEXT NOT NULL,
    source BIGINT NOT NULL,
    category TEXT,
    risk BIGINT NOT NULL DEFAULT 0,
    issue BLOB,
    log_event BLOB,
    supersedes BLOB,
    requester TEXT NOT NULL,
    compiled_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (account, number),
    UNIQUE (account, wire_id)
);
CREATE INDEX policies_state ON policies (account, state);
CREATE INDEX policies_name ON policies (account, name);
CREATE INDEX policies_created ON policies (account, created_at);
CREATE INDEX policies_updated ON policies (account, updated_at);
CREATE INDEX policies_issue ON policies (issue) WHERE issue IS NOT NULL;
CREATE INDEX policies_log_event ON policies (log_event) WHERE log_event IS NOT NULL;
CREATE INDEX policies_force ON policies (account, wire_id) WHERE state = 3 OR (state = 1 AND resting = 3);

CREATE TABLE policy_versions (
    policy BIGINT NOT NULL REFERENCES policies (row) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    text TEXT NOT NULL,
    hash TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (policy, version)
) WITHOUT ROWID;

-- What happened to a policy, oldest first. The hash is that of the payload it happened to.
CREATE TABLE policy_decisions (
    row INTEGER PRIMARY KEY,
    policy BIGINT NOT NULL REFERENCES policies (row) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    hash TEXT NOT NULL,
    approved BIGINT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX policy_decisions_policy ON policy_decisions (policy, hash);
