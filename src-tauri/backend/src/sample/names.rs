//! The names that invented people and companies get: common ones as they occur in the United States, and rare family
//! names made of two parts.

/// Given names of men, and a short form that people use for some.
#[rustfmt::skip] // a table: many entries a line
pub(super) const MEN: &[(&str, &str)] = &[
    ("James", "Jim"), ("Robert", "Bob"), ("John", "Jack"), ("Michael", "Mike"), ("David", "Dave"), ("William", "Bill"),
    ("Richard", "Rick"), ("Joseph", "Joe"), ("Thomas", "Tom"), ("Christopher", "Chris"), ("Charles", "Chuck"),
    ("Daniel", "Dan"), ("Matthew", "Matt"), ("Anthony", "Tony"), ("Mark", ""), ("Donald", "Don"), ("Steven", "Steve"),
    ("Andrew", "Andy"), ("Paul", ""), ("Joshua", "Josh"), ("Kenneth", "Ken"), ("Kevin", ""), ("Brian", ""),
    ("Timothy", "Tim"), ("Ronald", "Ron"), ("George", ""), ("Jason", ""), ("Edward", "Ed"), ("Jeffrey", "Jeff"),
    ("Ryan", ""), ("Jacob", "Jake"), ("Nicholas", "Nick"), ("Gary", ""), ("Eric", ""), ("Jonathan", "Jon"),
    ("Stephen", "Steve"), ("Larry", ""), ("Justin", ""), ("Scott", ""), ("Brandon", ""), ("Benjamin", "Ben"),
    ("Samuel", "Sam"), ("Gregory", "Greg"), ("Alexander", "Alex"), ("Patrick", "Pat"), ("Frank", ""),
    ("Raymond", "Ray"), ("Jack", ""), ("Dennis", ""), ("Jerry", ""), ("Tyler", ""), ("Aaron", ""), ("Jose", ""),
    ("Adam", ""), ("Nathan", "Nate"), ("Henry", "Hank"), ("Zachary", "Zach"), ("Douglas", "Doug"), ("Peter", "Pete"),
    ("Kyle", ""), ("Noah", ""), ("Ethan", ""), ("Jeremy", ""), ("Walter", "Walt"), ("Keith", ""), ("Christian", ""),
    ("Roger", ""), ("Terry", ""), ("Sean", ""), ("Gerald", "Jerry"), ("Carl", ""), ("Dylan", ""), ("Harold", "Harry"),
    ("Jordan", ""), ("Jesse", ""), ("Bryan", ""), ("Lawrence", "Larry"), ("Arthur", "Art"), ("Gabriel", "Gabe"),
    ("Bruce", ""), ("Logan", ""), ("Albert", "Al"), ("Willie", ""), ("Alan", ""), ("Juan", ""), ("Wayne", ""),
    ("Elijah", "Eli"), ("Randy", ""), ("Roy", ""), ("Vincent", "Vince"), ("Ralph", ""), ("Eugene", "Gene"),
    ("Russell", "Russ"), ("Bobby", ""), ("Mason", ""), ("Philip", "Phil"), ("Louis", "Lou"), ("Martin", "Marty"),
    ("Curtis", "Curt"), ("Frederick", "Fred"), ("Leonard", "Len"), ("Marcus", "Marc"), ("Theodore", "Ted"),
    ("Clifford", "Cliff"), ("Francisco", "Paco"), ("Luis", ""), ("Carlos", ""), ("Miguel", ""), ("Antonio", "Tony"),
    ("Andre", ""), ("Trevor", ""), ("Wesley", "Wes"), ("Travis", ""), ("Calvin", "Cal"), ("Oscar", ""), ("Hugo", ""),
    ("Malik", ""), ("Darnell", ""), ("Terrence", "Terry"), ("Jamal", ""), ("Xavier", ""), ("Dominic", "Dom"),
    ("Ivan", ""), ("Omar", ""), ("Leo", ""), ("Felix", ""), ("Simon", ""), ("Victor", "Vic"), ("Stanley", "Stan"),
    ("Ernest", "Ernie"), ("Norman", "Norm"), ("Milton", ""), ("Warren", ""), ("Clarence", ""), ("Glenn", ""),
    ("Neil", ""), ("Dale", ""), ("Ross", ""), ("Preston", ""), ("Spencer", ""), ("Garrett", ""), ("Colin", ""),
    ("André", ""), ("José", "Pepe"), ("Søren", ""), ("Jürgen", ""),
];

