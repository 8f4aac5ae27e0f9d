use proptest::prelude::*;

use super::profile::FileProfile;
use super::suggest::{Suggestion, detect_role, required_missing, suggest};
use crate::field::Target::{self, *};
use crate::read::{RawBatch, RawBatchBuilder};
use crate::recipe::Dimension;

fn batch(rows: &[Vec<&str>]) -> RawBatch {
    let mut builder = RawBatchBuilder::default();
    for (line, row) in rows.iter().enumerate() {
        builder.start_row(line as u64 + 2);
        row.iter().for_each(|cell| builder.push_cell(cell));
    }
    builder.take()
}

fn profile(columns: usize, rows: &[Vec<&str>]) -> FileProfile {
    let mut profile = FileProfile::new(columns);
    profile.add(&batch(rows));
    profile
}

fn owned(header: &[&str]) -> Vec<String> {
    header.iter().map(|&name| name.to_owned()).collect()
}

fn suggested(header: &[&str], rows: &[Vec<&str>]) -> Vec<Suggestion> {
    suggest(&owned(header), &profile(header.len(), rows), None)
}

/// Targets of a header over rows, one text a row with `|` between cells.
fn targets(header: &[&str], rows: &[&str]) -> Vec<Option<Target>> {
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.split('|').collect()).collect();
    suggested(header, &rows).into_iter().map(|suggestion| suggestion.target).collect()
}

/// Targets of a header over no rows at all.
fn by_header(header: &str) -> Vec<(String, Option<Target>)> {
    let names: Vec<&str> = header.split('|').collect();
    let found = suggested(&names, &[]);
    names.iter().map(|&name| name.to_owned()).zip(found.into_iter().map(|found| found.target)).collect()
}

const GOLF: [&str; 8] =
    ["first_name", "last_name", "dob", "company_id", "last_active", "score", "member_since", "state"];
const GOLF_TARGETS: [Target; 8] =
    [GivenName, FamilyName, BirthDate, Company, LastActive, Score, MemberSince, State];
const GOLF_ROWS: [&str; 6] = [
    "Robert|Mclaughlin|1967/03/26|3|2018/08/25|57|2013|OR",
    "Brittany|Norris|1972/09/06|12|2018/03/29|73|1986|MD",
    "Sharon|Nichols|1971/04/19|7|2018/04/11|92|1985|WY",
    "Christopher|Ware|1977/05/25|11|2018/07/20|74|2003|PA",
    "Kelly|Nguyen|1970/10/11|0|2018/05/02|44|1999|DC",
    "Laura|Johnson|1998/01/30|1|2018/12/24|57|2016|NY",
];
const SOFTBALL: [&str; 7] =
    ["name", "date_of_birth", "company_id", "last_active", "score", "joined_league", "us_state"];
const SOFTBALL_ROWS: [&str; 4] = [
    "Mikayla Brennan|11/02/1966|2|07/04/2018|84|1989|Illinois",
    "Thomas Holmes|11/29/1962|1|05/15/2018|92|1972|Wisconsin",
    "Dr. Corey Jones MD|12/20/1964|7|08/25/2018|47|2007|New Mexico",
    "Laura Howard|04/26/1989|8|04/15/2018|76|1976|New Jersey",
];
const COMPANIES: [&str; 4] =
    ["0|Williams-Stephenson", "1|Brown, Vasquez and Sanchez", "2|Keller Group", "3|Mcdonald Inc"];

fn split<'t>(rows: &[&'t str]) -> Vec<Vec<&'t str>> {
    rows.iter().map(|row| row.split('|').collect()).collect()
}

