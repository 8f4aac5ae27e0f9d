//! Statistics as tables of text, ready to be written as CSV.

use serde::{Deserialize, Serialize};

use super::{Group, Statistics};

/// Name of the table of pairs of clubs, the only one with a column a club.
const PAIRS: &str = "club_pairs";

/// A table. Its cells are plain text: write them with [`crate::write::csv::encode_row`], which lets no formula live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Table {
    /// A name for a file or a sheet: `members_by_state`
    pub name: String,
    /// Names of the columns
    pub header: Vec<String>,
    /// Rows, each as wide as the header; an empty cell is missing
    pub rows: Vec<Vec<String>>,
}

impl Statistics {
    /// All statistics as tables, in a fixed order.
    pub fn tables(&self) -> Vec<Table> {
        vec![
            self.groups("members_by_state", "state", &self.by_state),
            self.groups("members_by_company", "company", &self.by_company),
            self.groups("members_by_age", "age", &self.by_age),
            self.groups("members_by_club", "club", &self.by_club),
            self.groups("members_by_tenure", "tenure", &self.by_tenure),
            self.combinations(),
            self.pairs(),
        ]
    }

    /// All statistics as one table, a count a row, which can be put below that of another day: which table of
    /// [`Statistics::tables`] it is of, the group, for pairs of clubs the other club, the members and their share of all.
    pub fn long_table(&self) -> Table {
        let mut rows = Vec::new();
        for table in self.tables() {
            let pairs = table.name == PAIRS;
            for row in &table.rows {
                let Some((group, cells)) = row.split_first() else { continue };
                if pairs {
                    let counts = table.header.iter().skip(1).zip(cells);
                    rows.extend(counts.map(|(other, members)| {
                        let share = self.share(members.parse().unwrap_or_default());
                        vec![table.name.clone(), group.clone(), other.clone(), members.clone(), share]
                    }));
                } else if let [.., members, share] = cells {
                    let (name, group) = (table.name.clone(), group.clone());
                    rows.push(vec![name, group, String::new(), members.clone(), share.clone()]);
                }
            }
        }
        let header = ["statistic", "group", "other_club", "members", "share"].map(str::to_owned).to_vec();
        table("statistics", header, rows)
    }

    fn groups(&self, name: &str, column: &str, groups: &[Group]) -> Table {
        let row = |group: &Group| {
            let label = group.name.clone().unwrap_or_default();
            vec![label, group.members.to_string(), self.share(group.members)]
        };
        table(
            name,
            [column, "members", "share"].map(str::to_owned).to_vec(),
            groups.iter().map(row).collect(),
        )
    }

    fn combinations(&self) -> Table {
        let row = |known: &super::Combination| {
            let (clubs, number) = (known.clubs.join(" + "), known.clubs.len().to_string());
            vec![clubs, number, known.members.to_string(), self.share(known.members)]
        };
        let rows = self.overlap.combinations.iter().map(row).collect();
        table(
            "club_combinations",
            ["clubs", "number_of_clubs", "members", "share"].map(str::to_owned).to_vec(),
            rows,
        )
    }

    fn pairs(&self) -> Table {
        let overlap = &self.overlap;
        let header = std::iter::once("club".to_owned()).chain(overlap.clubs.iter().cloned()).collect();
        let row = |(club, counts): (&String, &Vec<u32>)| {
            std::iter::once(club.clone()).chain(counts.iter().map(u32::to_string)).collect()
        };
        table(PAIRS, header, overlap.clubs.iter().zip(&overlap.pairs).map(row).collect())
    }

    /// The share of all members, with four decimals.
    fn share(&self, members: u32) -> String {
        match self.members {
            0 => String::new(),
            all => format!("{:.4}", f64::from(members) / f64::from(all)),
        }
    }
}

fn table(name: &str, header: Vec<String>, rows: Vec<Vec<String>>) -> Table {
    Table { name: name.to_owned(), header, rows }
}
