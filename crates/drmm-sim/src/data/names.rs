//! Words that the generated data is made of. Some are there because they broke older clients.

pub(super) const COMPANIES: [&str; 24] = [
    "Müller & Söhne GmbH",
    "Northwind Traders",
    "Bäckerei Hölzl",
    "O'Brien \"The Fixer\" Ltd",
    "Łódź Logistics",
    "Contoso Dental",
    "Größe 44 – Übermode",
    "Kanzlei Dr. Weiß",
    "Åkesson Rör AB",
    "Fabrikam Manufacturing",
    "Crème & Café SARL",
    "Stadtwerke Schönau",
    "Tailspin Toys",
    "Jiří Novák s.r.o.",
    "Praxis <Mitte>",
    "Blue Yonder Airlines",
    "Señor Taco S.A.",
    "株式会社サンプル",
    "Back\\Slash Studios",
    "Litware 50% Off",
    "Adventure Works",
    "Göteborg Båt & Hamn",
    "Wide World Importers",
    "Straßenbau Süd KG",
];

pub(super) const CITIES: [(&str, &str); 12] = [
    ("München", "MUC"),
    ("Köln", "CGN"),
    ("Zürich", "ZRH"),
    ("London", "LON"),
    ("Austin", "AUS"),
    ("Malmö", "MMA"),
    ("Wien", "VIE"),
    ("Leeds", "LBA"),
    ("Lyon", "LYS"),
    ("Tōkyō", "TYO"),
    ("Denver", "DEN"),
    ("Düsseldorf", "DUS"),
];

pub(super) const USERS: [&str; 10] = [
    "a.müller",
    "jsmith",
    "björn.åström",
    "maria.garcía",
    "Administrator",
    "o'neil",
    "kiosk",
    "françois",
    "svc-backup",
    "l.schröder",
];

pub(super) const ANTIVIRUS: [&str; 5] = [
    "Windows Defender Antivirus",
    "Datto AV",
    "Sophos Endpoint Agent",
    "ESET Endpoint Security",
    "Bitdefender Endpoint Security Tools",
];