/// Given names of women, and a short form that people use for some.
#[rustfmt::skip] // a table: many entries a line
pub(super) const WOMEN: &[(&str, &str)] = &[
    ("Mary", "Molly"), ("Patricia", "Patty"), ("Jennifer", "Jenny"), ("Linda", ""), ("Elizabeth", "Liz"),
    ("Barbara", "Barb"), ("Susan", "Sue"), ("Jessica", "Jess"), ("Sarah", "Sally"), ("Karen", ""), ("Lisa", ""),
    ("Nancy", ""), ("Betty", ""), ("Sandra", "Sandy"), ("Margaret", "Peggy"), ("Ashley", ""), ("Kimberly", "Kim"),
    ("Emily", "Em"), ("Donna", ""), ("Michelle", "Shelly"), ("Carol", ""), ("Amanda", "Mandy"), ("Melissa", "Missy"),
    ("Deborah", "Debbie"), ("Stephanie", "Steph"), ("Rebecca", "Becky"), ("Sharon", ""), ("Laura", ""),
    ("Cynthia", "Cindy"), ("Dorothy", "Dot"), ("Amy", ""), ("Kathleen", "Kathy"), ("Angela", "Angie"),
    ("Shirley", ""), ("Emma", ""), ("Brenda", ""), ("Pamela", "Pam"), ("Nicole", "Nikki"), ("Anna", ""),
    ("Samantha", "Sam"), ("Katherine", "Kate"), ("Christine", "Chris"), ("Helen", ""), ("Debra", "Deb"),
    ("Rachel", ""), ("Carolyn", ""), ("Janet", "Jan"), ("Maria", ""), ("Catherine", "Cathy"), ("Heather", ""),
    ("Diane", ""), ("Olivia", "Liv"), ("Julie", ""), ("Joyce", ""), ("Victoria", "Vicky"), ("Ruth", ""),
    ("Virginia", "Ginny"), ("Lauren", ""), ("Kelly", ""), ("Christina", "Tina"), ("Joan", ""), ("Evelyn", "Evie"),
    ("Judith", "Judy"), ("Andrea", ""), ("Hannah", ""), ("Megan", "Meg"), ("Cheryl", ""), ("Jacqueline", "Jackie"),
    ("Martha", ""), ("Madison", "Maddie"), ("Teresa", "Terry"), ("Gloria", ""), ("Sara", ""), ("Janice", "Jan"),
    ("Ann", "Annie"), ("Kathryn", "Kathy"), ("Abigail", "Abby"), ("Sophia", "Sophie"), ("Frances", "Fran"),
    ("Jean", ""), ("Alice", ""), ("Judy", ""), ("Isabella", "Bella"), ("Julia", "Jules"), ("Grace", ""),
    ("Amber", ""), ("Denise", ""), ("Danielle", "Dani"), ("Marilyn", ""), ("Beverly", "Bev"), ("Charlotte", "Lottie"),
    ("Natalie", "Nat"), ("Theresa", "Terri"), ("Diana", ""), ("Brittany", "Britt"), ("Doris", ""), ("Kayla", ""),
    ("Alexis", "Lexi"), ("Lori", ""), ("Marie", ""), ("Rosa", ""), ("Guadalupe", "Lupe"), ("Carmen", ""),
    ("Yolanda", ""), ("Bianca", ""), ("Camila", ""), ("Lucia", "Lucy"), ("Elena", ""), ("Tamika", ""),
    ("Latoya", "Toya"), ("Ebony", ""), ("Aaliyah", ""), ("Jasmine", "Jazz"), ("Destiny", ""), ("Naomi", ""),
    ("Priya", ""), ("Mei", ""), ("Ingrid", ""), ("Astrid", ""), ("Fiona", ""), ("Bridget", ""), ("Colleen", ""),
    ("Maureen", "Mo"), ("Eleanor", "Ellie"), ("Josephine", "Josie"), ("Beatrice", "Bea"), ("Harriet", "Hattie"),
    ("Winifred", "Winnie"), ("Florence", "Flo"), ("Constance", "Connie"), ("Gertrude", "Trudy"), ("Sylvia", ""),
    ("Monica", ""), ("Leah", ""), ("Valerie", "Val"), ("April", ""), ("Dawn", ""), ("Tracy", ""), ("Robin", ""),
    ("Wendy", ""), ("Gail", ""), ("Renée", ""), ("Zoë", ""), ("Chloé", ""), ("Mary Ann", ""), ("Anne-Marie", ""),
];

