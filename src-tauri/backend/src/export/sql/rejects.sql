-- Rows of the class ?1 in the columns of rejects.csv: as they stand in the file, or their cells with tabs
-- between.
SELECT
    staged_file.name,
    cast(staged_row.line AS TEXT) AS source_row,
    (
        SELECT group_concat(broken.rule, ',')
        FROM (
            SELECT DISTINCT staged_issue.rule
            FROM staged_issue
            WHERE staged_issue.row_id = staged_row.id
            ORDER BY staged_issue.rule
        ) AS broken
    ) AS issues,
    coalesce(staged_raw_line.text, (
        SELECT group_concat(cell.value, char(9))
        FROM json_each(staged_row.raw) AS cell
    )) AS raw_line
FROM staged_row
INNER JOIN staged_file ON staged_row.file_id = staged_file.id
LEFT JOIN staged_raw_line ON staged_row.id = staged_raw_line.row_id
WHERE staged_row.class = ?1 AND ?2 = 1
ORDER BY staged_row.id
