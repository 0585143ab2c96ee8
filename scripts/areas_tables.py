"""Decisions about countries and regions that no source makes for us, as tables.

They follow ISO 3166: Crimea is in Ukraine; Kosovo, Taiwan and Palestine are separate; overseas
departments have their own country codes. A table is no opinion about who is right.
"""

COUNTRY_OF_CODE = {
    "FR-GF": "GF",
    "FR-GP": "GP",
    "FR-MQ": "MQ",
    "FR-RE": "RE",
    "FR-YT": "YT",
    "NL-BQ1": "BQ",
    "NL-BQ2": "BQ",
    "NL-BQ3": "BQ",
    "NL-SX": "SX",
    "NO-21": "SJ",
    "NO-X01~": "BV",
    "US-PR": "PR",
    "-99-X02~": "CP",
    "-99-X03~": "AU",  # Coral Sea Islands
    "-99-X04~": "CY",  # the north of Cyprus
    "-99-X05~": "KZ",  # Baikonur
    "-99-X06~": "IN",  # Siachen glacier: uninhabited, administered by India, claimed by Pakistan
    "-99-X11~": "SO",  # Somaliland
    "-99-X13~": "CU",  # Guantanamo Bay
    "-99-X14~": "CX",
    "-99-X15~": "CC",
    "-99-X16~": "CY",  # Dhekelia
    "-99-X17~": "CY",  # Akrotiri
}
"""The ISO country, where the prefix of Natural Earth's ``iso_3166_2`` is another."""

LEFT_OUT = {"-99-X08~"}
"""Spratly Islands: claimed by six states, no civilians; their cells go to the nearest land."""

JOINED = {"-99-X05~": "KZ-KZY", "-99-X13~": "CU-14", "-99-X16~": "CY-03", "-99-X17~": "CY-05"}
"""Enclaves without residents of their own, which join the region around them."""

BY_NATION = {
    "England": ("GB-ENG", "England"),
    "Scotland": ("GB-SCT", "Scotland"),
    "Wales": ("GB-WLS", "Wales"),
    "Northern Ireland": ("GB-NIR", "Northern Ireland"),
}

BY_REGION_NAME = {
    "AZ",
    "BF",
    "ES",
    "FR",
    "GN",
    "HU",
    "IT",
    "LV",
    "MK",
    "MT",
    "PH",
    "SI",
    "UG",
    "XK",
}
"""Countries whose admin-1 layer is too fine; its ``region`` column is the level we want."""

BY_FIRST_DIGIT = {"LK"}
"""Sri Lanka: the first digit of a district's code is its province."""

REGION_CODES = {
    "BF": {
        "Boucle du Mouhoun": "BF-01", "Cascades": "BF-02", "Centre": "BF-03", "Centre-Est": "BF-04",
        "Centre-Nord": "BF-05", "Centre-Ouest": "BF-06", "Centre-Sud": "BF-07", "Est": "BF-08",
        "Hauts-Bassins": "BF-09", "Nord": "BF-10", "Plateau-Central": "BF-11", "Sahel": "BF-12",
        "Sud-Ouest": "BF-13",
    },
    "ES": {
        "Andalucía": "ES-AN", "Aragón": "ES-AR", "Asturias": "ES-AS", "Canary Is.": "ES-CN",
        "Cantabria": "ES-CB", "Castilla y León": "ES-CL", "Castilla-La Mancha": "ES-CM",
        "Cataluña": "ES-CT", "Ceuta": "ES-CE", "Extremadura": "ES-EX", "Foral de Navarra": "ES-NC",
        "Galicia": "ES-GA", "Islas Baleares": "ES-IB", "La Rioja": "ES-RI", "Madrid": "ES-MD",
        "Melilla": "ES-ML", "Murcia": "ES-MC", "País Vasco": "ES-PV", "Valenciana": "ES-VC",
    },
    "FR": {
        "Auvergne-Rhône-Alpes": "FR-ARA", "Bourgogne-Franche-Comté": "FR-BFC", "Bretagne": "FR-BRE",
        "Centre-Val de Loire": "FR-CVL", "Corse": "FR-20R", "Grand Est": "FR-GES",
        "Hauts-de-France": "FR-HDF", "Normandie": "FR-NOR", "Nouvelle-Aquitaine": "FR-NAQ",
        "Occitanie": "FR-OCC", "Pays de la Loire": "FR-PDL", "Provence-Alpes-Côte-d'Azur": "FR-PAC",
        "Île-de-France": "FR-IDF",
    },
    "GN": {
        "Boke": "GN-B", "Conakry": "GN-C", "Faranah": "GN-F", "Kankan": "GN-K", "Kindia": "GN-D",
        "Labé": "GN-L", "Mamou": "GN-M", "Nzérékoré": "GN-N",
    },
    "IT": {
        "Abruzzo": "IT-65", "Apulia": "IT-75", "Basilicata": "IT-77", "Calabria": "IT-78",
        "Campania": "IT-72", "Emilia-Romagna": "IT-45", "Friuli-Venezia Giulia": "IT-36",
        "Lazio": "IT-62", "Liguria": "IT-42", "Lombardia": "IT-25", "Marche": "IT-57",
        "Molise": "IT-67", "Piemonte": "IT-21", "Sardegna": "IT-88", "Sicily": "IT-82",
        "Toscana": "IT-52", "Trentino-Alto Adige": "IT-32", "Umbria": "IT-55",
        "Valle d'Aosta": "IT-23", "Veneto": "IT-34",
    },
    "PH": {
        "Autonomous Region in Muslim Mindanao (ARMM)": "PH-14", "Bicol (Region V)": "PH-05",
        "CALABARZON (Region IV-A)": "PH-40", "Cagayan Valley (Region II)": "PH-02",
        "Central Luzon (Region III)": "PH-03", "Central Visayas (Region VII)": "PH-07",
        "Cordillera Administrative Region (CAR)": "PH-15", "Davao (Region XI)": "PH-11",
        "Dinagat Islands (Region XIII)": "PH-13", "Eastern Visayas (Region VIII)": "PH-08",
        "Ilocos (Region I)": "PH-01", "MIMAROPA (Region IV-B)": "PH-41",
        "National Capital Region": "PH-00", "Northern Mindanao (Region X)": "PH-10",
        "SOCCSKSARGEN (Region XII)": "PH-12", "Western Visayas (Region VI)": "PH-06",
        "Zamboanga Peninsula (Region IX)": "PH-09",
    },
    "UG": {"Central": "UG-C", "Eastern": "UG-E", "Northern": "UG-N", "Western": "UG-W"},
}  # fmt: skip
"""ISO 3166-2 codes of the regions named in ``BY_REGION_NAME``; the others get codes of our own."""