/// Family names, the commonest first; each of the later ones is rarer.
#[rustfmt::skip] // a table: many entries a line
pub(super) const FAMILIES: &[&str] = &[
    "Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Rodriguez", "Martinez",
    "Hernandez", "Lopez", "Gonzalez", "Wilson", "Anderson", "Thomas", "Taylor", "Moore", "Jackson", "Martin", "Lee",
    "Perez", "Thompson", "White", "Harris", "Sanchez", "Clark", "Ramirez", "Lewis", "Robinson", "Walker", "Young",
    "Allen", "King", "Wright", "Scott", "Torres", "Nguyen", "Hill", "Flores", "Green", "Adams", "Nelson", "Baker",
    "Hall", "Rivera", "Campbell", "Mitchell", "Carter", "Roberts", "Gomez", "Phillips", "Evans", "Turner", "Diaz",
    "Parker", "Cruz", "Edwards", "Collins", "Reyes", "Stewart", "Morris", "Morales", "Murphy", "Cook", "Rogers",
    "Gutierrez", "Ortiz", "Morgan", "Cooper", "Peterson", "Bailey", "Reed", "Kelly", "Howard", "Ramos", "Kim", "Cox",
    "Ward", "Richardson", "Watson", "Brooks", "Chavez", "Wood", "James", "Bennett", "Gray", "Mendoza", "Ruiz",
    "Hughes", "Price", "Alvarez", "Castillo", "Sanders", "Patel", "Myers", "Long", "Ross", "Foster", "Jimenez",
    "Powell", "Jenkins", "Perry", "Russell", "Sullivan", "Bell", "Coleman", "Butler", "Henderson", "Barnes",
    "Gonzales", "Fisher", "Vasquez", "Simmons", "Romero", "Jordan", "Patterson", "Alexander", "Hamilton", "Graham",
    "Reynolds", "Griffin", "Wallace", "Moreno", "West", "Cole", "Hayes", "Bryant", "Herrera", "Gibson", "Ellis",
    "Tran", "Medina", "Aguilar", "Stevens", "Murray", "Ford", "Castro", "Marshall", "Owens", "Harrison", "Fernandez",
    "McDonald", "Woods", "Washington", "Kennedy", "Wells", "Vargas", "Henry", "Chen", "Freeman", "Webb", "Tucker",
    "Guzman", "Burns", "Crawford", "Olson", "Simpson", "Porter", "Hunter", "Gordon", "Mendez", "Silva", "Shaw",
    "Snyder", "Mason", "Dixon", "Munoz", "Hunt", "Hicks", "Holmes", "Palmer", "Wagner", "Black", "Robertson", "Boyd",
    "Rose", "Stone", "Salazar", "Fox", "Warren", "Mills", "Meyer", "Rice", "Schmidt", "Garza", "Daniels", "Ferguson",
    "Nichols", "Stephens", "Soto", "Weaver", "Ryan", "Gardner", "Payne", "Grant", "Dunn", "Kelley", "Spencer",
    "Hawkins", "Arnold", "Pierce", "Hansen", "Peters", "Santos", "Hart", "Bradley", "Knight", "Elliott",
    "Cunningham", "Duncan", "Armstrong", "Hudson", "Carroll", "Lane", "Riley", "Andrews", "Alvarado", "Ray",
    "Delgado", "Berry", "Perkins", "Hoffman", "Johnston", "Matthews", "Pena", "Richards", "Contreras", "Willis",
    "Carpenter", "Lawrence", "Sandoval", "Guerrero", "George", "Chapman", "Rios", "Estrada", "Ortega", "Watkins",
    "Greene", "Nunez", "Wheeler", "Valdez", "Harper", "Burke", "Larson", "Santiago", "Maldonado", "Morrison",
    "Franklin", "Carlson", "Austin", "Dominguez", "Carr", "Lawson", "Jacobs", "O'Brien", "Lynch", "Singh", "Vega",
    "Bishop", "Montgomery", "Oliver", "Jensen", "Harvey", "Williamson", "Gilbert", "Dean", "Sims", "Espinoza",
    "Howell", "Li", "Wong", "Reid", "Hanson", "Le", "McCoy", "Garrett", "Burton", "Fuller", "Wang", "Weber", "Welch",
    "Rojas", "Lucas", "Marquez", "Fields", "Park", "Yang", "Little", "Banks", "Padilla", "Day", "Walsh", "Bowman",
    "Schultz", "Luna", "Fowler", "Mejia", "de la Cruz", "van der Berg", "von Trapp", "De Luca", "van Dyke",
    "del Rio", "O'Connor", "St. Clair", "MacLeod", "Peña", "Müller", "García-López", "Smith-Jones", "Ng", "O'Neil",
];