#[test]
fn the_clubs_map_with_certainty() {
    let golf = suggested(&GOLF, &split(&GOLF_ROWS));
    for (suggestion, target) in golf.iter().zip(GOLF_TARGETS) {
        assert_eq!(suggestion.target, Some(target), "{suggestion:?}");
        assert!(suggestion.confidence > 0.95, "{suggestion:?}");
    }
    assert_eq!(
        golf[2].why,
        "The header 'dob' is a usual name for the birth date; 100% of the values are dates"
    );
    assert_eq!(golf[2].confidence, 1.0);
    let softball = suggested(&SOFTBALL, &split(&SOFTBALL_ROWS));
    let wanted = [FullName, BirthDate, Company, LastActive, Score, MemberSince, State];
    for (suggestion, target) in softball.iter().zip(wanted) {
        assert_eq!(suggestion.target, Some(target), "{suggestion:?}");
        assert!(suggestion.confidence > 0.9, "{suggestion:?}");
    }
    assert_eq!(detect_role(&owned(&GOLF), &profile(8, &split(&GOLF_ROWS))), None);
}

#[test]
fn a_list_of_companies_is_a_dimension() {
    let rows = split(&COMPANIES);
    let of = |header: &[&str], rows: &[Vec<&str>]| detect_role(&owned(header), &profile(header.len(), rows));
    let company = Some(Dimension::Company);
    assert_eq!(of(&["id", "name"], &rows), company);
    assert_eq!(of(&["Company ID", "Company Name"], &rows), company);
    assert_eq!(of(&["name", "id"], &split(&["Keller Group|1", "Hunter Ltd|2"])), company);
    assert_eq!(of(&["id", "name"], &[]), company);
    assert_eq!(of(&["id", "name"], &split(&["1|Robert Smith", "2|Laura Howard", "3|Mary Jones"])), None);
    assert_eq!(of(&["id", "name", "state"], &rows), None);
    assert_eq!(of(&["id"], &rows), None);
    let found = suggest(&owned(&["id", "name"]), &profile(2, &rows), company);
    assert_eq!(found.iter().map(|found| found.target).collect::<Vec<_>>(), [Some(Id), Some(Name)]);
    assert!(found.iter().all(|found| found.confidence > 0.95));
    let headerless = suggest(&owned(&["column 1", "column 2"]), &profile(2, &rows), company);
    assert_eq!(headerless.iter().map(|found| found.target).collect::<Vec<_>>(), [Some(Id), Some(Name)]);
}

#[test]
fn a_file_without_a_header_is_mapped_by_its_look_with_less_certainty() {
    let rows: Vec<&str> = GOLF_ROWS.iter().copied().cycle().take(60).collect();
    let header =
        ["column 1", "column 2", "column 3", "column 4", "column 5", "column 6", "column 7", "column 8"];
    // Company ids of the six rows are 0, 1, 3, 7, 11, 12: too thin to tell.
    let mut wanted = GOLF_TARGETS.map(Some);
    wanted[3] = None;
    let found = suggested(&header, &split(&rows));
    assert_eq!(found.iter().map(|found| found.target).collect::<Vec<_>>(), wanted, "{found:#?}");
    assert!(found.iter().all(|found| found.confidence < 0.8));
    assert!(found[2].why.contains("does not tell"), "{}", found[2].why);
}

#[test]
fn a_misspelt_header_is_understood() {
    let header =
        ["frist_name", "last_nmae", "dbo", "compnay_id", "last_actve", "scroe", "member_sinse", "sate"];
    let found = suggested(&header, &split(&GOLF_ROWS));
    let targets: Vec<_> = found.iter().map(|found| found.target).collect();
    let mut wanted = GOLF_TARGETS.map(Some);
    // Three letters with a slip can be anything.
    wanted[2] = None;
    assert_eq!(targets, wanted, "{found:#?}");
    assert!(found.iter().all(|found| found.confidence < 0.95));
    assert!(found[0].why.contains("close to 'firstname'"), "{}", found[0].why);
}

/// `header|header` with `=target` after those that have one.
fn check(header: &str) {
    let plain: Vec<&str> =
        header.split('|').map(|name| name.split_once('=').map_or(name, |(name, _)| name)).collect();
    let found = by_header(&plain.join("|"));
    let got: Vec<String> = found
        .iter()
        .map(|(name, target)| target.map_or_else(|| name.clone(), |target| format!("{name}={target}")))
        .collect();
    assert_eq!(got, header.split('|').collect::<Vec<_>>());
}

