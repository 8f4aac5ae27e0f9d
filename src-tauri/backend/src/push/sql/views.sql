-- What a plan and a push look at: temporary, and gone with the connection.

-- files of the import that have rows, and what they are in the target (NULL: not there yet)
CREATE TEMP TABLE plan_file (
    file_id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    club_id INTEGER,
    source_file_id INTEGER
);

-- rows that repeat the key of an earlier row of their source
CREATE TEMP TABLE repeated (
    row_id INTEGER PRIMARY KEY,
    first_id INTEGER NOT NULL
);

-- names of the rules by their code
CREATE TEMP TABLE rule (
    code INTEGER PRIMARY KEY,
    rule_name TEXT NOT NULL
);

-- clean rows as the target would keep them; one without any name cannot be a member
CREATE TEMP VIEW candidate AS
SELECT
    staged_row.id,
    staged_row.file_id,
    staged_row.line,
    staged_row.membership_key,
    staged_row.fingerprint,
    staged_row.prefix,
    staged_row.given_name,
    staged_row.middle_name,
    staged_row.family_name,
    staged_row.suffix,
    staged_row.preferred_name,
    staged_row.birth_date,
    staged_row.company,
    staged_row.state,
    staged_row.email,
    staged_row.phone,
    staged_row.member_since,
    staged_row.last_active,
    staged_row.company_id,
    cast(staged_row.score AS REAL) AS score,
    CASE WHEN staged_row.company IS NULL THEN staged_row.company_id END AS company_source_id
FROM staged.staged_row
WHERE
    staged_row.class = 0
    AND (staged_row.given_name IS NOT NULL OR staged_row.family_name IS NOT NULL);

-- members as they are in the target, one row a membership
CREATE TEMP VIEW present AS
SELECT
    membership.id AS membership_id,
    membership.club_id,
    membership.source_key,
    member.version,
    member.prefix,
    member.given_name,
    member.middle_name,
    member.family_name,
    member.suffix,
    member.preferred_name,
    member.birth_date,
    member.company_source_id,
    member.state,
    member.email,
    member.phone,
    membership.member_since,
    membership.last_active,
    membership.score,
    (SELECT company.name FROM main.company WHERE company.id = member.company_id) AS company
FROM main.membership
INNER JOIN main.member ON membership.member_id = member.id;

-- every row that the target has already, and whether it is the same there
CREATE TEMP VIEW met AS
SELECT
    candidate.id AS row_id,
    present.membership_id,
    present.version,
    (
        candidate.prefix IS NOT DISTINCT FROM present.prefix
        AND candidate.given_name IS NOT DISTINCT FROM present.given_name
        AND candidate.middle_name IS NOT DISTINCT FROM present.middle_name
        AND candidate.family_name IS NOT DISTINCT FROM present.family_name
        AND candidate.suffix IS NOT DISTINCT FROM present.suffix
        AND candidate.preferred_name IS NOT DISTINCT FROM present.preferred_name
        AND candidate.birth_date IS NOT DISTINCT FROM present.birth_date
        AND candidate.company IS NOT DISTINCT FROM present.company
        AND candidate.company_source_id IS NOT DISTINCT FROM present.company_source_id
        AND candidate.state IS NOT DISTINCT FROM present.state
        AND candidate.email IS NOT DISTINCT FROM present.email
        AND candidate.phone IS NOT DISTINCT FROM present.phone
        AND candidate.member_since IS NOT DISTINCT FROM present.member_since
        AND candidate.last_active IS NOT DISTINCT FROM present.last_active
        AND candidate.score IS NOT DISTINCT FROM present.score
    ) AS is_identical
FROM candidate
INNER JOIN plan_file ON candidate.file_id = plan_file.file_id
INNER JOIN present
    ON
        plan_file.club_id = present.club_id
        AND candidate.membership_key = present.source_key;
