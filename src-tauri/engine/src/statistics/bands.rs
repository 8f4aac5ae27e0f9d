//! Bands of completed years: ages and tenures.

use serde::{Deserialize, Serialize};

use crate::date::{Date, PartialDate};

/// Bands by their first years, each up to the year before the next; the last has no end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct Bands(Vec<u32>);

impl Bands {
    /// Bands that begin at these years, in whatever order; there is always one that begins at 0.
    pub fn new(starts: impl IntoIterator<Item = u32>) -> Bands {
        let mut starts: Vec<u32> = starts.into_iter().chain([0]).collect();
        starts.sort_unstable();
        starts.dedup();
        Bands(starts)
    }

    /// Under 18, 18–24, then tens of years, 75 and over.
    pub fn of_ages() -> Bands {
        Bands::new([0, 18, 25, 35, 45, 55, 65, 75])
    }

    /// Under 1 year, 1–2, 3–4, 5–9, 10–19, 20 and over.
    pub fn of_tenures() -> Bands {
        Bands::new([0, 1, 3, 5, 10, 20])
    }

    /// How many bands.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Which band a number of years is in.
    pub(super) fn position(&self, years: u32) -> usize {
        self.0.partition_point(|&start| start <= years).saturating_sub(1)
    }

    /// `under 18`, `18–24`, `75 and over`.
    pub(super) fn label(&self, position: usize) -> String {
        let starts = &self.0;
        let start = starts.get(position).copied().unwrap_or_default();
        match starts.get(position + 1) {
            None if start == 0 => "all".to_owned(),
            None => format!("{start} and over"),
            Some(next) if start == 0 => format!("under {next}"),
            Some(next) if next - start == 1 => start.to_string(),
            Some(next) => format!("{start}–{}", next - 1),
        }
    }
}

impl<'de> Deserialize<'de> for Bands {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Bands::new)
    }
}

/// Completed years from an ISO 8601 date to another one; a reduced date counts from its first day. `None` where it is no
/// date, or lies after `as_of`.
pub fn completed_years(from: &str, as_of: Date) -> Option<u32> {
    let from = PartialDate::parse_iso(from)?.earliest()?;
    let not_yet = (as_of.month(), as_of.day()) < (from.month(), from.day());
    let years = i32::from(as_of.year()) - i32::from(from.year()) - i32::from(not_yet);
    u32::try_from(years).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_have_names_and_places() {
        let bands = Bands::new([65, 18, 19, 18]);
        let labels: Vec<String> = (0..bands.len()).map(|position| bands.label(position)).collect();
        assert_eq!(labels, ["under 18", "18", "19–64", "65 and over"]);
        assert_eq!([0, 17, 18, 19, 64, 65, 120].map(|years| bands.position(years)), [0, 0, 1, 2, 2, 3, 3]);
        assert_eq!(serde_json::from_str::<Bands>("[65,19,18]").unwrap(), bands);
        assert_eq!((Bands::new([]).len(), Bands::new([]).label(0)), (1, "all".to_owned()));
    }

    #[test]
    fn years_are_completed_on_the_birthday() {
        let on = |text: &str| PartialDate::parse_iso(text).unwrap().earliest().unwrap();
        assert_eq!(completed_years("1971-03-14", on("2026-03-13")), Some(54));
        assert_eq!(completed_years("1971-03-14", on("2026-03-14")), Some(55));
        // 29 February is reached on 1 March.
        assert_eq!(completed_years("2000-02-29", on("2026-02-28")), Some(25));
        assert_eq!(completed_years("2000-02-29", on("2026-03-01")), Some(26));
        assert_eq!(completed_years("2013", on("2026-01-01")), Some(13));
        assert_eq!(completed_years("2026-03-15", on("2026-03-14")), None);
        assert_eq!(completed_years("soon", on("2026-03-14")), None);
    }
}