#[test]
fn headers_of_programs_that_keep_members() {
    // Mailing lists
    check(
        "Email Address=email|First Name=given_name|Last Name=family_name|Address|Phone Number=phone|Birthday=birth_date|MEMBER_RATING=score|OPTIN_TIME=member_since|OPTIN_IP|LATITUDE|LEID=source_key|NOTES|TAGS",
    );
    check(
        "email=email|first_name=given_name|last_name=family_name|state_province_region=state|postal_code|country",
    );
    // Customer and constituent databases
    check(
        "Internal Contact ID=source_key|Contact Type|Individual Prefix=prefix|First Name=given_name|Middle Name=middle_name|Last Name=family_name|Individual Suffix=suffix|Birth Date=birth_date|Current Employer=company|State=state|Email=email|Phone=phone|Nickname=preferred_name",
    );
    check(
        "Contact ID=source_key|Salutation=prefix|FirstName=given_name|LastName=family_name|AccountName=company|MailingState=state|Email=email|MobilePhone=phone|Birthdate=birth_date|CreatedDate=member_since|LastActivityDate=last_active",
    );
    check(
        "Id=source_key|Salutation=prefix|First Name=given_name|Last Name=family_name|Title|Account Name=company|Mailing State/Province=state|Phone=phone|Fax|Email=email",
    );
    check(
        "User ID=source_key|First name=given_name|Last name=family_name|Organization=company|Email=email|Phone=phone|Member since=member_since|Membership level|Membership status|Renewal due|Last login=last_active|Balance|Notes",
    );
    check(
        "Constituent ID=source_key|Title=prefix|First Name=given_name|Middle=middle_name|Surname=family_name|Suffix=suffix|Nickname=preferred_name|Birth date=birth_date|Gender|Employer=company|Preferred State=state|Email Number=email",
    );
    check(
        "First Name=given_name|Last Name=family_name|E-mail 1 - Value=email|Phone 1 - Value=phone|Organization Name=company|Birthday=birth_date|Notes|Labels",
    );
    check(
        "First Name=given_name|Middle Name=middle_name|Last Name=family_name|Suffix=suffix|Company=company|Home State=state|Mobile Phone=phone|E-mail Address=email|Birthday=birth_date|Gender",
    );
    check(
        "record_id=source_key|given_name=given_name|family_name=family_name|additional_name=middle_name|honorific_prefix=prefix|honorific_suffix=suffix|email=email",
    );
}

#[test]
fn headers_of_clubs_and_leagues() {
    check(
        "Member No=source_key|Surname=family_name|Forename=given_name|D.O.B.=birth_date|Date Joined=member_since|Handicap=score|Email=email|Mobile=phone",
    );
    check(
        "GHIN Number=source_key|Last Name=family_name|First Name=given_name|Handicap Index=score|Club|State=state",
    );
    check("Player=full_name|Team|Rating=score|Last Played=last_active");
    check(
        "membership_number=source_key|fname=given_name|lname=family_name|birthdate=birth_date|enrolled=member_since|last_seen=last_active|points=score|province=state",
    );
    check(
        "Membership ID=source_key|Full Name=full_name|Born=birth_date|Since=member_since|Last Visit=last_active|St=state|Org=company",
    );
    check(
        "MemberID=source_key|LName=family_name|FName=given_name|MI=middle_name|DOB=birth_date|JoinDate=member_since|LastActivity=last_active|ST=state|EmployerID=company",
    );
    check(
        "Name=full_name|Address|City|State=state|Zip|Phone=phone|E-mail=email|Birth Date=birth_date|Year Joined=member_since",
    );
    check("Last=family_name|First=given_name|Title=prefix|DOB (MM/DD/YYYY)=birth_date|Cell=phone|Elo=score");
    check("Full name=full_name|Spouse name|Emergency contact|Emergency phone|Phone=phone");
    check("Parent Email|Email=email|Guardian Name|Player Name=full_name|Player DOB=birth_date");
    check("USCF ID|Name=full_name|State=state|Rating=score|Expires");
    check("id|member_id=source_key|full_name=full_name");
    check(
        "Christian Name=given_name|Family Name=family_name|Known As=preferred_name|Birthday=birth_date|Registered=member_since",
    );
    check(
        "NAME_FIRST=given_name|NAME_LAST=family_name|NAME_MIDDLE=middle_name|NAME_SUFFIX=suffix|BIRTH_DT=birth_date",
    );
    check("first=given_name|last=family_name|name|email=email");
    check("Name (2)=full_name|e-mail address=email");
    check("birth year=birth_date|join year=member_since|name=full_name");
    check("firstname=given_name|surname=family_name|dateofbirth=birth_date|lastlogindate=last_active");
    check("Participant=full_name|Birthdate=birth_date|Sign-up Date=member_since|Status|Type|Level");
    check("status|type|city|zip|notes");
}

