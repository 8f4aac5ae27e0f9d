use super::*;

#[test]
fn columns_are_tidied_and_sorted() {
    let mut wrong = Vec::new();
    for (given, middle, family, right) in [
        ("Robert", "", "Mclaughlin", "|Robert||Mclaughlin||"),
        ("Mary Ann", "", "Smith", "|Mary Ann||Smith||"),
        ("Robert J.", "", "Smith", "|Robert|J.|Smith||"),
        ("Robert J", "", "Smith", "|Robert|J|Smith||"),
        ("Robert J. K.", "", "Smith", "|Robert|J. K.|Smith||"),
        ("Robert J.", "Lee", "Smith", "|Robert J.|Lee|Smith||"),
        ("J. R.", "", "Smith", "|J. R.||Smith||"),
        ("J.R.", "", "Ewing", "|J.R.||Ewing||"),
        ("Dr. Robert", "", "Smith", "Dr.|Robert||Smith||"),
        ("Mr.", "", "Smith", "Mr.|||Smith||"),
        ("Mr.", "", "", "|Mr.||||"),
        ("Mr.", "", "n/a", "|Mr.||||"),
        ("Mr. and Mrs. John", "", "Smith", "Mr. and Mrs.|John||Smith||"),
        ("Dean", "", "Martin", "|Dean||Martin||"),
        ("Major", "", "Smith", "|Major||Smith||"),
        ("Maj.", "", "Smith", "|Maj.||Smith||"),
        ("Major John", "", "Smith", "Maj.|John||Smith||"),
        ("Robert J. Jr.", "", "Smith", "|Robert|J.|Smith|Jr.|"),
        ("Robert", "", "Smith Jr.", "|Robert||Smith|Jr.|"),
        ("Robert", "", "Smith, Jr., MD", "|Robert||Smith|Jr., MD|"),
        ("Robert", "", "Smith V", "|Robert||Smith|V|"),
        ("Robert", "", "SMITH III", "|Robert||Smith|III|"),
        ("Robert Jr", "", "Smith", "|Robert||Smith|Jr.|"),
        ("Yo-Yo", "", "Ma", "|Yo-Yo||Ma||"),
        ("Carlos", "", "Silva Junior", "|Carlos||Silva Junior||"),
        ("Carlos", "", "Junior", "|Carlos||Junior||"),
        ("John", "", "Dr. Smith", "Dr.|John||Smith||"),
        ("Robert (Bob)", "", "Smith", "|Robert||Smith||Bob"),
        ("Robert", "", "Smith \"Bob\"", "|Robert||Smith||Bob"),
        ("(Bob)", "", "Smith", "|Bob||Smith||"),
        ("MARIA", "", "DE LA CRUZ", "|Maria||de la Cruz||"),
        ("maria", "l.", "mcdonald", "|Maria|L.|McDonald||"),
        (" Ann ", "", "O\u{2019}Brien", "|Ann||O'Brien||"),
        ("Ann", "", "Smith - Jones", "|Ann||Smith-Jones||"),
        ("N/A", "", "Smith", "|||Smith||"),
        ("Null", "", "None", "|Null||None||"),
        ("Ann", "NMN", "Smith", "|Ann||Smith||"),
        ("Ann", "(nmi)", "Smith", "|Ann||Smith||"),
        ("Ann", "Marie-Claire", "van Dyke", "|Ann|Marie-Claire|van Dyke||"),
        ("Jane", "", "Smith (née Jones)", "|Jane||Smith (née Jones)||"),
        ("AJ", "", "NG", "|AJ||Ng||"),
        ("Unknown", "", "Unknown", "|||||"),
    ] {
        let found = from(&columns(given, middle, family)).values().join("|");
        if found != right {
            wrong.push(format!("{given}|{middle}|{family}: {found}, not {right}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn prefix_and_suffix_columns_get_their_usual_form() {
    for (prefix, suffix, right) in [
        ("dr", "md phd", "Dr.|Ann||Lee|MD, PhD|"),
        ("Dr.", "Jr., MD", "Dr.|Ann||Lee|Jr., MD|"),
        ("PROF DR", "M.D. JR", "Prof. Dr.|Ann||Lee|Jr., MD|"),
        ("MR AND MRS", "ma", "Mr. and Mrs.|Ann||Lee|MA|"),
        ("the hon", "FACHE, XYZ", "The Hon.|Ann||Lee|FACHE, XYZ|"),
        ("Grand Duke", "n/a", "Grand Duke|Ann||Lee||"),
        ("HERR GRAF", "v", "Herr Graf|Ann||Lee|V|"),
        ("Major", "", "Maj.|Ann||Lee||"),
    ] {
        let columns = NameColumns {
            prefix: Some(prefix),
            suffix: Some(suffix),
            given: Some("Ann"),
            family: Some("Lee"),
            ..NameColumns::default()
        };
        assert_eq!(from(&columns).values().join("|"), right);
    }
    let both = NameColumns {
        prefix: Some("Prof."),
        given: Some("Dr. Ann"),
        family: Some("Lee MD"),
        suffix: Some("PhD"),
        preferred: Some("\"annie\""),
        middle: None,
    };
    assert_eq!(from(&both).values().join("|"), "Prof. Dr.|Ann||Lee|MD, PhD|Annie");
}

#[test]
fn columns_say_how_they_changed() {
    use Change::{LetterCase, NameSplit, NullWord, Spaces, SuffixMoved, TitleMoved};
    assert_eq!(from(&columns("Ann", "", "Lee")).changes, [None; 6]);
    assert_eq!(
        from(&columns("ANN ", "", " Lee")).changes,
        [None, Some(LetterCase), None, Some(Spaces), None, None]
    );
    assert_eq!(
        from(&columns("Dr. Ann B.", "n/a", "Lee Jr")).changes,
        [Some(TitleMoved), Some(TitleMoved), Some(NameSplit), Some(SuffixMoved), Some(SuffixMoved), None]
    );
    assert_eq!(from(&columns("Ann", "n/a", "Lee")).changes[MIDDLE], Some(NullWord));
    assert!(from(&columns("Ann", "", "L\u{202e}ee")).invisible);
}
