-- Why a change was made, in a column of its own. in_force_at: since when a policy is in force, whichever version of it.

ALTER TABLE audit_log ADD COLUMN reason TEXT;
UPDATE audit_log SET reason = json_extract(after, '$.reason'), after = json_remove(after, '$.reason')
WHERE json_valid(after) AND json_extract(after, '$.reason') IS NOT NULL;
CREATE INDEX audit_log_at ON audit_log (account, at);

ALTER TABLE policies ADD COLUMN in_force_at BIGINT;
UPDATE policies SET in_force_at = COALESCE(
    (SELECT MAX(d.at) FROM policy_decisions d WHERE d.policy = policies.row AND d.approved = 1), updated_at)
WHERE approved_version > 0 AND (state = 3 OR (state = 1 AND resting = 3));

-- When a service was looked at last.
ALTER TABLE check_marks ADD COLUMN looked_at BIGINT;

-- published_at: when the approved content in force was published; carried_at: when an edge that can carry it out first said
-- that it had applied it.
ALTER TABLE policies ADD COLUMN published_at BIGINT;
ALTER TABLE policies ADD COLUMN carried_at BIGINT;
UPDATE policies SET published_at = in_force_at;
CREATE INDEX policies_uncarried ON policies (account, published_at) WHERE published_at IS NOT NULL AND carried_at IS NULL;