#[test]
fn headers_in_other_languages() {
    check(
        "Mitgliedsnummer=source_key|Anrede=prefix|Titel|Vorname=given_name|Nachname=family_name|Geburtsdatum=birth_date|Straße|PLZ|Ort|Telefon=phone|E-Mail=email|Eintrittsdatum=member_since|Firma=company",
    );
    check(
        "Nom=family_name|Prénom=given_name|Date de naissance=birth_date|Courriel=email|Téléphone=phone|Ville|Employeur=company",
    );
    check(
        "Nombre=given_name|Apellidos=family_name|Fecha de nacimiento=birth_date|Correo electrónico=email|Teléfono=phone|Empresa=company|Estado=state",
    );
    check("姓名|生年月日|メール|電話");
    check("Фамилия|Имя|Дата рождения");
}

#[test]
fn the_look_decides_where_the_header_does_not() {
    // Job titles are no titles of address.
    let header = ["Title", "First Name", "Last Name", "Email"];
    let jobs = ["Manager|Ann|Lee|a@example.org", "Sales Director|Bob|Cho|b@example.org"];
    assert_eq!(targets(&header, &jobs), [None, Some(GivenName), Some(FamilyName), Some(Email)]);
    let titles = ["Mr.|Ann|Lee|a@example.org", "Dr|Bob|Cho|b@example.org"];
    assert_eq!(targets(&header, &titles)[0], Some(Prefix));
    // "Name, Vorname"
    let split_name = ["Schmidt|Anna", "Müller|Jürgen", "Weber|Emma"];
    assert_eq!(targets(&["Name", "Vorname"], &split_name), [Some(FamilyName), Some(GivenName)]);
    // A column of e-mail addresses with a name of its own.
    assert_eq!(
        targets(&["reach me at", "name"], &["a@example.org|Ann Lee", "b@example.org|Bob Cho"])[0],
        Some(Email)
    );
    // A header that promises what the values do not hold.
    assert_eq!(targets(&["email", "name"], &["yes|Ann Lee", "no|Bob Cho"]), [None, Some(FullName)]);
    // Figures in a form that is not read are shown as bad values rather than lost.
    assert_eq!(targets(&["Telefon", "name"], &["030 123456|Ann Lee", "0221/98765|Bob Cho"])[0], Some(Phone));
    assert_eq!(targets(&["dob", "name"], &["1967.26.03|Ann Lee", "1970.31.12|Bob Cho"])[0], Some(BirthDate));
    // "Date" of what? Births, by the years.
    let dates = ["1950-01-02|Ann Lee", "1982-05-01|Bob Cho", "1999-11-30|Eve May"];
    assert_eq!(targets(&["date", "name"], &dates)[0], Some(BirthDate));
    // Day numbers of a spreadsheet
    assert_eq!(targets(&["dob", "name"], &["24557|Ann Lee", "30001|Bob Cho"])[0], Some(BirthDate));
    // An organisation's own numbers
    assert_eq!(targets(&["USCF ID", "name"], &["12657|Ann Lee", "12688|Bob Cho"])[0], Some(SourceKey));
    // Both names and a display name: the parts win.
    let both = ["Ann Lee|Ann|Lee", "Bob Cho|Bob|Cho"];
    assert_eq!(targets(&["Display name", "First", "Last"], &both), [None, Some(GivenName), Some(FamilyName)]);
}

