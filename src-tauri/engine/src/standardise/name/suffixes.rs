//! Generational suffixes and degrees after a name.

use crate::standardise::lexicon::{Dictionary, dictionary};

/// How surely a word after a name is a suffix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Jr., Sr., 3rd: always
    Generation,
    /// Junior and Senior written out: names in Brazil and elsewhere, so two names stand before them
    GenerationWord,
    /// II, III, IV
    Roman,
    /// I, V and VI, which are initials or names as well
    ShortRoman,
    /// MD, PhD: always
    Degree,
    /// JD, MS: also initials; two names stand before them
    Initials,
    /// MA, DO: also family names (Yo-Yo Ma); in capitals or with dots, after two names, in text that has small letters
    Surname,
}

/// A suffix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Suffix {
    pub(super) usual: &'static str,
    pub(super) kind: Kind,
}

impl Suffix {
    /// Whether it says which generation, and so stands before degrees.
    pub(super) fn is_generation(self) -> bool {
        matches!(self.kind, Kind::Generation | Kind::GenerationWord | Kind::Roman | Kind::ShortRoman)
    }
}

const fn generation(usual: &'static str) -> Suffix {
    Suffix { usual, kind: Kind::Generation }
}

const fn word(usual: &'static str) -> Suffix {
    Suffix { usual, kind: Kind::GenerationWord }
}

const fn roman(usual: &'static str) -> Suffix {
    Suffix { usual, kind: Kind::Roman }
}

const fn short(usual: &'static str) -> Suffix {
    Suffix { usual, kind: Kind::ShortRoman }
}

const fn degree(usual: &'static str) -> Suffix {
    Suffix { usual, kind: Kind::Degree }
}

const fn initials(usual: &'static str) -> Suffix {
    Suffix { usual, kind: Kind::Initials }
}

const fn surname(usual: &'static str) -> Suffix {
    Suffix { usual, kind: Kind::Surname }
}

/// After nameparser's and probablepeople's lists, those that members of American clubs carry.
const SUFFIXES: Dictionary<Suffix, 512> = dictionary! {
    "jr" => generation("Jr."), "jnr" => generation("Jr."), "sr" => generation("Sr."), "snr" => generation("Sr."),
    "2nd" => generation("II"), "3rd" => generation("III"), "4th" => generation("IV"), "5th" => generation("V"),
    "junior" => word("Jr."), "senior" => word("Sr."),
    "ii" => roman("II"), "iii" => roman("III"), "iv" => roman("IV"), "vii" => roman("VII"), "viii" => roman("VIII"),
    "i" => short("I"), "v" => short("V"), "vi" => short("VI"),
    "md" => degree("MD"), "phd" => degree("PhD"), "dphil" => degree("DPhil"), "dds" => degree("DDS"),
    "dmd" => degree("DMD"), "dvm" => degree("DVM"), "vmd" => degree("VMD"), "mbbs" => degree("MBBS"),
    "pharmd" => degree("PharmD"), "psyd" => degree("PsyD"), "edd" => degree("EdD"), "eds" => degree("EdS"),
    "scd" => degree("ScD"), "dsc" => degree("DSc"), "dba" => degree("DBA"), "dnp" => degree("DNP"),
    "dpt" => degree("DPT"), "dpm" => degree("DPM"), "dmin" => degree("DMin"), "drph" => degree("DrPH"),
    "esq" => degree("Esq."), "esquire" => degree("Esq."), "llb" => degree("LLB"), "llm" => degree("LLM"),
    "lld" => degree("LLD"), "mba" => degree("MBA"), "mph" => degree("MPH"), "mpa" => degree("MPA"),
    "mfa" => degree("MFA"), "msw" => degree("MSW"), "mdiv" => degree("MDiv"), "msc" => degree("MSc"),
    "msn" => degree("MSN"), "mha" => degree("MHA"), "mphil" => degree("MPhil"), "bsc" => degree("BSc"),
    "bsn" => degree("BSN"), "bba" => degree("BBA"), "bfa" => degree("BFA"), "cpa" => degree("CPA"),
    "cfa" => degree("CFA"), "cfp" => degree("CFP"), "chfc" => degree("ChFC"), "clu" => degree("CLU"),
    "cpcu" => degree("CPCU"), "cissp" => degree("CISSP"), "pmp" => degree("PMP"), "phr" => degree("PHR"),
    "sphr" => degree("SPHR"), "rn" => degree("RN"), "lpn" => degree("LPN"), "lvn" => degree("LVN"),
    "cna" => degree("CNA"), "cnm" => degree("CNM"), "crna" => degree("CRNA"), "aprn" => degree("APRN"),
    "arnp" => degree("ARNP"), "fnp" => degree("FNP"), "rph" => degree("RPh"), "rdn" => degree("RDN"),
    "rrt" => degree("RRT"), "emt" => degree("EMT"), "lcsw" => degree("LCSW"), "licsw" => degree("LICSW"),
    "lmft" => degree("LMFT"), "lmhc" => degree("LMHC"), "lpc" => degree("LPC"), "otr" => degree("OTR"),
    "pac" => degree("PA-C"), "pa-c" => degree("PA-C"), "np-c" => degree("NP-C"), "fnp-c" => degree("FNP-C"),
    "fnp-bc" => degree("FNP-BC"), "ccc-slp" => degree("CCC-SLP"), "facs" => degree("FACS"),
    "facp" => degree("FACP"), "facc" => degree("FACC"), "faap" => degree("FAAP"), "facog" => degree("FACOG"),
    "fache" => degree("FACHE"), "faia" => degree("FAIA"), "aia" => degree("AIA"), "asla" => degree("ASLA"),
    "obe" => degree("OBE"), "mbe" => degree("MBE"), "cbe" => degree("CBE"), "kbe" => degree("KBE"),
    "dbe" => degree("DBE"), "usn" => degree("USN"), "usmc" => degree("USMC"), "usaf" => degree("USAF"),
    "uscg" => degree("USCG"), "ret" => degree("Ret."), "retd" => degree("Ret."),
    "jd" => initials("JD"), "ms" => initials("MS"), "bs" => initials("BS"), "np" => initials("NP"),
    "dc" => initials("DC"), "pt" => initials("PT"), "rd" => initials("RD"), "qc" => initials("QC"),
    "kc" => initials("KC"), "mp" => initials("MP"), "rdh" => initials("RDH"), "bds" => initials("BDS"),
    "med" => surname("MEd"), "do" => surname("DO"), "ma" => surname("MA"), "ba" => surname("BA"),
    "pa" => surname("PA"), "od" => surname("OD"), "pe" => surname("PE"), "ot" => surname("OT"),
    "nd" => surname("ND"), "lac" => surname("LAc"),
};