REGION_SPELLINGS = {"Skopje": "Greater Skopje"}
"""One region written in two ways."""

REGION_NAMES = {
    "ES-AN": "Andalusia", "ES-AR": "Aragon", "ES-CL": "Castile and León",
    "ES-CM": "Castile-La Mancha",
    "ES-CN": "Canary Islands", "ES-CT": "Catalonia", "ES-IB": "Balearic Islands",
    "ES-NC": "Navarre",
    "ES-PV": "Basque Country", "ES-VC": "Valencian Community",
    "FR-20R": "Corsica", "FR-BRE": "Brittany", "FR-NOR": "Normandy",
    "FR-PAC": "Provence-Alpes-Côte d’Azur",
    "GN-B": "Boké",
    "IT-21": "Piedmont", "IT-23": "Aosta Valley", "IT-25": "Lombardy",
    "IT-32": "Trentino-South Tyrol",
    "IT-52": "Tuscany", "IT-88": "Sardinia",
    "LK-1": "Western Province", "LK-2": "Central Province", "LK-3": "Southern Province",
    "LK-4": "Northern Province", "LK-5": "Eastern Province", "LK-6": "North Western Province",
    "LK-7": "North Central Province", "LK-8": "Uva", "LK-9": "Sabaragamuwa",
    "PH-00": "Metro Manila", "PH-13": "Caraga", "PH-14": "Bangsamoro",
    "PH-15": "Cordillera",
    "UG-C": "Central Region", "UG-E": "Eastern Region", "UG-N": "Northern Region",
    "UG-W": "Western Region",
    "DE-HE": "Hesse", "NO-16": "Sør-Trøndelag", "SD-DW": "West Darfur", "HK-X03": "Eastern",
}  # fmt: skip
"""Names that people know, where the source uses another language or is wrong."""

COUNTRY_NAMES = {
    "AQ": "Antarctica", "CD": "DR Congo", "CG": "Republic of the Congo", "CP": "Clipperton Island",
    "HK": "Hong Kong", "MM": "Myanmar", "MO": "Macao", "PS": "Palestine",
    "UM": "US Pacific islands", "XK": "Kosovo",
}  # fmt: skip
"""Short names where CLDR's are long; all others are CLDR's English names."""

FAMILIES = (
    ("QM", "European microstates and Gibraltar", ("AD", "GI", "LI", "MC", "SM", "VA")),
    ("QN", "Channel Islands and Isle of Man", ("GG", "IM", "JE")),
    ("QO", "Nordic islands and Greenland", ("AX", "FO", "GL", "SJ")),
    (
        "QP",
        "Leeward Islands and other small Caribbean islands",
        ("AG", "AI", "BL", "BQ", "DM", "GD", "KN", "MF", "MS", "SX", "VC", "VG", "VI"),
    ),
    (
        "QQ",
        "Atlantic islands and Antarctica",
        ("AQ", "BM", "BV", "FK", "GS", "KY", "PM", "SH", "TC"),
    ),
    (
        "QR",
        "Polynesian and nearby Pacific islands",
        ("AS", "CK", "CP", "NF", "NU", "PN", "TK", "TO", "TV", "WF", "WS"),
    ),
    ("QS", "Micronesian islands", ("FM", "GU", "KI", "MH", "MP", "NR", "PW", "UM")),
    ("QT", "Indian Ocean islands", ("CC", "CX", "HM", "IO", "KM", "MV", "SC", "TF", "YT")),
)
"""Groups for states with too few people: code (user-assigned in ISO 3166), name, possible members.

Members with enough people are left out, unless the group cannot reach the threshold without them.
"""