#[test]
fn of_two_columns_for_one_target_the_better_wins_and_the_other_says_so() {
    let rows = split(&["a@example.org|b@example.org|Ann Lee", "c@example.org|d@example.org|Bob Cho"]);
    let found = suggested(&["email 2", "email", "name"], &rows);
    assert_eq!(found[1].target, Some(Email));
    assert_eq!(found[0].target, None);
    assert_eq!(found[0].why, "It could be the e-mail address, but the column 'email' fits better");
}

#[test]
fn a_mapping_needs_a_name() {
    assert_eq!(required_missing(&[Some(BirthDate), None]), [FullName]);
    assert_eq!(required_missing(&[Some(FamilyName)]), []);
    assert_eq!(required_missing(&[Some(FullName)]), []);
    assert_eq!(required_missing(&[Some(Id)]), [Name]);
    assert_eq!(required_missing(&[Some(Id), Some(Name)]), []);
}

#[test]
fn certainty_needs_header_and_values() {
    for found in by_header("dob|email|state") {
        assert!(found.1.is_some());
    }
    assert!(suggested(&["dob", "email", "state"], &[]).iter().all(|found| found.confidence < 1.0));
    let half = suggested(&["dob"], &split(&["1970-01-02", "rubbish"]));
    assert!(half[0].target == Some(BirthDate) && half[0].confidence < 0.7, "{half:?}");
    assert!(half[0].why.ends_with("50% of the values are dates"));
}

fn header_names() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "name",
            "first_name",
            "last name",
            "dob",
            "email",
            "e-mail",
            "state",
            "id",
            "member id",
            "score",
            "joined",
            "last_active",
            "company",
            "phone",
            "title",
            "column 1",
            "",
            "notes",
            "spouse name",
            "date",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z_ ]{0,12}",
        any::<String>(),
    ]
}

fn cells() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "Ann Lee",
            "Robert",
            "Smith",
            "1970-01-02",
            "03/04/2018",
            "a@example.org",
            "OR",
            "2013",
            "57",
            "Mr.",
            "n/a",
            "(212) 555-0142",
            "",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn each_target_is_suggested_once_and_confidence_is_a_share(
        header in prop::collection::vec(header_names(), 0..9),
        rows in prop::collection::vec(prop::collection::vec(cells(), 0..9), 0..12),
        company in any::<bool>(),
    ) {
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let profile = profile(header.len(), &rows);
        let found = suggest(&header, &profile, company.then_some(Dimension::Company));
        prop_assert_eq!(found.len(), header.len());
        let _ = detect_role(&header, &profile);
        for (index, suggestion) in found.iter().enumerate() {
            prop_assert!((0.0..=1.0).contains(&suggestion.confidence));
            prop_assert!(!suggestion.why.is_empty());
            prop_assert_eq!(suggestion.target.is_none(), suggestion.confidence == 0.0);
            let again = found[index + 1..].iter().filter(|other| other.target == suggestion.target).count();
            prop_assert!(suggestion.target.is_none() || again == 0);
        }
    }

    #[test]
    fn the_order_of_columns_does_not_matter(order in Just((0..8).collect::<Vec<usize>>()).prop_shuffle()) {
        let rows = split(&GOLF_ROWS);
        let header: Vec<&str> = order.iter().map(|&column| GOLF[column]).collect();
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| order.iter().map(|&column| row[column]).collect()).collect();
        let found = suggested(&header, &rows);
        for (suggestion, column) in found.iter().zip(order) {
            prop_assert_eq!(suggestion.target, Some(GOLF_TARGETS[column]));
        }
    }
}
