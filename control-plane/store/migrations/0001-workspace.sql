-- Organizations, accounts, teams, the audit log. Times are nanoseconds since 1970 UTC, ids 16 bytes of a UUID,
-- money micro-dollars. Row numbers never leave the store: they order rows of equal value and join tables.

CREATE TABLE organizations (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX organizations_created ON organizations (created_at);
CREATE INDEX organizations_updated ON organizations (updated_at);

CREATE TABLE accounts (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    organization BIGINT NOT NULL REFERENCES organizations (row),
    name TEXT NOT NULL,
    display_key TEXT,
    price_gb BIGINT NOT NULL DEFAULT 100000,
    price_million BIGINT NOT NULL DEFAULT 1700000,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    events BIGINT NOT NULL DEFAULT 0,
    bytes BIGINT NOT NULL DEFAULT 0,
    day_events BIGINT NOT NULL DEFAULT 0,
    day_bytes BIGINT NOT NULL DEFAULT 0,
    week_events BIGINT NOT NULL DEFAULT 0,
    week_bytes BIGINT NOT NULL DEFAULT 0,
    month_events BIGINT NOT NULL DEFAULT 0,
    month_bytes BIGINT NOT NULL DEFAULT 0,
    first_seen BIGINT,
    last_seen BIGINT,
    rate_events BIGINT NOT NULL DEFAULT 0,
    rate_bytes BIGINT NOT NULL DEFAULT 0,
    cost BIGINT NOT NULL DEFAULT 0,
    services BIGINT NOT NULL DEFAULT 0,
    services_disabled BIGINT NOT NULL DEFAULT 0,
    reprice BIGINT,
    UNIQUE (organization, name)
);
CREATE INDEX accounts_created ON accounts (created_at);
CREATE INDEX accounts_updated ON accounts (updated_at);

CREATE TABLE teams (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    organization BIGINT NOT NULL REFERENCES organizations (row),
    name TEXT NOT NULL,
    description TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (organization, name)
);

CREATE TABLE team_members (
    team BIGINT NOT NULL REFERENCES teams (row) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (team, user_id)
);
CREATE INDEX team_members_user ON team_members (user_id);

CREATE TABLE audit_log (
    row INTEGER PRIMARY KEY,
    at BIGINT NOT NULL,
    account BIGINT NOT NULL REFERENCES accounts (row),
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id BLOB NOT NULL,
    before TEXT,
    after TEXT
);
CREATE INDEX audit_log_object ON audit_log (object_id);
