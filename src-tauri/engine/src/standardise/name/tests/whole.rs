use super::*;

/// Checks texts against `prefix|given|middle|family|suffix|preferred`.
fn check(cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, right) in cases {
        let found = split(text).values().join("|");
        if found != *right {
            wrong.push(format!("{text}: {found}, not {right}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn plain_names() {
    check(&[
        ("Mikayla Brennan", "|Mikayla||Brennan||"),
        ("Patrick Patrick", "|Patrick||Patrick||"),
        ("Daniel Mclaughlin", "|Daniel||Mclaughlin||"),
        ("John Q. Public", "|John|Q.|Public||"),
        ("Mary Ann Smith", "|Mary|Ann|Smith||"),
        ("J. R. R. Tolkien", "|J.|R. R.|Tolkien||"),
        ("J.R.R. Tolkien", "|J.R.R.||Tolkien||"),
        ("J. Edgar Hoover", "|J.|Edgar|Hoover||"),
        ("Madonna", "|||Madonna||"),
        ("John Smith-Jones", "|John||Smith-Jones||"),
        ("John Smith - Jones", "|John||Smith-Jones||"),
        ("John Smith- Jones", "|John||Smith-Jones||"),
        ("Conan O'Brien", "|Conan||O'Brien||"),
        ("Conan O\u{2019}Brien", "|Conan||O'Brien||"),
        ("Conan O`Brien", "|Conan||O'Brien||"),
        ("José García", "|José||García||"),
        ("李 小龍", "|李||小龍||"),
        ("John -", "|||John||"),
        ("  John   Smith ", "|John||Smith||"),
        ("John and Jane Smith", "|John and Jane||Smith||"),
        ("John & Jane Smith", "|John & Jane||Smith||"),
        ("Robert J.", "|Robert||J.||"),
        ("Md Rahman", "|Md||Rahman||"),
        ("Md. Abdul Rahman", "|Md.|Abdul|Rahman||"),
        ("Dr", "|||Dr||"),
        ("Malcolm X", "|Malcolm||X||"),
    ]);
}

#[test]
fn titles_go_to_the_prefix() {
    check(&[
        ("Dr. John Smith", "Dr.|John||Smith||"),
        ("dr John Smith", "Dr.|John||Smith||"),
        ("DR JOHN SMITH", "Dr.|John||Smith||"),
        ("Miss Jane Smith", "Miss|Jane||Smith||"),
        ("Mrs Jane Q Smith", "Mrs.|Jane|Q|Smith||"),
        ("Mx. Sam Lee", "Mx.|Sam||Lee||"),
        ("Prof. Dr. Hans Meier", "Prof. Dr.|Hans||Meier||"),
        ("Prof.Dr. Hans Meier", "Prof. Dr.|Hans||Meier||"),
        ("Dr.Smith", "Dr.|||Smith||"),
        ("Mr.John Smith", "Mr.|John||Smith||"),
        ("Lt. Col. Jane Roe", "Lt. Col.|Jane||Roe||"),
        ("1st Lt. Jane Roe", "1st Lt.|Jane||Roe||"),
        ("The Hon. Jane Roe", "The Hon.|Jane||Roe||"),
        ("Mr. and Mrs. John Smith", "Mr. and Mrs.|John||Smith||"),
        ("Mr & Mrs John Smith", "Mr. and Mrs.|John||Smith||"),
        ("Mr. and Mrs. Smith", "Mr. and Mrs.|||Smith||"),
        ("Mr. Smith", "Mr.|||Smith||"),
        ("Miss Smith", "Miss|||Smith||"),
        ("Sir Elton", "Sir|Elton||||"),
        ("Sir Elton John", "Sir|Elton||John||"),
        ("Sister Mary", "Sister|Mary||||"),
        ("Sr. Maria Lopez", "Sr.|Maria||Lopez||"),
        ("Rev. Martin Luther King Jr.", "Rev.|Martin|Luther|King|Jr.|"),
        ("Professor Jane Roe", "Prof.|Jane||Roe||"),
        ("Fr. Tom Doe", "Fr.|Tom||Doe||"),
        ("John Smith Dr.", "Dr.|John||Smith||"),
    ]);
}

#[test]
fn names_that_look_like_titles_stay_names() {
    check(&[
        ("Dean Martin", "|Dean||Martin||"),
        ("Earl Warren", "|Earl||Warren||"),
        ("Major Smith", "|Major||Smith||"),
        ("Maj. Smith", "Maj.|||Smith||"),
        ("Major John Smith", "Maj.|John||Smith||"),
        ("Judge Reinhold", "|Judge||Reinhold||"),
        ("Judge Judy Sheindlin", "Judge|Judy||Sheindlin||"),
        ("Miss", "|||Miss||"),
        ("Sir", "|||Sir||"),
        ("Don Johnson", "|Don||Johnson||"),
        ("Prince Rogers Nelson", "|Prince|Rogers|Nelson||"),
        ("John Major", "|John||Major||"),
        ("John Bishop", "|John||Bishop||"),
        ("Justice Smith", "|Justice||Smith||"),
    ]);
}

#[test]
fn suffixes_go_to_the_suffix() {
    check(&[
        ("Amy Pham MD", "|Amy||Pham|MD|"),
        ("Amy Pham M.D.", "|Amy||Pham|MD|"),
        ("Amy Pham, MD", "|Amy||Pham|MD|"),
        ("amy pham md", "|Amy||Pham|MD|"),
        ("John Smith Jr.", "|John||Smith|Jr.|"),
        ("John Smith jr", "|John||Smith|Jr.|"),
        ("John Smith, Jr.", "|John||Smith|Jr.|"),
        ("John Smith, Jr., MD", "|John||Smith|Jr., MD|"),
        ("John Smith MD Jr", "|John||Smith|Jr., MD|"),
        ("John Smith, MD, PhD", "|John||Smith|MD, PhD|"),
        ("John Smith, MD/PhD", "|John||Smith|MD, PhD|"),
        ("John Smith MD PhD", "|John||Smith|MD, PhD|"),
        ("John Smith Ph. D.", "|John||Smith|PhD|"),
        ("John Smith, Ph. D.", "|John||Smith|PhD|"),
        ("John Smith Ph.D.", "|John||Smith|PhD|"),
        ("John Smith III", "|John||Smith|III|"),
        ("John Smith Iii", "|John||Smith|III|"),
        ("john smith iii", "|John||Smith|III|"),
        ("John Smith 3rd", "|John||Smith|III|"),
        ("John Smith V", "|John||Smith|V|"),
        ("JOHN SMITH V", "|John||Smith|V|"),
        ("John V Smith", "|John|V|Smith||"),
        ("John V. Smith", "|John|V.|Smith||"),
        ("John Smith V.", "|John|Smith|V.||"),
        ("John V", "|John||V||"),
        ("John I Smith", "|John|I|Smith||"),
        ("Smith III", "|||Smith|III|"),
        ("Smith MD", "|||Smith|MD|"),
        ("John Smith Esq.", "|John||Smith|Esq.|"),
        ("John Smith, Esquire", "|John||Smith|Esq.|"),
        ("John Smith (Ret.)", "|John||Smith|Ret.|"),
        ("Dr. Martin Luther King Jr., Ph.D.", "Dr.|Martin|Luther|King|Jr., PhD|"),
        ("Ludwig van Beethoven III", "|Ludwig||van Beethoven|III|"),
        ("John Smith JD", "|John||Smith|JD|"),
        ("JOHN SMITH JD", "|John||Smith|JD|"),
        ("John Smith MA", "|John||Smith|MA|"),
        ("John Smith, MA", "|John||Smith|MA|"),
        ("John Smith M.A.", "|John||Smith|MA|"),
        ("Jane Roe RN", "|Jane||Roe|RN|"),
        ("Jane Roe, PA-C", "|Jane||Roe|PA-C|"),
        ("John Smith Junior", "|John||Smith|Jr.|"),
    ]);
}

#[test]
fn names_that_look_like_suffixes_stay_names() {
    check(&[
        ("Yo-Yo Ma", "|Yo-Yo||Ma||"),
        ("Wei Ling Ma", "|Wei|Ling|Ma||"),
        ("WEI LING MA", "|Wei|Ling|Ma||"),
        ("Anh Do", "|Anh||Do||"),
        ("Nguyen Thi Vi", "|Nguyen|Thi|Vi||"),
        ("NGUYEN THI VI", "|Nguyen|Thi|Vi||"),
        ("Carlos Junior", "|Carlos||Junior||"),
        ("Naoko Ii", "|Naoko||Ii||"),
        ("Junior Smith", "|Junior||Smith||"),
        ("Jr", "|||Jr||"),
        ("MD", "|||Md||"),
        ("José Silva Júnior", "|José|Silva|Júnior||"),
        ("Ma Jones", "|Ma||Jones||"),
    ]);
}

#[test]
fn family_name_first() {
    check(&[
        ("Smith, John", "|John||Smith||"),
        ("Smith, John M.", "|John|M.|Smith||"),
        ("SMITH, John", "|John||Smith||"),
        ("SMITH, JOHN Q", "|John|Q|Smith||"),
        ("Smith, Jr., John", "|John||Smith|Jr.|"),
        ("Smith Jr., John", "|John||Smith|Jr.|"),
        ("Smith, John, Jr.", "|John||Smith|Jr.|"),
        ("Smith, John Jr.", "|John||Smith|Jr.|"),
        ("Smith, John, MD", "|John||Smith|MD|"),
        ("Smith, John, Jr., MD", "|John||Smith|Jr., MD|"),
        ("Smith V, John", "|John||Smith|V|"),
        ("Smith, John V", "|John|V|Smith||"),
        ("Smith, John III", "|John||Smith|III|"),
        ("Smith, Dr. John", "Dr.|John||Smith||"),
        ("Dr. Smith, John", "Dr.|John||Smith||"),
        ("Smith, John Mr.", "Mr.|John||Smith||"),
        ("Smith, John, Dr.", "Dr.|John||Smith||"),
        ("Smith, Mr.", "Mr.|||Smith||"),
        ("Smith, Jr.", "|||Smith|Jr.|"),
        ("Smith,John", "|John||Smith||"),
        ("Smith ,  John", "|John||Smith||"),
        ("Smith,", "|||Smith||"),
        (",John", "|||John||"),
        (",", "|||||"),
        ("van der Berg, Hans", "|Hans||van der Berg||"),
        ("Berg, Hans van der", "|Hans||van der Berg||"),
        ("Berg, Hans M. van der", "|Hans|M.|van der Berg||"),
        ("de la Cruz, Maria", "|Maria||de la Cruz||"),
        ("de la Cruz, Ma. Teresa", "|Ma.|Teresa|de la Cruz||"),
        ("Garcia Lopez, Maria", "|Maria||Garcia Lopez||"),
        ("Ma, Yo-Yo", "|Yo-Yo||Ma||"),
        ("Do, Anh", "|Anh||Do||"),
        ("Smith, Junior", "|Junior||Smith||"),
        ("Smith, J.D.", "|J.D.||Smith||"),
        ("Smith, Al", "|Al||Smith||"),
        ("Smith, John (Jack)", "|John||Smith||Jack"),
        ("O'BRIEN, CONAN", "|Conan||O'Brien||"),
        ("Smith, John and Jane", "|John and Jane||Smith||"),
    ]);
}

#[test]
fn particles_stay_with_the_family_name() {
    check(&[
        ("Maria de la Cruz", "|Maria||de la Cruz||"),
        ("Ludwig van Beethoven", "|Ludwig||van Beethoven||"),
        ("Jan Pieter van der Berg", "|Jan|Pieter|van der Berg||"),
        ("Dick Van Dyke", "|Dick||Van Dyke||"),
        ("Van Morrison", "|Van||Morrison||"),
        ("Al Smith", "|Al||Smith||"),
        ("Ben Smith", "|Ben||Smith||"),
        ("John Ben Smith", "|John|Ben|Smith||"),
        ("David ben Gurion", "|David||ben Gurion||"),
        ("Osama bin Laden", "|Osama||bin Laden||"),
        ("Mohammed Al Fayed", "|Mohammed||Al Fayed||"),
        ("Omar al-Bashir", "|Omar||al-Bashir||"),
        ("Eva Marie St. Claire", "|Eva|Marie|St. Claire||"),
        ("St. John Smith", "|St. John||Smith||"),
        ("La Toya Jackson", "|La Toya||Jackson||"),
        ("De La Cruz", "|||De La Cruz||"),
        ("de la Cruz", "|||de la Cruz||"),
        ("Van Der Berg", "|||Van Der Berg||"),
        ("von Trapp", "|||von Trapp||"),
        ("Leonardo di Caprio", "|Leonardo||di Caprio||"),
        ("Dr. Juan Q. Xavier de la Vega III", "Dr.|Juan|Q. Xavier|de la Vega|III|"),
        ("Juan de la Vega Garcia", "|Juan||de la Vega Garcia||"),
        ("Maria del Carmen Lopez", "|Maria del Carmen||Lopez||"),
        ("Maria de los Angeles Ruiz", "|Maria de los Angeles||Ruiz||"),
        ("Juan de Jesus", "|Juan||de Jesus||"),
        ("Jose Ortega y Gasset", "|Jose||Ortega y Gasset||"),
        ("John E Smith", "|John|E|Smith||"),
        ("Thanh Van Nguyen", "|Thanh|Van|Nguyen||"),
        ("Nguyen Van An", "|Nguyen||Van An||"),
        ("John Mac Donald", "|John||Mac Donald||"),
        ("MARIA DE LA CRUZ", "|Maria||de la Cruz||"),
        ("vincent van gogh", "|Vincent||van Gogh||"),
        ("Maria San Juan", "|Maria||San Juan||"),
    ]);
}

#[test]
fn nicknames_become_the_preferred_name() {
    check(&[
        ("Robert \"Bob\" Smith", "|Robert||Smith||Bob"),
        ("Robert \u{201c}Bob\u{201d} Smith", "|Robert||Smith||Bob"),
        ("Robert 'Bob' Smith", "|Robert||Smith||Bob"),
        ("Robert \u{2018}Bob\u{2019} Smith", "|Robert||Smith||Bob"),
        ("Robert (Bob) Smith", "|Robert||Smith||Bob"),
        ("Robert Smith (Bob)", "|Robert||Smith||Bob"),
        ("Robert [Bob] Smith", "|Robert||Smith||Bob"),
        ("Robert (Billy Bob) Smith", "|Robert||Smith||Billy Bob"),
        ("ROBERT (BOB) SMITH", "|Robert||Smith||Bob"),
        ("(Bob)", "|||Bob||"),
        ("\"Robert Smith\"", "|Robert||Smith||"),
        ("Robert \"Bob Smith", "|Robert|\"Bob|Smith||"),
        ("D'Angelo 'Dee' O'Neil", "|D'Angelo||O'Neil||Dee"),
        ("Jane Smith (née Jones)", "|Jane|Smith (née|Jones)||"),
    ]);
}

#[test]
fn capitals_are_corrected_where_there_is_one_case_only() {
    check(&[
        ("JOHN MCDONALD", "|John||McDonald||"),
        ("john macdonald", "|John||MacDonald||"),
        ("JOHN MACK", "|John||Mack||"),
        ("John McDONALD", "|John||McDONALD||"),
        ("john smith", "|John||Smith||"),
        ("john q public", "|John|Q|Public||"),
        ("john smith MD", "|John||Smith|MD|"),
        ("Jean-Paul DUPONT", "|Jean-Paul||Dupont||"),
        ("Jean DE LA TOUR", "|Jean||de la Tour||"),
        ("Anh NGO", "|Anh||NGO||"),
        ("TJ Smith", "|TJ||Smith||"),
        ("TJ SMITH", "|TJ||Smith||"),
        ("AJ SMITH", "|AJ||Smith||"),
        ("ED SMITH", "|Ed||Smith||"),
        ("Conor mcGregor", "|Conor||mcGregor||"),
        ("ÉMILE ZOLA", "|Émile||Zola||"),
        ("SEÁN O'CASEY", "|Seán||O'Casey||"),
    ]);
}

#[test]
fn says_how_the_parts_came_about() {
    use Change::{LetterCase, NameSplit, NicknameMoved, NullWord, SuffixMoved, TitleMoved};
    let changes = |text| split(text).changes;
    let split_in_two = [None, Some(NameSplit), None, Some(NameSplit), None, None];
    assert_eq!(changes("John Smith"), split_in_two);
    assert_eq!(changes("Madonna"), [None; 6]);
    assert_eq!(changes("MADONNA"), [None, None, None, Some(LetterCase), None, None]);
    assert_eq!(
        changes("Dr. John (Jack) SMITH Jr"),
        [Some(TitleMoved), Some(NameSplit), None, Some(LetterCase), Some(SuffixMoved), Some(NicknameMoved)]
    );
    assert_eq!(changes("N/A"), [None, None, None, Some(NullWord), None, None]);
    assert_eq!(changes(""), [None; 6]);
    assert!(!split("N/A").has_name() && !split(" - ").has_name() && split("Null").has_name());
    assert!(split("Jo\u{200b}hn Smith").invisible && !split("John\u{a0}Smith").invisible);
    assert_eq!(split("Jo\u{200b}hn Smith").given, "John");
}

#[test]
fn one_value_serves_many_names() {
    let mut parts = NameParts::default();
    for text in ["Dr. Robert \u{201c}Bob\u{201d} Smith Jr., MD", "N/A", "Jo\u{200b}hn X", "Ann Lee"] {
        split_full_name(text, &mut parts);
        assert_eq!(parts, split(text));
    }
}