/// The suffix that a word may be, whatever stands around it. Dots do not matter.
#[inline]
pub(super) fn find(word: &str) -> Option<&'static Suffix> {
    if word.as_bytes().contains(&b'.') {
        let (buffer, len) = without_dots(word)?;
        return SUFFIXES.get(&buffer[..len]);
    }
    SUFFIXES.get(word.as_bytes())
}

/// The word without its dots; `None` where it is longer than all listed words.
fn without_dots(word: &str) -> Option<([u8; 16], usize)> {
    let mut buffer = [0; 16];
    let mut len = 0;
    for byte in word.bytes().filter(|&byte| byte != b'.') {
        *buffer.get_mut(len)? = byte;
        len += 1;
    }
    Some((buffer, len))
}

/// Where a word stands that may be a suffix.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// How many names stand before it
    pub(super) names_before: usize,
    /// It stands after a comma that follows a whole name
    pub(super) after_comma: bool,
    /// The text around it has capitals and small letters
    pub(super) mixed_case: bool,
    /// It ends the family name, or what stands before it is given and family name; else it ends the given names
    pub(super) after_family: bool,
}

impl Suffix {
    /// Whether the word is a suffix where it stands.
    pub(super) fn fits(self, word: &str, place: Place) -> bool {
        let small = word.bytes().any(|byte| byte.is_ascii_lowercase());
        // In text with small letters, capitals mean something.
        let written_so = !small || !place.mixed_case;
        let dots = word.bytes().filter(|&byte| byte == b'.').count();
        let after_name = place.names_before >= 2 || place.after_comma;
        match self.kind {
            // J.R. are initials.
            Kind::Generation if dots > 1 || dots == 1 && !word.ends_with('.') => false,
            Kind::Generation | Kind::Degree => place.names_before >= 1 || place.after_comma,
            Kind::GenerationWord => after_name && place.after_family,
            Kind::Roman => dots == 0 && (place.names_before >= 2 || written_so),
            // V. is an initial. In text without small letters VI is a Vietnamese name more often.
            Kind::ShortRoman if dots > 0 => false,
            Kind::ShortRoman if word.len() == 2 => after_name && !small && place.mixed_case,
            Kind::ShortRoman => after_name && place.after_family && written_so,
            Kind::Initials => after_name && (written_so || dots >= 2),
            Kind::Surname => {
                after_name && (dots >= 2 || !small && place.mixed_case || !small && place.after_comma)
            }
        }
    }
}