/// The family names that begin with a particle.
pub(super) const PARTICLES: &[&str] = &["de ", "del ", "van ", "von ", "De "];

/// First parts of rare family names.
#[rustfmt::skip] // a table: many entries a line
pub(super) const HEADS: &[&str] = &[
    "Ald", "Alder", "Amber", "Apple", "Arn", "Ash", "Aspen", "Bar", "Barn", "Beau", "Beck", "Bell", "Ben", "Birch",
    "Black", "Blake", "Bold", "Bow", "Brad", "Bram", "Bran", "Briar", "Bright", "Brock", "Brom", "Buck", "Cald",
    "Can", "Carl", "Cedar", "Chat", "Clay", "Cliff", "Clover", "Cold", "Cran", "Crest", "Crow", "Dal", "Dan", "Dart",
    "Den", "Dray", "Dun", "East", "Edge", "Elder", "Elm", "Fair", "Fal", "Farn", "Fern", "Finch", "Flint", "Fox",
    "Gar", "Gil", "Glad", "Glen", "Gold", "Gran", "Hal", "Ham", "Harl", "Hawk", "Hazel", "Heath", "Hex", "Hol",
    "Horn", "Hunt", "Iron", "Ivy", "Kel", "Ken", "Kings", "Lang", "Lark", "Lin", "Lock", "Long", "Lynd", "Mar",
    "May", "Mel", "Mill", "Moss", "New", "North", "Oak", "Old", "Orm", "Pem", "Pend", "Quill", "Raven", "Red",
    "Rock", "Sand", "Sel", "Shel", "Stan", "Sten", "Stock", "Thorn", "Wake", "Wal", "West", "Whit", "Wil", "Win",
    "Wood",
];

/// Last parts of rare family names.
#[rustfmt::skip] // a table: many entries a line
pub(super) const TAILS: &[&str] = &[
    "acre", "aker", "art", "bank", "beck", "bee", "berg", "berry", "bolt", "borough", "bourne", "bow", "brand",
    "bridge", "brook", "burn", "bury", "by", "cliffe", "combe", "cote", "cott", "court", "cox", "croft", "cross",
    "dale", "dell", "den", "dine", "don", "drake", "end", "ersby", "ett", "ey", "fast", "fell", "field", "fold",
    "ford", "fort", "gard", "garth", "gate", "gill", "grave", "grove", "hall", "ham", "hart", "haven", "head",
    "hill", "hold", "holme", "holt", "house", "hurst", "ington", "keld", "kirk", "land", "leigh", "ley", "lock",
    "low", "man", "march", "mead", "mere", "mond", "moor", "more", "mount", "ness", "over", "pool", "port", "quist",
    "ridge", "rose", "row", "sby", "sett", "shaw", "side", "son", "stead", "stone", "stow", "strand", "strom",
    "thorpe", "thwaite", "ton", "wald", "water", "way", "well", "wick", "wold", "wood", "worth", "yard",
];

