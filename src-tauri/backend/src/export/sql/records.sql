-- Rows of the class ?1 in the columns of master.csv, and the codes of their rules where ?2 is 1.
SELECT
    staged_row.given_name,
    staged_row.middle_name,
    staged_row.family_name,
    staged_row.prefix,
    staged_row.suffix,
    staged_row.preferred_name,
    staged_row.birth_date,
    staged_row.company,
    staged_row.state,
    staged_row.email,
    staged_row.phone,
    staged_row.member_since,
    staged_row.last_active,
    staged_row.score,
    staged_file.source,
    staged_file.name,
    cast(staged_row.line AS TEXT) AS source_row,
    CASE
        WHEN ?2 = 1
            THEN (
                SELECT group_concat(broken.rule, ',')
                FROM (
                    SELECT DISTINCT staged_issue.rule
                    FROM staged_issue
                    WHERE staged_issue.row_id = staged_row.id
                    ORDER BY staged_issue.rule
                ) AS broken
            )
    END AS issues
FROM staged_row
INNER JOIN staged_file ON staged_row.file_id = staged_file.id
WHERE staged_row.class = ?1
ORDER BY staged_row.id
