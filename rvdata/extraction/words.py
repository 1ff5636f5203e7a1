"""The words that the grammar knows, beside those of `quantities`: currencies, measures, time, what numbers name."""

from __future__ import annotations

from rvdata import quantities


def _each(meanings: dict[str, str]) -> dict[str, str]:
    return {word: meaning for meaning, words in meanings.items() for word in words.split("|")}


NUMBERS = {word: number for word, number in quantities.NUMBERS.items() if word != "a"}
SCALES = {
    **{word: size for word, size in quantities.SCALES.items() if word != "dozen"},
    "crore": 10**7,
    "lakh": 10**5,
}
SHORT_SCALES = {
    "k": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "mio": 10**6,
    "mil": 10**6,
    "b": 10**9,
    "bn": 10**9,
    "bln": 10**9,
    "t": 10**12,
    "tn": 10**12,
    "trn": 10**12,
    "trln": 10**12,
}
#: Lower bounds of the vague plurals.
PLURALS = {
    "tens": 20,
    "dozens": 24,
    "scores": 40,
    "hundreds": 200,
    "thousands": 2000,
    "millions": 2 * 10**6,
    "billions": 2 * 10**9,
    "trillions": 2 * 10**12,
}
ORDINALS = {word: number for word, number in quantities.ORDINALS.items() if " " not in word}
PARTS = {
    "half": 2,
    "quarter": 4,
    "quarters": 4,
    "halves": 2,
    **{word: n for word, n in ORDINALS.items() if 2 < n <= 10},
    **{word + "s": n for word, n in ORDINALS.items() if 2 < n <= 10},
}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january|jan",
            "february|feb",
            "march|mar",
            "april|apr",
            "may",
            "june|jun",
            "july|jul",
            "august|aug",
            "september|sep|sept",
            "october|oct",
            "november|nov",
            "december|dec",
        ),
        1,
    )
    for name in names.split("|")
}

#: What stands before a number and makes money of it, and what stands behind it.
SIGNS = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₽": "RUB",
    "¥": "CNY",
    "₴": "UAH",
    "₺": "TRY",
    "₹": "INR",
    "₪": "ILS",
    "₩": "KRW",
    "₦": "NGN",
}
DOLLARS = {
    "us": "USD",
    "u.s.": "USD",
    "a": "AUD",
    "au": "AUD",
    "c": "CAD",
    "ca": "CAD",
    "can": "CAD",
    "nz": "NZD",
    "hk": "HKD",
    "s": "SGD",
    "nt": "TWD",
    "r": "BRL",
    "col": "COP",
    "mx": "MXN",
    "cu": "USD",
}
CODES = {
    code.lower(): code
    for code in (
        "USD EUR GBP RUB CNY JPY VES VEF UAH TRY SYP CHF CAD AUD NZD SEK NOK DKK PLN CZK HUF RON BGN KZT BYN INR PKR IRR "
        "IQD JOD LBP EGP ILS SAR AED QAR KWD BRL COP MXN ARS CLP PEN CUP NGN ZAR KRW HKD SGD"
    ).split()
}
CODES |= {"rmb": "CNY", "bs": "VES", "bsf": "VEF", "rs": "INR", "euros": "EUR", "euro": "EUR"}
_UNITS = _each(
    {
        "USD": "dollar|dollars|usd",
        "EUR": "euro|euros|eur",
        "GBP": "pound|pounds|gbp|sterling|quid",
        "RUB": "rouble|roubles|ruble|rubles|rub",
        "CNY": "yuan|renminbi|rmb|cny",
        "JPY": "yen",
        "VES": "bolivar|bolivars|bolivares|bolívar|bolívares|ves",
        "UAH": "hryvnia|hryvnias|hryvnya|hryvnyas|hryvnyia|uah",
        "TRY": "lira|liras",
        "INR": "rupee|rupees",
        "CHF": "franc|francs",
        "IQD": "dinar|dinars",
        "SAR": "riyal|riyals|rial|rials",
        "MXN": "peso|pesos",
        "SEK": "krona|kronor",
        "DKK": "krone|kroner",
        "PLN": "zloty|zlotys|zloties",
        "ILS": "shekel|shekels",
        "AED": "dirham|dirhams",
        "KZT": "tenge",
        "BRL": "real|reais",
        "KRW": "won",
        "NGN": "naira",
    }
)
CURRENCIES = _UNITS | {
    code: meaning for code, meaning in CODES.items() if code not in ("bs", "rs", "try", "cup")
}
#: A nation in front of the currency's name changes which one it is ("Syrian pounds").
NATIONAL = {
    ("syrian", "GBP"): "SYP",
    ("egyptian", "GBP"): "EGP",
    ("lebanese", "GBP"): "LBP",
    ("lebanese", "TRY"): "LBP",
    ("syrian", "TRY"): "SYP",
    ("canadian", "USD"): "CAD",
    ("australian", "USD"): "AUD",
    ("zealand", "USD"): "NZD",
    ("iranian", "SAR"): "IRR",
    ("qatari", "SAR"): "QAR",
    ("yemeni", "SAR"): "YER",
    ("jordanian", "IQD"): "JOD",
    ("kuwaiti", "IQD"): "KWD",
    ("serbian", "IQD"): "RSD",
    ("libyan", "IQD"): "LYD",
    ("pakistani", "INR"): "PKR",
    ("colombian", "MXN"): "COP",
    ("argentine", "MXN"): "ARS",
    ("cuban", "MXN"): "CUP",
    ("chilean", "MXN"): "CLP",
    ("philippine", "MXN"): "PHP",
    ("norwegian", "DKK"): "NOK",
    ("belarusian", "RUB"): "BYN",
    **{
        (nation, unit): unit
        for nation, unit in (
            ("us", "USD"),
            ("american", "USD"),
            ("british", "GBP"),
            ("russian", "RUB"),
            ("chinese", "CNY"),
            ("turkish", "TRY"),
            ("swiss", "CHF"),
            ("indian", "INR"),
            ("iraqi", "IQD"),
            ("saudi", "SAR"),
            ("mexican", "MXN"),
            ("swedish", "SEK"),
            ("danish", "DKK"),
            ("polish", "PLN"),
            ("israeli", "ILS"),
            ("ukrainian", "UAH"),
            ("venezuelan", "VES"),
            ("brazilian", "BRL"),
            ("japanese", "JPY"),
            ("emirati", "AED"),
        )
    },
}

