//! Titles and honorifics before a name.

use crate::standardise::lexicon::{Dictionary, dictionary};

/// How surely a word before a name is a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Always, also at the end of the given names in lists (`Smith, John Mr.`)
    Address,
    /// Always
    Sure,
    /// It may be a given or family name too (Major Smith), so it needs two names after it, or a dot
    Doubtful,
}

/// A title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Title {
    /// The usual form, with its dot
    pub(super) usual: &'static str,
    pub(super) kind: Kind,
    /// It goes with a given name alone: Sir Elton, Sister Mary (nameparser's `FIRST_NAME_TITLES`)
    pub(super) of_given: bool,
}

const fn address(usual: &'static str) -> Title {
    Title { usual, kind: Kind::Address, of_given: false }
}

const fn sure(usual: &'static str) -> Title {
    Title { usual, kind: Kind::Sure, of_given: false }
}

const fn doubtful(usual: &'static str) -> Title {
    Title { usual, kind: Kind::Doubtful, of_given: false }
}

const fn of_given(usual: &'static str, kind: Kind) -> Title {
    Title { usual, kind, of_given: true }
}

/// After nameparser's list of titles, without those that are given names more often (Dean, Duke, Earl, King, Prince,
/// Marshal, Justice, Don, Baron) and without offices that nobody puts before a name in a list of members.
const TITLES: Dictionary<Title, 512> = dictionary! {
    "mr" => address("Mr."), "mister" => address("Mr."), "mrs" => address("Mrs."), "ms" => address("Ms."),
    "miss" => address("Miss"), "mx" => address("Mx."), "messrs" => address("Messrs."), "mssrs" => address("Messrs."),
    "dr" => address("Dr."), "drs" => address("Drs."), "doctor" => address("Dr."), "prof" => address("Prof."),
    "professor" => address("Prof."), "rev" => address("Rev."), "revd" => address("Rev."),
    "reverend" => address("Rev."), "hon" => address("Hon."), "honorable" => address("Hon."),
    "honourable" => address("Hon."), "fr" => sure("Fr."), "msgr" => sure("Msgr."), "monsignor" => sure("Msgr."),
    "mme" => address("Mme"), "mlle" => address("Mlle"), "monsieur" => sure("M."), "madame" => doubtful("Mme"),
    "madam" => doubtful("Madam"), "mstr" => sure("Master"), "master" => doubtful("Master"), "herr" => sure("Herr"),
    "frau" => sure("Frau"), "sra" => sure("Sra."), "srta" => sure("Srta."), "senor" => sure("Sr."),
    "sr" => sure("Sr."), "senora" => sure("Sra."), "senorita" => sure("Srta."), "sig" => doubtful("Sig."),
    "sir" => of_given("Sir", Kind::Sure), "dame" => of_given("Dame", Kind::Sure), "lord" => doubtful("Lord"),
    "lady" => doubtful("Lady"), "sister" => of_given("Sister", Kind::Doubtful),
    "brother" => of_given("Brother", Kind::Doubtful), "father" => of_given("Father", Kind::Doubtful),
    "mother" => of_given("Mother", Kind::Doubtful), "bro" => doubtful("Bro."), "rabbi" => doubtful("Rabbi"),
    "imam" => doubtful("Imam"), "sheikh" => of_given("Sheikh", Kind::Doubtful), "pastor" => doubtful("Pastor"),
    "deacon" => doubtful("Deacon"), "dcn" => sure("Dcn."), "elder" => doubtful("Elder"),
    "bishop" => doubtful("Bishop"), "archbishop" => sure("Archbishop"), "cantor" => doubtful("Cantor"),
    "judge" => doubtful("Judge"), "atty" => sure("Atty."), "attorney" => sure("Atty."),
    "amb" => doubtful("Amb."), "ambassador" => sure("Amb."), "gov" => doubtful("Gov."), "governor" => sure("Gov."),
    "sen" => doubtful("Sen."), "senator" => sure("Sen."), "rep" => doubtful("Rep."),
    "representative" => sure("Rep."), "congressman" => sure("Congressman"), "congresswoman" => sure("Congresswoman"),
    "councilman" => sure("Councilman"), "councilwoman" => sure("Councilwoman"), "pres" => sure("Pres."),
    "president" => sure("Pres."), "chancellor" => doubtful("Chancellor"), "mayor" => doubtful("Mayor"),
    "coach" => doubtful("Coach"), "chief" => doubtful("Chief"), "officer" => doubtful("Officer"),
    "ofc" => sure("Ofc."), "det" => doubtful("Det."), "detective" => sure("Det."), "insp" => sure("Insp."),
    "inspector" => sure("Insp."), "supt" => sure("Supt."), "gen" => doubtful("Gen."), "general" => doubtful("Gen."),
    "maj" => doubtful("Maj."), "major" => doubtful("Maj."), "brig" => doubtful("Brig."),
    "brigadier" => sure("Brig."), "col" => sure("Col."), "colonel" => doubtful("Col."), "lt" => sure("Lt."),
    "lieut" => sure("Lt."), "lieutenant" => sure("Lt."), "ltc" => sure("LTC"), "ltcol" => sure("Lt. Col."),
    "ltg" => sure("LTG"), "ltjg" => sure("LTJG"), "capt" => sure("Capt."), "cpt" => sure("CPT"),
    "captain" => doubtful("Capt."), "sgt" => sure("Sgt."), "sergeant" => doubtful("Sgt."), "ssgt" => sure("SSgt."),
    "ssg" => sure("SSG"), "sfc" => sure("SFC"), "msgt" => sure("MSgt."), "tsgt" => sure("TSgt."),
    "csm" => sure("CSM"), "cpl" => sure("Cpl."), "corporal" => sure("Cpl."), "pvt" => sure("Pvt."),
    "pfc" => sure("PFC"), "spc" => sure("SPC"), "adm" => sure("Adm."), "admiral" => sure("Adm."),
    "cmdr" => sure("Cmdr."), "cdr" => sure("CDR"), "lcdr" => sure("LCDR"), "commander" => doubtful("Cmdr."),
    "ens" => doubtful("Ens."), "ensign" => doubtful("Ens."), "cwo" => sure("CWO"), "commodore" => doubtful("Commodore"),
    "engr" => sure("Engr."), "ing" => doubtful("Ing."), "arch" => doubtful("Arch."),
};

/// Words that stand before another title only: The Hon., 1st Lt., Staff Sgt.
const BEFORE_TITLES: Dictionary<&str, 32> = dictionary! {
    "the" => "The", "1st" => "1st", "2nd" => "2nd", "first" => "First", "second" => "Second", "staff" => "Staff",
    "vice" => "Vice", "rear" => "Rear", "right" => "Right", "rt" => "Rt.", "very" => "Very", "most" => "Most",
};

/// The title that a word is, with a dot at its end or without; `M.S.` and `J.R.` are initials.
#[inline]
pub(super) fn find(word: &str) -> Option<&'static Title> {
    let bytes = word.as_bytes();
    TITLES.get(bytes.strip_suffix(b".").unwrap_or(bytes))
}

/// The usual form of a word that stands before other titles only.
pub(super) fn find_before_titles(word: &str) -> Option<&'static str> {
    BEFORE_TITLES.get(word.strip_suffix('.').unwrap_or(word).as_bytes()).copied()
}

/// Whether the word joins two titles: Mr. and Mrs.
pub(super) fn joins(word: &str) -> bool {
    word == "&" || word == "+" || word.eq_ignore_ascii_case("and")
}
