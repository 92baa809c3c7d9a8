-- What checks found, and the issues that people work on. A finding is one cause in one service; fingerprint is the hash
-- of check, service and subject. Finding status: pending (too little evidence yet), escalated (it has an issue), suppressed
-- (a person closed or ignored its issue), closed (the cause is gone). Priority: 1 low, 2 medium, 3 high. Rates and costs as
-- in log_events: millionths of an event an hour, thousandths of a byte an hour, micro-dollars a year; save_* is the part
-- that the proposal saves. Nothing here is ever a value of a record.

CREATE TABLE check_settings (
    account BIGINT NOT NULL REFERENCES accounts (row),
    check_id TEXT NOT NULL,
    name TEXT NOT NULL,
    value REAL NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account, check_id, name)
) WITHOUT ROWID;

-- A service as it was when it was last looked at; a service that still looks so is passed over.
CREATE TABLE check_marks (
    service BIGINT PRIMARY KEY,
    account BIGINT NOT NULL,
    events BIGINT NOT NULL,
    week_events BIGINT NOT NULL,
    day_events BIGINT NOT NULL,
    log_events BIGINT NOT NULL,
    cost BIGINT NOT NULL
);

CREATE TABLE findings (
    row INTEGER PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES accounts (row),
    id BLOB NOT NULL UNIQUE,
    service BIGINT NOT NULL REFERENCES services (row),
    check_id TEXT NOT NULL,
    check_version BIGINT NOT NULL,
    fingerprint TEXT NOT NULL,
    subject TEXT NOT NULL,
    basis TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL,
    rate_events BIGINT NOT NULL,
    rate_bytes BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    save_events BIGINT NOT NULL,
    save_bytes BIGINT NOT NULL,
    save_cost BIGINT NOT NULL,
    observed_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    closed_at BIGINT,
    UNIQUE (account, fingerprint)
);
CREATE INDEX findings_service ON findings (service);
CREATE INDEX findings_check ON findings (account, check_id, status);

CREATE TABLE finding_events (
    finding BIGINT NOT NULL REFERENCES findings (row) ON DELETE CASCADE,
    event_id BLOB NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (finding, event_id)
) WITHOUT ROWID;
CREATE INDEX finding_events_event ON finding_events (event_id);

CREATE TABLE finding_fields (
    finding BIGINT NOT NULL REFERENCES findings (row) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    event_id BLOB NOT NULL,
    scope BIGINT NOT NULL,
    path TEXT NOT NULL,
    element TEXT NOT NULL,
    records BIGINT NOT NULL,
    PRIMARY KEY (finding, position)
) WITHOUT ROWID;

CREATE TABLE finding_evidence (
    finding BIGINT NOT NULL REFERENCES findings (row) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    value TEXT NOT NULL,
    provenance TEXT NOT NULL,
    PRIMARY KEY (finding, position)
) WITHOUT ROWID;

CREATE TABLE finding_proposals (
    finding BIGINT NOT NULL REFERENCES findings (row) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    action TEXT NOT NULL,
    risk TEXT NOT NULL,
    event_id BLOB,
    text TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (finding, position)
) WITHOUT ROWID;

CREATE TABLE issues (
    row INTEGER PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES accounts (row),
    id BLOB NOT NULL UNIQUE,
    number BIGINT NOT NULL,
    finding BIGINT NOT NULL UNIQUE REFERENCES findings (row),
    service BIGINT NOT NULL REFERENCES services (row),
    check_id TEXT NOT NULL,
    domain TEXT NOT NULL,
    type TEXT NOT NULL,
    team BIGINT REFERENCES teams (row),
    priority BIGINT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    cause TEXT NOT NULL,
    actionable BIGINT NOT NULL,
    rate_events BIGINT NOT NULL,
    save_cost BIGINT NOT NULL,
    baseline BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    closed_at BIGINT,
    resolution TEXT,
    ignored_at BIGINT,
    note TEXT,
    UNIQUE (account, number)
);
CREATE INDEX issues_service ON issues (service);
CREATE INDEX issues_open ON issues (account, check_id) WHERE closed_at IS NULL AND ignored_at IS NULL;
CREATE INDEX issues_priority ON issues (account, priority);
CREATE INDEX issues_created ON issues (account, created_at);
CREATE INDEX issues_updated ON issues (account, updated_at);
CREATE INDEX issues_saving ON issues (account, save_cost);

-- What happened to an issue, oldest first.
CREATE TABLE issue_history (
    row INTEGER PRIMARY KEY,
    issue BIGINT NOT NULL REFERENCES issues (row) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX issue_history_issue ON issue_history (issue);