TIMES = _each(
    {
        "years": "year|years|yr|yrs|yo",
        "months": "month|months",
        "weeks": "week|weeks",
        "days": "day|days",
        "hours": "hour|hours|hr|hrs",
        "minutes": "minute|minutes|min|mins",
        "seconds": "seconds|secs",
        "decades": "decade|decades",
        "centuries": "century|centuries",
        "nights": "night|nights",
        "weekends": "weekend|weekends",
        "semesters": "semester|semesters",
    }
)
TIME_ADJECTIVES = frozenset(
    "more|full|straight|consecutive|successive|whole|additional|further|long|calendar|working|business|fiscal|other|"
    "past|last|extra|school|light|academic".split("|")
)
MEASURES = _each(
    {
        "tonnes": "ton|tons|tonne|tonnes|mt|kt|tonnage|dwt",
        "barrels": "barrel|barrels|bbl|bpd|mbpd|mmbbl|mmbpd|boe|boepd",
        "km": "km|kms|kilometre|kilometres|kilometer|kilometers",
        "miles": "mile|miles|mi",
        "mph": "mph|kph|kmh|knots",
        "m": "metre|metres|meter|meters",
        "feet": "foot|feet|ft",
        "cm": "cm|centimetre|centimetres|centimeter|centimeters",
        "mm": "mm|millimetre|millimetres|millimeter|millimeters",
        "inches": "inch|inches",
        "yards": "yard|yards",
        "hectares": "hectare|hectares|ha",
        "acres": "acre|acres",
        "km2": "km2|sqkm|sq|square",
        "m3": "m3|bcm|mcm|cubic|tcf",
        "litres": "litre|litres|liter|liters|l|ml|millilitres",
        "gallons": "gallon|gallons",
        "kg": "kg|kgs|kilo|kilos|kilogram|kilograms|kilogramme|kilogrammes",
        "g": "gram|grams|gramme|grammes|mg",
        "lb": "lb|lbs|ounce|ounces|oz",
        "MW": "mw|gw|kw|tw|megawatt|megawatts|gigawatt|gigawatts|watt|watts|kilowatts",
        "MWh": "mwh|gwh|kwh|twh|terawatt|mtoe",
        "degrees": "degree|degrees|celsius|fahrenheit|°c|°f",
        "kilotons": "kiloton|kilotons|megaton|megatons|kilotonnes",
        "GB": "gb|mb|kb|tb|gigabytes|megabytes|terabytes|mbps|gbps",
        "Hz": "hz|khz|mhz|ghz",
        "calories": "calories|calorie|kcal",
        "volts": "volt|volts|kv",
        "carats": "carat|carats|karat",
        "hp": "hp|horsepower",
        "bushels": "bushels|bushel",
        "px": "px|dpi",
        "CO2": "co2e|gtco2",
        "factor": "times|fold|x",
    }
)
MEASURE_ADJECTIVES = frozenset(
    "metric|nautical|short|long|square|sq|cubic|million|deadweight|gross|linear|air".split("|")
)

