-- How many rows have each class and fate; rows that the plan leaves alone have none.
SELECT
    staged_row.class,
    staged_fate.fate,
    count(*) AS row_count
FROM staged_row
LEFT JOIN staged_fate ON staged_row.id = staged_fate.row_id
GROUP BY staged_row.class, staged_fate.fate
