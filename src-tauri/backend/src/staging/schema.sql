-- What an import's rows became: derived from the raw files and the recipe, thrown away and rebuilt at will.

CREATE TABLE IF NOT EXISTS staged_file (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    -- JSON array of the column headers
    header TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS staged_row (
    -- from 1, over all files of the import in their order
    id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL,
    -- line of the text file or row of the sheet; the header counts
    line INTEGER NOT NULL,
    -- 0 clean, 1 suspect, 2 rejected, 3 excluded
    class INTEGER NOT NULL,
    -- the club's member number, or a hash of club, name parts and birth date
    membership_key TEXT NOT NULL,
    raw_hash INTEGER NOT NULL,
    fingerprint BLOB NOT NULL,
    occurrence INTEGER NOT NULL DEFAULT 0,
    prefix TEXT,
    given_name TEXT,
    middle_name TEXT,
    family_name TEXT,
    suffix TEXT,
    preferred_name TEXT,
    birth_date TEXT,
    company TEXT,
    state TEXT,
    email TEXT,
    phone TEXT,
    member_since TEXT,
    last_active TEXT,
    score TEXT,
    source_key TEXT,
    -- the company's id in the source, where the file gave one
    company_id TEXT,
    -- JSON object of the texts that could not be understood, by field; their columns are null
    unread TEXT,
    -- one character a field: . as read, c changed by a rule, e edited, w warning, x error
    marks TEXT NOT NULL,
    -- JSON array of the raw cells
    raw TEXT NOT NULL
);

-- counts by class without reading the rows
CREATE INDEX IF NOT EXISTS staged_row_class ON staged_row (class);

-- few rows have unread cells: facets and search look at them apart
CREATE INDEX IF NOT EXISTS staged_row_unread ON staged_row (id) WHERE unread IS NOT NULL;

CREATE TABLE IF NOT EXISTS staged_issue (
    rule INTEGER NOT NULL,
    row_id INTEGER NOT NULL,
    -- index of the field, -1 for the whole row
    field INTEGER NOT NULL,
    -- 0 error, 1 warning, 2 info
    level INTEGER NOT NULL,
    PRIMARY KEY (row_id, rule, field)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS staged_issue_rule ON staged_issue (rule, row_id, level, field);

-- which operation changed which row: dropping an operation rebuilds just these
CREATE TABLE IF NOT EXISTS staged_touch (
    operation_id INTEGER NOT NULL,
    row_id INTEGER NOT NULL,
    PRIMARY KEY (row_id, operation_id)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS staged_touch_operation ON staged_touch (operation_id);

-- rows as they stand in the file, for those that a reader or a rule refused
CREATE TABLE IF NOT EXISTS staged_raw_line (
    row_id INTEGER PRIMARY KEY,
    text TEXT NOT NULL
);

-- the plan: every row's fate in the target
CREATE TABLE IF NOT EXISTS staged_fate (
    row_id INTEGER PRIMARY KEY,
    -- 0 insert, 1 skip identical, 2 skip different, 3 reject, 4 update, 5 conflict
    fate INTEGER NOT NULL,
    -- the membership in the target that has the key, its member, and the ledger's entry that last wrote them
    membership_id INTEGER,
    member_id INTEGER,
    version INTEGER,
    -- the row of this import that has the key already
    same_key_row_id INTEGER,
    -- of a new membership: the row whose person it is of; the member is new with that row, unless member_id
    -- names one
    lead_row_id INTEGER,
    -- 1 on the one row with whose details a member who is there is written
    writes_member INTEGER NOT NULL DEFAULT 0,
    -- the details there, where they differ, and what an update makes of them: JSON objects
    theirs TEXT,
    final TEXT
);

-- memberships of the target that the lists do not have any more
CREATE TABLE IF NOT EXISTS staged_removal (
    membership_id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    source TEXT NOT NULL,
    -- the details there: a JSON object
    theirs TEXT NOT NULL
);

-- members of the target who become one with the push
CREATE TABLE IF NOT EXISTS staged_merge (
    -- who goes, and the ledger's entry that last wrote them
    merged_id INTEGER PRIMARY KEY,
    merged_version INTEGER NOT NULL,
    -- who stays
    member_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    -- JSON array: names of the fields of who stays that come from who goes
    fields TEXT NOT NULL,
    -- what who stays becomes, apart from what the lists say: a JSON object, once for each of those
    final TEXT
);

CREATE TABLE IF NOT EXISTS staged_state (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- PEOPLE: who is who, as matching and people's decisions have it (backend/src/people, docs/PEOPLE.md). All
-- of it is empty until matching has run, and is written in one transaction; `people` in staged_state says
-- for what.
--
-- What a push reads: staged_person, staged_member and staged_member_merge.
--
-- A record of matching is a clean row, by its id, or a member of the target, by a number after that of the
-- last row.

-- The person of clean rows. A row that is not listed is a person of its own, whom the target does not have.
CREATE TABLE IF NOT EXISTS staged_person (
    row_id INTEGER PRIMARY KEY,
    -- the least row of the person; the same for all their rows
    person INTEGER NOT NULL,
    -- the row whose insert makes the member: the person's first row. The other rows add memberships to that
    -- member; rows with the same club and key as an earlier one add nothing
    lead_row_id INTEGER NOT NULL,
    -- the member of the target who the person is; NULL: the target does not have them
    member_id INTEGER
);

CREATE INDEX IF NOT EXISTS staged_person_person ON staged_person (person, row_id);

-- The values of persons with several records (rows, or a row and a member whose values differ), resolved by
-- the survivorship rules and by people's decisions. A person who is not listed has the values of their one
-- row.
CREATE TABLE IF NOT EXISTS staged_member (
    -- as in staged_person
    person INTEGER PRIMARY KEY,
    -- the member of the target who the person is
    member_id INTEGER,
    -- version that the member had when it was compared
    version INTEGER,
    prefix TEXT,
    given_name TEXT,
    middle_name TEXT,
    family_name TEXT,
    suffix TEXT,
    preferred_name TEXT,
    birth_date TEXT,
    -- NULL also where the company is open: then push nothing for it, or leave the target's
    company TEXT,
    state TEXT,
    email TEXT,
    phone TEXT,
    -- the company's id in the source that gave it
    company_source_id TEXT,
    -- fields that a person has to settle: bit n is field n. Their columns are NULL
    open INTEGER NOT NULL,
    -- JSON array, one object a membership of the import's clubs: source, source_key, row_id (the first that
    -- has it), member_since, last_active, score
    memberships TEXT NOT NULL,
    -- JSON object: from, a list of {"file": name, "line": number} | {"member": id} | {"person": who,
    -- "decided": when}; why, a list of reasons in words; fields, by name the places in both lists
    provenance TEXT NOT NULL
);

-- Members of the target whom a person said to be the same as staged_member.member_id: to be merged into
-- that one.
CREATE TABLE IF NOT EXISTS staged_member_merge (
    member_id INTEGER PRIMARY KEY,
    person INTEGER NOT NULL,
    into_member_id INTEGER NOT NULL
);

-- Members of the target that were compared.
CREATE TABLE IF NOT EXISTS staged_match_member (
    record INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL UNIQUE,
    -- 0: rows of the lists have all of its keys and values, and are compared instead
    compared INTEGER NOT NULL,
    version INTEGER NOT NULL,
    prefix TEXT,
    given_name TEXT,
    middle_name TEXT,
    family_name TEXT,
    suffix TEXT,
    preferred_name TEXT,
    birth_date TEXT,
    company TEXT,
    state TEXT,
    email TEXT,
    phone TEXT,
    company_source_id TEXT,
    -- fields that a person typed there: bit n is field n
    by_person INTEGER NOT NULL,
    -- JSON object by field: when a list or an edit by hand last changed it, and which of them; NULL: none did
    changes TEXT
);

CREATE TABLE IF NOT EXISTS staged_match_membership (
    record INTEGER NOT NULL,
    club TEXT NOT NULL,
    source_key TEXT NOT NULL,
    member_since TEXT,
    last_active TEXT,
    score TEXT,
    PRIMARY KEY (source_key, club)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS staged_match_membership_record ON staged_match_membership (record);

-- Clean rows whose key the target has, with the same values: they stand for that member, who is not
-- compared again.
CREATE TABLE IF NOT EXISTS staged_tie (
    row_id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL
);

CREATE INDEX IF NOT EXISTS staged_tie_member ON staged_tie (member_id);

-- Pairs with some likeness, the lesser record first.
CREATE TABLE IF NOT EXISTS staged_pair (
    a INTEGER NOT NULL,
    b INTEGER NOT NULL,
    -- evidence in bits
    weight REAL NOT NULL,
    -- 1: one club lists them under one key
    same_key INTEGER NOT NULL,
    PRIMARY KEY (a, b)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS staged_pair_b ON staged_pair (b, a);

-- How many pairs have a weight, in hundredths of a bit.
CREATE TABLE IF NOT EXISTS staged_pair_count (
    bucket INTEGER PRIMARY KEY,
    pairs INTEGER NOT NULL
);

-- Records that a person may want to look at together.
CREATE TABLE IF NOT EXISTS staged_group (
    id INTEGER PRIMARY KEY,
    -- 0 to review, 1 conflict, 2 changed, 3 found by matching, 4 decided
    kind INTEGER NOT NULL,
    -- the order of the queue, least first
    place REAL NOT NULL,
    -- the pair that the group hangs on, and its evidence in bits; NULL where there is none
    link_a INTEGER,
    link_b INTEGER,
    weight REAL,
    records INTEGER NOT NULL,
    -- fields on which the records disagree, and those that a person has to settle: bit n is field n
    fields INTEGER NOT NULL,
    open INTEGER NOT NULL,
    company_between_clubs INTEGER NOT NULL,
    -- 1: a bulk merge may take it
    conflict_free INTEGER NOT NULL,
    -- how often it was put off
    later INTEGER NOT NULL DEFAULT 0,
    -- names and keys of the records in small letters, for the search
    words TEXT NOT NULL
);

CREATE INDEX IF NOT EXISTS staged_group_queue ON staged_group (kind, later, place, id);

CREATE TABLE IF NOT EXISTS staged_group_record (
    group_id INTEGER NOT NULL,
    record INTEGER NOT NULL,
    -- the person as things stand
    person INTEGER NOT NULL,
    -- clubs, each between line feeds
    clubs TEXT NOT NULL,
    PRIMARY KEY (group_id, record)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS staged_group_record_record ON staged_group_record (record);

-- Rows that changed since matching ran.
CREATE TABLE IF NOT EXISTS staged_rematch (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    row_id INTEGER NOT NULL
);