#: Nouns that count persons; endings and nationalities are judged by `noun_unit`.
PERSONS = frozenset(
    "people person persons men women man woman child children boys girls boy girl civilians civilian refugees refugee "
    "migrants migrant soldiers soldier troops fighters fighter militants militant rebels rebel victims victim dead "
    "killed wounded injured deaths death casualties fatalities patients patient residents inhabitants workers worker "
    "employees students pupils teachers doctors nurses volunteers citizens nationals voters prisoners "
    "detainees hostages journalists officers policemen officials personnel servicemen veterans deputies lawmakers "
    "members ministers individuals arrivals returnees evacuees idps asylum-seekers seekers applicants beneficiaries "
    "advisers advisors contractors mercenaries experts observers protesters demonstrators lives bodies "
    "survivors orphans infants babies adults elderly mothers fathers passengers crew sailors pilots marines reservists "
    "conscripts recruits others men displaced registered adolescents teenagers youths attackers gunmen terrorists "
    "insurgents combatants defectors tourists visitors respondents participants delegates".split()
)
NATION_ENDINGS = ("ians", "eans", "ans", "ese", "ish", "is", "ns")
HEADS = {
    "ships": "ship ships vessels vessel frigates tankers",
    "aircraft": "aircraft jets planes bombers helicopters fighters warplanes airliners drones",
    "missiles": "missile missiles rockets",
    "vehicles": "vehicle vehicles tanks trucks cars",
    "countries": "country countries states nations",
    "organisations": "organisation "
    "organisations organization organizations agencies ngos companies firms",
    "operations": "operation operations strikes airstrikes raids sorties",
    "weapons": "weapon weapons rifles guns",
    "rounds": "rounds round",
}
HEAD_UNITS = {noun: unit for unit, nouns in HEADS.items() for noun in nouns.split()}

#: A number behind one of these names something: it counts nothing.
DESIGNATORS = frozenset(
    "unscr unsc covid sars web magnitude resolution resolutions article articles section sections chapter chapters "
    "paragraph paragraphs para page pages p pp "
    "no nos nr number figure fig table box annex appendix volume vol issue part phase stage level channel flight route "
    "highway room unit title order decree law act protocol step grade category class version apollo windows iphone "
    "season episode zone area terminal gate lot block line paragraph question footnote note notes ref reference id "
    "isbn issn doi code zip tel fax phone telephone mobile hotline ext extension suite floor apartment apt box "
    "district precinct boeing airbus agenda vision horizon type mark mk model project clause rule regulation "
    "directive case file docket registration licence license permit reg pier platform interstate exit magnitude "
    "chapter verse psalm sheet slide exhibit schedule form bulletin edition paper top formula "
    "reactor stream radio studio track sector".split()
)
#: A number in front of one of these is of the page, not of the story.
IDIOM_AFTER_ONE = frozenset(
    "step of another day thing that who which way such can could must may might would should is was has had to or and "
    "in on at "
    "for with as by from but if else side hand after time point moment stop s about because when than not "
    "does did will the a an i you we he she it they knows really only without over where up off out".split()
)
#: Words that end the noun phrase behind a number.
STOP = frozenset(
    "a an the of in on at to for from by with and or but as who which that were was are is be been being have has had "
    "do "
    "does did will would could can may might must should this these those its their his her our your since after "
    "before "
    "during until than per when while where if into out over under against between among about not because including "
    "amid across through within without also he she it they we i you so then there each every every all such both some "
    "any said says told according live lived living need fled died remain remained left crossed "
    "came come get got gets went go goes made make makes took take takes like just still now only later ago "
    "yet".split()
)