/// The companies, by id. The lists also use [`MISSING_COMPANY`], which stands nowhere here.
#[rustfmt::skip] // a table: many entries a line
pub(super) const COMPANIES: &[(u32, &str)] = &[
    (1, "Alderbrook Foods"), (2, "Bell, Ortiz and Chen"), (3, "Blue Heron Logistics"), (4, "Carver & Daughters"),
    (5, "Cobalt Ridge Energy"), (6, "Copperfield Insurance Group"), (7, "Dunmore Press"), (8, "Eastgate Dental"),
    (9, "Fennel Street Bakery"), (10, "Granite State Mutual"), (11, "Hollis \"Holly\" Motors"), (12, "Ironwood Labs"),
    (13, "Juniper Health"), (14, "Keystone Rail Works"), (15, "Lakeshore Credit Union"), (16, "Meadowlark Media"),
    (18, "Nguyen Brothers Ltd"), (19, "Océane Yachts"), (20, "Pinnacle Roofing Inc"), (21, "Quarry Lane Schools"),
    (22, "Redwood, Singh and Park"), (23, "Silverline Transit"), (24, "Tidewater Marine"),
];

/// The company id that the lists use and the list of companies lacks.
pub(super) const MISSING_COMPANY: u32 = 17;

/// The states: code and name.
#[rustfmt::skip] // a table: many entries a line
pub(super) const STATES: &[(&str, &str)] = &[
    ("AL", "Alabama"), ("AK", "Alaska"), ("AZ", "Arizona"), ("AR", "Arkansas"), ("CA", "California"),
    ("CO", "Colorado"), ("CT", "Connecticut"), ("DE", "Delaware"), ("DC", "District of Columbia"), ("FL", "Florida"),
    ("GA", "Georgia"), ("HI", "Hawaii"), ("ID", "Idaho"), ("IL", "Illinois"), ("IN", "Indiana"), ("IA", "Iowa"),
    ("KS", "Kansas"), ("KY", "Kentucky"), ("LA", "Louisiana"), ("ME", "Maine"), ("MD", "Maryland"),
    ("MA", "Massachusetts"), ("MI", "Michigan"), ("MN", "Minnesota"), ("MS", "Mississippi"), ("MO", "Missouri"),
    ("MT", "Montana"), ("NE", "Nebraska"), ("NV", "Nevada"), ("NH", "New Hampshire"), ("NJ", "New Jersey"),
    ("NM", "New Mexico"), ("NY", "New York"), ("NC", "North Carolina"), ("ND", "North Dakota"), ("OH", "Ohio"),
    ("OK", "Oklahoma"), ("OR", "Oregon"), ("PA", "Pennsylvania"), ("RI", "Rhode Island"), ("SC", "South Carolina"),
    ("SD", "South Dakota"), ("TN", "Tennessee"), ("TX", "Texas"), ("UT", "Utah"), ("VT", "Vermont"),
    ("VA", "Virginia"), ("WA", "Washington"), ("WV", "West Virginia"), ("WI", "Wisconsin"), ("WY", "Wyoming"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_twice() {
        let unique = |names: Vec<&str>| {
            let mut sorted = names.clone();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(sorted.len(), names.len());
        };
        unique(MEN.iter().chain(WOMEN).map(|&(name, _)| name).collect());
        unique(FAMILIES.to_vec());
        unique(HEADS.to_vec());
        unique(TAILS.to_vec());
        unique(STATES.iter().map(|&(code, _)| code).collect());
        assert!(COMPANIES.iter().all(|&(id, _)| id != MISSING_COMPANY));
        assert_eq!(STATES.len(), 51);
    }
}
