-- Whether people may look at live records through a policy. Permission: 0 nobody, 1 masked, 2 also with values shown.
-- What a live preview sees is never stored.

CREATE TABLE policy_tap_settings (
    account BIGINT PRIMARY KEY REFERENCES accounts (row),
    permission BIGINT NOT NULL DEFAULT 0,
    updated_at BIGINT NOT NULL DEFAULT 0
);
